// SPDX-License-Identifier: Apache-2.0
// What the page knows of the market as a whole: its clock, places, products, and how fresh that is.
import { get } from '../api/client';
import type { List, Market, Place, Product, Stamp } from '../api/types';

interface Known {
  market: Market | null;
  places: Place[];
  products: Product[];
  sequence: number;
  /** Market time at the last message, and when that came by this device's own clock. */
  base: number;
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

/** Market time in milliseconds, running between messages at the market's own pace. */
export const marketNow = (): number => state.now || Date.now();

/** `live`, `late` (seconds old), or `offline`. */
export function freshness(): { kind: 'live' | 'late' | 'offline'; age: number } {
  void state.now;
  const age = state.heardAt ? Math.floor((performance.now() - state.heardAt) / 1000) : 0;
  if (!state.open) return { kind: 'offline', age };
  return { kind: age > 3 ? 'late' : 'live', age };
}

export function heard(stamp: Stamp | null): void {
  if (!stamp) return;
  if (stamp.sequence && stamp.sequence > state.sequence) state.sequence = stamp.sequence;
  const time = stamp.time ? Date.parse(stamp.time) : NaN;
  state.heardAt = performance.now();
  if (Number.isNaN(time)) return;
  // Time never decreases; a reply overtaken by another does not turn it back.
  if (time >= state.base) {
    state.base = time;
    advance();
  }
}

export function connected(open: boolean): void {
  state.open = open;
  if (open) state.heardAt = performance.now();
}

function advance(): void {
  if (!state.base) return;
  const passed = Math.min(performance.now() - state.heardAt, 5000);
  state.now = state.base + passed * (state.market?.clock_factor ?? 1);
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
  } catch {
    state.failed = true;
    setTimeout(() => void loadMarket(), 3000);
  }
}

export function startClock(): void {
  setInterval(advance, 250);
}
