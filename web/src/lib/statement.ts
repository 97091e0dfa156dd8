// SPDX-License-Identifier: Apache-2.0
// A statement added up again by its reader: opening + postings = closing (R3.3).
import type { Balances, Statement } from '../api/types';
import { add, compare, sum } from './decimal';

export interface BucketSum {
  bucket: string;
  opening: string;
  moved: string;
  closing: string;
  agrees: boolean;
}

const order = ['available', 'performance_bond', 'trading_bond', 'prepaid', 'disputed'];
const known = (balances: string | Balances, bucket: string): string =>
  typeof balances === 'string' ? balances : (balances[bucket] ?? '0');

/** One row an account, then their total; a statement of a single balance gives the total alone. */
export function bucketSums(statement: Statement): BucketSum[] {
  const row = (bucket: string, opening: string, moved: string, closing: string): BucketSum => ({
    bucket, opening, moved, closing, agrees: compare(add(opening, moved), closing) === 0,
  });
  if (typeof statement.opening === 'string') {
    const moved = sum(statement.lines.map((l) => l.amount));
    return [row('total', statement.opening, moved, known(statement.closing, 'total'))];
  }
  const rows = order.map((bucket) =>
    row(
      bucket,
      known(statement.opening, bucket),
      sum(statement.lines.filter((l) => l.bucket === bucket).map((l) => l.amount)),
      known(statement.closing, bucket),
    ),
  );
  const total = row('total', sum(rows.map((r) => r.opening)), sum(rows.map((r) => r.moved)), sum(rows.map((r) => r.closing)));
  return [...rows, { ...total, agrees: rows.every((r) => r.agrees) }];
}
