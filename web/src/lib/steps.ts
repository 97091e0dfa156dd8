// SPDX-License-Identifier: Apache-2.0
// The way of a contract (R7.1) as a line of steps.
import type { Contract } from '../api/contract-types';

export const way = ['concluded', 'paid', 'scheduled', 'loaded', 'arrived', 'weighed', 'settled', 'closed'];
export const endings = ['closed', 'settled', 'defaulted', 'cancelled'];

/** The step whose doing leads out of a state. */
const leadsOn: Record<string, string> = {
  concluded: 'pay',
  paid: 'schedule',
  scheduled: 'load',
  loaded: 'arrive',
  arrived: 'weigh',
  weighed: 'accept',
  top_up: 'topup',
};
/** What the doors may call a step besides our own word for it. */
const aliases: Record<string, string> = { top_up: 'topup', 'dispute/end': 'dispute_end', 'claim/withdraw': 'claim_withdraw', 'claim/grant': 'claim_grant', settle: 'accept' };

export const stepName = (name: string): string => aliases[name] ?? name;

export interface WayStep {
  state: string;
  done: boolean;
  now: boolean;
  time: string | null;
  sequence: number | null;
}

export function wayOf(contract: Contract): WayStep[] {
  const seen = new Map((contract.timeline ?? []).map((t) => [t.state, t]));
  const straight = way.includes(contract.state);
  const states = straight
    ? way
    : [...way.filter((s) => seen.has(s) && s !== contract.state), contract.state];
  const at = states.indexOf(contract.state);
  return states.map((state, i) => ({
    state,
    done: i <= at,
    now: i === at + 1 && straight,
    time: seen.get(state)?.time ?? null,
    sequence: seen.get(state)?.sequence ?? null,
  }));
}

/** The main step that is open, by the server's word or else by the state. */
export const openStep = (contract: Contract): string | null => {
  const named = contract.step?.next;
  if (named) return stepName(named);
  return leadsOn[contract.state] ?? null;
};

const mainSteps = ['pay', 'schedule', 'load', 'arrive', 'weigh', 'adjustment', 'accept', 'topup', 'close', 'resale', 'cover', 'dispute_end', 'award'];

/** What this reader may do: the main forms first, then the ways out. */
export function doable(contract: Contract): { main: string[]; other: string[] } {
  const can = [...new Set((contract.can ?? []).map(stepName))];
  return { main: mainSteps.filter((s) => can.includes(s)), other: can.filter((s) => !mainSteps.includes(s)) };
}

/** Others may do a step too; it is the reader's turn only where the rules name them (R7.1). */
export function isTurn(contract: Contract, has: (role: string) => boolean): boolean {
  const may = doable(contract).main.length > 0;
  const who = contract.step?.actor;
  if (!may || !who) return may;
  return who === 'both' ? !!contract.my_side : who === contract.my_side || has(who);
}
