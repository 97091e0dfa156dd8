// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/sha256.h"
#include "gateways/decimal.h"
#include "gateways/encode/contract_parts.h"
#include "gateways/encode/encode.h"
#include "gateways/words.h"

namespace hulan::gateways {
namespace {

using model::ContractRow;
using model::ContractState;
using model::ProductRow;

void add_terms(JsonWriter& json, const Reader& reader, const ContractRow& contract,
               const ProductRow& product) {
  const ProductTexts& texts = reader.texts(product);
  json.field("lot", contract.lot);
  json.field("goods_lot", contract.goods_lot);
  json.field("product", contract.product);
  json.field("product_code", code_of(product));
  json.text_field("product_name", texts.name);
  json.field("product_version", product.version);
  json.field("product_document", to_hex(product.document));
  if (contract.grade == 0) {
    json.null_field("grade");
    json.null_field("grade_name");
  } else {
    json.field("grade", texts.grade_code(contract.grade));
    json.text_field("grade_name", contract.grade <= texts.grades.size()
                                      ? texts.grades[contract.grade - 1].name
                                      : Text{});
  }
  party_field(json, reader, "seller", contract.seller);
  party_field(json, reader, "buyer", contract.buyer);
  json.decimal_field("price", contract.price.value, price_digits(product.basis));
  json.field("price_unit", price_unit(product));
  json.field("currency", word(product.currency));
  json.decimal_field("quantity", contract.quantity, quantity_digits(product.unit));
  json.field("unit", word(product.unit));
  if (contract.average_g == 0) {
    json.null_field("average_kg");
  } else {
    json.decimal_field("average_kg", contract.average_g, kWeightDigits);
  }
  json.money_field("nominal", contract.nominal);
  json.field("method", word(contract.method));
  json.field("terms", word(contract.terms));
  json.field("origin", region_code(contract.origin));
  json.field("place", region_code(contract.place));
  json.field("spot", contract.spot);
  json.time_field("pickup_from", contract.pickup_from);
  json.time_field("pickup_until", contract.pickup_until);
  json.time_field("concluded_at", contract.concluded_at);
}

void add_goods_words(JsonWriter& json, const Reader& reader, const ContractRow& contract,
                     const ProductRow& product) {
  const model::LotRow* lot = reader.view.lot(contract.goods_lot);
  static const LotSheet kNone;
  const LotSheet& sheet = lot == nullptr ? kNone : reader.catalogue.sheet(lot->sheet);
  json.text_field("title", sheet.title);
  json.field("picture", reader.texts(product).picture);
}

void add_step(JsonWriter& json, const Reader& reader, const ContractRow& contract) {
  const projections::Step step = reader.view.step(contract);
  json.begin_object("step");
  if (step.next == projections::Action::kNone) {
    json.null_field("next");
    json.null_field("actor");
  } else {
    json.field("next", word(step.next));
    json.field("actor", word(step.actor));
  }
  json.time_field("deadline", step.deadline);
  json.field("rule", step.rule);
  if (step.outcome == projections::Outcome::kNone) {
    json.null_field("outcome");
  } else {
    json.field("outcome", word(step.outcome));
  }
  json.end_object();
}

void add_money(JsonWriter& json, const ContractRow& contract) {
  json.begin_object("bonds");
  json.money_field("seller", contract.seller_bond);
  json.money_field("buyer", contract.buyer_bond);
  json.money_field("seller_trading", contract.seller_trading_bond);
  json.money_field("buyer_trading", contract.buyer_trading_bond);
  json.end_object();
  json.money_field("prepaid", contract.prepaid);
  json.field("paid", contract.state != ContractState::kConcluded && contract.prepaid.value > 0);
  json.money_field("goods", contract.goods);
  json.money_field("fee_each", contract.fee_each);
  json.money_field("disposal", contract.disposal);
  json.money_field("buyer_pays", contract.buyer_pays);
  json.money_field("buyer_refund", contract.buyer_refund);
  json.money_field("buyer_topup", contract.buyer_topup);
  json.money_field("shortage", contract.shortage);
  json.money_field("seller_receives", contract.seller_receives);
  json.money_field("seller_vat", contract.seller_vat);
  json.money_field("buyer_deduction", contract.buyer_deduction);
  json.money_field("forfeited", contract.forfeited);
  json.time_field("weighed_at", contract.weighed_at);
  json.time_field("settled_at", contract.settled_at);
  if (contract.default_kind == model::DefaultKind::kNone) {
    json.null_field("default_kind");
  } else {
    json.field("default_kind", word(contract.default_kind));
  }
}

void add_agreement(JsonWriter& json, const ContractRow& contract, const ProductRow& product) {
  const auto flags = [&](std::string_view name, model::Agreement bit) {
    json.begin_object(name);
    json.field("seller", (contract.seller_flags & bit) != 0);
    json.field("buyer", (contract.buyer_flags & bit) != 0);
    json.end_object();
  };
  flags("accepted", model::kAcceptedWeighing);
  flags("cancel_agreed", model::kAgreedCancel);
  const auto adjust = [&](std::string_view name, bool set, std::int64_t value) {
    if (!set) return json.null_field(name);
    json.decimal_field(name, value, price_digits(product.basis));
  };
  json.begin_object("adjustment");
  json.field("needed", contract.adjust_needed != 0);
  adjust("seller", contract.seller_adjust_set != 0, contract.seller_adjust);
  adjust("buyer", contract.buyer_adjust_set != 0, contract.buyer_adjust);
  json.end_object();
}

void add_timeline(JsonWriter& json, const Reader& reader, const ContractRow& contract) {
  json.begin_array("timeline");
  for (const projections::TimelineEntry& entry : reader.view.timeline(contract.id)) {
    json.begin_object();
    json.field("state", word(entry.state));
    json.time_field("time", entry.time);
    json.field("sequence", entry.sequence);
    json.end_object();
  }
  json.end_array();
}

bool carries(const Reader& reader, const ContractRow& contract, const Caller& caller) {
  if (caller.participant == 0) return false;
  for (const auto& [id, delivery] : reader.view.deliveries(contract.id)) {
    if (caller.is(delivery->carrier)) return true;
  }
  return false;
}

/// Which steps the caller may do now (R7.1, R8, R9.4, R10); the engine has the last word.
class Steps {
 public:
  Steps(JsonWriter& json, const Reader& reader, const ContractRow& contract, const Caller& caller)
      : json_(json), reader_(reader), contract_(contract), caller_(caller) {
    const bool trader = caller.has(model::kRoleTrader);
    const model::ParticipantId principal = reader.acting(contract, caller).principal;
    agent_ = principal != 0;
    party_ = agent_ ? principal : caller.participant;
    seller_ = trader && party_ != 0 && party_ == contract.seller;
    buyer_ = trader && party_ != 0 && party_ == contract.buyer;
    inspector_ = caller.has(model::kRoleInspector);
    operator_ = caller.has(model::kRoleOperator);
  }

