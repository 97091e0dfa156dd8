// SPDX-License-Identifier: Apache-2.0
#include "engine/market/products.h"

#include <algorithm>

#include "engine/market/access.h"
#include "engine/market/approvals.h"

namespace hulan::engine {
namespace {

using model::ProductRow;
using model::ProductTermsRow;
using model::Reject;

constexpr std::uint32_t kWhole = 10'000;                  // basis points
constexpr std::int64_t kLargestRate = 1'000'000'000'000;  // fees, ticks and the like
constexpr std::int32_t kLargestAdjust = 1'000'000'000;
constexpr std::int64_t kLongestSpan = 400 * model::kDay;

bool is_rate(std::int64_t value) { return value >= 0 && value <= kLargestRate; }

bool is_adjust(std::int32_t value) { return value >= -kLargestAdjust && value <= kLargestAdjust; }

bool code_fits(const std::array<char, 24>& code) {
  const auto end = std::find(code.begin(), code.end(), '\0');
  const auto is_letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  };
  return end != code.begin() && std::all_of(code.begin(), end, is_letter) &&
         std::all_of(end, code.end(), [](char c) { return c == '\0'; });
}

bool rates_fit(const ProductRow& p) {
  const std::uint32_t parts[] = {p.bond_bp,           p.trading_bond_bp,       p.shrink_bp,
                                 p.head_tolerance_bp, p.short_tolerance_bp,    p.over_weight_bp,
                                 p.fee_vat_bp,        p.purchase_deduction_bp, p.vat_general_bp,
                                 p.vat_small_bp,      p.vat_exempt_bp};
  return std::all_of(std::begin(parts), std::end(parts),
                     [](std::uint32_t bp) { return bp <= kWhole; }) &&
         p.band_bp < kWhole && p.tick.value > 0 && is_rate(p.tick.value) && p.lot_minimum > 0 &&
         p.lot_minimum <= model::kMaxMagnitude && is_rate(p.fee_fen_per_t) &&
         is_rate(p.fee_fen_per_head.value) && is_rate(p.disposal_fen_per_head.value) &&
         is_rate(p.keeping_fen_per_head_day.value);
}

bool times_fit(const ProductRow& p) {
  return p.effective_at >= 0 && p.close_window_ns >= 0 && p.close_window_ns <= model::kDay &&
         p.notice_ns >= 0 && p.notice_ns <= kLongestSpan;
}

/// By count a quantity is in head; head by weight need an average weight, and bands one to look at.
bool units_fit(const ProductRow& p) {
  if (p.basis != model::PriceBasis::kByWeight && p.basis != model::PriceBasis::kByCount) {
    return false;
  }
  if (p.unit != model::QuantityUnit::kHead && p.unit != model::QuantityUnit::kGrams) return false;
  if (static_cast<std::size_t>(p.currency) >= model::kCurrencies) return false;
  const bool head = p.unit == model::QuantityUnit::kHead;
  const bool by_weight = p.basis == model::PriceBasis::kByWeight;
  if (!by_weight && !head) return false;
  if ((p.needs_average != 0) != (by_weight && head)) return false;
  if (p.band_count != 0 && p.needs_average == 0) return false;
  if (p.needs_tags != 0 && !head) return false;
  const std::uint8_t flags[] = {p.needs_average, p.needs_tags, p.needs_quarantine, p.needs_vehicle};
  return std::all_of(std::begin(flags), std::end(flags), [](std::uint8_t f) { return f <= 1; });
}

template <class Array, class Check>
bool list_fits(const Array& list, std::size_t count, Check check) {
  if (count > list.size()) return false;
  const auto end = list.begin() + static_cast<std::ptrdiff_t>(count);
  return std::all_of(list.begin(), end, check) &&
         std::all_of(end, list.end(), [](const auto& unused) {
           static constexpr typename Array::value_type kNone{};
           return std::memcmp(&unused, &kNone, sizeof(kNone)) == 0;
         });
}

bool band_fits(const model::WeightBand& band) {
  return band.low_g >= 0 && band.low_g < band.high_g && band.high_g <= model::kMaxMagnitude &&
         is_adjust(band.adjust) && band.low_open <= 1 && band.high_open <= 1 && band.reserved == 0;
}

/// In order, and no weight in two bands.
bool bands_follow(const ProductRow& p) {
  for (std::size_t i = 1; i < p.band_count; ++i) {
    const auto& before = p.bands[i - 1];
    const auto& band = p.bands[i];
    if (before.high_g > band.low_g) return false;
    if (before.high_g == band.low_g && before.high_open == 0 && band.low_open == 0) return false;
  }
  return true;
}

bool required_fit(const ProductRow& p) {
  std::uint32_t seen = 0;
  return list_fits(p.required, p.required_count, [&](std::uint8_t kind) {
    const bool known = kind >= static_cast<std::uint8_t>(model::DocumentKind::kPhoto) &&
                       kind <= static_cast<std::uint8_t>(model::DocumentKind::kOther) &&
                       (seen >> kind & 1) == 0;
    seen |= 1u << (kind & 31);
    return known;
  });
}

constexpr std::uint32_t kFirstMethods =
    model::method_bit(model::Method::kListing) | model::method_bit(model::Method::kAscending);
constexpr std::uint32_t kBook = model::method_bit(model::Method::kOrderBook);
constexpr std::uint32_t kLaterMethods = model::method_bit(model::Method::kNegotiation) |
                                        model::method_bit(model::Method::kClock) |
                                        model::method_bit(model::Method::kSealed) | kBook;

bool row_fits(const ProductRow& p) {
  return p.methods != 0 && code_fits(p.code) && rates_fit(p) && times_fit(p) && units_fit(p) &&
         list_fits(p.grade_adjust, p.grade_count, is_adjust) &&
         list_fits(p.single_adjust, p.single_count, is_adjust) &&
         list_fits(p.bands, p.band_count, band_fits) && bands_follow(p) && required_fit(p);
}

template <std::size_t N>
bool text_ends(const std::array<char, N>& text) {
  const auto end = std::find(text.begin(), text.end(), '\0');
  return std::all_of(end, text.end(), [](char c) { return c == '\0'; });
}

/// A permit is whole or not there; limits and times are within reason.
bool terms_fit(const ProductTermsRow& terms) {
  const bool none = terms.permit_authority.front() == '\0' && terms.permit_number.front() == '\0' &&
                    terms.permit_date == 0;
  const auto is_limit = [](std::int64_t value) {
    return value >= 0 && value <= model::kMaxMagnitude;
  };
  const auto is_span = [](std::int64_t value) { return value >= 0 && value <= model::kDay; };
  return (none || has_permit(terms)) && text_ends(terms.permit_authority) &&
         text_ends(terms.permit_number) && terms.permit_date >= 0 &&
         is_limit(terms.order_quantity_max) && is_limit(terms.day_quantity_max) &&
         is_span(terms.clock_tick_ns) && is_span(terms.call_auction_ns) &&
         terms.volatility_bp < kWhole && terms.self_trades <= 1 && terms.reserved == 0;
}

/// The newest version with this code, 0 = none. A new definition is rare: a walk is enough.
model::ProductId newest_version(const State& state, const std::array<char, 24>& code) {
  for (model::ProductId id = state.products.size() - 1; id > 0; --id) {
    const ProductRow& row = state.products[id];
    if (row.exists != 0 && row.code == code && state.derived.next[id] == 0) return id;
  }
  return 0;
}

/// What contracts and marks of older versions rely on stays as it was.
bool may_follow(const ProductRow& before, const ProductRow& after) {
  return before.basis == after.basis && before.unit == after.unit &&
         before.currency == after.currency;
}

/// ok, or why a definition may not be proposed; `content` is what check_product() said of it.
Reject check_definition(const Context& context, const ProductRow& product, Reject content) {
  const State& state = context.state;
  if (const Reject r = require_staff(context, model::kRoleOperator); r != Reject::ok) return r;
  if (content != Reject::ok) return content;
  if (product.effective_at != 0 && product.effective_at < context.now.value) {
    return Reject::effective_in_past;
  }
  const model::ProductId newest = newest_version(state, product.code);
  if (newest != 0 && !may_follow(state.products[newest], product)) return Reject::product_invalid;
  if (state.products.full()) return Reject::products_full;
  return state.pending.full() ? Reject::pending_full : Reject::ok;
}

/// A version that waits for its approval.
model::ProductId add_version(Context& context, const ProductRow& product) {
  State& state = context.state;
  const model::ProductId id = state.products.add();
  ProductRow& row = state.products.edit(id);
  row = product;
  row.version = 0;
  row.previous = 0;
  row.exists = 0;
  context.emit_row<model::ProductChanged>(id, row);
  return id;
}

Outcome propose(Context& context, model::ProductId id) {
  return open_pending(context, {.kind = model::PendingKind::kProduct, .subject = id});
}

}  // namespace

