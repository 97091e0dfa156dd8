// SPDX-License-Identifier: Apache-2.0
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { expect, test } from 'vitest';
import { commitmentOf, fits, newKey, opening, scaled, sealBox } from './sealed';

// Made and opened again with libsodium's crypto_box_seal_open.
const key = hexToBytes('13be4feaeaf204c7fd3358fc9c00721881d174278128227ec674f37f7fe97b6d');
const salt = new Uint8Array([1, 2, 3, ...new Uint8Array(13)]);
const bytes = opening(15420n, 200n, salt);

test('the opening is price, quantity and salt, little-endian', () => {
  expect(bytesToHex(bytes)).toBe('3c3c000000000000c80000000000000001020300000000000000000000000000');
  expect(commitmentOf(bytes)).toBe('884c160439b75cca1ec3db4e911fcc6f3a78c54c5ac8de498e99a13e3e92005b');
});

test('the box has the bytes of libsodium', () => {
  const box = sealBox(bytes, key, new Uint8Array(32).fill(9));
  expect(bytesToHex(box)).toBe(
    '57db4b359f23ae5e146e4e2512056704722506348c150c14753d0c933d04d421efa5028219ad04b0e9352d5edc81d95c1fadf33bf59f3e90d0aac35f72e97e0eb798555cc293e1687bc23c6f8de610d1',
  );
});

test('numbers have the places of the lot, and no more', () => {
  expect(scaled('15.42', '0.010')).toBe(15420n);
  expect(scaled('200', '180')).toBe(200n);
  expect(scaled('1.5', '12.000')).toBe(1500n);
  expect(() => scaled('15.4201', '0.010')).toThrow(RangeError);
});

test('an opened bid fits its hash or does not', () => {
  const lot = { tick: '0.010', quantity: '200' };
  const bid = { price: '15.420', quantity: '200', salt: bytesToHex(salt), commitment: commitmentOf(bytes) };
  expect(fits(bid, lot)).toBe(true);
  expect(fits({ ...bid, price: '15.430' }, lot)).toBe(false);
  expect(fits({ ...bid, price: null }, lot)).toBe(false);
});

test('a key is two shares, xored', () => {
  // Made by `hulan seal-key`, which is libsodium's.
  const first = '378b52839b6edde58152a8eefd1d097335fdd4c4cd0ce9d02888152625cb12ba';
  const second = '80b798597fa5b466c5abd8b52050c308a23f00e14c48fcd7fc3cf65220346ff7';
  const key = newKey(hexToBytes(first), hexToBytes(second));
  expect(key.publicKey).toBe('4afc2cce149edb04a5f28b39476e6699f6b6ef5b75cc9bb7fc8f1542425d7f0d');
  expect(key.shares).toEqual([first, second]);
  expect(key.hashes).toEqual([
    'b7cee16d304b007d408fed2606bfb1a9e1b7a091cb6778e51993872d0e2085d1',
    'c91d59a2c4049c81583190e1744cb603e33e324d1f2ce280435914664f4ab98b',
  ]);
  expect(newKey().shares).not.toEqual(newKey().shares);
});
