// SPDX-License-Identifier: Apache-2.0
// Product definitions and their versions (R4.1). Engine thread only.
#pragma once

#include "engine/context.h"

namespace hulan::engine {

Outcome define_product(Context& context, const model::DefineProduct& body);
Outcome define_product_terms(Context& context, const model::DefineProductTerms& body);

/// ok, product_invalid or order_book_without_permit: whether a definition agrees with itself. What
/// the engine sets itself (version, previous, exists) is not looked at. Any thread.
[[nodiscard]] model::Reject check_product(const model::ProductRow& product);
/// The same for a definition with terms, which alone can name the methods that came later.
[[nodiscard]] model::Reject check_product(const model::ProductRow& product,
                                          const model::ProductTermsRow& terms);

/// What a version says beyond its row: all zero where it says nothing.
[[nodiscard]] const model::ProductTermsRow& terms_of(const State& state, model::ProductId id);

/// R5.4: a permit has its authority, number and date.
[[nodiscard]] bool has_permit(const model::ProductTermsRow& terms);

/// Whether a proposed definition may still become the next version of its code.
[[nodiscard]] model::Reject check_in_force(const State& state, model::ProductId id);

/// An approved definition becomes the newest version of its code, at its stated time, or now if
/// that has passed or was left open (0).
void put_in_force(Context& context, model::ProductId id);

/// True if `id` is an approved version of some product.
[[nodiscard]] bool is_product(const State& state, model::ProductId id);
/// Version 1 of the product; by this id references, marks and prices know it.
[[nodiscard]] model::ProductId first_version(const State& state, model::ProductId id);
/// The version of the same product that is in force at `now`; 0 if none is yet.
[[nodiscard]] model::ProductId current_version(const State& state, model::ProductId id,
                                               model::Time now);

/// 1..grade_count, or 0 where the product has no grades.
[[nodiscard]] constexpr bool is_grade(const model::ProductRow& product, std::uint32_t grade) {
  return product.grade_count == 0 ? grade == 0 : grade >= 1 && grade <= product.grade_count;
}

}  // namespace hulan::engine
