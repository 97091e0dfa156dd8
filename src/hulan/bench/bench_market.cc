// SPDX-License-Identifier: Apache-2.0
#include "hulan/bench/bench_market.h"

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <thread>

#include "base/sha256.h"
#include "documents/store.h"
#include "hulan/server/market_folder.h"
#include "identity/directory.h"
#include "io/linux/system.h"

namespace hulan::app::bench {
namespace {

using model::Role;

// Users of the staff, in the order in which identity numbers them.
constexpr model::UserId kAdministrator = 1, kOperator = 2, kOfficer = 3, kSupervisor = 4,
                        kSecondSupervisor = 5;
constexpr model::ParticipantId kSeller = 1;
constexpr std::int64_t kFunds = 900'000'000'000'000;
constexpr std::int64_t kQuantity = 23'000'000, kPrice = 10'000;
constexpr std::size_t kInFlight = 1000;  // few enough that an auction is announced before it opens

struct Refused {
  std::string why;
};

class Builder {
 public:
  Builder(Exchange& exchange, identity::Directory& people, const std::string& directory)
      : client_(exchange), exchange_(exchange), people_(people), directory_(directory) {}

  BenchMarket build(const BenchSize& size) {
    client_.wait_ready();
    add_user(kOperator, "operator", model::kRoleOperator, 0);
    add_user(kOfficer, "officer", model::kRoleSettlementOfficer, 0);
    add_user(kSupervisor, "supervisor", model::kRoleSupervisor, 0);
    add_user(kSecondSupervisor, "supervisor2", model::kRoleSupervisor, 0);
    const model::ProductId product = add_product();
    const model::UserId seller = add_participant(kSeller, model::ParticipantKind::kProducer);
    BenchMarket market;
    for (std::size_t i = 0; i < size.buyers; ++i) {
      const auto id = static_cast<model::ParticipantId>(kSeller + 1 + i);
      market.users.push_back(add_participant(id, model::ParticipantKind::kSlaughterhouse));
      const auto token = people_.issue_token(market.users.back(), io::system_clock().now_ns(),
                                             30LL * model::kDay, "bench");
      if (!token) throw Refused{token.error().message};
      market.tokens.push_back(token->token);
    }
    add_goods(product, seller, size, market);
    return market;
  }

 private:
  template <class Body>
  std::uint32_t must(model::UserId user, model::ParticipantId participant, const Body& body) {
    const model::Replied answer = client_.call(user, participant, body);
    if (answer.reject != model::Reject::ok) {
      throw Refused{fmt::format("{}: {} ({})", model::command_name(Body::kType),
                                model::reject_text(answer.reject).code, answer.detail)};
    }
    return answer.id;
  }

  template <class Body>
  void approve(std::uint32_t pending, const Body& body, std::initializer_list<model::UserId> by) {
    model::Approve approval{};
    approval.pending = pending;
    approval.content = sha256({reinterpret_cast<const std::uint8_t*>(&body), sizeof(body)});
    for (const model::UserId user : by) must(user, 0, approval);
  }

  void add_user(model::UserId id, const std::string& login, std::uint16_t roles,
                model::ParticipantId participant) {
    identity::NewUser user;
    user.login = login;
    user.name = login;
    user.roles = roles;
    user.participant = participant;
    const auto created = people_.create_user(user);
    if (!created) throw Refused{created.error().message};
    if (created->id != id) throw Refused{fmt::format("user {} got number {}", login, created->id)};
    model::RegisterUser body{};
    body.id = id;
    body.participant = participant;
    body.roles = roles;
    body.active = 1;
    must(kAdministrator, 0, body);
  }

