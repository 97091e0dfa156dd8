// SPDX-License-Identifier: Apache-2.0
#include "engine/lot/papers.h"

#include "engine/lot/lots.h"
#include "engine/market/access.h"

namespace hulan::engine {
namespace {

using model::DocumentKind;
using model::Reject;

enum class Found { kNone, kExpired, kValid };

Found find_paper(const State& state, const model::LotRow& lot, DocumentKind kind, model::Time now) {
  Found found = Found::kNone;
  for (std::uint32_t id = lot.first_document; id != 0; id = state.documents[id].next) {
    const auto& paper = state.documents[id];
    if (paper.kind != kind) continue;
    if (paper.issued_at <= now.value && now.value < paper.expires_at) return Found::kValid;
    found = Found::kExpired;
  }
  return found;
}

Reject missing(DocumentKind kind) {
  if (kind == DocumentKind::kAsfTest) return Reject::missing_asf_test;
  if (kind == DocumentKind::kImmunization) return Reject::missing_immunization;
  return Reject::missing_document;
}

std::size_t count_papers(const State& state, const model::LotRow& lot) {
  std::size_t count = 0;
  for (std::uint32_t id = lot.first_document; id != 0; id = state.documents[id].next) ++count;
  return count;
}

}  // namespace

Reject check_papers(Context& context, const model::LotRow& lot, const model::ProductRow& product) {
  for (std::size_t i = 0; i < product.required_count; ++i) {
    const auto kind = static_cast<DocumentKind>(product.required[i]);
    const Found found = find_paper(context.state, lot, kind, context.now);
    if (found == Found::kValid) continue;
    context.detail = product.required[i];
    return found == Found::kNone ? missing(kind) : Reject::document_expired;
  }
  return Reject::ok;
}

Outcome attach_document(Context& context, const model::AttachDocument& body) {
  State& state = context.state;
  if (const Reject r = check_own_draft(context, body.lot); r != Reject::ok) return {r};
  const bool known = body.kind >= DocumentKind::kPhoto && body.kind <= DocumentKind::kOther;
  if (!known || body.hash == model::DocumentHash{} || body.issued_at < 0 ||
      body.expires_at <= body.issued_at) {
    return {Reject::invalid_document};
  }
  if (state.documents.full() ||
      count_papers(state, state.lots[body.lot]) >= model::kMaxDocumentsPerLot) {
    return {Reject::documents_full};
  }
  const std::uint32_t id = state.documents.add();
  auto& lot = state.lots.edit(body.lot);
  auto& row = state.documents.edit(id);
  row = {.hash = body.hash,
         .number = body.number,
         .issued_at = body.issued_at,
         .expires_at = body.expires_at,
         .lot = body.lot,
         .next = lot.first_document,
         .attached_by = context.who.user,
         .kind = body.kind,
         .checked = 0,
         .reserved = 0};
  lot.first_document = id;
  context.emit_row<model::DocumentChanged>(id, row);
  context.emit_row<model::LotChanged>(body.lot, lot);
  return {Reject::ok, id};
}

Outcome check_document(Context& context, const model::CheckDocument& body) {
  State& state = context.state;
  if (const Reject r = require_staff(context, model::kRoleInspector); r != Reject::ok) return {r};
  if (!state.lots.has(body.lot)) return {Reject::unknown_lot};
  if (!state.documents.has(body.document) || state.documents[body.document].lot != body.lot) {
    return {Reject::unknown_document};
  }
  auto& row = state.documents.edit(body.document);
  row.checked = 1;
  context.emit_row<model::DocumentChanged>(body.document, row);
  return {Reject::ok, body.document};
}

}  // namespace hulan::engine
