// SPDX-License-Identifier: Apache-2.0
// Files of order flow: a header with the result that price-time priority must give, and operations
// of 32 bytes. The same format drives other engines, so that figures can be set side by side.
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace hulan::app::bench {

struct FlowHeader {
  char magic[8];          ///< "HLWKLD01"
  std::uint64_t resting;  ///< the first operations: orders that rest, not to be timed
  std::uint64_t operations;
  std::uint64_t seed, books, live_per_book, accounts, last_id, lowest, highest;
  // after all operations:
  std::uint64_t trades, traded_quantity, live_orders, live_quantity, levels, reserved;
};
static_assert(sizeof(FlowHeader) == 128);

enum class FlowType : std::uint8_t {
  kAdd = 0,  ///< rests whole
  kCross,    ///< trades; its rest rests
  kCancel,
  kReduce,  ///< `quantity` goes off, `left` stays
  kMarket,
  kImmediate
};

struct FlowOperation {
  std::uint64_t id;  ///< 1, 2, 3, ... for new orders, in the file's order
  std::uint32_t price;
  std::uint32_t quantity;
  std::uint32_t left;  ///< rests afterwards
  std::uint32_t account;
  std::uint16_t book;
  FlowType type;
  std::uint8_t side;  ///< 0 buys
  std::uint32_t fills;
};
static_assert(sizeof(FlowOperation) == 32);

/// A file of order flow, mapped for reading.
class Flow {
 public:
  /// Throws std::runtime_error with a line for the user where the file is none.
  explicit Flow(const std::string& path);
  ~Flow();
  Flow(const Flow&) = delete;
  Flow& operator=(const Flow&) = delete;

  [[nodiscard]] const FlowHeader& header() const {
    return *reinterpret_cast<const FlowHeader*>(data_);
  }
  [[nodiscard]] std::span<const FlowOperation> operations() const {
    return {reinterpret_cast<const FlowOperation*>(data_ + sizeof(FlowHeader)),
            header().resting + header().operations};
  }

 private:
  const std::uint8_t* data_ = nullptr;
  std::size_t bytes_ = 0;
};

struct FlowOptions {
  std::string file;
  std::uint32_t books = 1;
  std::uint32_t live_per_book = 1000;
  std::uint32_t spread = 20;  ///< mean distance from the middle, ticks
  std::uint64_t operations = 1'000'000;
  std::uint64_t seed = 1;
  std::uint32_t accounts = 1000;
};

/// Writes a file of random order flow: four operations in five add or cancel, one in ten crosses.
/// The result in its header comes from sorted maps, not from the engine. Throws as Flow does.
void make_flow(const FlowOptions& options);

}  // namespace hulan::app::bench
