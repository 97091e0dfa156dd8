// SPDX-License-Identifier: Apache-2.0
// Market times: always in the market's zone (R1.1), whatever the reader's device says.
import type { Locale } from '../i18n/index.svelte';

const zone = 'Asia/Shanghai';
const tags: Record<Locale, string> = { zh: 'zh-CN', en: 'en-GB', ru: 'ru-RU' };
const cache = new Map<string, Intl.DateTimeFormat>();

function formatter(locale: Locale, name: string, options: Intl.DateTimeFormatOptions) {
  const key = locale + name;
  let found = cache.get(key);
  if (!found) {
    found = new Intl.DateTimeFormat(tags[locale], { timeZone: zone, hourCycle: 'h23', ...options });
    cache.set(key, found);
  }
  return found;
}

type At = string | number | Date | null | undefined;
const known = (at: At): at is string | number | Date => at !== null && at !== undefined && at !== '';

export function clock(at: At, locale: Locale): string {
  if (!known(at)) return '—';
  return formatter(locale, 'clock', { hour: '2-digit', minute: '2-digit' }).format(new Date(at));
}
export function seconds(at: At, locale: Locale): string {
  if (!known(at)) return '—';
  const options = { hour: '2-digit', minute: '2-digit', second: '2-digit' } as const;
  return formatter(locale, 'seconds', options).format(new Date(at));
}
export function day(at: At, locale: Locale): string {
  if (!known(at)) return '—';
  return formatter(locale, 'day', { month: 'short', day: 'numeric' }).format(new Date(at));
}
export function longDay(at: At, locale: Locale): string {
  if (!known(at)) return '—';
  const options = { year: 'numeric', month: 'long', day: 'numeric', weekday: 'long' } as const;
  return formatter(locale, 'long', options).format(new Date(at));
}
export function moment(at: At, locale: Locale): string {
  if (!known(at)) return '—';
  const options = { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit' } as const;
  return formatter(locale, 'moment', options).format(new Date(at));
}
export function exact(at: At, locale: Locale): string {
  if (!known(at)) return '—';
  const options = {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  } as const;
  return formatter(locale, 'exact', options).format(new Date(at));
}

/** YYYY-MM-DD of the market's day. */
export function isoDay(at: number | string | Date): string {
  const shifted = new Date(new Date(at).getTime() + 8 * 3600_000);
  return shifted.toISOString().slice(0, 10);
}
/** Value for an input of type datetime-local, in the market's zone, and back. */
export const toLocalInput = (at: number): string =>
  new Date(at + 8 * 3600_000).toISOString().slice(0, 16);
export const fromLocalInput = (text: string): string => `${text}${text.length > 16 ? '' : ':00'}+08:00`;

const units: Record<Locale, [string, string, string]> = {
  zh: ['天', '小时', '分'],
  en: [' d', ' h', ' min'],
  ru: [' дн.', ' ч', ' мин'],
};

/** How long until: "2天 3小时", "3小时 12分", "12:04", "0:09". Below one hour it counts seconds. */
export function remaining(milliseconds: number, locale: Locale): string {
  const total = Math.max(0, Math.ceil(milliseconds / 1000));
  const days = Math.floor(total / 86400);
  const hours = Math.floor((total % 86400) / 3600);
  const minutes = Math.floor((total % 3600) / 60);
  const [d, h, m] = units[locale];
  if (days) return `${days}${d} ${hours}${h}`;
  if (hours) return `${hours}${h} ${minutes}${m}`;
  return `${minutes}:${String(total % 60).padStart(2, '0')}`;
}

/** Hands of the clock on the wall: degrees of hour and minute hand. */
export function hands(at: number): { hour: number; minute: number; second: number } {
  const local = new Date(at + 8 * 3600_000);
  const second = local.getUTCSeconds();
  const minute = local.getUTCMinutes() + second / 60;
  const hour = (local.getUTCHours() % 12) + minute / 60;
  return { hour: hour * 30, minute: minute * 6, second: second * 6 };
}
