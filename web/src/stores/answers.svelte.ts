// SPDX-License-Identifier: Apache-2.0
// What the market has accepted from this window: the newest answers, for whoever wants their receipts (R13.2).
import type { CommandReply } from '../api/types';

export interface Answer {
  sequence: number;
  time?: string;
  leaf: string;
}

const stored = 'hulan.answers';
const most = 12;
const state = $state<{ list: Answer[] }>({ list: JSON.parse(sessionStorage.getItem(stored) ?? '[]') as Answer[] });

/** Newest first. */
export const answers = (): Answer[] => state.list;

function keep(list: Answer[]): void {
  state.list = list;
  sessionStorage.setItem(stored, JSON.stringify(list));
}

export function remember({ sequence, time, leaf }: CommandReply): void {
  if (!sequence || !leaf || state.list.some((a) => a.sequence === sequence)) return;
  keep([{ sequence, leaf, ...(time ? { time } : {}) }, ...state.list].slice(0, most));
}

/** Somebody else sits at this window now. */
export const forget = (): void => keep([]);
