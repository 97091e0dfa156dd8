// SPDX-License-Identifier: Apache-2.0
#include "proof/receipt.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <charconv>

#include "journal/record.h"
#include "proof/merkle.h"

namespace hulan::proof {
namespace {

namespace json = boost::json;
using Unexpected = std::unexpected<std::string>;

constexpr std::string_view kFormat = "hulan receipt 1";
constexpr std::size_t kMostPath = 64;

/// Reads the members of one object; keeps the first thing that is wrong.
class Members {
 public:
  explicit Members(const json::object& object) : object_(object) {}

  std::string_view text(std::string_view name) {
    const json::value* value = object_.if_contains(name);
    if (value != nullptr && value->is_string()) return value->get_string();
    return fail(name, value, "a string"), std::string_view{};
  }

  std::uint64_t number(std::string_view name) {
    const json::value* value = object_.if_contains(name);
    if (value != nullptr && value->is_int64() && value->get_int64() > 0) {
      return static_cast<std::uint64_t>(value->get_int64());
    }
    return fail(name, value, "a whole number above 0"), 0;
  }

  /// Nanoseconds stand in a string: they are beyond what JavaScript counts exactly.
  std::int64_t nanoseconds(std::string_view name) {
    const std::string_view digits = text(name);
    std::int64_t ns = 0;
    const auto [end, wrong] = std::from_chars(digits.data(), digits.data() + digits.size(), ns);
    if (wrong == std::errc{} && end == digits.data() + digits.size() && ns >= 0) return ns;
    return fail(name, object_.if_contains(name), "nanoseconds since 1970, as a string"), 0;
  }

  void hex(std::string_view name, std::span<std::uint8_t> out) {
    if (parse_hex(text(name), out)) return;
    fail(name, object_.if_contains(name), fmt::format("{} hexadecimal digits", out.size() * 2));
  }

  std::vector<std::uint8_t> base64(std::string_view name) {
    const auto bytes = from_base64(text(name));
    if (!bytes) return fail(name, object_.if_contains(name), "base64"), std::vector<std::uint8_t>{};
    return {bytes->begin(), bytes->end()};
  }

  std::vector<Sha256> hashes(std::string_view name) {
    std::vector<Sha256> out;
    const json::value* value = object_.if_contains(name);
    bool good = value != nullptr && value->is_array() && value->get_array().size() <= kMostPath;
    for (std::size_t at = 0; good && at < value->get_array().size(); ++at) {
      const json::value& item = value->get_array()[at];
      good = item.is_string() && parse_hex(item.get_string(), out.emplace_back());
    }
    if (!good) fail(name, value, "a list of at most 64 hashes of 64 hexadecimal digits");
    return out;
  }

  void fail(std::string_view name, const json::value* value, std::string_view expected) {
    if (!error.empty()) return;
    const std::string given = value == nullptr ? "missing" : json::serialize(*value).substr(0, 80);
    error = fmt::format("{} ({}): expected {}", name, given, expected);
  }

  std::string error;

