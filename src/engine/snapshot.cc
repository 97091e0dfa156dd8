// SPDX-License-Identifier: Apache-2.0
// The state as sections, its hashes, and its description as events.
#include <algorithm>

#include "engine/engine.h"
#include "engine/market/derived.h"
#include "engine/state_copy.h"
#include "engine/state_parts.h"

namespace hulan::engine {
namespace {

constexpr std::string_view kClientIds = "client_ids";
constexpr std::string_view kClock = "clock";
constexpr std::size_t kRoomPerRow = 4096;

struct Clock {
  model::Sequence sequence;
  std::int64_t now;
};

std::span<const std::uint8_t> bytes_of(const Clock& clock) {
  return {reinterpret_cast<const std::uint8_t*>(&clock), sizeof(clock)};
}

std::span<const std::uint8_t> bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

/// Emits the rows that hold something as events of the whole row.
class Describer {
 public:
  Describer(const State& state, EventBuffer& chunk, const std::function<void()>& flush)
      : state_(state), chunk_(chunk), flush_(flush) {}

  template <class Changed, class RowType>
  void rows(const Table<RowType>& table) {
    static constexpr RowType kEmpty{};
    for (std::uint32_t id = 1; id < table.size(); ++id) {
      if (std::memcmp(&table[id], &kEmpty, sizeof(RowType)) == 0) continue;
      if (chunk_.free_bytes() < kRoomPerRow) flush_();
      emit_row_event<Changed>(chunk_, state_.sequence, state_.now, id, table[id]);
    }
  }

  /// Live orders, book by book, best first and earliest first.
  void orders(const book::Books& books) {
    for (std::uint16_t at = 0; at + 1u < state_.book_rows.size(); ++at) {
      for (std::uint8_t queue = 0; queue < book::kQueues; ++queue) {
        queue_of(books, at, static_cast<book::Queue>(queue));
      }
    }
  }

 private:
  void queue_of(const book::Books& books, std::uint16_t at, book::Queue queue) {
    std::uint32_t tick = books.best(at, queue);
    for (; tick != book::kNoTick; tick = books.next_price(at, queue, tick)) {
      std::uint32_t slot = books.level(at, queue, tick).first;
      for (; slot != 0; slot = books.slot(slot).next) {
        if (chunk_.free_bytes() < kRoomPerRow) flush_();
        emit_row_event<model::OrderStands>(chunk_, state_.sequence, state_.now, slot,
                                           books.slot(slot));
      }
    }
  }

