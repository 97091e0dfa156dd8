// SPDX-License-Identifier: Apache-2.0
// Bids by the thousand, through one door or another, and what came back.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <vector>

namespace hulan::app::bench {

struct LoadOptions {
  std::uint16_t port = 0;           ///< on loopback; unused in process
  std::vector<std::string> tokens;  ///< one a buyer
  std::vector<std::uint32_t> lots;
  std::size_t clients = 64;    ///< connections
  std::size_t in_flight = 32;  ///< unanswered bids on each
  double seconds = 5;
  std::int64_t first_price_li = 10'000;
};

/// Latency of each answer in microseconds: up to 16.7 s, 64 steps to each doubling.
class LatencyHistogram {
 public:
  void add(std::int64_t nanoseconds);
  /// The value below which `fraction` of the answers lie, in microseconds; 0 if there are none.
  [[nodiscard]] double percentile_us(double fraction) const;

 private:
  std::vector<std::uint64_t> counts_ = std::vector<std::uint64_t>(64 * 40);
  std::uint64_t total_ = 0;
};

struct LoadResult {
  std::uint64_t sent = 0;
  std::uint64_t acknowledged = 0;  ///< answers, refusals included, within the time
  std::uint64_t accepted = 0;
  std::uint64_t lost = 0;  ///< never answered, though waited for after the end
  double seconds = 0;
  LatencyHistogram latency;
  std::string first_refusal;  ///< the first answer that was not ok, for whoever wonders
};

[[nodiscard]] std::expected<LoadResult, std::string> load_websocket(const LoadOptions& options);
/// One bid in flight a connection; in_flight multiplies the connections.
[[nodiscard]] std::expected<LoadResult, std::string> load_rest(const LoadOptions& options);

}  // namespace hulan::app::bench
