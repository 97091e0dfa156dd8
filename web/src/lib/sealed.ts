// SPDX-License-Identifier: Apache-2.0
// A sealed bid (R5.3.4), the bytes of docs/formats/sealed.md: sealed in the browser, so that nobody else has the price.
import { xsalsa20poly1305, hsalsa } from '@noble/ciphers/salsa.js';
import { x25519 } from '@noble/curves/ed25519.js';
import { blake2b } from '@noble/hashes/blake2.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { withDigits } from './decimal';

export interface SealedBid {
  lot: number;
  price: string;
  quantity: string;
  salt: string;
  commitment: string;
}

const placesShown = (text: string): number => text.split('.')[1]?.length ?? 0;

/** The number in its smallest unit; as many places as `like` shows. */
export const scaled = (text: string, like: string): bigint => {
  const exact = withDigits(text, placesShown(like));
  if (placesShown(exact) > placesShown(like)) throw new RangeError(text);
  return BigInt(exact.replace('.', ''));
};

/** Price and quantity as little-endian numbers of 8 bytes, then the salt of 16. */
export function opening(price: bigint, quantity: bigint, salt: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(32);
  const view = new DataView(bytes.buffer);
  view.setBigInt64(0, price, true);
  view.setBigInt64(8, quantity, true);
  bytes.set(salt, 16);
  return bytes;
}

export const commitmentOf = (opened: Uint8Array): string => bytesToHex(sha256(opened));

const words = (bytes: Uint8Array): Uint32Array => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Uint32Array.from({ length: bytes.length / 4 }, (_, i) => view.getUint32(4 * i, true));
};
const bytesOf = (numbers: Uint32Array): Uint8Array => {
  const out = new Uint8Array(numbers.length * 4);
  const view = new DataView(out.buffer);
  numbers.forEach((n, i) => view.setUint32(4 * i, n, true));
  return out;
};

export interface NewKey {
  publicKey: string;
  /** Hex, one for each of two people; nobody may have both. */
  shares: [string, string];
  /** SHA-256 of each, for the log. */
  hashes: [string, string];
}
/** A key whose secret is the two shares xored; they are made here and go nowhere by themselves. */
export function newKey(first = randomBytes(32), second = randomBytes(32)): NewKey {
  const secret = first.map((byte, i) => byte ^ second[i]!);
  return {
    publicKey: bytesToHex(x25519.getPublicKey(secret)),
    shares: [bytesToHex(first), bytesToHex(second)],
    hashes: [bytesToHex(sha256(first)), bytesToHex(sha256(second))],
  };
}

/** libsodium's crypto_box_seal: the ephemeral public key, then the box. */
export function sealBox(message: Uint8Array, publicKey: Uint8Array, ephemeral = randomBytes(32)): Uint8Array {
  const sender = x25519.getPublicKey(ephemeral);
  const both = new Uint8Array([...sender, ...publicKey]);
  const nonce = blake2b(both, { dkLen: 24 });
  const key = new Uint32Array(8);
  const sigma = words(new TextEncoder().encode('expand 32-byte k'));
  hsalsa(sigma, words(x25519.getSharedSecret(ephemeral, publicKey)), new Uint32Array(4), key);
  const box = xsalsa20poly1305(bytesOf(key), nonce).encrypt(message);
  return new Uint8Array([...sender, ...box]);
}

export const randomBytes = (count: number): Uint8Array => crypto.getRandomValues(new Uint8Array(count));

/** What is kept by the bidder, and what is sent. */
export function seal(
  lot: { id: number; tick: string; quantity: string; public_key: string },
  price: string,
  quantity: string,
): { kept: SealedBid; body: { commitment: string; box: string } } {
  const salt = randomBytes(16);
  const bytes = opening(scaled(price, lot.tick), scaled(quantity, lot.quantity), salt);
  const commitment = commitmentOf(bytes);
  return {
    kept: { lot: lot.id, price, quantity, salt: bytesToHex(salt), commitment },
    body: { commitment, box: bytesToHex(sealBox(bytes, hexToBytes(lot.public_key))) },
  };
}

/** Whether an opened bid is the one that was committed to before the close. */
export function fits(
  bid: { price: string | null; quantity: string | null; salt: string | null; commitment: string },
  lot: { tick: string; quantity: string },
): boolean {
  if (bid.price === null || bid.quantity === null || bid.salt === null) return false;
  const bytes = opening(scaled(bid.price, lot.tick), scaled(bid.quantity, lot.quantity), hexToBytes(bid.salt));
  return commitmentOf(bytes) === bid.commitment;
}

const place = (lot: number): string => `hulan.sealed.${lot}`;
export const keep = (bid: SealedBid): void => localStorage.setItem(place(bid.lot), JSON.stringify(bid));
export function kept(lot: number): SealedBid | null {
  const text = localStorage.getItem(place(lot));
  return text ? (JSON.parse(text) as SealedBid) : null;
}
