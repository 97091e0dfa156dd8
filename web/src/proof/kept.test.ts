// SPDX-License-Identifier: Apache-2.0
import { afterEach, expect, test, vi } from 'vitest';
import { kindOf, readKept, writeKept } from './kept';
import { rows, Signer } from './testing-log';

afterEach(() => vi.unstubAllGlobals());

test('a file is known by what is in it, and anything else is taken for a receipt', () => {
  const market = new Signer(1);
  const log = rows(3);
  expect(kindOf(`${market.publicText}\n`)).toBe('key');
  expect(kindOf(market.checkpoint(log))).toBe('checkpoint');
  for (const text of [JSON.stringify(market.receipt(log, 2)), JSON.stringify(market.receipt(log, 2), null, 2), '', 'a note of mine'])
    expect(kindOf(text)).toBe('receipt');
});

test('what this browser kept comes back whole, or not at all', () => {
  const shelf = new Map<string, string>();
  vi.stubGlobal('localStorage', {
    getItem: (name: string) => shelf.get(name) ?? null,
    setItem: (name: string, value: string) => shelf.set(name, value),
    removeItem: (name: string) => shelf.delete(name),
  });
  const kept = { key: 'key', note: 'note', at: '2024-01-15T02:00:00Z' };
  expect(readKept()).toBeNull();
  writeKept(kept);
  expect(readKept()).toEqual(kept);
  for (const broken of ['{"key":"key"}', 'no JSON', '7']) {
    shelf.set('hulan.kept', broken);
    expect(readKept()).toBeNull();
  }
  writeKept(null);
  expect(shelf.size).toBe(0);
});
