// SPDX-License-Identifier: Apache-2.0
// What the page knows of the market as a whole: its clock, places, products, and how fresh that is.
import { get } from '../api/client';
import type { List, Market, Place, Product, Stamp } from '../api/types';

interface Known {
  market: Market | null;
  places: Place[];
  products: Product[];
  sequence: number;
  /** The market's time when it was last told, and when that was by this device's own clock. */
  base: number;
  baseAt: number;
  /** The market's seconds per second. */
  pace: number;
  /** The pace that two measures in a row agree on, for the reader. */
  steady: number;
  heardAt: number;
  now: number;
  open: boolean;
  failed: boolean;
}
const state = $state<Known>({
  market: null,
  places: [],
  products: [],
  sequence: 0,
  base: 0,
  baseAt: 0,
  pace: 1,
  steady: 1,
  heardAt: 0,
  now: 0,
  open: false,
  failed: false,
});

export const market = (): Market | null => state.market;
export const places = (): Place[] => state.places;
export const products = (): Product[] => state.products;
export const sequence = (): number => state.sequence;
export const place = (code: string | undefined): Place | undefined =>
  state.places.find((p) => p.code === code);
export const product = (key: number | string | undefined): Product | undefined =>
  state.products.find((p) => p.id === Number(key) || p.code === key);

/** The market's seconds per second. */
export const pace = (): number => state.steady;

/** Market time in milliseconds, running between messages at the market's own pace. */
export const marketNow = (): number => state.now || Date.now();

/** The same to the moment, for hands that move faster than the page's own beat. */
export function marketExact(): number {
  if (!state.base) return Date.now();
  const until = Math.min(performance.now(), state.heardAt + 6000);
  return Math.max(state.now, state.base + (until - state.baseAt) * state.pace);
}

/** `live`, `late` (seconds old), or `offline`. */
export function freshness(): { kind: 'live' | 'late' | 'offline'; age: number } {
  void state.now;
  const age = state.heardAt ? Math.floor((performance.now() - state.heardAt) / 1000) : 0;
  if (!state.open) return { kind: 'offline', age };
  return { kind: age > 3 ? 'late' : 'live', age };
}

/** Any message from the market. `now`: its time is the present, not when something happened. */
export function heard(stamp: Stamp | null, now = false): void {
  if (!stamp) return;
  if (stamp.sequence && stamp.sequence > state.sequence) state.sequence = stamp.sequence;
  state.heardAt = performance.now();
  const time = stamp.time ? Date.parse(stamp.time) : NaN;
  if (Number.isNaN(time)) return;
  if (now) tell(time);
  else if (time > state.now) advanceTo(time);
}

let measured = 1;
function tell(time: number): void {
  const at = performance.now();
  const passed = at - state.baseAt;
  // The pace of a demonstration changes; one measure alone may be a jump ahead.
  if (state.base && passed > 900) {
    const before = measured;
    measured = Math.max(0, (time - state.base) / passed);
    state.pace = state.market?.demo ? Math.min(before, measured) : 1;
    if (Math.abs(measured - before) < 0.1 * before) state.steady = Math.max(1, Math.round(measured));
  }
  if (passed > 900 || !state.base) Object.assign(state, { base: time, baseAt: at });
  // It never goes back for a network's unevenness, only where it was plainly ahead.
  if (time > state.now || state.now - time > 1500 * Math.max(1, state.pace)) state.now = time;
}

function advanceTo(time: number): void {
  Object.assign(state, { base: time, baseAt: performance.now(), now: time });
}

export function connected(open: boolean): void {
  state.open = open;
  if (open) state.heardAt = performance.now();
}

function advance(): void {
  if (!state.base) return;
  // Without news the clock stands still after a while: it says what it knows.
  const until = Math.min(performance.now(), state.heardAt + 6000);
  state.now = Math.max(state.now, state.base + (until - state.baseAt) * state.pace);
}

const items = <T>(reply: List<T> | T[]): T[] => (Array.isArray(reply) ? reply : reply.items);

export async function loadMarket(): Promise<void> {
  try {
    const [market, places, products] = await Promise.all([
      get<Market>('/v1/market'),
      get<List<Place> | Place[]>('/v1/places'),
      get<List<Product> | Product[]>('/v1/products'),
    ]);
    Object.assign(state, { market, places: items(places), products: items(products), failed: false });
    if (market.now) tell(Date.parse(market.now));
  } catch {
    state.failed = true;
    setTimeout(() => void loadMarket(), 3000);
  }
}

export function startClock(): void {
  setInterval(advance, 250);
}
