// SPDX-License-Identifier: Apache-2.0
// Addresses of pages by the history API.

const here = $state({ path: location.pathname, query: location.search });

export const path = (): string => here.path;
export const query = (): URLSearchParams => new URLSearchParams(here.query);

function follow(scroll: boolean): void {
  here.path = location.pathname;
  here.query = location.search;
  if (scroll && !location.hash) window.scrollTo(0, 0);
}

export function go(to: string, replace = false): void {
  if (replace) history.replaceState(null, '', to);
  else history.pushState(null, '', to);
  follow(!replace);
}

/** Puts a choice into the address without a step of its own in the history; empty removes it. */
export function choose(name: string, value: string): void {
  const next = new URLSearchParams(location.search);
  if (value) next.set(name, value);
  else next.delete(name);
  const search = next.toString();
  go(location.pathname + (search ? `?${search}` : ''), true);
}

function clicked(event: MouseEvent): void {
  if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
  const link = (event.target as Element | null)?.closest?.('a[href]') as HTMLAnchorElement | null;
  if (!link || link.target || link.hasAttribute('download') || link.origin !== location.origin) return;
  if (/^\/(v1|openapi|metrics|pictures)/.test(link.pathname)) return;
  if (link.hash && link.pathname === location.pathname) return;
  event.preventDefault();
  go(link.pathname + link.search + link.hash);
}

export function startRouter(): void {
  addEventListener('popstate', () => follow(false));
  document.addEventListener('click', clicked);
}
