// SPDX-License-Identifier: Apache-2.0
// The demonstration market as a visitor meets it: one click for each part, "next step" where the rules make one wait, and
// a kill -9 in the middle that costs nothing.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, before, test } from 'node:test';
import { hulan, isBuilt, until } from './market.mjs';
import { Browser, account, hasBrowser, paper, plain, seen } from './people.mjs';

const skip = !isBuilt() ? 'the program is not built' : !hasBrowser() ? 'there is no chromium' : false;
const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
let folder, port, demo, browser;
const people = {};

async function open() {
  demo = spawn(hulan, ['demo', join(folder, 'demo'), '--port', String(port)], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  demo.stderr.on('data', (text) => (said += text));
  await until(`the demo's door (${said})`, async () => (await fetch(`http://127.0.0.1:${port}/readyz`)).ok);
}

async function kill() {
  const gone = new Promise((resolve) => demo.once('exit', resolve));
  demo.kill('SIGKILL');
  await gone;
}

before(async () => {
  if (skip) return;
  mkdirSync(join(root, 'build'), { recursive: true });
  folder = mkdtempSync(join(root, 'build', 'demo-journey-'));
  port = await new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const free = server.address().port;
      server.close(() => resolve(free));
    });
  });
  await open();
  // The past week is traded before the farmer's lot is there; the bots' first lots come after it.
  await until('a market with lots', async () => (await (await fetch(`http://127.0.0.1:${port}/v1/lots?state=live`)).json()).items.length > 2);
  browser = await Browser.start(`http://127.0.0.1:${port}`);
});

let passed = false;
after(async () => {
  // What each window showed, where the test did not come to its end.
  if (!passed) for (const [part, page] of Object.entries(people)) console.error(`${part}: ${page.url()}\n${await page.locator('main').innerText().catch((error) => error.message)}`);
  await browser?.stop();
  if (demo) await kill();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

const main = (page) => page.locator('main');
const press = (page, name) => seen(main(page).getByRole('button', { name })).first().click();
const next = (page) => press(page, /演示：跳到下一步/);

async function become(part, size = { width: 1280, height: 900 }) {
  const page = (people[part] = await browser.open(part, { viewport: size }));
  await page.goto('/');
  await page.getByRole('button', { name: part, exact: true }).click();
  await page.getByText(`您现在是 ${part}`).waitFor();
  return page;
}

test('a visitor sells 200 hogs, buys them in two other windows, weighs them, and loses nothing to kill -9', { skip }, async () => {
  const farmer = await become('养殖户', { width: 390, height: 844 });
  await farmer.locator('section', { has: farmer.getByRole('heading', { name: '我的标的' }) }).locator('a.card').first().click();
  await farmer.waitForURL(/\/lot\/\d+/);
  const lot = Number(new URL(farmer.url()).pathname.split('/').pop());
  await seen(main(farmer).getByText('200 头')).first().waitFor();

  await press(farmer, '公告竞价');
  const refusal = seen(farmer.getByRole('alert')).first();
  await refusal.waitFor();
  assert.match(await refusal.innerText(), /非洲猪瘟[^]*R4\.3/);
  const form = seen(farmer.locator('li.form')).first();
  await form.getByLabel('文件编号').fill('HLJ-24-0113');
  await form.getByLabel('拍照或选择文件').setInputFiles(paper('asf'));
  await form.getByRole('button', { name: '补交文件' }).click();
  await seen(farmer.locator('li', { hasText: '非洲猪瘟检测报告' })).filter({ hasText: '待核' }).first().waitFor();
  await press(farmer, '公告竞价');
  await farmer.locator('.head .tag', { hasText: '已公告' }).waitFor();

  const buyer = await become('采购商');
  await buyer.goto(`/lot/${lot}`);
  await next(buyer);
  const bid = (page) => main(page).getByRole('button', { name: /^出价 [\d.]+ 元.*冻结保证金/s }).first();
  await bid(buyer).click();
  await main(buyer).getByText('你领先').waitFor();
  const rival = await become('采购商乙');
  await rival.goto(`/lot/${lot}`);
  await bid(rival).click();
  await main(rival).getByText('你领先').waitFor();
  await main(buyer).getByText('已被超过').waitFor();
  const released = await account(buyer);
  assert.deepEqual([released.performance, released.trading], ['0.00', '0.00'], 'the outbid has its bonds back');
  const frozen = await account(rival);
  assert.ok(Number(frozen.performance) > 0 && Number(frozen.trading) > 0, 'the leader has them frozen');

  await kill();
  await open();
  await rival.goto(`/lot/${lot}`);
  await main(rival).getByText('你领先').waitFor();
  assert.deepEqual(await account(rival), frozen, 'the bid and its bonds are there again');

  await rival.goto(`/lot/${lot}`);
  await next(rival);
  await main(rival).getByRole('link', { name: /查看合同/ }).click();
  await rival.waitForURL(/\/contract\/\d+/);
  const contract = new URL(rival.url()).pathname;
  await press(rival, /付款 /);
  await main(rival).getByText('等待卖方').waitFor();
  for (const done of ['已排期', '已装车', '已到货']) {
    await next(rival);
    await rival.locator('.head .tag, .tag', { hasText: done }).first().waitFor();
  }

  const inspector = await become('检验员');
  await inspector.goto(contract);
  await inspector.getByLabel('途中死亡').fill('1');
  await press(inspector, '再加一车');
  for (const [i, [gross, tare]] of [['25600', '14100'], ['25480', '14000']].entries()) {
    await inspector.getByLabel('毛重').nth(i).fill(gross);
    await inspector.getByLabel('皮重').nth(i).fill(tare);
  }
  await press(inspector, '提交磅单');
  await main(inspector).getByText('等待双方').waitFor();
  await farmer.goto(contract);
  await press(farmer, '确认过磅');
  await press(rival, '确认过磅');
  for (const page of [farmer, rival]) await page.locator('.tag', { hasText: '已结算' }).first().waitFor();

  // Both statements reconcile: what one is paid and the other pays differ by the two fees and the disposal (R9.2).
  const line = async (page, name) => plain(await page.locator('.lines > details > summary', { hasText: name }).first().locator('.amount').innerText());
  const [pays, receives, fee] = await Promise.all(['买方支付', '卖方实收', '买方手续费'].map((name) => line(farmer, name)));
  const cents = (text) => Math.round(Number(text) * 100);
  assert.equal(cents(pays) - cents(receives), 2 * cents(fee) + 8000);
  const sold = await account(farmer);
  const bought = await account(rival);
  assert.equal(cents(sold.available), 20_000_000 + cents(receives));
  assert.equal(cents(bought.available), 600_000_000 - cents(pays));
  assert.deepEqual(browser.troubles.filter((text) => !/ERR_CONNECTION_REFUSED|WebSocket connection/.test(text)), []);
  passed = true;
});
