// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import type { PriceRow } from '../api/types';
import { ordered, shades } from './price-table';

const row = (region: string, price: string | null, trades = 1): PriceRow => ({
  product: 1, grade: 'three_way', region, day: '2024-01-15', price, trades,
});
const label = (r: PriceRow): string => r.region;

test('prices are ordered as numbers, not as words', () => {
  const rows = [row('11', '9.500'), row('22', '14.120'), row('23', '13.900')];
  expect(ordered(rows, { column: 'price', down: true }, label).map((r) => r.region)).toEqual(['22', '23', '11']);
});

test('a region without a price comes last in both directions', () => {
  const rows = [row('11', null), row('22', '14.120'), row('23', '13.900')];
  for (const down of [true, false])
    expect(ordered(rows, { column: 'price', down }, label).at(-1)?.region).toBe('11');
});

test('the cheapest has the lightest shade, the dearest the darkest, a lone one the middle', () => {
  expect(shades([row('11', '13.000'), row('22', '14.000'), row('23', '15.000')])).toEqual({ 11: 1, 22: 3, 23: 5 });
  expect(shades([row('23', '14.000')])).toEqual({ 23: 3 });
});
