// SPDX-License-Identifier: Apache-2.0
// The rules that the pages have words for, in the order of their numbers.
import { words } from '../i18n/words';

const parts = (number: string): number[] => number.slice(1).split('.').map(Number);

/** R5.3.2 after R5.3.1 and before R5.10. */
export function byNumber(a: string, b: string): number {
  const [x, y] = [parts(a), parts(b)];
  for (let i = 0; i < Math.max(x.length, y.length); i += 1) {
    const gap = (x[i] ?? -1) - (y[i] ?? -1);
    if (gap) return gap;
  }
  return 0;
}

export interface Section {
  number: number;
  rules: string[];
}

/** Sections 1 to 13 with their rules' numbers. */
export function rulebook(): Section[] {
  const numbers = Object.keys(words)
    .filter((key) => /^rule\.R[\d.]+$/.test(key))
    .map((key) => key.slice('rule.'.length))
    .sort(byNumber);
  const sections = [...new Set(numbers.map((number) => parts(number)[0]!))];
  return sections.map((number) => ({ number, rules: numbers.filter((rule) => parts(rule)[0] === number) }));
}

/** Settled, and not done by the software yet. */
export const later: ReadonlySet<string> = new Set([
  'R8.7',
]);
