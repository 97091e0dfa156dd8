// SPDX-License-Identifier: Apache-2.0
// A lot becomes money, played by the pages: a real market, a real browser, seven people, nothing in between.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { Market, fen, isBuilt, until } from './market.mjs';
import { Browser, account, hasBrowser, local, paper, plain, seen } from './people.mjs';

const skip = !isBuilt() ? 'the program is not built' : !hasBrowser() ? 'there is no chromium' : false;

// 200 head of 115 kg at the reference of 15.00; on arrival 199 live in two trucks, four of them heavy.
const head = 200;
const trucks = [
  { gross: '26480', tare: '14960' },
  { gross: '26210.5', tare: '14850.5' },
];
const groups = [
  { head: '195', net: '22310' },
  { head: '4', net: '570', single: '单头超过 140 公斤' },
];

let market, browser, pages;
let lot, contract, price;
let failed = false;

/** One step of the journey; the steps after a failed one have nothing to stand on. */
function step(name, work) {
  test(name, { skip }, async () => {
    assert.ok(!failed, 'an earlier step failed');
    try {
      await work(pages ?? {});
    } catch (error) {
      failed = true;
      throw error;
    }
  });
}

before(async () => {
  if (skip) return;
  market = await Market.start((text) =>
    text.replace('notice = "0 h"', 'notice = "1 s"').replace('close_window = "120 s"', 'close_window = "30 s"'),
  );
  await market.setUpStaff();
  await market.addProduct('live-hog');
  await market.post('operator', '/v1/references', { product: 1, grade: 'outer-three-way', province: '23', price: '15.000' });
  await market.addParticipant('farm', { zh: '呼兰北山养殖场', en: 'North Hill farm', ru: 'Ферма Бэйшань' }, 'producer', '100000.00', { vat: 'exempt_producer', region: '230111' });
  await market.addParticipant('packer', { zh: '松北屠宰', en: 'Songbei packing', ru: 'Сунбэй' }, 'slaughterhouse', '500000.00');
  await market.addParticipant('rival', { zh: '道外肉联', en: 'Daowai meat', ru: 'Даовай' }, 'slaughterhouse', '500000.00');
  await market.addParticipant('haulier', { zh: '哈北运输', en: 'Habei haulage', ru: 'Хабэй' }, 'carrier');
  browser = await Browser.start(market.url);
  pages = {
    farm: await browser.signedIn('farm', { viewport: { width: 390, height: 844 }, hasTouch: true }),
    packer: await browser.signedIn('packer'),
    rival: await browser.signedIn('rival'),
    inspector: await browser.signedIn('inspector'),
    supervisor: await browser.signedIn('supervisor'),
    second: await browser.signedIn('second'),
  };
});

after(async () => {
  if (failed && pages && process.env.JOURNEY_SHOTS)
    for (const [name, page] of Object.entries(pages)) await page.screenshot({ path: `${process.env.JOURNEY_SHOTS}/failed-${name}.png`, fullPage: true }).catch(() => {});
  await browser?.stop();
  await market?.stop();
});

const shot = async (page, name) => {
  if (process.env.JOURNEY_SHOTS) await page.screenshot({ path: `${process.env.JOURNEY_SHOTS}/${name}.png`, fullPage: true });
};
const main = (page) => page.locator('main');
const press = (page, name) => seen(main(page).getByRole('button', { name })).first().click();
/** The form that stands below a line of the lot's papers. */
const formOf = (page, name) => seen(page.locator('li.form', { has: page.locator(`xpath=preceding-sibling::li[1][contains(., "${name}")]`) }));

async function addPaper(page, kind) {
  const form = formOf(page, kind).last();
  await form.getByLabel('文件编号').fill(`T-${kind.length}-${lot}`);
  await form.getByLabel('拍照或选择文件').setInputFiles(paper(kind));
  await form.getByRole('button', { name: '补交文件' }).click();
  await seen(page.locator('li', { hasText: kind })).filter({ hasText: '待核' }).first().waitFor();
}

step('a farm registers 200 live hogs in three steps', async ({ farm }) => {
  await farm.goto('/sell');
  await farm.getByLabel('头数').fill(String(head));
  await farm.getByLabel('均重').fill('115');
  await press(farm, '下一步');
  await farm.getByLabel('产地').first().fill('230111');
  await press(farm, '下一步');
  await farm.getByLabel('标题').fill('呼兰外三元生猪 200 头');
  await shot(farm, '01-sell-390');
  await press(farm, '存为草稿');
  await farm.waitForURL(/\/lot\/\d+/);
  lot = Number(new URL(farm.url()).pathname.split('/').pop());
  await farm.getByRole('heading', { level: 1, name: '呼兰外三元生猪 200 头' }).waitFor();
});

