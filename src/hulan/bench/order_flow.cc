// SPDX-License-Identifier: Apache-2.0
#include "hulan/bench/order_flow.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <list>
#include <map>
#include <random>
#include <stdexcept>
#include <vector>

namespace hulan::app::bench {
namespace {

constexpr char kMagic[9] = "HLWKLD01";
constexpr std::uint32_t kMiddle = 32'768;
constexpr std::uint32_t kHighest = 65'535;

/// One book as plainly as can be: sorted maps of lists.
class PlainBook {
 public:
  struct Order {
    std::uint64_t id;
    std::uint32_t price, quantity, account;
    std::uint8_t side;
    std::size_t place;  ///< in `live`
  };
  using Orders = std::list<Order>;

  std::vector<Orders::iterator> live;
  std::map<std::uint32_t, Orders> sides[2];

  [[nodiscard]] std::uint32_t best_buy() const {
    return sides[0].empty() ? 0 : sides[0].rbegin()->first;
  }
  [[nodiscard]] std::uint32_t best_sell() const {
    return sides[1].empty() ? kHighest + 1 : sides[1].begin()->first;
  }
  void rest(Order order) {
    Orders& level = sides[order.side][order.price];
    order.place = live.size();
    live.push_back(level.insert(level.end(), order));
  }
  void take_out(Orders::iterator order) {
    live[order->place] = live.back();
    live[order->place]->place = order->place;
    live.pop_back();
    auto& side = sides[order->side];
    const auto level = side.find(order->price);
    level->second.erase(order);
    if (level->second.empty()) side.erase(level);
  }
};

class Maker {
 public:
  explicit Maker(const FlowOptions& options)
      : options_(options),
        random_(options.seed),
        books_(options.books),
        middle_(options.books, kMiddle),
        out_(options.file, std::ios::binary | std::ios::trunc) {
    if (!out_) {
      throw std::runtime_error(
          fmt::format("--make '{}': expected a file that can be written", options.file));
    }
  }

  void run() {
    std::memcpy(header_.magic, kMagic, sizeof(header_.magic));
    header_.resting = std::uint64_t{options_.books} * options_.live_per_book;
    header_.operations = options_.operations;
    header_.seed = options_.seed;
    header_.books = options_.books;
    header_.live_per_book = options_.live_per_book;
    header_.accounts = options_.accounts;
    header_.lowest = kHighest;
    write(&header_, sizeof(header_));
    for (std::uint64_t i = 0; i < header_.resting; ++i) {
      add(static_cast<std::uint16_t>(i % options_.books));
    }
    for (std::uint64_t i = 0; i < options_.operations; ++i) step();
    finish();
  }

 private:
  std::uint32_t below(std::uint32_t n) { return static_cast<std::uint32_t>(random_() % n); }

  void write(const void* data, std::size_t bytes) {
    out_.write(static_cast<const char*>(data), static_cast<std::streamsize>(bytes));
  }

  void emit(const FlowOperation& operation) {
    if (operation.price != 0) {
      header_.lowest = std::min<std::uint64_t>(header_.lowest, operation.price);
      header_.highest = std::max<std::uint64_t>(header_.highest, operation.price);
    }
    write(&operation, sizeof(operation));
  }

  std::uint32_t distance() {
    std::geometric_distribution<std::uint32_t> away(1.0 / (options_.spread + 1.0));
    return std::min(away(random_), 20 * options_.spread);
  }

  void add(std::uint16_t book) {
    PlainBook& plain = books_[book];
    const auto side = static_cast<std::uint8_t>(below(2));
    const std::uint32_t middle = middle_[book], away = 1 + distance();
    std::uint32_t price = side == 0 ? middle - std::min(away, middle - 1) : middle + away;
    if (side == 0) price = std::min(price, plain.best_sell() - 1);
    if (side == 1) price = std::max(price, plain.best_buy() + 1);
    price = std::clamp<std::uint32_t>(price, 1, kHighest);
    const std::uint32_t quantity = 10 + below(91), account = 1 + below(options_.accounts);
    const std::uint64_t id = ++header_.last_id;
    plain.rest({id, price, quantity, account, side, 0});
    emit({id, price, quantity, quantity, account, book, FlowType::kAdd, side, 0});
  }

  PlainBook::Orders::iterator any(PlainBook& plain) {
    return plain.live[below(static_cast<std::uint32_t>(plain.live.size()))];
  }

  void cancel(std::uint16_t book, PlainBook& plain) {
    const auto order = any(plain);
    emit({order->id, order->price, order->quantity, 0, order->account, book, FlowType::kCancel,
          order->side, 0});
    plain.take_out(order);
  }

