// SPDX-License-Identifier: Apache-2.0
// The JSON of the doors, as docs/formats/api.md describes it. Decimals are strings.

export interface Names {
  zh: string;
  en?: string;
  ru?: string;
}
/** Every reply says on which state it stands. */
export interface Stamp {
  sequence?: number;
  time?: string;
}
export interface List<T> extends Stamp {
  items: T[];
  next?: string | null;
}
export interface CommandReply extends Stamp {
  id?: number;
  frozen?: string;
  repeated?: boolean;
  client_id?: string;
  /** Of an accepted command: the leaf of its record (R13.2). */
  leaf?: string;
}

export interface Rate {
  key: string;
  name?: Names;
  value: string | number;
  unit?: string;
  source?: string | Names;
  rule?: string;
}
export interface Market extends Stamp {
  utc_offset_s?: number;
  name?: Names;
  demo: boolean;
  clock_factor: number;
  /** The market's time at the moment of the answer; `time` is that of the newest record. */
  now?: string;
  rates: Rate[];
}

export interface Spot {
  id: number;
  name: Names;
  kind: string;
  planned?: boolean;
}
export interface Place {
  code: string;
  name: Names;
  words: (Names & { planned?: boolean })[];
  tile: { column: number; row: number };
  spots: Spot[];
  lots: number;
  brands: (Names | { name: Names; [key: string]: unknown } | string)[];
}

export interface Grade {
  code: string;
  name: Names;
  adjust?: string;
}
export interface Product {
  id: number;
  code: string;
  name: Names;
  version?: number;
  unit: string;
  price_unit: string;
  tick: string;
  lot_minimum?: string;
  needs_average?: boolean;
  needs_tags?: boolean;
  grades: Grade[];
  singles?: Grade[];
  bands?: { low: string; high: string; adjust: string; low_open?: boolean; high_open?: boolean }[];
  methods: string[];
  required?: string[];
  picture?: string;
  currency?: string;
  bond?: string;
  trading_bond?: string;
  notice_s?: number;
  window_s?: number;
  [key: string]: unknown;
}

