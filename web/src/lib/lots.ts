// SPDX-License-Identifier: Apache-2.0
// What a lot is to somebody who looks at it now.
import type { BidEvent, Lot, TradingSession } from '../api/types';

export const liveStates = ['listed', 'announced', 'open', 'exclusive', 'opening'];
export const endedStates = ['sold', 'unsold', 'expired', 'withdrawn', 'carried'];

export const isLive = (lot: Lot): boolean => liveStates.includes(lot.state);
export const isAuction = (lot: Lot): boolean => lot.method === 'ascending';
/** The word for its method: a buyer's auction runs downwards. */
export const methodCode = (lot: Lot): string =>
  isAuction(lot) && lot.side === 'buy' ? 'reverse' : lot.method;

/** The moment that matters next: the opening of what is announced, else the close. */
export function turningPoint(lot: Lot): number | null {
  const at =
    lot.state === 'announced' ? lot.open_at : lot.state === 'exclusive' ? lot.exclusive_until : lot.close_at;
  return at ? Date.parse(at) : null;
}

/** What a bid changes, laid over what was known. */
export function withBid(lot: Lot, bid: BidEvent): Lot {
  return {
    ...lot,
    price: bid.price,
    best: bid.price,
    bids: bid.bids,
    close_at: bid.close_at ?? lot.close_at,
    next_bid: bid.next_bid ?? null,
    next_bond: bid.next_bond ?? null,
    leading: bid.leading ?? false,
    outbid: bid.outbid ?? (lot.leading && !bid.leading) ?? false,
    state: lot.state === 'announced' ? 'open' : lot.state,
  };
}

/** R5.3.2: a bid on any lot of the catalogue moves the close of all. */
export const withSession = (lot: Lot, session: TradingSession): Lot =>
  lot.shared_session === session.id && lot.state === 'open' && session.closes_at
    ? { ...lot, close_at: session.closes_at }
    : lot;

export const pictureOf = (lot: { photos?: string[]; picture?: string | null }): string => {
  const photo = lot.photos?.[0];
  if (photo) return `/v1/documents/${photo}`;
  const drawn = lot.picture ?? '/pictures/farm.svg';
  if (drawn.startsWith('/')) return drawn;
  return `/pictures/${drawn}${drawn.includes('.') ? '' : '.svg'}`;
};