  void write() {
    json_.begin_array("can");
    deliver();
    weigh();
    end();
    json_.end_array();
  }

 private:
  void may(std::string_view step, bool allowed) {
    if (allowed) json_.value(step);
  }

  void deliver() {
    const bool party = seller_ || buyer_;
    switch (contract_.state) {
      case ContractState::kConcluded:
        return may("pay",
                   buyer_ || (caller_.has(model::kRoleFinance) && caller_.is(contract_.buyer)));
      case ContractState::kPaid:
        return may("schedule", party);
      case ContractState::kScheduled:
        may("schedule", party);
        return may("load", seller_ || inspector_);
      case ContractState::kLoaded:
        may("load", seller_ || inspector_);
        return may("arrive", buyer_ || inspector_ || carries(reader_, contract_, caller_));
      case ContractState::kArrived:
        return may("weigh", inspector_);
      default:
        return;
    }
  }

  void weigh() {
    if (contract_.state == ContractState::kTopUp) return may("topup", buyer_);
    if (contract_.state != ContractState::kWeighed) return;
    const std::uint8_t flags = seller_ ? contract_.seller_flags : contract_.buyer_flags;
    const bool party = seller_ || buyer_;
    may("accept", party && (flags & model::kAcceptedWeighing) == 0);
    may("adjustment", party && contract_.adjust_needed != 0);
    may("refuse", buyer_ && (contract_.adjust_needed != 0 || over_weight()));
    may("dispute", party);
    may("claim", party && (flags & model::kAcceptedWeighing) == 0);
  }

