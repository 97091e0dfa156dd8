// SPDX-License-Identifier: Apache-2.0
// Something read from the market: the last known value stays while a newer one is on its way.
import { Problem } from '../api/problem';

export interface Loaded<T> {
  readonly value: T | null;
  readonly problem: Problem | null;
  readonly loading: boolean;
  reload: () => Promise<void>;
  set: (value: T) => void;
}

/** In a component: reads anew whenever what `read` looks at changes. */
export function load<T>(read: () => Promise<T> | null): Loaded<T> {
  let box = $state.raw({ value: null as T | null, problem: null as Problem | null, loading: true });
  let turn = 0;
  async function run(promise: Promise<T> | null): Promise<void> {
    const mine = ++turn;
    if (!promise) {
      box = { value: null, problem: null, loading: false };
      return;
    }
    try {
      const value = await promise;
      if (mine === turn) box = { value, problem: null, loading: false };
    } catch (error) {
      if (mine === turn) box = { value: box.value, problem: Problem.of(error), loading: false };
    }
  }
  $effect(() => {
    void run(read());
  });
  return {
    get value() {
      return box.value;
    },
    get problem() {
      return box.problem;
    },
    get loading() {
      return box.loading;
    },
    reload: () => run(read()),
    set: (value: T) => {
      box = { value, problem: null, loading: false };
    },
  };
}
