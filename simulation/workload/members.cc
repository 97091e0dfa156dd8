// SPDX-License-Identifier: Apache-2.0
// People, money, approvals, products.
#include "base/sha256.h"
#include "simulation/workload/products.h"
#include "simulation/workload/workload.h"

namespace hulan::simulation {
namespace {

using model::ParticipantState;

constexpr std::uint32_t kCounties[] = {230111, 230113, 230124, 110101, 220182};

}  // namespace

/// R5.4: a permit, and a book that is easily brought to an auction and to its limits.
void Workload::permit_book(model::DefineProductTerms& body) {
  body.product.methods |= model::method_bit(model::Method::kOrderBook);
  body.terms.permit_authority[0] = 'S';
  body.terms.permit_number[0] = '1';
  body.terms.permit_date = 1;
  body.terms.call_auction_ns = random_.between(1, 30) * model::kMinute;
  body.terms.volatility_bp =
      random_.one_of<std::uint32_t>({0, 30, 200});
  if (random_.once_in(4)) body.terms.order_quantity_max = 100'000'000;
}

/// The first thing that is missing to have everybody there; an empty op if nothing is.
Op Workload::set_up(const engine::State& state) {
  if (state.market.size() < 2 || state.market[1].initialized == 0) return {};
  for (model::UserId user = 2; user <= kStaff; ++user) {
    if (state.users.has(user) && state.users[user].exists != 0) continue;
    return op(kAdministrator, model::RegisterUser{user, 0, roles_of(user), 1, 0});
  }
  for (model::ParticipantId id = 1; id <= kParticipants; ++id) {
    const auto known =
        state.participants.has(id) ? state.participants[id].state : ParticipantState{};
    if (known == ParticipantState{}) {
      model::ApplyParticipant body{};
      body.id = id;
      body.kind = kind_of(id);
      body.form = model::LegalForm::kLegalPerson;
      body.vat = id <= 3    ? model::VatStatus::kExemptProducer
                 : id <= 10 ? model::VatStatus::kGeneral
                            : model::VatStatus::kSmallScale;
      body.region = kCounties[id % std::size(kCounties)];
      body.name_hmac = some_hash();
      return op(kOperator, body);
    }
    if (known == ParticipantState::kApplied) return approval(state);
    for (const model::UserId user : {trader_of(id), finance_of(id)}) {
      if (state.users.has(user) && state.users[user].exists != 0) continue;
      return op(kAdministrator, model::RegisterUser{user, id, roles_of(user), 1, 0});
    }
    const std::size_t row = engine::account_index(id, model::Currency::kCny);
    if (known == ParticipantState::kActive &&
        (!state.accounts.has(row) || state.accounts[row].balance[0].value < 100'000'00)) {
      if (random_.percent(60)) return approval(state);
      return op(kOfficer, model::RecordDeposit{
                              id, 0, random_.between(1'000'000'00, 100'000'000'00), some_hash()});
    }
  }
  if (state.products.size() < 4) {
    if (random_.percent(60)) return approval(state);
    model::DefineProductTerms body{
        product_of(static_cast<unsigned>(random_.below(kProductKinds))), {}};
    if (random_.percent(30)) return op(kOperator, model::DefineProduct{body.product});
    body.product.methods |= model::method_bit(model::Method::kClock) |
                            model::method_bit(model::Method::kSealed) |
                            model::method_bit(model::Method::kNegotiation);
    if (random_.percent(60)) permit_book(body);
    if (random_.percent(50)) {
      const bool grams = body.product.unit == model::QuantityUnit::kGrams;
      body.terms.order_quantity_max = grams ? 60'000'000 : 300;
      body.terms.day_quantity_max = grams ? 400'000'000 : 2'000;
    }
    return op(kOperator, body);
  }
  return {};
}

/// Whoever was suspended or switched off comes back, after a while; an empty op if nobody is.
Op Workload::bring_back(const engine::State& state) {
  for (model::ParticipantId id = 1; id < state.participants.size(); ++id) {
    if (state.participants[id].state != ParticipantState::kSuspended) continue;
    model::SetParticipantState body{};
    body.id = id;
    body.state = ParticipantState::kActive;
    body.reason = some_hash();
    return op(kOperator2, body);
  }
  for (model::UserId user = 2; user < state.users.size() && user <= kUsers; ++user) {
    if (state.users[user].exists == 0 || state.users[user].active != 0) continue;
    return op(kAdministrator,
              model::RegisterUser{user, participant_of(user), roles_of(user), 1, 0});
  }
  return {};
}

Op Workload::member_change(const engine::State& state) {
  switch (random_.below(8)) {
    case 0: {
      model::SetParticipantState body{};
      body.id = some_participant();
      body.state = random_.one_of({ParticipantState::kSuspended, ParticipantState::kSuspended,
                                   ParticipantState::kActive, ParticipantState::kActive,
                                   ParticipantState::kClosed});
      if (body.state == ParticipantState::kClosed && random_.percent(97)) {
        body.state = ParticipantState::kActive;
      }
      body.reason = some_hash();
      return op(random_.one_of({kOperator, kSupervisor}), body);
    }
    case 1:
    case 2: {
      const std::uint32_t old =
          recent(state.relations, 30, [](const model::RelationRow& r) { return r.active != 0; });
      if (old != 0 && random_.percent(70)) {
        const auto& row = state.relations[old];
        return op(kOperator, model::RelateParticipants{row.a, row.b, 0});
      }
      return op(kOperator, model::RelateParticipants{some_participant(), some_participant(), 1});
    }
    case 3: {
      const auto user = static_cast<model::UserId>(random_.between(2, kUsers));
      return op(kAdministrator, model::RegisterUser{user, participant_of(user), roles_of(user),
                                                    random_.percent(50), 0});
    }
    default: {
      const auto user = static_cast<model::UserId>(random_.between(2, kUsers));
      return op(kAdministrator,
                model::RegisterUser{user, participant_of(user), roles_of(user), 1, 0});
    }
  }
}

Op Workload::money(const engine::State& state) {
  const model::ParticipantId id = some_participant();
  const std::size_t row = engine::account_index(id, model::Currency::kCny);
  const std::int64_t has = state.accounts.has(row) ? state.accounts[row].balance[0].value : 0;
  switch (random_.below(10)) {
    case 0:
    case 1:
    case 2:
    case 3: {
      model::RecordDeposit body{id, random_.percent(97) ? 0U : 1U,
                                random_.between(1, 50'000'000'00), some_hash()};
      if (random_.percent(10) && state.pending.size() > 1) {
        const auto& other = state.pending[static_cast<std::uint32_t>(
            random_.between(1, state.pending.size() - 1))];
        body.bank_reference = other.reference;
      }
      return op(random_.one_of({kOfficer, kOfficer2}), body);
    }
    case 4:
    case 5:
    case 6: {
      std::int64_t amount = random_.one_of<std::int64_t>(
          {1, has, has + 1, 10'000'000, 10'000'001, random_.between(0, has + 1)});
      if (amount > has / 4 && random_.percent(80)) amount = has / 8;
      return op(random_.percent(80) ? finance_of(id) : kOfficer,
                model::RequestWithdrawal{id, random_.percent(97) ? 0U : 1U, amount, some_hash()});
    }
    case 7: {
      const auto side = [&]() -> model::AccountRef {
        if (random_.percent(50)) return {some_participant(), static_cast<std::uint32_t>(random_.below(6))};
        return {0, static_cast<std::uint32_t>(random_.below(7))};
      };
      return op(kOfficer, model::PostManual{side(), side(), 0, random_.between(0, 100'000),
                                            some_hash()});
    }
    case 8: {
      if (state.operator_accounts.size() < 2) return {};
      const auto& books = state.operator_accounts[1].balance[0];
      return op(kOfficer2,
                model::ReconcileBank{0, -books[0].value + (random_.percent(80) ? 0 : 17)});
    }
    default: {
      const std::uint32_t claim = recent(state.claims, 50, [](const model::ClaimRow& c) {
        return c.paid.value < c.amount.value;
      });
      if (claim == 0) return {};
      const auto& row_of = state.claims[claim];
      const std::int64_t owed = row_of.amount.value - row_of.paid.value;
      return op(random_.percent(70) ? kOfficer : finance_of(row_of.debtor),
                model::PayClaim{claim, random_.one_of<std::int64_t>(
                                           {owed, owed + 1, 1, owed / 2 + 1})});
    }
  }
}

Op Workload::approval(const engine::State& state) {
  std::uint32_t id = recent(state.pending, 40, [](const model::PendingRow& p) {
    return p.state == model::PendingState::kOpen;
  });
  if (id == 0) {
    id = recent(state.pending, 8, [](const model::PendingRow& p) {
      return p.state == model::PendingState::kOpen;
    });
  }
  if (id == 0) return {};
  const model::PendingRow& row = state.pending[id];
  const model::UserId who =
      random_.percent(60) ? kSupervisor
                          : random_.one_of({kOperator, kOperator2, kOfficer, kOfficer2});
  if (random_.once_in(12)) return op(who, model::RejectPending{id, some_hash()});
  model::Approve body{id, row.content};
  if (random_.once_in(30)) body.content = some_hash();
  return op(who, body);
}

Op Workload::product(const engine::State& state, model::Time now) {
  switch (random_.below(8)) {
    case 0: {
      model::DefineProduct body{product_of(static_cast<unsigned>(random_.below(kProductKinds)))};
      body.product.effective_at = random_.percent(50) ? 0 : now.value + model::kHour;
      body.product.fee_fen_per_t = random_.between(500, 1500);
      if (state.products.size() > 60) return approval(state);
      return op(kOperator2, body);
    }
    case 1:
    case 2: {
      model::StateReference body{};
      if (state.products.size() < 2) return {};
      body.product = static_cast<model::ProductId>(random_.between(1, state.products.size() - 1));
      body.province = random_.one_of<std::uint32_t>({23, 11, 22});
      body.grade = static_cast<std::uint32_t>(random_.between(0, 3));
      body.price = random_.between(150, 170) * 100;
      return op(kOperator, body);
    }
    case 3: {
      model::RegisterMark body{};
      body.holder = some_participant();
      body.product = 1;
      body.place = random_.percent(50) ? 0 : 230111;
      body.valid_from = now.value - model::kDay;
      body.valid_until = now.value + random_.between(1, 300) * model::kDay;
      body.certificate = some_hash();
      if (state.marks.size() > 40) return {};
      return op(kOperator, body);
    }
    case 4:
    case 5: {
      if (state.marks.size() < 2) return {};
      const auto mark = static_cast<model::MarkId>(random_.between(1, state.marks.size() - 1));
      return op(trader_of(state.marks[mark].holder),
                model::GrantMark{mark, some_farm(),
                                 now.value + random_.between(-1, 400) * model::kDay});
    }
    case 6: {
      if (state.marks.size() < 2) return {};
      const auto mark = static_cast<model::MarkId>(random_.between(1, state.marks.size() - 1));
      return op(trader_of(state.marks[mark].holder), model::RevokeGrant{mark, some_farm()});
    }
    default:
      return approval(state);
  }
}

}  // namespace hulan::simulation
