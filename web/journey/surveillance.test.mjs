// SPDX-License-Identifier: Apache-2.0
// The regulator's desk (R12.3): one buyer takes everything of a day, and the page shows it with the records.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { join } from 'node:path';
import { draft, marketNow } from './goods.mjs';
import { Market, isBuilt } from './market.mjs';
import { Browser, hasBrowser } from './people.mjs';

const skip = !isBuilt() ? 'the program is not built' : !hasBrowser() ? 'there is no chromium' : false;
const pictures = process.env.HULAN_PICTURES;
let market, browser;
const taken = [];

before(async () => {
  if (skip) return;
  market = await Market.start();
  await market.setUpStaff();
  await market.addProduct('live-hog');
  await market.addParticipant('farm', { zh: '呼兰北山养殖场', en: 'North Hill farm', ru: 'Ферма Бэйшань' }, 'producer', '300000.00', { region: '230111' });
  await market.addParticipant('packer', { zh: '松北屠宰', en: 'Songbei packing', ru: 'Сунбэй' }, 'slaughterhouse', '900000.00');
  const expires_at = new Date((await marketNow(market)) + 3600_000).toISOString();
  for (let i = 0; i < 5; ++i) {
    const lot = await draft(market, 'farm', 10);
    await market.post('farm', `/v1/lots/${lot}/listing`, { price: '15.000', expires_at });
    taken.push((await market.post('packer', `/v1/lots/${lot}/take`, { price: '15.000', quantity: '10' })).sequence);
  }
  browser = await Browser.start(market.url);
});
after(async () => {
  await browser?.stop();
  await market?.stop();
});

test('R12.3 the regulator sees who took a whole day, and the records that show it', { skip }, async () => {
  for (const [locale, width, words] of [['zh-CN', 1280, '集中度过高'], ['en-US', 390, 'Concentration'], ['ru-RU', 390, 'Концентрация']]) {
    const page = await browser.signedIn('auditor', { viewport: { width, height: 844 } });
    await page.evaluate((value) => localStorage.setItem('hulan.locale', value), locale.slice(0, 2));
    await page.goto('/desk/surveillance');
    const both = page.locator('article', { hasText: words });
    await both.first().waitFor();
    assert.match(await both.first().innerText(), /100 %/);
    await both.first().locator('summary').click();
    assert.match(await both.first().innerText(), new RegExp(taken.map((n) => `№ ${n}`).join(', ')));
    const scrollWidth = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(scrollWidth <= width + 1, 'the page fits');
    if (pictures) await page.screenshot({ path: join(pictures, `surveillance-${locale}.png`), fullPage: true });
  }
  assert.deepEqual(browser.troubles, []);
});
