// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { Bytes } from './bytes';
import { climb, isConsistent } from './merkle';
import { consistency, hash, leafOf, path, root, rows } from './testing-log';

const own = (bytes: Buffer): Bytes => new Uint8Array(bytes);
const leaves = rows(34).map((row, i) => leafOf(row, i + 1));
const rootFrom = async (leaf: Buffer, index: number, size: number, steps: Buffer[]): Promise<string | null> => {
  const rungs = await climb(own(leaf), BigInt(index), BigInt(size), steps.map(own));
  return rungs && Buffer.from(rungs.at(-1)?.hash ?? leaf).toString('hex');
};

describe('R13.2: the tree of RFC 9162', () => {
  it('has the roots that Certificate Transparency published for its eight test leaves', async () => {
    const inputs = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
    const known = inputs.map((hex) => hash(Buffer.of(0), Buffer.from(hex, 'hex')));
    for (let index = 0; index < 8; index += 1)
      expect(await rootFrom(known[index]!, index, 8, path(index, known))).toBe(
        '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
      );
  });

  it('is reached from every leaf of every size, and from no other place or size by the same path', async () => {
    for (let size = 1; size <= leaves.length; size += 1)
      for (let index = 0; index < size; index += 1) {
        const part = leaves.slice(0, size);
        const steps = path(index, part);
        const wanted = root(part).toString('hex');
        expect(await rootFrom(part[index]!, index, size, steps)).toBe(wanted);
        if (index + 1 < size) expect(await rootFrom(part[index]!, index + 1, size, steps)).not.toBe(wanted);
      }
  });

  it('refuses a path that is too short, too long, or of a leaf beyond the end', async () => {
    const steps = path(4, leaves.slice(0, 9));
    expect(await rootFrom(leaves[4]!, 4, 9, steps.slice(1))).toBeNull();
    expect(await rootFrom(leaves[4]!, 4, 9, [...steps, steps[0]!])).toBeNull();
    expect(await rootFrom(leaves[4]!, 9, 9, steps)).toBeNull();
    expect(await rootFrom(leaves[4]!, -1, 9, steps)).toBeNull();
  });

  it('takes indices beyond what JavaScript counts exactly', async () => {
    const size = 2n ** 60n + 1n;
    const steps = [own(leaves[0]!)];
    expect((await climb(own(leaves[1]!), size - 1n, size, steps))?.[0]?.side).toBe('left');
    expect(await climb(own(leaves[1]!), size - 2n, size, steps)).toBeNull();
  });

  it('is consistent with every earlier tree of the same log, and with no other root', async () => {
    for (let to = 1; to <= leaves.length; to += 1)
      for (let from = 1; from <= to; from += 1) {
        const steps = consistency(from, leaves.slice(0, to)).map(own);
        const earlier = own(root(leaves.slice(0, from)));
        const later = own(root(leaves.slice(0, to)));
        const holds = (a: Bytes, b: Bytes, p: Bytes[]): Promise<boolean> => isConsistent(BigInt(from), a, BigInt(to), b, p);
        expect(await holds(earlier, later, steps)).toBe(true);
        expect(await holds(own(leaves[from]!), later, steps)).toBe(false);
        expect(await holds(earlier, own(leaves[from]!), steps)).toBe(false);
        expect(await holds(earlier, later, [...steps, later])).toBe(false);
        if (steps.length) expect(await holds(earlier, later, steps.slice(0, -1))).toBe(false);
      }
    expect(await isConsistent(0n, own(leaves[0]!), 1n, own(leaves[0]!), [])).toBe(false);
    expect(await isConsistent(2n, own(leaves[0]!), 1n, own(leaves[0]!), [])).toBe(false);
  });
});
