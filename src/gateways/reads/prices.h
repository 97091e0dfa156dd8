// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateways/call.h"

namespace hulan::gateways {

/// The product that a query names by code or number; 0 with a fault noted if it names none.
[[nodiscard]] model::ProductId product_in(Call& call, std::string_view name);

}  // namespace hulan::gateways
