// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { Lot } from '../api/types';
import { handAt } from './clock';

const start = Date.parse('2024-01-15T01:00:00Z');
const lot = (changes: object = {}, clock: object = {}): Lot =>
  ({
    side: 'sell',
    state: 'open',
    start: '14.500',
    best: null,
    clock: {
      session: 1,
      place: 1,
      started_at: '2024-01-15T01:00:00Z',
      from: '14.500',
      step: '0.050',
      floor: '14.420',
      tick_ms: 500,
      ...clock,
    },
    ...changes,
  }) as unknown as Lot;
const price = (at: number, of = lot()) => handAt(of, start + at)?.price;

describe('a falling clock (R5.3.3)', () => {
  it('falls by a step each tick, the last one shorter, and stands a full tick at the floor', () => {
    expect([0, 499, 500, 999, 1000, 1499].map((at) => price(at))).toEqual([
      '14.500', '14.500', '14.450', '14.450', '14.420', '14.420',
    ]);
    expect(handAt(lot(), start + 1499)?.phase).toBe('runs');
    expect(handAt(lot(), start + 1500)?.phase).toBe('over');
  });
  it('waits a tick after a take and goes on at the same price', () => {
    const waiting = lot({ best: '14.450' }, { from: '14.450', started_at: '2024-01-15T01:00:01Z' });
    expect(handAt(waiting, start + 600)).toMatchObject({ phase: 'waits', price: '14.450', toNext: 400 });
    expect(handAt(waiting, start + 1000)).toMatchObject({ phase: 'runs', price: '14.450' });
    expect(price(1500, waiting)).toBe('14.420');
  });
  it('rises where the buyer holds the clock', () => {
    const rising = lot({ side: 'buy', start: '14.000' }, { from: '14.000', floor: '14.080' });
    expect([0, 500, 1000].map((at) => price(at, rising))).toEqual(['14.000', '14.050', '14.080']);
  });
  it('shows the start before its turn and the last price after it', () => {
    expect(handAt(lot({ state: 'announced' }), start)).toMatchObject({ phase: 'before', price: '14.500', share: 1 });
    expect(handAt(lot({ state: 'sold', best: '14.450' }), start)).toMatchObject({ phase: 'over', price: '14.450' });
  });
});