  const State& state_;
  EventBuffer& chunk_;
  const std::function<void()>& flush_;
};

}  // namespace

Sha256 Engine::business_hash() {
  Sha256 hash{};
  for_each_business_part(*state_, [&](std::string_view name, auto& part) {
    hash = sha256_of({hash, bytes_of(name), part.hash()});
  });
  for_each_later_part(*state_, [&](std::string_view name, auto& part) {
    if (is_used(part)) hash = sha256_of({hash, bytes_of(name), part.hash()});
  });
  return hash;
}

Sha256 Engine::state_hash() {
  const Clock clock{state_->sequence, state_->now.value};
  return sha256_of({business_hash(), state_->client_ids.hash(), bytes_of(clock)});
}

std::vector<SectionView> Engine::view() const {
  const State& state = *state_;
  std::vector<SectionView> sections;
  for_each_business_part(state, [&](std::string_view name, const auto& part) {
    sections.push_back({name, {part.bytes()}});
  });
  for_each_later_part(state, [&](std::string_view name, const auto& part) {
    if (is_used(part)) sections.push_back({name, {part.bytes()}});
  });
  const auto parts = state.client_ids.parts();
  sections.push_back({kClientIds, {parts.begin(), parts.end()}});
  const auto* sequence = reinterpret_cast<const std::uint8_t*>(&state.sequence);
  const auto* now = reinterpret_cast<const std::uint8_t*>(&state.now);
  sections.push_back({kClock, {{sequence, sizeof(state.sequence)}, {now, sizeof(state.now)}}});
  return sections;
}

void Engine::begin_copy() {
  State& state = *state_;
  for_each_business_part(state, [](std::string_view, auto& part) { part.begin_copy(); });
  copied_parts_.clear();
  for_each_later_part(state, [&](std::string_view name, auto& part) {
    if (is_used(part)) copied_parts_.push_back(name);
    part.begin_copy();
  });
  state.client_ids.begin_copy();
  copied_sequence_ = state.sequence;
  copied_now_ = state.now;
}

bool Engine::copy_some(std::size_t bytes) {
  State& state = *state_;
  bool done = true;
  for_each_business_part(
      state, [&](std::string_view, auto& part) { done = done && part.copy_some(bytes); });
  for_each_later_part(state,
                      [&](std::string_view, auto& part) { done = done && part.copy_some(bytes); });
  return done && state.client_ids.copy_some(bytes);
}

StateCopy Engine::take_copy() {
  State& state = *state_;
  StateCopy copy;
  for_each_business_part(state, [&](std::string_view name, auto& part) {
    copy.business.emplace_back(name, part.take_copy());
  });
  for_each_later_part(state, [&](std::string_view name, auto& part) {
    const bool was_used = std::ranges::find(copied_parts_, name) != copied_parts_.end();
    PageCopy pages = part.take_copy();
    if (was_used) copy.business.emplace_back(name, std::move(pages));
  });
  copy.client_ids = state.client_ids.take_copy();
  copy.sequence = copied_sequence_;
  copy.now = copied_now_;
  return copy;
}

std::vector<SectionView> StateCopy::sections() const {
  std::vector<SectionView> all;
  for (const auto& [name, part] : business) all.push_back({name, {part.bytes()}});
  const auto parts = client_ids.parts();
  all.push_back({kClientIds, {parts.begin(), parts.end()}});
  const auto* at = reinterpret_cast<const std::uint8_t*>(&sequence);
  const auto* time = reinterpret_cast<const std::uint8_t*>(&now);
  all.push_back({kClock, {{at, sizeof(sequence)}, {time, sizeof(now)}}});
  return all;
}

Sha256 StateCopy::state_hash() const {
  Sha256 hash{};
  for (const auto& [name, part] : business) {
    hash = sha256_of({hash, bytes_of(name), part.hash()});
  }
  const Clock clock{sequence, now.value};
  return sha256_of({hash, client_ids.hash(), bytes_of(clock)});
}

Sections Engine::save() const {
  Sections sections;
  for (const SectionView& section : view()) {
    auto& [name, bytes] = sections.emplace_back(section.name, std::vector<std::uint8_t>{});
    for (const auto part : section.parts) bytes.insert(bytes.end(), part.begin(), part.end());
  }
  return sections;
}

bool Engine::load_from(const OpenSection& open, const std::function<bool()>& proved) {
  State& state = *state_;
  bool good = true;
  const auto restore = [&](std::string_view name, auto& part) {
    if (!good) return;
    const auto section = open(name);
    good = section && part.restore(*section);
  };
  for_each_business_part(state, restore);
  for_each_later_part(state, [&](std::string_view name, auto& part) {
    if (!good) return;
    const auto section = open(name);
    if (section && section->size != 0) good = part.restore(*section);
  });
  restore(kClientIds, state.client_ids);
  const auto section = good ? open(kClock) : std::nullopt;
  Clock clock{};
  if (!section || section->size != sizeof(clock) ||
      !section->read(0, {reinterpret_cast<std::uint8_t*>(&clock), sizeof(clock)})) {
    return false;
  }
  if (!proved()) return false;
  state.sequence = clock.sequence;
  state.now = model::Time{clock.now};
  if (!state.market.has(1) || !state.operator_accounts.has(1) || !state.roots.has(1)) return false;
  rebuild_derived(state);
  return state.books.rebuild();
}

bool Engine::load(const FindSection& find) {
  return load_from([&](std::string_view name) { return std::optional(read_from(find(name))); },
                   [] { return true; });
}

bool Engine::load(const Sections& sections) {
  return load([&](std::string_view name) -> std::span<const std::uint8_t> {
    const auto found = std::find_if(sections.begin(), sections.end(),
                                    [&](const auto& section) { return section.first == name; });
    if (found == sections.end()) return {};
    return found->second;
  });
}

void Engine::for_each_limit(
    const std::function<void(std::string_view, std::uint64_t, std::uint64_t)>& visit) const {
  for_each_business_part(*state_, [&](std::string_view name, const auto& part) {
    if (part.capacity() > 1 && name != "accounts" && name != "bid_stacks") {
      visit(name, name == "timers" ? part.size() : part.size() - 1, part.capacity());
    }
  });
  for_each_later_part(*state_, [&](std::string_view name, const auto& part) {
    const bool by_other = name == "product_terms" || name == "clocks" || name == "proxies" ||
                          name == "divisible" || name == "halts" || name == "lot_clocks" ||
                          name == "kills" || name == "order_terms" || name == "order_numbers" ||
                          name == "requests" || name == "principals" || name == "lot_acts" ||
                          name == "sealed" || name == "disputes";
    if (!by_other) visit(name, part.size() - 1, part.capacity());
  });
  visit(kClientIds, state_->client_ids.size(), state_->client_ids.capacity());
}

void Engine::describe(EventBuffer& chunk, const std::function<void()>& flush) const {
  const State& state = *state_;
  Describer out(state, chunk, flush);
  out.rows<model::MarketChanged>(state.market);
  out.rows<model::UserChanged>(state.users);
  out.rows<model::ParticipantChanged>(state.participants);
  out.rows<model::AccountChanged>(state.accounts);
  out.rows<model::OperatorAccountsChanged>(state.operator_accounts);
  out.rows<model::RelationChanged>(state.relations);
  out.rows<model::PendingChanged>(state.pending);
  out.rows<model::ProductChanged>(state.products);
  out.rows<model::ProductTermsChanged>(state.product_terms);
  out.rows<model::ReferenceChanged>(state.references);
  out.rows<model::MarkChanged>(state.marks);
  out.rows<model::GrantChanged>(state.grants);
  out.rows<model::DayPriceChanged>(state.day_prices);
  out.rows<model::LotChanged>(state.lots);
  out.rows<model::SessionChanged>(state.sessions);
  out.rows<model::ClockChanged>(state.clocks);
  out.rows<model::QuotaChanged>(state.quotas);
  out.rows<model::ProxyChanged>(state.proxies);
  out.rows<model::DivisibleChanged>(state.divisible);
  out.rows<model::LotBidChanged>(state.lot_bids);
  out.rows<model::SealKeyChanged>(state.seal_keys);
  out.rows<model::SealedChanged>(state.sealed);
  out.rows<model::SealedBidChanged>(state.sealed_bids);
  out.rows<model::DocumentChanged>(state.documents);
  out.rows<model::TagsAdded>(state.tags);
  out.rows<model::ContractChanged>(state.contracts);
  out.rows<model::DeliveryChanged>(state.deliveries);
  out.rows<model::TruckAdded>(state.trucks);
  out.rows<model::GroupChanged>(state.groups);
  out.rows<model::ClaimChanged>(state.claims);
  out.rows<model::DisputeChanged>(state.disputes);
  out.rows<model::HaltChanged>(state.halts);
  out.rows<model::KillChanged>(state.kills);
  out.rows<model::TradingChanged>(state.trading);
  out.rows<model::BookChanged>(state.book_rows);
  out.rows<model::PositionChanged>(state.positions);
  out.rows<model::OrderTermsChanged>(state.books.order_terms());
  out.orders(state.books);
  out.rows<model::RequestChanged>(state.requests);
  out.rows<model::QuoteChanged>(state.quotes);
  out.rows<model::MandateChanged>(state.mandates);
  flush();
}

}  // namespace hulan::engine
