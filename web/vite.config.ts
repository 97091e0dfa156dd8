// SPDX-License-Identifier: Apache-2.0
import { defineConfig } from 'vitest/config';
import { svelte } from '@sveltejs/vite-plugin-svelte';

// `npm run dev` speaks to a server that runs beside it.
const server = process.env.HULAN_SERVER ?? 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [svelte()],
  build: { target: 'es2022', assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  server: {
    proxy: {
      '/v1': { target: server, ws: true },
      '/openapi.json': server,
      '/readyz': server,
      '/healthz': server,
    },
  },
  test: { environment: 'node', include: ['src/**/*.test.ts'] },
});
