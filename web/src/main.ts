// SPDX-License-Identifier: Apache-2.0
import { mount } from 'svelte';
import './css/base.css';
import './css/parts.css';
import './css/print.css';
import App from './App.svelte';
import { wire } from './api/client';
import { locale } from './i18n/index.svelte';
import { acting } from './stores/acting.svelte';
import { forget, remember } from './stores/answers.svelte';
import { heard, loadMarket, marketNow, startClock } from './stores/market.svelte';
import { startRouter } from './stores/router.svelte';
import { leave, loadMe, onSessionChange, token } from './stores/session.svelte';
import { stream } from './stores/stream.svelte';
import { dress } from './stores/theme.svelte';

wire({ token, locale, now: marketNow, mandate: () => acting()?.id ?? null, seen: heard, expired: leave, accepted: remember });
onSessionChange(() => {
  forget();
  stream.restart();
});
dress();
startRouter();
startClock();
void loadMarket();
void loadMe();
stream.start();
mount(App, { target: document.getElementById('app')! });
