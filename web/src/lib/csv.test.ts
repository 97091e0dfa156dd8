// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { csv } from './csv';

test('a cell with a comma, a quote or a new line is quoted', () => {
  expect(csv([['外三元', '1,5', 'say "hog"', 'a\nb', null, 3]])).toBe('外三元,"1,5","say ""hog""","a\nb",,3\r\n');
});
