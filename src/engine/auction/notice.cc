// SPDX-License-Identifier: Apache-2.0
// The immutable notice of an auction (R5.3), of a whole lot or a divisible one (R5.3.7).
#include <algorithm>

#include "engine/auction/ascending.h"
#include "engine/auction/bidding.h"
#include "engine/auction/divisible.h"
#include "engine/auction/session.h"
#include "engine/auction/shared_clock.h"
#include "engine/ledger/ledger.h"
#include "engine/lot/lots.h"
#include "engine/market/access.h"
#include "engine/market/products.h"

namespace hulan::engine {
namespace {

using contract::Bonds;
using model::LotRow;
using model::LotState;
using model::Price;
using model::Reject;
using model::Side;

constexpr model::Fen kFenPerPart{2};  // R6.4

/// What both versions of the command say.
struct Notice {
  model::AnnounceAuction terms{};
  std::int64_t minimum = 0;  ///< least part; the whole quantity where it is not divisible
  model::Award award = model::Award::kWhole;
  model::SessionId session = 0;  ///< R5.3.2: on whose shared clock; 0 = its own close
};

Reject check_times(const Context& context, const LotRow& lot, const model::ProductRow& product,
                   const model::AnnounceAuction& body) {
  const std::int64_t notice =
      product.notice_ns != 0 ? product.notice_ns : context.state.market[1].notice_ns;
  if (body.open_at < context.now.value + notice) return Reject::notice_too_short;
  if (body.close_at <= body.open_at || body.window_ns < 0 || body.window_ns > model::kDay) {
    return Reject::invalid_auction_terms;
  }
  return body.close_at < lot.pickup_until ? Reject::ok : Reject::invalid_window;
}

/// Start <= reserve <= cap in the auction's direction; 0 = none.
Reject check_prices(const LotRow& lot, const model::ProductRow& product, const PriceBand& band,
                    const model::AnnounceAuction& body) {
  const Price start{body.start};
  const Price reserve{body.reserve};
  const Price cap{body.cap};
  if (const Reject r = check_price(start, product, band); r != Reject::ok) return r;
  const std::int64_t tick = product.tick.value;
  if (!is_magnitude(body.step) || body.step % tick != 0) return Reject::invalid_auction_terms;
  if (reserve.value != 0) {
    if (const Reject r = check_price(reserve, product, band); r != Reject::ok) return r;
    if (ahead(lot, reserve, start) < 0) return Reject::invalid_auction_terms;
  }
  if (cap.value == 0) return Reject::ok;
  if (!is_magnitude(cap.value)) return Reject::price_not_positive;
  if (cap.value % tick != 0) return Reject::price_off_tick;
  const Price least = reserve.value != 0 ? reserve : start;
  return ahead(lot, cap, least) < 0 ? Reject::invalid_auction_terms : Reject::ok;
}

/// R6.4: the highest price that can be bid. A buyer's own start in a reverse auction; else the cap
/// or the band's limit, whichever is less; where neither is known, the highest price it has named.
Price highest_price(const LotRow& lot, const PriceBand& band, const model::AnnounceAuction& body) {
  if (lot.side == Side::kBuy) return Price{body.start};
  if (body.cap != 0 && band.limited()) return std::min(Price{body.cap}, band.high);
  if (body.cap != 0) return Price{body.cap};
  if (band.limited()) return band.high;
  return std::max(Price{body.start}, Price{body.reserve});
}

Reject check_room(const State& state) {
  return state.bid_stacks.full() ? Reject::lots_full : Reject::ok;
}

void fill_notice(LotRow& lot, const Notice& notice, std::int64_t product_window) {
  const model::AnnounceAuction& body = notice.terms;
  lot.method = model::Method::kAscending;
  lot.price = Price{body.start};
  lot.step = Price{body.step};
  lot.reserve = Price{body.reserve};
  lot.cap = Price{body.cap};
  lot.minimum = notice.minimum;
  lot.part_count = static_cast<std::uint32_t>(lot.quantity / notice.minimum);
  lot.open_at = body.open_at;
  lot.close_at = body.close_at;
  lot.window_ns = body.window_ns != 0 ? body.window_ns : product_window;
}

/// R5.3.7: parts that can be, and not too many.
Reject check_parts(const LotRow& lot, const Notice& notice) {
  if (notice.award == model::Award::kWhole) {
    return notice.minimum == lot.quantity ? Reject::ok : Reject::invalid_auction_terms;
  }
  if (notice.award > model::Award::kUniform) return Reject::invalid_auction_terms;
  if (notice.minimum <= 0 || notice.minimum > lot.quantity) return Reject::invalid_quantity;
  return lot.quantity / notice.minimum <= model::kMaxAuctionParts ? Reject::ok
                                                                  : Reject::invalid_auction_terms;
}

/// R6.4: at the highest price that can be bid, and for a divisible lot 2 fen for each part possible
/// (for each bond that is posted), since the ceilings of parts exceed the ceiling of the whole.
std::optional<Bonds> initiator_bonds(const LotRow& lot, const model::ProductRow& product,
                                     const PriceBand& band, const Notice& notice) {
  auto bonds = bonds_at(lot, product, highest_price(lot, band, notice.terms), lot.quantity);
  if (!bonds) return std::nullopt;
  const std::int64_t parts = lot.quantity / notice.minimum;
  const model::Fen spare{parts > 1 ? kFenPerPart.value * parts : 0};
  bonds->performance += spare;
  bonds->trading = lot.side == Side::kSell ? model::Fen{} : bonds->trading + spare;
  return bonds;
}

/// R5.3.2: the lot is of the catalogue's product and side, and the catalogue takes it.
Reject check_catalogue(const State& state, const Notice& notice, const LotRow& lot) {
  if (notice.session == 0) return Reject::ok;
  const model::SessionRow& session = state.sessions[notice.session];
  if (session.kind != model::SessionKind::kSharedClock) return Reject::not_for_this_session;
  if (session.state != model::SessionState::kAnnounced) return Reject::wrong_session_state;
  if (session.product != first_version(state, lot.product) || session.side != lot.side) {
    return Reject::not_for_this_session;
  }
  return session.lots < model::kMaxSessionLots ? Reject::ok : Reject::session_lots_full;
}

void join_catalogue(Context& context, model::LotId lot, model::SessionId session) {
  State& state = context.state;
  const bool reached = state.clocks.reach(lot);
  HULAN_ASSERT(reached);  // as many rows as lots
  model::ClockRow& clock = state.clocks.edit(lot);
  clock = {};
  clock.session = session;
  join_session(context, lot);
  context.emit_row<model::ClockChanged>(lot, clock);
  context.emit_row<model::SessionChanged>(session, state.sessions[session]);
}

Outcome announce(Context& context, const Notice& notice) {
  State& state = context.state;
  const model::AnnounceAuction& body = notice.terms;
  const Offer offer = check_offer(context, body.lot, model::Method::kAscending);
  if (offer.reject != Reject::ok) return {offer.reject};
  const auto& product = state.products[offer.product];
  const LotRow& draft = state.lots[body.lot];
  if (const Reject r = check_catalogue(state, notice, draft); r != Reject::ok) return {r};
  const auto band = price_band(state, offer.product, price_region(draft), draft.grade, context.now);
  if (const Reject r = check_prices(draft, product, band, body); r != Reject::ok) return {r};
  if (const Reject r = check_times(context, draft, product, body); r != Reject::ok) return {r};
  if (const Reject r = check_parts(draft, notice); r != Reject::ok) return {r};
  if (const Reject r = check_room(state); r != Reject::ok) return {r};
  const auto bonds = initiator_bonds(draft, product, band, notice);
  if (!bonds) return {Reject::overflow};
  if (!covers_bonds(state, draft.initiator, product.currency, *bonds)) return {Reject::no_funds};

  LotRow& lot = state.lots.edit(body.lot);
  enter_state(lot, LotState::kAnnounced);
  lot.product = offer.product;
  fill_notice(lot, notice, product.close_window_ns);
  lot.bid_stack = state.bid_stacks.add();
  state.bid_stacks.edit(lot.bid_stack).lot = lot.id;
  lot.initiator_bond = bonds->performance;
  lot.initiator_trading_bond = bonds->trading;
  freeze_bonds(context, lot.initiator, bonds->performance, bonds->trading,
               {.lot = lot.id, .currency = product.currency});
  if (notice.session == 0) arm_lot(context, lot.id, lot.open_at);
  if (notice.award != model::Award::kWhole) make_divisible(context, lot.id, notice.award);
  context.emit_row<model::LotChanged>(lot.id, lot);
  if (notice.session != 0) join_catalogue(context, lot.id, notice.session);
  return {Reject::ok, lot.id};
}

}  // namespace

Outcome announce_auction(Context& context, const model::AnnounceAuction& body) {
  const State& state = context.state;
  const std::int64_t whole = state.lots.has(body.lot) ? state.lots[body.lot].quantity : 1;
  return announce(context, {body, whole, model::Award::kWhole, 0});
}

Outcome enter_shared_clock(Context& context, const model::EnterSharedClock& body) {
  const State& state = context.state;
  if (!state.sessions.has(body.session)) return {Reject::unknown_session};
  const std::int64_t opens = state.sessions[body.session].opens_at;
  const model::AnnounceAuction terms{
      body.lot, body.start, body.step, body.reserve, body.cap, opens, opens + kLongestShared, 0};
  const std::int64_t whole = state.lots.has(body.lot) ? state.lots[body.lot].quantity : 1;
  return announce(context, {terms, whole, model::Award::kWhole, body.session});
}

Outcome announce_divisible(Context& context, const model::AnnounceDivisible& body) {
  const State& state = context.state;
  const bool whole = body.award == model::Award::kWhole && body.minimum == 0;
  const model::AnnounceAuction terms{body.lot, body.start,   body.step,     body.reserve,
                                     body.cap, body.open_at, body.close_at, body.window_ns};
  const std::int64_t all = state.lots.has(body.lot) ? state.lots[body.lot].quantity : 1;
  return announce(context, {terms, whole ? all : body.minimum, body.award, 0});
}

}  // namespace hulan::engine
