// SPDX-License-Identifier: Apache-2.0
// Rows of the index as a chart and a spreadsheet want them. Floating point is for pixels only.
import type { PriceRow } from '../api/types';

export interface Series {
  /** Seconds since 1970 at midnight UTC of each day. */
  days: number[];
  index: number[];
  twoDay: (number | null)[];
  thin: boolean[];
}

/** Oldest first. A day without trades has no row and no point. */
export function seriesOf(rows: readonly PriceRow[]): Series {
  const sorted = rows.filter((r) => r.price).sort((a, b) => (a.day < b.day ? -1 : 1));
  return {
    days: sorted.map((r) => Date.parse(`${r.day}T00:00:00Z`) / 1000),
    index: sorted.map((r) => Number(r.price)),
    twoDay: sorted.map((r) => (r.two_day ? Number(r.two_day) : null)),
    thin: sorted.map((r) => !!r.thin),
  };
}

/** Lines of a spreadsheet, the texts as the market wrote them. */
export const linesOf = (rows: readonly PriceRow[]): (string | number | null | undefined)[][] => [
  ['day', 'index', 'two_day', 'previous_day', 'weight', 'head', 'trades', 'high', 'low', 'median', 'thin'],
  ...rows.map((r) => [
    r.day, r.price, r.two_day, r.two_day ? r.previous_day : '', r.weight, r.head, r.trades, r.high, r.low, r.median,
    r.thin ? 'yes' : 'no',
  ]),
];

/** Seconds that a chart which knows UTC alone shows as the market's clock. */
export const candleTime = (start: string, offset: number): number => Date.parse(start) / 1000 + offset;
