// SPDX-License-Identifier: Apache-2.0
// An agent acts for a principal, by the pages (R2.5): given, confirmed, chosen, a bid, a take, a step of the contract.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { join } from 'node:path';
import { draft, marketNow } from './goods.mjs';
import { Market, isBuilt, until } from './market.mjs';
import { Browser, hasBrowser, seen } from './people.mjs';

const skip = !isBuilt() ? 'the program is not built' : !hasBrowser() ? 'there is no chromium' : false;
const pictures = process.env.HULAN_PICTURES;
let market, browser, listed, auction;

const press = (page, name) => seen(page.locator('main').getByRole('button', { name })).first().click();
async function picture(page, name) {
  if (pictures) await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
}

before(async () => {
  if (skip) return;
  market = await Market.start((text) => text.replace('notice = "0 h"', 'notice = "1 s"'));
  await market.setUpStaff();
  await market.addProduct('live-hog');
  await market.addParticipant('farm', { zh: '呼兰北山养殖场', en: 'North Hill farm', ru: 'Ферма Бэйшань' }, 'producer', '200000.00', { vat: 'exempt_producer', region: '230111' });
  await market.addParticipant('packer', { zh: '松北屠宰', en: 'Songbei packing', ru: 'Сунбэй' }, 'slaughterhouse', '900000.00');
  await market.addParticipant('agent', { zh: '呼兰代理行', en: 'Hulan agency', ru: 'Агентство Хулань' }, 'agent', '1000.00');
  const at = (hours, now) => new Date(now + hours * 3600_000).toISOString();
  const now = await marketNow(market);
  listed = await draft(market, 'farm');
  await market.post('farm', `/v1/lots/${listed}/listing`, { price: '15.000', expires_at: at(5, now) });
  auction = await draft(market, 'farm', 50);
  await market.post('farm', `/v1/lots/${auction}/auction`, { start: '14.000', step: '0.010', open_at: at(0.002, now), close_at: at(5, now) });
  browser = await Browser.start(market.url);
});
after(async () => {
  await browser?.stop();
  await market?.stop();
});

test('R2.5 a packer gives a mandate, its agent bids, takes and pays for it by the pages', { skip }, async () => {
  const packer = await browser.signedIn('packer');
  const agent = await browser.signedIn('agent', { viewport: { width: 390, height: 844 }, hasTouch: true });
  await packer.goto('/account');
  await packer.getByLabel('代理商').selectOption({ label: '呼兰代理行' });
  await packer.getByLabel('方向').selectOption({ label: '买入' });
  await packer.getByLabel('总额上限（元）').fill('600000');
  await press(packer, '委托');
  await seen(packer.getByText('待代理商确认')).first().waitFor();
  await agent.goto('/account');
  await press(agent, '确认');
  const whom = agent.getByLabel('代表谁操作');
  await whom.waitFor();
  await whom.selectOption({ label: '松北屠宰' });
  await seen(agent.getByText('委托 1，剩余')).first().waitFor();
  await picture(agent, 'chosen-390');

  await agent.goto(`/lot/${auction}`);
  await until('the auction', async () => (await market.get(null, `/v1/lots/${auction}`)).state === 'open');
  await press(agent, /出价/);
  await until('the bid', async () => (await market.get('packer', `/v1/lots/${auction}`)).bids === 1);
  // 50 x 115 kg x 14.000: 5 % and 0.5 % of the principal's money, none of the agent's.
  assert.equal((await market.get('packer', '/v1/me')).account.performance_bond, '4025.00');
  assert.equal((await market.get('agent', '/v1/me')).account.performance_bond, '0.00');
  await picture(agent, 'bid-390');

  await agent.goto(`/lot/${listed}`);
  await press(agent, /摘牌/);
  await agent.waitForURL((url) => url.pathname.startsWith('/contract/'));
  const contract = Number(agent.url().split('/').at(-1));
  await picture(agent, 'contract-390');
  await press(agent, /付款/);
  await until('the payment', async () => (await market.get('packer', `/v1/contracts/${contract}`)).state === 'paid');
  await agent.goto('/contracts');
  await seen(agent.getByText('松北屠宰')).first().waitFor();

  // In its own name the agent is asked to take the step on first, and may not bid within its means.
  await whom.selectOption('0');
  await agent.goto(`/contract/${contract}`);
  await seen(agent.getByText('按委托 1 办理')).first().waitFor();
  await picture(agent, 'asked-390');
  if (!pictures) return;
  for (const locale of ['en', 'ru']) {
    await agent.evaluate((value) => localStorage.setItem('hulan.locale', value), locale);
    await agent.goto(`/contract/${contract}`);
    await agent.waitForLoadState('networkidle');
    await picture(agent, `asked-${locale}-390`);
  }
});
