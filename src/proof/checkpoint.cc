// SPDX-License-Identifier: Apache-2.0
#include "proof/checkpoint.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <optional>
#include <vector>

namespace hulan::proof {
namespace {

using Unexpected = std::unexpected<std::string>;
constexpr std::int64_t kSecond = 1'000'000'000;

template <class Number>
std::optional<Number> number_in(std::string_view text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

/// What exact_time_text gives; anything else is found by writing it again.
std::optional<std::int64_t> read_exact_time(std::string_view text) {
  if (text.size() != 30) return std::nullopt;
  const auto part = [&](std::size_t at, std::size_t digits) {
    return number_in<unsigned>(text.substr(at, digits)).value_or(0);
  };
  const std::chrono::year_month_day day{std::chrono::year(static_cast<int>(part(0, 4))),
                                        std::chrono::month(part(5, 2)),
                                        std::chrono::day(part(8, 2))};
  if (!day.ok() || day.year() < std::chrono::year(1970) || day.year() > std::chrono::year(2261)) {
    return std::nullopt;
  }
  const std::int64_t days = std::chrono::sys_days(day).time_since_epoch().count();
  const std::int64_t seconds = ((days * 24 + part(11, 2)) * 60 + part(14, 2)) * 60 + part(17, 2);
  const std::int64_t ns = seconds * kSecond + part(20, 9);
  if (exact_time_text(ns) != text) return std::nullopt;
  return ns;
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

std::string_view after(std::string_view line, std::string_view word) {
  return line.starts_with(word) ? line.substr(word.size()) : std::string_view{};
}

}  // namespace

std::string origin_of(const journal::MarketId& market) { return "hulan/" + to_hex(market); }

std::string exact_time_text(std::int64_t ns) {
  namespace chrono = std::chrono;
  const chrono::nanoseconds since(ns);
  const auto day = chrono::floor<chrono::days>(since);
  const chrono::year_month_day date{chrono::sys_days(day)};
  const std::int64_t rest = (since - day).count();
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:09}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     rest / (3600 * kSecond), rest / (60 * kSecond) % 60, rest / kSecond % 60,
                     rest % kSecond);
}

std::string Checkpoint::text() const {
  return fmt::format("{}\n{}\n{}\nsequence {}\ntime {}\nmade {}\nchain {}\n", origin, size,
                     to_base64(root), size, exact_time_text(time_ns), exact_time_text(made_ns),
                     to_hex(chain));
}

std::expected<Checkpoint, std::string> Checkpoint::parse(std::string_view text) {
  const auto lines = lines_of(text);
  if (lines.size() != 7) return Unexpected("expected seven lines in a checkpoint");
  Checkpoint made;
  made.origin = lines[0];
  const auto size = number_in<std::uint64_t>(lines[1]);
  if (!size) return Unexpected("the second line of a checkpoint is its size");
  made.size = *size;
  const auto root = from_base64(lines[2]);
  if (!root || root->size() != made.root.size()) {
    return Unexpected("the third line of a checkpoint is its root: 32 bytes of base64");
  }
  std::copy(root->begin(), root->end(), made.root.begin());
  const auto time = read_exact_time(after(lines[4], "time "));
  const auto moment = read_exact_time(after(lines[5], "made "));
  if (!time || !moment) return Unexpected("a checkpoint has its times in the fifth and sixth line");
  made.time_ns = *time;
  made.made_ns = *moment;
  if (!parse_hex(after(lines[6], "chain "), made.chain)) {
    return Unexpected("the seventh line of a checkpoint is the journal's chain");
  }
  if (made.text() != text) return Unexpected("the lines of the checkpoint are not as they must be");
  return made;
}

std::expected<Checkpoint, std::string> Checkpoint::open(std::string_view note,
                                                        const PublicKey& key) {
  const auto text = open_note(note, key);
  if (!text) return Unexpected(text.error());
  auto checkpoint = parse(*text);
  if (checkpoint && checkpoint->origin != key.name) {
    return Unexpected(
        fmt::format("the checkpoint is of {}, the key is of {}", checkpoint->origin, key.name));
  }
  return checkpoint;
}

}  // namespace hulan::proof
