// SPDX-License-Identifier: Apache-2.0
import { afterEach, describe, expect, it, vi } from 'vitest';
import { openNote, readCheckpoint, readKey, readTime, timeText } from './note';
import { NotProved } from './not-proved';
import { readReceipt, verifyConsistent, verifyReceipt, type Outcome } from './receipt';
import { tell } from './record';
import { bid, consistency, leafOf, rows, Signer, start } from './testing-log';

const market = new Signer(7);
const log = rows(21);
const key = await readKey(market.publicText);
const honest = market.receipt(log, 13);
const file = JSON.stringify(honest);
const failedAt = (outcome: Outcome): string | null => outcome.failed?.step ?? null;
const changed = (more: Record<string, unknown>): Promise<Outcome> => verifyReceipt(JSON.stringify({ ...honest, ...more }), key);
const why = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'proved',
    (error: unknown) => (error as NotProved).why,
  );

afterEach(() => vi.unstubAllGlobals());

describe('R13.2: a receipt in the browser', () => {
  it('is proved with the key alone, for every record of the log', async () => {
    for (let sequence = 1; sequence <= log.length; sequence += 1) {
      const outcome = await verifyReceipt(JSON.stringify(market.receipt(log, sequence)), key);
      expect(outcome.failed).toBeNull();
      expect(outcome.done).toEqual(['form', 'signature', 'leaf', 'path', 'time']);
      expect(outcome.checkpoint?.size).toBe(21n);
    }
  });

  it('is proved and refused alike where the browser has no cryptography of its own', async () => {
    vi.stubGlobal('crypto', {});
    expect((await verifyReceipt(file, await readKey(market.publicText))).failed).toBeNull();
    expect(failedAt(await changed({ checkpoint: market.checkpoint(log).replace('ab', 'ac') }))).toBe('signature');
    expect(failedAt(await changed({ salt: '00'.repeat(16) }))).toBe('leaf');
  });

  it('is refused with any byte of its file changed, dropped or inserted', async () => {
    const bytes = Buffer.from(file);
    const proved: string[] = [];
    const attempt = async (what: string, made: Buffer): Promise<void> => {
      if (!(await verifyReceipt(made.toString('utf8'), key)).failed) proved.push(what);
    };
    for (let at = 0; at < bytes.length; at += 1) {
      const flipped = Buffer.from(bytes);
      flipped[at]! ^= 1;
      await attempt(`byte ${at} changed`, flipped);
      await attempt(`byte ${at} dropped`, Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)]));
      await attempt(`byte ${at} inserted`, Buffer.concat([bytes.subarray(0, at), Buffer.from('A'), bytes.subarray(at)]));
    }
    expect(proved).toEqual([]);
  });

  it('names the step that fails', async () => {
    const other = log.map((row, i) => (i === 3 ? { ...row, record: bid(99_000n) } : row));
    expect(failedAt(await verifyReceipt('not a receipt', key))).toBe('form');
    expect(failedAt(await verifyReceipt('[]', key))).toBe('form');
    expect(failedAt(await changed({ record: 'AAAA' }))).toBe('form');
    expect(failedAt(await changed({ checkpoint: new Signer(8).checkpoint(log) }))).toBe('signature');
    expect(failedAt(await changed({ record: bid(99_000n).toString('base64') }))).toBe('leaf');
    expect(failedAt(await changed({ checkpoint: market.checkpoint(other) }))).toBe('path');
    expect(failedAt(await changed({ path: (honest.path as string[]).slice(1) }))).toBe('path');
    expect(failedAt(await changed({ checkpoint: market.checkpoint(log.slice(0, 12)) }))).toBe('path');
    const dated = log.map((row, i) => (i === 12 ? { ...row, time: log.at(-1)!.time + 1n } : row));
    expect(failedAt(await verifyReceipt(JSON.stringify(market.receipt(dated, 13)), key))).toBe('time');
  });

  it('is refused by a kept checkpoint when its record was put in afterwards, or stands where another stood', async () => {
    const kept = market.checkpoint(log.slice(0, 15));
    expect((await verifyReceipt(file, key, kept)).done).toContain('kept');
    const late = [...log.slice(0, 20), { ...log[20]!, time: start }];
    const inserted = [...late.slice(0, 20), { ...late[20]!, time: log[13]!.time }, log[20]!];
    expect((await verifyReceipt(JSON.stringify(market.receipt(inserted, 21)), key, kept)).failed).toMatchObject({ step: 'kept', cause: { why: 'kept_late' } });
    const replaced = log.map((row, i) => (i === 14 ? { ...row, time: log[15]!.time } : row));
    expect((await verifyReceipt(JSON.stringify(market.receipt(replaced, 15)), key, kept)).failed).toMatchObject({ step: 'kept', cause: { why: 'kept_replaced' } });
    expect((await verifyReceipt(file, key, new Signer(9).checkpoint(log))).failed?.step).toBe('kept');
  });

  it('tells the bid that its record is', () => {
    expect(tell(readReceipt(file).record)).toEqual({ type: 61, participant: 4, user: 9, lot: 7, price: 15_600n });
    const unknown = bid(1n);
    unknown[1] = 9;
    expect(tell(unknown)).toEqual({ type: 61, participant: 4, user: 9 });
  });
});

