// SPDX-License-Identifier: Apache-2.0
// What one apply() works with: the state, the moment, who asks, and where events go.
#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <new>
#include <span>
#include <type_traits>

#include "base/assert.h"
#include "engine/state.h"
#include "model/command.h"
#include "model/event.h"

namespace hulan::engine {

/// A fixed buffer of events, reused batch after batch. The owner empties it between batches.
class EventBuffer {
 public:
  explicit EventBuffer(std::size_t capacity);
  [[nodiscard]] std::span<const std::uint8_t> bytes() const { return {data_.get(), size_}; }
  [[nodiscard]] std::size_t free_bytes() const { return capacity_ - size_; }
  void clear() { size_ = last_ = 0; }

  /// Room for an event of `bytes` (rounded up to 16, 16-aligned). The caller left enough
  /// room free.
  [[nodiscard]] std::uint8_t* reserve(std::size_t bytes) {
    const std::size_t rounded = (bytes + 15) / 16 * 16;
    HULAN_ASSERT(rounded <= free_bytes());
    std::uint8_t* out = data_.get() + size_;
    last_ = size_;
    size_ += rounded;
    return out;
  }

  /// Writes the gateway's token into the latest event, which must be a Replied.
  void set_origin(std::uint64_t origin);
  /// Writes salt and leaf hash of the record (R13.2) into the latest event, a Replied.
  void set_leaf(const std::array<std::uint8_t, 16>& salt, const std::array<std::uint8_t, 32>& leaf);

 private:
  [[nodiscard]] std::uint8_t* latest_reply();

  struct Free {
    void operator()(std::uint8_t* p) const;
  };
  std::unique_ptr<std::uint8_t[], Free> data_;
  std::size_t size_ = 0;
  std::size_t capacity_;  // between the two that change: as one pair they would be read too late
  std::size_t last_ = 0;  // where the latest event begins
};

/// Adds an event with its header; the caller sets every other field. What comes often is written
/// where it stays: a copy of what was just written in small pieces waits for each of them.
template <class Event>
[[nodiscard]] Event& begin_event(EventBuffer& events, model::Sequence sequence, model::Time time) {
  static_assert(model::Row<Event>, "no byte of an event is left to chance");
  constexpr std::size_t size = (sizeof(Event) + 15) / 16 * 16;
  std::uint8_t* out = events.reserve(size);
  std::memset(out + sizeof(Event), 0, size - sizeof(Event));
  auto* event = new (out) Event;
  event->header.type = Event::kType;
  event->header.reserved = 0;
  event->header.size = static_cast<std::uint32_t>(size);
  event->header.sequence = sequence;
  event->header.time = time;
  return *event;
}

/// Adds `event` (header filled in here).
template <class Event>
void emit_event(EventBuffer& events, model::Sequence sequence, model::Time time, Event event) {
  static_assert(model::Row<Event>, "no byte of an event is left to chance");
  constexpr std::size_t size = (sizeof(Event) + 15) / 16 * 16;
  std::uint8_t* out = events.reserve(size);
  event.header = {Event::kType, 0, static_cast<std::uint32_t>(size), sequence, time};
  std::memcpy(out, &event, sizeof(Event));
  std::memset(out + sizeof(Event), 0, size - sizeof(Event));
}

/// Adds the row with number `id`. Between the row and the event's end there may be padding: it is
/// zero, so that replay gives the same bytes.
template <class Changed, class RowType>
void emit_row_event(EventBuffer& events, model::Sequence sequence, model::Time time,
                    std::uint64_t id, const RowType& row) {
  constexpr std::size_t size = (sizeof(Changed) + 15) / 16 * 16;
  constexpr std::size_t content = offsetof(Changed, row) + sizeof(RowType);
  std::uint8_t* out = events.reserve(size);
  const model::EventHeader header{Changed::kType, 0, static_cast<std::uint32_t>(size), sequence,
                                  time};
  std::memcpy(out, &header, sizeof(header));
  std::memcpy(out + offsetof(Changed, id), &id, sizeof(id));
  std::memcpy(out + offsetof(Changed, row), &row, sizeof(row));
  std::memset(out + content, 0, size - content);
}

struct Context {
  State& state;
  EventBuffer& events;
  model::Time now;
  model::Sequence sequence;
  std::span<const std::uint8_t> body;  ///< of the command, as it stands in the log
  model::RecordHeader who;   ///< type, participant, user, client id; zero while a timer runs
  model::Fen frozen{};       ///< filled by the ledger: bonds frozen by this command, for the reply
  std::uint32_t detail = 0;  ///< for a refusal: what it names
  std::size_t room = 0;      ///< for events, when the record began

  /// Bytes of events that the record and the timers before it have made so far.
  [[nodiscard]] std::size_t emitted() const { return room - events.free_bytes(); }

  /// Emits an event whose fields the caller sets, all of them.
  template <class Event>
  [[nodiscard]] Event& begin() {
    return begin_event<Event>(events, sequence, now);
  }

  /// Emits `event` (header filled in here).
  template <class Event>
  void emit(const Event& event) {
    emit_event(events, sequence, now, event);
  }

  /// Emits the row with number `id` as it is now.
  template <class Changed, class RowType>
  void emit_row(std::uint64_t id, const RowType& row) {
    emit_row_event<Changed>(events, sequence, now, id, row);
  }
};

/// Outcome of a command's handler: a refusal (nothing was changed), or ok and what was made.
struct Outcome {
  model::Reject reject = model::Reject::ok;
  std::uint32_t id = 0;
};

/// A refusal; `detail` names what it is about (a document kind, a lot, ...).
[[nodiscard]] inline Outcome refuse(Context& context, model::Reject reject, std::uint32_t detail) {
  context.detail = detail;
  return {reject, 0};
}

/// Reads a body of exactly T and hands it to `handler(context, body)`; malformed_body otherwise.
template <class T, class Handler>
[[nodiscard]] Outcome handle(Context& context, std::span<const std::uint8_t> bytes,
                             Handler handler) {
  alignas(16) T body;  // a body may hold a whole row
  if (bytes.size() != sizeof(T) || !model::read_body(bytes, body)) {
    return {model::Reject::malformed_body, 0};
  }
  return handler(context, body);
}

}  // namespace hulan::engine
