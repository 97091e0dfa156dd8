// SPDX-License-Identifier: Apache-2.0
#include "simulation/model/auditor.h"

#include <cstring>

#include "simulation/model/parts.h"

namespace hulan::auditor {

using model::CommandType;
using model::ContractState;
using model::EventType;
using model::LotState;
using model::Reject;

namespace {

constexpr std::int64_t kAheadMs = 10 * 60 * 1000;
/// What is due waits for a command, and for at most 32 others before it; more is late.
constexpr std::uint64_t kMostCommandsLate = 500;
/// Where a halt is being resumed, what is due is looked at again after a second.
constexpr std::int64_t kLooksAgain = 2 * model::kSecond;
constexpr std::uint64_t kContractBit = std::uint64_t{1} << 32;
constexpr std::uint64_t kSessionBit = std::uint64_t{1} << 33;
constexpr std::uint64_t kBookBit = std::uint64_t{1} << 34;
constexpr std::uint64_t kQuoteBit = std::uint64_t{1} << 35;

template <class T>
T as(std::span<const std::uint8_t> event) {
  T out;
  require(event.size() >= sizeof(T), "R13.1", "an event of another size");
  std::memcpy(&out, event.data(), sizeof(T));
  return out;
}

std::int64_t id_ms(const model::ClientId& id) {
  std::int64_t ms = 0;
  for (std::size_t i = 0; i < 6; ++i) ms = ms << 8 | id[i];
  return ms;
}

/// Two commands under one client id are the same if this is.
std::uint64_t digest_of(const model::Command& command) {
  std::uint64_t hash = 1469598103934665603ULL;
  const auto add = [&hash](std::span<const std::uint8_t> bytes) {
    for (const std::uint8_t byte : bytes) hash = (hash ^ byte) * 1099511628211ULL;
  };
  const auto& h = command.header;
  const std::uint8_t head[] = {static_cast<std::uint8_t>(h.type), h.version,
                               static_cast<std::uint8_t>(h.participant),
                               static_cast<std::uint8_t>(h.participant >> 8)};
  add(head);
  add(command.body);
  return hash;
}

bool stays(Reject reject) {
  return reject != Reject::client_id_reused && reject != Reject::client_id_expired &&
         reject != Reject::client_id_ahead && reject != Reject::client_id_table_full;
}

}  // namespace

std::size_t Auditor::KeyHash::operator()(const Key& key) const {
  std::uint64_t parts[2];
  std::memcpy(parts, key.id.data(), sizeof(parts));
  return parts[0] * 31 + parts[1] + key.user;
}

std::optional<Finding> Auditor::observe(const model::Command& command,
                                        std::span<const std::uint8_t> events) {
  try {
    look(command, events);
  } catch (const Broken& broken) {
    return Finding{broken.rule, broken.text, command.sequence};
  } catch (const std::out_of_range&) {
    return Finding{"R13.1", "an event names what nobody has made", command.sequence};
  }
  ++observed_;
  return std::nullopt;
}

void Auditor::look(const model::Command& command, std::span<const std::uint8_t> events) {
  require(command.sequence == sequence_ + 1, "R13.1", "a sequence is left out");
  require(command.now.value >= now_, "R13.1", "time has gone back");
  sequence_ = command.sequence;
  now_ = command.now.value;
  market_.now = now_;
  const auto act = acting(market_, command);
  market_.acting_for = act ? act->header.participant : 0;
  Look look(command, act);
  if (model::ActFor body{}; act && model::read_body(command.body, body)) {
    look.used_before = market_.mandates.at(body.mandate).used.value;
  }
  bool replied = false;
  for (std::size_t at = 0; at < events.size();) {
    const auto header = as<model::EventHeader>(events.subspan(at));
    require(!replied, "R13.1", "something comes after the answer");
    require(header.sequence == command.sequence && header.time == command.now, "R13.1",
            "an event of another command");
    const auto event = events.subspan(at, header.size);
    if (header.type == EventType::kReplied) {
      answered(look, as<model::Replied>(event));
      replied = true;
    } else {
      fold(look, header, event);
    }
    at += header.size;
  }
  require(replied, "R13.1", "a command without an answer");
  check_books(market_, look);
  check_proxies(market_, look);
  check_parts(market_, look);
  check_order_books(market_, look);
  check_requests(market_, look);
  check_defaulters(market_, look);
  check_traded(market_, look);
  check_done_by_now(look);
}

// --- events --------------------------------------------------------------------------------------

void Auditor::fold(Look& look, const model::EventHeader& header,
                   std::span<const std::uint8_t> event) {
  switch (header.type) {
    case EventType::kMarketChanged: {
      const auto changed = as<model::MarketChanged>(event);
      require(market_.terms.initialized == 0, "R4.1", "the market's terms have changed");
      market_.terms = changed.row;
      return;
    }
    case EventType::kUserChanged: {
      const auto changed = as<model::UserChanged>(event);
      const bool first = look.command.header.type == CommandType::kInitMarket;
      require(first || look.command.header.type == CommandType::kRegisterUser, "R2.3",
              "a user has changed by itself");
      const auto roles = changed.row.roles;
      require((roles & model::kRoleAdministrator) == 0 ||
                  (roles & model::kRoleSettlementOfficer) == 0,
              "R2.3", "an administrator who keeps money");
      market_.users[static_cast<model::UserId>(changed.id)] = changed.row;
      return;
    }
    case EventType::kParticipantChanged: {
      const auto changed = as<model::ParticipantChanged>(event);
      const auto id = static_cast<model::ParticipantId>(changed.id);
      check_participant(market_, look, id, changed.row);
      market_.participants[id] = changed.row;
      return;
    }
    case EventType::kRelationChanged: {
      const auto changed = as<model::RelationChanged>(event);
      market_.relations[changed.id] = changed.row;
      return;
    }
    case EventType::kPendingChanged: {
      const auto changed = as<model::PendingChanged>(event);
      const auto id = static_cast<model::PendingId>(changed.id);
      check_pending(market_, look, id, changed.row);
      market_.pendings[id] = changed.row;
      return;
    }
    case EventType::kProductChanged: {
      const auto changed = as<model::ProductChanged>(event);
      market_.products[static_cast<model::ProductId>(changed.id)] = changed.row;
      return;
    }
    case EventType::kProductTermsChanged: {
      const auto changed = as<model::ProductTermsChanged>(event);
      market_.product_terms[static_cast<model::ProductId>(changed.id)] = changed.row;
      return;
    }
    case EventType::kBookChanged: {
      const auto changed = as<model::BookChanged>(event);
      const auto id = static_cast<model::BookId>(changed.id);
      check_book(market_, look, id, changed.row);
      return set_due(kBookBit | id, changed.row.phase_until);
    }
    case EventType::kOrderTermsChanged: {
      const auto changed = as<model::OrderTermsChanged>(event);
      look.order_terms[static_cast<std::uint32_t>(changed.id)] = changed.row;
      return;
    }
    case EventType::kOrderAccepted:
      return check_order(market_, look, as<model::OrderAccepted>(event));
    case EventType::kOrderTraded:
      return check_order_trade(market_, look, as<model::OrderTraded>(event));
    case EventType::kOrderOut:
      return check_order_out(market_, look, as<model::OrderOut>(event));
    case EventType::kHaltChanged: {
      const auto changed = as<model::HaltChanged>(event);
      const auto id = static_cast<std::uint32_t>(changed.id);
      check_halt(market_, look, id, changed.row);
      market_.halts[id] = changed.row;
      return;
    }
    case EventType::kKillChanged: {
      const auto changed = as<model::KillChanged>(event);
      const auto id = static_cast<model::ParticipantId>(changed.id);
      check_kill(market_, look, id, changed.row);
      market_.kills[id] = changed.row;
      return;
    }
    case EventType::kTradingChanged:
      return check_trading(market_, look, as<model::TradingChanged>(event).row);
    case EventType::kTradeBusted:
      return check_busted(market_, as<model::TradeBusted>(event));
    case EventType::kReferenceChanged: {
      const auto changed = as<model::ReferenceChanged>(event);
      market_.references[changed.id] = changed.row;
      return;
    }
    case EventType::kDayPriceChanged: {
      const auto changed = as<model::DayPriceChanged>(event);
      check_day_price(market_, changed.row);
      market_.day_prices[changed.id] = changed.row;
      return;
    }
    case EventType::kClaimChanged: {
      const auto changed = as<model::ClaimChanged>(event);
      const auto id = static_cast<model::ClaimId>(changed.id);
      check_claim(market_, look, id, changed.row);
      market_.claims[id] = changed.row;
      return;
    }
    case EventType::kLotChanged: {
      const auto changed = as<model::LotChanged>(event);
      check_lot(market_, look, changed.row);
      if (look.struck.contains(changed.row.id)) forget_passed_over(market_, changed.row);
      const auto known = market_.lots.find(changed.row.id);
      if (known != market_.lots.end()) count_owed(market_, look, known->second, -1);
      market_.lots[changed.row.id] = changed.row;
      count_owed(market_, look, changed.row, 1);
      return note_due(changed.row);
    }
    case EventType::kSessionChanged: {
      const auto changed = as<model::SessionChanged>(event);
      const auto id = static_cast<model::SessionId>(changed.id);
      check_session(market_, look, id, changed.row);
      market_.sessions[id] = changed.row;
      return set_due(kSessionBit | id, changed.row.due);
    }
    case EventType::kClockChanged: {
      const auto changed = as<model::ClockChanged>(event);
      const auto id = static_cast<model::LotId>(changed.id);
      check_clock(market_, look, id, changed.row);
      market_.clocks[id] = changed.row;
      return note_due(market_.lots.at(id));
    }
    case EventType::kQuotaChanged: {
      const auto changed = as<model::QuotaChanged>(event);
      const auto id = static_cast<model::QuotaId>(changed.id);
      check_quota(market_, look, id, changed.row);
      const auto known = market_.quotas.find(id);
      if (known != market_.quotas.end()) count_owed(market_, look, known->second, -1);
      market_.quotas[id] = changed.row;
      return count_owed(market_, look, changed.row, 1);
    }
    case EventType::kSealKeyChanged: {
      const auto changed = as<model::SealKeyChanged>(event);
      const auto id = static_cast<model::SealKeyId>(changed.id);
      check_seal_key(market_, look, id, changed.row);
      market_.seal_keys[id] = changed.row;
      return;
    }
    case EventType::kSealedChanged: {
      const auto changed = as<model::SealedChanged>(event);
      const auto id = static_cast<model::LotId>(changed.id);
      check_sealed(market_, look, id, changed.row);
      market_.sealed[id] = changed.row;
      return;
    }
    case EventType::kSealedBidChanged: {
      const auto changed = as<model::SealedBidChanged>(event);
      const auto id = static_cast<std::uint32_t>(changed.id);
      check_envelope(market_, look, id, changed.row);
      const auto known = market_.envelopes.find(id);
      if (known != market_.envelopes.end()) count_owed(market_, look, known->second, -1);
      market_.envelopes[id] = changed.row;
      return count_owed(market_, look, changed.row, 1);
    }
    case EventType::kRequestChanged: {
      const auto changed = as<model::RequestChanged>(event);
      const auto id = static_cast<model::LotId>(changed.id);
      check_request(market_, look, id, changed.row);
      market_.requests[id] = changed.row;
      return;
    }
    case EventType::kMandateChanged: {
      const auto changed = as<model::MandateChanged>(event);
      const auto id = static_cast<model::MandateId>(changed.id);
      check_mandate(market_, look, id, changed.row);
      market_.mandates[id] = changed.row;
      return;
    }
    case EventType::kQuoteChanged: {
      const auto changed = as<model::QuoteChanged>(event);
      const auto id = static_cast<model::QuoteId>(changed.id);
      check_quote(market_, look, id, changed.row);
      const auto known = market_.quotes.find(id);
      if (known != market_.quotes.end()) count_owed(market_, look, known->second, -1);
      market_.quotes[id] = changed.row;
      count_owed(market_, look, changed.row, 1);
      const bool live = changed.row.state == model::QuoteState::kLive;
      return set_due(kQuoteBit | id, live ? changed.row.expires_at : 0);
    }
    case EventType::kProxyChanged: {
      const auto changed = as<model::ProxyChanged>(event);
      const auto lot = static_cast<model::LotId>(changed.id);
      count_owed(market_, look, lot, market_.proxies[lot], -1);
      market_.proxies[lot] = changed.row;
      count_owed(market_, look, lot, changed.row, 1);
      look.proxies[lot] = true;
      return;
    }
    case EventType::kDivisibleChanged: {
      const auto changed = as<model::DivisibleChanged>(event);
      const auto lot = static_cast<model::LotId>(changed.id);
      market_.divisible[lot] = changed.row;
      look.parts[lot] = true;
      return;
    }
    case EventType::kLotBidChanged: {
      const auto changed = as<model::LotBidChanged>(event);
      auto& row = market_.lot_bids[static_cast<std::uint32_t>(changed.id)];
      count_owed(market_, look, row, -1);
      if (row.lot != 0) look.parts[row.lot] = true;
      row = changed.row;
      if (row.lot != 0) look.parts[row.lot] = true;
      return count_owed(market_, look, row, 1);
    }
    case EventType::kQuantityBidAccepted:
      return check_quantity_bid(market_, look, as<model::QuantityBidAccepted>(event));
    case EventType::kContractChanged: {
      const auto changed = as<model::ContractChanged>(event);
      check_contract(market_, look, changed.row);
      const auto known = market_.contracts.find(changed.row.id);
      if (known == market_.contracts.end()) {
        count_traded(market_, changed.row);
      } else {
        count_owed(market_, look, known->second, -1);
      }
      market_.contracts[changed.row.id] = changed.row;
      count_owed(market_, look, changed.row, 1);
      return note_due(changed.row);
    }
    case EventType::kDisputeChanged: {
      const auto changed = as<model::DisputeChanged>(event);
      check_dispute(market_, look, changed.row.contract, changed.row);
      const auto known = market_.disputes.find(changed.row.contract);
      if (known != market_.disputes.end()) count_owed(market_, look, known->second, -1);
      market_.disputes[changed.row.contract] = changed.row;
      return count_owed(market_, look, changed.row, 1);
    }
    case EventType::kDeliveryChanged: {
      const auto changed = as<model::DeliveryChanged>(event);
      const auto id = static_cast<model::DeliveryId>(changed.id);
      check_delivery(market_, look, id, changed.row);
      market_.deliveries[id] = changed.row;
      return;
    }
    case EventType::kGroupChanged: {
      const auto changed = as<model::GroupChanged>(event);
      market_.groups[static_cast<std::uint32_t>(changed.id)] = changed.row;
      return;
    }
    case EventType::kTruckAdded: {
      const auto added = as<model::TruckAdded>(event);
      market_.trucks[static_cast<std::uint32_t>(added.id)] = added.row;
      return;
    }
    case EventType::kPosted:
      return post(market_, look, as<model::Posted>(event));
    case EventType::kOperatorPosted:
      return post(market_, look, as<model::OperatorPosted>(event));
    case EventType::kBidAccepted: {
      const auto bid = as<model::BidAccepted>(event);
      check_bid(market_, look, bid);
      return note_due(market_.lots.at(bid.lot));
    }
    case EventType::kBidStruck:
      return check_struck(market_, look, as<model::BidStruck>(event));
    case EventType::kLotClosed:
      return check_closed(market_, look, as<model::LotClosed>(event));
    case EventType::kTradeConcluded:
      return check_trade(market_, look, as<model::TradeConcluded>(event));
    case EventType::kSettled:
      return check_settlement(market_, look, as<model::Settled>(event));
    case EventType::kDefaulted:
      return check_default(market_, look, as<model::Defaulted>(event));
    default:
      return;
  }
}

// --- the answer ----------------------------------------------------------------------------------

std::optional<Reject> Auditor::by_client_id(const model::Command& command) const {
  const model::ClientId& id = command.header.client_id;
  if (id == model::ClientId{}) {
    if (command.header.user == 0) return std::nullopt;
    return Reject::malformed_body;
  }
  const std::int64_t kept =
      market_.terms.client_id_ns == 0 ? model::kDay : market_.terms.client_id_ns;
  const std::int64_t now_ms = command.now.value / 1'000'000;
  if (id_ms(id) < now_ms - kept / 1'000'000) return Reject::client_id_expired;
  if (id_ms(id) > now_ms + kAheadMs) return Reject::client_id_ahead;
  return std::nullopt;
}

void Auditor::check_repeat(const model::Command& command, const model::Replied& replied,
                           const Decided& first) const {
  if (first.digest != digest_of(command)) {
    require(replied.reject == Reject::client_id_reused, "idempotency",
            "a client id was taken for another command");
    return;
  }
  require(replied.repeated == 1 && replied.first_sequence == first.sequence &&
              replied.reject == first.reject && replied.id == first.id &&
              replied.frozen.value == first.frozen,
          "idempotency", "a repeat was answered with another outcome");
}

void Auditor::forget_old(std::int64_t now) {
  const std::int64_t kept =
      market_.terms.client_id_ns == 0 ? model::kDay : market_.terms.client_id_ns;
  while (!decided_by_time_.empty() &&
         decided_by_time_.begin()->first.first < now - kept - 2 * kAheadMs * 1'000'000) {
    decided_.erase(decided_by_time_.begin()->second);
    decided_by_time_.erase(decided_by_time_.begin());
  }
}

void Auditor::answered(Look& look, const model::Replied& replied) {
  const model::Command& command = look.asked;
  require(replied.user == command.header.user && replied.client_id == command.header.client_id &&
              replied.command == command.header.type,
          "R13.1", "an answer to another command");
  forget_old(command.now.value);
  if (const auto refusal = by_client_id(command)) {
    require(replied.reject == *refusal, "idempotency", [&] {
      return "answered " + std::string(model::reject_text(replied.reject).code) +
             " where the client id is to be refused as " +
             std::string(model::reject_text(*refusal).code);
    });
    return;
  }
  const Key key{command.header.user, command.header.client_id};
  const bool named = command.header.client_id != model::ClientId{};
  if (const auto first = decided_.find(key); named && first != decided_.end()) {
    return check_repeat(command, replied, first->second);
  }
  require(replied.repeated == 0 && replied.first_sequence == command.sequence, "idempotency",
          "something new was answered as a repeat");
  if (named && stays(replied.reject)) {
    decided_[key] = {digest_of(command),   command.sequence, command.now.value,
                     replied.frozen.value, replied.id,       replied.reject};
    decided_by_time_[{command.now.value, command.sequence}] = key;
  }
  const Reject asker = who_may_ask(market_, command);
  if (look.command.header.type != CommandType::kRegisterUser || replied.reject != Reject::ok) {
    require(asker == Reject::ok || replied.reject == asker, "R2.3", [&] {
      return "answered " + std::string(model::reject_text(replied.reject).code) + " instead of " +
             std::string(model::reject_text(asker).code);
    });
  }
  if (replied.reject == Reject::ok) {
    if (command.header.type == CommandType::kActFor) check_act(market_, look, replied);
    model::Replied done = replied;
    done.command = look.command.header.type;
    return check_accepted_trade(market_, look, done);
  }
  require(replied.frozen.value == 0, "R6.1", "a refusal froze money");
  require(look.bids.empty() && look.quantity_bid == 0, "R5.3", "a refused bid leads");
  Expected expected;
  if (command.header.type == CommandType::kPlaceBid) {
    expected = expected_of_bid(market_, command);
  } else if (command.header.type == CommandType::kSetProxy) {
    expected = expected_of_proxy(market_, command);
  } else if (command.header.type == CommandType::kTake) {
    expected = expected_of_take(market_, command);
  } else if (command.header.type == CommandType::kTakeClock) {
    expected = expected_of_clock(market_, command);
  } else if (command.header.type == CommandType::kPlaceSealedBid) {
    expected = expected_of_sealed(market_, command);
  } else if (model::names_order(command.header.type) && asker == Reject::ok) {
    expected = expected_of_order(market_, command);
  } else if (command.header.type >= CommandType::kQuote &&
             command.header.type <= CommandType::kEndQuote) {
    expected = expected_of_quote(market_, command);
  } else {
    return;
  }
  if (!expected.exact) return;
  require(expected.reject == replied.reject, "R5.1", [&] {
    return "answered " + std::string(model::reject_text(replied.reject).code) + " instead of " +
           std::string(model::reject_text(expected.reject).code);
  });
}

// --- what must have happened by now --------------------------------------------------------------

void Auditor::set_due(std::uint64_t what, std::int64_t when) {
  if (const auto old = due_.find(what); old != due_.end()) {
    if (old->second == when) return;
    overdue_.erase({old->second, what});
    due_.erase(old);
  }
  if (when == 0) return;
  due_[what] = when;
  overdue_[{when, what}] = {};
}

void Auditor::note_due(const model::LotRow& lot) {
  std::int64_t when = 0;
  if (lot.state == LotState::kListed || lot.state == LotState::kOpen) when = lot.close_at;
  if (lot.state == LotState::kAnnounced) when = lot.open_at;
  if (lot.state == LotState::kExclusive) when = lot.exclusive_until;
  const bool opens_alone = lot.method != model::Method::kClock && shared_by(market_, lot.id) == 0;
  if (!opens_alone && lot.state != model::LotState::kExclusive) when = 0;  // its session's matter
  set_due(lot.id, when);
}

void Auditor::note_due(const model::ContractRow& contract) {
  set_due(kContractBit | contract.id, contract.deadline);
}

/// R12.2: what is due waits for a halt to end.
bool Auditor::is_held(std::uint64_t what, std::int64_t when) const {
  const auto id = static_cast<std::uint32_t>(what);
  if ((what & kContractBit) != 0) return false;
  if ((what & kBookBit) != 0) return halted(market_, market_.order_books.at(id).row.product);
  if ((what & kSessionBit) != 0) return halted(market_, market_.sessions.at(id).product);
  return held(market_, market_.lots.at(id).product, when);
}

void Auditor::check_done_by_now(const Look& look) {
  for (auto& [due, since] : overdue_) {
    if (due.first > look.command.now.value - kLooksAgain) return;
    if (is_held(due.second, due.first)) {
      since = {};
      continue;
    }
    const std::int64_t now = look.command.now.value;
    if (since.sequence == 0) since = {look.command.sequence, now};
    const bool late = look.command.sequence - since.sequence >= kMostCommandsLate &&
                      now - since.time >= kLooksAgain;
    require(!late, "R7.1", [&] {
      const bool contract = (due.second & kContractBit) != 0;
      const bool session = (due.second & kSessionBit) != 0;
      const bool book = (due.second & kBookBit) != 0;
      const bool quote = (due.second & kQuoteBit) != 0;
      return std::string(contract  ? "contract "
                         : session ? "session "
                         : book    ? "book "
                         : quote   ? "quote "
                                   : "lot ") +
             std::to_string(due.second & 0xFFFFFFFF) + " waits for what is long due";
    });
    if (look.command.sequence - since.sequence < kMostCommandsLate / 2) return;
  }
}

// --- the whole state -----------------------------------------------------------------------------

namespace {

template <class Row, class Id>
void same(const std::map<Id, Row>& known, std::uint64_t id, const Row& row, const char* what) {
  const auto found = known.find(static_cast<Id>(id));
  require(found != known.end() && std::memcmp(&found->second, &row, sizeof(row)) == 0, "R13.1",
          [&] { return std::string(what) + " " + std::to_string(id) + " is not as it was told"; });
}

void compare_row(const Market& market, const model::EventHeader& header,
                 std::span<const std::uint8_t> event) {
  switch (header.type) {
    case EventType::kAccountChanged: {
      const auto changed = as<model::AccountChanged>(event);
      const Account account{static_cast<model::ParticipantId>(changed.id / model::kCurrencies),
                            static_cast<model::Currency>(changed.id % model::kCurrencies)};
      const auto found = market.balances.find(account);
      for (std::size_t i = 0; i < model::kBuckets; ++i) {
        const Wide should = found == market.balances.end() ? Wide{0} : found->second[i];
        require(changed.row.balance[i].value == should, "R3.1",
                "a balance is not the sum of its postings");
      }
      return;
    }
    case EventType::kOperatorAccountsChanged: {
      const auto changed = as<model::OperatorAccountsChanged>(event);
      for (std::size_t c = 0; c < model::kCurrencies; ++c) {
        for (std::size_t i = 0; i < model::kOperatorAccounts; ++i) {
          require(changed.row.balance[c][i].value == market.operators[c][i], "R3.1",
                  "an account of the operator is not the sum of its postings");
        }
      }
      return;
    }
    case EventType::kContractChanged: {
      const auto changed = as<model::ContractChanged>(event);
      return same(market.contracts, changed.id, changed.row, "contract");
    }
    case EventType::kPendingChanged: {
      const auto changed = as<model::PendingChanged>(event);
      return same(market.pendings, changed.id, changed.row, "approval");
    }
    case EventType::kLotChanged: {
      const auto changed = as<model::LotChanged>(event);
      const auto found = market.lots.find(static_cast<model::LotId>(changed.id));
      require(found != market.lots.end() && found->second.state == changed.row.state &&
                  found->second.best == changed.row.best &&
                  found->second.leader == changed.row.leader &&
                  found->second.leader_bond == changed.row.leader_bond &&
                  found->second.close_at == changed.row.close_at &&
                  found->second.bids == changed.row.bids &&
                  found->second.remaining == changed.row.remaining,
              "R13.1",
              [&] { return "lot " + std::to_string(changed.id) + " is not as it was told"; });
      return;
    }
    case EventType::kProxyChanged: {
      const auto changed = as<model::ProxyChanged>(event);
      return same(market.proxies, changed.id, changed.row, "proxy");
    }
    case EventType::kDivisibleChanged: {
      const auto changed = as<model::DivisibleChanged>(event);
      return same(market.divisible, changed.id, changed.row, "divisible lot");
    }
    case EventType::kLotBidChanged: {
      const auto changed = as<model::LotBidChanged>(event);
      return same(market.lot_bids, changed.id, changed.row, "bid");
    }
    case EventType::kBookChanged: {
      const auto changed = as<model::BookChanged>(event);
      return compare_book(market, static_cast<model::BookId>(changed.id), changed.row);
    }
    case EventType::kPositionChanged: {
      const auto changed = as<model::PositionChanged>(event);
      return compare_position(market, static_cast<std::uint32_t>(changed.id), changed.row);
    }
    case EventType::kOrderStands: {
      const auto changed = as<model::OrderStands>(event);
      return compare_order(market, static_cast<std::uint32_t>(changed.id), changed.row);
    }
    case EventType::kSealKeyChanged: {
      const auto changed = as<model::SealKeyChanged>(event);
      return same(market.seal_keys, changed.id, changed.row, "key for sealed bids");
    }
    case EventType::kSealedChanged: {
      const auto changed = as<model::SealedChanged>(event);
      return same(market.sealed, changed.id, changed.row, "sealed auction");
    }
    case EventType::kSealedBidChanged: {
      const auto changed = as<model::SealedBidChanged>(event);
      return same(market.envelopes, changed.id, changed.row, "sealed bid");
    }
    case EventType::kRequestChanged: {
      const auto changed = as<model::RequestChanged>(event);
      return same(market.requests, changed.id, changed.row, "request");
    }
    case EventType::kMandateChanged: {
      const auto changed = as<model::MandateChanged>(event);
      return same(market.mandates, changed.id, changed.row, "mandate");
    }
    case EventType::kQuoteChanged: {
      const auto changed = as<model::QuoteChanged>(event);
      return same(market.quotes, changed.id, changed.row, "quote");
    }
    case EventType::kDisputeChanged: {
      const auto changed = as<model::DisputeChanged>(event);
      if (changed.row.claimant == 0) return;
      return same(market.disputes, changed.id, changed.row, "dispute");
    }
    case EventType::kClaimChanged: {
      const auto changed = as<model::ClaimChanged>(event);
      return same(market.claims, changed.id, changed.row, "claim");
    }
    case EventType::kParticipantChanged: {
      const auto changed = as<model::ParticipantChanged>(event);
      return same(market.participants, changed.id, changed.row, "participant");
    }
    default:
      return;
  }
}

}  // namespace

std::optional<Finding> Auditor::compare(std::span<const std::uint8_t> described) const {
  try {
    for (std::size_t at = 0; at < described.size();) {
      const auto header = as<model::EventHeader>(described.subspan(at));
      compare_row(market_, header, described.subspan(at, header.size));
      at += header.size;
    }
  } catch (const Broken& broken) {
    return Finding{broken.rule, broken.text, sequence_};
  }
  return std::nullopt;
}

}  // namespace hulan::auditor