  model::UserId add_participant(model::ParticipantId id, model::ParticipantKind kind) {
    identity::Participant person;
    person.id = id;
    person.name_zh = fmt::format("参与者{}", id);
    person.name_en = fmt::format("Participant {}", id);
    person.name_ru = fmt::format("Участник {}", id);
    person.kind = static_cast<decltype(person.kind)>(kind);
    person.place = 230111;
    const auto stored = people_.upsert_participant(person);
    if (!stored) throw Refused{stored.error().message};
    model::ApplyParticipant body{};
    body.id = id;
    body.kind = kind;
    body.form = model::LegalForm::kLegalPerson;
    body.vat = model::VatStatus::kGeneral;
    body.region = 230111;
    const auto hmac = people_.name_hmac(id);
    if (!hmac) throw Refused{hmac.error().message};
    body.name_hmac = *hmac;
    approve(must(kOperator, 0, body), body, {kSupervisor, kSecondSupervisor});
    const auto user = static_cast<model::UserId>(kSecondSupervisor + id);
    add_user(user, fmt::format("user{}", id), model::kRoleTrader, id);
    model::RecordDeposit deposit{};
    deposit.id = id;
    deposit.amount_fen = kFunds;
    deposit.bank_reference = sha256(fmt::format("deposit {}", id));
    approve(must(kOfficer, 0, deposit), deposit, {kSupervisor});
    return user;
  }

  model::ProductId add_product() {
    auto store = documents::Store::open(directory_);
    if (!store) throw Refused{store.error().message};
    static constexpr std::string_view kDocument =
        R"({"code":"bench","name":{"zh":"基准","en":"benchmark goods","ru":"тестовый товар"}})";
    const auto hash =
        store->put({reinterpret_cast<const std::uint8_t*>(kDocument.data()), kDocument.size()},
                   "application/json");
    if (!hash) throw Refused{hash.error().message};
    model::DefineProduct body{};
    model::ProductRow& row = body.product;
    row.document = *hash;
    std::snprintf(row.code.data(), row.code.size(), "bench");
    row.effective_at = exchange_.clock().now_ns() + model::kSecond;
    row.tick = {1};
    row.lot_minimum = 1;
    row.fee_fen_per_t = 1000;
    row.close_window_ns = 120 * model::kSecond;
    row.methods =
        model::method_bit(model::Method::kListing) | model::method_bit(model::Method::kAscending);
    row.bond_bp = 500;
    row.trading_bond_bp = 50;
    row.fee_vat_bp = 600;
    row.basis = model::PriceBasis::kByWeight;
    row.unit = model::QuantityUnit::kGrams;
    row.zone_to.fill(~std::uint64_t{0});
    const std::uint32_t pending = must(kOperator, 0, body);
    approve(pending, body, {kSupervisor});
    while (exchange_.clock().now_ns() < row.effective_at) {
    }
    return 1;
  }

  /// Auctions, then listings, then a contract from each of the first listings: many at once, in
  /// steps that each need only the numbers of the one before.
  void add_goods(model::ProductId product, model::UserId seller, const BenchSize& size,
                 BenchMarket& market) {
    const std::size_t goods = size.lots + size.listings;
    for (std::size_t i = 0; i < goods; ++i) send(seller, kSeller, draft(product));
    finish();
    for (std::uint32_t lot = 1; lot <= size.lots; ++lot) {
      send(seller, kSeller, auction(lot));
      market.lots.push_back(lot);
    }
    const auto first = static_cast<std::uint32_t>(size.lots + 1);
    for (std::uint32_t lot = first; lot <= goods; ++lot) send(seller, kSeller, listing(lot));
    finish();
    for (std::uint32_t i = 0; i < size.contracts; ++i) {
      const std::size_t buyer = i % market.users.size();
      send(market.users[buyer], static_cast<model::ParticipantId>(kSeller + 1 + buyer),
           take(first + i));
    }
    finish();
  }

  [[nodiscard]] model::CreateLot draft(model::ProductId product) const {
    const std::int64_t now = exchange_.clock().now_ns();
    model::CreateLot lot{};
    lot.product = product;
    lot.quantity = kQuantity;
    lot.pickup_from = now + 40 * model::kDay;
    lot.pickup_until = now + 50 * model::kDay;
    lot.origin = lot.place = 230111;
    lot.side = model::Side::kSell;
    lot.terms = model::Terms::kDestination;
    return lot;
  }

