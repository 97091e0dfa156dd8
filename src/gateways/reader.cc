// SPDX-License-Identifier: Apache-2.0
#include "gateways/reader.h"

#include <fmt/format.h>

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
