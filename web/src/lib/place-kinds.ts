// SPDX-License-Identifier: Apache-2.0
// What the pages know of a place beyond what the market tells: its drawing, and its part in a trade.
import type { Place } from '../api/types';
import { shapeOf } from './map';

/** The key a place goes by on the pages, even where the market numbers it otherwise. */
export const placeKey = (place: Place): string => shapeOf(place.code, place.name.zh)?.code ?? place.code;

const drawings: Record<string, string> = {
  '230111': 'market-hall',
  '230113': 'farm',
  '230104': 'rice',
  '230110': 'rail',
  '230103': 'truck',
  'new-area': 'port',
  '230102': 'bank',
  '230108': 'laboratory',
  '230112': 'woodcut',
};
export const drawingOf = (place: Place): string => `/pictures/${drawings[placeKey(place)] ?? 'farm'}.svg`;

/** One trade through all nine, in the order in which it passes them. */
export const tradeThrough: readonly string[] = [
  '230113', '230108', '230111', '230102', '230104', '230110', '230103', 'new-area', '230112',
];

/** The five steps of shading for a count: 0 none, then by thirds of the most. */
export const shadeOf = (count: number, most: number): number =>
  count ? 1 + Math.min(4, Math.floor((count / Math.max(1, most)) * 4)) : 0;
