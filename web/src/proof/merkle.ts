// SPDX-License-Identifier: Apache-2.0
// The tree of RFC 9162, section 2.1, as one who verifies it sees it. Sizes and indices are whole numbers below 2^64.
import { joined, same, type Bytes } from './bytes';
import { sha256 } from './crypto';

const nodePrefix = Uint8Array.of(1);
export const nodeHash = (left: Bytes, right: Bytes): Promise<Bytes> => sha256(joined(nodePrefix, left, right));

/** One step up the tree: what was joined, on which side, and what came out. */
export interface Rung {
  sibling: Bytes;
  side: 'left' | 'right';
  hash: Bytes;
}

/** Which side each neighbour stands on, from the leaf up; null if the path has not the length that the tree asks for. */
function sides(index: bigint, size: bigint, length: number): ('left' | 'right')[] | null {
  if (index < 0n || index >= size) return null;
  const found: ('left' | 'right')[] = [];
  let node = index;
  let last = size - 1n;
  for (; last > 0n; node >>= 1n, last >>= 1n) {
    if (node & 1n) found.push('left');
    else if (node < last) found.push('right');
  }
  return found.length === length ? found : null;
}

/** Section 2.1.3.2: the way from a leaf to the root, or null if no tree of this size has such a path. */
export async function climb(leaf: Bytes, index: bigint, size: bigint, path: Bytes[]): Promise<Rung[] | null> {
  const known = sides(index, size, path.length);
  if (!known) return null;
  const rungs: Rung[] = [];
  let hash = leaf;
  for (const [i, sibling] of path.entries()) {
    const side = known[i]!;
    hash = side === 'left' ? await nodeHash(sibling, hash) : await nodeHash(hash, sibling);
    rungs.push({ sibling, side, hash });
  }
  return rungs;
}

/** Section 2.1.4.2: whether the tree of `to` leaves begins with that of `from`. */
export async function isConsistent(
  from: bigint,
  fromRoot: Bytes,
  to: bigint,
  toRoot: Bytes,
  path: Bytes[],
): Promise<boolean> {
  if (from <= 0n || from > to) return false;
  if (from === to) return path.length === 0 && same(fromRoot, toRoot);
  const steps = (from & (from - 1n)) === 0n ? [fromRoot, ...path] : [...path];
  const first = steps.shift();
  if (!first) return false;
  let node = from - 1n;
  let last = to - 1n;
  while (node & 1n) {
    node >>= 1n;
    last >>= 1n;
  }
  let oldHash = first;
  let newHash = first;
  for (const step of steps) {
    if (last === 0n) return false;
    if (node & 1n || node === last) {
      oldHash = await nodeHash(step, oldHash);
      newHash = await nodeHash(step, newHash);
      while (!(node & 1n) && node) {
        node >>= 1n;
        last >>= 1n;
      }
    } else newHash = await nodeHash(newHash, step);
    node >>= 1n;
    last >>= 1n;
  }
  return last === 0n && same(oldHash, fromRoot) && same(newHash, toRoot);
}
