// SPDX-License-Identifier: Apache-2.0
#include "io/linux/wakeup.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/assert.h"

namespace hulan::io {

Wakeup::Wakeup() : fd_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) { HULAN_ASSERT(fd_ >= 0); }

Wakeup::~Wakeup() { close(fd_); }

void Wakeup::notify() {
  // The ring's store must be visible before the flag is read, as the sleeper's flag is before its
  // look.
  std::atomic_thread_fence(std::memory_order_seq_cst);
  if (!armed_.load(std::memory_order_relaxed)) return;
  if (!armed_.exchange(false, std::memory_order_acq_rel)) return;
  const std::uint64_t one = 1;
  HULAN_ASSERT(write(fd_, &one, sizeof(one)) == sizeof(one));
}

void Wakeup::wait(std::int64_t timeout_ns) {
  pollfd entry{fd_, POLLIN, 0};
  const timespec timeout{timeout_ns / 1'000'000'000, timeout_ns % 1'000'000'000};
  if (ppoll(&entry, 1, &timeout, nullptr) > 0) drain();
  cancel();
}

void Wakeup::drain() {
  std::uint64_t count = 0;
  [[maybe_unused]] const auto got = read(fd_, &count, sizeof(count));
}

}  // namespace hulan::io
