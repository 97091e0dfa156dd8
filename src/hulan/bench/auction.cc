// SPDX-License-Identifier: Apache-2.0
#include "hulan/bench/auction.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <chrono>
#include <cstddef>
#include <cstring>
#include <random>
#include <vector>

#include "engine/lookahead.h"
#include "hulan/bench/percentile.h"
#include "hulan/scenario/world.h"

namespace hulan::app::bench {
namespace {

using model::ParticipantId;

constexpr std::int64_t kFirstPrice = 10'000;

std::int64_t steady_ns() { return std::chrono::steady_clock::now().time_since_epoch().count(); }

model::ProductRow grain() {
  model::ProductRow product{};
  std::memcpy(product.code.data(), "bench", 5);
  product.tick = model::Price{1};
  product.lot_minimum = 1;
  product.close_window_ns = 120 * model::kSecond;
  product.methods = model::method_bit(model::Method::kAscending);
  product.bond_bp = 500;
  product.trading_bond_bp = 50;
  product.basis = model::PriceBasis::kByWeight;
  product.unit = model::QuantityUnit::kGrams;
  product.zone_to.fill(~std::uint64_t{0});
  return product;
}

/// A market with open auctions and buyers who can pay.
class Auctions {
 public:
  explicit Auctions(const AuctionOptions& options) {
    world_.add_participant("seller", model::ParticipantKind::kProducer, 230'111);
    world_.add_product(grain(), {}, {});
    for (std::size_t i = 0; i < options.buyers; ++i) {
      const std::string name = fmt::format("buyer{}", i);
      world_.add_participant(name, model::ParticipantKind::kTrader, 230'111);
      buyers_.push_back(world_.participant(name));
      users_.push_back(world_.user(name));
      fund(buyers_.back());
    }
    fund(world_.participant("seller"));
    for (std::size_t i = 0; i < options.lots; ++i) open(world_.user("seller"));
    world_.go_to(world_.now.value + model::kDay + model::kSecond);
  }

  [[nodiscard]] World& world() { return world_; }
  [[nodiscard]] const std::vector<model::LotId>& lots() const { return lots_; }
  [[nodiscard]] ParticipantId buyer(std::size_t i) const { return buyers_[i]; }
  [[nodiscard]] model::UserId user(std::size_t i) const { return users_[i]; }
  [[nodiscard]] std::size_t buyers() const { return buyers_.size(); }

 private:
  void fund(ParticipantId id) {
    model::RecordDeposit deposit{id, 0, 900'000'000'000'000, {}};
    std::memcpy(deposit.bank_reference.data(), &id, sizeof(id));
    deposit.bank_reference[31] = 1;
    world_.must_approve(world_.user("officer"), deposit);
  }

  void open(model::UserId seller) {
    const std::int64_t now = world_.now.value;
    model::CreateLot draft{};
    draft.product = world_.product("bench");
    draft.quantity = 20'000'000;  // 20 t
    draft.pickup_from = now + 5 * model::kDay;
    draft.pickup_until = now + 20 * model::kDay;
    draft.origin = draft.place = 230'111;
    draft.side = model::Side::kSell;
    draft.terms = model::Terms::kDestination;
    draft.sheet[0] = 1;
    world_.must_send(seller, draft);
    const model::LotId lot = world_.last.id;
    const std::int64_t from = now + model::kDay;
    world_.must_send(seller, model::AnnounceAuction{lot, kFirstPrice, 1, 0, 0, from,
                                                    from + 10 * model::kDay, 0});
    lots_.push_back(lot);
  }

  World world_;
  std::vector<model::LotId> lots_;
  std::vector<ParticipantId> buyers_;
  std::vector<model::UserId> users_;
};

/// The bids, made before they are measured: a random lot, never its leader, one step more.
struct Bids {
  Bids(const Auctions& auctions, std::size_t count, std::int64_t first_price) : first(first_price) {
    std::mt19937_64 random{1};
    std::vector<std::uint32_t> leader(auctions.lots().size(), UINT32_MAX);
    headers.reserve(count);
    bodies.reserve(count);
    std::vector<std::int64_t> price(auctions.lots().size(), first);
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t lot = random() % auctions.lots().size();
      auto buyer = static_cast<std::uint32_t>(random() % auctions.buyers());
      if (buyer == leader[lot]) buyer = (buyer + 1) % static_cast<std::uint32_t>(auctions.buyers());
      leader[lot] = buyer;
      headers.push_back({auctions.user(buyer), auctions.buyer(buyer)});
      bodies.push_back({auctions.lots()[lot], price[lot]++});
    }
    last = *std::max_element(price.begin(), price.end());
  }
  struct Who {
    model::UserId user;
    ParticipantId participant;
  };
  std::int64_t first, last = 0;
  std::vector<Who> headers;
  std::vector<model::PlaceBid> bodies;
};

struct Run {
  std::int64_t ns = 0;
  std::size_t accepted = 0;
  std::vector<std::uint32_t> each;  ///< ns of each bid, if asked for
};

class Measure {
 public:
  Measure(World& world, const Bids& bids) : world_(world), bids_(bids) {}

