// SPDX-License-Identifier: Apache-2.0
// A record of the journal as the beginning of its receipt.
#pragma once

#include <cstdint>
#include <expected>
#include <string>

#include "proof/receipt.h"

namespace hulan::app {

/// Record, time, salt and leaf of `sequence` from the journal of `directory`; path and checkpoint
/// are the caller's. The error is one line. Any thread.
[[nodiscard]] std::expected<proof::Receipt, std::string> read_record(const std::string& directory,
                                                                     std::uint64_t sequence);

}  // namespace hulan::app
