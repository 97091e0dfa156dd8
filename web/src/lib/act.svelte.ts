// SPDX-License-Identifier: Apache-2.0
// A step of a contract as something that is sent once, refused or done.
import { post } from '../api/client';
import { Problem } from '../api/problem';

export function act(contract: () => number, changed: () => Promise<void>) {
  const state = $state<{ busy: boolean; problem: Problem | null }>({ busy: false, problem: null });
  async function run(work: () => Promise<unknown>): Promise<boolean> {
    state.busy = true;
    state.problem = null;
    try {
      await work();
      await changed();
      return true;
    } catch (error) {
      state.problem = Problem.of(error);
      return false;
    } finally {
      state.busy = false;
    }
  }
  return {
    get busy() {
      return state.busy;
    },
    get problem() {
      return state.problem;
    },
    run,
    send: (step: string, body: unknown = {}) => run(() => post(`/v1/contracts/${contract()}/${step}`, body)),
  };
}
