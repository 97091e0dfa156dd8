// SPDX-License-Identifier: Apache-2.0
// A contract's steps (R7 to R10).
#include "base/sha256.h"
#include "gateways/commands/papers.h"
#include "gateways/decimal.h"
#include "gateways/handlers.h"

namespace hulan::gateways {
namespace {

/// Deliveries count from 1; a contract with one needs no number.
std::uint32_t delivery_of(Fields& fields) {
  const std::uint32_t given =
      fields.optional_number("delivery", 1, model::kMaxDeliveriesPerContract);
  return given == 0 ? 1 : given;
}

void read_certificate(const Call& call, Fields& fields, model::Load& body) {
  if (!fields.has("certificate")) return;
  fields.object("certificate", [&](Fields& members) {
    const std::string form = members.text("form", 8);
    if (form == "A") {
      body.certificate_form = model::DocumentKind::kQuarantineA;
    } else if (form == "B") {
      body.certificate_form = model::DocumentKind::kQuarantineB;
    } else {
      members.fail(Fault::invalid_value, "form", form, "A or B");
    }
    put_text(members, "number", members.text("number", 24), body.certificate_number);
    body.certificate_issued = members.time("issued_at");
    body.certificate_expires = members.time("expires_at");
    body.certificate = members.hash("sha256");
    require_stored(call, members, "sha256", body.certificate);
  });
}

template <class Body>
CommandResult with_reason(Call& call, Fields& fields, Body body) {
  const std::string reason = fields.text("reason", 2000);
  if (const auto problem = fields.finish()) return refused(*problem);
  const auto paper = store_reference(call, reason);
  if (!paper) return refused(paper.error());
  body.reason = *paper;
  return submission(body);
}

/// Words, or the SHA-256 of a document that is stored already.
template <class Body>
CommandResult with_evidence(Call& call, Fields& fields, Body body) {
  const std::string evidence = fields.text("evidence", 4000);
  const bool names_document = evidence.size() == 64 && parse_hex(evidence, body.evidence);
  if (names_document) require_stored(call, fields, "evidence", body.evidence);
  if (const auto problem = fields.finish()) return refused(*problem);
  if (names_document) return submission(body);
  const auto paper = store_text(call, evidence);
  if (!paper) return refused(paper.error());
  body.evidence = *paper;
  return submission(body);
}

}  // namespace

CommandResult post_pay(Call& call, Fields&) { return submission(model::Pay{call.numbers[0]}); }

CommandResult post_schedule(Call& call, Fields& fields) {
  const int digits = quantity_digits(product_of_contract(call).unit);
  std::vector<model::PlannedDelivery> deliveries;
  fields.objects("deliveries", 1, model::kMaxDeliveriesPerContract, [&](Fields& planned) {
    const std::int64_t quantity = planned.decimal("quantity", digits);
    deliveries.push_back({quantity, planned.time("planned_at")});
  });
  const model::Schedule body{call.numbers[0], static_cast<std::uint32_t>(deliveries.size())};
  return submission(body, bytes_of(deliveries));
}

CommandResult post_load(Call& call, Fields& fields) {
  const model::ContractRow* contract = call.view().contract(call.numbers[0]);
  model::Load body{};
  body.contract = call.numbers[0];
  body.delivery = delivery_of(fields);
  body.carrier = fields.optional_id("carrier");
  if (body.carrier == 0 && contract != nullptr) body.carrier = contract->seller;
  body.quantity = fields.decimal("quantity", quantity_digits(product_of_contract(call).unit));
  body.origin_g = fields.optional_decimal("origin_kg", kWeightDigits).value_or(0);
  put_text(fields, "vehicle", fields.optional_text("vehicle", 16), body.vehicle);
  body.vehicle_filed_until = fields.optional_time("vehicle_filed_until");
  const std::string driver = fields.optional_text("driver", 200);
  read_certificate(call, fields, body);
  if (const auto problem = fields.finish()) return refused(*problem);
  if (driver.empty()) return submission(body);
  const auto paper = store_personal(call, driver);
  if (!paper) return refused(paper.error());
  body.driver = *paper;
  return submission(body);
}

CommandResult post_arrive(Call& call, Fields& fields) {
  return submission(model::Arrive{call.numbers[0], delivery_of(fields)});
}

CommandResult post_weigh(Call& call, Fields& fields) {
  const model::ProductRow& product = product_of_contract(call);
  const ProductTexts& texts = call.reader.texts(product);
  std::vector<model::TruckWeights> trucks;
  std::vector<model::WeighedGroup> groups;
  model::Weigh body{};
  body.contract = call.numbers[0];
  body.delivery = delivery_of(fields);
  body.dead = fields.optional_number("dead", 0, 1'000'000);
  fields.optional_objects("trucks", model::kMaxTrucksPerWeighing, [&](Fields& truck) {
    const std::int64_t gross = truck.decimal("gross_kg", kWeightDigits);
    trucks.push_back({gross, truck.decimal("tare_kg", kWeightDigits)});
  });
  fields.optional_objects("groups", model::kMaxGroupsPerWeighing, [&](Fields& member) {
    model::WeighedGroup group{};
    group.head = member.optional_number("head", 0, 10'000'000);
    group.net_g = member.optional_decimal("net_kg", kWeightDigits).value_or(0);
    group.grade = grade_field(call, member, "grade", product);
    const std::string single = member.optional_text("single_class", 64);
    group.single_class = texts.single_of(single, product.single_count);
    if (!single.empty() && group.single_class == 0) {
      member.fail(Fault::invalid_value, "single_class", single, "a class of this product");
    }
    groups.push_back(group);
  });
  body.trucks = static_cast<std::uint16_t>(trucks.size());
  body.groups = static_cast<std::uint16_t>(groups.size());
  Submission made = submission(body, bytes_of(trucks));
  const auto tail = bytes_of(groups);
  made.body.insert(made.body.end(), tail.begin(), tail.end());
  return made;
}

CommandResult post_accept(Call& call, Fields&) {
  return submission(model::AcceptWeighing{call.numbers[0]});
}
CommandResult post_refuse(Call& call, Fields&) {
  return submission(model::RefuseWeighing{call.numbers[0]});
}
CommandResult post_topup(Call& call, Fields&) { return submission(model::TopUp{call.numbers[0]}); }
CommandResult post_close(Call& call, Fields&) {
  return submission(model::CloseContract{call.numbers[0]});
}

CommandResult post_adjustment(Call& call, Fields& fields) {
  const int digits = price_digits(product_of_contract(call).basis);
  const std::int64_t adjust = fields.decimal("adjust", digits, true);
  if (adjust > INT32_MAX || adjust < INT32_MIN) {
    fields.fail(Fault::out_of_range, "adjust", decimal(adjust, digits), "a smaller adjustment");
  }
  return submission(model::AgreeAdjustment{call.numbers[0], static_cast<std::int32_t>(adjust)});
}

CommandResult post_cancel(Call& call, Fields& fields) {
  return with_reason(call, fields, model::CancelContract{call.numbers[0], {}});
}

CommandResult post_dispute(Call& call, Fields& fields) {
  return with_evidence(call, fields, model::OpenDispute{call.numbers[0], {}});
}

CommandResult post_claim(Call& call, Fields& fields) {
  const std::int64_t amount = fields.decimal("amount", kMoneyDigits);
  return with_evidence(call, fields, model::FileClaim{call.numbers[0], amount, {}});
}

CommandResult post_award(Call& call, Fields& fields) {
  const std::int64_t amount = fields.decimal("amount", kMoneyDigits);
  return with_reason(call, fields, model::AwardClaim{call.numbers[0], amount, {}});
}

CommandResult post_claim_withdrawal(Call& call, Fields&) {
  return submission(model::WithdrawClaim{call.numbers[0]});
}
CommandResult post_claim_grant(Call& call, Fields&) {
  return submission(model::GrantClaim{call.numbers[0]});
}

CommandResult post_dispute_end(Call& call, Fields& fields) {
  const std::string outcome = fields.text("outcome", 16);
  if (outcome != "settle" && outcome != "cancel" && !outcome.empty()) {
    fields.fail(Fault::invalid_value, "outcome", outcome, "settle or cancel");
  }
  return with_reason(call, fields,
                     model::EndDispute{call.numbers[0], outcome == "settle" ? 1u : 2u, {}});
}

CommandResult post_resale(Call& call, Fields& fields) {
  const int digits = price_digits(product_of_contract(call).basis);
  model::RecordResale body{};
  body.contract = call.numbers[0];
  body.price = fields.decimal("price", digits);
  body.days = fields.number("days", 0, 3650);
  return submission(body);
}

CommandResult post_cover(Call& call, Fields& fields) {
  const int digits = price_digits(product_of_contract(call).basis);
  return submission(model::RecordCover{call.numbers[0], fields.decimal("price", digits)});
}

}  // namespace hulan::gateways
