// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { bucketSums } from './statement';

const zero = { performance_bond: '0.00', trading_bond: '0.00', prepaid: '0.00', disputed: '0.00' };
const line = (bucket: string, amount: string) => ({ sequence: 1, time: '', reason: 'bond_frozen', bucket, amount });
const statement = (closing: string) => ({
  opening: { available: '100.10', ...zero },
  lines: [line('available', '-30.20'), line('performance_bond', '30.20')],
  closing: { available: closing, ...zero, performance_bond: '30.20' },
});

test('R3.3 opening and postings make the closing, account by account and in all', () => {
  const rows = bucketSums(statement('69.90'));
  expect(rows.every((r) => r.agrees)).toBe(true);
  expect(rows.at(-1)).toMatchObject({ bucket: 'total', opening: '100.10', moved: '0.00', closing: '100.10' });
});

test('R3.3 a fen too much in one account is seen in it and in the total', () => {
  const rows = bucketSums(statement('69.91'));
  expect(rows.filter((r) => !r.agrees).map((r) => r.bucket)).toEqual(['available', 'total']);
});
