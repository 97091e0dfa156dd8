// SPDX-License-Identifier: Apache-2.0
// The steps of a contract, shared by the parts of this folder. A handler that takes a body
// validates wholly and then changes without failing; the others are asked only where they apply.
// Engine thread only.
#pragma once

#include "engine/context.h"
#include "engine/contract/clauses.h"
#include "engine/contract/settlement.h"
#include "engine/ledger/ledger.h"

namespace hulan::engine::contract {

// --- who and what (access.cc) ---

enum Party : unsigned { kSeller = 1, kBuyer = 2, kEither = kSeller | kBuyer };

/// ok, unknown_contract, not_contract_party, not_the_actor or wrong_role. `parties` act through
/// users with one of `party_roles`, staff through one of `staff_roles` (0 = staff may not).
[[nodiscard]] model::Reject check_actor(const Context& context, model::ContractId contract,
                                        unsigned parties, unsigned party_roles,
                                        unsigned staff_roles);
/// The side for which the user acts: kSeller, kBuyer or 0.
[[nodiscard]] unsigned side_of(const Context& context, const model::ContractRow& contract);

[[nodiscard]] const model::ProductRow& product_of(const State& state,
                                                  const model::ContractRow& contract);
[[nodiscard]] Subject subject_of(const State& state, const model::ContractRow& contract);
[[nodiscard]] model::Fen available_of(const State& state, const model::ContractRow& contract,
                                      model::ParticipantId participant);
/// Where the goods go: the place of delivery, or where the buyer that collects them is at home.
[[nodiscard]] std::uint32_t destination_of(const State& state, const model::ContractRow& contract);

/// Sets the deadline of the next step and arms its timer; {} = none.
void set_deadline(Context& context, model::ContractId contract, model::Time deadline);
void emit_contract(Context& context, model::ContractId contract);
void emit_delivery(Context& context, model::DeliveryId delivery);

/// The delivery with this number within the contract; 0 = none.
[[nodiscard]] model::DeliveryId find_delivery(const State& state,
                                              const model::ContractRow& contract,
                                              std::uint32_t index);
/// Why a contract has no delivery of the number that was asked for: it has none yet, or fewer.
[[nodiscard]] constexpr model::Reject no_delivery(const model::ContractRow& contract) {
  return contract.first_delivery == 0 ? model::Reject::wrong_contract_state
                                      : model::Reject::unknown_delivery;
}

/// End of the third market day after today (R10.1).
[[nodiscard]] model::Time resale_deadline(const Context& context);

// --- payment, cancellation, dispute (payment.cc) ---
Outcome pay(Context& context, const model::Pay& body);
Outcome cancel(Context& context, const model::CancelContract& body);
Outcome open_dispute(Context& context, const model::OpenDispute& body);
Outcome end_dispute(Context& context, const model::EndDispute& body);
Outcome close(Context& context, const model::CloseContract& body);
/// R7.4: escrow and all bonds return, no fee.
void cancel_now(Context& context, model::ContractId contract);
void close_now(Context& context, model::ContractId contract);
/// A wish to cancel is about the contract as it stood: one that the other side has not shared
/// ends with the next step, so that nobody cancels on it what was paid or delivered since (R7.4).
void forget_cancel(model::ContractRow& contract);
/// True from concluded through weighed (R7.4).
[[nodiscard]] bool is_running(model::ContractState state);

// --- loading and arrival (delivery.cc, loading.cc) ---
Outcome schedule(Context& context, std::span<const std::uint8_t> bytes);
Outcome load(Context& context, const model::Load& body);
Outcome arrive(Context& context, const model::Arrive& body);
/// State = that of the least advanced delivery that has not failed; deadline = the earliest of
/// theirs. Weighed when the last is (R7.5).
void advance(Context& context, model::ContractId contract);
/// Something was not loaded or did not arrive in time (R10.4).
void miss_delivery(Context& context, model::ContractId contract);

// --- weighing (weighing.cc) ---
Outcome weigh(Context& context, std::span<const std::uint8_t> bytes);
Outcome accept_weighing(Context& context, const model::AcceptWeighing& body);
Outcome agree_adjustment(Context& context, const model::AgreeAdjustment& body);
Outcome refuse_weighing(Context& context, const model::RefuseWeighing& body);
/// R8.8: weighed more than the tolerance above the contract.
[[nodiscard]] bool is_over_weight(const State& state, const model::ContractRow& contract);
/// The last delivery was weighed: averages, band and the settlement's figures, which wait for
/// acceptance.
void finish_weighing(Context& context, model::ContractId contract);

// --- the sheet (sheet.cc) ---

/// All weighed groups of a contract and their totals.
struct Sheet {
  Weighing weighing;
  std::array<GroupLine, kMaxGroupsPerContract> lines{};
  std::array<std::uint32_t, kMaxGroupsPerContract> rows{};
  std::size_t count = 0;
  [[nodiscard]] std::span<GroupLine> groups() { return {lines.data(), count}; }
};
/// Reads what has been weighed so far.
void read_sheet(const State& state, const model::ContractRow& contract, Sheet& sheet);
/// A sheet's totals. `outside`: the average lies in no band and nobody has agreed on an adjustment;
/// the figures are those of the nearest band, which applies if the time for an agreement runs out.
struct Figures {
  Settlement totals;
  bool outside = false;
};
[[nodiscard]] std::expected<Figures, Refusal> work_out(const model::ProductRow& product,
                                                       Sheet& sheet);
/// Writes what is paid, to whom and with what tax into the contract.
void write_totals(model::ContractRow& contract, const Settlement& totals);
/// Writes the figures into the contract and its groups and emits the groups.
void write_figures(Context& context, model::ContractId contract, Sheet& sheet,
                   const Figures& figures);
/// Delivered so far in quantity units, the dead among them.
[[nodiscard]] std::int64_t delivered_of(const State& state, const model::ContractRow& contract);
/// Quantity of the deliveries that failed.
[[nodiscard]] std::int64_t failed_of(const State& state, const model::ContractRow& contract);

// --- settlement (closing.cc) ---

/// R9: settles, or waits for a top-up. With `forced` a shortage that is still open is taken from
/// the buyer's bonds and the rest becomes a claim (R9.4). Of a contract with a filed claim only the
/// undisputed part settles; the rest waits for the award (R8.6).
void settle_now(Context& context, model::ContractId contract, bool forced);
/// What the bonds lose as the contract settles, and what is left unpaid.
struct Ending {
  model::DefaultKind failure = model::DefaultKind::kNone;
  model::Fen seller_forfeits{};  ///< to the buyer
  model::Fen buyer_forfeits{};   ///< to the seller
  model::Fen shortage{};
};
/// Everything of the contract's money is moved: settled, told, and the failure counted (R10.3).
void finish_settlement(Context& context, model::ContractId contract, const Ending& ending);
/// A line of the settlement sheet.
void emit_line(Context& context, model::ContractId contract, model::LineKind kind,
               model::Fen amount, std::int64_t quantity, model::Price price, std::uint32_t group);
Outcome top_up(Context& context, const model::TopUp& body);

// --- claims about a weighing (dispute.cc, R8.6) ---

/// True if a claim about the contract's weighing was filed, whatever has become of it.
[[nodiscard]] bool has_claim(const State& state, model::ContractId contract);
/// What the buyer owes for the goods before an award: all but what is claimed back of it.
[[nodiscard]] model::Fen undisputed_of(const State& state, const model::ContractRow& contract);
/// What of the escrow stays frozen for the award, before the fee is taken from it.
[[nodiscard]] model::Fen frozen_of(const State& state, const model::ContractRow& contract);
Outcome file_claim(Context& context, const model::FileClaim& body);
Outcome propose_award(Context& context, const model::AwardClaim& body);
Outcome withdraw_claim(Context& context, const model::WithdrawClaim& body);
Outcome grant_claim(Context& context, const model::GrantClaim& body);
/// `awarded` of what is claimed goes to the claimant; the contract is settled.
void award_now(Context& context, model::ContractId contract, model::Fen awarded,
               model::DisputeState how);

// --- default (default.cc, claims.cc) ---
/// R10.1: did not pay, or did not collect: bonds, fees, escrow; counts.
void default_buyer(Context& context, model::ContractId contract, model::DefaultKind kind);
/// R10.4, R8.4: nothing (acceptable) was delivered: the whole bond to the buyer, escrow returns.
void default_seller(Context& context, model::ContractId contract, model::DefaultKind kind);
/// R10.3: one more default on the participant's record; suspends it when there are too many.
void count_default(Context& context, model::ParticipantId participant);
Outcome record_resale(Context& context, const model::RecordResale& body);
Outcome record_cover(Context& context, const model::RecordCover& body);
/// R10.1: nobody recorded a re-sale in time: the loss by the reference price.
void resale_by_reference(Context& context, model::ContractId contract);

/// Room for all claims that one ending can register.
[[nodiscard]] bool claims_room(const State& state);
/// Registers a claim (R10.5); nothing if the amount is 0.
void add_claim(Context& context, const model::ContractRow& contract, model::ParticipantId creditor,
               model::ParticipantId debtor, model::Fen amount, model::ClaimGround ground);
Outcome pay_claim(Context& context, const model::PayClaim& body);

/// A balanced set under construction.
class Legs {
 public:
  void participant(model::ParticipantId id, model::Bucket bucket, model::Fen amount,
                   model::PostingReason reason);
  void operators(model::OperatorAccount account, model::Fen amount, model::PostingReason reason);
  /// From one bucket of a participant to its available money.
  void give_back(model::ParticipantId id, model::Bucket bucket, model::Fen amount,
                 model::PostingReason reason);
  /// A fee to the operator: income and the VAT inside (R9.1).
  void fee(const model::ProductRow& product, model::Fen amount);
  void post(Context& context, const Subject& subject) const;

 private:
  void add(const Leg& leg);
  std::array<Leg, 48> legs_{};
  std::size_t count_ = 0;
};

/// The performance bonds: what is forfeited to the other side; the rest returns but for what was
/// taken from them.
void add_performance_bonds(const model::ContractRow& contract, const Ending& ending,
                           model::Fen from_seller, model::Fen from_buyer, Legs& legs);

}  // namespace hulan::engine::contract