step('R4.3: without the African swine fever report the notice is refused, and the page says why', async ({ farm }) => {
  await addPaper(farm, '免疫档案');
  const tags = formOf(farm, '耳标').last();
  await tags.getByLabel('起始耳标号').fill(`1230111${String(lot * 1000).padStart(8, '0')}`);
  await tags.getByRole('button', { name: '登记耳标' }).click();
  await seen(farm.locator('li', { hasText: '200 个耳标' })).first().waitFor();
  await press(farm, '公告竞价');
  const refusal = seen(farm.getByRole('alert')).first();
  await refusal.waitFor();
  const words = await refusal.innerText();
  assert.match(words, /非洲猪瘟/);
  assert.match(words, /R4\.3/);
  await shot(farm, '02-refused-390');
});

step('R5.3: with the report added the auction is announced, and opens', async ({ farm, packer, rival }) => {
  await addPaper(farm, '非洲猪瘟检测报告');
  await main(farm).getByLabel('起拍价').fill('15.00');
  await main(farm).getByLabel('变价幅度').fill('0.05');
  const now = Date.parse((await market.get(null, '/v1/market')).now);
  await main(farm).getByLabel('开始时间').fill(local(now + 8_000));
  await main(farm).getByLabel('截止时间').fill(local(now + 48_000));
  await press(farm, '公告竞价');
  await farm.locator('.head .tag', { hasText: /已公告|竞价中/ }).waitFor();
  for (const page of [packer, rival]) {
    await page.goto('/');
    await page.locator(`a[href="/lot/${lot}"]`).first().click();
    // The button comes when the auction opens, without the page being asked for anew.
    await main(page).getByRole('button', { name: /出价 15\.00/ }).waitFor({ timeout: 120_000 });
  }
  assert.match(await main(packer).getByRole('button', { name: /出价 15\.00/ }).innerText(), /冻结保证金 18,975\.00/);
  await shot(packer, '03-open-1280');
});

step('R6.2: two buyers bid; who is outbid has the bond back, who leads has it frozen', async ({ packer, rival }) => {
  await main(packer).getByRole('button', { name: /出价 15\.00/ }).click();
  await main(packer).getByText('你领先').waitFor();
  const next = main(rival).getByRole('button', { name: /出价 15\.05/ });
  await next.waitFor();
  await next.click();
  await main(rival).getByText('你领先').waitFor();
  await main(packer).getByText('已被超过').waitFor();
  await shot(packer, '04-outbid-1280');
  const window = await packer.context().newPage();
  await window.addInitScript((token) => sessionStorage.setItem('hulan.token', token), await packer.evaluate(() => sessionStorage.getItem('hulan.token')));
  assert.deepEqual(await account(window), { available: '500000.00', performance: '0.00', trading: '0.00', prepaid: '0.00' });
  await main(packer).getByRole('button', { name: /出价 15\.10/ }).click();
  await main(packer).getByText('你领先').waitFor();
  await main(rival).getByText('已被超过').waitFor();
  price = '15.10';
  // 23 t at 15.10 are 347,300.00: 5 % and 0.5 % of it, shown at once in the window that stands open.
  await until('the frozen bond to show', async () => (await window.locator('.balances .big').innerText()).includes('480,898.50'));
  assert.deepEqual(await account(window), { available: '480898.50', performance: '17365.00', trading: '1736.50', prepaid: '0.00' });
  await window.close();
  assert.deepEqual(await account(rival), { available: '500000.00', performance: '0.00', trading: '0.00', prepaid: '0.00' });
});

