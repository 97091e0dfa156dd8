// SPDX-License-Identifier: Apache-2.0
// What a record of the log says (docs/formats/command.md): its head in full, of its body what a reader asks about.

const headBytes = 28;

/** The length that the record's own head gives it; 0 if there is no whole head. */
export function recordLength(record: Uint8Array): number {
  return record.length < headBytes ? 0 : headBytes + (record[2]! | (record[3]! << 8));
}

/** Where a price stands in the body, behind the lot it is for. */
const priceAt: Record<number, number> = { 50: 4, 51: 8, 60: 4, 61: 4 };
/** Deposits and withdrawals: participant, currency, fen. */
const moneyAt: Record<number, number> = { 20: 8, 21: 8 };

export interface Told {
  type: number;
  participant: number;
  user: number;
  lot?: number;
  contract?: number;
  /** In the product's price unit (R1.2). */
  price?: bigint;
  fen?: bigint;
}

/** Of a whole record (`recordLength` is its length). Bodies of other versions than we know are not looked into. */
export function tell(record: Uint8Array): Told {
  const view = new DataView(record.buffer, record.byteOffset, record.byteLength);
  const type = record[0]!;
  const told: Told = { type, participant: view.getUint32(4, true), user: view.getUint32(8, true) };
  const body = record.length - headBytes;
  const known = record[1] === 1 || (type === 61 && record[1] === 2);
  const has = (offset: number | undefined): offset is number => offset !== undefined && known && body >= offset + 8;
  if (known && body >= 4) {
    const subject = view.getUint32(headBytes, true);
    if (type >= 41 && type <= 63) told.lot = subject;
    if (type >= 70 && type <= 86) told.contract = subject;
  }
  const price = priceAt[type];
  if (has(price)) told.price = view.getBigInt64(headBytes + price, true);
  const money = moneyAt[type];
  if (has(money)) told.fen = view.getBigInt64(headBytes + money, true);
  return told;
}
