// SPDX-License-Identifier: Apache-2.0
// A demo market of its own for a play: starts `hulan demo` without bots, signs people in, speaks REST and the stream.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const password = 'hulan-demo';

export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
export const iso = (ms) => new Date(ms).toISOString();

function freePort() {
  return new Promise((found) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => found(port));
    });
  });
}

/** A market whose clock runs `factor` times as fast as a wall's. */
export class Market {
  static async start(factor) {
    const market = new Market();
    market.factor = factor;
    market.dir = await mkdtemp(join(root, 'build', 'play-'));
    const port = await freePort();
    market.url = `http://127.0.0.1:${port}`;
    market.process = spawn(
      join(root, 'build/release/hulan'),
      ['demo', join(market.dir, 'market'), '--no-bots', '--port', String(port), '--clock-factor', String(factor)],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    process.on('exit', () => market.process.kill());
    await new Promise((ready, failed) => {
      let said = '';
      market.process.stdout.on('data', (data) => {
        said += data;
        if (said.includes(market.url)) ready();
      });
      market.process.on('exit', () => failed(new Error('the market did not start')));
    });
    return market;
  }

  async stop() {
    this.process.removeAllListeners('exit');
    this.process.kill('SIGTERM');
    await new Promise((gone) => this.process.on('exit', gone));
    await rm(this.dir, { recursive: true, force: true });
  }

  async call(method, path, body, token) {
    const answer = await fetch(this.url + path, {
      method,
      headers: { 'Content-Type': 'application/json', ...(token ? { Authorization: `Bearer ${token}` } : {}) },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const said = await answer.json();
    if (!answer.ok) throw new Error(`${method} ${path}: ${said.code} ${said.detail ?? ''}`);
    return said;
  }

  async signIn(login) {
    const { token } = await this.call('POST', '/v1/sessions', { login, password });
    return {
      login,
      token,
      get: (path) => this.call('GET', path, undefined, token),
      post: (path, body = {}) => this.call('POST', path, body, token),
    };
  }

  async paper(who, text) {
    const answer = await fetch(`${this.url}/v1/documents`, {
      method: 'POST',
      headers: { 'Content-Type': 'text/plain', Authorization: `Bearer ${who.token}` },
      body: text,
    });
    return (await answer.json()).sha256;
  }

  /** A stream that is signed in; `heard(frame)` gets every message. */
  async stream(who, channels, heard) {
    const socket = new WebSocket(`${this.url.replace('http', 'ws')}/v1/stream?token=${who.token}`);
    await new Promise((open, failed) => {
      socket.onopen = open;
      socket.onerror = failed;
    });
    const waiting = new Map();
    let ref = 0;
    socket.onmessage = (message) => {
      const frames = JSON.parse(message.data);
      for (const frame of Array.isArray(frames) ? frames : [frames]) {
        if (frame.op === 'reply' && waiting.has(frame.ref)) {
          waiting.get(frame.ref)(frame);
          waiting.delete(frame.ref);
        } else heard(frame);
      }
    };
    for (const channel of channels) socket.send(JSON.stringify({ op: 'subscribe', channel }));
    const millis = () => this.now;
    return {
      close: () => socket.close(),
      /** Sends a command; the answer. */
      ask: (command) =>
        new Promise((answered) => {
          waiting.set(++ref, answered);
          const id = BigInt(Math.floor(millis())).toString(16).padStart(12, '0');
          const chance = crypto.getRandomValues(new Uint8Array(10));
          const client_id = id + Buffer.from(chance).toString('hex');
          socket.send(JSON.stringify({ ...command, ref, client_id }));
        }),
    };
  }
}
