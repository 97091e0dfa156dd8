// SPDX-License-Identifier: Apache-2.0
// A falling clock (R5.3.3), run by the page itself from when it started: the market decides, this shows.
import type { ClockOf, Lot } from '../api/types';
import { add, compare, sub } from './decimal';

export interface Hand {
  /** What the clock shows; before its turn where it will start, afterwards where it ended. */
  price: string;
  /** `before` its turn, `waits` a tick after a take, `runs`, `over`. */
  phase: 'before' | 'waits' | 'runs' | 'over';
  /** What is left of the way from start to floor, 1..0. */
  share: number;
  /** Milliseconds to the next step, while it runs or waits. */
  toNext: number;
}

/** Steps from `from` to the floor; the last one may be shorter. */
function stepsBetween(from: string, floor: string, step: string): number {
  const size = Math.round(Number(step) * 1000);
  const way = Math.abs(Math.round(Number(sub(from, floor)) * 1000));
  return size > 0 ? Math.ceil(way / size) : 0;
}

/** `from` after so many steps towards the floor, exactly. */
function stepped(clock: ClockOf, falls: boolean, steps: number): string {
  let price = clock.from;
  for (let i = 0; i < steps; ++i) {
    price = falls ? sub(price, clock.step) : add(price, clock.step);
    const beyond = compare(price, clock.floor) * (falls ? -1 : 1);
    if (beyond >= 0) return clock.floor;
  }
  return price;
}

export function handAt(lot: Lot, now: number): Hand | null {
  const clock = lot.clock;
  if (!clock) return null;
  const falls = lot.side === 'sell';
  const all = stepsBetween(lot.start ?? clock.from, clock.floor, clock.step) || 1;
  const share = (price: string): number => stepsBetween(price, clock.floor, clock.step) / all;
  if (lot.state === 'announced') return { price: lot.start ?? clock.from, phase: 'before', share: 1, toNext: 0 };
  const started = clock.started_at ? Date.parse(clock.started_at) : NaN;
  if (lot.state !== 'open' || Number.isNaN(started)) {
    const price = lot.best ?? clock.floor;
    return { price, phase: 'over', share: share(price), toNext: 0 };
  }
  if (now < started) return { price: clock.from, phase: 'waits', share: share(clock.from), toNext: started - now };
  const steps = stepsBetween(clock.from, clock.floor, clock.step);
  const ticks = Math.floor((now - started) / clock.tick_ms);
  const price = stepped(clock, falls, Math.min(ticks, steps));
  const over = ticks > steps;
  return {
    price,
    phase: over ? 'over' : 'runs',
    share: share(price),
    toNext: over ? 0 : started + (ticks + 1) * clock.tick_ms - now,
  };
}
