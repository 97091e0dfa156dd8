// SPDX-License-Identifier: Apache-2.0
// What the auditor knows of the market: plain maps, filled from what the market tells, each change
// held against the rules. Rows are the model's vocabulary; what they say is not taken on trust.
#pragma once

#include <array>
#include <cstdint>
#include <list>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "model/event.h"
#include "simulation/model/arithmetic.h"

namespace hulan::auditor {

/// A rule that was broken.
struct Finding {
  std::string rule;
  std::string text;
  model::Sequence sequence = 0;
};

/// Thrown where a rule is found broken; observe() turns it into its answer.
struct Broken {
  std::string rule;
  std::string text;
};

inline void require(bool holds, const char* rule, const std::string& text) {
  if (!holds) throw Broken{rule, text};
}
/// The same with a text that is only made when it is needed.
template <class Text>
  requires std::is_invocable_v<Text>
void require(bool holds, const char* rule, Text text) {
  if (!holds) throw Broken{rule, text()};
}

inline std::string text_of(Wide value) {
  if (value < 0) return "-" + text_of(-value);
  if (value >= 10) return text_of(value / 10) + static_cast<char>('0' + static_cast<int>(value % 10));
  return std::string(1, static_cast<char>('0' + static_cast<int>(value)));
}

using Account = std::pair<model::ParticipantId, model::Currency>;
using Buckets = std::array<Wide, model::kBuckets>;

/// What the auditor keeps of a session beside its row.
struct SessionBook {
  model::DocumentHash seed{};
  std::vector<model::LotId> entered;
  Wide weighted = 0, weight = 0;  ///< of what was taken
  // R5.3.2, of a shared clock: since when it counts, its end, the last halt that moved it.
  std::int64_t began = 0, due = 0;
  std::uint64_t moved_in = 0;
};

/// A bid on a divisible lot (R5.3.7).
struct PartBid {
  Wide price = 0, quantity = 0;
  std::uint64_t order = 0;
  model::ParticipantId bidder = 0;
  friend bool operator==(const PartBid&, const PartBid&) = default;
};
/// What is to be concluded of it.
struct PartAward {
  Wide price = 0, quantity = 0;
  model::ParticipantId bidder = 0;
};
/// What the openings of a sealed auction come to (R5.3.4).
struct SealedOutcome {
  std::map<std::uint32_t, PartAward> awards;  ///< to be concluded, by the number of the bid
  std::uint32_t exclusive = 0;                ///< the best bid, below the reserve (R5.3.6)
};
struct PartBids {
  std::vector<PartBid> live;    ///< the best first
  std::vector<PartBid> outbid;  ///< remembered, the best first
  std::vector<PartAward> awards;
  bool awarded = false;
};

/// An order as the auditor keeps it: in lists by price.
struct PlainOrder {
  model::OrderId id = 0;
  std::uint32_t position = 0;
  Wide shown = 0, hidden = 0, display = 0;
  Wide bonded_at = 0;  ///< the price that its bonds are reckoned at
  std::int64_t expires_at = 0;
  [[nodiscard]] Wide open() const { return shown + hidden; }
};
struct PlainBook {
  model::BookRow row{};
  /// By BookSide, then the stop orders of each; the first of a list is the earliest.
  std::array<std::map<Wide, std::list<PlainOrder>>, 4> queues;
  Wide trades = 0, traded = 0, weighted = 0, last = 0;
  Wide auction = 0;  ///< price of the call auction whose trades are being made, 0 = none
  Wide auction_trades = 0;
};
struct PlainPosition {
  model::ParticipantId participant = 0;
  model::BookId book = 0;
  Wide net = 0, paid = 0, traded = 0, performance = 0, trading = 0;
};

struct Market;
/// R5.6: an agent acts for both under mandates that run (mandates.cc).
[[nodiscard]] bool share_agent(const Market& market, model::ParticipantId a,
                               model::ParticipantId b);

struct Market {
  model::MarketRow terms{};
  std::map<model::UserId, model::UserRow> users;
  std::map<model::ParticipantId, model::ParticipantRow> participants;
  std::map<std::uint64_t, model::RelationRow> relations;
  std::map<model::PendingId, model::PendingRow> pendings;
  std::map<model::ProductId, model::ProductRow> products;
  std::map<std::uint64_t, model::ReferenceRow> references;
  std::map<std::uint64_t, model::DayPriceRow> day_prices;
  std::map<model::LotId, model::LotRow> lots;
  std::map<model::LotId, model::ProxyRow> proxies;
  std::map<model::LotId, model::DivisibleRow> divisible;
  std::map<std::uint32_t, model::LotBidRow> lot_bids;
  std::map<model::ContractId, model::ParticipantId> part_winners;
  std::map<model::LotId, PartBids> part_bids;  ///< of divisible lots, as the rules say
  std::map<model::ContractId, model::ContractRow> contracts;
  std::map<model::ContractId, model::DisputeRow> disputes;
  std::map<model::DeliveryId, model::DeliveryRow> deliveries;
  std::map<std::uint32_t, model::GroupRow> groups;
  std::map<std::uint32_t, model::TruckRow> trucks;
  std::map<model::ClaimId, model::ClaimRow> claims;
  std::map<model::SessionId, model::SessionRow> sessions;
  std::map<model::SessionId, SessionBook> books;
  std::map<model::LotId, model::ClockRow> clocks;
  std::map<model::QuotaId, model::QuotaRow> quotas;
  std::map<model::ProductId, model::ProductTermsRow> product_terms;
  std::map<model::BookId, PlainBook> order_books;
  std::map<std::uint32_t, PlainPosition> positions;
  std::map<model::LotId, model::RequestRow> requests;
  std::map<model::SealKeyId, model::SealKeyRow> seal_keys;
  std::map<model::LotId, model::SealedRow> sealed;
  std::map<std::uint32_t, model::SealedBidRow> envelopes;
  std::map<model::LotId, SealedOutcome> sealed_outcomes;
  std::map<model::QuoteId, model::QuoteRow> quotes;
  std::map<model::LotId, std::vector<model::QuoteId>> talks;  ///< numbers of each request, in order

