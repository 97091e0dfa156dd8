// SPDX-License-Identifier: Apache-2.0
// For whom an agent asks (R2.5): in its own name, or for a principal under a mandate. Kept by window.
import { get } from '../api/client';
import type { List, Mandate } from '../api/types';
import { marketNow } from './market.svelte';
import { me, myId } from './session.svelte';

const stored = 'hulan.mandate';
const state = $state<{ mandates: Mandate[]; chosen: number | null }>({
  mandates: [],
  chosen: Number(sessionStorage.getItem(stored)) || null,
});

/** The mandates in force that the reader holds as an agent. */
export const held = (): Mandate[] =>
  state.mandates.filter((one) => one.agent.id === myId() && one.state === 'active' && Date.parse(one.expires_at) > marketNow());

/** The one that commands are sent under; null: in the reader's own name. */
export const acting = (): Mandate | null => held().find((one) => one.id === state.chosen) ?? null;

export function actFor(mandate: number | null): void {
  state.chosen = mandate;
  if (mandate) sessionStorage.setItem(stored, String(mandate));
  else sessionStorage.removeItem(stored);
}

/** Reads them again; to be called when the reader has changed or a mandate has. */
export async function loadMandates(): Promise<void> {
  if (me()?.participant?.kind !== 'agent') {
    state.mandates = [];
    return;
  }
  state.mandates = (await get<List<Mandate>>('/v1/mandates')).items;
}