Reject check_product(const ProductRow& p) {
  if ((p.methods & kBook) != 0) return Reject::order_book_without_permit;
  return (p.methods & ~kFirstMethods) == 0 && row_fits(p) ? Reject::ok : Reject::product_invalid;
}

Reject check_product(const ProductRow& p, const ProductTermsRow& terms) {
  if ((p.methods & kBook) != 0 && !has_permit(terms)) return Reject::order_book_without_permit;
  const bool good =
      (p.methods & ~(kFirstMethods | kLaterMethods)) == 0 && row_fits(p) && terms_fit(terms);
  return good ? Reject::ok : Reject::product_invalid;
}

const ProductTermsRow& terms_of(const State& state, model::ProductId id) {
  static constexpr ProductTermsRow kNone{};
  return state.product_terms.has(id) ? state.product_terms[id] : kNone;
}

bool has_permit(const ProductTermsRow& terms) {
  return terms.permit_authority.front() != '\0' && terms.permit_number.front() != '\0' &&
         terms.permit_date > 0;
}

Outcome define_product(Context& context, const model::DefineProduct& body) {
  const Reject refused = check_definition(context, body.product, check_product(body.product));
  if (refused != Reject::ok) return {refused};
  return propose(context, add_version(context, body.product));
}

Outcome define_product_terms(Context& context, const model::DefineProductTerms& body) {
  const Reject refused =
      check_definition(context, body.product, check_product(body.product, body.terms));
  if (refused != Reject::ok) return {refused};
  const model::ProductId id = add_version(context, body.product);
  const bool reached = context.state.product_terms.reach(id);
  HULAN_ASSERT(reached);  // as many rows as products
  ProductTermsRow& terms = context.state.product_terms.edit(id);
  terms = body.terms;
  terms.exists = 1;
  context.emit_row<model::ProductTermsChanged>(id, terms);
  return propose(context, id);
}

