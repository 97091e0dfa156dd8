// SPDX-License-Identifier: Apache-2.0
// The streams' channels: who listens to what, what came lately, and the events made from the
// view's. Network thread.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "gateways/json_writer.h"
#include "gateways/metrics.h"
#include "gateways/reader.h"
#include "gateways/session.h"

namespace hulan::gateways {

class Channels {
 public:
  Channels(const Reader& reader, Counts& counts) : reader_(reader), counts_(counts) {}

  /// The caller may listen. Sends what came after `after`, or a snapshot.
  void subscribe(Session& session, const ChannelName& name, std::optional<std::uint64_t> after);
  void unsubscribe(Session& session, const ChannelName& name);
  void leave(Session& session);
  /// Snapshots of the channels whose events were dropped.
  void caught_up(Session& session);

  /// Feed: each event after the view has it; then, once, the end of each command.
  void on_event(const model::EventHeader& event, std::uint32_t index);
  void end_of_command();
  /// Each second: the market's time to all who listen to it; forgets channels nobody wants.
  void tick(std::int64_t market_now_ns);

 private:
  /// What an event says differently to each reader.
  struct Personal {
    enum class Kind : std::uint8_t { kNone, kLot, kBid, kContract };
    Kind kind = Kind::kNone;
    std::uint32_t id = 0;
    model::ParticipantId leader = 0;
    model::ParticipantId outbid = 0;
  };
  /// An event with its end left open where it is personal.
  struct Event {
    std::uint64_t number = 0;
    std::string text;
    Personal personal;
  };
  struct Channel {
    ChannelName name;
    std::string name_text;
    std::vector<Session*> listeners;
    std::deque<Event> recent;
    std::size_t recent_bytes = 0;
    std::uint64_t complete_after = 0;  ///< every event with a greater number is in `recent`
    int idle_seconds = 0;
  };
  using Map = std::unordered_map<std::uint32_t, Channel>;

  [[nodiscard]] Channel* find(const ChannelName& name);
  [[nodiscard]] Map& map_of(ChannelName::Kind kind);
  void publish(Channel* channel, const model::EventHeader& header, std::uint64_t number,
               std::string_view type, std::string_view data, const Personal& personal);
  void send(Session& session, const Channel& channel, const Event& event);
  void snapshot(Session& session, const Channel& channel);
  void write_snapshot(JsonWriter& json, const ChannelName& name, const Caller& caller);
  void remember(Channel& channel, Event event);
  [[nodiscard]] std::uint64_t latest_number() const;

  void on_bid(const model::BidAccepted& bid, std::uint64_t number);
  void on_closed(const model::LotClosed& closed, std::uint64_t number);
  void on_trade(const model::TradeConcluded& trade, std::uint64_t number);
  void on_quote(const model::QuoteChanged& quote, std::uint64_t number);
  void on_posted(const model::Posted& posted, std::uint64_t number);
  void changed_lot(model::LotId lot);
  void changed_contract(model::ContractId contract);
  void changed_book(model::BookId book);
  void changed_session(model::SessionId session);
  void publish_lot(model::LotId id, std::uint64_t number);
  void publish_contract(model::ContractId id, std::uint64_t number);
  void publish_book(model::BookId id, std::uint64_t number);
  void publish_session(model::SessionId id, std::uint64_t number);
  void publish_halts(std::uint64_t number);
  void write_book(JsonWriter& json, model::BookId id);

  const Reader& reader_;
  Counts& counts_;
  Map market_, lots_, accounts_, contracts_, books_;
  std::vector<model::LotId> changed_lots_;
  std::vector<model::ContractId> changed_contracts_;
  std::vector<model::BookId> changed_books_;
  std::vector<model::SessionId> changed_sessions_;
  bool changed_halts_ = false;
  model::EventHeader last_{};  ///< the latest event of the command
  std::string data_;
};

}  // namespace hulan::gateways
