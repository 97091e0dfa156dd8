// SPDX-License-Identifier: Apache-2.0
// The first record of a market, and the journal that begins with it.
#pragma once

#include <expected>
#include <string>

#include "model/command.h"

namespace hulan::app {

/// InitMarket with the rulebook's defaults (R2.4, R5.3, R5.3.6, R7.2, R8.6, R9.4, R10.3) in China's
/// time zone.
[[nodiscard]] model::InitMarket default_init_market(model::UserId administrator);

/// Makes DIRECTORY/journal with `init` as record 1, stamped `time_ns` (UTC). The folder must hold
/// no journal. The error is one line.
[[nodiscard]] std::expected<void, std::string> create_journal(const std::string& directory,
                                                              const model::InitMarket& init,
                                                              std::int64_t time_ns);

}  // namespace hulan::app
