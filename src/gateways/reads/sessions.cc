// SPDX-License-Identifier: Apache-2.0
// Trading sessions: the timetable, the running one, result sheets (R5.3, R11.1).
#include <fmt/format.h>

#include "gateways/decimal.h"
#include "gateways/encode/encode.h"
#include "gateways/handlers.h"
#include "gateways/moment.h"

namespace hulan::gateways {
namespace {

/// The result sheet as a table: a line for each part, and one for each lot of which nothing sold.
HttpResponse sheet_csv(const Reader& reader, model::SessionId id) {
  HttpResponse response;
  response.content_type = "text/csv; charset=utf-8";
  response.headers.emplace_back("Content-Disposition",
                                fmt::format("attachment; filename=\"session-{}.csv\"", id));
  std::string& out = response.body;
  out = "place,lot,state,quantity,remaining,part,price,time,sequence\r\n";
  for (const model::LotId lot_id : reader.view.session_lots(id)) {
    const model::LotRow& lot = *reader.view.lot(lot_id);
    const model::ProductRow& product = reader.product(lot.product);
    const int quantity = quantity_digits(product.unit);
    const std::string head =
        fmt::format("{},{},{},{},{},", reader.view.clock(lot_id)->place, lot_id, word(lot.state),
                    decimal(lot.quantity, quantity), decimal(lot.remaining, quantity));
    const auto parts = reader.view.parts_of(lot_id);
    if (parts.empty()) out += head + ",,,\r\n";
    for (const auto& part : parts) {
      out += head + fmt::format("{},{},{},{}\r\n", decimal(part.quantity, quantity),
                                decimal(part.price.value, price_digits(product.basis)),
                                time_text(part.time), part.sequence);
    }
  }
  return response;
}

}  // namespace

ReadResult get_trading_sessions(Call& call) {
  const auto slice = call.query.slice();
  const auto state = call.query.choice<model::SessionState>("state", model::SessionState{});
  const auto page = call.view().sessions(state, slice.cursor, slice.limit);
  return list_response(call, page.next, [&](JsonWriter& json) {
    for (const auto& [id, row] : page.items) {
      json.begin_object();
      add_session_fields(json, call.reader, id, *row);
      json.end_object();
    }
  });
}

ReadResult get_trading_session(Call& call) {
  const model::SessionId id = call.numbers[0];
  const model::SessionRow* row = call.view().session(id);
  if (row == nullptr) return refused(model::Reject::unknown_session);
  if (call.request.accept.starts_with("text/csv")) return sheet_csv(call.reader, id);
  return row_response(call, [&](JsonWriter& json) {
    json.begin_object();
    add_session_fields(json, call.reader, id, *row);
    add_catalogue(json, call.reader, id);
    json.end_object();
  });
}

}  // namespace hulan::gateways
