// SPDX-License-Identifier: Apache-2.0
#include "gateways/words.h"

#include <algorithm>

namespace hulan::gateways {
namespace {

/// Names of an enumeration whose values run from `kFirst` without a gap.
template <class Enum>
struct Words;

#define HULAN_WORDS(type, first, ...)                           \
  template <>                                                   \
  struct Words<type> {                                          \
    static constexpr unsigned kFirst = first;                   \
    static constexpr std::string_view kNames[] = {__VA_ARGS__}; \
  };

HULAN_WORDS(model::Currency, 0, "CNY", "RUB")
HULAN_WORDS(model::ParticipantKind, 1, "producer", "trader", "slaughterhouse", "processor",
            "carrier", "warehouse", "agent")
HULAN_WORDS(model::LegalForm, 1, "legal_person", "natural_person", "individual_business",
            "cooperative")
HULAN_WORDS(model::VatStatus, 1, "exempt_producer", "general", "small_scale")
HULAN_WORDS(model::ParticipantState, 1, "applied", "active", "suspended", "closed")
HULAN_WORDS(model::Bucket, 0, "available", "performance_bond", "trading_bond", "prepaid",
            "disputed")
HULAN_WORDS(model::OperatorAccount, 0, "bank", "fee_income", "vat_payable", "disposal_payable",
            "suspense", "payouts_in_transit")
HULAN_WORDS(model::PriceBasis, 1, "by_weight", "by_count")
HULAN_WORDS(model::QuantityUnit, 1, "head", "kg")
HULAN_WORDS(model::Side, 1, "sell", "buy")
HULAN_WORDS(model::Method, 0, "none", "listing", "ascending", "negotiation", "clock", "sealed", "",
            "", "order_book")
HULAN_WORDS(model::Terms, 1, "destination", "origin")
HULAN_WORDS(model::LotState, 1, "draft", "listed", "announced", "open", "exclusive", "sold",
            "unsold", "expired", "withdrawn", "opening", "carried")
HULAN_WORDS(model::Award, 0, "whole", "pay_as_bid", "uniform")
HULAN_WORDS(model::SessionKind, 1, "cadran", "shared_clock")
HULAN_WORDS(model::SessionState, 1, "announced", "running", "allocating", "ended")
HULAN_WORDS(model::UnsoldRule, 1, "carry", "allocate", "end")
HULAN_WORDS(model::SealedAward, 1, "first_price", "second_price", "pay_as_bid", "uniform")
HULAN_WORDS(model::SealedPhase, 1, "sealed", "opening", "concluding", "ended")
HULAN_WORDS(model::EnvelopeState, 1, "shut", "opened", "void", "invalid", "struck", "won", "lost")
HULAN_WORDS(model::MandateState, 1, "given", "active", "revoked")
HULAN_WORDS(model::QuoteState, 1, "live", "countered", "accepted", "refused", "withdrawn",
            "expired", "ended", "struck")
HULAN_WORDS(model::DocumentKind, 1, "photo", "sheet", "asf_test", "immunization", "quarantine_a",
            "quarantine_b", "vehicle_filing", "origin_certificate", "assay", "other")
HULAN_WORDS(model::ContractState, 1, "concluded", "paid", "scheduled", "loaded", "arrived",
            "weighed", "topup", "settled", "closed", "defaulted", "cancelled", "disputed", "busted")
HULAN_WORDS(model::DisputeState, 1, "filed", "open", "awarded", "withdrawn", "granted")
HULAN_WORDS(model::DeliveryState, 1, "scheduled", "loaded", "arrived", "weighed", "failed")
HULAN_WORDS(model::DefaultKind, 0, "none", "buyer_did_not_pay", "buyer_did_not_collect",
            "seller_did_not_deliver", "seller_short")
HULAN_WORDS(model::PendingKind, 1, "admission", "deposit", "withdrawal", "manual_posting",
            "product", "lot_withdrawal", "contract_cancel", "dispute_end", "mandate", "bust",
            "award")
HULAN_WORDS(model::PendingState, 1, "open", "approved", "rejected")
HULAN_WORDS(model::ClaimGround, 1, "resale_loss", "cover_cost", "settlement_shortage",
            "seller_negative")
HULAN_WORDS(model::PostingReason, 1, "deposit", "withdrawal_requested", "withdrawal_paid",
            "withdrawal_returned", "manual", "bond_frozen", "bond_released", "bond_trimmed",
            "prepaid", "prepaid_returned", "goods", "fee", "fee_vat", "disposal", "forfeit",
            "bond_returned", "topup", "claim_paid", "disputed", "busted", "award")
HULAN_WORDS(model::LineKind, 1, "goods", "fee_buyer", "fee_seller", "disposal", "forfeit", "refund",
            "topup", "vat_memo", "deduction_memo", "disputed", "award")
HULAN_WORDS(model::BookSide, 0, "buy", "sell")
HULAN_WORDS(model::OrderKind, 1, "limit", "market")
HULAN_WORDS(model::OrderLife, 1, "session", "immediate", "fill_or_kill", "post_only", "good_till")
HULAN_WORDS(model::SelfTrade, 1, "cancel_oldest", "cancel_newest", "cancel_both", "decrement",
            "allow")
HULAN_WORDS(model::BookPhase, 1, "closed", "opening_call", "continuous", "volatility_call",
            "closing_call", "uncrossing", "closing")
HULAN_WORDS(model::OrderOutReason, 1, "cancelled", "reduced", "replaced", "self_trade", "expired",
            "session_end", "stopped", "triggered", "refused")
HULAN_WORDS(projections::RegionLevel, 1, "province", "city", "county")
HULAN_WORDS(projections::CandleInterval, 1, "1m", "5m", "15m", "60m", "1d")
HULAN_WORDS(projections::Pattern, 0, "self_trade", "circular", "related_bid", "always_second",
            "price_move", "concentration", "cancel_ratio")
HULAN_WORDS(projections::Action, 0, "none", "pay", "schedule", "load", "arrive", "weigh", "accept",
            "adjustment", "topup", "dispute/end", "close", "resale", "cover", "award")
HULAN_WORDS(projections::Actor, 0, "nobody", "buyer", "seller", "both", "inspector",
            "settlement_officer", "operator", "exchange")
HULAN_WORDS(projections::Outcome, 0, "none", "buyer_did_not_pay", "buyer_did_not_collect",
            "seller_did_not_deliver", "settles", "short_delivery", "taken_from_bonds", "closes")
#undef HULAN_WORDS

}  // namespace

template <class Enum>
std::string_view word(Enum value) {
  const auto at = static_cast<unsigned>(value) - Words<Enum>::kFirst;
  if (at >= std::size(Words<Enum>::kNames)) return "none";
  return Words<Enum>::kNames[at];
}

template <class Enum>
std::span<const std::string_view> all_words() {
  return Words<Enum>::kNames;
}

template <class Enum>
std::optional<Enum> find_word(std::string_view text) {
  const auto names = all_words<Enum>();
  const auto found = std::find(names.begin(), names.end(), text);
  if (text.empty() || found == names.end()) return std::nullopt;
  return static_cast<Enum>(static_cast<unsigned>(found - names.begin()) + Words<Enum>::kFirst);
}

#define HULAN_WORDS(type)                                       \
  template std::string_view word<type>(type);                   \
  template std::span<const std::string_view> all_words<type>(); \
  template std::optional<type> find_word<type>(std::string_view);
HULAN_WORDS(model::Currency)
HULAN_WORDS(model::ParticipantKind)
HULAN_WORDS(model::LegalForm)
HULAN_WORDS(model::VatStatus)
HULAN_WORDS(model::ParticipantState)
HULAN_WORDS(model::Bucket)
HULAN_WORDS(model::OperatorAccount)
HULAN_WORDS(model::PriceBasis)
HULAN_WORDS(model::QuantityUnit)
HULAN_WORDS(model::Side)
HULAN_WORDS(model::Method)
HULAN_WORDS(model::Terms)
HULAN_WORDS(model::LotState)
HULAN_WORDS(model::Award)
HULAN_WORDS(model::SessionKind)
HULAN_WORDS(model::SessionState)
HULAN_WORDS(model::UnsoldRule)
HULAN_WORDS(model::QuoteState)
HULAN_WORDS(model::SealedAward)
HULAN_WORDS(model::SealedPhase)
HULAN_WORDS(model::EnvelopeState)
HULAN_WORDS(model::MandateState)
HULAN_WORDS(model::DocumentKind)
HULAN_WORDS(model::ContractState)
HULAN_WORDS(model::DisputeState)
HULAN_WORDS(model::DeliveryState)
HULAN_WORDS(model::DefaultKind)
HULAN_WORDS(model::PendingKind)
HULAN_WORDS(model::PendingState)
HULAN_WORDS(model::ClaimGround)
HULAN_WORDS(model::PostingReason)
HULAN_WORDS(model::LineKind)
HULAN_WORDS(model::BookSide)
HULAN_WORDS(model::OrderKind)
HULAN_WORDS(model::OrderLife)
HULAN_WORDS(model::SelfTrade)
HULAN_WORDS(model::BookPhase)
HULAN_WORDS(model::OrderOutReason)
HULAN_WORDS(projections::RegionLevel)
HULAN_WORDS(projections::CandleInterval)
HULAN_WORDS(projections::Pattern)
HULAN_WORDS(projections::Action)
HULAN_WORDS(projections::Actor)
HULAN_WORDS(projections::Outcome)
#undef HULAN_WORDS

}  // namespace hulan::gateways
