// SPDX-License-Identifier: Apache-2.0
// Who stands in the hall of a play: the demo market's staff and farms, and abattoirs admitted and funded for it.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { iso, root } from './market.mjs';

export class Hall {
  /** Ten abattoirs with money, three farms with money. */
  static async fill(market) {
    const hall = new Hall();
    hall.market = market;
    market.now = Date.parse((await market.call('GET', '/v1/market')).now);
    hall.operator = await market.signIn('demo-operator');
    hall.supervisor = await market.signIn('demo-supervisor');
    hall.second = await market.signIn('operator');
    hall.officer = await market.signIn('demo-settlement');
    hall.inspector = await market.signIn('demo-inspector');
    const administrator = await market.signIn('administrator');
    hall.farms = [];
    for (const login of ['farm-hulan', 'farm-acheng', 'farm-shuangcheng']) {
      const farm = await market.signIn(login);
      await hall.fund((await farm.get('/v1/me')).participant.id);
      hall.farms.push({ ...farm, papers: {} });
    }
    hall.buyers = [];
    for (let i = 0; i < 10; ++i) {
      const login = `abattoir-${i}`;
      const made = await hall.operator.post('/v1/participants', {
        name: { zh: `屠宰厂 ${i + 1}`, en: `Abattoir ${i + 1}`, ru: `Бойня ${i + 1}` },
        kind: 'slaughterhouse', form: 'legal_person', vat: 'general', region: '230111',
      });
      await hall.approve(made.id, hall.supervisor, hall.second);
      await administrator.post('/v1/users', {
        login, name: login, password: 'hulan-demo', roles: ['trader', 'finance'], participant: made.participant,
      });
      await hall.fund(made.participant);
      hall.buyers.push({ ...(await market.signIn(login)), participant: made.participant });
    }
    return hall;
  }

  async approve(id, ...by) {
    const open = await this.supervisor.get('/v1/approvals?state=open&limit=500');
    const { content } = open.items.find((row) => row.id === id);
    for (const who of by) await who.post(`/v1/approvals/${id}/approve`, { content });
  }

  credits = 0;
  async fund(participant) {
    const made = await this.officer.post('/v1/deposits', {
      participant,
      currency: 'CNY',
      amount: '30000000.00',
      bank_reference: `play-${++this.credits}-${this.market.now}`,
    });
    await this.approve(made.id, this.supervisor);
  }

  /** A draft of `head` hogs with tags and checked papers, to be collected after `sold`; gives its number. */
  async draft(farm, number, head, sold) {
    const lot = (await farm.post('/v1/lots', {
      product: 'live-hog', side: 'sell', quantity: String(head), average_kg: (108 + (number % 9)).toFixed(3),
      grade: 'outer-three-way', terms: 'destination', origin: '230111', place: '230111',
      pickup_from: iso(sold + 3600_000), pickup_until: iso(sold + 5 * 86_400_000),
      title: { zh: `第 ${number + 1} 批`, en: `Batch ${number + 1}`, ru: `Партия ${number + 1}` },
    })).id;
    await farm.post(`/v1/lots/${lot}/tags`, { ranges: [{ first: String(150_000_000_000_000 + lot * 1000), count: head }] });
    for (const kind of ['asf_test', 'immunization']) {
      farm.papers[kind] ??= await this.market.paper(farm, `${kind} of ${farm.login}`);
      const paper = await farm.post(`/v1/lots/${lot}/documents`, {
        kind, number: `P${lot}`, issued_at: iso(this.market.now - 86_400_000), expires_at: iso(sold + 20 * 86_400_000),
        sha256: farm.papers[kind],
      });
      await this.inspector.post(`/v1/lots/${lot}/documents/${paper.id}/check`);
    }
    return lot;
  }

  /** All farms side by side: `enter(farm, lot, number)` for each of `lots` drafts. Gives the seconds it took. */
  async catalogue(lots, head, sold, enter) {
    const began = Date.now();
    await Promise.all(this.farms.map(async (farm, at) => {
      for (let number = at; number < lots; number += this.farms.length) {
        await enter(farm, await this.draft(farm, number, head, sold), number);
      }
    }));
    return (Date.now() - began) / 1000;
  }

  /** A picture of a page of the market, as somebody sees it who is signed in or nobody. */
  async picture(file, path, { language = 'zh', width = 1280, who = null } = {}) {
    const { chromium } = createRequire(join(root, 'web/package.json'))('playwright-core');
    this.browser ??= await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
    const page = await (await this.browser.newContext({ viewport: { width, height: 860 } })).newPage();
    await page.addInitScript(([locale, token]) => {
      localStorage.setItem('hulan.locale', locale);
      if (token) sessionStorage.setItem('hulan.token', token);
    }, [language, who?.token ?? '']);
    await page.goto(this.market.url + path);
    await page.waitForTimeout(1500); // a picture only: nothing is decided by it
    await page.screenshot({ path: file });
    await page.close();
  }

  async close() {
    await this.browser?.close();
  }
}
