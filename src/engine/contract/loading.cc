// SPDX-License-Identifier: Apache-2.0
// R8.1 and R4.3: what must be true when a delivery is loaded.
#include <algorithm>

#include "engine/contract/steps.h"
#include "engine/lot/lots.h"
#include "engine/market/access.h"
#include "engine/market/calendar.h"
#include "model/region.h"

namespace hulan::engine::contract {

using model::ContractRow;
using model::DeliveryRow;
using model::DeliveryState;
using model::DocumentKind;
using model::Reject;

namespace {

/// R4.3: form A across provinces, valid 5 days at most; form B within one, on the same day.
Reject check_certificate(Context& context, const ContractRow& row, const model::Load& body) {
  const bool crosses =
      model::province_of(row.origin) != model::province_of(destination_of(context.state, row));
  const DocumentKind form = crosses ? DocumentKind::kQuarantineA : DocumentKind::kQuarantineB;
  context.detail = static_cast<std::uint32_t>(form);
  if (body.certificate_form != form || body.certificate == model::DocumentHash{} ||
      body.certificate_number[0] == '\0') {
    return Reject::missing_certificate;
  }
  const std::int64_t now = context.now.value;
  if (body.certificate_issued <= 0 || body.certificate_issued > now ||
      body.certificate_expires <= now) {
    return Reject::certificate_expired;
  }
  const model::MarketRow& market = context.state.market[1];
  const bool in_time = crosses
                           ? body.certificate_expires - body.certificate_issued <= kCertificateANs
                           : local_day(market, model::Time{body.certificate_issued}) ==
                                 local_day(market, context.now);
  return in_time ? Reject::ok : Reject::certificate_expired;
}

Reject check_vehicle(Context& context, const model::Load& body) {
  context.detail = static_cast<std::uint32_t>(DocumentKind::kVehicleFiling);
  if (body.vehicle[0] == '\0') return Reject::missing_vehicle;
  return body.vehicle_filed_until > context.now.value ? Reject::ok : Reject::vehicle_filing_expired;
}

/// An active carrier, or a party with its own vehicle.
bool is_carrier(const State& state, const ContractRow& row, model::ParticipantId id) {
  if (id == row.seller || id == row.buyer) return true;
  return is_admitted(state, id) && state.participants[id].kind == model::ParticipantKind::kCarrier;
}

/// Heads within the tolerance of R8.5; weight as far as a scale goes (R8.8 is the buyer's choice).
bool is_quantity(const model::ProductRow& product, const DeliveryRow& delivery,
                 std::int64_t quantity) {
  if (!is_magnitude(quantity)) return false;
  if (product.unit != model::QuantityUnit::kHead) return true;
  const model::Int128 over = static_cast<model::Int128>(quantity) - delivery.quantity;
  return over * 10'000 <= static_cast<model::Int128>(delivery.quantity) * product.head_tolerance_bp;
}

/// By weight on origin terms the farm's scale counts; nowhere else.
bool is_origin_weight(const model::ProductRow& product, const ContractRow& row,
                      std::int64_t origin_g) {
  const bool needed =
      row.terms == model::Terms::kOrigin && product.basis == model::PriceBasis::kByWeight;
  return needed ? is_magnitude(origin_g) : origin_g == 0;
}

Reject check_papers(Context& context, const model::ProductRow& product, const ContractRow& row,
                    const model::Load& body) {
  if (product.needs_quarantine != 0) {
    if (const Reject r = check_certificate(context, row, body); r != Reject::ok) return r;
  }
  if (product.needs_vehicle != 0) {
    if (const Reject r = check_vehicle(context, body); r != Reject::ok) return r;
  }
  context.detail = 0;
  return check_zone(product, row.origin, destination_of(context.state, row));
}

Reject check_load(Context& context, const ContractRow& row, const model::Load& body) {
  const State& state = context.state;
  const model::DeliveryId id = find_delivery(state, row, body.delivery);
  if (id == 0) return no_delivery(row);
  const DeliveryRow& delivery = state.deliveries[id];
  if (!is_running(row.state) || delivery.state != DeliveryState::kScheduled) {
    return Reject::wrong_contract_state;
  }
  if (context.now.value > row.pickup_until) return Reject::deadline_passed;
  const model::ProductRow& product = product_of(state, row);
  if (!is_quantity(product, delivery, body.quantity)) return Reject::invalid_quantity;
  if (!is_origin_weight(product, row, body.origin_g)) return Reject::invalid_weight;
  if (!is_carrier(state, row, body.carrier)) return Reject::invalid_carrier;
  return check_papers(context, product, row, body);
}

void fill(DeliveryRow& delivery, const model::Load& body, model::Time now) {
  delivery.loaded_at = now.value;
  delivery.loaded_quantity = body.quantity;
  delivery.origin_g = body.origin_g;
  delivery.carrier = body.carrier;
  delivery.certificate_issued = body.certificate_issued;
  delivery.certificate_expires = body.certificate_expires;
  delivery.certificate_form = body.certificate_form;
  delivery.certificate_number = body.certificate_number;
  delivery.certificate = body.certificate;
  delivery.vehicle = body.vehicle;
  delivery.vehicle_filed_until = body.vehicle_filed_until;
  delivery.driver = body.driver;
  delivery.state = DeliveryState::kLoaded;
}

}  // namespace

Outcome load(Context& context, const model::Load& body) {
  State& state = context.state;
  const Reject actor =
      check_actor(context, body.contract, kSeller, model::kRoleTrader, model::kRoleInspector);
  if (actor != Reject::ok) return {actor};
  const ContractRow& row = state.contracts[body.contract];
  if (const Reject r = check_load(context, row, body); r != Reject::ok) return {r};
  const model::DeliveryId id = find_delivery(state, row, body.delivery);
  fill(state.deliveries.edit(id), body, context.now);
  emit_delivery(context, id);
  advance(context, body.contract);
  return {Reject::ok, body.contract};
}

}  // namespace hulan::engine::contract
