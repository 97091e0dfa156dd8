// SPDX-License-Identifier: Apache-2.0
#include "hulan/records/state_tables.h"

#include "engine/auction/ending.h"
#include "gateways/decimal.h"
#include "gateways/moment.h"
#include "gateways/words.h"

namespace hulan::app {
namespace {

using gateways::word;
using model::Currency;

constexpr auto kFen = FieldKind::kFen;
constexpr auto kDecimal = FieldKind::kDecimal;
constexpr auto kText = FieldKind::kText;

/// RFC 3339 that lives as long as the row is written.
class TimeText {
 public:
  explicit TimeText(std::int64_t ns)
      : text_(ns == 0 || ns == model::kNever.value ? "" : gateways::time_text(ns)) {}
  [[nodiscard]] Cell cell() const { return text_.empty() ? Cell{} : text_cell(text_); }

 private:
  std::string text_;
};

/// Text in a fixed field, up to its first zero byte.
std::string_view padded(std::span<const char> text) {
  const std::string_view all(text.data(), text.size());
  return all.substr(0, all.find('\0'));
}

Cell price(const model::ProductRow& product, model::Price value) {
  if (value == model::Price{}) return {};
  return decimal_cell(value.value, gateways::price_digits(product.basis));
}
Cell quantity(const model::ProductRow& product, std::int64_t value) {
  return decimal_cell(value, gateways::quantity_digits(product.unit));
}

void write_participants(Sink& sink, const engine::State& state) {
  static constexpr Field kFields[] = {{"participant"}, {"state", kText}, {"kind", kText},
                                      {"form", kText}, {"vat", kText},   {"region"},
                                      {"defaults"},    {"clean_trades"}};
  const auto table = sink.add("participants", kFields);
  for (model::ParticipantId id = 1; id < state.participants.size(); ++id) {
    const auto& row = state.participants[id];
    if (row.state == model::ParticipantState{}) continue;
    sink.row(table, {number_cell(id), text_cell(word(row.state)), text_cell(word(row.kind)),
                     text_cell(word(row.form)), text_cell(word(row.vat)), id_cell(row.region),
                     number_cell(row.defaults), number_cell(row.clean_trades)});
  }
}

bool has_money(const model::AccountRow& row) {
  for (const model::Fen balance : row.balance) {
    if (balance != model::Fen{}) return true;
  }
  return false;
}

void write_accounts(Sink& sink, const engine::State& state) {
  static constexpr Field kFields[] = {{"participant"},
                                      {"currency", kText},
                                      {"available_fen", kFen},
                                      {"performance_bond_fen", kFen},
                                      {"trading_bond_fen", kFen},
                                      {"prepaid_fen", kFen},
                                      {"disputed_fen", kFen}};
  const auto table = sink.add("accounts", kFields);
  for (std::size_t at = model::kCurrencies; at < state.accounts.size(); ++at) {
    const auto id = static_cast<model::ParticipantId>(at / model::kCurrencies);
    const auto currency = static_cast<Currency>(at % model::kCurrencies);
    const auto& row = state.accounts[at];
    const bool there =
        state.participants.has(id) && state.participants[id].state != model::ParticipantState{};
    if (!has_money(row) && (currency != Currency::kCny || !there)) continue;
    sink.row(table, {number_cell(id), text_cell(word(currency)), fen_cell(row.balance[0]),
                     fen_cell(row.balance[1]), fen_cell(row.balance[2]), fen_cell(row.balance[3]),
                     fen_cell(row.balance[4])});
  }
}

void write_market_accounts(Sink& sink, const engine::State& state) {
  static constexpr Field kFields[] = {
      {"account", kText}, {"currency", kText}, {"balance_fen", kFen}};
  const auto table = sink.add("market_accounts", kFields);
  for (const auto currency : {Currency::kCny, Currency::kRub}) {
    for (std::size_t at = 0; at < model::kOperatorAccounts; ++at) {
      sink.row(
          table,
          {text_cell(word(static_cast<model::OperatorAccount>(at))), text_cell(word(currency)),
           fen_cell(state.operator_accounts[1].balance[static_cast<std::size_t>(currency)][at])});
    }
  }
}

void write_products(Sink& sink, const engine::State& state) {
  static constexpr Field kFields[] = {{"product"},         {"code", kText},        {"version"},
                                      {"previous"},        {"basis", kText},       {"unit", kText},
                                      {"currency", kText}, {"effective_at", kText}};
  const auto table = sink.add("products", kFields);
  for (model::ProductId id = 1; id < state.products.size(); ++id) {
    const auto& row = state.products[id];
    if (row.exists == 0) continue;
    const TimeText effective(row.effective_at);
    sink.row(table, {number_cell(id), text_cell(padded(row.code)), number_cell(row.version),
                     id_cell(row.previous), text_cell(word(row.basis)), text_cell(word(row.unit)),
                     text_cell(word(row.currency)), effective.cell()});
  }
}

void write_lots(Sink& sink, const engine::State& state) {
  static constexpr Field kFields[] = {{"lot"},
                                      {"state", kText},
                                      {"side", kText},
                                      {"method", kText},
                                      {"product"},
                                      {"grade"},
                                      {"unit", kText},
                                      {"quantity", kDecimal},
                                      {"remaining", kDecimal},
                                      {"average_g"},
                                      {"price", kDecimal},
                                      {"reserve", kDecimal},
                                      {"best", kDecimal},
                                      {"leader"},
                                      {"bids"},
                                      {"initiator"},
                                      {"farm"},
                                      {"origin"},
                                      {"place"},
                                      {"terms", kText},
                                      {"created_at", kText},
                                      {"open_at", kText},
                                      {"close_at", kText},
                                      {"initiator_bond_fen", kFen},
                                      {"leader_bond_fen", kFen},
                                      {"contracts"},
                                      {"last_contract"}};
  const auto table = sink.add("lots", kFields);
  for (model::LotId id = 1; id < state.lots.size(); ++id) {
    const auto& row = state.lots[id];
    const auto& product = state.products[row.product];
    const TimeText created(row.created_at), open(row.open_at), close(row.close_at);
    sink.row(table, {number_cell(id),
                     text_cell(word(row.state)),
                     text_cell(word(row.side)),
                     text_cell(word(row.method)),
                     number_cell(row.product),
                     id_cell(row.grade),
                     text_cell(word(product.unit)),
                     quantity(product, row.quantity),
                     quantity(product, row.remaining),
                     id_cell(row.average_g),
                     price(product, row.price),
                     price(product, row.reserve),
                     price(product, row.best),
                     id_cell(row.leader),
                     number_cell(row.bids),
                     number_cell(row.initiator),
                     number_cell(row.farm),
                     id_cell(row.origin),
                     id_cell(row.place),
                     text_cell(word(row.terms)),
                     created.cell(),
                     open.cell(),
                     close.cell(),
                     fen_cell(row.initiator_bond + row.initiator_trading_bond),
                     fen_cell(row.leader_bond + row.leader_trading_bond),
                     number_cell(row.contracts),
                     id_cell(row.last_contract)});
  }
}

void write_standing_bids(Sink& sink, const engine::State& state) {
  static constexpr Field kFields[] = {{"lot"},
                                      {"rank"},
                                      {"bidder"},
                                      {"user"},
                                      {"price", kDecimal},
                                      {"goods"},
                                      {"frozen_fen", kFen}};
  const auto table = sink.add("standing_bids", kFields);
  for (model::LotId id = 1; id < state.lots.size(); ++id) {
    const auto& lot = state.lots[id];
    if (lot.leader == 0 || !engine::is_live(lot.state)) continue;
    const auto& product = state.products[lot.product];
    sink.row(table,
             {number_cell(id), number_cell(1), number_cell(lot.leader),
              number_cell(lot.leader_user), price(product, lot.best), id_cell(lot.leader_goods),
              fen_cell(lot.leader_bond + lot.leader_trading_bond)});
    if (!state.bid_stacks.has(lot.bid_stack)) continue;
    const auto& stack = state.bid_stacks[lot.bid_stack];
    for (std::uint32_t at = stack.count; at-- > 0;) {
      const auto& bid = stack.bids[at];
      sink.row(table, {number_cell(id), number_cell(1 + stack.count - at), number_cell(bid.bidder),
                       number_cell(bid.user), price(product, bid.price), id_cell(bid.goods),
                       number_cell(0)});
    }
  }
}

void write_contracts(Sink& sink, const engine::State& state) {
  static constexpr Field kFields[] = {{"contract"},
                                      {"state", kText},
                                      {"lot"},
                                      {"method", kText},
                                      {"product"},
                                      {"seller"},
                                      {"buyer"},
                                      {"grade"},
                                      {"unit", kText},
                                      {"quantity", kDecimal},
                                      {"price", kDecimal},
                                      {"nominal_fen", kFen},
                                      {"prepaid_fen", kFen},
                                      {"seller_bond_fen", kFen},
                                      {"buyer_bond_fen", kFen},
                                      {"goods_fen", kFen},
                                      {"fee_each_fen", kFen},
                                      {"disposal_fen", kFen},
                                      {"buyer_pays_fen", kFen},
                                      {"seller_receives_fen", kFen},
                                      {"forfeited_fen", kFen},
                                      {"shortage_fen", kFen},
                                      {"settled_g"},
                                      {"live_head"},
                                      {"dead_head"},
                                      {"default_kind", kText},
                                      {"concluded_at", kText},
                                      {"deadline", kText},
                                      {"weighed_at", kText},
                                      {"settled_at", kText}};
  const auto table = sink.add("contracts", kFields);
  for (model::ContractId id = 1; id < state.contracts.size(); ++id) {
    const auto& row = state.contracts[id];
    const auto& product = state.products[row.product];
    const TimeText concluded(row.concluded_at), deadline(row.deadline), weighed(row.weighed_at),
        settled(row.settled_at);
    sink.row(
        table,
        {number_cell(id),
         text_cell(word(row.state)),
         number_cell(row.lot),
         text_cell(word(row.method)),
         number_cell(row.product),
         number_cell(row.seller),
         number_cell(row.buyer),
         id_cell(row.grade),
         text_cell(word(product.unit)),
         quantity(product, row.quantity),
         price(product, row.price),
         fen_cell(row.nominal),
         fen_cell(row.prepaid),
         fen_cell(row.seller_bond + row.seller_trading_bond),
         fen_cell(row.buyer_bond + row.buyer_trading_bond),
         fen_cell(row.goods),
         fen_cell(row.fee_each),
         fen_cell(row.disposal),
         fen_cell(row.buyer_pays),
         fen_cell(row.seller_receives),
         fen_cell(row.forfeited),
         fen_cell(row.shortage),
         number_cell(row.settled_g),
         number_cell(row.live_head),
         number_cell(row.dead_head),
         row.default_kind == model::DefaultKind::kNone ? Cell{} : text_cell(word(row.default_kind)),
         concluded.cell(),
         deadline.cell(),
         weighed.cell(),
         settled.cell()});
  }
}

void write_deliveries(Sink& sink, const engine::State& state) {
  static constexpr Field kFields[] = {{"delivery"},
                                      {"contract"},
                                      {"number"},
                                      {"state", kText},
                                      {"unit", kText},
                                      {"quantity", kDecimal},
                                      {"share_fen", kFen},
                                      {"origin_g"},
                                      {"destination_g"},
                                      {"dead"},
                                      {"carrier"},
                                      {"vehicle", kText},
                                      {"inspector"},
                                      {"certificate", kText},
                                      {"planned_at", kText},
                                      {"loaded_at", kText},
                                      {"arrived_at", kText},
                                      {"weighed_at", kText}};
  const auto table = sink.add("deliveries", kFields);
  for (model::DeliveryId id = 1; id < state.deliveries.size(); ++id) {
    const auto& row = state.deliveries[id];
    if (!state.contracts.has(row.contract)) continue;
    const auto& product = state.products[state.contracts[row.contract].product];
    const TimeText planned(row.planned_at), loaded(row.loaded_at), arrived(row.arrived_at),
        weighed(row.weighed_at);
    sink.row(table, {number_cell(id), number_cell(row.contract), number_cell(row.index),
                     text_cell(word(row.state)), text_cell(word(product.unit)),
                     quantity(product, row.quantity), fen_cell(row.share), id_cell(row.origin_g),
                     id_cell(row.destination_g), number_cell(row.dead), id_cell(row.carrier),
                     text_cell(padded(row.vehicle)), id_cell(row.inspector),
                     text_cell(padded(row.certificate_number)), planned.cell(), loaded.cell(),
                     arrived.cell(), weighed.cell()});
  }
}

void write_claims(Sink& sink, const engine::State& state) {
  static constexpr Field kFields[] = {
      {"claim"},    {"contract"},         {"ground", kText},    {"creditor"},
      {"debtor"},   {"currency", kText},  {"amount_fen", kFen}, {"paid_fen", kFen},
      {"sequence"}, {"created_at", kText}};
  const auto table = sink.add("claims", kFields);
  for (model::ClaimId id = 1; id < state.claims.size(); ++id) {
    const auto& row = state.claims[id];
    const TimeText created(row.created_at);
    sink.row(table, {number_cell(id), number_cell(row.contract), text_cell(word(row.ground)),
                     id_cell(row.creditor), id_cell(row.debtor), text_cell(word(row.currency)),
                     fen_cell(row.amount), fen_cell(row.paid),
                     number_cell(static_cast<std::int64_t>(row.sequence)), created.cell()});
  }
}

void write_disputes(Sink& sink, const engine::State& state) {
  static constexpr Field kFields[] = {{"contract"},          {"state", kText},
                                      {"claimant"},          {"user"},
                                      {"claimed_fen", kFen}, {"frozen_fen", kFen},
                                      {"awarded_fen", kFen}, {"goods_weighed_fen", kFen},
                                      {"evidence", kText},   {"filed_at", kText},
                                      {"decided_at", kText}};
  const auto table = sink.add("disputes", kFields);
  for (model::ContractId id = 1; id < state.disputes.size(); ++id) {
    const auto& row = state.disputes[id];
    if (row.claimant == 0) continue;
    const std::string evidence = to_hex(row.evidence);
    const TimeText filed(row.filed_at), decided(row.decided_at);
    sink.row(table, {number_cell(id), text_cell(word(row.state)), number_cell(row.claimant),
                     number_cell(row.user), fen_cell(row.claimed), fen_cell(row.frozen),
                     fen_cell(row.awarded), fen_cell(row.weighed), text_cell(evidence),
                     filed.cell(), decided.cell()});
  }
}

void write_approvals(Sink& sink, const engine::State& state) {
  static constexpr Field kFields[] = {
      {"approval"}, {"kind", kText}, {"state", kText}, {"subject"},        {"amount_fen", kFen},
      {"proposer"}, {"approvals"},   {"needed"},       {"first_approver"}, {"created_at", kText}};
  const auto table = sink.add("approvals", kFields);
  for (model::PendingId id = 1; id < state.pending.size(); ++id) {
    const auto& row = state.pending[id];
    const TimeText created(row.created_at);
    sink.row(table, {number_cell(id), text_cell(word(row.kind)), text_cell(word(row.state)),
                     number_cell(row.subject), fen_cell(row.amount), number_cell(row.proposer),
                     number_cell(row.approvals), number_cell(row.needed),
                     id_cell(row.first_approver), created.cell()});
  }
}

}  // namespace

void write_summary(Sink& sink, engine::Engine& engine) {
  static constexpr Field kFields[] = {{"name", kText}, {"value", kText}};
  const auto table = sink.add("summary", kFields);
  const auto line = [&](std::string_view name, const std::string& value) {
    sink.row(table, {text_cell(name), text_cell(value)});
  };
  line("sequence", std::to_string(engine.sequence()));
  line("time", gateways::time_text(engine.now().value));
  line("rules_version", std::to_string(model::kRulesVersion));
  line("state_hash", to_hex(engine.state_hash()));
  line("business_hash", to_hex(engine.business_hash()));
}

void write_state(Sink& sink, const engine::State& state) {
  write_participants(sink, state);
  write_accounts(sink, state);
  write_market_accounts(sink, state);
  write_products(sink, state);
  write_lots(sink, state);
  write_standing_bids(sink, state);
  write_contracts(sink, state);
  write_deliveries(sink, state);
  write_claims(sink, state);
  write_disputes(sink, state);
  write_approvals(sink, state);
}

}  // namespace hulan::app
