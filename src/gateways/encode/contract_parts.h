// SPDX-License-Identifier: Apache-2.0
// The long members of a contract: what was weighed, what was delivered, how it was worked out.
#pragma once

#include "gateways/json_writer.h"
#include "gateways/reader.h"

namespace hulan::gateways {

void add_weighing(JsonWriter& json, const Reader& reader, const model::ContractRow& contract,
                  const model::ProductRow& product);
void add_deliveries(JsonWriter& json, const Reader& reader, const model::ContractRow& contract,
                    const model::ProductRow& product);
/// R8.6; null where nobody has filed one.
void add_claim(JsonWriter& json, const Reader& reader, const model::ContractRow& contract);
void add_lines(JsonWriter& json, const Reader& reader, const model::ContractRow& contract,
               const model::ProductRow& product);

}  // namespace hulan::gateways
