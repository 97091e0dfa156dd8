// SPDX-License-Identifier: Apache-2.0
// A market for the tests of the doors: real identity, documents, view and sockets; in the engine's
// place a sink that answers by hand.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <future>
#include <mutex>
#include <thread>

#include "gateways/server.h"
#include "gateways/testing_client.h"
#include "io/linux/system.h"
#include "projections/testing.h"

namespace hulan::gateways::testing {

using projections::testing::Events;

constexpr std::int64_t kNow = 1'705'309'200'000'000'000;  // 2024-01-15T09:00:00Z

inline constexpr model::UserId kFarmer = 1, kBuyer = 2, kOperator = 3, kAdministrator = 4,
                               kInspector = 5;
inline constexpr model::ParticipantId kFarm = 1, kSlaughterhouse = 2;
inline constexpr model::LotId kAuction = 1, kDraft = 2, kListing = 3;
inline constexpr model::ContractId kContract = 1;

/// What reached the market.
struct Submitted {
  model::RecordHeader header;
  std::vector<std::uint8_t> body;
  std::uint64_t origin;

  template <class Body>
  [[nodiscard]] Body as() const {
    Body body_of{};
    EXPECT_TRUE(model::read_body(body, body_of));
    return body_of;
  }
};

/// Answers each command with a Replied; a test may add events or a refusal.
class Sink final : public CommandSink {
 public:
  bool submit(const model::RecordHeader& header, std::span<const std::uint8_t> body,
              std::uint64_t origin) override {
    if (full) return false;
    waiting_.push_back({header, {body.begin(), body.end()}, origin});
    std::lock_guard lock(mutex_);
    seen_.push_back(waiting_.back());
    return true;
  }
  void flush() override {
    if (waiting_.empty() || silent) return;
    server->post([this, batch = std::exchange(waiting_, {})] { answer(batch); });
  }

  [[nodiscard]] std::vector<Submitted> seen() {
    std::lock_guard lock(mutex_);
    return seen_;
  }
  [[nodiscard]] Submitted last() {
    const auto all = seen();
    EXPECT_FALSE(all.empty());
    return all.empty() ? Submitted{} : all.back();
  }

  std::atomic<bool> full{false}, silent{false};
  Server* server = nullptr;
  std::atomic<model::Sequence> sequence{100};
  /// Changes the answer; adds events that come before it.
  std::function<void(const Submitted&, Events&, model::Replied&)> react;

 private:
  void answer(const std::vector<Submitted>& batch) {
    Events events(sequence + 1, kNow);
    for (const Submitted& command : batch) {
      events.at(++sequence, kNow);
      model::Replied reply{};
      reply.origin = command.origin;
      reply.first_sequence = sequence;
      reply.client_id = command.header.client_id;
      reply.user = command.header.user;
      reply.command = command.header.type;
      reply.id = 7;
      if (react) react(command, events, reply);
      events.add(reply);
    }
    server->deliver(events.bytes());
  }

