// SPDX-License-Identifier: Apache-2.0
/** 32 hex digits: 48 bits of the market's milliseconds, 80 of chance. */
export function clientId(marketMilliseconds: number): string {
  const time = Math.max(0, Math.floor(marketMilliseconds)).toString(16).padStart(12, '0').slice(-12);
  const chance = crypto.getRandomValues(new Uint8Array(10));
  return time + Array.from(chance, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
