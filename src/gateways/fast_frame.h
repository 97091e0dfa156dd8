// SPDX-License-Identifier: Apache-2.0
// The quick way into the market: frames that hold nothing but plain bids, takes and tokens, read
// without building a tree. Anything unusual is left to the full reader, which says what is wrong.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace hulan::gateways {

/// One operation. The texts point into the frame; an empty one was not given.
struct StreamOp {
  enum class Kind : std::uint8_t { kBid, kTake, kToken };
  Kind kind = Kind::kBid;
  std::uint64_t ref = 0;
  std::uint32_t lot = 0;
  std::uint32_t goods = 0;
  std::string_view price;
  std::string_view quantity;
  std::string_view client_id;
  std::string_view token;
};

/// True: all of the frame is in `out`, in order. False: read it the slow way.
[[nodiscard]] bool read_fast_frame(std::string_view frame, std::vector<StreamOp>& out);

}  // namespace hulan::gateways
