// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { add, compare, multiply, placesOf, sub, sum, typed, withDigits } from './decimal';

describe('exact decimals (R1.4)', () => {
  it('add and subtract without rounding, beyond what floating point holds', () => {
    expect(add('0.1', '0.2')).toBe('0.3');
    expect(sub('90071992547409931.05', '0.06')).toBe('90071992547409930.99');
    expect(sum(['342541.94', '8732.64', '13018.32'])).toBe('364292.90');
    expect(sub('0.05', '1')).toBe('-0.95');
  });

  it('R1.3 round half away from zero', () => {
    expect(multiply('16.120', '21249.500', 2)).toBe('342541.94');
    expect(multiply('0.5', '0.01', 2)).toBe('0.01');
    expect(multiply('-0.5', '0.01', 2)).toBe('-0.01');
  });

  it('compare whatever their number of places', () => {
    expect(compare('14.170', '14.17')).toBe(0);
    expect(compare('-1', '0.5')).toBeLessThan(0);
  });

  it('show at least the wished places and never drop a digit that counts', () => {
    expect(withDigits('14.120', 2)).toBe('14.12');
    expect(withDigits('14.127', 2)).toBe('14.127');
    expect(withDigits('5', 2)).toBe('5.00');
    expect(placesOf('0.010')).toBe(2);
    expect(placesOf('5.00')).toBe(0);
  });

  it('understand what people type', () => {
    expect(typed('1 234,50')).toBe('1234.50');
    expect(typed('17,925.05')).toBe('17925.05');
    expect(typed('１４．１７')).toBe('14.17');
    expect(typed('14,17')).toBe('14.17');
    expect(typed('about 14')).toBeNull();
  });
});
