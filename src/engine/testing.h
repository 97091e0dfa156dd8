// SPDX-License-Identifier: Apache-2.0
// A small market for tests: staff, two farms, three buyers, live hogs with the rulebook's values,
// money in the accounts. Drives the real engine through apply() alone.
#pragma once

#include <cstring>
#include <initializer_list>
#include <optional>
#include <string_view>
#include <vector>

#include "engine/engine.h"
#include "engine/market/products.h"

namespace hulan::engine::testing {

using model::Fen;
using model::Price;
using model::Reject;
using model::Replied;
using model::Time;

// Monday, 8 January 2024, 08:00 in Harbin.
constexpr Time kStart{1'704'672'000 * model::kSecond};

constexpr model::UserId kAdmin = 1;
constexpr model::UserId kOperator = 2;
constexpr model::UserId kOperator2 = 3;
constexpr model::UserId kOfficer = 4;
constexpr model::UserId kOfficer2 = 5;
constexpr model::UserId kInspector = 6;
constexpr model::UserId kSupervisor = 7;
constexpr model::UserId kAuditor = 8;

constexpr model::ParticipantId kFarm = 1;
constexpr model::ParticipantId kFarm2 = 2;
constexpr model::ParticipantId kBuyer = 3;
constexpr model::ParticipantId kBuyer2 = 4;
constexpr model::ParticipantId kBuyer3 = 5;
constexpr model::ParticipantId kMembers = 5;

constexpr std::uint32_t kHulan = 230111;    // a district of Harbin, Heilongjiang
constexpr std::uint32_t kBeijing = 110101;  // another province

/// Users of a participant.
constexpr model::UserId trader(model::ParticipantId id) { return 100 + id; }
constexpr model::UserId finance(model::ParticipantId id) { return 200 + id; }

/// A hash that stands for some document.
inline model::DocumentHash hash_of(std::string_view text) { return sha256(text); }

/// Live hogs as the rulebook has them: li per kg, head with an average weight.
inline model::ProductRow hogs() {
  model::ProductRow p{};
  p.document = hash_of("live-hog");
  std::memcpy(p.code.data(), "live-hog", 8);
  p.tick = Price{10};
  p.lot_minimum = 10;
  p.fee_fen_per_t = 1000;
  p.disposal_fen_per_head = Fen{8000};
  p.keeping_fen_per_head_day = Fen{500};
  p.close_window_ns = 120 * model::kSecond;
  p.methods =
      model::method_bit(model::Method::kListing) | model::method_bit(model::Method::kAscending);
  p.band_bp = 500;
  p.bond_bp = 500;
  p.trading_bond_bp = 50;
  p.shrink_bp = 150;
  p.head_tolerance_bp = 200;
  p.short_tolerance_bp = 200;
  p.over_weight_bp = 500;
  p.fee_vat_bp = 600;
  p.purchase_deduction_bp = 900;
  p.vat_general_bp = 900;
  p.vat_small_bp = 100;
  p.basis = model::PriceBasis::kByWeight;
  p.unit = model::QuantityUnit::kHead;
  p.grade_count = 3;
  p.grade_adjust = {0, -300, -600};
  p.single_count = 1;
  p.single_adjust = {-1000};
  p.band_count = 4;
  p.bands = {{{90'000, 100'000, -300, 0, 1, 0},
              {100'000, 120'000, 0, 0, 0, 0},
              {120'000, 130'000, -200, 1, 0, 0},
              {130'000, 140'000, -600, 1, 0, 0}}};
  p.required = {static_cast<std::uint8_t>(model::DocumentKind::kAsfTest),
                static_cast<std::uint8_t>(model::DocumentKind::kImmunization)};
  p.required_count = 2;
  p.needs_average = 1;
  p.needs_tags = 1;
  p.needs_quarantine = 1;
  p.needs_vehicle = 1;
  p.zone_to.fill(~std::uint64_t{0});
  return p;
}

/// One engine, its time and its last events. Sequences and client ids follow by themselves.
class TestMarket {
 public:
  /// With members and money; `product` is in force as `product_id`.
  explicit TestMarket(const model::ProductRow& product = hogs(), const Capacities& capacities = {})
      : engine(capacities) {
    init();
    for (model::ParticipantId id = 1; id <= kMembers; ++id) admit(id);
    product_id = define(product);
    for (model::ParticipantId id = 1; id <= kMembers; ++id) deposit(id, kMoney);
  }
  struct Empty {};
  /// Nothing but the engine, before InitMarket.
  explicit TestMarket(Empty) {}

  static constexpr std::int64_t kMoney = 100'000'000;  // fen

  Engine engine;
  Time now = kStart;
  model::ProductId product_id = 0;

  /// Sends a body (and what follows it) as `user`, and checks every invariant afterwards.
  template <class Body>
  Replied send(model::UserId user, const Body& body, std::span<const std::uint8_t> tail = {}) {
    std::vector<std::uint8_t> bytes(sizeof(body) + tail.size());
    std::memcpy(bytes.data(), &body, sizeof(body));
    if (!tail.empty()) std::memcpy(bytes.data() + sizeof(body), tail.data(), tail.size());
    return send_bytes(header(user, Body::kType, model::body_version<Body>()), bytes);
  }

  /// A header as `send` would make it, with a fresh client id.
  model::RecordHeader header(model::UserId user, model::CommandType type,
                             std::uint8_t version = 1) {
    const State& state = engine.state();
    const auto participant = state.users.has(user) ? state.users[user].participant : 0;
    return {type, version, 0, participant, user, user == 0 ? model::ClientId{} : fresh_id()};
  }

  Replied send_bytes(model::RecordHeader header, std::span<const std::uint8_t> bytes) {
    header.body_length = static_cast<std::uint16_t>(bytes.size());
    last_body.assign(bytes.begin(), bytes.end());
    buffer_.clear();
    engine.apply({header, engine.sequence() + 1, now, last_body}, buffer_);
    engine.check_invariants();
    return events<Replied>().back();
  }

  /// Sends what opens an approval, has it approved by each of `approvers`, and returns the answer
  /// to the proposal.
  template <class Body>
  Replied send_approved(model::UserId user, const Body& body,
                        std::initializer_list<model::UserId> approvers) {
    const Replied proposed = send(user, body);
    const Sha256 content = sha256(last_body);
    for (const model::UserId approver : approvers) {
      last_approval = send(approver, model::Approve{proposed.id, content});
    }
    return proposed;
  }

  Replied tick() { return send(0, model::Tick{}); }
  /// Lets time pass and ticks once, so that what is due happens.
  Replied advance(std::int64_t ns) {
    now += Time{ns};
    return tick();
  }

  /// The last command's events of one type, in order.
  template <class Event>
  std::vector<Event> events() const {
    std::vector<Event> found;
    const auto bytes = buffer_.bytes();
    for (std::size_t at = 0; at < bytes.size();) {
      model::EventHeader header;
      std::memcpy(&header, bytes.data() + at, sizeof(header));
      if (header.type == Event::kType) {
        std::memcpy(&found.emplace_back(), bytes.data() + at, sizeof(Event));
      }
      at += header.size;
    }
    return found;
  }

  const model::LotRow& lot(model::LotId id) const { return engine.state().lots[id]; }
  const model::ContractRow& contract(model::ContractId id) const {
    return engine.state().contracts[id];
  }
  Fen balance(model::ParticipantId id, model::Bucket bucket) const {
    return engine.state()
        .accounts[account_index(id, model::Currency::kCny)]
        .balance[static_cast<std::size_t>(bucket)];
  }
  Fen available(model::ParticipantId id) const { return balance(id, model::Bucket::kAvailable); }
  Fen frozen(model::ParticipantId id) const {
    return balance(id, model::Bucket::kPerformanceBond) + balance(id, model::Bucket::kTradingBond);
  }
  Fen operator_balance(model::OperatorAccount account) const {
    return engine.state().operator_accounts[1].balance[0][static_cast<std::size_t>(account)];
  }

  // --- setting up ---
  static model::InitMarket market_terms() {
    return {.withdrawal_limit_fen = 10'000'000,
            .notice_ns = model::kDay,
            .exclusive_ns = model::kHour,
            .settle_after_ns = 48 * model::kHour,
            .client_id_ns = model::kDay,
            .utc_offset_s = 28'800,
            .market_days = 0b0011111,
            .pay_minute = 17 * 60,
            .topup_minute = 12 * 60,
            .defaults_to_suspend = 3,
            .administrator = kAdmin,
            .name_document = hash_of("market")};
  }
  void init() {
    expect_ok(send(0, market_terms()));
    const std::pair<model::UserId, unsigned> staff[] = {{kOperator, model::kRoleOperator},
                                                        {kOperator2, model::kRoleOperator},
                                                        {kOfficer, model::kRoleSettlementOfficer},
                                                        {kOfficer2, model::kRoleSettlementOfficer},
                                                        {kInspector, model::kRoleInspector},
                                                        {kSupervisor, model::kRoleSupervisor},
                                                        {kAuditor, model::kRoleAuditor}};
    for (const auto& [user, role] : staff) add_user(user, 0, role);
  }
  /// R2.5: a participant that is an agent, with its trader.
  void add_agent(model::ParticipantId id) {
    model::ApplyParticipant body = application(id);
    body.kind = model::ParticipantKind::kAgent;
    expect_ok(send_approved(kOperator, body, {kSupervisor, kOperator2}));
    add_user(trader(id), id, model::kRoleTrader);
  }
  void add_user(model::UserId user, model::ParticipantId participant, unsigned roles) {
    expect_ok(send(
        kAdmin, model::RegisterUser{user, participant, static_cast<std::uint16_t>(roles), 1, 0}));
  }
  static model::ApplyParticipant application(model::ParticipantId id) {
    const bool farm = id == kFarm || id == kFarm2;
    return {
        .id = id,
        .kind = farm ? model::ParticipantKind::kProducer : model::ParticipantKind::kSlaughterhouse,
        .form = model::LegalForm::kLegalPerson,
        .vat = farm ? model::VatStatus::kExemptProducer : model::VatStatus::kGeneral,
        .reserved = 0,
        .region = kHulan,
        .name_hmac = hash_of("member")};
  }
  void admit(model::ParticipantId id) {
    expect_ok(send_approved(kOperator, application(id), {kSupervisor, kOperator2}));
    add_user(trader(id), id, model::kRoleTrader);
    add_user(finance(id), id, model::kRoleFinance);
  }
  void deposit(model::ParticipantId id, std::int64_t fen) {
    ++deposits_;
    const auto reference = sha256({reinterpret_cast<const std::uint8_t*>(&deposits_), 4});
    expect_ok(send_approved(kOfficer, model::RecordDeposit{id, 0, fen, reference}, {kSupervisor}));
    HULAN_ASSERT(last_approval.reject == Reject::ok);
  }
  model::ProductId define(const model::ProductRow& product) {
    expect_ok(send_approved(kOperator, model::DefineProduct{product}, {kSupervisor}));
    HULAN_ASSERT(last_approval.reject == Reject::ok);
    return engine.state().products.size() - 1;
  }

  // --- lots ---
  model::CreateLot draft(std::int64_t quantity = 200) const {
    model::CreateLot body{};
    body.product = product_id;
    body.quantity = quantity;
    body.average_g = engine.state().products[product_id].needs_average != 0 ? 110'000 : 0;
    body.pickup_from = now.value + 3 * model::kDay;
    body.pickup_until = now.value + 10 * model::kDay;
    body.origin = kHulan;
    body.place = kHulan;
    body.side = model::Side::kSell;
    body.terms = model::Terms::kDestination;
    body.grade = engine.state().products[product_id].grade_count != 0 ? 1 : 0;
    body.sheet = hash_of("sheet");
    return body;
  }
  model::CreateLot wanted(std::int64_t quantity = 200) const {
    model::CreateLot body = draft(quantity);
    body.side = model::Side::kBuy;
    return body;
  }
  model::AttachDocument paper(model::LotId lot, model::DocumentKind kind) const {
    return {.lot = lot,
            .kind = kind,
            .reserved = {},
            .issued_at = now.value - model::kDay,
            .expires_at = now.value + 30 * model::kDay,
            .number = {'N', 'o'},
            .hash = hash_of("paper")};
  }
  Replied attach_tags(model::UserId user, model::LotId lot,
                      std::initializer_list<model::TagRange> ranges) {
    const std::vector<model::TagRange> list(ranges);
    return send(user, model::AttachTags{lot, static_cast<std::uint32_t>(list.size())},
                {reinterpret_cast<const std::uint8_t*>(list.data()),
                 list.size() * sizeof(model::TagRange)});
  }
  /// A draft of `seller` with every paper and tag that hogs need.
  model::LotId ready_lot(model::ParticipantId seller, std::int64_t quantity = 200) {
    return ready_lot(seller, draft(quantity));
  }
  model::LotId ready_lot(model::ParticipantId seller, const model::CreateLot& body) {
    const Replied made = send(trader(seller), body);
    expect_ok(made);
    for (const auto kind : {model::DocumentKind::kAsfTest, model::DocumentKind::kImmunization}) {
      expect_ok(send(trader(seller), paper(made.id, kind)));
    }
    const auto count = static_cast<std::uint32_t>(body.quantity);
    expect_ok(attach_tags(trader(seller), made.id, {{next_tag_, count}}));
    next_tag_ += count;
    return made.id;
  }
  /// A listing for `days` days; minimum 0 = whole only.
  model::PostListing listing(model::LotId lot, std::int64_t price, std::int64_t minimum = 0,
                             std::int64_t days = 2) const {
    return {lot, price, minimum, now.value + days * model::kDay};
  }
  /// An auction that opens after the notice and lasts an hour.
  model::AnnounceAuction notice(model::LotId lot, std::int64_t start, std::int64_t step,
                                std::int64_t reserve = 0, std::int64_t cap = 0) const {
    const std::int64_t open = now.value + model::kDay;
    return {lot, start, step, reserve, cap, open, open + model::kHour, 0};
  }
  Replied bid(model::ParticipantId bidder, model::LotId lot, std::int64_t price) {
    return send(trader(bidder), model::PlaceBid{lot, price});
  }
  Replied bid_with(model::ParticipantId bidder, model::LotId lot, std::int64_t price,
                   model::LotId goods) {
    return send(trader(bidder), model::PlaceReverseBid{lot, price, goods});
  }

  Replied proxy(model::ParticipantId bidder, model::LotId lot, std::int64_t maximum,
                model::LotId goods = 0) {
    return send(trader(bidder), model::SetProxy{lot, goods, maximum});
  }
  Replied bid_for(model::ParticipantId bidder, model::LotId lot, std::int64_t price,
                  std::int64_t quantity, model::LotId goods = 0) {
    return send(trader(bidder), model::PlaceQuantityBid{lot, price, goods, quantity});
  }

  std::vector<std::uint8_t> last_body;
  Replied last_approval{};

  model::ClientId fresh_id() {
    model::ClientId id{};
    const std::int64_t ms = now.value / 1'000'000;
    for (int i = 0; i < 6; ++i) id[i] = static_cast<std::uint8_t>(ms >> (40 - 8 * i));
    ++ids_;
    std::memcpy(id.data() + 6, &ids_, sizeof(ids_));
    return id;
  }

 private:
  static void expect_ok(const Replied& reply) {
    if (reply.reject != Reject::ok) {
      std::fprintf(stderr, "refused: %s\n", model::reject_text(reply.reject).code.data());
    }
    HULAN_ASSERT(reply.reject == Reject::ok);
  }

  EventBuffer buffer_{2 * model::kMaxEventBytesPerCommand};
  std::uint64_t ids_ = 0;
  std::uint32_t deposits_ = 0;
  std::uint64_t next_tag_ = 123011150000001;
};

}  // namespace hulan::engine::testing
