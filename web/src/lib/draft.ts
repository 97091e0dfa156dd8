// SPDX-License-Identifier: Apache-2.0
// What the three steps of a new lot gather, and the body it becomes.
import type { Place, Product } from '../api/types';
import { typed } from './decimal';
import { fromLocalInput } from './time';

export interface Draft {
  side: 'sell' | 'buy';
  product: string;
  quantity: string;
  average: string;
  grade: string;
  origin: string;
  place: string;
  spot: number;
  terms: 'destination' | 'origin';
  from: string;
  until: string;
  mark: number;
  title: string;
  words: string;
  photo: string;
}

/** A text in one language stands for all three until somebody translates it. */
const everywhere = (text: string): { zh: string; en: string; ru: string } => ({ zh: text, en: text, ru: text });

export function lotBody(draft: Draft, product: Product): Record<string, unknown> {
  return {
    product: product.id,
    side: draft.side,
    quantity: typed(draft.quantity) ?? draft.quantity,
    ...(product.needs_average ? { average_kg: typed(draft.average) ?? draft.average } : {}),
    ...(product.grades.length ? { grade: draft.grade } : {}),
    terms: draft.terms,
    origin: draft.side === 'sell' ? draft.origin : draft.place,
    place: draft.place,
    ...(draft.spot ? { spot: draft.spot } : {}),
    pickup_from: fromLocalInput(draft.from),
    pickup_until: fromLocalInput(draft.until),
    ...(draft.mark ? { mark: draft.mark } : {}),
    title: everywhere(draft.title),
    ...(draft.words ? { description: everywhere(draft.words) } : {}),
    ...(draft.photo ? { photos: [draft.photo] } : {}),
  };
}

export const spotsOf = (places: Place[], code: string) => places.find((p) => p.code === code)?.spots ?? [];