export interface LotDocument {
  n: number;
  kind: string;
  sha256?: string;
  number?: string;
  issued_at?: string;
  expires_at?: string | null;
  checked: boolean;
}
/** How a divisible lot stands (R5.3.7). */
export interface Parts {
  award: 'whole' | 'pay_as_bid' | 'uniform';
  covered: string;
  marginal: string | null;
  clearing: string | null;
  bids: { bidder: string; price: string; quantity: string }[];
}
/** R5.3.3: with it the page runs the clock by itself. */
export interface ClockOf {
  session: number;
  place: number;
  started_at: string | null;
  from: string;
  step: string;
  floor: string;
  tick_ms: number;
}
/** R5.3.4: the shares are null until their holders give them. */
export interface SealKey {
  id: number;
  public_key: string;
  lots: number;
  closes_at: string | null;
  shares: { holder: number; sha256: string; share: string | null }[];
}
/** R5.3.4: commitments and boxes; what is in them once the key is known. */
export interface SealedOf {
  key: number;
  public_key: string;
  award: 'first_price' | 'second_price' | 'pay_as_bid' | 'uniform';
  phase: string;
  low: string;
  high: string;
  clearing: string | null;
  bids: {
    bidder: string;
    sequence: number;
    state: string;
    commitment: string;
    box: string;
    price: string | null;
    quantity: string | null;
    salt: string | null;
    awarded: string | null;
  }[];
}
export interface SessionRow {
  lot: number;
  place: number | null;
  state: string;
  title?: Names;
  farm_name?: Names | string | null;
  quantity: string;
  remaining: string;
  start: string;
  floor: string | null;
  parts: { sequence: number; time: string; price: string; quantity: string }[];
}
export interface TradingSession extends Stamp {
  id: number;
  product: number;
  product_code: string;
  product_name: Names;
  kind: string;
  side: 'sell' | 'buy';
  state: string;
  unsold: 'carry' | 'allocate' | 'end';
  quotas: number;
  title?: Names;
  price_unit: string;
  tick: string;
  unit: string;
  opens_at: string;
  /** Of a shared clock that runs: its end, if nobody bids (R5.3.2). */
  closes_at: string | null;
  tick_ms: number;
  lots: number;
  begun: number;
  current: number | null;
  mean: string | null;
  seed: string | null;
  catalogue?: SessionRow[];
}
export interface PriceLevel {
  price: string;
  quantity: number;
  orders: number;
}
export interface BookTrade {
  number: number;
  sequence: number;
  time: string;
  price: string;
  quantity: number;
  taker: 'buy' | 'sell' | 'auction';
}
export interface Book extends Stamp {
  id: number;
  product: number;
  product_code: string;
  product_name: Names;
  price_unit: string;
  unit: string;
  lot: string;
  tick: string;
  permit_authority: string;
  permit_number: string;
  phase: string;
  phase_until: string | null;
  call_at: string;
  open_at: string;
  close_at: string;
  reference: string;
  band_low: string | null;
  band_high: string | null;
  last: string | null;
  trades_count: number;
  traded: number;
  indicative_price: string | null;
  indicative_quantity: number;
  imbalance: number;
  halted: boolean;
  buy?: PriceLevel[];
  sell?: PriceLevel[];
  trades?: BookTrade[];
}
export interface Order {
  id: string;
  book: number;
  side: 'buy' | 'sell';
  price: string | null;
  stop: string | null;
  quantity: number;
  hidden: number;
}
export interface Position {
  book: number;
  product_code: string;
  net: number;
  traded: number;
}
export interface Halt {
  product?: number | null;
  product_code?: string | null;
  since: string;
  resume_at: string | null;
  reason: string;
}
/** R2.5 */
export interface Mandate {
  id: number;
  agent: { id: number; name: Names | string };
  principal: { id: number; name: Names | string };
  state: string;
  sides: ('sell' | 'buy')[];
  products: number[];
  limit: string;
  used: string;
  left: string;
  made_at: string;
  expires_at: string;
}
/** One number in a negotiation (R5.2). */
export interface Quote {
  id: number;
  lot: number;
  talk: string;
  by: 'asker' | 'other';
  own: boolean;
  state: string;
  price: string;
  quantity: string;
  made_at: string;
  expires_at: string;
  previous: number | null;
  contract: number | null;
  frozen: string;
}
export interface Lot {
  id: number;
  product: number;
  product_code: string;
  product_name: Names;
  side: 'sell' | 'buy';
  method: string;
  state: string;
  terms: string;
  grade: string | null;
  grade_name?: Names | null;
  unit: string;
  quantity: string;
  remaining: string;
  minimum?: string | null;
  average_kg?: string | null;
  price_unit: string;
  tick: string;
  price?: string | null;
  start?: string | null;
  step?: string | null;
  cap?: string | null;
  has_reserve?: boolean;
  reserve_met?: boolean;
  best?: string | null;
  bids: number;
  next_bid?: string | null;
  next_bond?: string | null;
  open_at?: string | null;
  close_at?: string | null;
  /** The catalogue with which it opens and closes (R5.3.2). */
  shared_session?: number | null;
  sealed?: SealedOf | null;
  my_commitment?: string | null;
  window_s?: number;
  exclusive_until?: string | null;
  clock?: ClockOf | null;
  pickup_from?: string | null;
  pickup_until?: string | null;
  parts?: Parts | null;
  request?: { named: number; numbers: number; standing: number } | null;
  origin?: string;
  province?: string;
  place: string;
  spot?: number;
  farm?: number;
  farm_name?: string | Names | null;
  mark?: number | null;
  mark_name?: Names | null;
  tag_count: number;
  documents: LotDocument[];
  title?: Names;
  description?: Partial<Names>;
  photos: string[];
  picture?: string;
  reference?: string | null;
  band?: { low: string; high: string } | null;
  mine?: boolean;
  leading?: boolean;
  outbid?: boolean;
  my_maximum?: string | null;
  contracts?: number[];
  created_at?: string;
  sequence?: number;
}
export interface Bid {
  bidder: string;
  price: string;
  time: string;
  sequence?: number;
  own?: boolean;
  mine?: boolean;
  struck?: boolean;
}
export interface BidEvent {
  lot: number;
  price: string;
  bids: number;
  close_at: string;
  next_bid?: string | null;
  next_bond?: string | null;
  bidder?: string;
  leading?: boolean;
  outbid?: boolean;
}