  std::map<model::MandateId, model::MandateRow> mandates;
  std::map<std::pair<model::LotId, model::MandateId>, Wide> acts;  ///< R2.5: counted of each lot
  std::map<std::pair<model::LotId, model::ParticipantId>, model::Side> agent_sides;
  std::int64_t now = 0;
  model::ParticipantId acting_for = 0;  ///< the principal for whom this command is sent

  std::map<std::uint32_t, model::HaltRow> halts;
  std::map<std::uint32_t, std::set<model::LotId>> moved;  ///< by the halt that is resumed
  /// Lots struck during that: whether they had been moved before is not told.
  std::map<std::uint32_t, std::set<model::LotId>> struck_while_moved;
  std::map<model::ParticipantId, model::KillRow> kills;
  using Pair = std::pair<model::ParticipantId, model::ProductId>;  ///< of a product's first version
  std::set<Pair> barred;
  std::map<Pair, std::pair<std::int64_t, Wide>> traded;  ///< day and quantity, where limited
  std::map<model::ContractId, model::TradeConcluded> concluded;
  /// Trades that count, by product, grade and day.
  std::map<std::tuple<model::ProductId, std::uint8_t, std::uint32_t>, std::set<model::ContractId>>
      days;
  /// Accepted bids of auctions that are not over, in order; struck ones are taken out.
  std::map<model::LotId, std::vector<model::BidAccepted>> bids;
  std::map<Account, Buckets> balances;
  std::map<Account, Buckets> owed;  ///< what lots and contracts say is frozen
  std::array<std::array<Wide, model::kOperatorAccounts>, model::kCurrencies> operators{};

