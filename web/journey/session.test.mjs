// SPDX-License-Identifier: Apache-2.0
// A session by the pages: the operator announces it, a farm enters lots, a buyer takes a quota and stops the clock,
// the rest goes to the quota (R5.3.3); a catalogue on one shared clock (R5.3.2); a lot in parts (R5.3.7).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { join } from 'node:path';
import { draft, marketNow } from './goods.mjs';
import { Market, isBuilt, until } from './market.mjs';
import { Browser, hasBrowser, local, seen } from './people.mjs';

const skip = !isBuilt() ? 'the program is not built' : !hasBrowser() ? 'there is no chromium' : false;
const pictures = process.env.HULAN_PICTURES;
let market, browser, operator, farm, packer;

const press = (page, name) => seen(page.locator('main').getByRole('button', { name, exact: true })).first().click();
async function picture(page, name) {
  if (pictures) await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
}
/** Announces on the desk; the session's number. */
async function announce(kind, seconds, title, unsold) {
  await operator.goto('/desk/sessions');
  await operator.getByLabel('方式').first().selectOption(kind);
  await operator.getByLabel('品种').selectOption('live-hog');
  await operator.getByLabel('开场时间').fill(local((await marketNow(market)) + seconds * 1000));
  await operator.getByLabel('名称 (zh)').fill(title);
  if (unsold) {
    await operator.getByLabel('流拍的标的').selectOption(unsold);
    await operator.getByLabel('每拍（毫秒）').fill('500');
    await operator.getByLabel('两个标的之间（秒）').fill('1');
  }
  await picture(operator, `desk-${kind}`);
  await press(operator, '公告场次');
  const said = operator.locator('main [role=status]', { hasText: '已公告' });
  await said.waitFor();
  return Number((await said.innerText()).match(/\d+/)[0]);
}
/** Enters a lot by the owner's form. */
async function enter(lot, method, fields) {
  await farm.goto(`/lot/${lot}`);
  await seen(farm.getByText(method, { exact: true })).last().click();
  for (const [label, value] of Object.entries(fields)) await seen(farm.getByLabel(label)).first().fill(value);
  await picture(farm, `owner-${method}`);
  await press(farm, '进入场次');
  await until('the notice', async () => (await market.get('packer', `/v1/lots/${lot}`)).state === 'announced', 15_000);
}
const sheet = (id) => market.get('packer', `/v1/trading-sessions/${id}`);

before(async () => {
  if (skip) return;
  market = await Market.start((text) => text.replace('notice = "0 h"', 'notice = "1 s"'));
  await market.setUpStaff();
  await market.addProduct('live-hog');
  await market.addParticipant('farm', { zh: '呼兰北山养殖场', en: 'North Hill farm', ru: 'Ферма Бэйшань' }, 'producer', '300000.00', { region: '230111' });
  await market.addParticipant('packer', { zh: '松北屠宰', en: 'Songbei packing', ru: 'Сунбэй' }, 'slaughterhouse', '900000.00');
  browser = await Browser.start(market.url);
  [operator, farm, packer] = await Promise.all([
    browser.signedIn('operator'),
    browser.signedIn('farm', { viewport: { width: 390, height: 844 } }),
    browser.signedIn('packer'),
  ]);
});
after(async () => {
  await browser?.stop();
  await market?.stop();
});

test('R5.3.3 a session announced, entered, bid for and its rest allotted, all by the pages', { skip }, async () => {
  const lots = [await draft(market, 'farm'), await draft(market, 'farm')];
  const session = await announce('cadran', 35, '秋季时钟拍', 'allocate');
  for (const lot of lots) await enter(lot, '时钟拍', { 起拍价: '15.00', 变价幅度: '0.05', 底价: '14.80', 最小摘牌量: '10' });
  await packer.goto(`/session/${session}`);
  await packer.getByLabel('最多要多少').fill('60');
  await press(packer, '申请配额');
  await packer.getByText('已登记').waitFor();
  await picture(packer, 'quota');
  await until('the clock', async () => (await sheet(session)).state === 'running', 90_000);
  await seen(packer.getByRole('button', { name: /停钟摘取/ })).first().click();
  await until('the end', async () => (await sheet(session)).state === 'ended');
  const row = await sheet(session);
  const sold = row.catalogue.flatMap((lot) => lot.parts.map((part) => Number(part.quantity)));
  // 100 head were taken from the clock; of the other lot the quota's 60 at the mean
  assert.deepEqual(sold.sort((a, b) => a - b), [60, 100]);
  await picture(packer, 'sheet');
});

test('R5.3.2, R5.3.7 a catalogue on one clock, and a lot that goes in parts', { skip }, async () => {
  const session = await announce('shared_clock', 30, '共用时钟场', null);
  const lot = await draft(market, 'farm');
  await enter(lot, '共用时钟', { 起拍价: '14.00', 变价幅度: '0.05' });
  assert.equal((await sheet(session)).lots, 1);
  const parts = await draft(market, 'farm');
  await farm.goto(`/lot/${parts}`);
  await seen(farm.getByLabel('起拍价')).first().fill('14.00');
  await farm.getByLabel('成交方式').selectOption('uniform');
  await farm.getByLabel('最小摘牌量').fill('10');
  const now = await marketNow(market);
  await farm.getByLabel('开始时间').fill(local(now + 5_000));
  await farm.getByLabel('截止时间').fill(local(now + 65_000));
  await picture(farm, 'owner-parts');
  await press(farm, '公告竞价');
  await until('the notice', async () => (await market.get('packer', `/v1/lots/${parts}`)).parts?.award === 'uniform', 10_000);
  assert.deepEqual(browser.troubles, []);
});
