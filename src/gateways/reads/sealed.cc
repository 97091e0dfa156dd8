// SPDX-License-Identifier: Apache-2.0
// Keys for sealed bids (R5.3.4); the shares once they are in the log.
#include "gateways/encode/encode.h"
#include "gateways/handlers.h"

namespace hulan::gateways {

ReadResult get_seal_keys(Call& call) {
  return list_response(call, 0, [&](JsonWriter& json) {
    for (const auto& [id, row] : call.view().seal_keys()) write_seal_key(json, id, *row);
  });
}

}  // namespace hulan::gateways