step('R13.2: the bidder saves the receipt, and a browser that is nobody proves it; changed by a byte it proves nothing', async ({ packer }) => {
  const saving = packer.waitForEvent('download');
  await main(packer).getByRole('button', { name: '下载回执', exact: true }).first().click();
  const saved = await saving;
  assert.match(saved.suggestedFilename(), /^receipt-\d+\.json$/);
  const receipt = readFileSync(await saved.path());
  const { sequence } = JSON.parse(receipt);
  const nobody = await browser.open('nobody', { viewport: { width: 390, height: 844 } });
  const put = (name, buffer) => nobody.getByLabel('选回执文件').setInputFiles({ name, mimeType: 'text/plain', buffer });
  const word = main(nobody).locator('.word');
  await nobody.goto('/proof');
  await put('receipt.json', receipt);
  await word.filter({ hasText: '已证明' }).waitFor();
  await main(nobody).getByText('15.10 元/公斤').waitFor();
  const told = await main(nobody).innerText();
  assert.match(told, new RegExp(`第 ${sequence.toLocaleString('en-US')} 条`));
  assert.match(told, /出价 · 标的/);
  assert.match(told, /市场自己给的/);
  await shot(nobody, '04-proved-390');
  // What is kept now stands against whatever the market says later.
  await main(nobody).getByRole('button', { name: '留在这个浏览器' }).click();
  await main(nobody).getByText('✓ 没有改过').waitFor();
  await nobody.reload();
  await main(nobody).getByText('✓ 没有改过').waitFor();
  await put('receipt.json', receipt);
  await word.filter({ hasText: '已证明' }).waitFor();
  assert.doesNotMatch(await main(nobody).innerText(), /市场自己给的/);
  const changed = Buffer.from(receipt);
  const at = receipt.indexOf('"record":"') + 50;
  changed[at] = changed[at] === 65 ? 66 : 65;
  await put('changed.json', changed);
  await word.filter({ hasText: '没有证明' }).waitFor();
  await shot(nobody, '04-not-proved-390');
  await nobody.context().close();
});

step('R5.3.5: at the close the contract is made and the page leads to it', async ({ farm, packer }) => {
  const link = main(packer).getByRole('link', { name: /查看合同/ });
  await link.waitFor({ timeout: 180_000 });
  assert.equal(plain(await main(packer).locator('.price').first().innerText()).replace('/公斤', ''), price);
  await link.click();
  await packer.waitForURL(/\/contract\/\d+/);
  contract = Number(new URL(packer.url()).pathname.split('/').pop());
  await packer.getByRole('heading', { level: 1, name: `合同 ${contract}` }).waitFor();
  await farm.goto(`/contract/${contract}`);
  await main(farm).getByText('等待买方').waitFor();
});

step('R7.2: the buyer pays the whole amount into escrow', async ({ farm, packer }) => {
  await press(packer, /付款 347,300\.00/);
  await main(packer).getByText('等待卖方').waitFor();
  await main(farm).getByText('轮到您了').waitFor();
  await shot(farm, '05-paid-390');
});

step('R8.1: the seller schedules, loads with certificate and filed vehicle; the buyer reports the arrival', async ({ farm, packer }) => {
  await press(farm, '确定排期');
  await farm.getByLabel('车牌号').fill('黑A·8K207');
  await farm.getByLabel('承运人').selectOption({ label: '哈北运输' });
  await farm.getByLabel('车辆备案有效至').fill(local(Date.now() + 200 * 86_400_000).slice(0, 10));
  await farm.getByLabel('司机姓名').fill('王师傅');
  await farm.getByLabel('证明编号').fill('230111202600001');
  await farm.getByLabel('证明照片').setInputFiles(paper('quarantine'));
  await shot(farm, '06-load-390');
  await press(farm, '确认装车');
  await main(farm).getByText('等待买方').waitFor();
  await press(packer, '报到货');
  await main(packer).getByText('等待检验员').waitFor();
});

step('R8.2: the inspector weighs two trucks with one dead animal', async ({ inspector, farm }) => {
  await inspector.goto('/desk/inspect');
  await inspector.locator(`a[href="/contract/${contract}"]`).first().click();
  await inspector.getByLabel('途中死亡').fill('1');
  await press(inspector, '再加一车');
  for (const [i, truck] of trucks.entries()) {
    await inspector.getByLabel('毛重').nth(i).fill(truck.gross);
    await inspector.getByLabel('皮重').nth(i).fill(truck.tare);
  }
  await press(inspector, '再加一组');
  for (const [i, group] of groups.entries()) {
    const row = inspector.locator('fieldset', { has: inspector.getByLabel('净重（公斤）') }).nth(i);
    await row.getByLabel('头数').fill(group.head);
    await row.getByLabel('净重（公斤）').fill(group.net);
    if (group.single) await row.getByLabel('单猪超重').selectOption({ label: group.single });
  }
  await inspector.getByText('净重合计 22,880').waitFor();
  await shot(inspector, '07-weigh-1280');
  await press(inspector, '提交磅单');
  await main(inspector).getByText('等待双方').waitFor();
  await main(farm).getByText('轮到您了').waitFor();
});

