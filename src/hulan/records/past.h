// SPDX-License-Identifier: Apache-2.0
// A market as it was at a moment, made from its folder alone: the nearest snapshot before it, if
// the journal proves its place, and the records after it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "engine/engine.h"
#include "journal/error.h"
#include "model/ids.h"

namespace hulan::app {

struct MomentOptions {
  std::optional<model::Sequence> sequence;  ///< the market after this record
  std::string at;  ///< after the last record stamped at or before this time; "" = not given
};

struct Past {
  std::unique_ptr<engine::Engine> engine;
  model::Sequence from_snapshot = 0;  ///< 0: folded from the first record
  model::Sequence log_end = 0;        ///< last sequence of the journal
};

/// Throws CommandFailed: 2 for a moment or folder that is not there, 1 for a damaged journal. With
/// neither sequence nor time: the end of the journal. Shows a progress bar.
[[nodiscard]] Past load_past(const std::string& directory, const MomentOptions& moment);

/// RFC 3339, or a date or date and time of the market's own zone ("2026-03-02 10:00"), as UTC
/// nanoseconds.
[[nodiscard]] std::optional<std::int64_t> parse_market_time(const std::string& text,
                                                            std::int32_t utc_offset_s);

/// A journal error as CommandFailed: damage is 1, what cannot be read is 2.
[[noreturn]] void fail_with(const journal::Error& error);

/// Throws bad input if `directory` holds no journal; else the last sequence.
[[nodiscard]] model::Sequence journal_end(std::string_view field, const std::string& directory);

}  // namespace hulan::app
