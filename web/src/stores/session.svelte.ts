// SPDX-License-Identifier: Apache-2.0
// Who looks at the page. Kept by window, so that two windows can be two people.
import { get, post } from '../api/client';
import type { Account, Me } from '../api/types';

const stored = 'hulan.token';
const state = $state<{ token: string | null; me: Me | null; role: string | null }>({
  token: sessionStorage.getItem(stored),
  me: null,
  role: sessionStorage.getItem('hulan.role'),
});
let changed = (): void => {};

export const token = (): string | null => state.token;
export const me = (): Me | null => state.me;
export const demoRole = (): string | null => (state.token ? state.role : null);
export const myId = (): number | null => state.me?.participant?.id ?? null;
export const roles = (): string[] => state.me?.roles ?? state.me?.user.roles ?? [];
export const has = (...wanted: string[]): boolean => roles().some((r) => wanted.includes(r));
export const staff = (): boolean =>
  has('operator', 'settlement_officer', 'inspector', 'supervisor', 'auditor', 'administrator');

export function onSessionChange(listener: () => void): void {
  changed = listener;
}

async function enter(token: string, role: string | null): Promise<void> {
  state.token = token;
  state.role = role;
  sessionStorage.setItem(stored, token);
  if (role) sessionStorage.setItem('hulan.role', role);
  else sessionStorage.removeItem('hulan.role');
  await loadMe();
  changed();
}

export async function loadMe(): Promise<void> {
  if (!state.token) return;
  try {
    state.me = await get<Me>('/v1/me');
  } catch {
    // A token that is no longer known has been dropped by `leave`; else the last known stands.
  }
}

export function accountChanged(account: Account): void {
  if (state.me) state.me.account = { ...state.me.account, ...account };
}

export async function become(role: string): Promise<void> {
  const reply = await post<{ token: string }>('/v1/demo/become', { role });
  await enter(reply.token, role);
}

export async function signIn(login: string, password: string): Promise<void> {
  const reply = await post<{ token: string }>('/v1/sessions', { login, password });
  await enter(reply.token, null);
}

export function leave(): void {
  if (!state.token) return;
  state.token = null;
  state.me = null;
  state.role = null;
  sessionStorage.removeItem(stored);
  sessionStorage.removeItem('hulan.role');
  changed();
}
