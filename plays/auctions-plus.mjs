#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
// A sale as AuctionsPlus runs it: 80 lots open at once on one shared clock that any bid restarts and that shrinks every
// five minutes; ten buyers, each at a WebSocket of its own. Usage: plays/auctions-plus.mjs [--lots 80] [--factor 8]
// [--pictures DIR]. Prints one JSON object; exit status 1 if the clock ran otherwise than the rule says, worked out again
// here from the bids alone, or if a lot went to anybody but who bade most.
import { join } from 'node:path';
import { Hall } from './hall.mjs';
import { Market, iso, sleep } from './market.mjs';

const option = (name, usual) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? usual : process.argv[at + 1];
};
const lots = Number(option('lots', 80));
const factor = Number(option('factor', 8));
const pictures = option('pictures', '');
const head = 100, start = 13.8, step = 0.05;

const market = await Market.start(factor);
const hall = await Hall.fill(market);

// --- the catalogue ---
market.now = Date.parse((await market.call('GET', '/v1/market')).now);
const opens = market.now + (20 + lots * 0.12) * 1000 * factor;
const session = await hall.operator.post('/v1/trading-sessions', {
  product: 'live-hog', kind: 'shared_clock', opens_at: iso(opens),
  title: { zh: '共用时钟：八十批', en: 'Eighty lots, one clock', ru: 'Восемьдесят лотов, одни часы' },
});
const entered = await hall.catalogue(lots, head, opens, (farm, lot, number) =>
  farm.post(`/v1/lots/${lot}/shared-clock`, {
    session: session.id, start: start.toFixed(2), step: step.toFixed(2),
    ...(number % 8 === 0 ? { reserve: (start + 0.4).toFixed(2) } : {}),
  }));

// --- the buyers: each looks up every few seconds and bids on the lot that is cheapest for what it is worth to it ---
const result = { bids: 0, refused: {}, answers: [], record: [], closes: 0 };
const streams = [];
let over = false;
const worth = (lot, at) => start + ((lot * 37 + at * 53) % 17) * step;
for (const [at, buyer] of hall.buyers.entries()) {
  const known = new Map();
  const stream = await market.stream(buyer, ['market'], (frame) => {
    if (frame.time) market.now = Math.max(market.now, Date.parse(frame.time));
    if (frame.op === 'snapshot') for (const lot of frame.data.lots ?? []) known.set(lot.id, lot);
    if (frame.type === 'lot') known.set(frame.data.id, { ...known.get(frame.data.id), ...frame.data });
    if (frame.type === 'bid') {
      known.set(frame.data.lot, { ...known.get(frame.data.lot), ...frame.data, id: frame.data.lot });
      if (at === 0) result.record.push({ time: Date.parse(frame.time), closes: Date.parse(frame.data.close_at) });
    }
    if (frame.type === 'session' && frame.data.id === session.id && frame.data.state === 'ended') over = true;
  });
  streams.push(stream);
  const think = async () => {
    while (!over) {
      await sleep((6000 + ((at * 7919 + result.bids * 104_729) % 9000)) / factor);
      const bargains = [...known.values()]
        .filter((lot) => lot.shared_session === session.id && lot.state === 'open' && !lot.leading && lot.next_bid)
        .map((lot) => ({ lot, gain: worth(lot.id, at) - Number(lot.next_bid) }))
        .filter(({ gain }) => gain >= 0)
        .sort((a, b) => b.gain - a.gain);
      if (!bargains.length) continue;
      const { lot } = bargains[(at + result.bids) % Math.min(3, bargains.length)];
      const sent = performance.now();
      const reply = await stream.ask({ op: 'bid', lot: lot.id, price: lot.next_bid });
      result.answers.push(performance.now() - sent);
      if (reply.ok) ++result.bids;
      else result.refused[reply.problem.code] = (result.refused[reply.problem.code] ?? 0) + 1;
    }
  };
  void think();
}

const page = `/session/${session.id}`;
let row = await market.call('GET', `/v1/trading-sessions/${session.id}`);
while (row.state !== 'ended') {
  await sleep(500);
  row = await market.call('GET', `/v1/trading-sessions/${session.id}`);
  if (pictures && row.state === 'running' && result.bids >= lots && !result.pictured) {
    result.pictured = true;
    await hall.picture(join(pictures, 'auctions-plus.png'), page, { who: hall.buyers[0] });
  }
}
over = true;
if (pictures) await hall.picture(join(pictures, 'auctions-plus-results.png'), page, { language: 'en' });
await hall.close();
for (const stream of streams) stream.close();

// --- the clock worked out again from the bids: 60 s, ten less every five minutes, at least 20 s, never shortened ---
const began = Date.parse((await market.call('GET', `/v1/lots/${row.catalogue[0].lot}`)).open_at);
let closes = null, wrong = 0;
const shrinks = new Set();
for (const bid of result.record.sort((a, b) => a.time - b.time)) {
  // The opening has its own moment, at most a tick of the market after the announced one.
  const length = Math.max(20, 60 - 10 * Math.floor((bid.time - began) / 300_000)) * 1000;
  const earlier = Math.max(20, 60 - 10 * Math.floor((bid.time - began - 1500 * factor) / 300_000)) * 1000;
  const fits = [length, earlier].some((each) => Math.abs(Math.max(closes ?? 0, bid.time + each) - bid.closes) <= 1);
  if (!fits) ++wrong;
  closes = bid.closes;
  shrinks.add(length / 1000);
}
let sold = 0, unsold = 0, exclusive = 0;
for (const { lot } of row.catalogue) {
  const now = await market.call('GET', `/v1/lots/${lot}`);
  const { items } = await market.call('GET', `/v1/lots/${lot}/bids?limit=500`);
  const best = Math.max(0, ...items.map((bid) => Number(bid.price)));
  if (now.state === 'sold') ++sold;
  else if (now.state === 'exclusive') ++exclusive;
  else ++unsold;
  if (now.state === 'sold' && Number(now.best) !== best) ++wrong;
  if (now.state === 'open' || Date.parse(now.close_at) !== closes) ++wrong;
}
const answers = result.answers.sort((a, b) => a - b);
const at = (share) => Number((answers[Math.floor(share * (answers.length - 1))] ?? 0).toFixed(1));
const good = wrong === 0 && row.catalogue.length === lots && sold > 0 && result.bids === result.record.length;
console.log(JSON.stringify({
  lots, sold, exclusive, unsold, bids: result.bids, mean: row.mean, lengths_s: [...shrinks],
  market_seconds: Math.round((Date.parse(row.ended_at) - began) / 1000), clock_factor: factor, entered_in_s: Math.round(entered),
  refused: result.refused, answer_ms: { p50: at(0.5), p99: at(0.99), most: at(1) }, wrong, good,
}));
await market.stop();
process.exit(good ? 0 : 1);