 private:
  const json::object& object_;
};

}  // namespace

std::string Receipt::json() const {
  json::array steps;
  for (const Sha256& hash : path) steps.emplace_back(to_hex(hash));
  return json::serialize(json::object{{"format", kFormat},
                                      {"sequence", sequence},
                                      {"time", exact_time_text(time_ns)},
                                      {"time_ns", std::to_string(time_ns)},
                                      {"record", to_base64(record)},
                                      {"salt", to_hex(salt)},
                                      {"leaf", to_hex(leaf)},
                                      {"path", std::move(steps)},
                                      {"checkpoint", checkpoint}});
}

std::expected<Receipt, std::string> Receipt::parse(std::string_view text) {
  boost::system::error_code broken;
  const json::value value = json::parse(text, broken);
  if (broken || !value.is_object()) return Unexpected("it is not a receipt: expected JSON");
  Members members(value.get_object());
  if (members.text("format") != kFormat) {
    members.fail("format", value.get_object().if_contains("format"), kFormat);
  }
  Receipt made;
  made.sequence = members.number("sequence");
  made.time_ns = members.nanoseconds("time_ns");
  made.record = members.base64("record");
  members.hex("salt", made.salt);
  members.hex("leaf", made.leaf);
  made.path = members.hashes("path");
  made.checkpoint = members.text("checkpoint");
  const std::string_view time = members.text("time");
  if (time != exact_time_text(made.time_ns)) {
    members.fail("time", value.get_object().if_contains("time"), exact_time_text(made.time_ns));
  }
  if (journal::record_length(made.record) != made.record.size()) {
    members.fail("record", value.get_object().if_contains("record"), "one whole record");
  }
  if (!members.error.empty()) return Unexpected(members.error);
  return made;
}

std::expected<Checkpoint, std::string> Receipt::verify(const PublicKey& key) const {
  const auto signed_by = Checkpoint::open(checkpoint, key);
  if (!signed_by) return Unexpected(fmt::format("checkpoint: {}", signed_by.error()));
  const Sha256 computed = journal::leaf_hash(salt, sequence, time_ns, record);
  if (computed != leaf) {
    return Unexpected(
        fmt::format("leaf: record, sequence, time and salt give {}, the receipt says {}",
                    to_hex(computed), to_hex(leaf)));
  }
  if (sequence > signed_by->size) {
    return Unexpected(fmt::format("sequence {}: the checkpoint covers only {} records", sequence,
                                  signed_by->size));
  }
  const auto root = root_from_inclusion(leaf, sequence - 1, signed_by->size, path);
  if (!root) {
    return Unexpected(fmt::format("path: {} steps do not lead from record {} of {} to the root",
                                  path.size(), sequence, signed_by->size));
  }
  if (*root != signed_by->root) {
    return Unexpected(fmt::format("path: it leads to the root {}, the checkpoint signs {}",
                                  to_hex(*root), to_hex(signed_by->root)));
  }
  if (time_ns > signed_by->time_ns) {
    return Unexpected(fmt::format("time: the record is of {}, after the checkpoint's last record",
                                  exact_time_text(time_ns)));
  }
  return *signed_by;
}

std::expected<void, std::string> check_against_kept(const Receipt& receipt,
                                                    const Checkpoint& kept) {
  if (receipt.sequence <= kept.size && receipt.time_ns > kept.time_ns) {
    return Unexpected(
        fmt::format("record {} claims {}, but the kept checkpoint had all of its {} "
                    "records by {}: it stands where another record stood",
                    receipt.sequence, exact_time_text(receipt.time_ns), kept.size,
                    exact_time_text(kept.time_ns)));
  }
  if (receipt.sequence > kept.size && receipt.time_ns < kept.time_ns) {
    return Unexpected(
        fmt::format("record {} claims {}, but it is not among the {} records that "
                    "the kept checkpoint had at {}: it was put in later",
                    receipt.sequence, exact_time_text(receipt.time_ns), kept.size,
                    exact_time_text(kept.time_ns)));
  }
  return {};
}

std::expected<void, std::string> check_consistent(const Checkpoint& earlier,
                                                  const Checkpoint& later,
                                                  const std::vector<Sha256>& path) {
  if (earlier.size > later.size) {
    return Unexpected(
        fmt::format("the later checkpoint has {} records, the earlier one {}: "
                    "records were dropped",
                    later.size, earlier.size));
  }
  if (earlier.time_ns > later.time_ns) {
    return Unexpected(
        fmt::format("the later checkpoint ends at {}, the earlier one at {}: time "
                    "does not go backwards",
                    exact_time_text(later.time_ns), exact_time_text(earlier.time_ns)));
  }
  if (is_consistent(earlier.size, earlier.root, later.size, later.root, path)) return {};
  return Unexpected(
      fmt::format("the log of {} records does not begin with the {} records of the "
                  "earlier checkpoint: a record was changed, dropped, inserted or "
                  "moved",
                  later.size, earlier.size));
}

}  // namespace hulan::proof
