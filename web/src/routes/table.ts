// SPDX-License-Identifier: Apache-2.0
// Which address shows which page. Rarely needed pages come when they are asked for.
import type { Component } from 'svelte';
import Home from './Home.svelte';
import LotPage from './LotPage.svelte';

type Page = Component<{ id: string }>;
type Load = () => Promise<Page>;
interface Route {
  pattern: RegExp;
  load: Load;
  /** Without the page's frame: sheets of paper. */
  bare?: boolean;
}

const now = (page: unknown): Load => () => Promise.resolve(page as Page);
const later = (load: () => Promise<{ default: unknown }>): Load => () =>
  load().then((module) => module.default as Page);

const routes: Route[] = [
  { pattern: /^\/$/, load: now(Home) },
  { pattern: /^\/lot\/(\d+)$/, load: now(LotPage) },
  { pattern: /^\/session\/(\d+)$/, load: later(() => import('./SessionPage.svelte')) },
  { pattern: /^\/book\/(\d+)$/, load: later(() => import('./BookPage.svelte')) },
  { pattern: /^\/sell$/, load: later(() => import('./Sell.svelte')) },
  { pattern: /^\/contracts$/, load: later(() => import('./Contracts.svelte')) },
  { pattern: /^\/contract\/(\d+)$/, load: later(() => import('./ContractPage.svelte')) },
  { pattern: /^\/account$/, load: later(() => import('./AccountPage.svelte')) },
  { pattern: /^\/desk(?:\/(\w+))?$/, load: later(() => import('./Desk.svelte')) },
  { pattern: /^\/places(?:\/(\d+))?$/, load: later(() => import('./Places.svelte')) },
  { pattern: /^\/prices$/, load: later(() => import('./Prices.svelte')) },
  { pattern: /^\/proof$/, load: later(() => import('./Proof.svelte')) },
  { pattern: /^\/index$/, load: later(() => import('./IndexPage.svelte')) },
  { pattern: /^\/about$/, load: later(() => import('./About.svelte')) },
  { pattern: /^\/rules(?:\/(R[\d.]+))?$/, load: later(() => import('./Rules.svelte')) },
  { pattern: /^\/signin$/, load: later(() => import('./SignIn.svelte')) },
  {
    pattern: /^\/print\/((?:contract|weigh|settlement|statement)\/\d+)$/,
    load: later(() => import('./Print.svelte')),
    bare: true,
  },
];
const lost: Route = { pattern: /.*/, load: later(() => import('./Lost.svelte')) };

export function resolve(path: string): { load: Load; id: string; bare: boolean } {
  const clean = path.length > 1 ? path.replace(/\/+$/, '') : path;
  for (const route of routes) {
    const match = route.pattern.exec(clean);
    if (match) return { load: route.load, id: match[1] ?? '', bare: route.bare ?? false };
  }
  return { load: lost.load, id: '', bare: false };
}