/** The lines of the settlement as the page shows them: name -> amount. */
async function linesOf(page) {
  await page.locator('.lines > details > summary').first().waitFor();
  return Object.fromEntries(
    await page.locator('.lines > details > summary').evaluateAll((rows) =>
      rows.map((row) => [row.querySelector('.name').textContent.trim().replace(/\s+/g, ' '), row.querySelector('.amount').textContent]),
    ),
  );
}

// The rules worked out again in whole fen: li per kilogram times grams, halves away from zero.
const li = (text) => BigInt(Math.round(Number(text) * 1000));
const goodsOf = (kg, atLi) => (BigInt(kg) * 1000n * atLi + 5_000n) / 10_000n;
const yuan = (value) => `${value / 100n}.${String(value % 100n).padStart(2, '0')}`;
function expected() {
  const first = goodsOf(groups[0].net, li(price));
  const second = goodsOf(groups[1].net, li(price) - 1000n);
  const goods = first + second;
  const fee = 22_880n; // 22.880 t at 10 yuan, VAT within
  const nominal = 34_730_000n;
  return { first, second, goods, fee, nominal, refund: nominal - goods - fee, receives: goods - fee - 8_000n };
}

step('R8.6, R9: both accept; the settlement stands line by line, each line with its working', async ({ farm, packer }) => {
  await press(farm, '确认过磅');
  await main(farm).getByText('卖方已确认过磅').waitFor();
  await press(packer, '确认过磅');
  for (const page of [farm, packer]) await page.locator('.tag', { hasText: '已结算' }).first().waitFor();
  const sums = expected();
  for (const page of [farm, packer]) {
    const lines = await linesOf(page);
    const of = (name) => plain(Object.entries(lines).find(([key]) => key.startsWith(name))?.[1] ?? `no line ${name} in ${Object.keys(lines)}`);
    assert.equal(of('货款 · 第 1 组'), yuan(sums.first));
    assert.equal(of('货款 · 第 2 组'), yuan(sums.second));
    assert.equal(of('货款合计'), yuan(sums.goods));
    assert.equal(of('卖方手续费'), yuan(sums.fee));
    assert.equal(of('买方手续费'), yuan(sums.fee));
    assert.equal(of('无害化处理费'), '80.00');
    assert.equal(of('买方支付'), yuan(sums.goods + sums.fee));
    assert.equal(of('卖方实收'), yuan(sums.receives));
  }
  await farm.locator('.lines > details > summary').first().tap();
  const working = farm.locator('.lines details[open] .working').first();
  await working.waitFor();
  assert.match(await working.innerText(), /22,?310.*15\.100?/s);
  await shot(farm, '08-settled-390');
  await shot(packer, '08-settled-1280');
});

/** The statement on the account page: opening and closing in all, and its lines. */
async function statementOf(page) {
  const balances = await account(page);
  await page.locator('p.figure', { hasText: '期初 + 发生额 = 期末' }).waitFor();
  const rows = await page.locator('table').last().locator('tbody tr').evaluateAll((list) => list.map((row) => [...row.cells].map((cell) => cell.textContent.trim())));
  return { balances, rows };
}

step('R3.3: the statements of both sides add up to the fen with what the contract shows', async ({ farm, packer }) => {
  const sums = expected();
  for (const [page, start, change] of [
    [farm, 10_000_000n, sums.receives],
    [packer, 50_000_000n, -(sums.goods + sums.fee)],
  ]) {
    const { balances, rows } = await statementOf(page);
    assert.deepEqual(balances, { available: yuan(start + change), performance: '0.00', trading: '0.00', prepaid: '0.00' });
    const total = rows.reduce((sum, row) => sum + fen(plain(row[3])), 0n);
    assert.equal(total, start + change, 'opening zero and every posting make the closing balance');
    for (const [name, shown] of [['可用余额', balances.available], ['履约保证金', '0.00'], ['竞买保证金', '0.00'], ['预付货款（托管）', '0.00']]) {
      const moved = rows.filter((row) => row[2] === name).reduce((sum, row) => sum + fen(plain(row[3])), 0n);
      assert.equal(yuan(moved), shown, `${name}: its postings make its balance`);
    }
    assert.ok(rows.some((row) => row.includes(`合同 ${contract}`)));
  }
  await shot(farm, '09-account-390');
  await shot(packer, '09-account-1280');
});

