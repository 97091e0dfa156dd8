// SPDX-License-Identifier: Apache-2.0
// Exact decimals as strings: nothing of money passes through floating point (R1.4).

interface Scaled {
  value: bigint;
  digits: number;
}

function parse(text: string): Scaled {
  const match = /^(-?)(\d+)(?:\.(\d*))?$/.exec(text.trim());
  if (!match) throw new RangeError(`not a decimal: ${text}`);
  const fraction = match[3] ?? '';
  const value = BigInt(match[2]! + fraction);
  return { value: match[1] ? -value : value, digits: fraction.length };
}

function aligned(a: string, b: string): [bigint, bigint, number] {
  const x = parse(a);
  const y = parse(b);
  const digits = Math.max(x.digits, y.digits);
  return [
    x.value * 10n ** BigInt(digits - x.digits),
    y.value * 10n ** BigInt(digits - y.digits),
    digits,
  ];
}

function print(value: bigint, digits: number): string {
  const negative = value < 0n;
  const text = (negative ? -value : value).toString().padStart(digits + 1, '0');
  const whole = text.slice(0, text.length - digits);
  const fraction = digits ? '.' + text.slice(text.length - digits) : '';
  return (negative ? '-' : '') + whole + fraction;
}

export const isDecimal = (text: string): boolean => /^-?\d+(\.\d+)?$/.test(text);

export function add(a: string, b: string): string {
  const [x, y, digits] = aligned(a, b);
  return print(x + y, digits);
}

export function sub(a: string, b: string): string {
  const [x, y, digits] = aligned(a, b);
  return print(x - y, digits);
}

/** Negative, zero or positive, as a is below, equal to or above b. */
export function compare(a: string, b: string): number {
  const [x, y] = aligned(a, b);
  return x < y ? -1 : x > y ? 1 : 0;
}

export const sum = (values: string[]): string => values.reduce(add, '0');

/** a x b, rounded half away from zero to `digits` places (R1.3). */
export function multiply(a: string, b: string, digits: number): string {
  const x = parse(a);
  const y = parse(b);
  return rounded(x.value * y.value, x.digits + y.digits, digits);
}

function rounded(value: bigint, from: number, to: number): string {
  if (from <= to) return print(value * 10n ** BigInt(to - from), to);
  const unit = 10n ** BigInt(from - to);
  const magnitude = value < 0n ? -value : value;
  const result = (magnitude + unit / 2n) / unit;
  return print(value < 0n ? -result : result, to);
}

/** The same number with exactly `digits` places, or more where they are not zero. */
export function withDigits(text: string, digits: number): string {
  const { value, digits: had } = parse(text);
  let kept = had;
  let rest = value;
  while (kept > digits && rest % 10n === 0n) {
    rest /= 10n;
    kept -= 1;
  }
  return kept < digits ? print(rest * 10n ** BigInt(digits - kept), digits) : print(rest, kept);
}

/** Places that a tick such as "0.010" speaks of: 2. */
export function placesOf(tick: string | undefined | null): number {
  if (!tick || !isDecimal(tick)) return 2;
  const trimmed = withDigits(tick, 0);
  return trimmed.includes('.') ? trimmed.length - trimmed.indexOf('.') - 1 : 0;
}

/** What a person typed, as the doors want it: "1 234,5" and "1,234.5" are 1234.5; else null. */
export function typed(text: string): string | null {
  let clean = text.replace(/[\s\u00a0\u202f_]/g, '').replace(/[０-９．，]/g, (c) => '0123456789.,'['０１２３４５６７８９．，'.indexOf(c)]!);
  if (/^-?\d{1,3}(,\d{3})+(\.\d+)?$/.test(clean)) clean = clean.replaceAll(',', '');
  else clean = clean.replace(',', '.');
  return isDecimal(clean) ? clean : null;
}
