// SPDX-License-Identifier: Apache-2.0
// One term in code, three languages on the page.
import type { Names } from '../api/types';
import { words } from './words';

export type Locale = 'zh' | 'en' | 'ru';
export type Key = keyof typeof words;
export const locales: readonly Locale[] = ['zh', 'en', 'ru'];
const stored = 'hulan.locale';

function initial(): Locale {
  const kept = localStorage.getItem(stored);
  const wished = [kept, ...(navigator.languages ?? [navigator.language])];
  for (const tag of wished) {
    const found = locales.find((l) => tag?.toLowerCase().startsWith(l));
    if (found) return found;
  }
  return 'zh';
}

const state = $state<{ locale: Locale }>({ locale: initial() });

export const locale = (): Locale => state.locale;
export function setLocale(next: Locale): void {
  state.locale = next;
  localStorage.setItem(stored, next);
}

/** The text of a key in the reader's language; {name} is filled from `values`. */
export function t(key: Key, values?: Record<string, string | number>): string {
  const text = words[key][locales.indexOf(state.locale)]!;
  return values ? text.replace(/\{(\w+)\}/g, (all, name) => String(values[name] ?? all)) : text;
}

/** The text of a key made at run time (a state, a kind), or the code itself where none is known. */
export function term(group: string, code: string | null | undefined): string {
  if (!code) return '—';
  const key = `${group}.${code}`;
  return key in words ? t(key as Key) : code.replaceAll('_', ' ');
}

/** A name in the reader's language, else in Chinese. */
export function named(name: Partial<Names> | string | null | undefined): string {
  if (!name) return '';
  if (typeof name === 'string') return name;
  return name[state.locale] || name.zh || name.en || '';
}
