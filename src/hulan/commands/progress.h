// SPDX-License-Identifier: Apache-2.0
// A bar on the error stream, shown only where that is a terminal. One thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace hulan::app {

class Progress {
 public:
  /// `total` 0: unknown, so that only the count is shown.
  Progress(std::string what, std::uint64_t total);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// Cheap unless a tenth of a second has passed since the last drawing.
  void show(std::uint64_t done);

 private:
  void draw(std::uint64_t done);

  std::string what_;
  std::uint64_t total_;
  bool terminal_;
  bool drawn_ = false;
  std::chrono::steady_clock::time_point next_{};
};

}  // namespace hulan::app
