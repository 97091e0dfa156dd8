// SPDX-License-Identifier: Apache-2.0
// One lot under the eyes of somebody who may bid on it.
import { get } from '../api/client';
import { Problem } from '../api/problem';
import type { Frame } from '../api/socket';
import type { Bid, BidEvent, List, Lot, TradingSession } from '../api/types';
import { withBid, withSession } from '../lib/lots';
import { token } from './session.svelte';
import { listen } from './stream.svelte';

const refreshing = ['closed', 'trade'];

/** In a component: a lot and its bids, kept by its channel. */
export function watchLot(id: () => number) {
  const state = $state<{ lot: Lot | null; bids: Bid[]; problem: Problem | null }>({
    lot: null,
    bids: [],
    problem: null,
  });

  /** Frames that changed the lot: an answer read while one came may be older than it. */
  let heard = 0;
  let turn = 0;

  async function reload(): Promise<void> {
    const wanted = id();
    const mine = ++turn;
    const before = heard;
    try {
      const [lot, bids] = await Promise.all([
        get<Lot>(`/v1/lots/${wanted}`),
        get<List<Bid>>(`/v1/lots/${wanted}/bids`, { limit: 500 }),
      ]);
      if (mine !== turn || wanted !== id()) return;
      if (heard !== before && state.lot?.id === wanted) return soon();
      state.lot = lot;
      state.bids = [...bids.items].sort((a, b) => (a.sequence ?? 0) - (b.sequence ?? 0));
      state.problem = null;
    } catch (error) {
      if (mine === turn) state.problem = Problem.of(error);
    }
  }

  function heardBid(frame: Frame): void {
    const bid = frame.data as BidEvent;
    if (!state.lot || bid.lot !== state.lot.id) return;
    state.lot = withBid(state.lot, bid);
    // One command may bring several bids: a proxy answers in the same breath (R5.3.5).
    if (state.bids.some((b) => b.sequence === frame.sequence && b.price === bid.price && b.bidder === bid.bidder)) return;
    state.bids.push({
      bidder: bid.bidder ?? '',
      price: bid.price,
      time: frame.time,
      sequence: frame.sequence,
      own: bid.leading,
    });
  }

  let pending: ReturnType<typeof setTimeout> | undefined;
  function soon(): void {
    clearTimeout(pending);
    pending = setTimeout(() => void reload(), 150);
  }

  $effect(() => {
    void token();
    void id();
    void reload();
    return () => clearTimeout(pending);
  });
  listen(
    () => `lot:${id()}`,
    (frame) => {
      if (frame.op === 'snapshot') {
        if (state.lot) soon();
        return;
      }
      heard += 1;
      if (frame.type === 'bid') heardBid(frame);
      else if (frame.type === 'lot') state.lot = frame.data as Lot;
      else if (frame.type && refreshing.includes(frame.type)) soon();
    },
  );

  listen(
    () => (state.lot?.shared_session ? 'market' : null),
    (frame) => {
      if (frame.type === 'session' && state.lot) state.lot = withSession(state.lot, frame.data as TradingSession);
    },
  );

  return {
    get lot() {
      return state.lot;
    },
    get bids() {
      return state.bids;
    },
    get problem() {
      return state.problem;
    },
    reload,
  };
}
