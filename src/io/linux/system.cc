// SPDX-License-Identifier: Apache-2.0
#include "io/linux/system.h"

#include <sys/random.h>
#include <time.h>

#include <algorithm>
#include <cerrno>

#include "base/assert.h"

namespace hulan::io {
namespace {

class SystemClock final : public Clock {
 public:
  std::int64_t now_ns() override {
    timespec now{};
    HULAN_ASSERT(clock_gettime(CLOCK_REALTIME, &now) == 0);
    return static_cast<std::int64_t>(now.tv_sec) * 1'000'000'000 + now.tv_nsec;
  }
};

class SystemEntropy final : public Entropy {
 public:
  void fill(std::span<std::uint8_t> out) override {
    while (!out.empty()) {
      const ssize_t got = getrandom(out.data(), out.size(), 0);
      HULAN_ASSERT(got > 0 || errno == EINTR);
      out = out.subspan(static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    }
  }
};

}  // namespace

Clock& system_clock() {
  static SystemClock clock;
  return clock;
}

Entropy& system_entropy() {
  static SystemEntropy entropy;
  return entropy;
}

}  // namespace hulan::io
