// SPDX-License-Identifier: Apache-2.0
// A claim about a weighing, by the pages (R8.6): the buyer claims, the rest is paid at once, two people award.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { join } from 'node:path';
import { draft, marketNow, paperOf } from './goods.mjs';
import { Market, isBuilt, until } from './market.mjs';
import { Browser, hasBrowser, paper, seen } from './people.mjs';

const skip = !isBuilt() ? 'the program is not built' : !hasBrowser() ? 'there is no chromium' : false;
const pictures = process.env.HULAN_PICTURES;
let market, browser, contract;

const shown = () => market.get('auditor', `/v1/contracts/${contract}`);
const press = (page, name) => seen(page.locator('main').getByRole('button', { name, exact: true })).first().click();
async function picture(page, name) {
  if (pictures) await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
}

/** A contract of 100 head at 15.00, weighed: 11 400 kg of the 11 500 agreed. */
async function weighed() {
  const now = await marketNow(market);
  const at = (hours) => new Date(now + hours * 3600_000).toISOString();
  const lot = await draft(market, 'farm');
  await market.post('farm', `/v1/lots/${lot}/listing`, { price: '15.000', expires_at: at(5) });
  const { id } = await market.post('packer', `/v1/lots/${lot}/take`, { price: '15.000', quantity: '100' });
  const step = (who, name, body) => market.post(who, `/v1/contracts/${id}/${name}`, body);
  await step('packer', 'pay');
  await step('farm', 'schedule', { deliveries: [{ quantity: '100', planned_at: at(0.01) }] });
  await step('farm', 'load', {
    quantity: '100', vehicle: '黑A12345', vehicle_filed_until: at(500), driver: '王师傅',
    certificate: { form: 'B', number: '2301000001', issued_at: at(-0.5), expires_at: at(40), sha256: await paperOf(market, 'farm', 'certificate') },
  });
  await step('packer', 'arrive', {});
  await step('inspector', 'weigh', { dead: 0, trucks: [{ gross_kg: '21400.000', tare_kg: '10000.000' }] });
  return id;
}

before(async () => {
  if (skip) return;
  market = await Market.start();
  await market.setUpStaff();
  await market.addProduct('live-hog');
  await market.addParticipant('farm', { zh: '呼兰北山养殖场', en: 'North Hill farm', ru: 'Ферма Бэйшань' }, 'producer', '100000.00', { vat: 'exempt_producer', region: '230111' });
  await market.addParticipant('packer', { zh: '松北屠宰', en: 'Songbei packing', ru: 'Сунбэй' }, 'slaughterhouse', '500000.00');
  contract = await weighed();
  browser = await Browser.start(market.url);
});
after(async () => {
  await browser?.stop();
  await market?.stop();
});

test('R8.6 a buyer claims on the page, the farm sees the rest paid, two people award', { skip }, async () => {
  const packer = await browser.signedIn('packer');
  const farm = await browser.signedIn('farm', { viewport: { width: 390, height: 844 }, hasTouch: true });
  await packer.goto(`/contract/${contract}`);
  await seen(packer.getByText('其他办法')).first().click();
  await packer.getByLabel('索赔金额（元）').fill('171000.01');
  const words = packer.locator('form', { has: packer.getByLabel('索赔金额（元）') }).locator('textarea');
  await words.fill('十头有病，附照片');
  await press(packer, '提出索赔');
  await seen(packer.getByRole('alert')).first().waitFor();
  assert.match(await seen(packer.getByRole('alert')).first().innerText(), /R8\.6/);
  await picture(packer, 'refused');
  await packer.getByLabel('索赔金额（元）').fill('6000');
  await press(packer, '提出索赔');
  await packer.getByText('无争议部分（已付卖方）').waitFor();
  await picture(packer, 'open');
  // 11 400 kg x 15.00 - 6 000
  await farm.goto(`/contract/${contract}`);
  await farm.getByText('165,000.00').first().waitFor();
  await picture(farm, 'open-390');
  const officer = await browser.signedIn('settlement_officer');
  await officer.goto(`/contract/${contract}`);
  await officer.getByLabel('判给索赔方（元）').fill('2500');
  await officer.locator('form', { has: officer.getByLabel('判给索赔方（元）') }).locator('textarea').fill('双方都听过');
  await picture(officer, 'award');
  await press(officer, '提交处理');
  const supervisor = await browser.signedIn('supervisor');
  await supervisor.goto('/desk/approvals');
  await picture(supervisor, 'approval');
  await supervisor.locator('article', { hasText: '2,500.00' }).getByRole('button', { name: '批准' }).click();
  await until('the award', async () => (await shown()).state === 'settled');
  assert.equal((await shown()).goods, '168500.00');
  await packer.getByText('已决定').waitFor();
  await seen(farm.getByText('168,500.00')).first().waitFor();
  await picture(packer, 'awarded');
  await picture(farm, 'awarded-390');
  if (pictures) {
    for (const locale of ['en', 'ru']) {
      for (const page of [packer, farm]) {
        await page.evaluate((value) => localStorage.setItem('hulan.locale', value), locale);
        await page.goto(`/contract/${contract}`);
        await page.waitForLoadState('networkidle');
        await picture(page, `awarded-${locale}-${page.viewportSize().width}`);
      }
    }
  }
  // The farm claims with a file; the buyer opens it and grants the claim.
  const second = await weighed();
  await farm.goto(`/contract/${second}`);
  await farm.evaluate(() => localStorage.setItem('hulan.locale', 'zh'));
  await farm.reload();
  await seen(farm.getByText('其他办法')).first().click();
  await farm.getByLabel('索赔金额（元）').fill('100');
  await farm.locator('form', { has: farm.getByLabel('索赔金额（元）') }).locator('input[type=file]').setInputFiles(paper('磅单'));
  await press(farm, '提出索赔');
  await seen(farm.getByText('争议金额')).first().waitFor();
  await packer.evaluate(() => localStorage.setItem('hulan.locale', 'zh'));
  await packer.goto(`/contract/${second}`);
  await packer.locator('a[download]').first().waitFor();
  await picture(packer, 'grant');
  await seen(packer.getByText('其他办法')).first().click();
  await press(packer, '同意索赔');
  await packer.getByText('对方已同意').waitFor();
  assert.equal((await market.get('auditor', `/v1/contracts/${second}`)).goods, '171100.00');
  assert.deepEqual(browser.troubles, []);
});
