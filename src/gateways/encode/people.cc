// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/sha256.h"
#include "gateways/encode/encode.h"
#include "gateways/words.h"

namespace hulan::gateways {
namespace {

using model::PendingKind;

void add_subject(JsonWriter& json, const Reader& reader, const model::PendingRow& row) {
  json.field("subject", row.subject);
  switch (row.kind) {
    case PendingKind::kAdmission:
    case PendingKind::kDeposit:
    case PendingKind::kWithdrawal:
    case PendingKind::kManualPosting:
      json.field("subject_kind", "participant");
      json.text_field("subject_name", reader.name_of(row.subject));
      break;
    case PendingKind::kProduct:
      json.field("subject_kind", "product");
      json.text_field("subject_name", reader.texts(reader.product(row.subject)).name);
      break;
    case PendingKind::kLotWithdrawal:
      json.field("subject_kind", "lot");
      break;
    case PendingKind::kContractCancel:
    case PendingKind::kDisputeEnd:
    case PendingKind::kBust:
    case PendingKind::kAward:
      json.field("subject_kind", "contract");
      break;
  }
}

/// Side of a manual posting: slots 0..4 are a participant's accounts, from 5 on the operator's.
void account_field(JsonWriter& json, const Reader& reader, std::string_view name,
                   std::uint32_t slot, model::ParticipantId participant) {
  json.begin_object(name);
  if (participant != 0) {
    json.field("participant", participant);
    json.text_field("name", reader.name_of(participant));
    json.field("bucket", word(static_cast<model::Bucket>(slot)));
  } else {
    json.field("account", word(static_cast<model::OperatorAccount>(slot)));
  }
  json.end_object();
}

void user_field(JsonWriter& json, const Reader& reader, std::string_view name, model::UserId id) {
  if (id == 0) return json.null_field(name);
  const identity::User* user = reader.identity.find_user(id);
  json.begin_object(name);
  json.field("id", id);
  json.field("name", user == nullptr ? std::string_view{} : std::string_view(user->name));
  json.end_object();
}

}  // namespace

std::string reference_text(const Reader& reader, const model::DocumentHash& reference) {
  const auto end = std::find(reference.begin(), reference.end(), std::uint8_t{0});
  const bool text =
      end != reference.begin() &&
      std::all_of(end, reference.end(), [](auto c) { return c == 0; }) &&
      std::all_of(reference.begin(), end, [](auto c) { return c >= 0x20 && c < 0x7F; });
  if (text) return {reference.begin(), end};
  return reader.catalogue.text(reference);
}

void party_field(JsonWriter& json, const Reader& reader, std::string_view name,
                 model::ParticipantId id) {
  json.begin_object(name);
  json.field("id", id);
  json.text_field("name", reader.name_of(id));
  json.end_object();
}

void roles_field(JsonWriter& json, std::string_view name, std::uint16_t roles) {
  json.begin_array(name);
  for (const auto& [role, role_word] : kRoleWords) {
    if ((roles & role) != 0) json.value(role_word);
  }
  json.end_array();
}

void write_participant(JsonWriter& json, const Reader& reader, std::uint64_t id,
                       const model::ParticipantRow& row, const Caller& caller) {
  const auto number = static_cast<model::ParticipantId>(id);
  const identity::Participant* person = reader.identity.find_participant(number);
  json.begin_object();
  json.field("id", id);
  json.text_field("name", reader.name_of(number));
  json.field("kind", word(row.kind));
  json.field("form", word(row.form));
  json.field("vat", word(row.vat));
  json.field("region", region_code(row.region));
  json.field("state", word(row.state));
  const projections::Standing standing = reader.view.standing(number);
  json.begin_object("standing");
  json.field("clean_trades", standing.clean_trades);
  json.field("defaults", standing.defaults);
  json.begin_array("latest_defaults");
  for (const std::int64_t time : standing.latest_defaults) {
    if (time == 0) continue;
    json.begin_object();
    json.time_field("time", time);
    json.end_object();
  }
  json.end_array();
  json.end_object();
  if (person != nullptr && (caller.is(number) || caller.staff())) {
    json.field("phone", person->phone);
    json.field("address", person->address);
    json.field("contact", person->contact);
    json.field("tax_number", person->tax_number);
  }
  json.end_object();
}

void add_balances(JsonWriter& json, const projections::Balances& balances) {
  for (std::size_t at = 0; at < balances.size(); ++at) {
    json.money_field(word(static_cast<model::Bucket>(at)), balances[at]);
  }
}

void write_account(JsonWriter& json, const Reader& reader, model::ParticipantId id,
                   model::Currency currency) {
  json.begin_object();
  json.field("participant", id);
  json.field("currency", word(currency));
  add_balances(json, reader.view.balances(id, currency));
  json.end_object();
}

void write_pending(JsonWriter& json, const Reader& reader, std::uint64_t id,
                   const model::PendingRow& row, const Caller& caller) {
  const bool posting = row.kind == PendingKind::kManualPosting;
  json.begin_object();
  json.field("id", id);
  json.field("kind", word(row.kind));
  json.field("state", word(row.state));
  json.field("content", to_hex(row.content));
  json.time_field("created_at", row.created_at);
  json.field("approvals", row.approvals);
  json.field("needed", row.needed);
  user_field(json, reader, "proposer", row.proposer);
  user_field(json, reader, "first_approver", row.first_approver);
  add_subject(json, reader, row);
  if (row.amount.value == 0) {
    json.null_field("amount");
  } else {
    json.money_field("amount", row.amount);
  }
  if (posting) {
    account_field(json, reader, "from", row.detail >> 8 & 0xFF, row.subject);
    account_field(json, reader, "to", row.detail >> 16 & 0xFF, row.detail2);
  }
  json.field("currency", word(static_cast<model::Currency>(row.detail & 0xFF)));
  json.field("reason", reference_text(reader, row.reference));
  json.field("own", caller.user != 0 &&
                        (caller.user == row.proposer || caller.user == row.first_approver));
  json.end_object();
}

void write_claim(JsonWriter& json, const Reader& reader, std::uint64_t id,
                 const model::ClaimRow& row) {
  json.begin_object();
  json.field("id", id);
  if (row.creditor == 0) {
    json.null_field("creditor");  // the market itself
  } else {
    party_field(json, reader, "creditor", row.creditor);
  }
  party_field(json, reader, "debtor", row.debtor);
  json.field("contract", row.contract);
  json.field("ground", word(row.ground));
  json.field("currency", word(row.currency));
  json.money_field("amount", row.amount);
  json.money_field("paid", row.paid);
  json.money_field("left", row.amount - row.paid);
  json.time_field("created_at", row.created_at);
  json.field("made_by", row.sequence);
  json.end_object();
}

}  // namespace hulan::gateways
