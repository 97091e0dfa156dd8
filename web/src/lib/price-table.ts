// SPDX-License-Identifier: Apache-2.0
// Rows of the day's prices (R11.2): order and shading. Shades are for the eye, never for money.
import type { PriceRow } from '../api/types';
import { compare, isDecimal } from './decimal';

export type Column = 'region' | 'grade' | 'price' | 'change' | 'weight' | 'head' | 'trades' | 'high' | 'low' | 'median';
export interface Order {
  column: Column;
  down: boolean;
}

/** Rows in the wished order; what has no value comes last either way. */
export function ordered(rows: PriceRow[], order: Order, label: (row: PriceRow, column: Column) => string): PriceRow[] {
  const words = order.column === 'region' || order.column === 'grade';
  const sign = order.down ? -1 : 1;
  return [...rows].sort((a, b) => {
    const x = words ? label(a, order.column) : String(a[order.column] ?? '');
    const y = words ? label(b, order.column) : String(b[order.column] ?? '');
    if (words) return sign * x.localeCompare(y, 'zh');
    if (!isDecimal(x) || !isDecimal(y)) return Number(isDecimal(y)) - Number(isDecimal(x));
    return sign * compare(x, y) || a.region.localeCompare(b.region);
  });
}

/** Five steps from the lowest to the highest price of those shown: 1..5. */
export function shades(rows: PriceRow[]): Record<string, number> {
  const values = rows.filter((r) => r.price).map((r) => Number(r.price));
  const low = Math.min(...values);
  const span = Math.max(...values) - low;
  const shaded: Record<string, number> = {};
  for (const row of rows) {
    if (!row.price) continue;
    shaded[row.region] = span ? 1 + Math.min(4, Math.floor(((Number(row.price) - low) / span) * 5)) : 3;
  }
  return shaded;
}
