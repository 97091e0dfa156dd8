// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { capitals } from './capitals';

test.each([
  ['370760.00', '叁拾柒万零柒佰陆拾元整'],
  ['363906.27', '叁拾陆万叁仟玖佰零陆元贰角柒分'],
  ['100000000.05', '壹亿元零伍分'],
  ['10203.40', '壹万零贰佰零叁元肆角整'],
  ['100000001.00', '壹亿零壹元整'],
  ['20010000.00', '贰仟零壹万元整'],
  ['0.30', '叁角整'],
  ['0.00', '零元整'],
  ['-80.00', '负捌拾元整'],
])('%s is said %s', (amount, said) => {
  expect(capitals(amount)).toBe(said);
});
