// SPDX-License-Identifier: Apache-2.0
// What is halted now (R12.2), kept by the market's channel.
import { get } from '../api/client';
import type { Halt, List } from '../api/types';
import { listen } from './stream.svelte';

const state = $state<{ halts: Halt[] }>({ halts: [] });

export const halts = (): Halt[] => state.halts;

export async function loadHalts(): Promise<void> {
  try {
    state.halts = (await get<List<Halt>>('/v1/halts')).items;
  } catch {
    // The header's own notice says that the market cannot be reached.
  }
}

/** In a component that is always there. */
export function watchHalts(): void {
  $effect(() => void loadHalts());
  listen(
    () => 'market',
    (frame) => {
      if (frame.type === 'halts') state.halts = (frame.data as List<Halt>).items;
      else if (frame.op === 'snapshot') void loadHalts();
    },
  );
}
