// SPDX-License-Identifier: Apache-2.0
// What is counted is counted in its product's own word: 头 of hogs, 幅 of prints.
import type { Names } from '../api/types';
import { t } from '../i18n/index.svelte';
import { product } from '../stores/market.svelte';
import { priceUnit, unit } from './format';

interface Counted {
  unit?: string;
  price_unit?: string;
  product?: number | string;
  product_code?: string;
  definition?: unknown;
}

/** The unit of a lot, a contract or a product, for `quantity` and `unit`. */
export function unitOf(of: Counted | null | undefined): string | Names | undefined {
  if (!of || of.unit === 'kg') return of?.unit;
  const known = of.definition ? of : (product(of.product) ?? product(of.product_code));
  return (known?.definition as { unit_name?: Names } | undefined)?.unit_name ?? of.unit;
}

/** 元/公斤, or by the product's own word: 元/头, 元/幅. */
export function perUnit(of: Counted | null | undefined): string {
  const whole = unitOf(of);
  const byHead = /head|count/i.test(of?.price_unit ?? '');
  return byHead && typeof whole === 'object' ? `${t('unit.cny')}/${unit(whole)}` : priceUnit(of?.price_unit);
}
