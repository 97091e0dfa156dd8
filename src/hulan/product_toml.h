// SPDX-License-Identifier: Apache-2.0
// A product definition (R4.1) as people write it (products/live-hog.toml is the annotated
// example), turned into the engine's row and
// the document that the row names.
#pragma once

#include <expected>
#include <string_view>

#include "gateways/services.h"

namespace hulan::app {

/// Reads a definition. Every key must be known and within its bounds, and the whole must pass the
/// engine's own check; an error names line, key and what is wrong. `row.document` is the SHA-256 of
/// `document`, canonical JSON: keys in a fixed order, the same text for the same definition.
/// Any thread.
[[nodiscard]] std::expected<gateways::ParsedProduct, gateways::ProductError> parse_product_toml(
    std::string_view text);

}  // namespace hulan::app
