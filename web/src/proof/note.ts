// SPDX-License-Identifier: Apache-2.0
// Signed notes and checkpoints (C2SP signed-note, tlog-checkpoint; docs/formats/proof.md).
import { fromBase64, fromHex, joined, same, toBase64, toHex, utf8, type Bytes } from './bytes';
import { isSigned, sha256 } from './crypto';
import { NotProved } from './not-proved';

const ed25519 = 1;

export interface Key {
  name: string;
  id: Bytes;
  bytes: Bytes;
  text: string;
}
export interface Checkpoint {
  origin: string;
  size: bigint;
  root: Bytes;
  /** Of the last record, and of the signing: nanoseconds since 1970. */
  time: bigint;
  made: bigint;
}

/** "name+id+base64", as `hulan` and GET /v1/checkpoints/key write it. Throws NotProved. */
export async function readKey(given: string): Promise<Key> {
  const text = given.trim();
  const match = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text);
  const typed = match && fromBase64(match[3]);
  if (!match || typed?.length !== 33 || typed[0] !== ed25519) throw new NotProved('key');
  const name = match[1]!;
  const id = (await sha256(joined(utf8(name), utf8('\n'), typed))).slice(0, 4);
  if (toHex(id) !== match[2]) throw new NotProved('key');
  return { name, id, bytes: typed.slice(1), text };
}

/** The note's text, if the key has signed it. Throws NotProved. */
export async function openNote(note: string, key: Key): Promise<string> {
  const split = note.lastIndexOf('\n\n');
  if (split < 0 || !note.endsWith('\n')) throw new NotProved('note');
  const text = note.slice(0, split + 1);
  const begin = `\u2014 ${key.name} `;
  const line = note
    .slice(split + 2)
    .split('\n')
    .find((l) => l.startsWith(begin));
  if (!line) throw new NotProved('other_key', { name: key.name });
  const signature = fromBase64(line.slice(begin.length));
  if (signature?.length !== 68) throw new NotProved('signature');
  if (!same(signature.slice(0, 4), key.id)) throw new NotProved('other_key', { name: key.name });
  if (!(await isSigned(key.bytes, signature.slice(4), utf8(text)))) throw new NotProved('signature');
  return text;
}

const second = 1_000_000_000n;

/** 2024-01-15T01:59:58.120000000Z, as the notes write a time. */
export function timeText(ns: bigint): string {
  const seconds = new Date(Number(ns / second) * 1000).toISOString().slice(0, 19);
  return `${seconds}.${String(ns % second).padStart(9, '0')}Z`;
}

/** Nanoseconds since 1970 of such a text; null for any other. */
export function readTime(text: string): bigint | null {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/.test(text)) return null;
  const whole = Date.parse(`${text.slice(0, 19)}Z`);
  if (!(whole >= 0)) return null;
  const ns = BigInt(whole / 1000) * second + BigInt(text.slice(20, 29));
  return timeText(ns) === text ? ns : null;
}

/** The seven lines, each exactly as it must be. Throws NotProved. */
export function readCheckpoint(text: string): Checkpoint {
  const [origin = '', size = '', root = '', , time = '', made = '', chain = ''] = text.split('\n');
  const checkpoint = {
    origin,
    size: /^[1-9]\d{0,18}$/.test(size) ? BigInt(size) : 0n,
    root: fromBase64(root),
    time: readTime(time.slice('time '.length)),
    made: readTime(made.slice('made '.length)),
  };
  const chained = fromHex(chain.slice('chain '.length), 32);
  if (!checkpoint.size || checkpoint.root?.length !== 32 || checkpoint.time === null || checkpoint.made === null || !chained)
    throw new NotProved('checkpoint');
  const found = checkpoint as Checkpoint;
  const again = [origin, size, toBase64(found.root), `sequence ${size}`, `time ${timeText(found.time)}`, `made ${timeText(found.made)}`, `chain ${toHex(chained)}`, ''];
  if (again.join('\n') !== text) throw new NotProved('checkpoint');
  return found;
}

/** A checkpoint that the key has signed. Throws NotProved. */
export async function openCheckpoint(note: string, key: Key): Promise<Checkpoint> {
  const checkpoint = readCheckpoint(await openNote(note, key));
  if (checkpoint.origin !== key.name) throw new NotProved('other_key', { name: key.name });
  return checkpoint;
}
