// SPDX-License-Identifier: Apache-2.0
// Trading sessions and clocks (R5.3, R5.3.3).
#include "gateways/commands/papers.h"
#include "gateways/decimal.h"
#include "gateways/gateway.h"
#include "gateways/handlers.h"

namespace hulan::gateways {
namespace {

constexpr std::uint32_t kHourSeconds = 3600;
constexpr std::int64_t kMillisecond = 1'000'000;

/// Drawn here, so that who announces a session does not choose the order of its lots; the same
/// command sent again has the same.
std::expected<model::DocumentHash, Problem> draw_seed(const Call& call) {
  const auto known = call.gateway.remembered(call);
  if (!known) return std::unexpected(problem_of(known.error()));
  if (*known) return **known;
  model::DocumentHash seed;
  call.services.entropy.fill(seed);
  const auto noted = call.gateway.remember(call, seed);
  if (!noted) return std::unexpected(problem_of(noted.error()));
  return seed;
}

}  // namespace

CommandResult post_trading_session(Call& call, Fields& fields) {
  model::AnnounceSession body{};
  body.product = product_field(call, fields, "product");
  body.kind = fields.optional_choice("kind", model::SessionKind::kCadran);
  body.side = fields.optional_choice("side", model::Side::kSell);
  body.unsold = fields.optional_choice("unsold", body.kind == model::SessionKind::kSharedClock
                                                     ? model::UnsoldRule::kEnd
                                                     : model::UnsoldRule::kCarry);
  body.opens_at = fields.time("opens_at");
  body.tick_ns = fields.optional_number("tick_ms", 1, kHourSeconds * 1000) * kMillisecond;
  body.pause_ns = fields.optional_number("pause_s", 0, kHourSeconds) * model::kSecond;
  const Text title = fields.optional_words("title", 300);
  if (const auto problem = fields.finish()) return refused(*problem);
  if (!call.caller.has(model::kRoleOperator)) return refused(model::Reject::wrong_role);
  const auto sheet = store_sheet(call, title, {}, {});
  if (!sheet) return refused(sheet.error());
  body.title = *sheet;
  const auto seed = draw_seed(call);
  if (!seed) return refused(seed.error());
  body.seed = *seed;
  return submission(body);
}

CommandResult post_clock(Call& call, Fields& fields) {
  const model::ProductRow& product = product_of_lot(call);
  const int digits = price_digits(product.basis);
  model::EnterClock body{};
  body.lot = call.numbers[0];
  body.session = fields.id("session");
  body.start = fields.decimal("start", digits);
  body.step = fields.decimal("step", digits);
  body.floor = fields.decimal("floor", digits);
  body.minimum = fields.optional_decimal("minimum", quantity_digits(product.unit)).value_or(0);
  return submission(body);
}

CommandResult post_shared_clock(Call& call, Fields& fields) {
  const int digits = price_digits(product_of_lot(call).basis);
  model::EnterSharedClock body{};
  body.lot = call.numbers[0];
  body.session = fields.id("session");
  body.start = fields.decimal("start", digits);
  body.step = fields.decimal("step", digits);
  body.reserve = fields.optional_decimal("reserve", digits).value_or(0);
  body.cap = fields.optional_decimal("cap", digits).value_or(0);
  return submission(body);
}

CommandResult post_quota(Call& call, Fields& fields) {
  const model::SessionRow* session = call.view().session(call.numbers[0]);
  const auto unit =
      session == nullptr ? model::QuantityUnit::kHead : call.reader.product(session->product).unit;
  return submission(
      model::BondQuota{call.numbers[0], fields.decimal("quantity", quantity_digits(unit))});
}

}  // namespace hulan::gateways
