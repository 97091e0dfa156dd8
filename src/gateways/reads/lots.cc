// SPDX-License-Identifier: Apache-2.0
// The catalogue, a lot, its bids, and the documents behind them.
#include <algorithm>

#include "base/sha256.h"
#include "gateways/encode/encode.h"
#include "gateways/handlers.h"

namespace hulan::gateways {
namespace {

/// "live,closed" or single states; drafts are only listed where asked for.
projections::StateMask states_in(Call& call, bool mine) {
  const auto given = call.query.text("state");
  if (!given || given->empty()) {
    return mine ? projections::kAnyState : projections::kLiveLots | projections::kClosedLots;
  }
  projections::StateMask mask = 0;
  std::string_view rest = *given;
  while (true) {
    const auto comma = rest.find(',');
    const std::string_view state = rest.substr(0, comma);
    if (state == "live") {
      mask |= projections::kLiveLots;
    } else if (state == "closed") {
      mask |= projections::kClosedLots;
    } else if (const auto found = find_word<model::LotState>(state)) {
      mask |= projections::state_bit(*found);
    } else {
      call.query.fail("state", std::string(state), "live, closed or a lot's state");
    }
    if (comma == std::string_view::npos) return mask;
    rest.remove_prefix(comma + 1);
  }
}

model::ProductId product_in(Call& call) {
  const auto given = call.query.text("product");
  if (!given || given->empty()) return 0;
  const auto& view = call.view();
  if (const auto by_code = view.product_by_code(*given, view.now()); by_code != 0) return by_code;
  return static_cast<model::ProductId>(call.query.number("product", 0, UINT32_MAX));
}

bool sees_use(const Call& call, const projections::DocumentUse& use) {
  const model::LotRow* lot = use.lot == 0 ? nullptr : call.view().lot(use.lot);
  if (lot != nullptr && (call.caller.is(lot->initiator) || call.caller.is(lot->farm))) return true;
  if (lot != nullptr) {
    for (const model::ContractId id : call.view().contracts_of(use.lot)) {
      const model::ContractRow* contract = call.view().contract(id);
      if (contract != nullptr && may_see(call.reader, *contract, call.caller)) return true;
    }
  }
  const model::ContractRow* contract =
      use.contract == 0 ? nullptr : call.view().contract(use.contract);
  return contract != nullptr && may_see(call.reader, *contract, call.caller);
}

bool is_image(documents::MediaType type) {
  return type != documents::MediaType::kPdf && type != documents::MediaType::kJson &&
         type != documents::MediaType::kText;
}

/// Photos and sheets are for all; papers for parties and staff; what nothing names, if it is a
/// picture, for all, as a lot's photos stand in its sheet and not in the log.
/// R8.6: the parties read what was handed in with a claim about their contract.
bool is_evidence(const Call& call, model::ContractId contract, const model::DocumentHash& hash) {
  const model::DisputeRow* claim = call.view().dispute(contract);
  return claim != nullptr && claim->evidence == hash &&
         may_see(call.reader, *call.view().contract(contract), call.caller);
}

bool may_read(const Call& call, model::ContractId contract, const model::DocumentHash& hash,
              documents::MediaType type) {
  if (call.caller.staff() || is_evidence(call, contract, hash)) return true;
  const auto uses = call.view().document_uses(hash);
  bool paper = false;
  for (const auto& use : uses) {
    if (use.kind == model::DocumentKind::kPhoto || use.kind == model::DocumentKind::kSheet) {
      continue;
    }
    if (sees_use(call, use)) return true;
    paper = true;
  }
  return !paper && (!uses.empty() || is_image(type));
}

}  // namespace

ReadResult get_lots(Call& call) {
  projections::LotQuery query;
  const bool mine = call.query.flag("mine");
  query.states = states_in(call, mine);
  query.product = product_in(call);
  query.province = call.query.code("province", 2);
  query.place = call.query.code("place", 6);
  query.farm = static_cast<model::ParticipantId>(call.query.number("farm", 0, UINT32_MAX));
  query.method = call.query.choice<model::Method>("method", model::Method::kNone);
  query.side = static_cast<std::uint8_t>(call.query.choice<model::Side>("side", model::Side{}));
  const auto slice = call.query.slice();
  query.cursor = slice.cursor;
  query.limit = slice.limit;
  if (mine) {
    if (call.caller.user == 0) return refused(Problem(Fault::unauthorized));
    query.initiator = call.caller.participant;
    if (query.initiator == 0) return list_response(call, 0, [](JsonWriter&) {});
  }
  const auto page = call.view().lots(query);
  return list_response(call, page.next, [&](JsonWriter& json) {
    for (const auto& [id, lot] : page.items) {
      if (may_see(call.reader, *lot, call.caller)) {
        write_lot(json, call.reader, *lot, call.caller);
      }
    }
  });
}

ReadResult get_lot(Call& call) {
  const model::LotRow* lot = call.view().lot(call.numbers[0]);
  if (lot == nullptr || !may_see(call.reader, *lot, call.caller)) {
    return refused(model::Reject::unknown_lot);
  }
  return row_response(call,
                      [&](JsonWriter& json) { write_lot(json, call.reader, *lot, call.caller); });
}

ReadResult get_bids(Call& call) {
  const auto slice = call.query.slice();
  const model::LotRow* lot = call.view().lot(call.numbers[0]);
  if (lot == nullptr || !may_see(call.reader, *lot, call.caller)) {
    return refused(model::Reject::unknown_lot);
  }
  const auto page = call.view().bids(lot->id, slice.cursor, slice.limit);
  const model::ProductRow& product = call.reader.product(lot->product);
  return list_response(call, page.next, [&](JsonWriter& json) {
    for (const auto& bid : page.items) write_bid(json, product, bid, call.caller);
  });
}

ReadResult get_document(Call& call) {
  const auto contract =
      static_cast<model::ContractId>(call.query.number("contract", 0, UINT32_MAX));
  model::DocumentHash hash{};
  if (call.word.size() != 64 || !parse_hex(call.word, hash)) {
    return refused(Problem(Fault::not_found));
  }
  auto document = call.services.documents.get(hash);
  if (!document) return refused(problem_of(document.error()));
  if (!may_read(call, contract, hash, document->media_type)) {
    return refused(Problem(call.caller.user == 0 ? Fault::unauthorized : Fault::forbidden));
  }
  HttpResponse response;
  response.content_type = documents::media_type_name(document->media_type);
  if (document->media_type == documents::MediaType::kText) {
    response.content_type += "; charset=utf-8";
  }
  const std::string etag = "\"" + to_hex(hash) + "\"";
  response.headers.emplace_back("ETag", etag);
  response.headers.emplace_back("Cache-Control", "private, max-age=31536000, immutable");
  // Whatever a picture carries, it runs nothing and fetches nothing.
  response.headers.emplace_back("Content-Security-Policy",
                                "default-src 'none'; style-src 'unsafe-inline'; sandbox");
  if (call.request.if_none_match.find(etag) != std::string_view::npos) {
    response.status = 304;
    return response;
  }
  response.body.assign(document->bytes.begin(), document->bytes.end());
  return response;
}

}  // namespace hulan::gateways