  std::vector<Submitted> waiting_;
  std::mutex mutex_;
  std::vector<Submitted> seen_;
};

inline model::ProductRow hog_row(const model::DocumentHash& document) {
  model::ProductRow row{};
  row.document = document;
  std::memcpy(row.code.data(), "live-hog", 8);
  row.tick = {10};
  row.lot_minimum = 10;
  row.fee_fen_per_t = 1000;
  row.version = 1;
  row.methods =
      model::method_bit(model::Method::kListing) | model::method_bit(model::Method::kAscending);
  row.band_bp = 500;
  row.bond_bp = 500;
  row.trading_bond_bp = 50;
  row.basis = model::PriceBasis::kByWeight;
  row.unit = model::QuantityUnit::kHead;
  row.exists = 1;
  row.grade_count = 2;
  row.single_count = 1;
  row.needs_average = 1;
  return row;
}

inline model::LotRow lot_row(model::LotId id, model::Method method, model::LotState state) {
  model::LotRow row{};
  row.id = id;
  row.price = {14'000};
  row.step = {50};
  row.reserve = {15'000};
  row.quantity = row.remaining = 200;
  row.minimum = 200;
  row.average_g = 115'000;
  row.created_at = kNow - model::kDay;
  row.open_at = kNow - model::kHour;
  row.close_at = kNow + model::kHour;
  row.window_ns = 120 * model::kSecond;
  row.product = 1;
  row.initiator = row.farm = kFarm;
  row.origin = row.place = 230113;
  row.side = model::Side::kSell;
  row.method = method;
  row.state = state;
  row.terms = model::Terms::kDestination;
  row.grade = 1;
  return row;
}

class DoorsTest : public ::testing::Test {
 protected:
  explicit DoorsTest(Options options = {}) : options_(options) {
    std::string name = (std::filesystem::temp_directory_path() / "hulan-doors-XXXXXX").string();
    directory_ = mkdtemp(name.data());
    identity::Options cheap;
    cheap.password_cost = identity::PasswordCost::cheapest();
    identity_.emplace(std::move(*identity::Directory::open(directory_, cheap)));
    documents_.emplace(std::move(*documents::Store::open(directory_)));
    view_ = std::move(*projections::View::open(io::system_storage(), directory_, 0));
    admit_people();
    fill_view();
  }
  ~DoorsTest() override {
    stop();
    server_.reset();
    view_.reset();
    std::filesystem::remove_all(directory_);
  }

  /// Tests change `services` before they start.
  Services services() {
    return {*identity_,
            *documents_,
            *view_,
            sink_,
            io::system_clock(),
            io::system_entropy(),
            [] { return kNow; },
            {{"演示", "Demo", "Демо"}, true, 60, {}, {}},
            {},
            {},
            {},
            {},
            {},
            {}};
  }
  void start(Services services) {
    auto listening = Server::listen(options_, std::move(services));
    ASSERT_TRUE(listening.has_value()) << listening.error();
    server_ = std::move(*listening);
    sink_.server = server_.get();
    server_->set_ready(true);
    thread_ = std::thread([this] { server_->run(); });
  }
  void start() { start(services()); }
  void stop() {
    if (!thread_.joinable()) return;
    server_->stop();
    thread_.join();
  }

  /// Runs on the network thread and waits.
  void on_network(const std::function<void()>& work) {
    std::promise<void> done;
    server_->post([&] {
      work();
      done.set_value();
    });
    done.get_future().wait();
  }
  void deliver(const Events& events) {
    on_network([&] { server_->deliver(events.bytes()); });
  }

  Answer ask(const Ask& ask) {
    Socket socket(server_->port());
    socket.send(written(ask));
    return read_answer(socket, ask.method == "HEAD");
  }
  Answer get(const std::string& path, model::UserId user = 0) {
    return ask({"GET", path, user == 0 ? "" : tokens_[user], "", "", "Accept-Language: en\r\n"});
  }
  Answer post(const std::string& path, const std::string& body, model::UserId user = 0) {
    return ask({"POST", path, user == 0 ? "" : tokens_[user], body, "application/json",
                "Accept-Language: en\r\n"});
  }

  std::string directory_;
  std::optional<identity::Directory> identity_;
  std::optional<documents::Store> documents_;
  std::unique_ptr<projections::View> view_;
  Sink sink_;
  Options options_;
  std::unique_ptr<Server> server_;
  std::thread thread_;
  std::string tokens_[6];

 private:
  void add_user(const char* login, std::uint16_t roles, model::ParticipantId participant) {
    const auto user = identity_->create_user({login, "a password", login, roles, participant});
    ASSERT_TRUE(user.has_value()) << user.error().message;
    const auto token =
        identity_->issue_token(user->id, io::system_clock().now_ns(), model::kDay, "test");
    ASSERT_TRUE(token.has_value());
    tokens_[user->id] = token->token;
  }
  void admit_people() {
    identity::Participant farm;
    farm.name_zh = "双城农场";
    farm.name_en = "Shuangcheng Farm";
    farm.kind = model::ParticipantKind::kProducer;
    farm.place = 230113;
    ASSERT_TRUE(identity_->upsert_participant(farm).has_value());
    farm.name_zh = "屠宰厂";
    farm.name_en = "Slaughterhouse";
    farm.kind = model::ParticipantKind::kSlaughterhouse;
    ASSERT_TRUE(identity_->upsert_participant(farm).has_value());
    add_user("farmer", model::kRoleTrader, kFarm);
    add_user("buyer", model::kRoleTrader | model::kRoleFinance, kSlaughterhouse);
    add_user("operator", model::kRoleOperator, 0);
    add_user("administrator", model::kRoleAdministrator, 0);
    add_user("inspector", model::kRoleInspector, 0);
  }
  void fill_view() {
    const auto definition = documents_->put(
        R"({"name":{"zh":"生猪","en":"Live hog"},"picture":"live-hog.svg","grades":[)"
        R"({"code":"three_way","name":{"zh":"外三元"}},{"code":"local","name":{"zh":"土杂"}}],)"
        R"("singles":[{"code":"over_140","name":{"zh":"超重"}}]})",
        "application/json");
    ASSERT_TRUE(definition.has_value());
    model::MarketRow market{};
    market.utc_offset_s = 28'800;
    market.initialized = 1;
    model::ParticipantRow participant{};
    participant.kind = model::ParticipantKind::kProducer;
    participant.form = model::LegalForm::kCooperative;
    participant.vat = model::VatStatus::kExemptProducer;
    participant.state = model::ParticipantState::kActive;
    participant.region = 230113;
    model::Posted money{};
    money.delta[0] = {100'000'000};
    money.participant = kSlaughterhouse;
    money.reason = model::PostingReason::kDeposit;
    Events events(1, kNow - model::kDay);
    events.row<model::MarketChanged>(0, market)
        .row<model::ParticipantChanged>(kFarm, participant)
        .row<model::ParticipantChanged>(kSlaughterhouse, participant)
        .row<model::ProductChanged>(1, hog_row(*definition))
        .row<model::LotChanged>(
            kAuction, lot_row(kAuction, model::Method::kAscending, model::LotState::kOpen))
        .row<model::LotChanged>(kDraft,
                                lot_row(kDraft, model::Method::kNone, model::LotState::kDraft))
        .row<model::LotChanged>(
            kListing, lot_row(kListing, model::Method::kListing, model::LotState::kListed))
        .row<model::ContractChanged>(kContract, contract_row())
        .add(money);
    for (model::UserId id = 1; id <= 5; ++id) {
      const identity::User* user = identity_->find_user(id);
      events.row<model::UserChanged>(id, model::UserRow{user->participant, user->roles, 1, 1});
    }
    view_->apply(events.bytes());
  }
  static model::ContractRow contract_row() {
    model::ContractRow row{};
    row.id = kContract;
    row.lot = row.goods_lot = kListing;
    row.product = 1;
    row.seller = kFarm;
    row.buyer = kSlaughterhouse;
    row.price = {16'120};
    row.quantity = 200;
    row.average_g = 115'000;
    row.nominal = {37'076'000};
    row.state = model::ContractState::kConcluded;
    row.terms = model::Terms::kDestination;
    row.method = model::Method::kListing;
    row.grade = 1;
    row.concluded_at = kNow - model::kHour;
    row.deadline = kNow + model::kDay;
    return row;
  }
};

}  // namespace hulan::gateways::testing
