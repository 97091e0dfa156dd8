// SPDX-License-Identifier: Apache-2.0
// Rows and answers of the view as the JSON of docs/formats/api.md. Each function writes one value.
#pragma once

#include <string>

#include "gateways/json_writer.h"
#include "gateways/reader.h"
#include "projections/order_books.h"
#include "projections/queries.h"

namespace hulan::gateways {

/// Members that speak of the reader: added to an open object.
void add_personal_lot_fields(JsonWriter& json, const Reader& reader, const model::LotRow& lot,
                             model::ParticipantId participant);
/// All other members of a lot, into an open object.
void add_lot_fields(JsonWriter& json, const Reader& reader, const model::LotRow& lot);
void write_lot(JsonWriter& json, const Reader& reader, const model::LotRow& lot,
               const Caller& caller);
/// True if the caller may see that the lot exists: drafts are their owner's and the staff's, a
/// request to named participants is theirs too (R5.2).
[[nodiscard]] bool may_see(const Reader& reader, const model::LotRow& lot, const Caller& caller);
/// A number of a negotiation, for one of the two or for staff.
void write_quote(JsonWriter& json, const Reader& reader, std::uint64_t id,
                 const model::QuoteRow& row, const Caller& caller);
[[nodiscard]] bool may_see(const Reader& reader, const model::QuoteRow& row, const Caller& caller);
/// "request" of a lot; null where it asks for no quotes.
void add_request(JsonWriter& json, const Reader& reader, const model::LotRow& lot);

/// "A", "B", ..., "Z", "AA", ...
[[nodiscard]] std::string bidder_letters(std::uint32_t alias);
void write_bid(JsonWriter& json, const model::ProductRow& product, const projections::Bid& bid,
               const Caller& caller);

void write_product(JsonWriter& json, const Reader& reader, std::uint64_t id,
                   const model::ProductRow& product);
void write_trade(JsonWriter& json, const Reader& reader, const projections::Trade& trade);
void write_price(JsonWriter& json, const Reader& reader, const projections::PriceRow& row);
void write_reference(JsonWriter& json, const Reader& reader, const model::ReferenceRow& row);
void write_mark(JsonWriter& json, const Reader& reader, std::uint64_t id,
                const model::MarkRow& mark);

/// Members of a trading session, into an open object.
void add_session_fields(JsonWriter& json, const Reader& reader, std::uint64_t id,
                        const model::SessionRow& session);
/// "catalogue": its lots in their order, with what was concluded of each.
void add_catalogue(JsonWriter& json, const Reader& reader, std::uint64_t id);
/// "clock" of a lot; null where it has none.
void add_clock(JsonWriter& json, const Reader& reader, const model::LotRow& lot);

/// "sealed" of a lot; null where it takes no sealed bids. Nothing of a bid before the opening.
void add_sealed(JsonWriter& json, const Reader& reader, const model::LotRow& lot);
void write_seal_key(JsonWriter& json, std::uint64_t id, const model::SealKeyRow& row);

/// Members of an order book, into an open object; its prices and latest trades, into the same.
void add_book_fields(JsonWriter& json, const Reader& reader, model::BookId id);
void add_ladders(JsonWriter& json, const Reader& reader, model::BookId id);
/// An order as its owner sees it.
void write_order(JsonWriter& json, const Reader& reader, const projections::LiveOrder& order);
void write_position(JsonWriter& json, const Reader& reader, const model::PositionRow& position);
void write_halt(JsonWriter& json, const Reader& reader, const model::HaltRow& halt);

void write_contract(JsonWriter& json, const Reader& reader, const model::ContractRow& contract,
                    const Caller& caller);
[[nodiscard]] bool may_see(const Reader& reader, const model::ContractRow& contract,
                           const Caller& caller);
/// The contract as concluded, in its one form: what both parties hold (R7.3).
[[nodiscard]] std::string contract_document(const Reader& reader,
                                            const model::ContractRow& contract);

/// A reference is a short text as it is, or the hash of a document that holds the text.
[[nodiscard]] std::string reference_text(const Reader& reader,
                                         const model::DocumentHash& reference);

/// {"id", "name"}.
void party_field(JsonWriter& json, const Reader& reader, std::string_view name,
                 model::ParticipantId id);
void write_participant(JsonWriter& json, const Reader& reader, std::uint64_t id,
                       const model::ParticipantRow& row, const Caller& caller);
/// Members available ... disputed, into an open object.
void add_balances(JsonWriter& json, const projections::Balances& balances);
void write_account(JsonWriter& json, const Reader& reader, model::ParticipantId id,
                   model::Currency currency);
void write_pending(JsonWriter& json, const Reader& reader, std::uint64_t id,
                   const model::PendingRow& row, const Caller& caller);
void write_claim(JsonWriter& json, const Reader& reader, std::uint64_t id,
                 const model::ClaimRow& row);

/// "230111"; empty for 0.
[[nodiscard]] std::string region_code(std::uint32_t code, int digits = 6);
/// Names of roles, a list.
void roles_field(JsonWriter& json, std::string_view name, std::uint16_t roles);

}  // namespace hulan::gateways
