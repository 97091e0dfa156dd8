// SPDX-License-Identifier: Apache-2.0
// What a reader brings along, and what this browser keeps for them: files, and the market's key with one checkpoint.

export type Kind = 'receipt' | 'key' | 'checkpoint';

/** What a file's text is meant to be. What is nothing else is taken for a receipt, which then fails by its form. */
export function kindOf(text: string): Kind {
  if (/^[^\s+{]+\+[0-9a-f]{8}\+\S+\s*$/.test(text)) return 'key';
  return /^[^{\n]+\n\d+\n/.test(text) ? 'checkpoint' : 'receipt';
}

export interface Kept {
  key: string;
  note: string;
  /** When it was kept: RFC 3339. */
  at: string;
}

const stored = 'hulan.kept';

export function readKept(): Kept | null {
  try {
    const kept = JSON.parse(localStorage.getItem(stored) ?? 'null') as Kept | null;
    return kept && [kept.key, kept.note, kept.at].every((part) => typeof part === 'string') ? kept : null;
  } catch {
    return null;
  }
}

export function writeKept(kept: Kept | null): void {
  if (kept) localStorage.setItem(stored, JSON.stringify(kept));
  else localStorage.removeItem(stored);
}
