// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { check, fillLast } from './weighing';

const trucks = [
  { gross: '31460', tare: '19980' },
  { gross: '31322.5', tare: '20140' },
];
const group = (head: string, net: string) => ({ head, net, grade: 'three_way', single: '' });

describe('an inspector’s sums (R8.2)', () => {
  it('R8.2 the groups add up to net weight and live head', () => {
    const groups = [group('187', '21249.5'), group('5', '552'), group('6', '861')];
    expect(check(trucks, groups, '200', '2')).toMatchObject({ net: '22662.5', live: '198', fits: true });
  });

  it('R8.2 one kilogram or one head off does not fit', () => {
    expect(check(trucks, [group('198', '22661.5')], '200', '2').fits).toBe(false);
    expect(check(trucks, [group('199', '22662.5')], '200', '2').fits).toBe(false);
  });

  it('gives the last group what the others leave', () => {
    const groups = [group('187', '21249.5'), group('', '')];
    fillLast(groups, check(trucks, groups, '200', '2'));
    expect(groups[1]).toMatchObject({ head: '11', net: '1413.0' });
    expect(check(trucks, groups, '200', '2').fits).toBe(true);
  });
});
