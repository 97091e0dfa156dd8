// SPDX-License-Identifier: Apache-2.0
#include "gateways/reader.h"

#include <fmt/format.h>

#include <algorithm>

#include "gateways/words.h"

namespace hulan::gateways {

const model::ProductRow& Reader::product(model::ProductId id) const {
  static const model::ProductRow kNone = [] {
    model::ProductRow row{};
    row.basis = model::PriceBasis::kByWeight;
    row.unit = model::QuantityUnit::kHead;
    return row;
  }();
  const model::ProductRow* row = view.product(id);
  return row != nullptr ? *row : kNone;
}

bool Reader::reaches(const model::MandateRow& mandate, model::ProductId product) const {
  return mandate.products[0] == 0 ||
         std::ranges::count(mandate.products, view.first_version(product)) != 0;
}

const model::MandateRow* Reader::held(std::uint64_t mandate, const Caller& caller) const {
  for (const auto& [id, row] : view.mandates(caller.participant)) {
    const bool runs =
        row->state == model::MandateState::kActive && view.now().value < row->expires_at;
    if (id == mandate && runs && caller.is(row->agent)) return row;
  }
  return nullptr;
}

Reader::Acting Reader::acting(const model::ContractRow& contract, const Caller& caller) const {
  const model::ParticipantRow* self = view.participant(caller.participant);
  if (self == nullptr || self->kind != model::ParticipantKind::kAgent) return {};
  for (const auto& [id, row] : view.mandates(caller.participant)) {
    const unsigned side = row->principal == contract.seller  ? 1u
                          : row->principal == contract.buyer ? 2u
                                                             : 0u;
    if ((row->sides & side) != 0 && reaches(*row, contract.product) &&
        held(id, caller) != nullptr) {
      return {static_cast<model::MandateId>(id), row->principal};
    }
  }
  return {};
}

Text Reader::name_of(model::ParticipantId id) const {
  const identity::Participant* participant = identity.find_participant(id);
  if (participant == nullptr) return {};
  return {participant->name_zh, participant->name_en, participant->name_ru};
}

std::string_view code_of(const model::ProductRow& product) { return padded_text(product.code); }

std::string price_unit(const model::ProductRow& product) {
  return fmt::format("{}/{}", word(product.currency),
                     product.basis == model::PriceBasis::kByWeight ? "kg" : "head");
}

}  // namespace hulan::gateways
