// SPDX-License-Identifier: Apache-2.0
#include "engine/client_ids.h"

#include <algorithm>

namespace hulan::engine {
namespace {

constexpr int kExpiredPerCommand = 4;  // more than one, so that a backlog shrinks

std::uint64_t fold(std::uint64_t a, std::uint64_t b) {
  __extension__ using Wide = unsigned __int128;
  const Wide product = static_cast<Wide>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

struct Words {
  std::uint64_t low;
  std::uint64_t high;
  friend bool operator==(const Words&, const Words&) = default;
};

Words words_of(const model::ClientId& id) {
  Words words;
  std::memcpy(&words, id.data(), sizeof(words));
  return words;
}

std::uint64_t key_hash(model::UserId user, const model::ClientId& id) {
  const Words words = words_of(id);
  return fold(words.low ^ 0x9e3779b97f4a7c15ULL, words.high ^ spread(user));
}

using Parts = std::array<std::span<const std::uint8_t>, 3>;

std::span<const std::uint8_t> bytes_of(const ClientIdEnds& ends) {
  return {reinterpret_cast<const std::uint8_t*>(&ends), sizeof(ends)};
}

Parts parts_of(const ClientIdEnds& ends, const std::uint8_t* outcomes, std::size_t capacity) {
  const std::size_t first = ends.first % capacity;
  const std::size_t count = ends.next - ends.first;
  const std::size_t until_end = std::min(count, capacity - first);
  const auto slots = [&](std::size_t from, std::size_t n) {
    return std::span(outcomes + from * sizeof(ClientOutcome), n * sizeof(ClientOutcome));
  };
  return {bytes_of(ends), slots(first, until_end), slots(0, count - until_end)};
}

}  // namespace

std::int64_t client_id_ms(const model::ClientId& id) {
  std::int64_t ms = 0;
  for (int i = 0; i < 6; ++i) ms = ms << 8 | id[i];
  return ms;
}

bool is_none(const model::ClientId& id) { return words_of(id) == Words{0, 0}; }

std::uint64_t command_digest(const model::RecordHeader& header,
                             std::span<const std::uint8_t> body) {
  std::uint64_t digest = spread(static_cast<std::uint64_t>(header.participant) << 32 |
                                static_cast<std::uint64_t>(body.size()) << 16 |
                                static_cast<std::uint64_t>(header.version) << 8 |
                                static_cast<std::uint64_t>(header.type));
  for (std::size_t at = 0; at < body.size(); at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, body.data() + at, std::min<std::size_t>(8, body.size() - at));
    digest = fold(digest ^ 0xa0761d6478bd642fULL, word ^ 0xe7037ed1a0b428dbULL) + at;
  }
  return digest;
}

ClientIds::ClientIds(std::size_t capacity)
    : capacity_(capacity), pages_(capacity * sizeof(ClientOutcome)), index_(capacity) {}

const ClientOutcome& ClientIds::at(std::uint32_t slot) const {
  return reinterpret_cast<const ClientOutcome*>(pages_.data())[slot];
}

ClientOutcome& ClientIds::edit(std::uint32_t slot) {
  pages_.mark(slot * sizeof(ClientOutcome), sizeof(ClientOutcome));
  return reinterpret_cast<ClientOutcome*>(pages_.data())[slot];
}

const ClientOutcome* ClientIds::find(model::UserId user, const model::ClientId& id) const {
  const std::uint32_t found = index_.find(key_hash(user, id), [&](std::uint32_t i) {
    const ClientOutcome& outcome = at(i - 1);
    return outcome.user == user && words_of(outcome.client_id) == words_of(id);
  });
  return found == 0 ? nullptr : &at(found - 1);
}

void ClientIds::prefetch(model::UserId user, const model::ClientId& id) const {
  index_.prefetch(key_hash(user, id));
}

void ClientIds::expire(model::Time before) {
  for (int i = 0; i < kExpiredPerCommand && ends_.first != ends_.next; ++i) {
    const auto slot = static_cast<std::uint32_t>(ends_.first % capacity_);
    if (at(slot).time >= before.value) return;
    index_.erase(slot + 1, [&](std::uint32_t id) {
      const ClientOutcome& outcome = at(id - 1);
      return key_hash(outcome.user, outcome.client_id);
    });
    edit(slot) = {};
    ++ends_.first;
  }
}

void ClientIds::add(const ClientOutcome& outcome) {
  HULAN_ASSERT(!full());
  const auto slot = static_cast<std::uint32_t>(ends_.next % capacity_);
  pages_.commit((std::size_t{slot} + 1) * sizeof(ClientOutcome));
  edit(slot) = outcome;
  index_.insert(key_hash(outcome.user, outcome.client_id), slot + 1);
  ++ends_.next;
}

std::array<std::span<const std::uint8_t>, 3> ClientIds::parts() const {
  return parts_of(ends_, pages_.data(), capacity_);
}

std::array<std::span<const std::uint8_t>, 3> ClientIdsCopy::parts() const {
  return parts_of(ends, pages.memory.data(), capacity);
}

void ClientIds::begin_copy() {
  copied_ends_ = ends_;
  pages_.begin_copy(std::min<std::size_t>(ends_.next, capacity_) * sizeof(ClientOutcome));
}

ClientIdsCopy ClientIds::take_copy() { return {pages_.take_copy(), capacity_, copied_ends_}; }

Sha256 ClientIdsCopy::hash() const { return sha256_of({bytes_of(ends), pages.hash()}); }

bool ClientIds::restore(const SectionReader& from) {
  ClientIdEnds ends;
  if (from.size < sizeof(ends) ||
      !from.read(0, {reinterpret_cast<std::uint8_t*>(&ends), sizeof(ends)}) ||
      ends.next < ends.first || ends.next - ends.first > capacity_ ||
      from.size != sizeof(ends) + (ends.next - ends.first) * sizeof(ClientOutcome)) {
    return false;
  }
  for (std::size_t slot = 0; slot < size(); ++slot) {
    edit(static_cast<std::uint32_t>((ends_.first + slot) % capacity_)) = {};
  }
  index_.clear();
  ends_ = ends;
  // Slots once used hold zeros: mark them, so that the hash covers them as in the engine that
  // saved.
  pages_.mark(0, std::min<std::size_t>(ends.next, capacity_) * sizeof(ClientOutcome) + 1);
  std::size_t offset = sizeof(ends);
  for (const auto part : {parts()[1], parts()[2]}) {
    std::uint8_t* into = pages_.data() + (part.data() - pages_.data());
    if (!from.read(offset, {into, part.size()})) return false;
    offset += part.size();
  }
  for (std::uint64_t number = ends.first; number != ends.next; ++number) {
    const auto slot = static_cast<std::uint32_t>(number % capacity_);
    index_.insert(key_hash(at(slot).user, at(slot).client_id), slot + 1);
  }
  return true;
}

Sha256 ClientIds::hash() {
  const std::size_t used = std::min<std::size_t>(ends_.next, capacity_);
  const Sha256 pages = pages_.hash(used * sizeof(ClientOutcome));
  return sha256_of({bytes_of(ends_), pages});
}

}  // namespace hulan::engine
