// SPDX-License-Identifier: Apache-2.0
// What every kind of bid in an ascending auction has in common (R5.3.1, R5.3.2). Comparisons are
// made in the auction's direction, so that a reverse auction is the mirror of a forward one. Engine
// thread only.
#pragma once

#include "engine/auction/ending.h"
#include "engine/market/references.h"

namespace hulan::engine {

/// How far price `a` lies ahead of `b`: upwards where the initiator sells, else downwards.
[[nodiscard]] constexpr std::int64_t ahead(const model::LotRow& lot, model::Price a,
                                           model::Price b) {
  return lot.side == model::Side::kSell ? a.value - b.value : b.value - a.value;
}
/// The price one `step` ahead of `price`.
[[nodiscard]] constexpr model::Price stepped(const model::LotRow& lot, model::Price price) {
  return lot.side == model::Side::kSell ? price + lot.step : price - lot.step;
}
[[nodiscard]] constexpr model::Price nearer(const model::LotRow& lot, model::Price a,
                                            model::Price b) {
  return ahead(lot, a, b) < 0 ? a : b;
}
[[nodiscard]] constexpr model::Price further(const model::LotRow& lot, model::Price a,
                                             model::Price b) {
  return ahead(lot, a, b) > 0 ? a : b;
}

[[nodiscard]] model::Reject check_open(const State& state, const model::LotRow& lot,
                                       model::Time now);
/// R5.6, and the initiator is active.
[[nodiscard]] model::Reject check_bidder(const State& state, const model::LotRow& lot,
                                         model::ParticipantId bidder);
[[nodiscard]] PriceBand band_of(const State& state, const model::LotRow& lot, model::Time now);
/// `price` is at least `least` in the auction's direction, and not beyond the cap.
[[nodiscard]] model::Reject check_least(const model::LotRow& lot, model::Price price,
                                        model::Price least);
/// R5.3.1: at least start, or best + step; not beyond the cap.
[[nodiscard]] model::Reject check_step(const model::LotRow& lot, model::Price price);
/// The goods that stand behind a bid in a reverse auction; in a forward one the buyer's zone.
[[nodiscard]] model::Reject check_behind(Context& context, const model::LotRow& lot,
                                         model::LotId goods, std::int64_t quantity);
[[nodiscard]] bool reaches_cap(const model::LotRow& lot, model::Price price);
/// R5.3.6: without a reserve every price meets it.
[[nodiscard]] bool meets_reserve(const model::LotRow& lot, model::Price price);

void open_auction(Context& context, model::LotRow& lot);
/// R5.3.2: a bid within the window before the close moves it; on a shared clock any bid restarts
/// that.
void extend_close(Context& context, model::LotRow& lot);
/// The lot's own timer, at `due`.
void arm_lot(Context& context, model::LotId lot, std::int64_t due);

/// Who bids, and with what.
struct Bidder {
  model::ParticipantId participant = 0;
  model::UserId user = 0;
  model::LotId goods = 0;
};

/// The bid stands as the best: leader, best, close and count. Moves no money. Emits BidAccepted.
void stand(Context& context, model::LotRow& lot, const Bidder& bidder, model::Price price,
           model::Fen frozen, model::ParticipantId outbid);

/// A new leader: the one before is remembered and released (R6.2), the new one's bonds are frozen.
void lead(Context& context, model::LotRow& lot, const Bidder& bidder, model::Price price,
          const contract::Bonds& bonds);

/// The standing best becomes a contract at its price; its bonds go along (R6.3).
model::ContractId conclude_best(Context& context, model::LotId id);

}  // namespace hulan::engine
