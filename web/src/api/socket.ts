// SPDX-License-Identifier: Apache-2.0
// One socket for the page: subscribes, resumes where it stopped, sends bids and waits for their answer.
import { Problem } from './problem';
import type { CommandReply } from './types';

export interface Frame {
  op: 'snapshot' | 'event';
  channel: string;
  number: number;
  sequence: number;
  time: string;
  type?: string;
  data: unknown;
}
type Listener = (frame: Frame) => void;
interface Channel {
  listeners: Set<Listener>;
  last: number | null;
}
interface Waiting {
  resolve: (reply: CommandReply) => void;
  reject: (problem: Problem) => void;
  timer: ReturnType<typeof setTimeout>;
}

const answerWithin = 8000;
const longestPause = 15000;
const askTimeEvery = 2000;
const goneAfter = 12000;

export class Stream {
  private socket: WebSocket | null = null;
  private channels = new Map<string, Channel>();
  private waiting = new Map<number, Waiting>();
  private ref = 0;
  private attempts = 0;
  private stopped = true;
  private pulse: ReturnType<typeof setInterval> | undefined;
  private lastHeard = 0;

  constructor(
    private token: () => string | null,
    private mandate: () => number | null,
    private heard: (frame: { sequence?: number; time?: string } | null, now: boolean) => void,
    private changed: (open: boolean) => void,
  ) {}

  start(): void {
    this.stopped = false;
    this.pulse ??= setInterval(() => this.beat(), askTimeEvery);
    this.connect();
  }

  /** Asks for the market's time; a connection that is silent in spite of it is given up. */
  private beat(): void {
    if (!this.open) return;
    if (performance.now() - this.lastHeard > goneAfter) this.drop(this.socket!);
    else this.send({ op: 'ping' });
  }

  /** Anew under another token: other eyes see other things, so nothing is resumed. */
  restart(): void {
    for (const channel of this.channels.values()) channel.last = null;
    this.attempts = 0;
    this.socket?.close();
    if (!this.socket) this.connect();
  }

  get open(): boolean {
    return this.socket?.readyState === WebSocket.OPEN;
  }

  subscribe(name: string, listener: Listener): () => void {
    let channel = this.channels.get(name);
    if (!channel) {
      channel = { listeners: new Set(), last: null };
      this.channels.set(name, channel);
      this.ask(name, channel);
    } else {
      // A second listener needs the picture too: subscribe anew, from a snapshot.
      channel.last = null;
      this.ask(name, channel);
    }
    channel.listeners.add(listener);
    return () => {
      channel.listeners.delete(listener);
      if (channel.listeners.size || this.channels.get(name) !== channel) return;
      this.channels.delete(name);
      this.send({ op: 'unsubscribe', channel: name });
    };
  }

  /** A bid or a take; rejects with a Problem, `offline` if it was not sent, `unconfirmed` if no answer came. */
  command(body: Record<string, unknown>): Promise<CommandReply> {
    if (!this.open) return Promise.reject(Problem.offline());
    const ref = ++this.ref;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.settle(ref, new Problem({ code: 'unconfirmed' })), answerWithin);
      this.waiting.set(ref, { resolve, reject, timer });
      this.send({ ...this.asAgent(body), ref });
    });
  }

  /** A bid or a take for a principal goes the way of every other command (R2.5). */
  private asAgent({ op, lot, client_id, ...body }: Record<string, unknown>): Record<string, unknown> {
    const mandate = this.mandate();
    if (!mandate) return { op, lot, client_id, ...body };
    return { op: 'post', path: `/v1/lots/${lot}/${op === 'bid' ? 'bids' : 'take'}`, body, mandate, client_id };
  }

  private connect(): void {
    if (this.stopped) return;
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
    const socket = new WebSocket(`${scheme}://${location.host}/v1/stream`);
    this.socket = socket;
    socket.onopen = () => {
      this.attempts = 0;
      this.lastHeard = performance.now();
      this.send({ op: 'ping' });
      const token = this.token();
      if (token) this.send({ op: 'token', token });
      for (const [name, channel] of this.channels) this.ask(name, channel);
      this.changed(true);
    };
    socket.onmessage = (message) => this.receive(String(message.data));
    socket.onclose = () => this.drop(socket);
  }

  private drop(socket: WebSocket): void {
    if (this.socket !== socket) return;
    this.socket = null;
    socket.close();
    this.changed(false);
    for (const ref of [...this.waiting.keys()]) this.settle(ref, new Problem({ code: 'unconfirmed' }));
    const pause = Math.min(longestPause, 400 * 2 ** this.attempts++) * (0.7 + Math.random() * 0.6);
    setTimeout(() => this.connect(), pause);
  }

  private ask(name: string, channel: Channel): void {
    const after = channel.last === null ? {} : { after: channel.last };
    this.send({ op: 'subscribe', channel: name, ...after });
  }

  private send(body: unknown): void {
    if (this.open) this.socket!.send(JSON.stringify(body));
  }

  private receive(text: string): void {
    const parsed = JSON.parse(text) as unknown;
    for (const frame of Array.isArray(parsed) ? parsed : [parsed]) this.take(frame as Frame);
  }

  private take(frame: Frame | Record<string, unknown>): void {
    this.lastHeard = performance.now();
    // A tick and the answer to a ping carry the time as it is now; all else, when it happened.
    this.heard(frame as Frame, (frame as { op: string }).op === 'pong' || (frame as Frame).type === 'tick');
    if (frame.op === 'reply') {
      const reply = frame as { ref: number; ok: boolean; problem?: Record<string, unknown> };
      if (reply.ok) this.settle(reply.ref, null, frame as unknown as CommandReply);
      else this.settle(reply.ref, new Problem(reply.problem ?? {}));
      return;
    }
    if (frame.op !== 'snapshot' && frame.op !== 'event') return;
    const known = frame as Frame;
    const channel = this.channels.get(known.channel);
    if (!channel) return;
    if (typeof known.number === 'number') channel.last = known.number;
    for (const listener of channel.listeners) listener(known);
  }

  private settle(ref: number, problem: Problem | null, reply?: CommandReply): void {
    const waiting = this.waiting.get(ref);
    if (!waiting) return;
    this.waiting.delete(ref);
    clearTimeout(waiting.timer);
    if (problem) waiting.reject(problem);
    else waiting.resolve(reply!);
  }
}
