// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest';
import type { PriceRow } from '../api/types';
import { candleTime, linesOf, seriesOf } from './index-series';

const row = (day: string, price: string | null, more: Partial<PriceRow> = {}): PriceRow => ({
  product: 1, grade: null, region: '23', day, price, trades: 1, ...more,
});

it('R11.2: days come oldest first, and one without trades has no point', () => {
  const series = seriesOf([
    row('2024-01-03', '16.100', { two_day: '16.033', thin: true }),
    row('2024-01-02', null),
    row('2024-01-01', '15.000'),
  ]);
  expect(series.days).toEqual([1704067200, 1704240000]);
  expect(series.index).toEqual([15, 16.1]);
  expect(series.twoDay).toEqual([null, 16.033]);
  expect(series.thin).toEqual([false, true]);
});

it('R11.2: a spreadsheet names the two days only where there is a two-day index', () => {
  const lines = linesOf([
    row('2024-01-03', '16.100', { two_day: '16.033', previous_day: '2024-01-01' }),
    row('2024-01-01', '15.000', { two_day: null, previous_day: null }),
  ]);
  expect(lines[1]!.slice(0, 4)).toEqual(['2024-01-03', '16.100', '16.033', '2024-01-01']);
  expect(lines[2]!.slice(2, 4)).toEqual([null, '']);
});

it('R1.1: a candle stands at the market’s time, whatever the device says', () => {
  // 00:00 in Shanghai is 16:00 of the day before in UTC.
  expect(candleTime('2024-01-14T16:00:00.000Z', 28800)).toBe(Date.parse('2024-01-15T00:00:00Z') / 1000);
});
