// SPDX-License-Identifier: Apache-2.0
// Everything that JSON about the market is made from, and who it is made for.
#pragma once

#include "gateways/catalogue.h"
#include "gateways/market_info.h"
#include "gateways/problem.h"
#include "identity/directory.h"
#include "projections/view.h"

namespace hulan::gateways {

/// Who asks. Without a token all zero.
struct Caller {
  model::UserId user = 0;
  model::ParticipantId participant = 0;
  std::uint16_t roles = 0;

  [[nodiscard]] bool has(unsigned mask) const { return (roles & mask) != 0; }
  /// R2.3: staff who see money and contracts.
  [[nodiscard]] bool sees_money() const {
    return has(model::kRoleOperator | model::kRoleSettlementOfficer | model::kRoleSupervisor |
               model::kRoleAuditor);
  }
  [[nodiscard]] bool sees_contracts() const { return sees_money() || has(model::kRoleInspector); }
  [[nodiscard]] bool staff() const { return sees_contracts() || has(model::kRoleAdministrator); }
  [[nodiscard]] bool is(model::ParticipantId id) const { return id != 0 && participant == id; }
};

struct Reader {
  const projections::View& view;
  const identity::Directory& identity;
  Catalogue& catalogue;
  const MarketInfo& market;

  [[nodiscard]] const ProductTexts& texts(const model::ProductRow& product) const {
    return catalogue.product(product.document);
  }
  /// The definition behind a row; a lot or contract always has one.
  [[nodiscard]] const model::ProductRow& product(model::ProductId id) const;
  /// R2.5: for whom, and under which mandate in force, the caller takes steps of the contract as an
  /// agent; all zero: for nobody.
  struct Acting {
    model::MandateId mandate = 0;
    model::ParticipantId principal = 0;
  };
  [[nodiscard]] Acting acting(const model::ContractRow& contract, const Caller& caller) const;
  /// The mandate, if it is in force and the caller's as an agent; else nullptr.
  [[nodiscard]] const model::MandateRow* held(std::uint64_t mandate, const Caller& caller) const;
  /// True if a mandate is for this product, in any version.
  [[nodiscard]] bool reaches(const model::MandateRow& mandate, model::ProductId product) const;
  /// Names of a participant; empty for an unknown or erased one.
  [[nodiscard]] Text name_of(model::ParticipantId id) const;
};

/// "live-hog" of the zero-padded code.
[[nodiscard]] std::string_view code_of(const model::ProductRow& product);
/// A zero-padded text of a row.
template <std::size_t n>
[[nodiscard]] std::string_view padded_text(const std::array<char, n>& text) {
  std::size_t length = 0;
  while (length < n && text[length] != 0) ++length;
  return {text.data(), length};
}
/// "CNY/kg", "CNY/head", "CNY/piece".
[[nodiscard]] std::string price_unit(const model::ProductRow& product);

}  // namespace hulan::gateways
