// SPDX-License-Identifier: Apache-2.0
// The market of a scenario: the real engine in memory, with people, lots and contracts by the names
// that the scenario gives them, and a clock that the scenario moves.
#pragma once

#include <cstring>
#include <map>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "engine/engine.h"
#include "projections/surveillance.h"

namespace hulan::app {

/// A line that cannot be understood or done: its text is for whoever wrote it.
struct BadLine : std::runtime_error {
  using std::runtime_error::runtime_error;
};
/// The market does not do what the scenario expects.
struct Unexpected : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class World {
 public:
  /// Staff only, at 8:00 on `day` ("2024-01-15").
  explicit World(std::string_view day = "2024-01-15");

  engine::Engine engine;
  model::Time now{};
  model::Replied last{};                   ///< of the latest command
  model::TradeConcluded trade{};           ///< the latest, as everybody is told (R11.1)
  projections::Surveillance surveillance;  ///< of everything that happened (R12.3)
  std::vector<std::string> happened;  ///< facts since the latest statement: "bid accepted", ...

  [[nodiscard]] const engine::State& state() const { return engine.state(); }

  // --- words; each throws BadLine for what it does not know ---
  [[nodiscard]] model::UserId user(std::string_view name) const;
  [[nodiscard]] model::ParticipantId participant(std::string_view name) const;
  [[nodiscard]] std::string name_of(model::ParticipantId id) const;
  [[nodiscard]] model::ProductId product(std::string_view code) const;
  [[nodiscard]] const model::ProductRow& product_of(model::LotId lot) const;
  [[nodiscard]] model::LotId lot(std::string_view name) const;
  [[nodiscard]] model::SessionId session(std::string_view name) const;
  [[nodiscard]] model::BookId book(std::string_view product) const;
  [[nodiscard]] model::OrderId order(std::string_view name) const;
  /// "A/2": the second contract on lot A.
  [[nodiscard]] model::ContractId contract(std::string_view name) const;
  [[nodiscard]] std::uint8_t grade(const model::ProductRow& product, std::string_view code) const;
  [[nodiscard]] std::int64_t price(const model::ProductRow& product, std::string_view text) const;
  [[nodiscard]] std::int64_t quantity(const model::ProductRow& product,
                                      std::string_view text) const;
  [[nodiscard]] static std::int64_t money(std::string_view text);
  [[nodiscard]] static std::int64_t number(std::string_view text);
  /// "09:00", "09:00:00.500", "17:00+1d": the market's zone, days counted from the first.
  [[nodiscard]] std::int64_t time(std::string_view text) const;
  [[nodiscard]] std::string time_text(std::int64_t ns) const;
  [[nodiscard]] std::string price_text(const model::ProductRow& product, model::Price price) const;

  // --- doing ---
  void add_participant(std::string_view name, model::ParticipantKind kind, std::uint32_t region);
  void add_product(const model::ProductRow& row, const model::ProductTermsRow& terms,
                   std::vector<std::string> grades);
  void name_lot(std::string_view name, model::LotId id);
  void name_session(std::string_view name, model::SessionId id) {
    sessions_[std::string(name)] = id;
  }
  /// The order that rests in this slot now.
  void name_order(std::string_view name, std::uint32_t slot);
  /// Moves the clock forward; what falls due on the way happens at its time.
  void go_to(std::int64_t ns);
  /// Sends a body, and what follows it, as this user; `last` has the answer.
  template <class Body>
  void send(model::UserId by, const Body& body, std::span<const std::uint8_t> tail = {}) {
    std::vector<std::uint8_t> bytes(sizeof(body) + tail.size());
    std::memcpy(bytes.data(), &body, sizeof(body));
    if (!tail.empty()) std::memcpy(bytes.data() + sizeof(body), tail.data(), tail.size());
    send_bytes(by, Body::kType, model::body_version<Body>(), std::move(bytes));
  }
  /// The same for what must be accepted, the scenario's own setting up.
  template <class Body>
  void must_send(model::UserId by, const Body& body, std::span<const std::uint8_t> tail = {}) {
    send(by, body, tail);
    must_be_accepted();
  }
  /// What opens an approval, approved by the supervisor and, where two are needed, an operator.
  template <class Body>
  void must_approve(model::UserId by, const Body& body) {
    must_send(by, body);
    approve_as("supervisor");
    if (state().pending[pending_].state == model::PendingState::kOpen) approve_as("operator2");
  }
  /// Approves what the latest command has opened.
  void approve(model::UserId by);

  /// True if the same commands give another engine the same state.
  [[nodiscard]] bool replays_the_same() const;

 private:
  struct Sent {
    model::RecordHeader header;
    model::Time now;
    std::vector<std::uint8_t> body;
  };

  void send_bytes(model::UserId by, model::CommandType type, std::uint8_t version,
                  std::vector<std::uint8_t> body);
  void apply(const Sent& sent);
  void note_events();
  void must_be_accepted() const;
  void approve_as(std::string_view staff);

  engine::EventBuffer events_;
  std::vector<Sent> log_;
  std::int64_t first_day_ = 0;  ///< 0:00 of it, UTC ns
  std::map<std::string, model::UserId, std::less<>> staff_;
  std::map<std::string, model::ParticipantId, std::less<>> participants_;
  std::map<std::string, model::LotId, std::less<>> lots_;
  std::map<std::string, model::SessionId, std::less<>> sessions_;
  std::map<std::string, model::OrderId, std::less<>> orders_;
  std::map<std::string, std::vector<std::string>, std::less<>> grades_;  ///< by product code
  model::PendingId pending_ = 0;
  model::DocumentHash pending_content_{};
};

}  // namespace hulan::app
