// SPDX-License-Identifier: Apache-2.0
// Figures as a reader expects them: grouped, to the fen, with their unit.
import type { Names } from '../api/types';
import { locale, named, t, type Key } from '../i18n/index.svelte';
import { words } from '../i18n/words';
import { isDecimal, placesOf, withDigits } from './decimal';

function grouped(text: string): string {
  const russian = locale() === 'ru';
  const [whole = '0', fraction] = text.replace('-', '').split('.');
  const joined = whole.replace(/\B(?=(\d{3})+$)/g, russian ? '\u202f' : ',');
  const sign = text.startsWith('-') ? '\u2212' : '';
  return sign + joined + (fraction ? (russian ? ',' : '.') + fraction : '');
}

const usable = (text: string | number | null | undefined): text is string | number =>
  text !== null && text !== undefined && isDecimal(String(text));

/** 17,925.05 */
export const money = (value: string | number | null | undefined): string =>
  usable(value) ? grouped(withDigits(String(value), 2)) : '—';

/** 17,925.05 元 */
export function cash(value: string | number | null | undefined, currency = 'CNY'): string {
  return `${money(value)}\u00a0${currency === 'RUB' ? t('unit.rub') : t('unit.cny')}`;
}

/** +1,200.00 or −1,200.00 */
export const signed = (value: string): string =>
  (value.startsWith('-') ? '' : '+') + money(value);

/** A price without its unit, with as many places as its tick speaks of. */
export const price = (value: string | null | undefined, tick?: string | null): string =>
  usable(value) ? grouped(withDigits(String(value), tick ? placesOf(tick) : 2)) : '—';

/** 元/公斤, 元/头, 元/件 */
export function priceUnit(code: string | undefined): string {
  const known = code ?? 'kg';
  if (/kg|kilogram|weight/i.test(known)) return t('unit.per_kg');
  if (/piece/i.test(known)) return t('unit.per_piece');
  return /head|count/i.test(known) ? t('unit.per_head') : known;
}

/** A unit by its code, or by the name that a product gives it. */
export function unit(code: string | Names | undefined): string {
  if (typeof code === 'object') return named(code);
  const key = `unit.${code ?? 'kg'}`;
  return key in words ? t(key as Key) : (code ?? '');
}

/** 200 头, 1,500 公斤 */
export function quantity(value: string | number | null | undefined, of?: string | Names): string {
  if (!usable(value)) return '—';
  return `${grouped(withDigits(String(value), 0))}\u00a0${unit(of)}`;
}

export const kilograms = (value: string | number | null | undefined): string =>
  usable(value) ? `${grouped(withDigits(String(value), 0))}\u00a0${t('unit.kg')}` : '—';

/** A bare figure, grouped, trailing zeros dropped. */
export const figure = (value: string | number | null | undefined): string =>
  usable(value) ? grouped(withDigits(String(value), 0)) : '—';
