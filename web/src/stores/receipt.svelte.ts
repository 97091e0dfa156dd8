// SPDX-License-Identifier: Apache-2.0
// A receipt asked of the market; until a checkpoint covers its record, it is asked for again.
import { text } from '../api/client';
import { Problem } from '../api/problem';

const askEvery = 3000;

/** In a component: `ask` hands the receipt over when it is there; asking ends with the component. */
export function receiptOf(sequence: () => number, have: (receipt: string) => void) {
  const state = $state<{ waiting: boolean; problem: Problem | null }>({ waiting: false, problem: null });
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function ask(): Promise<void> {
    clearTimeout(timer);
    state.waiting = true;
    state.problem = null;
    try {
      have(await text(`/v1/receipts/${sequence()}`, {}, 'application/json'));
    } catch (error) {
      const problem = Problem.of(error);
      if (problem.code === 'not_proved_yet') {
        timer = setTimeout(() => void ask(), askEvery);
        return;
      }
      state.problem = problem;
    }
    state.waiting = false;
  }
  $effect(() => () => clearTimeout(timer));
  return {
    get waiting() {
      return state.waiting;
    },
    get problem() {
      return state.problem;
    },
    ask,
  };
}
