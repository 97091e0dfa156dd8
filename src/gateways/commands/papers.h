// SPDX-License-Identifier: Apache-2.0
// Texts and papers that a command names by hash: stored and synced before it is submitted.
#pragma once

#include <expected>
#include <string_view>

#include "gateways/call.h"

namespace hulan::gateways {

/// A text/plain document. Errors: storage_failed.
[[nodiscard]] std::expected<model::DocumentHash, Problem> store_text(const Call& call,
                                                                     std::string_view text);

/// At most 32 bytes of plain ASCII stand in the log as they are, anything longer by its hash.
[[nodiscard]] std::expected<model::DocumentHash, Problem> store_reference(const Call& call,
                                                                          std::string_view text);

/// Stores {title, description, photos} in its one form and names it. Errors: storage_failed,
/// storage_nearly_full.
[[nodiscard]] std::expected<model::DocumentHash, Problem> store_sheet(
    const Call& call, const Text& title, const Text& description,
    const std::vector<std::string>& photos);

/// Personal data (R13.3): stored with salt, so that the hash in the log tells nothing; the document
/// can be erased. The same command sent again names the same paper.
[[nodiscard]] std::expected<model::DocumentHash, Problem> store_personal(const Call& call,
                                                                         std::string_view text);

/// Notes a fault on `fields` if nobody has uploaded this document.
void require_stored(const Call& call, Fields& fields, std::string_view name,
                    const model::DocumentHash& hash);

/// Copies a text into a zero-padded field; a fault if it is longer.
template <std::size_t n>
void put_text(Fields& fields, std::string_view name, std::string_view text,
              std::array<char, n>& out) {
  if (text.size() > n) {
    return fields.fail(Fault::out_of_range, name, std::string(text),
                       "at most " + std::to_string(n) + " bytes");
  }
  std::copy(text.begin(), text.end(), out.begin());
}

/// The product that a field names by its number or code; a row with usual units if it names none.
[[nodiscard]] model::ProductId product_field(const Call& call, Fields& fields,
                                             std::string_view name);
[[nodiscard]] std::uint8_t grade_field(const Call& call, Fields& fields, std::string_view name,
                                       const model::ProductRow& product);

/// The definition behind the lot or contract of the path; one with usual units if there is none.
[[nodiscard]] const model::ProductRow& product_of_lot(const Call& call);
[[nodiscard]] const model::ProductRow& product_of_contract(const Call& call);

}  // namespace hulan::gateways