  void end() {
    const bool before_settlement = contract_.state <= ContractState::kWeighed;
    const bool own = !agent_ && (seller_ || buyer_);  // R2.5: an agent gives nothing up
    may("cancel", before_settlement && (own || operator_));
    if (contract_.state == ContractState::kDisputed) disputed();
    if (contract_.state != ContractState::kDefaulted || !operator_) return;
    const auto kind = contract_.default_kind;
    may("resale", kind == model::DefaultKind::kBuyerDidNotPay ||
                      kind == model::DefaultKind::kBuyerDidNotCollect);
    may("cover", kind == model::DefaultKind::kSellerDidNotDeliver ||
                     kind == model::DefaultKind::kSellerShort);
  }

  void disputed() {
    const model::DisputeRow* claim = reader_.view.dispute(contract_.id);
    const bool officer = caller_.has(model::kRoleSettlementOfficer);
    if (claim == nullptr) return may("dispute/end", officer);
    may("award", officer);
    const bool claimant = party_ == claim->claimant;
    may("claim/withdraw", (seller_ || buyer_) && claimant);
    may("claim/grant", (seller_ || buyer_) && !claimant && !agent_);
  }

  /// R8.8.
  [[nodiscard]] bool over_weight() const {
    const ProductRow& product = reader_.product(contract_.product);
    const model::Int128 agreed = product.needs_average != 0
                                     ? model::Int128{contract_.quantity} * contract_.average_g
                                     : model::Int128{contract_.quantity};
    return model::Int128{contract_.settled_g} * 10'000 > agreed * (10'000 + product.over_weight_bp);
  }

  JsonWriter& json_;
  const Reader& reader_;
  const ContractRow& contract_;
  const Caller& caller_;
  bool seller_, buyer_, inspector_, operator_;
  bool agent_;                  ///< acts for a party
  model::ParticipantId party_;  ///< who the steps are of
};

/// The side that the caller stands on or acts for, and under which mandate.
void add_side(JsonWriter& json, const Reader& reader, const ContractRow& contract,
              const Caller& caller) {
  const Reader::Acting acting = reader.acting(contract, caller);
  const model::ParticipantId party = acting.mandate == 0 ? caller.participant : acting.principal;
  if (party != 0 && party == contract.seller) {
    json.field("my_side", "seller");
  } else if (party != 0 && party == contract.buyer) {
    json.field("my_side", "buyer");
  } else {
    json.null_field("my_side");
  }
  if (acting.mandate == 0) {
    json.null_field("mandate");
  } else {
    json.field("mandate", acting.mandate);
  }
}

}  // namespace

bool may_see(const Reader& reader, const ContractRow& contract, const Caller& caller) {
  return caller.is(contract.seller) || caller.is(contract.buyer) || caller.sees_contracts() ||
         carries(reader, contract, caller) || reader.acting(contract, caller).mandate != 0;
}

void write_contract(JsonWriter& json, const Reader& reader, const ContractRow& contract,
                    const Caller& caller) {
  const ProductRow& product = reader.product(contract.product);
  json.begin_object();
  json.field("id", contract.id);
  json.field("state", word(contract.state));
  add_terms(json, reader, contract, product);
  add_goods_words(json, reader, contract, product);
  add_step(json, reader, contract);
  add_money(json, contract);
  add_agreement(json, contract, product);
  add_weighing(json, reader, contract, product);
  add_deliveries(json, reader, contract, product);
  add_lines(json, reader, contract, product);
  add_claim(json, reader, contract);
  add_timeline(json, reader, contract);
  add_side(json, reader, contract, caller);
  Steps(json, reader, contract, caller).write();
  json.end_object();
}

std::string contract_document(const Reader& reader, const ContractRow& contract) {
  const ProductRow& product = reader.product(contract.product);
  std::string text;
  JsonWriter json(text);
  json.begin_object();
  json.field("contract", contract.id);
  json.text_field("market", reader.market.name);
  add_terms(json, reader, contract, product);
  const auto bond = model::bond_of(contract.nominal, product.bond_bp);
  json.money_field("performance_bond_each", bond.value_or(model::Fen{}));
  const model::LotRow* lot = reader.view.lot(contract.goods_lot);
  json.field("sheet", lot == nullptr ? std::string{} : to_hex(lot->sheet));
  json.end_object();
  return text;
}

}  // namespace hulan::gateways
