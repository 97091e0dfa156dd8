// SPDX-License-Identifier: Apache-2.0
// A sealed auction played by the pages (R5.3.4): two bidders seal in their browsers, nobody sees a price before the
// opening, and everybody's browser checks all envelopes after it.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { join } from 'node:path';
import { draft } from './goods.mjs';
import { Market, hulan, isBuilt, until } from './market.mjs';
import { Browser, hasBrowser, seen } from './people.mjs';

const skip = !isBuilt() ? 'the program is not built' : !hasBrowser() ? 'there is no chromium' : false;
const pictures = process.env.HULAN_PICTURES;
let market, browser, lot, key, shares;

const shown = () => market.call('wang', 'GET', `/v1/lots/${lot}`);
async function picture(page, name) {
  if (pictures) await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: false });
}

before(async () => {
  if (skip) return;
  market = await Market.start((text) => text.replace('notice = "0 h"', 'notice = "1 s"'));
  await market.setUpStaff();
  await market.addProduct('live-hog');
  await market.addParticipant('farm', { zh: '北山养殖场', en: 'North Hill farm', ru: 'Бэйшань' }, 'producer', '200000.00', { region: '230113' });
  await market.addParticipant('wang', { zh: '松北屠宰', en: 'Songbei packing', ru: 'Сунбэй' }, 'slaughterhouse', '500000.00', { region: '230111' });
  await market.addParticipant('li', { zh: '道外肉联', en: 'Daowai meat', ru: 'Даовай' }, 'slaughterhouse', '500000.00', { region: '230111' });
  const folder = join(market.folder, 'seal-key');
  assert.equal(spawnSync(hulan, ['seal-key', '--out', folder]).status, 0);
  const told = JSON.parse(readFileSync(join(folder, 'key.json'), 'utf8'));
  shares = [1, 2].map((n) => readFileSync(join(folder, `share-${n}`), 'utf8').trim());
  const users = (await market.call('admin', 'GET', '/v1/users')).items;
  const id = (login) => users.find((u) => u.login === login).id;
  key = (
    await market.post('operator', '/v1/seal-keys', {
      public_key: told.public_key,
      shares: [{ holder: id('inspector'), sha256: told.shares[0] }, { holder: id('supervisor'), sha256: told.shares[1] }],
    })
  ).id;
  lot = await draft(market, 'farm');
  browser = await Browser.start(market.url);
});
after(async () => {
  await browser?.stop();
  await market?.stop();
});

test('R5.3.4 an envelope stays shut until the shares are given, and then everybody checks it', { skip }, async () => {
  const pages = { wang: await browser.signedIn('wang'), li: await browser.signedIn('li') };
  const now = Date.parse((await market.call('farm', 'GET', '/v1/market')).now);
  await market.post('farm', `/v1/lots/${lot}/sealed`, {
    key, start: '14.000', cap: '16.000', award: 'second_price',
    open_at: new Date(now + 2500).toISOString(), close_at: new Date(now + 25_000).toISOString(),
  });
  for (const [who, price] of [['wang', '15.20'], ['li', '14.60']]) {
    const page = pages[who];
    const sent = [];
    page.on('request', (request) => sent.push(request.postData() ?? ''));
    await page.goto(`/lot/${lot}`);
    await page.getByLabel('我的出价').fill(price);
    if (who === 'wang') await picture(page, 'form');
    await seen(page.getByRole('button', { name: '封好并提交' })).click();
    await seen(page.getByText('您的信封已封存')).waitFor();
    assert.ok(!sent.some((body) => body.includes(price)), 'the price does not leave the browser');
  }
  const shut = await shown();
  assert.deepEqual(shut.sealed.bids.map((b) => [b.state, b.price]), [['shut', null], ['shut', null]]);
  await picture(pages.wang, 'shut');
  await until('the close', async () => (await shown()).state === 'opening');
  await market.post('inspector', `/v1/seal-keys/${key}/share`, { share: shares[0] });
  const desk = await browser.signedIn('supervisor');
  await desk.goto('/desk/seals');
  await desk.getByLabel('密钥份').fill(shares[1]);
  await picture(desk, 'desk');
  await desk.getByRole('button', { name: '交出我的一份' }).click();
  await until('the award', async () => (await shown()).state === 'sold');
  for (const page of Object.values(pages)) {
    await until('both to fit on the page', async () => (await seen(page.getByText('相符', { exact: true })).count()) === 2);
  }
  assert.match(await pages.li.locator('main').innerText(), /15\.20/);
  await picture(pages.li, 'opened');
  if (pictures) {
    for (const locale of ['en-US', 'ru-RU']) {
      const page = await browser.open(locale, { locale, viewport: { width: 390, height: 1700 } });
      await page.goto(`/lot/${lot}`);
      await page.locator('table').first().waitFor();
      await picture(page, locale);
    }
    const farm = await browser.signedIn('farm');
    await farm.goto(`/lot/${await draft(market, 'farm')}`);
    await seen(farm.getByText('密封报价', { exact: true })).last().click();
    await seen(farm.getByText('最高允许价')).waitFor();
    await picture(farm, 'owner');
  }
  assert.deepEqual(browser.troubles, []);
});

test('R5.3.4 a key is made in the browser, its shares saved and not sent', { skip }, async () => {
  const users = (await market.call('admin', 'GET', '/v1/users')).items;
  const id = (login) => users.find((u) => u.login === login).id;
  const page = await browser.signedIn('operator');
  const sent = [];
  page.on('request', (request) => sent.push(request.postData() ?? ''));
  await page.goto('/desk/seals');
  await page.getByRole('button', { name: '生成密钥' }).click();
  const shares = [];
  for (const [n, who] of [[1, 'inspector'], [2, 'supervisor']]) {
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: `保存第 ${n} 份` }).click()]);
    shares.push(readFileSync(await file.path(), 'utf8').trim());
    await page.getByLabel(`第 ${n} 份保管人的用户号`).fill(String(id(who)));
  }
  await picture(page, 'new-key');
  const before = (await market.call('operator', 'GET', '/v1/seal-keys')).items.length;
  await page.getByRole('button', { name: '登记密钥' }).click();
  await until('the key', async () => (await market.call('operator', 'GET', '/v1/seal-keys')).items.length === before + 1);
  assert.match(shares[0], /^[0-9a-f]{64}$/);
  assert.ok(!sent.some((body) => shares.some((share) => body.includes(share))), 'the shares do not leave the browser');
  const made = (await market.call('operator', 'GET', '/v1/seal-keys')).items.find((one) => one.id !== key);
  const hashes = shares.map((share) => createHash('sha256').update(Buffer.from(share, 'hex')).digest('hex'));
  assert.deepEqual(made.shares.map((share) => share.sha256), hashes);
  assert.deepEqual(browser.troubles, []);
});
