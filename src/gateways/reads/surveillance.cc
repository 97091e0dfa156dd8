// SPDX-License-Identifier: Apache-2.0
// What looks like abuse, for the operator and the regulator (R12.3).
#include "gateways/surveillance.h"

#include <algorithm>

#include "gateways/encode/encode.h"
#include "gateways/handlers.h"
#include "gateways/words.h"

namespace hulan::gateways {
namespace {

using projections::Suspicion;

/// Which findings are asked for.
struct Wanted {
  std::optional<projections::Pattern> pattern;
  model::ParticipantId participant = 0;
  std::int64_t from = INT64_MIN, to = INT64_MAX;

  [[nodiscard]] bool matches(const Suspicion& one) const {
    if (pattern && one.pattern != *pattern) return false;
    if (one.time < from || one.time >= to) return false;
    return participant == 0 ||
           std::ranges::find(one.participants, participant) != one.participants.end();
  }
};

Wanted wanted_of(Query& query) {
  Wanted wanted;
  if (const auto given = query.text("pattern"); given && !given->empty()) {
    wanted.pattern = find_word<projections::Pattern>(*given);
    if (!wanted.pattern) query.fail("pattern", *given, one_of<projections::Pattern>());
  }
  wanted.participant =
      static_cast<model::ParticipantId>(query.number("participant", 0, UINT32_MAX));
  wanted.from = query.time("from").value_or(INT64_MIN);
  wanted.to = query.time("to").value_or(INT64_MAX);
  return wanted;
}

/// What `value` counts: moves, shares and ratios are in basis points.
bool in_basis_points(projections::Pattern pattern) {
  using enum projections::Pattern;
  return pattern == kPriceMove || pattern == kConcentration || pattern == kCancelRatio;
}

void write_finding(JsonWriter& json, const Reader& reader, const Suspicion& one) {
  json.begin_object();
  json.field("pattern", word(one.pattern));
  json.begin_array("participants");
  for (const model::ParticipantId id : one.participants) {
    json.begin_object();
    json.field("id", id);
    json.text_field("name", reader.name_of(id));
    json.end_object();
  }
  json.end_array();
  if (one.product == 0) {
    json.null_field("product");
    json.null_field("product_name");
  } else {
    json.field("product", one.product);
    json.text_field("product_name", reader.texts(reader.product(one.product)).name);
  }
  if (one.lot == 0) {
    json.null_field("lot");
  } else {
    json.field("lot", one.lot);
  }
  json.field("value", one.value);
  json.field("unit", in_basis_points(one.pattern) ? "basis_points" : "count");
  json.time_field("time", one.time);
  json.begin_array("evidence");
  for (const model::Sequence sequence : one.evidence) json.value(sequence);
  json.end_array();
  json.end_object();
}

}  // namespace

ReadResult get_surveillance(Call& call) {
  const Wanted wanted = wanted_of(call.query);
  const auto slice = call.query.slice();
  if (!call.caller.has(model::kRoleOperator | model::kRoleAuditor)) {
    return refused(Problem(Fault::forbidden));
  }
  if (call.services.surveillance == nullptr) return refused(Problem(Fault::not_found));
  const auto report = call.services.surveillance->report();
  // The newest first; the cursor is the place of the last one shown.
  std::size_t at = report->findings.size();
  if (slice.cursor != 0) at = std::min<std::size_t>(at, slice.cursor - 1);
  return json_response(call, [&](JsonWriter& json) {
    json.begin_array("items");
    std::size_t shown = 0;
    for (; at > 0 && shown < slice.limit; --at) {
      const Suspicion& one = report->findings[at - 1];
      if (!wanted.matches(one)) continue;
      write_finding(json, call.reader, one);
      ++shown;
    }
    json.end_array();
    const bool more = std::any_of(report->findings.begin(),
                                  report->findings.begin() + static_cast<std::ptrdiff_t>(at),
                                  [&](const Suspicion& one) { return wanted.matches(one); });
    if (more) {
      json.field("next", std::to_string(at + 1));
    } else {
      json.null_field("next");
    }
    json.field("looked_at", report->sequence);
    json.field("reading", report->reading);
    if (report->failure.empty()) {
      json.null_field("failure");
    } else {
      json.field("failure", report->failure);
    }
  });
}

}  // namespace hulan::gateways
