// SPDX-License-Identifier: Apache-2.0
// What an inspector types, added up while it is typed (R8.2).
import { add, compare, sub, sum, typed } from './decimal';

export interface TruckInput {
  gross: string;
  tare: string;
}
export interface GroupInput {
  head: string;
  net: string;
  grade: string;
  /** Code of the single-animal class, empty for none. */
  single: string;
}

const value = (text: string): string => typed(text) ?? '0';

export const netOf = (trucks: TruckInput[]): string => sum(trucks.map((t) => sub(value(t.gross), value(t.tare))));

export interface Check {
  net: string;
  live: string;
  weightGap: string;
  headGap: string;
  fits: boolean;
}

/** `head`: what was delivered, the dead among it. */
export function check(trucks: TruckInput[], groups: GroupInput[], head: string, dead: string): Check {
  const net = netOf(trucks);
  const live = sub(value(head), value(dead));
  const weightGap = sub(net, sum(groups.map((g) => value(g.net))));
  const headGap = sub(live, sum(groups.map((g) => value(g.head))));
  const fits = compare(weightGap, '0') === 0 && compare(headGap, '0') === 0 && compare(net, '0') > 0;
  return { net, live, weightGap, headGap, fits };
}

/** Gives the last group what the others leave. */
export function fillLast(groups: GroupInput[], gap: Check): void {
  const last = groups.at(-1);
  if (!last) return;
  last.net = add(value(last.net), gap.weightGap);
  last.head = add(value(last.head), gap.headGap);
}
