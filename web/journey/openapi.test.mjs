// SPDX-License-Identifier: Apache-2.0
// The description that the running server gives of its own doors is OpenAPI 3.1 without a complaint.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createConfig, lint } from '@redocly/openapi-core';
import { Market, isBuilt } from './market.mjs';

test('the OpenAPI document passes the linter', { skip: !isBuilt() && 'build it first: script/build' }, async () => {
  const market = await Market.start();
  try {
    const text = await (await fetch(`${market.url}/openapi.json`)).text();
    assert.match(JSON.parse(text).openapi, /^3\.1\./);
    const file = join(market.folder, 'openapi.json');
    writeFileSync(file, text);
    const problems = await lint({ ref: file, config: await createConfig({ extends: ['recommended'] }) });
    assert.deepEqual(problems.map((p) => `${p.ruleId}: ${p.message} ${p.location[0]?.pointer}`), []);
  } finally {
    await market.stop();
  }
});
