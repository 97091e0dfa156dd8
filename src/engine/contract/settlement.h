// SPDX-License-Identifier: Apache-2.0
// The arithmetic of R6.1, R8.2 to R8.5, R9.1 to R9.4, R10.1 and R10.2: pure integers, no state.
// The engine and `hulan settle` both settle through these functions. Rates come from the product's
// definition. Products are formed in 128 bits; what does not fit 64 bits is refused. Any thread.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <span>

#include "model/enums.h"
#include "model/reject.h"
#include "model/rows.h"
#include "model/units.h"

namespace hulan::engine::contract {

/// Why a settlement cannot be worked out: the reason, the name of the figure at fault as a
/// settlement case spells it ("groups"), and the figure where it is one number.
struct Refusal {
  model::Reject reject = model::Reject::overflow;
  const char* field = "";
  std::int64_t value = 0;
};

/// One group of R8.2, as counted, and what becomes of it.
struct GroupLine {
  std::int64_t head = 0;
  std::int64_t net_g = 0;
  std::int64_t adjust = 0;  ///< grade and single-animal tables, price units
  // --- filled in by settle() ---
  std::int64_t settled_g = 0;
  model::Price price{};    ///< max(0, price + adjustments)
  model::Fen amount{};     ///< rounded once
  std::int64_t scratch{};  ///< remainder of the excess's share
};

/// A lot as weighed, over all its deliveries.
struct Weighing {
  model::Price price{};
  model::Fen prepaid{};  ///< the nominal in escrow
  model::Terms terms = model::Terms::kDestination;
  model::VatStatus seller_vat = model::VatStatus::kExemptProducer;
  bool buyer_is_general_payer = true;           ///< and makes taxable sales (R9.3)
  std::int64_t head = 0;                        ///< delivered, the dead among them; 0 without head
  std::int64_t dead = 0;                        ///< on arrival
  std::int64_t origin_g = 0;                    ///< origin terms: weighed at the farm
  std::int64_t destination_g = 0;               ///< weighed on arrival
  std::optional<std::int64_t> agreed_adjust{};  ///< R8.4: in place of a band that does not exist
};

/// Every total of a settlement sheet (R9). `settled` is grams, by count head.
struct Settlement {
  std::int64_t settled = 0;
  std::int64_t average_live_g = 0;
  std::int64_t band = 0;
  model::Fen goods{};
  model::Fen fee_each{};
  model::Fen fee_vat_each{};
  model::Fen disposal{};
  model::Fen buyer_pays{};
  model::Fen buyer_refund{};
  model::Fen buyer_topup{};
  model::Fen seller_receives{};  ///< may be negative (R9.2)
  model::Fen seller_vat{};
  model::Fen buyer_deduction{};
};

struct Bonds {
  model::Fen performance{};
  model::Fen trading{};
};

/// R10.1: what becomes of the bonds of a buyer who does not pay or collect.
struct BuyerDefault {
  model::Fen bond_to_seller{};
  model::Fen fees{};  ///< both sides', from the trading bond
  model::Fen trading_bond_returned{};
};

/// R10.1: loss and what of it exceeds the bond.
struct Loss {
  model::Fen loss{};
  model::Fen claim{};
};

/// R10.2 and R10.4: the part of the seller's bond that goes to the buyer.
struct Forfeit {
  model::Fen forfeited{};
  model::Fen released{};
};

/// Grams of `quantity` of the product; by count the head itself. nullopt if it does not fit.
[[nodiscard]] std::optional<std::int64_t> measure_of(const model::ProductRow& product,
                                                     std::int64_t quantity, std::int64_t average_g);

/// R1.3: price x measure (grams, by count head). nullopt if it does not fit.
[[nodiscard]] std::optional<model::Fen> amount_of(const model::ProductRow& product,
                                                  model::Price price, std::int64_t measure);

/// R6.1: price x contract quantity.
[[nodiscard]] std::optional<model::Fen> nominal_of(const model::ProductRow& product,
                                                   model::Price price, std::int64_t quantity,
                                                   std::int64_t average_g);

/// R6.1: both bonds of a nominal.
[[nodiscard]] std::optional<Bonds> bonds_of(const model::ProductRow& product, model::Fen nominal);

/// R9.1: one side's fee, VAT included, on so many grams (by count head).
[[nodiscard]] std::optional<model::Fen> fee_of(const model::ProductRow& product,
                                               std::int64_t measure);

/// R9.1: the VAT inside a fee.
[[nodiscard]] model::Fen fee_vat_of(const model::ProductRow& product, model::Fen fee);

/// R8.3: origin weight less what shrank beyond the allowance.
[[nodiscard]] std::int64_t settled_of_origin(std::int64_t origin_g, std::int64_t destination_g,
                                             std::int64_t shrink_bp);

/// R8.4: adjustment of an average weight, nullopt outside every band. No band in the product: 0.
[[nodiscard]] std::optional<std::int64_t> band_of(const model::ProductRow& product,
                                                  std::int64_t average_g);

/// R8.3: takes `excess` grams from the groups in proportion to their weight, largest remainder
/// first, ties to the earlier; fills settled_g. The groups' weights sum to `total`.
void take_excess(std::span<GroupLine> groups, std::int64_t total, std::int64_t excess);

/// R8.2 to R9.4: fills the groups' lines and gives the totals. The groups must add up to the weight
/// and the live head; pass none where no animal lives.
[[nodiscard]] std::expected<Settlement, Refusal> settle(const model::ProductRow& product,
                                                        const Weighing& weighing,
                                                        std::span<GroupLine> groups);

/// R9.2 to R9.4: fills what follows from `totals.goods` and `totals.fee_each`; the groups of the
/// weighing do not matter.
[[nodiscard]] std::expected<void, Refusal> total_up(const model::ProductRow& product,
                                                    const Weighing& weighing, Settlement& totals);

/// R10.1: from the buyer's bonds, for a contract of so many grams (by count head).
[[nodiscard]] std::expected<BuyerDefault, Refusal> buyer_default(const model::ProductRow& product,
                                                                 Bonds bonds, std::int64_t measure);

/// R10.1: price fall x contract quantity + keeping; a price rise is no loss. What exceeds `bond` is
/// a claim.
[[nodiscard]] std::expected<Loss, Refusal> resale_loss(const model::ProductRow& product,
                                                       model::Price price, model::Price resale,
                                                       std::int64_t measure, model::Fen keeping,
                                                       model::Fen bond);

/// R10.2: true if so little is missing that nothing follows.
[[nodiscard]] bool within_tolerance(const model::ProductRow& product, std::int64_t contract,
                                    std::int64_t delivered);

/// R10.2: short x 100 <= 2 x contract: nothing; else bond x short / contract. Quantities in head,
/// grams where there is no head.
[[nodiscard]] Forfeit short_delivery(const model::ProductRow& product, model::Fen bond,
                                     std::int64_t contract, std::int64_t delivered);

/// R10.4: bond x rest / contract, without tolerance.
[[nodiscard]] Forfeit rest_undelivered(model::Fen bond, std::int64_t contract, std::int64_t rest);

/// R10.2: what the missing cost elsewhere above the contract's price; 0 if cheaper. What exceeds
/// `forfeited` is a claim.
[[nodiscard]] std::expected<Loss, Refusal> cover_loss(const model::ProductRow& product,
                                                      model::Price price, model::Price cover,
                                                      std::int64_t missing_measure,
                                                      model::Fen forfeited);

}  // namespace hulan::engine::contract
