// SPDX-License-Identifier: Apache-2.0
// docs/formats/openapi.json, built in.
#pragma once

#include <string_view>

namespace hulan::gateways {

[[nodiscard]] std::string_view openapi_document();

}  // namespace hulan::gateways
