// SPDX-License-Identifier: Apache-2.0
// The REST door: one function to read, one to command, one kind of error.
import { clientId } from './client-id';
import { Problem } from './problem';
import type { CommandReply, Stamp } from './types';

interface Wiring {
  token: () => string | null;
  locale: () => string;
  now: () => number;
  mandate: () => number | null;
  seen: (stamp: Stamp) => void;
  expired: () => void;
  accepted: (reply: CommandReply) => void;
}
let wiring: Wiring = {
  token: () => null,
  locale: () => 'zh',
  now: () => Date.now(),
  mandate: () => null,
  seen: () => {},
  expired: () => {},
  accepted: () => {},
};
/** Called once at start: where token, language and market time come from. */
export function wire(parts: Wiring): void {
  wiring = parts;
}

type Query = Record<string, string | number | boolean | null | undefined>;

function address(path: string, query?: Query): string {
  const pairs = Object.entries(query ?? {}).filter(([, v]) => v !== undefined && v !== null && v !== '');
  const search = new URLSearchParams(pairs.map(([k, v]) => [k, String(v)])).toString();
  return search ? `${path}?${search}` : path;
}

function headers(extra: Record<string, string> = {}): Record<string, string> {
  const token = wiring.token();
  return {
    'Accept-Language': wiring.locale(),
    ...(token ? { Authorization: `Bearer ${token}` } : {}),
    ...extra,
  };
}

async function send(url: string, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, init);
  } catch {
    throw Problem.offline();
  }
  if (response.ok) return response;
  if (response.status === 401) wiring.expired();
  throw await Problem.from(response);
}

async function decoded<T>(response: Response): Promise<T> {
  const data = (await response.json()) as T & Stamp;
  wiring.seen(data);
  return data;
}

/** Reads; throws a Problem. */
export async function get<T>(path: string, query?: Query): Promise<T> {
  return decoded<T>(await send(address(path, query), { headers: headers() }));
}

/** A stored file, as the signed-in reader may have it. */
export async function file(path: string, query?: Query): Promise<Blob> {
  return (await send(address(path, query), { headers: headers() })).blob();
}
export async function text(path: string, query: Query, accept: string): Promise<string> {
  const response = await send(address(path, query), { headers: headers({ Accept: accept }) });
  return response.text();
}

/** What an agent does for a principal (R2.5); everything else it does in its own name. */
const forPrincipals = /^\/v1\/(lots|quotes|contracts|books|orders)(\/|$)/;

/**
 * Commands. What the network lost is sent once more under the same key: the market does it once.
 * Throws a Problem.
 */
export async function post<T extends object = CommandReply>(
  path: string,
  body: unknown = {},
  method: 'POST' | 'DELETE' = 'POST',
): Promise<T> {
  const mandate = forPrincipals.test(path) ? wiring.mandate() : null;
  const init: RequestInit = {
    method,
    headers: headers({
      'Content-Type': 'application/json',
      'Idempotency-Key': clientId(wiring.now()),
      ...(mandate ? { 'X-Hulan-Mandate': String(mandate) } : {}),
    }),
    ...(method === 'POST' ? { body: JSON.stringify(body) } : {}),
  };
  let response: Response;
  try {
    response = await send(path, init);
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'offline') throw error;
    await new Promise((resolve) => setTimeout(resolve, 1500));
    response = await send(path, init);
  }
  const reply = await decoded<T>(response);
  wiring.accepted(reply);
  return reply;
}

/** Puts a photo or paper into the document store; gives its SHA-256. */
export async function upload(file: Blob, type = file.type): Promise<string> {
  const init = { method: 'POST', headers: headers({ 'Content-Type': type }), body: file };
  const reply = await decoded<{ sha256: string }>(await send('/v1/documents', init));
  return reply.sha256;
}
