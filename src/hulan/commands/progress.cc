// SPDX-License-Identifier: Apache-2.0
#include "hulan/commands/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace hulan::app {

Progress::Progress(std::string what, std::uint64_t total)
    : what_(std::move(what)), total_(total), terminal_(isatty(STDERR_FILENO) == 1) {}

Progress::~Progress() {
  if (drawn_) fmt::print(stderr, "\r\033[K");
}

void Progress::show(std::uint64_t done) {
  if (!terminal_) return;
  const auto now = std::chrono::steady_clock::now();
  if (now < next_) return;
  next_ = now + std::chrono::milliseconds(100);
  draw(done);
}

void Progress::draw(std::uint64_t done) {
  drawn_ = true;
  if (total_ == 0) {
    fmt::print(stderr, "\r{} {}", what_, done);
  } else {
    constexpr std::uint64_t kWidth = 40;
    const std::uint64_t shown = std::min(done, total_);
    const std::uint64_t filled = shown * kWidth / total_;
    fmt::print(stderr, "\r{} [{:<{}}] {}/{} {}%", what_, std::string(filled, '#'), kWidth, done,
               total_, shown * 100 / total_);
  }
  std::fflush(stderr);
}

}  // namespace hulan::app