export interface PriceRow {
  product: number | string;
  grade: string | null;
  grade_name?: Names;
  region: string;
  region_name?: Names;
  day: string;
  price: string | null;
  change?: string | null;
  previous_day?: string | null;
  two_day?: string | null;
  weight?: string;
  head?: number | string;
  trades: number;
  high?: string | null;
  low?: string | null;
  median?: string | null;
  thin?: boolean;
}
export interface Candle {
  start: string;
  open: string;
  high: string;
  low: string;
  close: string;
  weight: string;
  head: string;
  trades: number;
}
export interface Trade {
  product: number | string;
  grade?: string | null;
  region?: string;
  price: string;
  quantity: string;
  time?: string;
  lot?: number;
}

export interface Account extends Stamp {
  participant: number;
  currency: string;
  available: string;
  performance_bond: string;
  trading_bond: string;
  prepaid: string;
  disputed: string;
}
export interface Me extends Stamp {
  user: { id: number; name: string | Names; login?: string; roles?: string[] };
  roles: string[];
  participant?: { id: number; name: Names | string; kind?: string } | null;
  account?: Account | null;
}
export interface StatementLine {
  sequence: number;
  time: string;
  reason: string;
  bucket?: string;
  amount: string;
  balance?: string;
  lot?: number | null;
  contract?: number | null;
  note?: string;
}
export type Balances = Record<string, string>;
export interface Statement extends Stamp {
  participant?: number;
  name?: Names | string;
  currency?: string;
  from?: string;
  to?: string;
  opening: string | Balances;
  lines: StatementLine[];
  closing: string | Balances;
}
export interface Participant {
  id: number;
  name: Names | string;
  kind: string;
  form?: string;
  vat?: string;
  region?: string;
  state: string;
  standing?: { clean_trades?: number; defaults?: number };
  clean_trades?: number;
  defaults?: number;
}
export interface Approval {
  id: number;
  kind: string;
  state: string;
  content: string;
  created_at?: string;
  amount?: string | null;
  currency?: string;
  subject?: number | string | null;
  subject_name?: Names | string;
  proposer?: number | string | { id?: number; name: string };
  approvals?: number;
  needed?: number;
  reason?: string;
  detail?: string | null;
  own?: boolean;
}
export interface Mark {
  id: number;
  name: Names;
  holder: number | { id: number; name: Names | string };
  holder_name?: Names | string;
  product?: number;
  place?: string;
  valid_from?: string;
  valid_until?: string;
  grants?: { farm: number; name?: Names | string; valid_until?: string }[];
}
export interface Reference {
  product: number | string;
  grade: string | null;
  province: string;
  price: string;
  since?: string;
  stated?: boolean;
}
/** A checkpoint as the list has it; `note` is what was signed. */
export interface CheckpointRow {
  number: number;
  size: number;
  root: string;
  time: string;
  note: string;
}

/** R12.3: what a person should look at. */
export interface Finding {
  pattern: string;
  participants: { id: number; name: Names }[];
  product: number | null;
  product_name: Names | null;
  lot: number | null;
  value: number;
  unit: 'count' | 'basis_points';
  time: string;
  evidence: number[];
}
export interface SurveillanceReport extends List<Finding> {
  sequence: number;
  looked_at: number;
  reading: boolean;
  failure: string | null;
}