  [[nodiscard]] model::AnnounceAuction auction(model::LotId lot) const {
    const std::int64_t now = exchange_.clock().now_ns();
    model::AnnounceAuction auction{};
    auction.lot = lot;
    auction.start = kPrice;
    auction.step = 1;
    auction.open_at = now + 200 * 1'000'000;
    auction.close_at = now + 30 * model::kDay;
    return auction;
  }

  [[nodiscard]] model::PostListing listing(model::LotId lot) const {
    model::PostListing listing{};
    listing.lot = lot;
    listing.price = kPrice;
    listing.minimum = 1;
    listing.expires_at = exchange_.clock().now_ns() + 30 * model::kDay;
    return listing;
  }

  /// Half of a listing: the rest stays open.
  [[nodiscard]] static model::Take take(model::LotId lot) {
    model::Take take{};
    take.lot = lot;
    take.price = kPrice;
    take.quantity = kQuantity / 2;
    return take;
  }

  template <class Body>
  void send(model::UserId user, model::ParticipantId participant, const Body& body) {
    while (waiting_ >= kInFlight) wait_for_answers();
    while (!client_.submit(user, participant, Body::kType,
                           {reinterpret_cast<const std::uint8_t*>(&body), sizeof(body)}, 1)) {
      wait_for_answers();
    }
    ++waiting_;
  }

  void finish() {
    while (waiting_ != 0) wait_for_answers();
  }

  void wait_for_answers() {
    const bool any = client_.drain([&](const model::Replied& replied) {
      --waiting_;
      if (replied.reject != model::Reject::ok) {
        throw Refused{fmt::format("{}: {} ({})", model::command_name(replied.command),
                                  model::reject_text(replied.reject).code, replied.detail)};
      }
    });
    if (!any) std::this_thread::yield();
  }

  LocalClient client_;
  Exchange& exchange_;
  identity::Directory& people_;
  std::string directory_;
  std::size_t waiting_ = 0;
};

std::expected<void, std::string> begin(const std::string& directory) {
  model::InitMarket init = default_init_market(kAdministrator);
  init.notice_ns = 0;
  return create_journal(directory, init, io::system_clock().now_ns());
}

}  // namespace

std::expected<BenchMarket, std::string> make_bench_market(const std::string& directory,
                                                          const BenchSize& size) {
  std::filesystem::create_directories(directory);
  if (auto begun = begin(directory); !begun) return std::unexpected(begun.error());
  identity::Options options;
  options.password_cost = identity::PasswordCost::cheapest();
  auto people = identity::Directory::open(directory, options);
  if (!people) return std::unexpected(people.error().message);
  identity::NewUser administrator;
  administrator.login = administrator.name = "administrator";
  administrator.roles = model::kRoleAdministrator;
  if (auto made = people->create_user(administrator); !made)
    return std::unexpected(made.error().message);
  ExchangeOptions exchange_options;
  exchange_options.directory = directory;
  exchange_options.snapshot_every = ~std::uint64_t{0};  // one at the end is enough
  auto exchange = Exchange::open(exchange_options);
  if (!exchange) return std::unexpected(exchange.error());
  std::string failure;
  (*exchange)->start([&](const std::string& why) { failure = why; });
  try {
    BenchMarket market = Builder(**exchange, *people, directory).build(size);
    std::ofstream tokens(directory + "/buyers.txt");
    for (const std::string& token : market.tokens) tokens << token << '\n';
    (*exchange)->stop();
    LocalClient rest(**exchange);
    while (rest.drain([](const model::Replied&) {})) {
    }
    return market;
  } catch (const Refused& refused) {
    return std::unexpected(refused.why);
  }
}

}  // namespace hulan::app::bench
