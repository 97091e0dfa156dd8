// SPDX-License-Identifier: Apache-2.0
// The settlement sheet: names, rules and the totals with their arithmetic in figures.
import type { Contract, Line } from '../api/contract-types';
import { named, t, term, type Key } from '../i18n/index.svelte';
import { product } from '../stores/market.svelte';
import { words } from '../i18n/words';
import { compare, sub } from './decimal';
import { cash, figure, money, price } from './format';

const rules: Record<string, string> = {
  goods: 'R9.1',
  fee: 'R9.1',
  fee_vat: 'R9.1',
  fee_seller: 'R9.1',
  fee_buyer: 'R9.1',
  refund: 'R9.2',
  topup: 'R9.4',
  vat_memo: 'R9.3',
  deduction_memo: 'R9.3',
  disposal: 'R8.5',
  forfeit: 'R10.1',
  disputed: 'R8.6',
  award: 'R8.6',
};
export const lineRule = (line: Line): string => line.rule ?? rules[line.kind] ?? 'R9.2';

/** Lines of goods are counted in the order in which they stand. */
export function lineName(line: Line, goods = 0): string {
  if (line.kind === 'goods' && goods) return t('line.goods_group', { n: goods });
  return `line.${line.kind}` in words ? t(`line.${line.kind}` as Key) : term('posting', line.kind);
}

/** How a line was worked out, with the reader's units and figures. */
export function inWords(c: Contract, line: Line): string {
  const amount = cash(line.amount);
  const working = workingOf(c, line);
  return working ? `${working} = ${amount}` : amount;
}

/** The same without its result. */
export function workingOf(c: Contract, line: Line): string {
  const [before] = named(line.working).split(' = ');
  const whole = c.buyer_pays ? sub(c.nominal, c.buyer_pays) : '0';
  if (line.kind === 'refund' && compare(whole, line.amount) === 0) return `${money(c.nominal)} − ${money(c.buyer_pays)}`;
  if (line.kind === 'topup' && compare(whole, `-${line.amount}`) === 0) return `${money(c.buyer_pays)} − ${money(c.nominal)}`;
  if (line.kind === 'deduction_memo') return `${money(c.goods)} × ${deduction(c)} %`;
  if (!before || !before.includes(' x ')) return '';
  const [many = '', each = ''] = before.split(' x ');
  return `${many.replace(/[\d.]+/, (n) => figure(n))} × ${each.replace(/[\d.]+/, (n) => price(n, c.tick))}`
    .replace(/ CNY\/kg/, ` ${t('unit.per_kg')}`)
    .replace(/ CNY\/t/, ` ${t('unit.cny')}/${t('unit.tonnes')}`)
    .replace(/ CNY$/, ` ${t('unit.cny')}`)
    .replace(/ kg/, ` ${t('unit.kg')}`);
}
const deduction = (c: Contract): string => figure((product(c.product)?.purchase_deduction as string | undefined) ?? '9');

export interface Total {
  key: Key;
  amount: string;
  rule: string;
  working?: string;
  strong?: boolean;
}
const some = (value: string | undefined | null): value is string => !!value && compare(value, '0') !== 0;

export function totals(c: Contract): Total[] {
  if (!c.goods || !(c.lines ?? []).length) return [];
  const parts = (c.lines ?? []).filter((l) => l.kind === 'goods' || l.kind === 'award').map((l) => money(l.amount));
  const list: (Total | null)[] = [
    { key: 'line.total_goods', amount: c.goods, rule: 'R1.4', working: parts.join(' + ').replace(/\+ [-−]/g, '− ') },
    c.buyer_pays
      ? { key: 'line.buyer_pays', amount: c.buyer_pays, rule: 'R9.2', working: `${money(c.goods)} + ${money(c.fee_each)}`, strong: true }
      : null,
    some(c.buyer_refund)
      ? { key: 'line.buyer_refund', amount: c.buyer_refund, rule: 'R9.2', working: `${money(c.nominal)} − ${money(c.buyer_pays)}` }
      : null,
    some(c.buyer_topup)
      ? { key: 'line.buyer_topup', amount: c.buyer_topup, rule: 'R9.4', working: `${money(c.buyer_pays)} − ${money(c.nominal)}` }
      : null,
    c.seller_receives
      ? {
          key: 'line.seller_receives',
          amount: c.seller_receives,
          rule: 'R9.2',
          working: [c.goods, c.fee_each, ...(some(c.disposal) ? [c.disposal] : [])].map(money).join(' − '),
          strong: true,
        }
      : null,
    some(c.seller_vat) ? { key: 'line.seller_vat', amount: c.seller_vat, rule: 'R9.3' } : null,
    some(c.buyer_deduction)
      ? { key: 'line.buyer_deduction', amount: c.buyer_deduction, rule: 'R9.3', working: `${money(c.goods)} × ${deduction(c)} %` }
      : null,
    some(c.forfeited) ? { key: 'line.forfeited', amount: c.forfeited, rule: 'R10.1' } : null,
  ];
  // What already stands as a line is not said twice.
  const lined: Partial<Record<Key, string>> = { 'line.buyer_refund': 'refund', 'line.buyer_topup': 'topup', 'line.seller_vat': 'vat_memo', 'line.buyer_deduction': 'deduction_memo', 'line.forfeited': 'forfeit' };
  const kinds = new Set((c.lines ?? []).map((l) => l.kind));
  return list.filter((x): x is Total => x !== null && !kinds.has(lined[x.key] ?? ''));
}
