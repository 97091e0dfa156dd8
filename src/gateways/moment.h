// SPDX-License-Identifier: Apache-2.0
// Times and days as the doors write them: RFC 3339 in UTC with milliseconds, and YYYY-MM-DD.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hulan::gateways {

/// "2024-01-15T09:00:00.000Z" for UTC nanoseconds since 1970.
void append_time(std::string& out, std::int64_t ns);
[[nodiscard]] std::string time_text(std::int64_t ns);

/// RFC 3339 with any offset and up to nine digits of a second, between 1970 and 2200.
[[nodiscard]] std::optional<std::int64_t> parse_time(std::string_view text);

/// "2024-01-15" for days since 1970, and back.
[[nodiscard]] std::string day_text(std::int64_t day);
[[nodiscard]] std::optional<std::int64_t> parse_day(std::string_view text);

}  // namespace hulan::gateways
