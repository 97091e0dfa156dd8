// SPDX-License-Identifier: Apache-2.0
// Order books, the reader's own orders and positions (R5.4), and what is halted (R12.2).
#include "gateways/encode/encode.h"
#include "gateways/handlers.h"

namespace hulan::gateways {

ReadResult get_books(Call& call) {
  return list_response(call, 0, [&](JsonWriter& json) {
    for (const model::BookId id : call.view().order_books().books()) {
      json.begin_object();
      add_book_fields(json, call.reader, id);
      json.end_object();
    }
  });
}

ReadResult get_book(Call& call) {
  const model::BookId id = call.numbers[0];
  if (call.view().order_books().book(id) == nullptr) return refused(model::Reject::unknown_book);
  return row_response(call, [&](JsonWriter& json) {
    json.begin_object();
    add_book_fields(json, call.reader, id);
    add_ladders(json, call.reader, id);
    json.end_object();
  });
}

ReadResult get_orders(Call& call) {
  const projections::OrderBooks& books = call.view().order_books();
  const auto mandate = call.query.number("mandate", 0, UINT32_MAX);
  const model::MandateRow* held = call.reader.held(mandate, call.caller);
  const model::ParticipantId whose = held == nullptr ? call.caller.participant : held->principal;
  return list_response(call, 0, [&](JsonWriter& json) {
    if (mandate != 0 && held == nullptr) return;
    for (const auto* order : books.orders_of(whose)) {
      const model::BookRow* book = books.book(order->book + 1u);
      if (held != nullptr && !call.reader.reaches(*held, book->product)) continue;
      write_order(json, call.reader, *order);
    }
  });
}

ReadResult get_positions(Call& call) {
  const projections::OrderBooks& books = call.view().order_books();
  return list_response(call, 0, [&](JsonWriter& json) {
    if (call.caller.participant == 0) return;
    for (const auto* position : books.positions_of(call.caller.participant)) {
      write_position(json, call.reader, *position);
    }
  });
}

ReadResult get_halts(Call& call) {
  return list_response(call, 0, [&](JsonWriter& json) {
    for (const model::HaltRow* halt : call.view().halts()) write_halt(json, call.reader, *halt);
  });
}

}  // namespace hulan::gateways
