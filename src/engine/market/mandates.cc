// SPDX-License-Identifier: Apache-2.0
#include "engine/market/mandates.h"

#include <algorithm>
#include <optional>

#include "engine/market/access.h"
#include "engine/market/lots_nominal.h"
#include "engine/market/products.h"

namespace hulan::engine {
namespace {

using model::ActRow;
using model::CommandType;
using model::Fen;
using model::LotRow;
using model::MandateId;
using model::MandateRow;
using model::MandateState;
using model::Price;
using model::Reject;
using model::Side;
using Bytes = std::span<const std::uint8_t>;

constexpr std::uint8_t side_bit(Side side) { return side == Side::kSell ? 1 : 2; }
constexpr std::uint8_t kBothSides = 3;

Reject check_terms(const State& state, const model::GiveMandate& body, model::Time now) {
  bool ended = false;
  for (const model::ProductId id : body.products) {
    if (id != 0 && (ended || !is_product(state, id))) return Reject::unknown_product;
    ended = ended || id == 0;
  }
  if (body.sides == 0 || body.sides > kBothSides) return Reject::invalid_terms;
  if (!is_magnitude(body.limit_fen)) return Reject::invalid_amount;
  return body.expires_at > now.value ? Reject::ok : Reject::expiry_in_past;
}

bool runs(const MandateRow& row, model::Time now) {
  return row.state == MandateState::kActive && now.value < row.expires_at;
}

/// Price and quantity that a body commits to: `quantity` 0 = the whole lot.
struct Figures {
  model::LotId lot = 0;
  std::int64_t price = 0;
  std::int64_t quantity = 0;
};

template <class Body>
std::optional<Body> read(Bytes inner) {
  Body body{};
  if (inner.size() != sizeof(Body) || !model::read_body(inner, body)) return std::nullopt;
  return body;
}

template <class Body>
std::optional<Figures> lot_alone(Bytes inner) {
  Body body{};
  if (!model::read_body(inner, body)) return std::nullopt;
  return Figures{body.lot, 0, 0};
}

template <class Body>
std::optional<Figures> figures_of(Bytes inner) {
  const auto body = read<Body>(inner);
  if (!body) return std::nullopt;
  Figures out{body->lot, 0, 0};
  if constexpr (requires { body->price; }) out.price = body->price;
  if constexpr (requires { body->maximum; }) out.price = body->maximum;
  if constexpr (requires { body->start; }) out.price = std::max(body->start, body->reserve);
  if constexpr (requires { body->quantity; }) out.quantity = body->quantity;
  return out;
}

/// The same for what names a quote.
template <class Body>
std::optional<Figures> talk_of(const State& state, Bytes inner) {
  const auto body = read<Body>(inner);
  if (!body) return std::nullopt;
  Figures out;
  if (state.quotes.has(body->quote)) out.lot = state.quotes[body->quote].request;
  if constexpr (requires { body->price; }) {
    out.price = body->price;
    out.quantity = body->quantity;
  }
  return out;
}

std::optional<Figures> bid_figures(std::uint8_t version, Bytes inner) {
  if (version == model::PlaceQuantityBid::kVersion) {
    return figures_of<model::PlaceQuantityBid>(inner);
  }
  return version == model::PlaceReverseBid::kVersion ? figures_of<model::PlaceReverseBid>(inner)
                                                     : figures_of<model::PlaceBid>(inner);
}

/// What a sealed bid says nobody knows: it counts as its bonds do, at the highest allowed price.
std::optional<Figures> sealed_figures(const State& state, Bytes inner) {
  const auto body = read<model::PlaceSealedBid>(inner);
  if (!body) return std::nullopt;
  const bool known = state.sealed.has(body->lot);
  return Figures{body->lot, known ? state.sealed[body->lot].high.value : 0, 0};
}

/// nullopt: not for agents, or malformed.
std::optional<Figures> read_figures(const State& state, const model::ActFor& asked, Bytes inner) {
  switch (asked.type) {
    case CommandType::kAttachDocument:
      return lot_alone<model::AttachDocument>(inner);
    case CommandType::kAttachTags:
      return lot_alone<model::AttachTags>(inner);
    case CommandType::kWithdrawLot:
      return lot_alone<model::WithdrawLot>(inner);
    case CommandType::kRequestQuote:
      return lot_alone<model::RequestQuote>(inner);
    case CommandType::kPostListing:
      return figures_of<model::PostListing>(inner);
    case CommandType::kTake:
      return figures_of<model::Take>(inner);
    case CommandType::kAnnounceAuction:
      return asked.version == model::AnnounceDivisible::kVersion
                 ? figures_of<model::AnnounceDivisible>(inner)
                 : figures_of<model::AnnounceAuction>(inner);
    case CommandType::kEnterClock: {
      const auto body = read<model::EnterClock>(inner);
      if (!body) return std::nullopt;
      return Figures{body->lot, std::max(body->start, body->floor), 0};
    }
    case CommandType::kEnterSharedClock:
      return figures_of<model::EnterSharedClock>(inner);
    case CommandType::kTakeClock:
      return figures_of<model::TakeClock>(inner);
    case CommandType::kPlaceBid:
      return bid_figures(asked.version, inner);
    case CommandType::kSetProxy:
      return figures_of<model::SetProxy>(inner);
    case CommandType::kAnnounceSealed:
      return figures_of<model::AnnounceSealed>(inner);
    case CommandType::kPlaceSealedBid:
      return sealed_figures(state, inner);
    case CommandType::kQuote: {
      const auto body = read<model::Quote>(inner);
      if (!body) return std::nullopt;
      return Figures{body->request, body->price, body->quantity};
    }
    case CommandType::kCounter:
      return talk_of<model::Counter>(state, inner);
    case CommandType::kAcceptQuote:
      return talk_of<model::AcceptQuote>(state, inner);
    case CommandType::kEndQuote:
      return talk_of<model::EndQuote>(state, inner);
    default:
      return std::nullopt;
  }
}

/// R1.3 for what is committed; nullopt if it does not fit.
std::optional<Fen> nominal_of(const State& state, const LotRow& lot, const Figures& figures) {
  if (figures.price <= 0 || figures.price > model::kMaxMagnitude) return Fen{};
  const model::ProductRow& product = state.products[lot.product];
  const std::int64_t quantity = figures.quantity <= 0 ? lot.quantity : figures.quantity;
  const bool by_weight = product.basis == model::PriceBasis::kByWeight;
  const bool by_head = product.unit == model::QuantityUnit::kHead;
  const auto measure = model::half_away(
      static_cast<model::Int128>(quantity) * (by_weight && by_head ? lot.average_g : 1), 1);
  if (!measure) return std::nullopt;
  return by_weight ? model::amount_by_weight(Price{figures.price}, model::Grams{*measure})
                   : model::amount_by_count(Price{figures.price}, *measure);
}

std::uint32_t find_act(const State& state, model::LotId lot, MandateId mandate) {
  if (!state.lot_acts.has(lot)) return 0;
  std::uint32_t id = state.lot_acts[lot].first;
  while (id != 0 && state.acts[id].mandate != mandate) id = state.acts[id].next;
  return id;
}

/// R2.5: on one lot an agent stands on one side.
bool on_other_side(const State& state, const Act& act, model::ParticipantId agent) {
  if (!state.lot_acts.has(act.lot)) return false;
  for (std::uint32_t id = state.lot_acts[act.lot].first; id != 0; id = state.acts[id].next) {
    const ActRow& row = state.acts[id];
    if (state.mandates[row.mandate].agent == agent && row.side != act.side) return true;
  }
  return false;
}

constexpr bool is_order(CommandType type) { return model::names_order(type); }

/// What an order asks: at its limit or, without one, at the highest allowed price.
std::optional<Fen> order_nominal(const model::BookRow& book, std::int64_t price,
                                 std::uint32_t lots) {
  if (price < 0 || price > model::kMaxMagnitude) return Fen{};  // it will be refused
  return nominal_at(book, price == 0 ? book.band_high : Price{price}, lots);
}

Reject read_new_order(const State& state, Bytes inner, Act& act) {
  model::PlaceOrder order{};
  if (!model::read_body(inner, order) || order.side > model::BookSide::kSell) {
    return Reject::malformed_body;
  }
  if (!state.book_rows.has(order.book)) return Reject::unknown_book;
  const model::BookRow& book = state.book_rows[order.book];
  const auto nominal = order_nominal(book, order.price, order.quantity);
  if (!nominal) return Reject::overflow;
  const Side side = order.side == model::BookSide::kSell ? Side::kSell : Side::kBuy;
  act = {0, book.product, side, *nominal, true};
  return Reject::ok;
}

/// To cancel or reduce an order commits to nothing; what replaces it counts as a new one.
Reject read_order(const State& state, const model::ActFor& asked, Bytes inner,
                  model::ParticipantId principal, Act& act) {
  if (asked.type == CommandType::kPlaceOrder) return read_new_order(state, inner, act);
  model::ReplaceOrder body{};
  if (!model::read_body(inner, body.order)) return Reject::malformed_body;
  const model::OrderSlot* order = state.books.find(body.order);
  if (order == nullptr) return Reject::unknown_order;
  if (state.positions[order->position].participant != principal) return Reject::not_your_order;
  const model::BookRow& book = state.book_rows[order->book + 1u];
  const auto on = book::side_of(static_cast<book::Queue>(order->queue));
  act = {0, book.product, on == model::BookSide::kSell ? Side::kSell : Side::kBuy, {}, true};
  if (asked.type != CommandType::kReplaceOrder) return Reject::ok;
  if (!model::read_body(inner, body)) return Reject::malformed_body;
  const auto nominal = order_nominal(book, body.price, body.quantity);
  if (!nominal) return Reject::overflow;
  act.nominal = *nominal;
  return Reject::ok;
}

/// A step commits to nothing beyond what was concluded.
Reject read_step(const State& state, Bytes inner, model::ParticipantId principal, Act& act) {
  model::ContractId id = 0;
  if (!model::read_body(inner, id)) return Reject::malformed_body;
  if (!state.contracts.has(id)) return Reject::unknown_contract;
  const model::ContractRow& contract = state.contracts[id];
  if (principal != contract.seller && principal != contract.buyer) {
    return Reject::not_contract_party;
  }
  const Side side = principal == contract.seller ? Side::kSell : Side::kBuy;
  act = {contract.lot, contract.product, side, {}};
  return Reject::ok;
}

Reject read_act(const Context& context, const model::ActFor& body, Bytes inner,
                model::ParticipantId principal, Act& act) {
  const State& state = context.state;
  if (body.type == CommandType::kCreateLot) {
    const auto made = read<model::CreateLot>(inner);
    if (!made) return Reject::malformed_body;
    act = {0, made->product, made->side, {}};
    return is_product(state, made->product) ? Reject::ok : Reject::unknown_product;
  }
  if (is_order(body.type)) return read_order(state, body, inner, principal, act);
  if (model::is_step_of_agent(body.type)) return read_step(state, inner, principal, act);
  const auto figures = read_figures(state, body, inner);
  if (!figures) return Reject::outside_mandate;
  if (!state.lots.has(figures->lot)) return Reject::unknown_lot;
  const LotRow& lot = state.lots[figures->lot];
  const auto nominal = nominal_of(state, lot, *figures);
  if (!nominal) return Reject::overflow;
  const Side other = lot.side == Side::kSell ? Side::kBuy : Side::kSell;
  act = {lot.id, lot.product, lot.initiator == principal ? lot.side : other, *nominal};
  return Reject::ok;
}

/// R2.5: an order counts when it is placed, and is not given back.
void count_order(Context& context, MandateId mandate, Fen nominal) {
  if (nominal == Fen{}) return;
  MandateRow& row = context.state.mandates.edit(mandate);
  row.used += nominal;
  context.emit_row<model::MandateChanged>(mandate, row);
}

bool covers_product(const State& state, const MandateRow& row, model::ProductId product) {
  if (row.products[0] == 0) return true;
  const model::ProductId first = first_version(state, product);
  return std::find(row.products.begin(), row.products.end(), first) != row.products.end();
}

}  // namespace

Outcome give_mandate(Context& context, const model::GiveMandate& body) {
  State& state = context.state;
  if (const Reject r = require_participant(context, model::kRoleTrader); r != Reject::ok) {
    return {r};
  }
  const model::ParticipantId principal = context.who.participant;
  if (body.agent == principal || !is_active(state, body.agent) ||
      state.participants[body.agent].kind != model::ParticipantKind::kAgent) {
    return {Reject::not_an_agent};
  }
  if (const Reject r = check_terms(state, body, context.now); r != Reject::ok) return {r};
  if (state.mandates.full()) return {Reject::mandates_full};
  const bool reachable = state.principals.reach(principal);
  HULAN_ASSERT(reachable);  // as many rows as participants
  const MandateId id = state.mandates.add();
  MandateRow& row = state.mandates.edit(id);
  row.limit = Fen{body.limit_fen};
  row.made_at = context.now.value;
  row.expires_at = body.expires_at;
  row.agent = body.agent;
  row.principal = principal;
  row.next = state.principals[principal].first;
  for (std::size_t i = 0; i < row.products.size(); ++i) {
    if (body.products[i] != 0) row.products[i] = first_version(state, body.products[i]);
  }
  row.sides = static_cast<std::uint8_t>(body.sides);
  row.state = MandateState::kGiven;
  state.principals.edit(principal).first = id;
  context.emit_row<model::MandateChanged>(id, row);
  return {Reject::ok, id};
}

Outcome confirm_mandate(Context& context, const model::ConfirmMandate& body) {
  State& state = context.state;
  if (const Reject r = require_participant(context, model::kRoleTrader); r != Reject::ok) {
    return {r};
  }
  if (!state.mandates.has(body.mandate)) return {Reject::unknown_mandate};
  MandateRow row = state.mandates[body.mandate];
  if (row.agent != context.who.participant) return {Reject::not_your_participant};
  if (row.state != MandateState::kGiven || context.now.value >= row.expires_at) {
    return {Reject::mandate_over};
  }
  row.state = MandateState::kActive;
  state.mandates.edit(body.mandate) = row;
  context.emit_row<model::MandateChanged>(body.mandate, row);
  return {Reject::ok, body.mandate};
}

Outcome revoke_mandate(Context& context, const model::RevokeMandate& body) {
  State& state = context.state;
  const model::ParticipantId who = context.who.participant;
  const unsigned role = who == 0 ? model::kRoleOperator : model::kRoleTrader;
  if (!has_role(context, role)) return {Reject::wrong_role};
  if (!state.mandates.has(body.mandate)) return {Reject::unknown_mandate};
  const MandateRow& row = state.mandates[body.mandate];
  if (who != 0 && who != row.agent && who != row.principal) return {Reject::not_your_participant};
  if (row.state == MandateState::kRevoked) return {Reject::mandate_over};
  MandateRow& changed = state.mandates.edit(body.mandate);
  changed.state = MandateState::kRevoked;
  context.emit_row<model::MandateChanged>(body.mandate, changed);
  return {Reject::ok, body.mandate};
}

Reject check_act(const Context& context, const model::ActFor& body, Bytes inner, Act& act) {
  const State& state = context.state;
  if (const Reject r = require_participant(context, model::kRoleTrader); r != Reject::ok) return r;
  if (!state.mandates.has(body.mandate)) return Reject::unknown_mandate;
  const MandateRow& row = state.mandates[body.mandate];
  if (row.agent != context.who.participant) return Reject::not_your_participant;
  if (!runs(row, context.now)) return Reject::mandate_over;
  if (const Reject r = read_act(context, body, inner, row.principal, act); r != Reject::ok) {
    return r;
  }
  if ((row.sides & side_bit(act.side)) == 0 || !covers_product(state, row, act.product)) {
    return Reject::outside_mandate;
  }
  if (act.in_book) {
    return act.nominal > row.limit - row.used ? Reject::mandate_exceeded : Reject::ok;
  }
  if (on_other_side(state, act, row.agent)) return Reject::agent_other_side;
  const std::uint32_t known = find_act(state, act.lot, body.mandate);
  const Fen before = known == 0 ? Fen{} : state.acts[known].nominal;
  if (act.nominal - before > row.limit - row.used) return Reject::mandate_exceeded;
  return known == 0 && state.acts.full() ? Reject::mandates_full : Reject::ok;
}

void record_act(Context& context, MandateId mandate, Act act, const Outcome& made) {
  State& state = context.state;
  if (act.in_book) return count_order(context, mandate, act.nominal);
  if (act.lot == 0) act.lot = made.id;
  std::uint32_t id = find_act(state, act.lot, mandate);
  if (id == 0) {
    const bool reachable = state.lot_acts.reach(act.lot);
    HULAN_ASSERT(reachable);  // as many rows as lots
    id = state.acts.add();
    ActRow& row = state.acts.edit(id);
    row.lot = act.lot;
    row.mandate = mandate;
    row.side = act.side;
    row.next = state.lot_acts[act.lot].first;
    state.lot_acts.edit(act.lot).first = id;
  }
  ActRow& row = state.acts.edit(id);
  if (act.nominal <= row.nominal) return;
  MandateRow& changed = state.mandates.edit(mandate);
  changed.used += act.nominal - row.nominal;
  row.nominal = act.nominal;
  context.emit_row<model::MandateChanged>(mandate, changed);
}

bool share_agent(const State& state, model::ParticipantId a, model::ParticipantId b) {
  if (!state.principals.has(a) || !state.principals.has(b)) return false;
  for (MandateId one = state.principals[a].first; one != 0; one = state.mandates[one].next) {
    const MandateRow& row = state.mandates[one];
    if (!runs(row, state.now)) continue;
    for (MandateId two = state.principals[b].first; two != 0; two = state.mandates[two].next) {
      if (state.mandates[two].agent == row.agent && runs(state.mandates[two], state.now)) {
        return true;
      }
    }
  }
  return false;
}

}  // namespace hulan::engine
