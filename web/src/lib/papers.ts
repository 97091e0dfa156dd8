// SPDX-License-Identifier: Apache-2.0
// Which papers a lot must carry before it is offered, and which it lacks (R4.3).
import type { Lot, LotDocument, Product } from '../api/types';
import { compare } from './decimal';

export const requiredKinds = (product: Product | undefined): string[] => product?.required ?? [];

export function paperState(paper: LotDocument, now: number): 'good' | 'open' | 'expired' {
  if (paper.expires_at && Date.parse(paper.expires_at) < now) return 'expired';
  return paper.checked ? 'good' : 'open';
}

export const tagsMissing = (lot: Lot, product: Product | undefined): boolean =>
  !!product?.needs_tags && lot.side === 'sell' && compare(String(lot.tag_count), lot.quantity) < 0;

export function lacking(lot: Lot, product: Product | undefined, now: number): string[] {
  if (lot.side === 'buy') return [];
  const valid = lot.documents.filter((d) => paperState(d, now) !== 'expired').map((d) => d.kind);
  const papers = requiredKinds(product).filter((kind) => !valid.includes(kind));
  return tagsMissing(lot, product) ? [...papers, 'tags'] : papers;
}
