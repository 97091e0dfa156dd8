// SPDX-License-Identifier: Apache-2.0
#include "gateways/commands/papers.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/sha256.h"
#include "gateways/gateway.h"

namespace hulan::gateways {
namespace {

using StoredHash = std::expected<model::DocumentHash, Problem>;

StoredHash stored(const Call& call, std::string_view text, std::string_view type) {
  auto hash = call.services.documents.put(text, type);
  if (!hash) return std::unexpected(problem_of(hash.error()));
  return *hash;
}

}  // namespace

StoredHash store_text(const Call& call, std::string_view text) {
  return stored(call, text, "text/plain");
}

StoredHash store_reference(const Call& call, std::string_view text) {
  model::DocumentHash inline_text{};
  const bool plain = std::all_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) >= 0x20 && static_cast<unsigned char>(c) < 0x7F;
  });
  if (!plain || text.size() > inline_text.size()) return store_text(call, text);
  std::copy(text.begin(), text.end(), inline_text.begin());
  return inline_text;
}

StoredHash store_sheet(const Call& call, const Text& title, const Text& description,
                       const std::vector<std::string>& photos) {
  std::string sheet;
  JsonWriter json(sheet);
  json.begin_object();
  json.text_field("title", title);
  json.text_field("description", description);
  json.begin_array("photos");
  for (const std::string& photo : photos) json.value(photo);
  json.end_array();
  json.end_object();
  if (!call.gateway.takes_new_work()) {
    return std::unexpected(Problem(Fault::storage_nearly_full));
  }
  return stored(call, sheet, "application/json");
}

StoredHash store_personal(const Call& call, std::string_view text) {
  const auto known = call.gateway.remembered(call);
  if (!known) return std::unexpected(problem_of(known.error()));
  if (*known) return **known;
  std::array<std::uint8_t, 16> salt;
  call.services.entropy.fill(salt);
  std::string paper;
  JsonWriter json(paper);
  json.begin_object();
  json.field("text", text);
  json.field("salt", to_hex(salt));
  json.end_object();
  auto hash = stored(call, paper, "application/json");
  if (!hash) return hash;
  const auto noted = call.gateway.remember(call, *hash);
  if (!noted) return std::unexpected(problem_of(noted.error()));
  return hash;
}

void require_stored(const Call& call, Fields& fields, std::string_view name,
                    const model::DocumentHash& hash) {
  if (hash == model::DocumentHash{} || call.services.documents.contains(hash)) return;
  fields.fail(Fault::invalid_value, name, to_hex(hash),
              "the hash of a document that was sent to /v1/documents before");
}

model::ProductId product_field(const Call& call, Fields& fields, std::string_view name) {
  const auto [number, code] = fields.number_or_text(name, 24);
  if (number != 0) {
    if (call.view().product(number) != nullptr) return number;
  } else if (!code.empty()) {
    const auto found = call.view().product_by_code(code, model::Time{call.services.market_now()});
    if (found != 0) return found;
  } else {
    return 0;
  }
  Problem problem = problem_of(model::Reject::unknown_product, {}, 0);
  problem.field = name;
  problem.value = number != 0 ? fmt::format("{}", number) : code;
  fields.fail(std::move(problem));
  return 0;
}

std::uint8_t grade_field(const Call& call, Fields& fields, std::string_view name,
                         const model::ProductRow& product) {
  const std::string code = fields.optional_text(name, 64);
  if (code.empty()) return 0;
  const ProductTexts& texts = call.reader.texts(product);
  const std::uint8_t grade = texts.grade_of(code, product.grade_count);
  if (grade != 0) return grade;
  std::string expected = product.grade_count == 0 ? "no grade" : "one of";
  for (std::uint8_t at = 1; at <= product.grade_count; ++at) {
    expected += " " + texts.grade_code(at);
  }
  fields.fail(Fault::invalid_value, name, code, expected);
  return 0;
}

const model::ProductRow& product_of_lot(const Call& call) {
  const model::LotRow* lot = call.view().lot(call.numbers[0]);
  return call.reader.product(lot == nullptr ? 0 : lot->product);
}

const model::ProductRow& product_of_contract(const Call& call) {
  const model::ContractRow* contract = call.view().contract(call.numbers[0]);
  return call.reader.product(contract == nullptr ? 0 : contract->product);
}

}  // namespace hulan::gateways
