// SPDX-License-Identifier: Apache-2.0
// People at their browsers: each a context of its own, acting only by what the page shows.
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { password } from './market.mjs';

const program = process.env.CHROMIUM ?? '/usr/bin/chromium';
export const hasBrowser = () => existsSync(program);

/** Minus signs, spaces and separators of a figure on the page, as the doors write it. */
export const plain = (text) => text.replace(/[\u2212]/g, '-').replace(/[+,\u00a0\u202f\s]|元/g, '');

export class Browser {
  troubles = [];

  static async start(url) {
    const browser = new Browser();
    browser.url = url;
    browser.program = await chromium.launch({
      executablePath: program,
      args: ['--disable-gpu', '--disable-dev-shm-usage', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
    });
    return browser;
  }

  stop() {
    return this.program.close();
  }

  /** A new window; anything it asks of another host, and any error it logs, counts as trouble. */
  async open(name, more = {}) {
    const context = await this.program.newContext({
      baseURL: this.url,
      locale: 'zh-CN',
      timezoneId: 'Europe/Moscow',
      viewport: { width: 1280, height: 900 },
      ...more,
    });
    const page = await context.newPage();
    page.setDefaultTimeout(60_000);
    const trouble = (what) => this.troubles.push(`${name}: ${what}`);
    page.on('pageerror', (error) => trouble(error.message));
    page.on('console', (message) => {
      // A refusal that the page shows is logged by the browser as well: that is no trouble.
      if (message.type() === 'error' && !/status of 4(09|22)/.test(message.text())) trouble(message.text());
    });
    page.on('request', (request) => {
      const { protocol, host } = new URL(request.url());
      if (/^(http|ws)/.test(protocol) && host !== new URL(this.url).host) trouble(`asked ${request.url()}`);
    });
    return page;
  }

  async signedIn(login, more) {
    const page = await this.open(login, more);
    await page.goto('/signin');
    await page.getByLabel('登录名').fill(login);
    await page.getByLabel('密码').fill(password);
    await page.locator('main').getByRole('button', { name: '登录' }).click();
    await page.waitForURL((url) => url.pathname === '/');
    return page;
  }
}

/** What is seen of several copies (one for wide, one for narrow screens). */
export const seen = (locator) => locator.filter({ visible: true });

/** The figure beside a word in the account's list of balances. */
export async function balance(page, name) {
  const value = page.locator('.balances dt', { hasText: name }).locator('xpath=following-sibling::dd[1]');
  return plain((await value.innerText()).split('元')[0]);
}
export const available = async (page) => plain(await page.locator('.balances .big').innerText());

/** Opens the account page and gives the five balances as it shows them. */
export async function account(page) {
  await page.goto('/account');
  await page.locator('.balances .big').waitFor();
  return {
    available: await available(page),
    performance: await balance(page, '履约保证金'),
    trading: await balance(page, '竞买保证金'),
    prepaid: await balance(page, '预付货款'),
  };
}

/** A paper with some content, as a browser's file field takes it. */
export const paper = (name) => ({ name: `${name}.pdf`, mimeType: 'application/pdf', buffer: Buffer.from(`%PDF-1.4 ${name}\n`) });

/** Value for a field of date and time in the market's zone. */
export const local = (ms) => new Date(ms + 8 * 3600_000).toISOString().slice(0, 19);
