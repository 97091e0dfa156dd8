// SPDX-License-Identifier: Apache-2.0
// The market's control (R12): halts, the kill switch, busts, permissions.
#include "gateways/commands/papers.h"
#include "gateways/gateway.h"
#include "gateways/handlers.h"

namespace hulan::gateways {
namespace {

/// A command that states why: the reason is kept as a document.
template <class Make>
CommandResult with_reason(Call& call, Fields& fields, Make make) {
  const std::string reason = fields.text("reason", 2000);
  if (const auto problem = fields.finish()) return refused(*problem);
  const auto paper = store_reference(call, reason);
  if (!paper) return refused(paper.error());
  return submission(make(*paper));
}

/// A product, or nothing for the whole market.
model::ProductId optional_product(Call& call, Fields& fields) {
  return fields.has("product") ? product_field(call, fields, "product") : 0;
}

}  // namespace

CommandResult post_halt(Call& call, Fields& fields) {
  const model::ProductId product = optional_product(call, fields);
  return with_reason(call, fields, [&](const model::DocumentHash& reason) {
    return model::HaltMarket{product, reason};
  });
}

CommandResult post_resume(Call& call, Fields& fields) {
  const model::ProductId product = optional_product(call, fields);
  return submission(model::ResumeMarket{product, fields.time("resume_at")});
}

CommandResult post_kill(Call& call, Fields& fields) {
  return with_reason(call, fields, [&](const model::DocumentHash& reason) {
    return model::KillParticipant{call.numbers[0], reason};
  });
}

CommandResult post_revive(Call& call, Fields& fields) {
  return with_reason(call, fields, [&](const model::DocumentHash& reason) {
    return model::ReviveParticipant{call.numbers[0], reason};
  });
}

CommandResult post_permission(Call& call, Fields& fields) {
  const model::ProductId product = product_field(call, fields, "product");
  const std::uint32_t allowed = fields.boolean("allowed") ? 1 : 0;
  return with_reason(call, fields, [&](const model::DocumentHash& reason) {
    return model::PermitTrading{call.numbers[0], product, allowed, reason};
  });
}

CommandResult post_bust(Call& call, Fields& fields) {
  return with_reason(call, fields, [&](const model::DocumentHash& reason) {
    return model::BustTrade{call.numbers[0], reason};
  });
}

}  // namespace hulan::gateways
