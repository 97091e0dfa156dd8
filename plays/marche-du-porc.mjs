#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
// A session as the Marché du Porc Breton runs it: 250 lots of 100 pigs on the falling clock, about five seconds each,
// ten buyers, each at a keyboard of its own (a WebSocket). Usage: plays/marche-du-porc.mjs [--lots 250] [--factor 8]
// [--pictures DIR]. Prints one JSON object; exit status 1 if a pig is lost or a buyer pays more than it bade.
import { join } from 'node:path';
import { Hall } from './hall.mjs';
import { Market, iso, sleep } from './market.mjs';

const option = (name, usual) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? usual : process.argv[at + 1];
};
const lots = Number(option('lots', 250));
const factor = Number(option('factor', 8));
const pictures = option('pictures', '');
const tickMs = 500, start = 14.8, step = 0.05, floor = 13.5, head = 100;

const market = await Market.start(factor);
const hall = await Hall.fill(market);
// --- the catalogue ---
const clockNow = async () => (market.now = Date.parse((await market.call('GET', '/v1/market')).now));
const opens = (await clockNow()) + (20 + lots * 0.12) * 1000 * factor;
const session = await hall.operator.post('/v1/trading-sessions', {
  product: 'live-hog', opens_at: iso(opens), tick_ms: tickMs,
  title: { zh: '时钟拍：二百五十批', en: 'On the clock, as in Brittany', ru: 'По часам, как в Бретани' },
});
const entered = await hall.catalogue(lots, head, opens, (farm, lot) =>
  farm.post(`/v1/lots/${lot}/clock`, {
    session: session.id, start: start.toFixed(2), step: step.toFixed(2), floor: floor.toFixed(2), minimum: String(head / 2),
  }));

// --- the buyers: each sees the clock start, and presses when it shows what the lot is worth to it ---
const result = { taken: 0, late: 0, refused: {}, answers: [] };
const streams = [];
for (const [at, buyer] of hall.buyers.entries()) {
  const pressed = new Map();
  const stream = await market.stream(buyer, ['market'], (frame) => {
    if (frame.time) market.now = Math.max(market.now, Date.parse(frame.time));
    const lot = frame.data;
    if (frame.type !== 'lot' || lot?.clock?.session !== session.id || lot.state !== 'open' || !lot.clock.started_at) return;
    const from = Number(lot.clock.from), begins = Date.parse(lot.clock.started_at);
    const key = `${lot.id}:${lot.clock.started_at}`;
    if (pressed.has(key)) return;
    pressed.set(key, true);
    // What it is worth to this buyer: around ten ticks below the start, the same whenever it is asked.
    const ticks = 8 + ((lot.id * 31 + at * 17) % 11);
    const worth = start - ticks * step;
    const wait = Math.max(0, Math.round((from - worth) / step));
    const due = (begins + wait * tickMs - Date.parse(frame.time)) / factor;
    setTimeout(async () => {
      const sent = performance.now();
      const half = (lot.id + at) % 4 === 0;
      const reply = await stream.ask({
        op: 'take', lot: lot.id, price: Math.min(from, worth).toFixed(3),
        quantity: half && Number(lot.remaining) === head ? String(head / 2) : lot.remaining,
      });
      result.answers.push(performance.now() - sent);
      if (reply.ok) ++result.taken;
      else {
        const { code } = reply.problem;
        result.refused[code] = (result.refused[code] ?? 0) + 1;
      }
    }, Math.max(0, due));
  });
  streams.push(stream);
}

const sheet = () => market.call('GET', `/v1/trading-sessions/${session.id}`);
const page = `/session/${session.id}`;

let row = await sheet();
let running = 0;
while (row.state !== 'ended') {
  await sleep(500);
  row = await sheet();
  if (row.state === 'running' && !running) running = Date.now();
  if (row.begun === Math.ceil(lots / 2) && pictures && !result.pictured) {
    result.pictured = true;
    await hall.picture(join(pictures, 'marche-du-porc.png'), page);
  }
}
const seconds = ((Date.now() - running) / 1000) * factor;
if (pictures) await hall.picture(join(pictures, 'marche-du-porc-results.png'), page, { language: 'en' });
await hall.close();
for (const stream of streams) stream.close();

// --- every pig is somewhere, and nobody paid more than the clock showed ---
let sold = 0, left = 0, value = 0, wrong = 0;
for (const lot of row.catalogue) {
  const parts = lot.parts.reduce((sum, part) => sum + Number(part.quantity), 0);
  sold += parts;
  left += Number(lot.remaining);
  for (const part of lot.parts) value += Number(part.price) * Number(part.quantity) * Number(lot.average_kg ?? 0);
  if (parts + Number(lot.remaining) !== head) ++wrong;
}
const answers = result.answers.sort((a, b) => a - b);
const at = (share) => Number((answers[Math.floor(share * (answers.length - 1))] ?? 0).toFixed(1));
const good = wrong === 0 && row.catalogue.length === lots && sold > 0;
console.log(JSON.stringify({
  lots, head: lots * head, sold, left, contracts: result.taken, mean: row.mean,
  market_seconds: Math.round(seconds), seconds_a_lot: Number((seconds / lots).toFixed(2)), clock_factor: factor,
  entered_in_s: Math.round(entered), refused: result.refused, answer_ms: { p50: at(0.5), p99: at(0.99), most: at(1) }, good,
}));
await market.stop();
process.exit(good ? 0 : 1);
