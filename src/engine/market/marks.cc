// SPDX-License-Identifier: Apache-2.0
#include "engine/market/marks.h"

#include "engine/market/access.h"
#include "engine/market/derived.h"
#include "engine/market/products.h"
#include "model/region.h"

namespace hulan::engine {
namespace {

using model::Reject;

std::uint32_t find_grant(const State& state, model::MarkId mark, model::ParticipantId farm) {
  return state.derived.grants.find(grant_hash(mark, farm), [&](std::uint32_t id) {
    return state.grants[id].mark == mark && state.grants[id].farm == farm;
  });
}

/// A county lies in itself, in its city (CCCC00) and in its province (PP0000).
bool lies_in(std::uint32_t region, std::uint32_t place) {
  if (place == 0 || region == place) return true;
  if (place % 10'000 == 0) return region / 10'000 == place / 10'000;
  return place % 100 == 0 && region / 100 == place / 100;
}

Reject check_holder(const Context& context, model::MarkId mark) {
  if (const Reject r = require_participant(context, model::kRoleTrader); r != Reject::ok) return r;
  if (!context.state.marks.has(mark)) return Reject::unknown_mark;
  return context.state.marks[mark].holder == context.who.participant ? Reject::ok
                                                                     : Reject::not_mark_holder;
}

}  // namespace

Outcome register_mark(Context& context, const model::RegisterMark& body) {
  State& state = context.state;
  if (const Reject r = require_staff(context, model::kRoleOperator); r != Reject::ok) return {r};
  if (!participant_exists(state, body.holder)) return {Reject::unknown_participant};
  if (!is_product(state, body.product)) return {Reject::unknown_product};
  if (body.place != 0 && !model::is_region(body.place)) return {Reject::invalid_region};
  if (body.valid_from < 0 || body.valid_until <= body.valid_from ||
      body.valid_until <= context.now.value) {
    return {Reject::mark_expired};
  }
  if (body.certificate == model::DocumentHash{}) return {Reject::invalid_document};
  if (state.marks.full()) return {Reject::marks_full};
  const model::MarkId id = state.marks.add();
  auto& row = state.marks.edit(id);
  row = {.certificate = body.certificate,
         .valid_from = body.valid_from,
         .valid_until = body.valid_until,
         .holder = body.holder,
         .product = first_version(state, body.product),
         .place = body.place,
         .exists = 1};
  context.emit_row<model::MarkChanged>(id, row);
  return {Reject::ok, id};
}

Outcome grant_mark(Context& context, const model::GrantMark& body) {
  State& state = context.state;
  if (const Reject r = check_holder(context, body.mark); r != Reject::ok) return {r};
  if (!participant_exists(state, body.farm)) return {Reject::unknown_participant};
  if (body.valid_until <= context.now.value) return {Reject::mark_expired};
  std::uint32_t id = find_grant(state, body.mark, body.farm);
  if (id == 0) {
    if (state.grants.full()) return {Reject::marks_full};
    id = state.grants.add();
    state.derived.grants.insert(grant_hash(body.mark, body.farm), id);
  }
  auto& row = state.grants.edit(id);
  row = {body.valid_until, body.mark, body.farm, 0, 0};
  context.emit_row<model::GrantChanged>(id, row);
  return {Reject::ok, id};
}

Outcome revoke_grant(Context& context, const model::RevokeGrant& body) {
  State& state = context.state;
  if (const Reject r = check_holder(context, body.mark); r != Reject::ok) return {r};
  const std::uint32_t id = find_grant(state, body.mark, body.farm);
  if (id == 0 || state.grants[id].revoked != 0) return {Reject::mark_not_granted};
  auto& row = state.grants.edit(id);
  row.revoked = 1;
  context.emit_row<model::GrantChanged>(id, row);
  return {Reject::ok, id};
}

Reject check_mark(const State& state, model::MarkId mark, model::ProductId product,
                  model::ParticipantId farm, std::uint32_t origin, model::Time now) {
  if (!state.marks.has(mark)) return Reject::unknown_mark;
  const auto& row = state.marks[mark];
  if (row.product != first_version(state, product) || !lies_in(origin, row.place)) {
    return Reject::mark_wrong_product;
  }
  if (now.value < row.valid_from || now.value >= row.valid_until) return Reject::mark_expired;
  if (row.holder == farm) return Reject::ok;
  const std::uint32_t grant = find_grant(state, mark, farm);
  if (grant == 0 || state.grants[grant].revoked != 0) return Reject::mark_not_granted;
  return now.value < state.grants[grant].valid_until ? Reject::ok : Reject::mark_expired;
}

}  // namespace hulan::engine
