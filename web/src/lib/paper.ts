// SPDX-License-Identifier: Apache-2.0
// Words for paper: each in the reader's language, with a second one small beside it.
import { locale, t, type Key, type Locale } from '../i18n/index.svelte';
import { words } from '../i18n/words';

/** Chinese carries English beside it; English and Russian carry Chinese. */
export const secondLocale = (): Locale => (locale() === 'zh' ? 'en' : 'zh');

const filled = (text: string, values?: Record<string, string | number>): string =>
  values ? text.replace(/\{(\w+)\}/g, (all, name) => String(values[name] ?? all)) : text;

export function both(key: Key, values?: Record<string, string | number>): { main: string; second: string } {
  const place = secondLocale() === 'zh' ? 0 : 1;
  return { main: t(key, values), second: filled(words[key][place], values) };
}
