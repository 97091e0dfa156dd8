// SPDX-License-Identifier: Apache-2.0
// The page's one socket, and subscriptions that end with the component that made them.
import { Stream, type Frame } from '../api/socket';
import { acting } from './acting.svelte';
import { connected, heard } from './market.svelte';
import { token } from './session.svelte';

export const stream = new Stream(token, () => acting()?.id ?? null, heard, connected);

/** In a component: listens to a channel while it is shown. `channel` is read reactively. */
export function listen(channel: () => string | null, listener: (frame: Frame) => void): void {
  $effect(() => {
    const name = channel();
    if (!name) return;
    return stream.subscribe(name, listener);
  });
}
