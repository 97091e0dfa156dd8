// SPDX-License-Identifier: Apache-2.0
// Reference prices and origin marks (R5.5, R4.2).
#include "gateways/commands/papers.h"
#include "gateways/decimal.h"
#include "gateways/handlers.h"

namespace hulan::gateways {

CommandResult post_reference(Call& call, Fields& fields) {
  model::StateReference body{};
  body.product = product_field(call, fields, "product");
  const model::ProductRow& product = call.reader.product(body.product);
  body.grade = grade_field(call, fields, "grade", product);
  body.province = fields.code("province", 2);
  body.price = fields.decimal("price", price_digits(product.basis));
  return submission(body);
}

CommandResult post_mark(Call& call, Fields& fields) {
  model::RegisterMark body{};
  body.holder = fields.id("holder");
  body.product = product_field(call, fields, "product");
  body.place = fields.optional_code("place", 6);
  body.valid_from = fields.time("valid_from");
  body.valid_until = fields.time("valid_until");
  const std::string certificate = fields.text("certificate", 200);
  const Text name = fields.words("name", 200);
  if (const auto problem = fields.finish()) return refused(*problem);
  std::string paper;
  JsonWriter json(paper);
  json.begin_object();
  json.text_field("name", name);
  json.field("certificate", certificate);
  json.end_object();
  const auto stored = call.services.documents.put(paper, "application/json");
  if (!stored) return refused(problem_of(stored.error()));
  body.certificate = *stored;
  return submission(body);
}

CommandResult post_grant(Call& call, Fields& fields) {
  model::GrantMark body{};
  body.mark = call.numbers[0];
  body.farm = fields.id("farm");
  body.valid_until = fields.time("valid_until");
  return submission(body);
}

CommandResult delete_grant(Call& call, Fields&) {
  return submission(model::RevokeGrant{call.numbers[0], call.numbers[1]});
}

}  // namespace hulan::gateways
