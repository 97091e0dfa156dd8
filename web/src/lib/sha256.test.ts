// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { sha256 } from './sha256';

test('the digest equals the system’s for every length around a block, and for Chinese', () => {
  for (const length of [0, 1, 3, 54, 55, 56, 63, 64, 65, 119, 120, 1000]) {
    const text = 'hulan-'.repeat(200).slice(0, length);
    expect(sha256(text)).toBe(createHash('sha256').update(text).digest('hex'));
  }
  expect(sha256('呼兰生猪')).toBe(createHash('sha256').update('呼兰生猪').digest('hex'));
});
