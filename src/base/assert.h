// SPDX-License-Identifier: Apache-2.0
// Assertions that stay on in release builds: a broken invariant stops the process before it can
// write anything wrong into the log or the ledger.
#pragma once

namespace hulan {

/// Prints the broken condition and aborts. Any thread.
[[noreturn]] void assertion_failed(const char* condition, const char* file, int line);

}  // namespace hulan

#define HULAN_ASSERT(condition)                                  \
  do {                                                           \
    if (!(condition)) [[unlikely]] {                             \
      ::hulan::assertion_failed(#condition, __FILE__, __LINE__); \
    }                                                            \
  } while (false)
