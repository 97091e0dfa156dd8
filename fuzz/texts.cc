// SPDX-License-Identifier: Apache-2.0
// Small texts of the doors: decimals, times, days, queries, JSON, quick frames. What is read and
// written again is the same.
#include <boost/json.hpp>

#include "fuzz/fuzz.h"
#include "gateways/call.h"
#include "gateways/decimal.h"
#include "gateways/fast_frame.h"
#include "gateways/json_reader.h"
#include "gateways/moment.h"
#include "gateways/problem.h"
#include "gateways/router.h"
#include "gateways/session.h"
#include "model/limits.h"

namespace hulan::fuzz {
namespace {

using namespace gateways;

void decimals(std::string_view text) {
  for (const int digits : {0, 2, 3}) {
    const auto value = parse_decimal(text, digits, true);
    if (!value) continue;
    HULAN_ASSERT(parse_decimal(decimal(*value, digits), digits, true) == *value);
    if (*value < 0) HULAN_ASSERT(!parse_decimal(text, digits, false));
  }
}

void moments(std::string_view text) {
  constexpr std::int64_t kMillisecond = 1'000'000;
  if (const auto ns = parse_time(text)) {
    HULAN_ASSERT(*ns >= 0);
    HULAN_ASSERT(parse_time(time_text(*ns)) == *ns - *ns % kMillisecond);
  }
  if (const auto day = parse_day(text)) HULAN_ASSERT(day_text(*day) == text);
}

/// A frame that the quick reader takes is JSON that says the same.
void frames(std::string_view text) {
  std::vector<StreamOp> ops;
  const bool quick = read_fast_frame(text, ops);
  const auto value = read_json(text);
  if (!quick) return;
  HULAN_ASSERT(value.has_value());
  const auto* list = value->if_array();
  HULAN_ASSERT(ops.size() == (list == nullptr ? 1 : list->size()));
  for (std::size_t i = 0; i < ops.size(); ++i) {
    const auto& object = (list == nullptr ? *value : (*list)[i]).as_object();
    const auto number = [&](const char* name) {
      const auto* found = object.if_contains(name);
      return found == nullptr ? 0 : found->to_number<std::uint64_t>();
    };
    HULAN_ASSERT(number("ref") == ops[i].ref && number("lot") == ops[i].lot);
    HULAN_ASSERT(number("goods") == ops[i].goods);
    if (!ops[i].price.empty()) HULAN_ASSERT(object.at("price").as_string() == ops[i].price);
  }
}

void names(std::string_view text) {
  static_cast<void>(preferred_language(text));
  static_cast<void>(match_route(HttpMethod::kGet, text));
  static_cast<void>(match_route(HttpMethod::kPost, text));
  if (const auto channel = ChannelName::parse(text)) HULAN_ASSERT(channel->text() == text);
  Query query(text);
  static_cast<void>(query.slice());
  static_cast<void>(query.day("day"));
  static_cast<void>(query.time("from"));
  static_cast<void>(query.code("origin", 6));
  static_cast<void>(query.flag("mine"));
  static_cast<void>(query.number("lot", 0, 9));
  static_cast<void>(query.text("state"));
  static_cast<void>(query.finish());
}

}  // namespace
}  // namespace hulan::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  hulan::fuzz::decimals(text);
  hulan::fuzz::moments(text);
  hulan::fuzz::frames(text);
  hulan::fuzz::names(text);
  return 0;
}
