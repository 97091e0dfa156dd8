// SPDX-License-Identifier: Apache-2.0
// The auditor's looks, subject by subject. Each throws Broken.
#pragma once

#include "simulation/model/market.h"

namespace hulan::auditor {

// --- books.cc (R1.5, R3, R6) ---
void post(Market& market, Look& look, const model::Posted& posted);
void post(Market& market, Look& look, const model::OperatorPosted& posted);
/// The parts of balances that this row says are frozen, added (sign 1) or taken away (-1).
void count_owed(Market& market, Look& look, const model::LotRow& lot, int sign);
void count_owed(Market& market, Look& look, const model::ContractRow& contract, int sign);
void count_owed(Market& market, Look& look, const model::DisputeRow& dispute, int sign);
void count_owed(Market& market, Look& look, const model::QuotaRow& quota, int sign);
void count_owed(Market& market, Look& look, model::LotId lot, const model::ProxyRow& row, int sign);
void count_owed(Market& market, Look& look, const model::LotBidRow& row, int sign);
void count_owed(Market& market, Look& look, const model::QuoteRow& row, int sign);
void count_owed(Market& market, Look& look, const model::SealedBidRow& row, int sign);
void check_books(const Market& market, const Look& look);

// --- people.cc (R2) ---
/// The refusal for who asks, if any: before the command's own rules.
[[nodiscard]] model::Reject who_may_ask(const Market& market, const model::Command& command);
void check_pending(const Market& market, Look& look, model::PendingId id,
                   const model::PendingRow& row);
void check_participant(const Market& market, const Look& look, model::ParticipantId id,
                       const model::ParticipantRow& row);

// --- trading.cc (R5, R6) ---
void check_lot(Market& market, Look& look, const model::LotRow& row);
/// R5.7: who could not lead when it was their turn does not come back by itself.
void forget_passed_over(Market& market, const model::LotRow& row);
/// Takes the bid into the lot, as the rules say.
void check_bid(Market& market, Look& look, const model::BidAccepted& bid);
void check_struck(Market& market, Look& look, const model::BidStruck& struck);
void check_closed(const Market& market, const Look& look, const model::LotClosed& closed);
void check_trade(Market& market, Look& look, const model::TradeConcluded& trade);
/// What a bid or a take must be answered, as far as the rules tell without goods' papers.
struct Expected {
  model::Reject reject = model::Reject::ok;
  bool exact = true;  ///< false: this, or a refusal for goods, papers, zones
};
[[nodiscard]] Expected expected_of_bid(const Market& market, const model::Command& command);
[[nodiscard]] Expected expected_of_take(const Market& market, const model::Command& command);
[[nodiscard]] model::Reject check_trader(const Market& market, const model::Command& command);
[[nodiscard]] model::Reject check_funds(const Market& market, const model::LotRow& lot,
                                        model::ParticipantId who, Wide price, Wide quantity);
void check_accepted_trade(const Market& market, const Look& look, const model::Replied& replied);

// --- clock.cc (R5.3.3) ---
void check_session(Market& market, const Look& look, model::SessionId id,
                   const model::SessionRow& row);
void check_clock(Market& market, const Look& look, model::LotId id, const model::ClockRow& row);
void check_quota(const Market& market, const Look& look, model::QuotaId id,
                 const model::QuotaRow& row);
void check_clock_trade(Market& market, Look& look, const model::TradeConcluded& trade,
                       const model::LotRow& lot);
/// What the notice of a lot on a clock froze, and its length; `carried`: it needs no new one.
void check_clock_notice(const Market& market, const model::LotRow& row, bool carried,
                        std::int64_t now);
[[nodiscard]] Expected expected_of_clock(const Market& market, const model::Command& command);

// --- mandates.cc (R2.5) ---
/// The principal's command that an agent sends under a mandate that runs; none otherwise.
[[nodiscard]] std::optional<model::Command> acting(const Market& market,
                                                   const model::Command& command);
[[nodiscard]] bool runs(const Market& market, const model::MandateRow& row);
/// R5.6: common_agent, related_party or ok.
[[nodiscard]] model::Reject check_apart(const Market& market, model::ParticipantId a,
                                        model::ParticipantId b);
void check_mandate(const Market& market, const Look& look, model::MandateId id,
                   const model::MandateRow& row);
/// An agent's command was done.
void check_act(Market& market, const Look& look, const model::Replied& replied);

// --- shared_clock.cc (R5.3.2) ---
/// The session on whose shared clock the lot stands; 0 = none.
[[nodiscard]] model::SessionId shared_by(const Market& market, model::LotId lot);
/// When the bidding on an open lot ends, as it stands, and after a bid at `now`.
[[nodiscard]] std::int64_t close_of(const Market& market, const model::LotRow& lot);
[[nodiscard]] std::int64_t close_after_bid(const Market& market, const model::LotRow& lot,
                                           std::int64_t now);
void check_shared_session(Market& market, const Look& look, model::SessionId id,
                          const model::SessionRow& old, const model::SessionRow& row);
/// The mean is of what was concluded while the clock ran.
void count_shared_trade(Market& market, const model::TradeConcluded& trade);
/// Each catalogue that runs got back what this halt held it.
void check_shared_moved(const Market& market, const model::HaltRow& halt);

/// Shared by trading.cc, proxies.cc and divisible.cc.
[[nodiscard]] Wide better(const model::LotRow& lot, Wide a, Wide b);
[[nodiscard]] std::string lot_text(const model::LotRow& lot);
struct BidTerms {
  model::ParticipantId bidder = 0;
  Wide price = 0;
  Wide least = 0;     ///< 0: the start, or a step ahead of the best
  bool own = false;   ///< the leader's own proxy
  bool proxy = false;
  Wide quantity = 0;  ///< of a part; 0 = whole
};
/// R5.3.1, R5.3.2, R5.5, R5.6 for a bid; everything but goods, zones and money.
[[nodiscard]] model::Reject check_bid_terms(const Market& market, const model::LotRow& lot,
                                            const BidTerms& bid, std::int64_t now);
/// Within the band, limits rounded inward to the tick (R5.5).
[[nodiscard]] Wide into_band(const Market& market, const model::LotRow& lot, Wide price,
                             std::int64_t now);

// --- proxies.cc (R5.3.5) ---
/// What a bid or a proxy on this lot, as it stands, must bring about.
[[nodiscard]] std::vector<ShownBid> bids_to_show(const Market& market, const model::LotRow& lot,
                                                 const model::Command& command);
void check_proxies(const Market& market, const Look& look);
[[nodiscard]] Expected expected_of_proxy(const Market& market, const model::Command& command);

// --- divisible.cc (R5.3.7) ---
void check_quantity_bid(Market& market, Look& look, const model::QuantityBidAccepted& bid);
void strike_part(Market& market, Look& look, const model::BidStruck& struck);
/// A part of a divisible lot is concluded: it must be the next one that the rules award.
void check_part_trade(Market& market, const model::LotRow& lot, const model::TradeConcluded& trade,
                      std::int64_t now);
/// When everything is done: the rows are the bids that the rules leave.
void check_parts(Market& market, const Look& look);
[[nodiscard]] Expected expected_of_quantity_bid(const Market& market,
                                                const model::Command& command);

// --- sealed.cc (R5.3.4) ---
void check_seal_key(const Market& market, const Look& look, model::SealKeyId id,
                    const model::SealKeyRow& row);
void check_sealed(const Market& market, const Look& look, model::LotId id,
                  const model::SealedRow& row);
void check_envelope(Market& market, Look& look, std::uint32_t id, const model::SealedBidRow& row);
void check_struck_envelope(const Market& market, const model::BidStruck& struck);
void check_sealed_trade(Market& market, const model::TradeConcluded& trade,
                        const model::LotRow& lot);
/// Where a lot goes once its envelopes are open.
void check_sealed_state(Market& market, const model::LotRow& old, const model::LotRow& row);
[[nodiscard]] Expected expected_of_sealed(const Market& market, const model::Command& command);

// --- order_book.cc (R5.4) ---
void check_book(Market& market, Look& look, model::BookId id, const model::BookRow& row);
void check_order(Market& market, Look& look, const model::OrderAccepted& order);
void check_order_trade(Market& market, Look& look, const model::OrderTraded& trade);
void check_order_out(Market& market, Look& look, const model::OrderOut& out);
/// When everything is done: no book that trades is crossed.
void check_order_books(const Market& market, const Look& look);
[[nodiscard]] Expected expected_of_order(const Market& market, const model::Command& command);
/// A row as it is, against what it should be.
void compare_book(const Market& market, model::BookId id, const model::BookRow& row);
void compare_position(const Market& market, std::uint32_t id, const model::PositionRow& row);
void compare_order(const Market& market, std::uint32_t slot, const model::OrderSlot& row);

// --- negotiation.cc (R5.2) ---
void check_request(Market& market, const Look& look, model::LotId id,
                   const model::RequestRow& row);
void check_quote(Market& market, Look& look, model::QuoteId id, const model::QuoteRow& row);
/// When everything is done: numbers stand while their request runs, and only then.
void check_requests(const Market& market, const Look& look);
void check_quote_trade(const Market& market, const Look& look,
                       const model::TradeConcluded& trade);
[[nodiscard]] Expected expected_of_quote(const Market& market, const model::Command& command);

// --- control.cc (R12) ---
[[nodiscard]] bool halted(const Market& market, model::ProductId product);
/// True while what is due then waits: a halt covers it that began before.
[[nodiscard]] bool held(const Market& market, model::ProductId product, std::int64_t due);
/// R12.1, R12.2: ok, or why who may not trade so much now.
[[nodiscard]] model::Reject controlled(const Market& market, model::ProductId product,
                                       model::ParticipantId who, Wide quantity, std::int64_t now);
void check_halt(Market& market, const Look& look, std::uint32_t id, const model::HaltRow& row);
/// A lot's times change by what the rules know: a resumption gives the halted time back.
void check_times(Market& market, const Look& look, const model::LotRow& old,
                 const model::LotRow& row);
/// The lot ends unsold since its day ended in a halt, or since too little is left after it.
[[nodiscard]] bool ended_by_halt(const Market& market, const model::LotRow& old, std::int64_t now);
/// What a resumption that is under way adds to the times of this lot.
[[nodiscard]] std::int64_t halted_span(const Market& market, const model::LotRow& lot);
/// The same of a clock of `product` that is to end at `due`; `held`: by another halt, as before.
struct HaltedSpan {
  std::int64_t ns = 0;
  bool held = false;
  std::uint64_t sequence = 0;  ///< of the halt
};
[[nodiscard]] HaltedSpan halted_span_of(const Market& market, model::ProductId product,
                                        std::int64_t due);
void check_kill(const Market& market, const Look& look, model::ParticipantId id,
                const model::KillRow& row);
void check_trading(Market& market, Look& look, const model::TradingRow& row);
void count_traded(Market& market, const model::ContractRow& contract);
void check_traded(const Market& market, const Look& look);
void check_bust_asked(const Market& market, const Look& look, const model::PendingRow& row);
void note_trade(Market& market, const model::TradeConcluded& trade);
void check_busted(Market& market, const model::TradeBusted& busted);
void check_day_price(const Market& market, const model::DayPriceRow& row);

// --- contracts.cc (R7, R8, R10) ---
void check_contract(const Market& market, Look& look, const model::ContractRow& row);
void check_delivery(const Market& market, const Look& look, model::DeliveryId id,
                    const model::DeliveryRow& row);
void check_default(const Market& market, Look& look, const model::Defaulted& defaulted);
/// R10.3, when everything is done: three defaults in twelve months suspend.
void check_defaulters(const Market& market, const Look& look);
void check_claim(const Market& market, const Look& look, model::ClaimId id,
                 const model::ClaimRow& row);

// --- settlement.cc (R8, R9) ---
/// The figures of a weighed contract, worked out from its deliveries and groups.
void check_figures(const Market& market, const model::ContractRow& row);
/// Those of them that follow from the goods, the fee and the disposal.
void check_totals(const Market& market, const model::ContractRow& row, Wide goods);
/// R10.2 and R10.4: parts of the bonds for what did not come or was not collected.
struct Forfeits {
  Wide seller = 0, buyer = 0;
  model::DefaultKind failure = model::DefaultKind::kNone;
};
[[nodiscard]] Forfeits forfeits_of(const Market& market, const model::ContractRow& before);
/// One figure of a contract against what it should be.
void same(const char* rule, const char* what, const model::ContractRow& row, Wide has,
          Wide should);
void check_settlement(const Market& market, const Look& look, const model::Settled& settled);

// --- disputes.cc (R8.6) ---
/// The claim about a contract's weighing, whatever has become of it; nullptr: none.
[[nodiscard]] const model::DisputeRow* claim_of(const Market& market, model::ContractId contract);
/// What the buyer owes for the goods before the award, and what of its escrow stays frozen.
struct Undisputed {
  Wide goods = 0, frozen = 0;
};
[[nodiscard]] Undisputed undisputed_of(const Market& market, const model::ContractRow& row);
void check_dispute(const Market& market, Look& look, model::ContractId id,
                   const model::DisputeRow& row);
/// The undisputed part was settled: `old` is the contract before.
void check_undisputed(const Market& market, const Look& look, const model::ContractRow& old,
                      const model::ContractRow& row);
void check_award(const Market& market, const Look& look, const model::ContractRow& old,
                 const model::ContractRow& row);
void check_award_asked(const Market& market, const Look& look, const model::PendingRow& row);

}  // namespace hulan::auditor
