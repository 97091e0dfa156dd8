// SPDX-License-Identifier: Apache-2.0
// Checkpoints and proofs: anyone may read them, they hold nothing but hashes (R13.2).
#include "gateways/proofs.h"

#include <algorithm>

#include "gateways/handlers.h"

namespace hulan::gateways {
namespace {

Problem no_proofs() { return Problem(Fault::not_found); }

HttpResponse text_response(std::string text) {
  HttpResponse response;
  response.content_type = "text/plain; charset=utf-8";
  response.body = std::move(text);
  return response;
}

/// The number that a query must give: 1 to `most`.
std::uint64_t needed(Call& call, std::string_view name, std::uint64_t most) {
  const auto given = call.query.text(name);
  const std::uint64_t number = given ? call.query.number(name, 0, INT64_MAX) : 0;
  if (number == 0 || number > most) {
    call.query.fail(name, given.value_or(""), "a whole number from 1 to " + std::to_string(most));
  }
  return number;
}

void write_path(JsonWriter& json, const std::vector<Sha256>& path) {
  json.begin_array("path");
  for (const Sha256& hash : path) json.value(to_hex(hash));
  json.end_array();
}

}  // namespace

ReadResult get_checkpoints(Call& call) {
  const Proofs* proofs = call.services.proofs;
  if (proofs == nullptr) return refused(no_proofs());
  const Query::Slice slice = call.query.slice();
  const std::uint64_t count = proofs->count();
  // Newest first; the cursor is the number before which the next page ends.
  const std::uint64_t end = slice.cursor == 0 ? count : std::min(slice.cursor, count);
  const std::uint64_t begin = end > slice.limit ? end - slice.limit : 0;
  return list_response(call, begin, [&](JsonWriter& json) {
    for (std::uint64_t number = end; number > begin; --number) {
      const auto checkpoint = proofs->checkpoint(number - 1);
      if (!checkpoint) continue;
      json.begin_object();
      json.field("number", number);
      json.field("size", checkpoint->size);
      json.field("root", to_hex(checkpoint->root));
      json.time_field("time", checkpoint->time_ns);
      json.field("note", checkpoint->note);
      json.end_object();
    }
  });
}

ReadResult get_latest_checkpoint(Call& call) {
  const Proofs* proofs = call.services.proofs;
  if (proofs == nullptr || proofs->count() == 0) return refused(no_proofs());
  auto checkpoint = proofs->checkpoint(proofs->count() - 1);
  if (!checkpoint) return refused(Problem(Fault::storage_failed));
  return text_response(std::move(checkpoint->note));
}

ReadResult get_checkpoint_key(Call& call) {
  const Proofs* proofs = call.services.proofs;
  if (proofs == nullptr || proofs->public_key().empty()) return refused(no_proofs());
  return text_response(proofs->public_key() + "\n");
}

ReadResult get_inclusion(Call& call) {
  const Proofs* proofs = call.services.proofs;
  if (proofs == nullptr || proofs->size() == 0) return refused(no_proofs());
  const std::uint64_t size = call.query.number("size", proofs->size(), INT64_MAX);
  if (size == 0 || size > proofs->size()) {
    call.query.fail("size", std::to_string(size),
                    "a whole number from 1 to " + std::to_string(proofs->size()));
  }
  const std::uint64_t sequence = needed(call, "sequence", std::min(size, proofs->size()));
  if (const auto wrong = call.query.finish()) return refused(*wrong);
  const auto path = proofs->inclusion(sequence, size);
  if (!path) return refused(Problem(Fault::storage_failed));
  return json_response(call, [&](JsonWriter& json) {
    json.field("record", sequence);
    json.field("size", size);
    write_path(json, *path);
  });
}

ReadResult get_consistency(Call& call) {
  const Proofs* proofs = call.services.proofs;
  if (proofs == nullptr || proofs->size() == 0) return refused(no_proofs());
  const std::uint64_t to = call.query.number("to", proofs->size(), INT64_MAX);
  if (to == 0 || to > proofs->size()) {
    call.query.fail("to", std::to_string(to),
                    "a whole number from 1 to " + std::to_string(proofs->size()));
  }
  const std::uint64_t from = needed(call, "from", std::min(to, proofs->size()));
  if (const auto wrong = call.query.finish()) return refused(*wrong);
  const auto path = proofs->consistency(from, to);
  if (!path) return refused(Problem(Fault::storage_failed));
  return json_response(call, [&](JsonWriter& json) {
    json.field("from", from);
    json.field("to", to);
    write_path(json, *path);
  });
}

}  // namespace hulan::gateways
