// SPDX-License-Identifier: Apache-2.0
#include "gateways/decimal.h"

#include "model/units.h"

namespace hulan::gateways {
namespace {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

std::expected<std::int64_t, DecimalError> parse_decimal(std::string_view text, int digits,
                                                        bool negative_allowed) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  if (text.empty() || !is_digit(text[0])) return std::unexpected(DecimalError::kForm);
  if (text.size() > 1 && text[0] == '0' && is_digit(text[1])) {
    return std::unexpected(DecimalError::kForm);
  }
  std::int64_t value = 0;
  bool too_large = false;
  const auto take = [&](char c) {
    if (value > model::kMaxMagnitude) too_large = true;
    if (!too_large) value = value * 10 + (c - '0');
  };
  std::size_t at = 0;
  for (; at < text.size() && is_digit(text[at]); ++at) take(text[at]);
  int seen = 0;
  if (at < text.size()) {
    if (text[at] != '.' || ++at == text.size()) return std::unexpected(DecimalError::kForm);
    for (; at < text.size() && is_digit(text[at]); ++at, ++seen) {
      if (seen < digits) take(text[at]);
    }
    if (at != text.size()) return std::unexpected(DecimalError::kForm);
  }
  if (seen > digits) return std::unexpected(DecimalError::kDigits);
  for (; seen < digits; ++seen) take('0');
  if (too_large || value > model::kMaxMagnitude) return std::unexpected(DecimalError::kRange);
  if (negative && !negative_allowed) return std::unexpected(DecimalError::kNegative);
  return negative ? -value : value;
}

void append_decimal(std::string& out, std::int64_t value, int digits) {
  char buffer[24];
  char* at = buffer + sizeof buffer;
  std::uint64_t rest =
      value < 0 ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
  int written = 0;
  while (rest != 0 || written <= digits) {
    if (written == digits && digits != 0) *--at = '.';
    *--at = static_cast<char>('0' + rest % 10);
    rest /= 10;
    ++written;
  }
  if (value < 0) *--at = '-';
  out.append(at, static_cast<std::size_t>(buffer + sizeof buffer - at));
}

std::string decimal(std::int64_t value, int digits) {
  std::string out;
  append_decimal(out, value, digits);
  return out;
}

}  // namespace hulan::gateways
