// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { words } from './words';

const languages = ['zh', 'en', 'ru'];
const entries = Object.entries(words) as [string, readonly string[]][];
const bare = (text: string): string => text.replace(/\{\w+\}/g, '');
const blanks = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1]!).sort();

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'words' ? [] : sources(path);
    return /\.(svelte|ts)$/.test(entry.name) && !entry.name.endsWith('.test.ts') ? [path] : [];
  });
}

describe('the words of the page', () => {
  it('exist in Chinese, English and Russian', () => {
    const lacking = entries.flatMap(([key, texts]) =>
      languages.filter((_, i) => !texts[i]?.trim()).map((language) => `${key} (${language})`),
    );
    expect(lacking).toEqual([]);
  });

  it('are in the script of their language', () => {
    const kept = /^[^\p{L}]*(R\d[\d.]*|CSV|SHA-256|Apache-2\.0|Hulan|API)?[^\p{L}]*$/u;
    const wrong = entries.filter(([, texts]) => {
      const [zh, en, ru] = texts.map(bare);
      const chinese = /\p{Script=Han}/u.test(zh!) || kept.test(zh!);
      const english = !/\p{Script=Cyrillic}/u.test(en!);
      const russian = /\p{Script=Cyrillic}/u.test(ru!) || kept.test(ru!);
      return !chinese || !english || !russian;
    });
    expect(wrong.map(([key]) => key)).toEqual([]);
  });

  it('leave the same blanks in all three languages', () => {
    const differing = entries.filter(([, [zh, en, ru]]) => {
      const wanted = blanks(zh!).join();
      return blanks(en!).join() !== wanted || blanks(ru!).join() !== wanted;
    });
    expect(differing.map(([key]) => key)).toEqual([]);
  });

  it('include every key that the pages name', () => {
    const missing = sources(join(import.meta.dirname, '..')).flatMap((path) =>
      [...readFileSync(path, 'utf8').matchAll(/\bt\('([\w.]+)'/g)].map((m) => m[1]!).filter((key) => !(key in words)),
    );
    expect(missing).toEqual([]);
  });
});