  Run run(bool each) {
    Run out;
    if (each) out.each.reserve(bids_.bodies.size());
    engine::Engine& engine = world_.engine;
    const std::uint64_t sequence = engine.sequence();
    engine::Lookahead ahead(engine);
    std::size_t taken = 0;
    const auto take = [&](model::Command& command) {
      command.sequence = sequence + taken + 1;
      write_command(taken++, command);
    };
    const std::int64_t start = steady_ns();
    for (std::size_t i = 0; i < bids_.bodies.size(); ++i) {
      while (taken < bids_.bodies.size() && ahead.wants_more()) ahead.take(take);
      const model::Command& command = ahead.next();
      const std::int64_t before = each ? steady_ns() : 0;
      engine.apply(command, events_);
      if (each) out.each.push_back(static_cast<std::uint32_t>(steady_ns() - before));
      out.accepted += accepted() ? 1 : 0;
      events_.clear();
    }
    out.ns = steady_ns() - start;
    return out;
  }

 private:
  void write_command(std::size_t i, model::Command& command) const {
    const auto& who = bids_.headers[i];
    command.header.type = model::PlaceBid::kType;
    command.header.version = 1;
    command.header.body_length = sizeof(model::PlaceBid);
    command.header.participant = who.participant;
    command.header.user = who.user;
    // Client ids as of one millisecond, each its own: they are checked and remembered, too.
    const std::uint64_t ms = std::byteswap(static_cast<std::uint64_t>(now_ms_) << 16);
    std::memcpy(command.header.client_id.data(), &ms, sizeof(ms));
    std::memcpy(command.header.client_id.data() + 8, &command.sequence, sizeof(command.sequence));
    command.now = world_.now;
    command.body = {reinterpret_cast<const std::uint8_t*>(&bids_.bodies[i]),
                    sizeof(model::PlaceBid)};
  }

  /// The last of the events is the answer.
  bool accepted() const {
    const auto bytes = events_.bytes();
    constexpr std::size_t kSize = (sizeof(model::Replied) + 15) / 16 * 16;
    model::Reject reject{};
    std::memcpy(&reject, bytes.data() + bytes.size() - kSize + offsetof(model::Replied, reject),
                sizeof(reject));
    return reject == model::Reject::ok;
  }

  World& world_;
  const Bids& bids_;
  std::int64_t now_ms_ = world_.now.value / 1'000'000;
  engine::EventBuffer events_{2 * model::kMaxEventBytesPerCommand};
};

}  // namespace

int run_auction(const AuctionOptions& options) {
  Auctions auctions(options);
  const Bids first(auctions, options.bids, kFirstPrice);
  const Run mean = Measure(auctions.world(), first).run(false);
  // The second pass goes on where the first ended; its first bids may meet their own leader.
  const Bids second(auctions, std::min<std::size_t>(options.bids, 1'000'000), first.last);
  Run timed = Measure(auctions.world(), second).run(true);
  const double ns = static_cast<double>(mean.ns) / static_cast<double>(options.bids);
  const std::uint32_t p50 = percentile(timed.each, 0.5), p99 = percentile(timed.each, 0.99);
  const std::uint32_t p999 = percentile(timed.each, 0.999), most = percentile(timed.each, 1);
  const std::size_t rejects = options.bids - mean.accepted;
  fmt::print(fmt::runtime(options.json
                              ? "{{\"operations\":{},\"ns_per_operation\":{:.1f},\"lots\":{},"
                                "\"buyers\":{},\"rejects\":{},\"p50_ns\":{},\"p99_ns\":{},"
                                "\"p999_ns\":{},\"max_ns\":{}}}\n"
                              : "{} bids, {:.1f} ns each, on {} lots by {} buyers, {} refused; p50 "
                                "{} ns, p99 {} ns, p99.9 {} ns, most {} ns\n"),
             options.bids, ns, options.lots, options.buyers, rejects, p50, p99, p999, most);
  return rejects == 0 ? 0 : 1;
}

}  // namespace hulan::app::bench
