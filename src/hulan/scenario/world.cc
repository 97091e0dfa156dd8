// SPDX-License-Identifier: Apache-2.0
#include "hulan/scenario/world.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/sha256.h"
#include "engine/market/products.h"
#include "gateways/decimal.h"
#include "gateways/moment.h"
#include "gateways/words.h"
#include "hulan/server/market_folder.h"

namespace hulan::app {
namespace {

using model::Reject;

constexpr std::int64_t kOpens = 8 * model::kHour;
constexpr std::int64_t kZone = 8 * model::kHour;
constexpr model::UserId kAdministrator = 1;

struct Staff {
  std::string_view name;
  model::Role role;
};
constexpr Staff kStaff[] = {{"operator", model::kRoleOperator},
                            {"operator2", model::kRoleOperator},
                            {"officer", model::kRoleSettlementOfficer},
                            {"officer2", model::kRoleSettlementOfficer},
                            {"inspector", model::kRoleInspector},
                            {"supervisor", model::kRoleSupervisor},
                            {"auditor", model::kRoleAuditor}};

constexpr model::UserId trader_of(model::ParticipantId id) { return 100 + id; }

std::int64_t decimal(std::string_view what, std::string_view text, int digits) {
  const auto value = gateways::parse_decimal(text, digits, false);
  if (!value) {
    throw BadLine(fmt::format("{} '{}': expected a decimal with at most {} digits after the point",
                              what, text, digits));
  }
  return *value;
}

/// The fact that an event tells; empty for rows and postings.
std::string_view fact(model::EventType type) {
  using enum model::EventType;
  switch (type) {
    case kBidAccepted:
      return "bid accepted";
    case kBidStruck:
      return "bid struck";
    case kLotClosed:
      return "lot closed";
    case kTradeConcluded:
      return "trade concluded";
    case kOrderTraded:
      return "order traded";
    case kOrderOut:
      return "order out";
    case kTradeBusted:
      return "trade busted";
    case kSettled:
      return "settled";
    case kDefaulted:
      return "defaulted";
    default:
      return {};
  }
}

}  // namespace

World::World(std::string_view day) : events_(2 * model::kMaxEventBytesPerCommand) {
  const auto days = gateways::parse_day(day);
  if (!days) throw BadLine(fmt::format("date '{}': expected YYYY-MM-DD", day));
  first_day_ = *days * model::kDay - kZone;
  now = model::Time{first_day_ + kOpens};
  must_send(0, default_init_market(kAdministrator));
  model::UserId next = kAdministrator;
  for (const Staff& one : kStaff) {
    staff_.emplace(one.name, ++next);
    must_send(kAdministrator, model::RegisterUser{next, 0, one.role, 1, 0});
  }
}

model::UserId World::user(std::string_view name) const {
  if (const auto found = staff_.find(name); found != staff_.end()) return found->second;
  return trader_of(participant(name));
}

model::ParticipantId World::participant(std::string_view name) const {
  const auto found = participants_.find(name);
  if (found == participants_.end()) throw BadLine(fmt::format("'{}' is nobody here", name));
  return found->second;
}

std::string World::name_of(model::ParticipantId id) const {
  const auto found =
      std::ranges::find_if(participants_, [&](const auto& p) { return p.second == id; });
  return found == participants_.end() ? "nobody" : found->first;
}

model::ProductId World::product(std::string_view code) const {
  for (model::ProductId id = state().products.size() - 1; id > 0; --id) {
    const auto& row = state().products[id];
    if (row.exists != 0 && code == row.code.data()) return id;
  }
  throw BadLine(fmt::format("there is no product '{}' here", code));
}

const model::ProductRow& World::product_of(model::LotId lot) const {
  return state().products[state().lots[lot].product];
}

model::LotId World::lot(std::string_view name) const {
  const auto found = lots_.find(name);
  if (found == lots_.end()) throw BadLine(fmt::format("there is no lot '{}' here", name));
  return found->second;
}

model::SessionId World::session(std::string_view name) const {
  const auto found = sessions_.find(name);
  if (found == sessions_.end()) throw BadLine(fmt::format("there is no session '{}' here", name));
  return found->second;
}

model::BookId World::book(std::string_view code) const {
  for (model::BookId id = 1; id < state().book_rows.size(); ++id) {
    if (code == state().products[state().book_rows[id].product].code.data()) return id;
  }
  throw BadLine(fmt::format("there is no book of {} here", code));
}

model::OrderId World::order(std::string_view name) const {
  const auto found = orders_.find(name);
  if (found == orders_.end()) throw BadLine(fmt::format("there is no order '{}' here", name));
  return found->second;
}

void World::name_order(std::string_view name, std::uint32_t slot) {
  orders_[std::string(name)] = slot == 0 ? 0 : state().books.id_of(slot);
}

model::ContractId World::contract(std::string_view name) const {
  const auto slash = name.find('/');
  if (slash == std::string_view::npos) {
    throw BadLine(fmt::format("'{}': expected a contract such as A/1, the first on lot A", name));
  }
  const model::LotId of = lot(name.substr(0, slash));
  std::int64_t left = number(name.substr(slash + 1));
  for (model::ContractId id = 1; id < state().contracts.size(); ++id) {
    if (state().contracts[id].lot == of && --left == 0) return id;
  }
  throw Unexpected(fmt::format("there is no contract {}", name));
}

std::uint8_t World::grade(const model::ProductRow& product, std::string_view code) const {
  const auto& grades = grades_.find(std::string_view(product.code.data()))->second;
  const auto found = std::ranges::find(grades, code);
  if (found == grades.end()) {
    throw BadLine(fmt::format("grade '{}': expected one of {}", code, fmt::join(grades, ", ")));
  }
  return static_cast<std::uint8_t>(found - grades.begin() + 1);
}

std::int64_t World::price(const model::ProductRow& product, std::string_view text) const {
  return decimal("price", text, gateways::price_digits(product.basis));
}

std::int64_t World::quantity(const model::ProductRow& product, std::string_view text) const {
  return decimal("quantity", text, gateways::quantity_digits(product.unit));
}

std::int64_t World::money(std::string_view text) {
  return decimal("amount", text, gateways::kMoneyDigits);
}

std::int64_t World::number(std::string_view text) { return decimal("number", text, 0); }

std::int64_t World::time(std::string_view text) const {
  const auto bad = [&] {
    throw BadLine(fmt::format("time '{}': expected 09:00, 09:00:00.500 or 17:00+1d", text));
  };
  std::int64_t days = 0;
  std::string clock(text);
  if (const auto plus = text.find('+'); plus != std::string_view::npos) {
    if (!text.ends_with('d')) bad();
    days = number(text.substr(plus + 1, text.size() - plus - 2));
    clock.resize(plus);
  }
  if (clock.size() == 5) clock += ":00";
  const auto at = gateways::parse_time(fmt::format("1970-01-02T{}Z", clock));
  if (!at) bad();
  return first_day_ + days * model::kDay + *at - model::kDay;
}

std::string World::time_text(std::int64_t ns) const {
  const std::int64_t since = ns - first_day_;
  const std::int64_t days = since / model::kDay;
  std::string text = gateways::time_text(since % model::kDay).substr(11, 12);
  if (text.ends_with(".000")) text.resize(8);
  return days == 0 ? text : fmt::format("{}+{}d", text, days);
}

std::string World::price_text(const model::ProductRow& product, model::Price price) const {
  return gateways::decimal(price.value, gateways::price_digits(product.basis));
}

void World::add_participant(std::string_view name, model::ParticipantKind kind,
                            std::uint32_t region) {
  if (staff_.contains(name) || participants_.contains(name)) {
    throw BadLine(fmt::format("there is a '{}' already", name));
  }
  const auto id = static_cast<model::ParticipantId>(participants_.size() + 1);
  const bool farm = kind == model::ParticipantKind::kProducer;
  must_approve(
      staff_.find("operator")->second,
      model::ApplyParticipant{id, kind, model::LegalForm::kLegalPerson,
                              farm ? model::VatStatus::kExemptProducer : model::VatStatus::kGeneral,
                              0, region, sha256(name)});
  must_send(kAdministrator,
            model::RegisterUser{trader_of(id), id, model::kRoleTrader | model::kRoleFinance, 1, 0});
  participants_.emplace(name, id);
}

void World::add_product(const model::ProductRow& row, const model::ProductTermsRow& terms,
                        std::vector<std::string> grades) {
  static constexpr model::ProductTermsRow kNone{};
  if (engine::check_product(row) == Reject::ok && std::memcmp(&terms, &kNone, sizeof(kNone)) == 0) {
    must_approve(user("operator"), model::DefineProduct{row});
  } else {
    must_approve(user("operator"), model::DefineProductTerms{row, terms});
  }
  grades_[row.code.data()] = std::move(grades);
}

void World::name_lot(std::string_view name, model::LotId id) {
  if (!lots_.emplace(name, id).second) throw BadLine(fmt::format("lot '{}' stands twice", name));
}

void World::go_to(std::int64_t ns) {
  if (ns < now.value) {
    throw BadLine(fmt::format("{} lies before {}", time_text(ns), time_text(now.value)));
  }
  while (engine.next_timer().value <= ns) {
    now = std::max(now, engine.next_timer());
    send(0, model::Tick{});
  }
  now = model::Time{ns};
}

void World::approve(model::UserId by) {
  if (pending_ == 0) throw BadLine("nothing waits for an approval");
  send(by, model::Approve{pending_, pending_content_});
}

void World::approve_as(std::string_view staff) {
  approve(user(staff));
  must_be_accepted();
}

void World::must_be_accepted() const {
  if (last.reject == Reject::ok) return;
  const auto& text = model::reject_text(last.reject);
  throw BadLine(fmt::format("the market refuses to set this up: {} ({})", text.code, text.english));
}

void World::send_bytes(model::UserId by, model::CommandType type, std::uint8_t version,
                       std::vector<std::uint8_t> body) {
  Sent sent{
      {type, version, static_cast<std::uint16_t>(body.size()), 0, by, {}}, now, std::move(body)};
  if (by != 0 && state().users.has(by)) sent.header.participant = state().users[by].participant;
  if (by != 0) {
    const std::uint64_t count = log_.size();
    for (std::size_t i = 0; i < 6; ++i) {
      sent.header.client_id[i] =
          static_cast<std::uint8_t>(now.value / 1'000'000 >> (40 - 8 * static_cast<int>(i)));
    }
    std::memcpy(sent.header.client_id.data() + 6, &count, sizeof(count));
  }
  const Sha256 before = engine.business_hash();
  const std::uint32_t pendings = state().pending.size();
  apply(sent);
  log_.push_back(std::move(sent));
  engine.check_invariants();
  if (last.reject != Reject::ok && engine.business_hash() != before) {
    throw Unexpected("a refusal has changed the market");
  }
  if (state().pending.size() > pendings) {
    pending_ = pendings;
    pending_content_ = state().pending[pending_].content;
  }
}

void World::apply(const Sent& sent) {
  events_.clear();
  engine.apply({sent.header, engine.sequence() + 1, sent.now, sent.body}, events_);
  note_events();
}

void World::note_events() {
  const auto bytes = events_.bytes();
  for (std::size_t at = 0; at < bytes.size();) {
    model::EventHeader header;
    std::memcpy(&header, bytes.data() + at, sizeof(header));
    surveillance.on_event(*reinterpret_cast<const model::EventHeader*>(bytes.data() + at));
    if (header.type == model::EventType::kReplied) {
      std::memcpy(&last, bytes.data() + at, sizeof(last));
    } else if (header.type == model::EventType::kTradeConcluded) {
      std::memcpy(&trade, bytes.data() + at, sizeof(trade));
      happened.emplace_back(fact(header.type));
    } else if (const auto text = fact(header.type); !text.empty()) {
      happened.emplace_back(text);
    }
    at += header.size;
  }
}

bool World::replays_the_same() const {
  engine::Engine again;
  engine::EventBuffer events(2 * model::kMaxEventBytesPerCommand);
  for (const Sent& sent : log_) {
    events.clear();
    again.apply({sent.header, again.sequence() + 1, sent.now, sent.body}, events);
  }
  return again.state_hash() == const_cast<engine::Engine&>(engine).state_hash();
}

}  // namespace hulan::app
