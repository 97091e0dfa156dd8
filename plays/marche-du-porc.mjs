#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
// A session as the Marché du Porc Breton runs it: 250 lots of 100 pigs on the falling clock, about five seconds each,
// ten buyers, each at a keyboard of its own (a WebSocket). Usage: plays/marche-du-porc.mjs [--lots 250] [--factor 8]
// [--pictures DIR]. Prints one JSON object; exit status 1 if a pig is lost or a buyer pays more than it bade.
import { join } from 'node:path';
import { Market, iso, root, sleep } from './market.mjs';

const option = (name, usual) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? usual : process.argv[at + 1];
};
const lots = Number(option('lots', 250));
const factor = Number(option('factor', 8));
const pictures = option('pictures', '');
const tickMs = 500, start = 14.8, step = 0.05, floor = 13.5, head = 100;

const market = await Market.start(factor);
const known = await market.call('GET', '/v1/market');
market.now = Date.parse(known.now);
const operator = await market.signIn('demo-operator');
const supervisor = await market.signIn('demo-supervisor');
const second = await market.signIn('operator');
const officer = await market.signIn('demo-settlement');
const inspector = await market.signIn('demo-inspector');
const administrator = await market.signIn('administrator');

async function approve(id, ...by) {
  const open = await supervisor.get('/v1/approvals?state=open&limit=500');
  const { content } = open.items.find((row) => row.id === id);
  for (const who of by) await who.post(`/v1/approvals/${id}/approve`, { content });
}
let credits = 0;
async function fund(participant) {
  const made = await officer.post('/v1/deposits', {
    participant,
    currency: 'CNY',
    amount: '30000000.00',
    bank_reference: `play-${++credits}-${market.now}`,
  });
  await approve(made.id, supervisor);
}

const farms = [];
for (const login of ['farm-hulan', 'farm-acheng', 'farm-shuangcheng']) {
  const farm = await market.signIn(login);
  const me = await farm.get('/v1/me');
  await fund(me.participant.id);
  farms.push({ ...farm, region: me.participant.region ?? '230111', papers: {} });
}
const buyers = [];
for (let i = 0; i < 10; ++i) {
  const login = `abattoir-${i}`;
  const made = await operator.post('/v1/participants', {
    name: { zh: `屠宰厂 ${i + 1}`, en: `Abattoir ${i + 1}`, ru: `Бойня ${i + 1}` },
    kind: 'slaughterhouse', form: 'legal_person', vat: 'general', region: '230111',
  });
  await approve(made.id, supervisor, second);
  await administrator.post('/v1/users', {
    login, name: login, password: 'hulan-demo', roles: ['trader', 'finance'], participant: made.participant,
  });
  await fund(made.participant);
  buyers.push({ ...(await market.signIn(login)), participant: made.participant });
}

// --- the catalogue ---
const clockNow = async () => (market.now = Date.parse((await market.call('GET', '/v1/market')).now));
const opens = (await clockNow()) + (20 + lots * 0.12) * 1000 * factor;
const session = await operator.post('/v1/trading-sessions', {
  product: 'live-hog', opens_at: iso(opens), tick_ms: tickMs,
  title: { zh: '时钟拍：二百五十批', en: 'On the clock, as in Brittany', ru: 'По часам, как в Бретани' },
});
async function enter(farm, number) {
  const lot = (await farm.post('/v1/lots', {
    product: 'live-hog', side: 'sell', quantity: String(head), average_kg: (108 + (number % 9)).toFixed(3),
    grade: 'outer-three-way', terms: 'destination', origin: '230111', place: '230111',
    pickup_from: iso(opens + 3600_000), pickup_until: iso(opens + 5 * 86_400_000),
    title: { zh: `第 ${number + 1} 批`, en: `Batch ${number + 1}`, ru: `Партия ${number + 1}` },
  })).id;
  await farm.post(`/v1/lots/${lot}/tags`, { ranges: [{ first: String(150_000_000_000_000 + lot * 1000), count: head }] });
  for (const kind of ['asf_test', 'immunization']) {
    farm.papers[kind] ??= await market.paper(farm, `${kind} of ${farm.login}`);
    const paper = await farm.post(`/v1/lots/${lot}/documents`, {
      kind, number: `P${lot}`, issued_at: iso(market.now - 86_400_000), expires_at: iso(opens + 20 * 86_400_000),
      sha256: farm.papers[kind],
    });
    await inspector.post(`/v1/lots/${lot}/documents/${paper.id}/check`);
  }
  await farm.post(`/v1/lots/${lot}/clock`, {
    session: session.id, start: start.toFixed(2), step: step.toFixed(2), floor: floor.toFixed(2), minimum: String(head / 2),
  });
}
const began = Date.now();
await Promise.all(farms.map(async (farm, at) => {
  for (let number = at; number < lots; number += farms.length) await enter(farm, number);
}));
const entered = (Date.now() - began) / 1000;

// --- the buyers: each sees the clock start, and presses when it shows what the lot is worth to it ---
const result = { taken: 0, late: 0, refused: {}, answers: [] };
const streams = [];
for (const [at, buyer] of buyers.entries()) {
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
let browser;
async function picture(name, lang, width) {
  if (!pictures) return;
  const { createRequire } = await import('node:module');
  const { chromium } = createRequire(join(root, 'web/package.json'))('playwright-core');
  browser ??= await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
  const page = await (await browser.newContext({ viewport: { width, height: 860 } })).newPage();
  await page.addInitScript((l) => localStorage.setItem('hulan.locale', l), lang);
  await page.goto(`${market.url}/session/${session.id}`);
  await page.waitForTimeout(1500); // a picture only: nothing is decided by it
  await page.screenshot({ path: join(pictures, `${name}.png`) });
  await page.close();
}

let row = await sheet();
let running = 0;
while (row.state !== 'ended') {
  await sleep(500);
  row = await sheet();
  if (row.state === 'running' && !running) running = Date.now();
  if (row.begun === Math.ceil(lots / 2) && pictures && !result.pictured) {
    result.pictured = true;
    await picture('marche-du-porc', 'zh', 1280);
  }
}
const seconds = ((Date.now() - running) / 1000) * factor;
await picture('marche-du-porc-results', 'en', 1280);
await browser?.close();
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
