// SPDX-License-Identifier: Apache-2.0
// Talks about lots that ask for quotes (R5.2): each of the two sides reads its own.
#include "gateways/encode/encode.h"
#include "gateways/handlers.h"

namespace hulan::gateways {

ReadResult get_lot_quotes(Call& call) {
  const model::LotRow* lot = call.view().lot(call.numbers[0]);
  if (lot == nullptr || !may_see(call.reader, *lot, call.caller)) {
    return refused(model::Reject::unknown_lot);
  }
  if (call.view().request(lot->id) == nullptr) return refused(model::Reject::unknown_request);
  return list_response(call, 0, [&](JsonWriter& json) {
    for (const auto& [id, row] : call.view().talk(lot->id)) {
      if (may_see(call.reader, *row, call.caller)) {
        write_quote(json, call.reader, id, *row, call.caller);
      }
    }
  });
}

ReadResult get_quotes(Call& call) {
  const auto slice = call.query.slice();
  const auto page = call.view().quotes_of(call.caller.participant, slice.cursor, slice.limit);
  return list_response(call, page.next, [&](JsonWriter& json) {
    for (const auto& [id, row] : page.items) {
      write_quote(json, call.reader, id, *row, call.caller);
    }
  });
}

}  // namespace hulan::gateways