Reject check_in_force(const State& state, model::ProductId id) {
  const ProductRow& row = state.products[id];
  const model::ProductId newest = newest_version(state, row.code);
  return newest == 0 || may_follow(state.products[newest], row) ? Reject::ok
                                                                : Reject::product_invalid;
}

void put_in_force(Context& context, model::ProductId id) {
  State& state = context.state;
  ProductRow& row = state.products.edit(id);
  HULAN_ASSERT(row.exists == 0);
  const model::ProductId newest = newest_version(state, row.code);
  row.exists = 1;
  row.previous = newest;
  row.version = newest == 0 ? 1 : state.products[newest].version + 1;
  row.effective_at = std::max(row.effective_at, context.now.value);
  if (newest != 0) {
    row.effective_at = std::max(row.effective_at, state.products[newest].effective_at);
    state.derived.next[newest] = id;
  }
  state.derived.first[id] = newest == 0 ? id : state.derived.first[newest];
  context.emit_row<model::ProductChanged>(id, row);
}

bool is_product(const State& state, model::ProductId id) {
  return state.products.has(id) && state.products[id].exists != 0;
}

model::ProductId first_version(const State& state, model::ProductId id) {
  return state.derived.first[id];
}

model::ProductId current_version(const State& state, model::ProductId id, model::Time now) {
  while (state.derived.next[id] != 0) id = state.derived.next[id];
  while (id != 0 && state.products[id].effective_at > now.value) id = state.products[id].previous;
  return id;
}

}  // namespace hulan::engine
