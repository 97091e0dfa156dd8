// SPDX-License-Identifier: Apache-2.0
#include "gateways/moment.h"

#include <chrono>

namespace hulan::gateways {
namespace {

constexpr std::int64_t kDaySeconds = 86'400;
constexpr std::int64_t kNanoseconds = 1'000'000'000;

void append_number(std::string& out, unsigned value, int width) {
  char digits[8];
  for (int at = width - 1; at >= 0; --at, value /= 10) {
    digits[at] = static_cast<char>('0' + value % 10);
  }
  out.append(digits, static_cast<std::size_t>(width));
}

void append_date(std::string& out, std::int64_t day) {
  const std::chrono::year_month_day date{
      std::chrono::sys_days{std::chrono::days{static_cast<int>(day)}}};
  append_number(out, static_cast<unsigned>(static_cast<int>(date.year())), 4);
  out += '-';
  append_number(out, static_cast<unsigned>(date.month()), 2);
  out += '-';
  append_number(out, static_cast<unsigned>(date.day()), 2);
}

std::int64_t floor_div(std::int64_t value, std::int64_t by) {
  return value / by - (value % by < 0 ? 1 : 0);
}

/// Reads exactly `width` digits at `at` and moves on; -1 if they are not there.
int number_at(std::string_view text, std::size_t& at, std::size_t width) {
  if (text.size() < at + width) return -1;
  int value = 0;
  for (std::size_t end = at + width; at < end; ++at) {
    if (text[at] < '0' || text[at] > '9') return -1;
    value = value * 10 + (text[at] - '0');
  }
  return value;
}

bool skip(std::string_view text, std::size_t& at, char wanted) {
  if (at >= text.size() || text[at] != wanted) return false;
  ++at;
  return true;
}

std::optional<std::int64_t> date_at(std::string_view text, std::size_t& at) {
  const int year = number_at(text, at, 4);
  if (year < 1970 || year > 2200 || !skip(text, at, '-')) return std::nullopt;
  const int month = number_at(text, at, 2);
  if (month < 1 || !skip(text, at, '-')) return std::nullopt;
  const int day = number_at(text, at, 2);
  if (day < 1) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{year},
                                         std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days{date}.time_since_epoch().count();
}

std::optional<std::int64_t> offset_at(std::string_view text, std::size_t& at) {
  if (at >= text.size()) return std::nullopt;
  const char sign = text[at++];
  if (sign == 'Z' || sign == 'z') return 0;
  if (sign != '+' && sign != '-') return std::nullopt;
  const int hours = number_at(text, at, 2);
  if (hours < 0 || hours > 23 || !skip(text, at, ':')) return std::nullopt;
  const int minutes = number_at(text, at, 2);
  if (minutes < 0 || minutes > 59) return std::nullopt;
  const std::int64_t seconds = hours * 3600 + minutes * 60;
  return sign == '-' ? -seconds : seconds;
}

}  // namespace

void append_time(std::string& out, std::int64_t ns) {
  const std::int64_t seconds = floor_div(ns, kNanoseconds);
  const auto milliseconds = static_cast<unsigned>((ns - seconds * kNanoseconds) / 1'000'000);
  const std::int64_t day = floor_div(seconds, kDaySeconds);
  const auto second = static_cast<unsigned>(seconds - day * kDaySeconds);
  append_date(out, day);
  out += 'T';
  append_number(out, second / 3600, 2);
  out += ':';
  append_number(out, second / 60 % 60, 2);
  out += ':';
  append_number(out, second % 60, 2);
  out += '.';
  append_number(out, milliseconds, 3);
  out += 'Z';
}

std::string time_text(std::int64_t ns) {
  std::string out;
  append_time(out, ns);
  return out;
}

std::optional<std::int64_t> parse_time(std::string_view text) {
  std::size_t at = 0;
  const auto day = date_at(text, at);
  if (!day || at >= text.size() || (text[at] != 'T' && text[at] != 't')) return std::nullopt;
  ++at;
  const int hour = number_at(text, at, 2);
  if (hour < 0 || hour > 23 || !skip(text, at, ':')) return std::nullopt;
  const int minute = number_at(text, at, 2);
  if (minute < 0 || minute > 59 || !skip(text, at, ':')) return std::nullopt;
  const int second = number_at(text, at, 2);
  if (second < 0 || second > 59) return std::nullopt;
  std::int64_t fraction = 0;
  if (skip(text, at, '.')) {
    std::int64_t unit = kNanoseconds / 10;
    const std::size_t first = at;
    for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, unit /= 10) {
      fraction += (text[at] - '0') * unit;
    }
    if (at == first || at - first > 9) return std::nullopt;
  }
  const auto offset = offset_at(text, at);
  if (!offset || at != text.size()) return std::nullopt;
  const std::int64_t seconds = *day * kDaySeconds + hour * 3600 + minute * 60 + second - *offset;
  if (seconds < 0) return std::nullopt;
  return seconds * kNanoseconds + fraction;
}

std::string day_text(std::int64_t day) {
  std::string out;
  append_date(out, day);
  return out;
}

std::optional<std::int64_t> parse_day(std::string_view text) {
  std::size_t at = 0;
  const auto day = date_at(text, at);
  if (!day || at != text.size()) return std::nullopt;
  return day;
}

}  // namespace hulan::gateways
