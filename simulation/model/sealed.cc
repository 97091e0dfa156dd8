// SPDX-License-Identifier: Apache-2.0
// Sealed bids (R5.3.4): nothing of a bid is told before both shares of the key; then every envelope
// is opened here too, and who wins what at which price is worked out from the openings alone.
#include <algorithm>

#include "base/sealed_box.h"
#include "simulation/model/parts.h"

namespace hulan::auditor {

using model::EnvelopeState;
using model::LotRow;
using model::LotState;
using model::Reject;
using model::SealedAward;
using model::SealedBidRow;
using model::SealedPhase;
using model::SealedRow;
using model::SealKeyRow;

namespace {

constexpr std::uint32_t kBothShares = 3;

bool sells(const LotRow& lot) { return lot.side == model::Side::kSell; }

std::string envelope_text(std::uint32_t id) { return "sealed bid " + std::to_string(id); }

bool opened(const Market& market, model::LotId lot) {
  return market.seal_keys.at(market.sealed.at(lot).key).revealed == kBothShares;
}

/// What the envelope says; nothing if it is void.
std::optional<Opening> read_envelope(const Market& market, const SealedBidRow& bid) {
  const SealKeyRow& key = market.seal_keys.at(market.sealed.at(bid.lot).key);
  const auto opening = open_box(bid.box, key.public_key, join_shares(key.share[0], key.share[1]));
  return opening && commitment_of(*opening) == bid.commitment ? opening : std::nullopt;
}

bool within_notice(const Market& market, const LotRow& lot, const SealedBidRow& bid,
                   const Opening& opening) {
  const SealedRow& sealed = market.sealed.at(bid.lot);
  const Wide most = bid.goods == 0 ? Wide{lot.quantity} : Wide{market.lots.at(bid.goods).quantity};
  return opening.price >= sealed.low.value && opening.price <= sealed.high.value &&
         opening.price % market.products.at(lot.product).tick.value == 0 &&
         opening.quantity >= lot.minimum && opening.quantity <= std::min<Wide>(lot.quantity, most);
}

/// The opened bids of a lot that still count, the best first.
std::vector<std::uint32_t> ranked(const Market& market, const LotRow& lot) {
  std::vector<std::uint32_t> bids;
  for (const auto& [id, bid] : market.envelopes) {
    if (bid.lot == lot.id && bid.state == EnvelopeState::kOpened) bids.push_back(id);
  }
  std::stable_sort(bids.begin(), bids.end(), [&](std::uint32_t a, std::uint32_t b) {
    return better(lot, market.envelopes.at(a).price.value, market.envelopes.at(b).price.value) > 0;
  });
  return bids;
}

/// R5.3.4, R5.3.7: what is to be concluded, by the number of the bid.
SealedOutcome outcome_of(const Market& market, const LotRow& lot) {
  SealedOutcome out;
  const std::vector<std::uint32_t> bids = ranked(market, lot);
  const SealedAward award = market.sealed.at(lot.id).award;
  const bool whole = award == SealedAward::kFirstPrice || award == SealedAward::kSecondPrice;
  Wide left = lot.quantity, lowest = 0;
  for (const std::uint32_t id : bids) {
    const SealedBidRow& bid = market.envelopes.at(id);
    if (lot.reserve.value != 0 && better(lot, bid.price.value, lot.reserve.value) < 0) break;
    const bool all = whole || bid.quantity <= left;
    const Wide given = whole ? Wide{lot.quantity} : std::min<Wide>(bid.quantity, left);
    if (given == 0 || (!all && given < lot.minimum)) break;
    out.awards[id] = {Wide{bid.price.value}, given, bid.bidder};
    lowest = bid.price.value;
    left -= given;
    if (whole || !all) break;
  }
  if (award == SealedAward::kSecondPrice) {
    lowest = lot.reserve.value != 0 ? lot.reserve.value : lot.price.value;
    if (bids.size() > 1) {
      const Wide second = market.envelopes.at(bids[1]).price.value;
      if (better(lot, second, lowest) > 0) lowest = second;
    }
  }
  for (auto& [id, due] : out.awards) {
    if (award != SealedAward::kPayAsBid) due.price = lowest;
  }
  if (whole && out.awards.empty() && !bids.empty()) out.exclusive = bids.front();
  return out;
}

/// Worked out once all envelopes are open and before any of them is told to have won or lost.
const SealedOutcome& decided(Market& market, const LotRow& lot) {
  const auto known = market.sealed_outcomes.find(lot.id);
  if (known != market.sealed_outcomes.end()) return known->second;
  require(opened(market, lot.id), "R5.3.4", "awarded before both shares of the key were known");
  for (const auto& [id, bid] : market.envelopes) {
    require(bid.lot != lot.id || bid.state != EnvelopeState::kShut, "R5.3.4",
            "awarded while an envelope is shut");
  }
  return market.sealed_outcomes[lot.id] = outcome_of(market, lot);
}

void check_new_envelope(const Market& market, const Look& look, std::uint32_t id,
                        const SealedBidRow& row) {
  model::PlaceSealedBid body{};
  require(look.command.header.type == body.kType && model::read_body(look.command.body, body) &&
              row.lot == body.lot && row.goods == body.goods && row.box == body.box &&
              row.commitment == body.commitment &&
              row.bidder == look.command.header.participant &&
              row.user == look.command.header.user,
          "R5.3.4", "a sealed bid that nobody made");
  require(id == market.envelopes.size() + 1, "R5.3.4", "a sealed bid's number is left out");
  require(row.state == EnvelopeState::kShut && row.order == look.command.sequence, "R5.3.4",
          "a new envelope is not shut");
  const Expected expected = expected_of_sealed(market, look.command);
  require(expected.reject == Reject::ok || expected.reject == Reject::no_funds, "R5.3.4", [&] {
    return envelope_text(id) + " was accepted, but: " +
           std::string(model::reject_text(expected.reject).code);
  });
  const LotRow& lot = market.lots.at(row.lot);
  const Bonds bonds = bonds_at(market.products.at(lot.product),
                               market.sealed.at(row.lot).high.value, lot.quantity, lot.average_g);
  require(row.performance.value == bonds.performance && row.trading.value == bonds.trading,
          "R5.3.4", "a sealed bid's bonds are not those of the whole lot at the highest price");
}

/// The trading bond of a void bid goes to the initiator.
void check_forfeited(const Market& market, Look& look, const SealedBidRow& old) {
  const model::ParticipantId initiator = market.lots.at(old.lot).initiator;
  const auto paid = std::find_if(look.forfeits.begin(), look.forfeits.end(), [&](const auto& p) {
    return p.participant == initiator && p.lot == old.lot && p.delta[0] == old.trading;
  });
  require(old.trading.value == 0 || paid != look.forfeits.end(), "R5.3.4",
          "the trading bond of a void bid is not the initiator's");
  if (paid != look.forfeits.end()) look.forfeits.erase(paid);
}

/// How an envelope may leave the state that it was in.
void check_envelope_state(Market& market, Look& look, std::uint32_t id, const SealedBidRow& old,
                          const SealedBidRow& row) {
  const LotRow& lot = market.lots.at(row.lot);
  if (row.state == EnvelopeState::kStruck) {
    return require(!market.active(row.bidder), "R5.7", "an active participant's bid was struck");
  }
  const bool settles = row.state == EnvelopeState::kWon || row.state == EnvelopeState::kLost;
  require(old.state == (settles ? EnvelopeState::kOpened : EnvelopeState::kShut), "R5.3.4",
          [&] { return envelope_text(id) + " was opened twice"; });
  require(!halted(market, lot.product), "R12.2", "an envelope was opened while trading was halted");
  if (settles) {
    const auto& awards = decided(market, lot).awards;
    const auto due = awards.find(id);
    const Wide given = due == awards.end() ? 0 : due->second.quantity;
    require((row.state == EnvelopeState::kWon) == (given != 0) && row.awarded == given, "R5.3.4",
            [&] {
              return envelope_text(id) + " gets " + std::to_string(row.awarded) + " instead of " +
                     text_of(given);
            });
    return;
  }
  const auto opening = read_envelope(market, old);
  if (!opening) {
    require(row.state == EnvelopeState::kVoid, "R5.3.4",
            [&] { return envelope_text(id) + " does not fit its hash and is not void"; });
    return check_forfeited(market, look, old);
  }
  require(row.price.value == opening->price && row.quantity == opening->quantity &&
              row.salt == opening->salt,
          "R5.3.4", [&] { return envelope_text(id) + " says something else inside"; });
  const bool valid = within_notice(market, lot, old, *opening);
  require(row.state == (valid ? EnvelopeState::kOpened : EnvelopeState::kInvalid), "R5.3.4",
          [&] { return envelope_text(id) + " is not judged by the notice"; });
}

}  // namespace

void check_seal_key(const Market& market, const Look& look, model::SealKeyId id,
                    const SealKeyRow& row) {
  const auto known = market.seal_keys.find(id);
  if (known == market.seal_keys.end()) {
    model::RegisterSealKey body{};
    require(look.command.header.type == body.kType && model::read_body(look.command.body, body) &&
                row.public_key == body.public_key && row.share_hash[0] == body.share_hashes[0] &&
                row.share_hash[1] == body.share_hashes[1] && row.holders[0] == body.holders[0] &&
                row.holders[1] == body.holders[1],
            "R5.3.4", "a key that nobody registered");
    require(row.holders[0] != row.holders[1] && row.revealed == 0, "R5.3.4",
            "both shares of a key with one person, or known from the start");
    return;
  }
  const SealKeyRow& old = known->second;
  require(row.public_key == old.public_key && row.share_hash == old.share_hash &&
              row.holders == old.holders,
          "R5.3.4", "a key has changed");
  if (row.revealed == old.revealed) {
    return require(row.share == old.share, "R5.3.4", "a share has changed");
  }
  model::RevealShare body{};
  require(look.command.header.type == body.kType && model::read_body(look.command.body, body) &&
              body.key == id,
          "R5.3.4", "a share that nobody gave");
  const std::size_t which = look.command.header.user == old.holders[0] ? 0 : 1;
  require(look.command.header.user == old.holders[which] &&
              row.revealed == (old.revealed | 1U << which) && row.share[which] == body.share &&
              sha256(body.share) == old.share_hash[which],
          "R5.3.4", "a share that is not its holder's");
  for (const auto& [lot, sealed] : market.sealed) {
    const LotRow& of = market.lots.at(lot);
    const bool takes_bids = of.state == LotState::kAnnounced || of.state == LotState::kOpen;
    require(sealed.key != id || !takes_bids || look.command.now.value >= of.close_at, "R5.3.4",
            [&] { return "a share was given before the close of " + lot_text(of); });
  }
}

void check_sealed(const Market& market, const Look& look, model::LotId id, const SealedRow& row) {
  const auto known = market.sealed.find(id);
  if (known == market.sealed.end()) {
    model::AnnounceSealed body{};
    require(look.command.header.type == body.kType && model::read_body(look.command.body, body) &&
                body.lot == id && row.key == body.key && row.award == body.award &&
                row.phase == SealedPhase::kSealed,
            "R5.3.4", "a sealed auction that nobody announced");
    require(market.seal_keys.at(row.key).revealed == 0, "R5.3.4", "sealed to a key that is known");
    return;
  }
  const SealedRow& old = known->second;
  require(row.low == old.low && row.high == old.high && row.key == old.key &&
              row.award == old.award && row.phase >= old.phase,
          "R5.3.4", "the notice of a sealed auction has changed");
  const bool ends = row.phase == SealedPhase::kEnded;
  require(row.phase == old.phase || ends || opened(market, id), "R5.3.4",
          "envelopes are opened before both shares of the key are known");
}

void check_envelope(Market& market, Look& look, std::uint32_t id, const SealedBidRow& row) {
  const auto known = market.envelopes.find(id);
  const bool shut = row.state == EnvelopeState::kShut;
  require(!shut || (row.price.value == 0 && row.quantity == 0 && row.awarded == 0 &&
                    row.salt == std::array<std::uint8_t, 16>{}),
          "R5.3.4", [&] { return envelope_text(id) + " is shut and tells what is inside"; });
  if (known == market.envelopes.end()) return check_new_envelope(market, look, id, row);
  const SealedBidRow& old = known->second;
  require(row.lot == old.lot && row.bidder == old.bidder && row.order == old.order &&
              row.commitment == old.commitment && row.box == old.box && row.goods == old.goods,
          "R5.3.4", [&] { return envelope_text(id) + " has changed"; });
  require(old.state == EnvelopeState::kShut ||
              (row.state != EnvelopeState::kShut && (row.price == old.price ||
                                                     row.state == EnvelopeState::kStruck)),
          "R5.3.4", [&] { return envelope_text(id) + " was shut again"; });
  const bool live = row.state == EnvelopeState::kShut || row.state == EnvelopeState::kOpened ||
                    row.state == EnvelopeState::kWon;
  require(live || (row.performance.value == 0 && row.trading.value == 0), "R6.2",
          [&] { return envelope_text(id) + " is out with its bonds frozen"; });
  if (row.state != old.state) check_envelope_state(market, look, id, old, row);
}

void check_struck_envelope(const Market& market, const model::BidStruck& struck) {
  require(!market.active(struck.bidder), "R5.7", "the bid of an active participant was struck");
  const bool known = std::any_of(
      market.envelopes.begin(), market.envelopes.end(), [&](const auto& entry) {
        const SealedBidRow& bid = entry.second;
        return bid.lot == struck.lot && bid.bidder == struck.bidder &&
               (bid.state == EnvelopeState::kShut || bid.state == EnvelopeState::kOpened);
      });
  require(known, "R5.7", "a sealed bid was struck that nobody made");
  require(struck.price.value == 0 || opened(market, struck.lot), "R5.3.4",
          "a price was told before the opening");
}

void check_sealed_trade(Market& market, const model::TradeConcluded& trade, const LotRow& lot) {
  require(lot.state == LotState::kOpening, "R5.3.4", "concluded otherwise than at the opening");
  static_cast<void>(decided(market, lot));
  auto& awards = market.sealed_outcomes.at(lot.id).awards;
  require(!awards.empty(), "R5.3.4", "more was concluded than is awarded");
  const PartAward next = awards.begin()->second;
  awards.erase(awards.begin());
  require(trade.price.value == next.price && trade.quantity == next.quantity, "R5.3.4", [&] {
    return lot_text(lot) + ": " + std::to_string(trade.quantity) + " at " +
           std::to_string(trade.price.value) + " instead of " + text_of(next.quantity) + " at " +
           text_of(next.price);
  });
  market.part_winners[trade.contract] = next.bidder;
}

void check_sealed_state(Market& market, const LotRow& old, const LotRow& row) {
  if (old.state != LotState::kOpening) return;
  if (row.state == LotState::kUnsold && row.bids != 0) {
    const SealedOutcome& outcome = decided(market, row);
    require(outcome.awards.empty() && outcome.exclusive == 0, "R5.3.4",
            [&] { return lot_text(row) + " is unsold though somebody has won"; });
  }
  if (row.state != LotState::kExclusive) return;
  const SealedOutcome& outcome = decided(market, row);
  require(outcome.exclusive != 0, "R5.3.6", "an exclusive time for a bid that won, or for parts");
  const SealedBidRow& best = market.envelopes.at(outcome.exclusive);
  require(row.leader == best.bidder && row.best == best.price, "R5.3.6",
          "the exclusive time is not the best bidder's");
  // R5.7: the others are remembered, the best last.
  auto& remembered = market.bids[row.id];
  std::vector<std::pair<Wide, const SealedBidRow*>> others;
  for (const auto& [id, bid] : market.envelopes) {
    if (bid.lot == row.id && (bid.state == EnvelopeState::kLost || id == outcome.exclusive)) {
      others.emplace_back(-better(row, bid.price.value, 0), &bid);
    }
  }
  std::stable_sort(others.begin(), others.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::reverse(others.begin(), others.end());
  for (const auto& [price, bid] : others) {
    model::BidAccepted told{};
    told.lot = row.id;
    told.bidder = bid->bidder;
    told.price = bid->price;
    remembered.push_back(told);
  }
}

Expected expected_of_sealed(const Market& market, const model::Command& command) {
  if (const Reject r = who_may_ask(market, command); r != Reject::ok) return {r};
  model::PlaceSealedBid body{};
  if (command.body.size() != sizeof(body) || !model::read_body(command.body, body)) {
    return {Reject::malformed_body};
  }
  if (const Reject r = check_trader(market, command); r != Reject::ok) return {r};
  const auto found = market.lots.find(body.lot);
  if (found == market.lots.end()) return {Reject::unknown_lot};
  const LotRow& lot = found->second;
  const auto sealed = market.sealed.find(body.lot);
  if (sealed == market.sealed.end() || lot.state == LotState::kWithdrawn) {
    return {Reject::wrong_lot_state};
  }
  const std::int64_t now = command.now.value;
  const bool takes_bids = lot.state == LotState::kAnnounced || lot.state == LotState::kOpen;
  if (!takes_bids) return {Reject::auction_closed};
  if (now < lot.open_at) return {Reject::auction_not_open};
  if (now >= lot.close_at) return {Reject::auction_closed};
  const model::ParticipantId bidder = command.header.participant;
  if (bidder == lot.initiator) return {Reject::own_lot};
  if (const Reject r = check_apart(market, lot.initiator, bidder); r != Reject::ok) return {r};
  if (!market.active(lot.initiator)) return {Reject::participant_not_active};
  const Reject control = controlled(market, lot.product, bidder, lot.quantity, now);
  if (control != Reject::ok) return {control};
  for (const auto& [id, bid] : market.envelopes) {
    if (bid.lot != lot.id) continue;
    if (bid.bidder == bidder) return {Reject::already_bid};
    if (bid.commitment == body.commitment) return {Reject::commitment_known};
  }
  if (sells(lot) && body.goods != 0) return {Reject::malformed_body};
  if (!sells(lot) && body.goods == 0) return {Reject::goods_required};
  const bool exact = sells(lot) && lot.terms == model::Terms::kDestination;
  return {check_funds(market, lot, bidder, sealed->second.high.value, lot.quantity), exact};
}

}  // namespace hulan::auditor
