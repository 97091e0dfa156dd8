// SPDX-License-Identifier: Apache-2.0
// Whose word the page of proof takes: a key that the reader brought or kept, else the market's own; and the kept checkpoint.
import { text } from '../api/client';
import { Problem } from '../api/problem';
import { readKept, writeKept, type Kept } from '../proof/kept';

export type KeySource = 'given' | 'kept' | 'market';

export function whoseWord() {
  const state = $state<{
    given: string | null;
    market: string | null;
    kept: Kept | null;
    note: string | null;
    problem: Problem | null;
  }>({ given: null, market: null, kept: readKept(), note: null, problem: null });

  async function ask(): Promise<void> {
    state.problem = null;
    try {
      state.market = (await text('/v1/checkpoints/key', {}, 'text/plain')).trim();
    } catch (error) {
      state.problem = Problem.of(error);
    }
  }
  void ask();
  const source = $derived<KeySource>(state.given ? 'given' : state.kept ? 'kept' : 'market');
  return {
    ask,
    get source() {
      return source;
    },
    get key() {
      return state.given ?? state.kept?.key ?? state.market;
    },
    get market() {
      return state.market;
    },
    get kept() {
      return state.kept;
    },
    /** The checkpoint that the reader brought, else the one that this browser keeps. */
    get note() {
      return state.note ?? state.kept?.note ?? null;
    },
    get problem() {
      return state.problem;
    },
    /** The market shows another key today than the one that the reader trusts. */
    get differs() {
      return !!state.market && source !== 'market' && state.market !== (state.given ?? state.kept?.key);
    },
    giveKey: (key: string | null) => (state.given = key?.trim() || null),
    giveNote: (note: string | null) => (state.note = note),
    keep(kept: Kept | null) {
      state.kept = kept;
      state.note = null;
      writeKept(kept);
    },
  };
}
export type Word = ReturnType<typeof whoseWord>;
