// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { byNumber, later, rulebook } from './rulebook';

test('rules stand in the order of their numbers, not of their letters', () => {
  expect(['R10.1', 'R5.3.2', 'R5.3', 'R9.1', 'R5.10', 'R5.3.1'].sort(byNumber)).toEqual([
    'R5.3', 'R5.3.1', 'R5.3.2', 'R5.10', 'R9.1', 'R10.1',
  ]);
});

const text = readFileSync(join(import.meta.dirname, '../../../docs/RULEBOOK.md'), 'utf8');
const stated = [...text.matchAll(/^\s*- \*\*(R\d+(?:\.\d+)+)\*\* ([●◐○])/gm)].map((m) => [m[1]!, m[2]!] as const);

test('every rule of the rulebook has its words on the page, and no other has', () => {
  expect(stated.length).toBeGreaterThan(60);
  expect(rulebook().flatMap((section) => section.rules)).toEqual(stated.map(([number]) => number).sort(byNumber));
});

test('what the rulebook marks as coming later, the page does too', () => {
  expect([...later].sort(byNumber)).toEqual(stated.filter(([, mark]) => mark === '○').map(([number]) => number).sort(byNumber));
});
