// SPDX-License-Identifier: Apache-2.0
// A real market for the journey: the built program in a fresh folder, on loopback, with its staff, products and people.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
export const hulan = process.env.HULAN_BINARY ?? join(root, 'build', 'release', 'hulan');
export const password = 'a long test password';
export const isBuilt = () => existsSync(hulan);

/** Tries until `look` gives something; fails when the condition has not come after a generous while. */
export async function until(what, look, forMs = 120_000) {
  const end = Date.now() + forMs;
  let last;
  while (Date.now() < end) {
    try {
      const found = await look();
      if (found) return found;
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, 60));
  }
  throw new Error(`still waiting for: ${what}${last ? ` (${last.message})` : ''}`);
}

/** Money as the doors write it, in fen. */
export function fen(text) {
  const [whole, part = ''] = text.replace('-', '').split('.');
  const value = BigInt(whole) * 100n + BigInt((part + '00').slice(0, 2));
  return text.startsWith('-') ? -value : value;
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export class Market {
  tokens = new Map();

  /** Makes the folder and serves it. `edit` may change a product's definition before it is proposed. */
  static async start(edit = (text) => text) {
    const market = new Market();
    mkdirSync(join(root, 'build'), { recursive: true });
    market.folder = mkdtempSync(join(root, 'build', 'journey-'));
    market.edit = edit;
    const secret = join(market.folder, 'password');
    writeFileSync(secret, `${password}\n`);
    const made = spawnSync(hulan, ['init', join(market.folder, 'market'), '--administrator', 'admin', '--password-file', secret]);
    if (made.status !== 0) throw new Error(`hulan init: ${made.stderr}`);
    market.port = await freePort();
    market.url = `http://127.0.0.1:${market.port}`;
    market.process = spawn(hulan, ['serve', join(market.folder, 'market'), '--port', String(market.port), '--disk-reserve', '0', '--checkpoint-ms', '500'], { stdio: ['ignore', 'pipe', 'pipe'] });
    market.said = '';
    for (const pipe of [market.process.stdout, market.process.stderr]) pipe.on('data', (data) => (market.said += data));
    try {
      await until('the market to be ready', async () => (await fetch(`${market.url}/readyz`)).ok || market.process.exitCode !== null);
      if (market.process.exitCode !== null) throw new Error(`the market ended: ${market.said}`);
    } catch (error) {
      await market.stop();
      throw error;
    }
    return market;
  }

  /** Ends the server in order, and removes what it left. */
  async stop() {
    if (this.process && this.process.exitCode === null) {
      const ended = new Promise((resolve) => this.process.once('exit', resolve));
      this.process.kill('SIGTERM');
      await ended;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  async call(who, method, path, body, type = 'application/json') {
    const token = who ? this.tokens.get(who) : null;
    const response = await fetch(this.url + path, {
      method,
      headers: { ...(body !== undefined ? { 'Content-Type': type } : {}), ...(token ? { Authorization: `Bearer ${token}` } : {}) },
      ...(body !== undefined ? { body: type === 'application/json' ? JSON.stringify(body) : body } : {}),
    });
    const answer = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} as ${who}: ${response.status} ${answer}`);
    return answer ? JSON.parse(answer) : {};
  }
  get(who, path) {
    return this.call(who, 'GET', path);
  }
  post(who, path, body = {}) {
    return this.call(who, 'POST', path, body);
  }

  async signIn(login) {
    this.tokens.set(login, (await this.post(null, '/v1/sessions', { login, password })).token);
  }
  async addUser(login, roles, participant) {
    await this.post('admin', '/v1/users', { login, name: login, password, roles, ...(participant ? { participant } : {}) });
    await this.signIn(login);
  }
  async approve(pending, ...by) {
    const row = (await this.get('auditor', '/v1/approvals?state=open&limit=500')).items.find((r) => r.id === pending);
    for (const who of by) await this.post(who, `/v1/approvals/${pending}/approve`, { content: row.content });
  }

  async setUpStaff() {
    await this.signIn('admin');
    for (const role of ['operator', 'settlement_officer', 'inspector', 'supervisor', 'auditor']) await this.addUser(role, [role]);
    await this.addUser('second', ['supervisor']);
  }
  async addProduct(name) {
    const text = this.edit(readFileSync(join(root, 'products', `${name}.toml`), 'utf8'));
    const made = await this.call('operator', 'POST', '/v1/products', text, 'application/toml');
    await this.approve(made.id, 'supervisor');
  }
  async addParticipant(login, names, kind, money, more = {}) {
    const body = { name: names, kind, form: 'legal_person', vat: 'general', region: '230111', ...more };
    const made = await this.post('operator', '/v1/participants', body);
    await this.approve(made.id, 'supervisor', 'second');
    await this.addUser(login, ['trader', 'finance'], made.participant);
    if (money) {
      const deposit = { participant: made.participant, currency: 'CNY', amount: money, bank_reference: `journey-${login}` };
      await this.approve((await this.post('settlement_officer', '/v1/deposits', deposit)).id, 'supervisor');
    }
    return made.participant;
  }
}