  [[nodiscard]] bool admitted(model::ParticipantId id) const {
    const auto found = participants.find(id);
    return found != participants.end() && found->second.state == model::ParticipantState::kActive;
  }
  /// R12.2: the kill switch is off.
  [[nodiscard]] bool active(model::ParticipantId id) const {
    const auto killed = kills.find(id);
    return admitted(id) && (killed == kills.end() || killed->second.active == 0);
  }
  [[nodiscard]] bool related(model::ParticipantId a, model::ParticipantId b) const {
    for (const auto& [id, row] : relations) {
      if (row.active != 0 && ((row.a == a && row.b == b) || (row.a == b && row.b == a))) return true;
    }
    return share_agent(*this, a, b);
  }
  [[nodiscard]] Wide available(model::ParticipantId id, model::Currency currency) const {
    const auto found = balances.find({id, currency});
    return found == balances.end() ? 0 : found->second[0];
  }
  /// The first version of a product.
  [[nodiscard]] model::ProductId first_version(model::ProductId id) const {
    while (products.at(id).previous != 0) id = products.at(id).previous;
    return id;
  }
  [[nodiscard]] std::int64_t local_day(std::int64_t ns) const {
    const std::int64_t local = ns + terms.utc_offset_s * model::kSecond;
    return local / model::kDay - (local % model::kDay < 0 ? 1 : 0);
  }
  [[nodiscard]] std::int64_t at_minute(std::int64_t day, std::uint32_t minute) const {
    return day * model::kDay + minute * model::kMinute - terms.utc_offset_s * model::kSecond;
  }
};

/// A bid as it must be shown.
struct ShownBid {
  model::ParticipantId bidder = 0, outbid = 0;
  Wide price = 0, frozen = 0;
};

/// What an order met before it was accepted itself.
struct OrderFill {
  model::BookId book = 0;
  Wide price = 0, quantity = 0, shown = 0;  ///< shown: by who was met, before
  std::uint32_t taker = 0, maker = 0;       ///< positions
  bool prevented = false;                   ///< a self-trade: taken off without a trade
};

/// One command as it is being looked at.
struct Look {
  Look(const model::Command& sent, const std::optional<model::Command>& act)
      : asked(sent), command(act ? *act : sent), is_act(act.has_value()) {}

  const model::Command& asked;    ///< as it stands in the log
  const model::Command& command;  ///< what it does: of an agent, its principal's (R2.5)
  bool is_act;
  Wide used_before = 0;           ///< of the mandate
  std::map<Account, bool> touched;
  std::array<Wide, model::kCurrencies> posted{};  ///< all postings of the command: must be zero
  std::map<std::pair<model::ContractId, model::ParticipantId>, Buckets> by_contract;
  std::vector<OrderFill> order_fills;  ///< of the order that comes next
  std::map<std::uint32_t, model::OrderTermsRow> order_terms;  ///< by slot
  std::vector<model::OrderId> triggered;
  std::map<model::BookId, bool> order_books;  ///< changed by this command
  std::uint32_t orders = 0;                   ///< accepted
  std::map<model::LotId, bool> struck;
  std::map<model::LotId, bool> proxies;  ///< changed by this command
  std::map<model::LotId, bool> parts;    ///< divisible lots whose bids it changed
  std::vector<ShownBid> expected_bids;   ///< that a bid or a proxy brings about, in order
  model::LotId quantity_bid = 0;         ///< the divisible lot that it bids on
  Wide quantity_bid_frozen = 0;
  std::vector<model::ParticipantId> defaulters;
  std::vector<model::Posted> forfeits;
  std::vector<model::BidAccepted> bids;
  std::vector<model::TradeConcluded> trades;
  std::map<Market::Pair, model::TradingRow> trading;
  std::map<model::LotId, std::vector<Wide>> shares;  ///< of lots that are being allocated
  std::map<model::ContractId, model::ContractRow> contracts_before;
  std::map<model::ContractId, model::DisputeRow> disputes_before;
  std::map<model::LotId, model::LotRow> lots_before;
  std::map<model::LotId, bool> requests;  ///< whose quotes it changed
  std::map<model::PendingId, model::PendingRow> pendings_before;
};

}  // namespace hulan::auditor
