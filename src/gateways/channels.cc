// SPDX-License-Identifier: Apache-2.0
#include "gateways/channels.h"

#include <algorithm>

#include "gateways/decimal.h"
#include "gateways/encode/encode.h"
#include "gateways/words.h"

namespace hulan::gateways {
namespace {

constexpr std::uint64_t kPlaces = 4096;         // numbers of one sequence
constexpr std::uint32_t kFirstDeferred = 2048;  // of them, what is sent at a command's end
constexpr std::size_t kRecentEvents = 512;
constexpr std::size_t kRecentBytes = 256 * 1024;
constexpr int kIdleSeconds = 60;
constexpr std::size_t kSnapshotLots = 100;
constexpr std::size_t kDistinctLookBack = 64;

using projections::as;

template <class Id>
void add_once(std::vector<Id>& ids, Id id) {
  const auto first = ids.size() > kDistinctLookBack ? ids.end() - kDistinctLookBack : ids.begin();
  if (std::find(first, ids.end(), id) == ids.end()) ids.push_back(id);
}

void stamp(JsonWriter& json, std::uint64_t number, model::Sequence sequence, std::int64_t time) {
  json.field("number", number);
  json.field("sequence", sequence);
  json.time_field("time", time);
}

}  // namespace

Channels::Map& Channels::map_of(ChannelName::Kind kind) {
  switch (kind) {
    case ChannelName::Kind::kMarket:
      return market_;
    case ChannelName::Kind::kLot:
      return lots_;
    case ChannelName::Kind::kAccount:
      return accounts_;
    case ChannelName::Kind::kBook:
      return books_;
    case ChannelName::Kind::kContracts:
      break;
  }
  return contracts_;
}

Channels::Channel* Channels::find(const ChannelName& name) {
  Map& map = map_of(name.kind);
  if (map.empty()) return nullptr;
  const auto found = map.find(name.id);
  return found == map.end() ? nullptr : &found->second;
}

std::uint64_t Channels::latest_number() const {
  return reader_.view.sequence() * kPlaces + kPlaces - 1;
}

void Channels::subscribe(Session& session, const ChannelName& name,
                         std::optional<std::uint64_t> after) {
  auto [entry, made] = map_of(name.kind).try_emplace(name.id);
  Channel& channel = entry->second;
  if (made) {
    channel.name = name;
    channel.name_text = name.text();
    channel.complete_after = latest_number();
  }
  if (std::find(channel.listeners.begin(), channel.listeners.end(), &session) ==
      channel.listeners.end()) {
    channel.listeners.push_back(&session);
    session.subscriptions.push_back({name});
  }
  if (!after || *after < channel.complete_after || *after > latest_number()) {
    return snapshot(session, channel);
  }
  for (const Event& event : channel.recent) {
    if (event.number > *after) send(session, channel, event);
  }
}

void Channels::unsubscribe(Session& session, const ChannelName& name) {
  std::erase_if(session.subscriptions, [&](const auto& s) { return s.channel == name; });
  if (Channel* channel = find(name)) std::erase(channel->listeners, &session);
}

void Channels::leave(Session& session) {
  while (!session.subscriptions.empty()) {
    const ChannelName name = session.subscriptions.back().channel;
    unsubscribe(session, name);
  }
}

void Channels::caught_up(Session& session) {
  for (auto& subscription : session.subscriptions) {
    if (!subscription.behind) continue;
    subscription.behind = false;
    if (const Channel* channel = find(subscription.channel)) snapshot(session, *channel);
  }
}

void Channels::snapshot(Session& session, const Channel& channel) {
  JsonWriter json(session.begin_item());
  json.begin_object();
  json.field("op", "snapshot");
  json.field("channel", channel.name_text);
  stamp(json, latest_number(), reader_.view.sequence(), reader_.view.now().value);
  json.key("data");
  write_snapshot(json, channel.name, session.caller());
  json.end_object();
  session.end_item();
}

void Channels::write_snapshot(JsonWriter& json, const ChannelName& name, const Caller& caller) {
  switch (name.kind) {
    case ChannelName::Kind::kMarket: {
      projections::LotQuery query;
      query.states = projections::kLiveLots;
      query.limit = kSnapshotLots;
      json.begin_object();
      json.begin_array("lots");
      for (const auto& [id, lot] : reader_.view.lots(query).items) {
        if (!may_see(reader_, *lot, caller)) continue;
        write_lot(json, reader_, *lot, caller);
      }
      json.end_array();
      return json.end_object();
    }
    case ChannelName::Kind::kLot: {
      const model::LotRow* lot = reader_.view.lot(name.id);
      if (lot == nullptr) return json.null();
      return write_lot(json, reader_, *lot, caller);
    }
    case ChannelName::Kind::kBook:
      return write_book(json, name.id);
    case ChannelName::Kind::kAccount:
      json.begin_object();
      json.field("participant", name.id);
      json.begin_array("accounts");
      write_account(json, reader_, name.id, model::Currency::kCny);
      write_account(json, reader_, name.id, model::Currency::kRub);
      json.end_array();
      return json.end_object();
    case ChannelName::Kind::kContracts: {
      projections::ContractQuery query;
      query.participant = name.id;
      json.begin_object();
      json.begin_array("items");
      for (const auto& [id, contract] : reader_.view.contracts(query).items) {
        write_contract(json, reader_, *contract, caller);
      }
      json.end_array();
      return json.end_object();
    }
  }
}

void Channels::write_book(JsonWriter& json, model::BookId id) {
  if (reader_.view.order_books().book(id) == nullptr) return json.null();
  json.begin_object();
  add_book_fields(json, reader_, id);
  add_ladders(json, reader_, id);
  json.end_object();
}

void Channels::publish(Channel* channel, const model::EventHeader& header, std::uint64_t number,
                       std::string_view type, std::string_view data, const Personal& personal) {
  if (channel == nullptr) return;
  Event event;
  event.number = number;
  event.personal = personal;
  JsonWriter json(event.text);
  json.begin_object();
  json.field("op", "event");
  json.field("channel", channel->name_text);
  stamp(json, number, header.sequence, header.time.value);
  json.field("type", type);
  json.key("data");
  json.raw(data);
  for (Session* session : channel->listeners) {
    if (channel->name.is_public() && session->slow()) {
      for (auto& subscription : session->subscriptions) {
        if (subscription.channel == channel->name) subscription.behind = true;
      }
      ++counts_.events_dropped;
      continue;
    }
    send(*session, *channel, event);
  }
  remember(*channel, std::move(event));
}

void Channels::send(Session& session, const Channel&, const Event& event) {
  std::string& out = session.begin_item();
  out += event.text;
  const Personal& personal = event.personal;
  const model::ParticipantId reader = session.caller().participant;
  switch (personal.kind) {
    case Personal::Kind::kNone:
      break;
    case Personal::Kind::kLot:
      if (const model::LotRow* lot = reader_.view.lot(personal.id)) {
        JsonWriter json = JsonWriter::inside(out);
        add_personal_lot_fields(json, reader_, *lot, reader);
      }
      out += '}';
      break;
    case Personal::Kind::kBid:
      out += reader != 0 && reader == personal.leader ? ",\"leading\":true" : ",\"leading\":false";
      out += reader != 0 && reader == personal.outbid ? ",\"outbid\":true}" : ",\"outbid\":false}";
      break;
    case Personal::Kind::kContract: {
      JsonWriter json(out);
      const model::ContractRow* contract = reader_.view.contract(personal.id);
      if (contract != nullptr && may_see(reader_, *contract, session.caller())) {
        write_contract(json, reader_, *contract, session.caller());
      } else {
        json.null();
      }
    }
  }
  out += '}';
  session.end_item();
  ++counts_.events_sent;
}

void Channels::remember(Channel& channel, Event event) {
  channel.recent_bytes += event.text.size();
  channel.recent.push_back(std::move(event));
  while (channel.recent.size() > kRecentEvents || channel.recent_bytes > kRecentBytes) {
    channel.complete_after = channel.recent.front().number;
    channel.recent_bytes -= channel.recent.front().text.size();
    channel.recent.pop_front();
  }
}

void Channels::on_event(const model::EventHeader& event, std::uint32_t index) {
  if (market_.empty() && lots_.empty() && accounts_.empty() && contracts_.empty() &&
      books_.empty()) {
    return;
  }
  last_ = event;
  const std::uint64_t number = event.sequence * kPlaces + std::min(index, kFirstDeferred - 1);
  switch (event.type) {
    case model::EventType::kBidAccepted:
      return on_bid(as<model::BidAccepted>(event), number);
    case model::EventType::kBidStruck:
      return changed_lot(as<model::BidStruck>(event).lot);
    case model::EventType::kLotChanged:
      return changed_lot(as<model::LotChanged>(event).row.id);
    case model::EventType::kClockChanged:
      return changed_lot(static_cast<model::LotId>(as<model::ClockChanged>(event).id));
    case model::EventType::kSealedChanged:
      return changed_lot(static_cast<model::LotId>(as<model::SealedChanged>(event).id));
    case model::EventType::kSealedBidChanged:
      return changed_lot(as<model::SealedBidChanged>(event).row.lot);
    case model::EventType::kSessionChanged:
      return changed_session(static_cast<model::SessionId>(as<model::SessionChanged>(event).id));
    case model::EventType::kHaltChanged:
      changed_halts_ = true;
      return;
    case model::EventType::kBookChanged:
      return changed_book(static_cast<model::BookId>(as<model::BookChanged>(event).id));
    case model::EventType::kBookIndicated:
      return changed_book(as<model::BookIndicated>(event).book);
    case model::EventType::kOrderAccepted:
      return changed_book(as<model::OrderAccepted>(event).book + 1u);
    case model::EventType::kOrderTraded:
      return changed_book(as<model::OrderTraded>(event).book + 1u);
    case model::EventType::kOrderOut:
      return changed_book(as<model::OrderOut>(event).book + 1u);
    case model::EventType::kDocumentChanged:
      return changed_lot(as<model::DocumentChanged>(event).row.lot);
    case model::EventType::kTagsAdded:
      return changed_lot(as<model::TagsAdded>(event).row.lot);
    case model::EventType::kQuoteChanged:
      return on_quote(as<model::QuoteChanged>(event), number);
    case model::EventType::kRequestChanged:
      return changed_lot(static_cast<model::LotId>(as<model::RequestChanged>(event).id));
    case model::EventType::kLotClosed:
      return on_closed(as<model::LotClosed>(event), number);
    case model::EventType::kTradeConcluded:
      return on_trade(as<model::TradeConcluded>(event), number);
    case model::EventType::kPosted:
      return on_posted(as<model::Posted>(event), number);
    case model::EventType::kContractChanged:
      return changed_contract(as<model::ContractChanged>(event).row.id);
    case model::EventType::kDeliveryChanged:
      return changed_contract(as<model::DeliveryChanged>(event).row.contract);
    case model::EventType::kSettled:
      return changed_contract(as<model::Settled>(event).contract);
    case model::EventType::kDefaulted:
      return changed_contract(as<model::Defaulted>(event).contract);
    default:
      return;
  }
}

/// R5.2: both sides hear of each number in their talk, and of what became of it.
void Channels::on_quote(const model::QuoteChanged& quote, std::uint64_t number) {
  const model::LotRow* lot = reader_.view.lot(quote.row.request);
  if (lot == nullptr) return;
  for (const model::ParticipantId side : {quote.row.counterparty, lot->initiator}) {
    Channel* account = find({ChannelName::Kind::kAccount, side});
    if (account == nullptr) continue;
    data_.clear();
    JsonWriter json(data_);
    write_quote(json, reader_, quote.id, quote.row, Caller{0, side, 0});
    publish(account, quote.header, number, "quote", data_, {});
  }
}

void Channels::changed_lot(model::LotId lot) {
  if (!market_.empty() || !lots_.empty()) add_once(changed_lots_, lot);
}

void Channels::changed_contract(model::ContractId contract) {
  if (!contracts_.empty()) add_once(changed_contracts_, contract);
}

void Channels::changed_session(model::SessionId session) {
  if (!market_.empty()) add_once(changed_sessions_, session);
}

void Channels::changed_book(model::BookId book) {
  if (!books_.empty()) add_once(changed_books_, book);
}

void Channels::end_of_command() {
  if (changed_lots_.empty() && changed_contracts_.empty() && changed_books_.empty() &&
      changed_sessions_.empty() && !changed_halts_) {
    return;
  }
  std::uint64_t place = kFirstDeferred;
  const auto next = [&] {
    return last_.sequence * kPlaces + std::min<std::uint64_t>(place++, kPlaces - 1);
  };
  for (const model::LotId lot : changed_lots_) publish_lot(lot, next());
  for (const model::ContractId contract : changed_contracts_) publish_contract(contract, next());
  for (const model::BookId book : changed_books_) publish_book(book, next());
  for (const model::SessionId session : changed_sessions_) publish_session(session, next());
  if (changed_halts_) publish_halts(next());
  changed_halts_ = false;
  changed_lots_.clear();
  changed_books_.clear();
  changed_sessions_.clear();
  changed_contracts_.clear();
}

void Channels::publish_lot(model::LotId id, std::uint64_t number) {
  const model::LotRow* lot = reader_.view.lot(id);
  if (lot == nullptr) return;
  const bool known_to_all = may_see(reader_, *lot, Caller{});
  Channel* market = known_to_all ? find({ChannelName::Kind::kMarket, 0}) : nullptr;
  Channel* own = find({ChannelName::Kind::kLot, id});
  if (market == nullptr && own == nullptr) return;
  data_.clear();
  JsonWriter json(data_);
  json.begin_object();
  add_lot_fields(json, reader_, *lot);
  const Personal personal{Personal::Kind::kLot, id};
  publish(market, last_, number, "lot", data_, personal);
  publish(own, last_, number, "lot", data_, personal);
}

void Channels::publish_book(model::BookId id, std::uint64_t number) {
  Channel* own = find({ChannelName::Kind::kBook, id});
  if (own == nullptr) return;
  data_.clear();
  JsonWriter json(data_);
  write_book(json, id);
  publish(own, last_, number, "book", data_, {});
}

void Channels::publish_session(model::SessionId id, std::uint64_t number) {
  const model::SessionRow* session = reader_.view.session(id);
  if (session == nullptr) return;
  data_.clear();
  JsonWriter json(data_);
  json.begin_object();
  add_session_fields(json, reader_, id, *session);
  json.end_object();
  publish(find({ChannelName::Kind::kMarket, 0}), last_, number, "session", data_, {});
}

void Channels::publish_halts(std::uint64_t number) {
  data_.clear();
  JsonWriter json(data_);
  json.begin_object();
  json.begin_array("items");
  for (const model::HaltRow* halt : reader_.view.halts()) write_halt(json, reader_, *halt);
  json.end_array();
  json.end_object();
  publish(find({ChannelName::Kind::kMarket, 0}), last_, number, "halts", data_, {});
}

void Channels::publish_contract(model::ContractId id, std::uint64_t number) {
  const model::ContractRow* contract = reader_.view.contract(id);
  if (contract == nullptr) return;
  const Personal personal{Personal::Kind::kContract, id};
  publish(find({ChannelName::Kind::kContracts, contract->seller}), last_, number, "contract", "",
          personal);
  publish(find({ChannelName::Kind::kContracts, contract->buyer}), last_, number, "contract", "",
          personal);
}

void Channels::on_bid(const model::BidAccepted& bid, std::uint64_t number) {
  Channel* market = find({ChannelName::Kind::kMarket, 0});
  Channel* own = find({ChannelName::Kind::kLot, bid.lot});
  const model::LotRow* lot = reader_.view.lot(bid.lot);
  if ((market == nullptr && own == nullptr) || lot == nullptr) return;
  const model::ProductRow& product = reader_.product(lot->product);
  const int digits = price_digits(product.basis);
  const projections::NextBid next = reader_.view.next_bid(*lot);
  data_.clear();
  JsonWriter json(data_);
  json.begin_object();
  json.field("lot", bid.lot);
  json.decimal_field("price", bid.price.value, digits);
  json.field("bids", bid.bids);
  json.time_field("close_at", bid.close_at);
  if (next.price.value == 0) {
    json.null_field("next_bid");
    json.null_field("next_bond");
  } else {
    json.decimal_field("next_bid", next.price.value, digits);
    json.money_field("next_bond", next.performance_bond + next.trading_bond);
  }
  json.field("bidder", bidder_letters(reader_.view.alias(bid.lot, bid.bidder).value_or(0)));
  const Personal personal{Personal::Kind::kBid, bid.lot, bid.bidder, bid.outbid};
  publish(market, bid.header, number, "bid", data_, personal);
  publish(own, bid.header, number, "bid", data_, personal);
}

void Channels::on_closed(const model::LotClosed& closed, std::uint64_t number) {
  changed_lot(closed.lot);
  const model::LotRow* lot = reader_.view.lot(closed.lot);
  if (lot == nullptr) return;
  data_.clear();
  JsonWriter json(data_);
  json.begin_object();
  json.field("lot", closed.lot);
  json.decimal_field("price", closed.price.value,
                     price_digits(reader_.product(lot->product).basis));
  if (closed.contract == 0) {
    json.null_field("contract");
  } else {
    json.field("contract", closed.contract);
  }
  json.end_object();
  publish(find({ChannelName::Kind::kMarket, 0}), closed.header, number, "closed", data_, {});
  publish(find({ChannelName::Kind::kLot, closed.lot}), closed.header, number, "closed", data_, {});
}

void Channels::on_trade(const model::TradeConcluded& trade, std::uint64_t number) {
  Channel* market = find({ChannelName::Kind::kMarket, 0});
  if (market == nullptr) return;
  projections::Trade shown;
  shown.sequence = trade.header.sequence;
  shown.time = trade.header.time.value;
  shown.price = trade.price;
  shown.quantity = trade.quantity;
  shown.weight = trade.weight;
  shown.nominal = trade.nominal;
  shown.lot = trade.lot;
  shown.product = trade.product;
  shown.region = trade.region;
  shown.day = trade.day;
  shown.grade = trade.grade;
  shown.method = trade.method;
  data_.clear();
  JsonWriter json(data_);
  write_trade(json, reader_, shown);
  publish(market, trade.header, number, "trade", data_, {});
}

void Channels::on_posted(const model::Posted& posted, std::uint64_t number) {
  Channel* channel = find({ChannelName::Kind::kAccount, posted.participant});
  if (channel == nullptr) return;
  data_.clear();
  JsonWriter json(data_);
  json.begin_object();
  json.field("participant", posted.participant);
  json.field("currency", word(posted.currency));
  add_balances(json, reader_.view.balances(posted.participant, posted.currency));
  json.begin_object("line");
  json.field("reason", word(posted.reason));
  json.field("lot", posted.lot);
  json.field("contract", posted.contract);
  json.begin_object("delta");
  add_balances(json, posted.delta);
  json.end_object();
  json.end_object();
  json.end_object();
  publish(channel, posted.header, number, "account", data_, {});
}

void Channels::tick(std::int64_t market_now_ns) {
  for (Map* map : {&market_, &lots_, &accounts_, &contracts_, &books_}) {
    for (auto& [id, channel] : *map) {
      channel.idle_seconds = channel.listeners.empty() ? channel.idle_seconds + 1 : 0;
    }
    std::erase_if(*map, [](const auto& entry) { return entry.second.idle_seconds > kIdleSeconds; });
  }
  const Channel* market = find({ChannelName::Kind::kMarket, 0});
  if (market == nullptr) return;
  for (Session* session : market->listeners) {
    if (session->slow()) continue;
    JsonWriter json(session->begin_item());
    json.begin_object();
    json.field("op", "event");
    json.field("channel", market->name_text);
    stamp(json, latest_number(), reader_.view.sequence(), market_now_ns);
    json.field("type", "tick");
    json.begin_object("data");
    json.time_field("time", market_now_ns);
    json.end_object();
    json.end_object();
    session->end_item();
  }
}

}  // namespace hulan::gateways
