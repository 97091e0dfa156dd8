// SPDX-License-Identifier: Apache-2.0
// Contracts, for their parties and the staff (R7).
#include "base/sha256.h"
#include "gateways/encode/encode.h"
#include "gateways/handlers.h"

namespace hulan::gateways {
namespace {

projections::StateMask states_in(Call& call) {
  const auto given = call.query.text("state");
  if (!given || given->empty()) return projections::kAnyState;
  projections::StateMask mask = 0;
  std::string_view rest = *given;
  while (true) {
    const auto comma = rest.find(',');
    const std::string_view state = rest.substr(0, comma);
    if (state == "open") {
      mask |= ~projections::kEndedContracts;
    } else if (state == "ended") {
      mask |= projections::kEndedContracts;
    } else if (const auto found = find_word<model::ContractState>(state)) {
      mask |= projections::state_bit(*found);
    } else {
      call.query.fail("state", std::string(state), "open, ended or a contract's state");
    }
    if (comma == std::string_view::npos) return mask;
    rest.remove_prefix(comma + 1);
  }
}

/// The contract if the caller may see it.
const model::ContractRow* visible(const Call& call) {
  const model::ContractRow* contract = call.view().contract(call.numbers[0]);
  if (contract == nullptr || !may_see(call.reader, *contract, call.caller)) return nullptr;
  return contract;
}

}  // namespace

ReadResult get_contracts(Call& call) {
  projections::ContractQuery query;
  query.states = states_in(call);
  const bool mine = call.query.flag("mine");
  const auto mandate = call.query.number("mandate", 0, UINT32_MAX);
  const auto slice = call.query.slice();
  query.cursor = slice.cursor;
  query.limit = slice.limit;
  if (mine || !call.caller.sees_contracts()) {
    query.participant = call.caller.participant;
    if (query.participant == 0) return list_response(call, 0, [](JsonWriter&) {});
  }
  // An agent's are those of who gave the mandate, as far as it reaches.
  if (mandate != 0) {
    const model::MandateRow* held = call.reader.held(mandate, call.caller);
    if (held == nullptr) return list_response(call, 0, [](JsonWriter&) {});
    query.participant = held->principal;
  }
  // A carrier's contracts are those it carries for, not those it trades.
  const model::ParticipantRow* self = call.view().participant(call.caller.participant);
  const bool carrier = self != nullptr && self->kind == model::ParticipantKind::kCarrier;
  if (carrier && query.participant != 0) query.participant = 0;
  const auto page = call.view().contracts(query);
  return list_response(call, page.next, [&](JsonWriter& json) {
    for (const auto& [id, contract] : page.items) {
      if (!may_see(call.reader, *contract, call.caller)) continue;
      write_contract(json, call.reader, *contract, call.caller);
    }
  });
}

ReadResult get_contract(Call& call) {
  const model::ContractRow* contract = visible(call);
  if (contract == nullptr) return refused(model::Reject::unknown_contract);
  return row_response(
      call, [&](JsonWriter& json) { write_contract(json, call.reader, *contract, call.caller); });
}

ReadResult get_contract_document(Call& call) {
  const model::ContractRow* contract = visible(call);
  if (contract == nullptr) return refused(model::Reject::unknown_contract);
  const std::string document = contract_document(call.reader, *contract);
  return json_response(call, [&](JsonWriter& json) {
    json.field("sha256", to_hex(sha256(document)));
    json.raw_field("document", document);
  });
}

}  // namespace hulan::gateways