step('R2.4: a large withdrawal waits on the desk until two people have approved it', async ({ farm, supervisor, second }) => {
  await farm.getByLabel('金额（元）').fill('300000');
  await farm.getByLabel('收款银行账号').fill('6222020000001234');
  await press(farm, '申请出金');
  await main(farm).getByRole('status').filter({ hasText: '已提交' }).waitFor();
  for (const page of [supervisor, second]) {
    await page.goto('/desk/approvals');
    const item = page.locator('article', { hasText: '300,000.00' });
    await item.getByRole('button', { name: '批准' }).click();
    if (page === supervisor) await item.getByText('还须另一人批准').waitFor();
    else await item.waitFor({ state: 'detached' });
    await shot(page, '10-approvals-1280');
  }
  const left = yuan(10_000_000n + expected().receives - 30_000_000n);
  await until('the balance without what was withdrawn', async () => plain(await farm.locator('.balances .big').innerText()).startsWith(left));
  const { rows } = await statementOf(farm);
  assert.ok(rows.some((row) => row.includes('出金已付') || row.includes('申请出金')));
});

step('the papers print: contract, weigh ticket, settlement sheet, statement', async ({ packer }) => {
  for (const [path, words] of [
    [`/print/contract/${contract}`, '松北屠宰'],
    [`/print/weigh/${contract}`, '22,880'],
    [`/print/settlement/${contract}`, yuan(expected().goods).replace(/\B(?=(\d{3})+\.)/g, ',')],
    ['/print/statement/2', '✓'],
  ]) {
    await packer.goto(path);
    await main(packer).getByText(words).first().waitFor();
    const pdf = await packer.pdf({ format: 'A4', preferCSSPageSize: true, ...(process.env.JOURNEY_SHOTS ? { path: `${process.env.JOURNEY_SHOTS}/print-${path.split('/')[2]}.pdf` } : {}) });
    assert.ok(pdf.length > 1000);
    await shot(packer, `11-print-${path.split('/')[2]}`);
  }
});

step('the desks of the staff open without a refusal', async ({ supervisor, inspector }) => {
  for (const [page, paths] of [[supervisor, ['/desk/approvals', '/desk/money', '/desk/market', '/contracts', `/contract/${contract}`]], [inspector, ['/desk/inspect', `/lot/${lot}`]]])
    for (const path of paths) {
      await page.goto(path);
      await main(page).locator('h1').first().waitFor();
      await page.waitForLoadState('networkidle');
      assert.deepEqual(await page.getByRole('alert').allInnerTexts(), [], path);
    }
});

step('every page fits a telephone of 390 px and a desk of 1280 px, in three languages', async ({ farm, packer }) => {
  const tooWide = [];
  for (const page of [farm, packer])
    for (const language of ['en', 'ru', 'zh']) {
      await page.evaluate((value) => localStorage.setItem('hulan.locale', value), language);
      for (const path of ['/', `/lot/${lot}`, '/sell', '/contracts', `/contract/${contract}`, '/account', '/places', '/prices', '/rules', '/about', '/proof']) {
        await page.goto(path);
        await main(page).locator('h1').first().waitFor();
        await page.waitForLoadState('networkidle');
        const { width } = page.viewportSize();
        // What sticks out, and is not inside something that scrolls by itself.
        const outside = await page.evaluate((limit) => {
          if (document.documentElement.scrollWidth <= limit + 1) return [];
          return [...document.querySelectorAll('body *')]
            .filter((e) => e.getBoundingClientRect().right > limit + 1 && e.checkVisibility() && !e.closest('nav'))
            .map((e) => `${e.localName}.${e.className.baseVal ?? e.className} "${(e.textContent ?? '').trim().slice(0, 30)}"`)
            .slice(0, 4);
        }, width);
        await shot(page, `12-${language}-${width}-${path.replaceAll('/', '_')}`);
        assert.deepEqual(await page.getByRole('alert').allInnerTexts(), [], path);
        if (outside.length) tooWide.push(`${path} in ${language} at ${width} px: ${outside.join(' | ')}`);
      }
    }
  assert.deepEqual(tooWide, []);
});

step('no page logged an error or asked another host for anything', async () => {
  assert.deepEqual([...new Set(browser.troubles)], []);
});
