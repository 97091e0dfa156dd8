// SPDX-License-Identifier: Apache-2.0
// For tests: a log, its tree and its notes, made by the definitions of RFC 9162, section 2.1, with the system's own hashes and keys.
import { createHash, createPrivateKey, createPublicKey, sign, type KeyObject } from 'node:crypto';

export const hash = (...parts: Uint8Array[]): Buffer => {
  const digest = createHash('sha256');
  for (const part of parts) digest.update(part);
  return digest.digest();
};
const node = (left: Buffer, right: Buffer): Buffer => hash(Buffer.of(1), left, right);

/** The largest power of two below n. */
function split(n: number): number {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

/** MTH(D) over hashes of leaves. */
export function root(leaves: Buffer[]): Buffer {
  if (leaves.length === 1) return leaves[0]!;
  const k = split(leaves.length);
  return node(root(leaves.slice(0, k)), root(leaves.slice(k)));
}

/** PATH(m, D). */
export function path(m: number, leaves: Buffer[]): Buffer[] {
  if (leaves.length === 1) return [];
  const k = split(leaves.length);
  return m < k
    ? [...path(m, leaves.slice(0, k)), root(leaves.slice(k))]
    : [...path(m - k, leaves.slice(k)), root(leaves.slice(0, k))];
}

/** PROOF(m, D). */
export function consistency(m: number, leaves: Buffer[], whole = true): Buffer[] {
  if (m === leaves.length) return whole ? [] : [root(leaves)];
  const k = split(leaves.length);
  return m <= k
    ? [...consistency(m, leaves.slice(0, k), whole), root(leaves.slice(k))]
    : [...consistency(m - k, leaves.slice(k), false), root(leaves.slice(0, k))];
}

export interface Row {
  time: bigint;
  record: Buffer;
  salt: Buffer;
}
export const leafOf = (row: Row, sequence: number): Buffer => {
  const numbers = Buffer.alloc(16);
  numbers.writeBigUInt64LE(BigInt(sequence), 0);
  numbers.writeBigInt64LE(row.time, 8);
  return hash(Buffer.of(0), row.salt, numbers, row.record);
};

export const start = 1_705_283_998_120_000_000n; // 2024-01-15T01:59:58.12Z
const text = (ns: bigint): string =>
  new Date(Number(ns / 1_000_000n)).toISOString().replace(/\.\d+Z$/, `.${String(ns % 1_000_000_000n).padStart(9, '0')}Z`);

/** A bid of `li` on lot 7 by participant 4, user 9. */
export function bid(li: bigint): Buffer {
  const record = Buffer.alloc(40);
  record.set([61, 1]);
  record.writeUInt16LE(12, 2);
  record.writeUInt32LE(4, 4);
  record.writeUInt32LE(9, 8);
  record.fill(0x5c, 12, 28);
  record.writeUInt32LE(7, 28);
  record.writeBigInt64LE(li, 32);
  return record;
}
export const rows = (count: number): Row[] =>
  Array.from({ length: count }, (_, i) => ({
    time: start + BigInt(i) * 1_000_000_001n,
    record: bid(15_000n + BigInt(i) * 50n),
    salt: hash(Buffer.from(`salt ${i}`)).subarray(0, 16),
  }));

export class Signer {
  readonly name: string;
  readonly publicText: string;
  private readonly key: KeyObject;
  private readonly id: Buffer;

  constructor(seed: number, name = `hulan/${'0123456789abcdef'.repeat(2)}`) {
    this.name = name;
    const pkcs8 = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.alloc(32, seed)]);
    this.key = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
    const bytes = createPublicKey(this.key).export({ format: 'der', type: 'spki' }).subarray(-32);
    const typed = Buffer.concat([Buffer.of(1), bytes]);
    this.id = hash(Buffer.from(`${name}\n`), typed).subarray(0, 4);
    this.publicText = `${name}+${this.id.toString('hex')}+${typed.toString('base64')}`;
  }

  note(body: string): string {
    const signature = Buffer.concat([this.id, sign(null, Buffer.from(body), this.key)]);
    return `${body}\n\u2014 ${this.name} ${signature.toString('base64')}\n`;
  }

  checkpoint(log: Row[]): string {
    const leaves = log.map((row, i) => leafOf(row, i + 1));
    const last = log.at(-1)!.time;
    return this.note(
      `${this.name}\n${log.length}\n${root(leaves).toString('base64')}\nsequence ${log.length}\ntime ${text(last)}\n` +
        `made ${text(last + 5n)}\nchain ${'ab'.repeat(32)}\n`,
    );
  }

  receipt(log: Row[], sequence: number): Record<string, unknown> {
    const leaves = log.map((row, i) => leafOf(row, i + 1));
    const row = log[sequence - 1]!;
    return {
      format: 'hulan receipt 1',
      sequence,
      time: text(row.time),
      time_ns: String(row.time),
      record: row.record.toString('base64'),
      salt: row.salt.toString('hex'),
      leaf: leaves[sequence - 1]!.toString('hex'),
      path: path(sequence - 1, leaves).map((h) => h.toString('hex')),
      checkpoint: this.checkpoint(log),
    };
  }
}