describe('R13.2: a kept checkpoint and the newest', () => {
  const kept = market.checkpoint(log.slice(0, 13));
  const proofOf = (rows_: typeof log): string[] =>
    consistency(13, rows_.map((row, i) => leafOf(row, i + 1))).map((h) => h.toString('hex'));

  it('prove that the log goes on as it was', async () => {
    const { from, to } = await verifyConsistent(kept, market.checkpoint(log), proofOf(log), key);
    expect([from.size, to.size]).toEqual([13n, 21n]);
  });

  it('find a record that was changed, dropped, inserted or moved, and a log that became shorter', async () => {
    const rewritten = {
      changed: log.map((row, i) => (i === 4 ? { ...row, record: bid(1n) } : row)),
      dropped: log.filter((_, i) => i !== 4),
      inserted: [...log.slice(0, 4), log[4]!, ...log.slice(4)],
      moved: log.map((row, i) => (i === 4 ? log[5]! : i === 5 ? log[4]! : row)),
    };
    for (const [what, rows_] of Object.entries(rewritten))
      expect(await why(verifyConsistent(kept, market.checkpoint(rows_), proofOf(rows_), key)), what).toBe('rewritten');
    expect(await why(verifyConsistent(market.checkpoint(log), kept, [], key))).toBe('shorter');
    expect(await why(verifyConsistent(kept, new Signer(3).checkpoint(log), proofOf(log), key))).toBe('other_key');
    expect(await why(verifyConsistent(kept, market.checkpoint(log), 'no list', key))).toBe('rewritten');
  });
});

describe('R13.2: keys, notes and times', () => {
  it('take the published key of Go’s signed notes, and its note', async () => {
    // From the documentation of golang.org/x/mod/sumdb/note.
    const peter = await readKey('PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW');
    const text = 'If you think cryptography is the answer to your problem,\nthen you don\'t know what your problem is.\n';
    const signature = '\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=';
    expect(await openNote(`${text}\n${signature}\n`, peter)).toBe(text);
    expect(await why(openNote(`${text.replace('answer', 'Answer')}\n${signature}\n`, peter))).toBe('signature');
  });

  it('refuse a key whose id is not its own, and what is no key', async () => {
    for (const text of ['', 'a+b+c', market.publicText.replace('+', '+0'), market.publicText.replace(/^hulan/, 'other')])
      expect(await why(readKey(text)), text).toBe('key');
  });

  it('write times as they read them, to the nanosecond, and refuse others', () => {
    expect(timeText(start + 1n)).toBe('2024-01-15T01:59:58.120000001Z');
    expect(readTime('2024-01-15T01:59:58.120000001Z')).toBe(start + 1n);
    for (const text of ['2024-02-30T00:00:00.000000000Z', '2024-01-15T01:59:58.12Z', '2024-01-15T24:00:00.000000000Z', '']) expect(readTime(text)).toBeNull();
  });

  it('refuse a checkpoint with a line more, less or other', () => {
    const lines = market.checkpoint(log).split('\n').slice(0, 7);
    expect(readCheckpoint(`${lines.join('\n')}\n`).size).toBe(21n);
    const others = [lines.slice(0, 6), [...lines, 'more'], lines.with(1, '0'), lines.with(1, '021'), lines.with(3, 'sequence 20'), lines.with(4, 'time now')];
    for (const wrong of others) expect(() => readCheckpoint(`${wrong.join('\n')}\n`)).toThrow(NotProved);
  });
});
