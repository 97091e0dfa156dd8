// SPDX-License-Identifier: Apache-2.0
// A contract as JSON, R7.1.
import type { Names } from './types';

export interface Party {
  id: number;
  name: Names | string;
}
export interface Step {
  next: string | null;
  actor: string | null;
  deadline: string | null;
  rule?: string | null;
  outcome?: string | Names | null;
}
export interface Truck {
  gross_kg: string;
  tare_kg: string;
  net_kg?: string;
}
export interface Group {
  group?: number;
  head: number | string;
  net_kg: string;
  grade: string | null;
  grade_name?: Names;
  single_class?: number | string | null;
  adjust?: string;
  price?: string;
  settled_kg?: string;
  amount?: string;
}
export interface Delivery {
  index: number;
  state: string;
  quantity: string;
  share?: string;
  planned_at?: string | null;
  loaded_at?: string | null;
  arrived_at?: string | null;
  weighed_at?: string | null;
  carrier?: number | Party | null;
  carrier_name?: Names | string;
  vehicle?: string | null;
  driver?: string | null;
  certificate?: { form?: string; number?: string; issued_at?: string; expires_at?: string } | null;
  origin_kg?: string | null;
  destination_kg?: string | null;
  dead?: number;
  trucks?: Truck[];
  groups?: Group[];
}
export interface Weighing {
  trucks: Truck[];
  groups: Group[];
  dead: number;
  live: number;
  average_kg?: string | null;
  band?: string | null;
  settled_kg: string;
}
export interface Line {
  kind: string;
  price?: string | null;
  quantity?: string | null;
  amount: string;
  group?: number | null;
  working?: string | Names;
  rule?: string;
}
/** R8.6: a claim about the weighing. */
export interface Claim {
  state: 'filed' | 'open' | 'awarded' | 'withdrawn' | 'granted';
  by: 'seller' | 'buyer';
  amount: string;
  frozen: string;
  awarded: string | null;
  goods_weighed: string;
  filed_at: string;
  decided_at: string | null;
  evidence: string;
  evidence_text: string;
}
export interface Contract {
  id: number;
  lot: number;
  product: number | string;
  product_name?: Names;
  product_code?: string;
  grade?: string | null;
  grade_name?: Names | null;
  picture?: string;
  title?: Names;
  seller: Party;
  buyer: Party;
  state: string;
  step?: Step | null;
  price: string;
  price_unit?: string;
  tick?: string;
  quantity: string;
  unit: string;
  average_kg?: string | null;
  nominal: string;
  bonds: Partial<Record<'seller' | 'buyer' | 'seller_trading' | 'buyer_trading', string>>;
  prepaid?: string;
  terms: string;
  place: string;
  spot?: number;
  spot_name?: Names | null;
  origin?: string;
  pickup_from?: string;
  pickup_until?: string;
  concluded_at?: string;
  paid?: boolean | string;
  weighing?: Weighing | null;
  deliveries?: Delivery[];
  lines?: Line[];
  claim?: Claim | null;
  goods?: string;
  fee_each?: string;
  disposal?: string;
  buyer_pays?: string;
  buyer_refund?: string;
  buyer_topup?: string;
  seller_receives?: string;
  seller_vat?: string;
  buyer_deduction?: string;
  forfeited?: string;
  default_kind?: string | null;
  accepted?: { seller?: boolean; buyer?: boolean };
  adjustment?: { needed?: boolean; seller?: string | null; buyer?: string | null };
  timeline?: { state: string; time: string; sequence: number }[];
  my_side?: 'seller' | 'buyer' | null;
  mandate?: number | null;
  can?: string[];
  sha256?: string;
  sequence?: number;
  time?: string;
}
