// SPDX-License-Identifier: Apache-2.0
// The catalogue, kept alive by the market channel.
import { get } from '../api/client';
import { Problem } from '../api/problem';
import type { Frame } from '../api/socket';
import type { BidEvent, List, Lot, TradingSession } from '../api/types';
import { withBid, withSession } from '../lib/lots';
import { token } from './session.svelte';

const state = $state<{ lots: Record<number, Lot>; loaded: boolean; problem: Problem | null; tradeCount: number }>({
  lots: {},
  loaded: false,
  problem: null,
  tradeCount: 0,
});

export const lots = (): Lot[] => Object.values(state.lots).sort((a, b) => b.id - a.id);
export const lotsLoaded = (): boolean => state.loaded;
export const lotsProblem = (): Problem | null => state.problem;
/** Grows with each trade heard: who shows prices reads them anew. */
export const tradeCount = (): number => state.tradeCount;

/** At most this many are held; the newest win. */
const most = 500;

/** When each lot was last heard of, in frames: a list asked for before that may say something older of it. */
const heard = new Map<number, number>();
let frames = 0;

export async function loadLots(): Promise<void> {
  const before = frames;
  try {
    const [live, ended, mine] = await Promise.all([
      get<List<Lot>>('/v1/lots', { state: 'live', limit: most }),
      get<List<Lot>>('/v1/lots', { state: 'closed', limit: 60 }),
      token() ? get<List<Lot>>('/v1/lots', { limit: most, mine: true }) : null,
    ]);
    const found = [...live.items, ...ended.items, ...(mine?.items ?? [])];
    state.lots = Object.fromEntries(found.map((lot) => [lot.id, ((heard.get(lot.id) ?? 0) > before && state.lots[lot.id]) || lot]));
    state.problem = null;
    state.loaded = true;
  } catch (error) {
    state.problem = Problem.of(error);
  }
}

/** A public event does not know whose token looks: what was known of that stays. */
function keepOwn(lot: Lot): Lot {
  const before = state.lots[lot.id];
  if (!before) return lot;
  return {
    ...lot,
    mine: lot.mine ?? before.mine,
    leading: lot.leading ?? before.leading,
    outbid: lot.outbid ?? before.outbid,
    my_maximum: lot.my_maximum ?? before.my_maximum,
  };
}

export function heardLots(frame: Frame): void {
  if (frame.op === 'snapshot') {
    const data = frame.data as { lots?: Lot[]; items?: Lot[] } | Lot[] | null;
    const all = Array.isArray(data) ? data : (data?.lots ?? data?.items);
    for (const lot of all ?? []) state.lots[lot.id] = keepOwn(lot);
    return;
  }
  if (frame.type === 'lot') {
    const lot = frame.data as Lot;
    heard.set(lot.id, ++frames);
    if (lot.state !== 'draft' || lot.mine) state.lots[lot.id] = keepOwn(lot);
  } else if (frame.type === 'bid') {
    const bid = frame.data as BidEvent;
    heard.set(bid.lot, ++frames);
    const lot = state.lots[bid.lot];
    if (lot) state.lots[bid.lot] = withBid(lot, bid);
  } else if (frame.type === 'session') {
    const session = frame.data as TradingSession;
    for (const lot of Object.values(state.lots)) {
      if (lot.shared_session === session.id) state.lots[lot.id] = withSession(lot, session);
    }
  } else if (frame.type === 'closed') {
    const { lot: id, contract } = frame.data as { lot: number; contract?: number | null };
    heard.set(id, ++frames);
    const lot = state.lots[id];
    if (lot && lot.state === 'open') state.lots[id] = { ...lot, state: contract ? 'sold' : 'unsold' };
  } else if (frame.type === 'trade') {
    state.tradeCount += 1;
  }
}
