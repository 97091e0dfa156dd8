// SPDX-License-Identifier: Apache-2.0
// A receipt, proved in the browser with nothing but a key (R13.2), step by step; the same steps as `hulan verify-receipt`.
import { fromBase64, fromHex, joined, little64, same, toHex, type Bytes } from './bytes';
import { sha256 } from './crypto';
import { climb, isConsistent, type Rung } from './merkle';
import { openCheckpoint, timeText, type Checkpoint, type Key } from './note';
import { NotProved } from './not-proved';
import { recordLength } from './record';

export interface Receipt {
  sequence: bigint;
  time: bigint;
  record: Bytes;
  salt: Bytes;
  leaf: Bytes;
  path: Bytes[];
  checkpoint: string;
}

const longestPath = 64;

function list(value: unknown): Bytes[] | null {
  if (!Array.isArray(value) || value.length > longestPath) return null;
  const hashes = value.map((item) => fromHex(item, 32));
  return hashes.every((hash) => hash !== null) ? hashes : null;
}

function object(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return value && typeof value === 'object' && !Array.isArray(value) ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/** The receipt in a file's text. Throws NotProved, with the member that is wrong. */
export function readReceipt(text: string): Receipt {
  const given = object(text);
  if (given?.format !== 'hulan receipt 1') throw new NotProved('format');
  const need = <T>(name: string, value: T | null): T => {
    if (value === null) throw new NotProved('member', { name });
    return value;
  };
  const sequence = given.sequence;
  const ns = given.time_ns;
  const receipt: Receipt = {
    sequence: need('sequence', Number.isSafeInteger(sequence) && Number(sequence) > 0 ? BigInt(Number(sequence)) : null),
    time: need('time_ns', typeof ns === 'string' && /^(0|[1-9]\d{0,18})$/.test(ns) ? BigInt(ns) : null),
    record: need('record', fromBase64(given.record)),
    salt: need('salt', fromHex(given.salt, 16)),
    leaf: need('leaf', fromHex(given.leaf, 32)),
    path: need('path', list(given.path)),
    checkpoint: need('checkpoint', typeof given.checkpoint === 'string' ? given.checkpoint : null),
  };
  need('time', given.time === timeText(receipt.time) ? true : null);
  need('record', recordLength(receipt.record) === receipt.record.length ? true : null);
  return receipt;
}

export const leafHash = (r: Pick<Receipt, 'salt' | 'sequence' | 'time' | 'record'>): Promise<Bytes> =>
  sha256(joined(Uint8Array.of(0), r.salt, little64(r.sequence), little64(r.time), r.record));

export const stepNames = ['form', 'signature', 'leaf', 'path', 'time', 'kept'] as const;
export type StepName = (typeof stepNames)[number];

/** What came of the steps, as far as they went. */
export interface Outcome {
  done: StepName[];
  failed: { step: StepName; cause: NotProved } | null;
  receipt?: Receipt;
  checkpoint?: Checkpoint;
  rungs?: Rung[];
}

/** What a kept checkpoint says: who claims a time at or before its own is among its records, else was put in later. */
function againstKept(receipt: Receipt, kept: Checkpoint): void {
  const within = receipt.sequence <= kept.size;
  if (within && receipt.time > kept.time) throw new NotProved('kept_replaced', { n: String(kept.size) });
  if (!within && receipt.time < kept.time) throw new NotProved('kept_late', { n: String(kept.size) });
}

/** Proves the receipt in `text`. Never throws for what it says: the outcome has the step that failed, and why. */
export async function verifyReceipt(text: string, key: Key, kept: string | null = null): Promise<Outcome> {
  const outcome: Outcome = { done: [], failed: null };
  const steps: Record<StepName, () => Promise<void>> = {
    form: async () => {
      outcome.receipt = readReceipt(text);
    },
    signature: async () => {
      outcome.checkpoint = await openCheckpoint(outcome.receipt!.checkpoint, key);
    },
    leaf: async () => {
      const found = await leafHash(outcome.receipt!);
      if (!same(found, outcome.receipt!.leaf)) throw new NotProved('leaf', { found: toHex(found).slice(0, 16) });
    },
    path: async () => {
      const { leaf, path, sequence } = outcome.receipt!;
      const { size, root } = outcome.checkpoint!;
      if (sequence > size) throw new NotProved('not_covered', { n: String(size) });
      const rungs = await climb(leaf, sequence - 1n, size, path);
      if (!rungs) throw new NotProved('path_length', { n: String(path.length) });
      outcome.rungs = rungs;
      if (!same(rungs.at(-1)?.hash ?? leaf, root)) throw new NotProved('root');
    },
    time: async () => {
      if (outcome.receipt!.time > outcome.checkpoint!.time) throw new NotProved('time');
    },
    kept: async () => {
      if (kept !== null) againstKept(outcome.receipt!, await openCheckpoint(kept, key));
    },
  };
  for (const step of stepNames) {
    if (step === 'kept' && kept === null) continue;
    try {
      await steps[step]();
      outcome.done.push(step);
    } catch (error) {
      if (!(error instanceof NotProved)) throw error;
      outcome.failed = { step, cause: error };
      return outcome;
    }
  }
  return outcome;
}

/** That the later note's log begins with the earlier one's, unchanged. Throws NotProved. */
export async function verifyConsistent(earlier: string, later: string, path: unknown, key: Key): Promise<{ from: Checkpoint; to: Checkpoint }> {
  const from = await openCheckpoint(earlier, key);
  const to = await openCheckpoint(later, key);
  if (from.size > to.size) throw new NotProved('shorter', { from: String(from.size), to: String(to.size) });
  if (from.time > to.time) throw new NotProved('backwards');
  const steps = list(path);
  if (!steps || !(await isConsistent(from.size, from.root, to.size, to.root, steps)))
    throw new NotProved('rewritten', { from: String(from.size), to: String(to.size) });
  return { from, to };
}
