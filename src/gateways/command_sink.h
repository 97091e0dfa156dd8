// SPDX-License-Identifier: Apache-2.0
// Where decoded commands go. The gateways know no engine: the owner puts commands into its ring.
#pragma once

#include <cstdint>
#include <span>

#include "model/command.h"

namespace hulan::gateways {

class CommandSink {
 public:
  virtual ~CommandSink() = default;

  /// Takes a copy of one command. `origin` comes back in the command's Replied event and is never
  /// 0. False: there is no room or the market is not ready; nothing was taken. `body_length` of the
  /// header is set. Network thread.
  [[nodiscard]] virtual bool submit(const model::RecordHeader& header,
                                    std::span<const std::uint8_t> body, std::uint64_t origin) = 0;

  /// Called after the last submit of a frame or request: a good moment to wake the engine once.
  virtual void flush() {}
};

}  // namespace hulan::gateways