  void reduce(std::uint16_t book, PlainBook& plain) {
    const auto order = any(plain);
    if (order->quantity < 2) return cancel(book, plain);
    const std::uint32_t by = 1 + below(order->quantity - 1);
    order->quantity -= by;
    emit({order->id, order->price, by, order->quantity, order->account, book, FlowType::kReduce,
          order->side, 0});
  }

  void cross(std::uint16_t book, PlainBook& plain, FlowType type) {
    const auto side = static_cast<std::uint8_t>(below(2));
    const std::uint32_t slack = below(3);
    std::uint32_t limit = side == 0 ? std::min(plain.best_sell() + slack, kHighest)
                                    : std::max(plain.best_buy(), slack + 1) - slack;
    std::uint32_t open = (1 + below(20)) * (below(100) < 3 ? 25 : 1);
    FlowOperation operation{
        ++header_.last_id, limit, open, 0, 1 + below(options_.accounts), book, type, side, 0};
    if (type == FlowType::kMarket) {
      operation.price = 0;
      limit = side == 0 ? kHighest : 1;
    }
    while (open != 0) {
      const std::uint32_t price = side == 0 ? plain.best_sell() : plain.best_buy();
      if (side == 0 ? price > limit : price < limit) break;
      const auto maker = plain.sides[1 - side].find(price)->second.begin();
      const std::uint32_t quantity = std::min(open, maker->quantity);
      open -= quantity;
      maker->quantity -= quantity;
      ++operation.fills;
      ++header_.trades;
      header_.traded_quantity += quantity;
      if (maker->quantity == 0) plain.take_out(maker);
    }
    if (open != 0 && type == FlowType::kCross) {
      plain.rest({operation.id, limit, open, operation.account, side, 0});
      operation.left = open;
    }
    emit(operation);
  }

  void step() {
    const auto book = static_cast<std::uint16_t>(below(options_.books));
    PlainBook& plain = books_[book];
    if (below(64) == 0) {
      const std::uint32_t moved = middle_[book] + (below(2) == 0 ? 1 : -1u);
      middle_[book] = std::clamp<std::uint32_t>(moved, 24'576, 40'960);
    }
    const std::uint32_t what = below(1000);
    if (plain.live.size() < 8) return add(book);
    if (what < 800) {
      const double full =
          static_cast<double>(plain.live.size()) / static_cast<double>(options_.live_per_book);
      const bool adds = below(1'000'000) < 1e6 * std::clamp(0.5 + 4 * (1 - full), 0.0, 1.0);
      return adds ? add(book) : cancel(book, plain);
    }
    if (what < 880) return reduce(book, plain);
    cross(book, plain,
          what < 980   ? FlowType::kCross
          : what < 990 ? FlowType::kMarket
                       : FlowType::kImmediate);
  }

  void finish() {
    for (const PlainBook& plain : books_) {
      header_.live_orders += plain.live.size();
      header_.levels += plain.sides[0].size() + plain.sides[1].size();
      for (const auto order : plain.live) header_.live_quantity += order->quantity;
    }
    out_.seekp(0);
    write(&header_, sizeof(header_));
    if (!out_.flush()) {
      throw std::runtime_error(
          fmt::format("--make '{}': it could not be written whole", options_.file));
    }
  }

  const FlowOptions& options_;
  std::mt19937_64 random_;
  std::vector<PlainBook> books_;
  std::vector<std::uint32_t> middle_;
  std::ofstream out_;
  FlowHeader header_{};
};

}  // namespace

Flow::Flow(const std::string& path) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  struct stat status{};
  const bool there = file >= 0 && fstat(file, &status) == 0;
  bytes_ = there ? static_cast<std::size_t>(status.st_size) : 0;
  if (bytes_ >= sizeof(FlowHeader)) {
    void* memory = mmap(nullptr, bytes_, PROT_READ, MAP_PRIVATE | MAP_POPULATE, file, 0);
    if (memory != MAP_FAILED) data_ = static_cast<const std::uint8_t*>(memory);
  }
  if (file >= 0) close(file);
  const bool whole = data_ != nullptr && std::memcmp(header().magic, kMagic, 8) == 0 &&
                     (bytes_ - sizeof(FlowHeader)) / sizeof(FlowOperation) == operations().size();
  if (!whole) {
    throw std::runtime_error(
        fmt::format("--ops '{}': expected a whole file of order flow, as --make writes it", path));
  }
}

Flow::~Flow() { munmap(const_cast<std::uint8_t*>(data_), bytes_); }

void make_flow(const FlowOptions& options) { Maker(options).run(); }

}  // namespace hulan::app::bench
