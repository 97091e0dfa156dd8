// SPDX-License-Identifier: Apache-2.0
#include <sodium.h>

#include <array>
#include <utility>

#include "identity/directory.h"

namespace hulan::identity {
namespace {

/// What the HMAC covers. No field can hold a NUL, so the joint is unambiguous.
std::string hashed_content(const Participant& p) {
  std::string out;
  for (const std::string* field : {&p.name_zh, &p.name_en, &p.name_ru, &p.tax_number}) {
    out += *field;
    out += '\0';
  }
  return out;
}

}  // namespace

ParticipantId Directory::next_participant_id() const {
  return participants_.empty() ? 1 : participants_.rbegin()->first + 1;
}

Result<void> Directory::insert_key(ParticipantId id) {
  std::array<std::uint8_t, 32> key{};
  randombytes_buf(key.data(), key.size());
  auto written =
      database_.prepare("INSERT OR IGNORE INTO participant_keys(participant, key) VALUES(?, ?)")
          .bind(id)
          .bind(std::span<const std::uint8_t>(key))
          .run();
  sodium_memzero(key.data(), key.size());
  return written;
}

Result<void> Directory::write_participant(const Participant& p) {
  return database_
      .prepare(
          "INSERT INTO participants(id, name_zh, name_en, name_ru, kind, phone, address, contact,"
          " place, tax_number, erased) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
          " ON CONFLICT(id) DO UPDATE SET name_zh = excluded.name_zh, name_en = excluded.name_en,"
          " name_ru = excluded.name_ru, kind = excluded.kind, phone = excluded.phone,"
          " address = excluded.address, contact = excluded.contact, place = excluded.place,"
          " tax_number = excluded.tax_number, erased = excluded.erased")
      .bind(p.id)
      .bind(p.name_zh)
      .bind(p.name_en)
      .bind(p.name_ru)
      .bind(std::to_underlying(p.kind))
      .bind(p.phone)
      .bind(p.address)
      .bind(p.contact)
      .bind(p.place)
      .bind(p.tax_number)
      .bind(p.erased ? 1 : 0)
      .run();
}

Result<ParticipantId> Directory::upsert_participant(Participant participant) {
  if (auto checked = check_participant(participant); !checked) {
    return std::unexpected(checked.error());
  }
  if (participant.id == 0) participant.id = next_participant_id();
  const Participant* present = find_participant(participant.id);
  if (present != nullptr && present->erased) {
    return refuse(ErrorCode::kParticipantErased,
                  "the data of participant " + std::to_string(participant.id) + " was erased");
  }
  participant.erased = false;
  const auto written = database_.transaction([&] {
    return in_order([&] { return write_participant(participant); },
                    [&] { return insert_key(participant.id); });
  });
  if (!written) return std::unexpected(written.error());
  const ParticipantId id = participant.id;
  participants_.insert_or_assign(id, std::move(participant));
  return id;
}

const Participant* Directory::find_participant(ParticipantId id) const {
  const auto found = participants_.find(id);
  return found == participants_.end() ? nullptr : &found->second;
}

std::vector<const Participant*> Directory::participants() const {
  std::vector<const Participant*> out;
  out.reserve(participants_.size());
  for (const auto& [id, participant] : participants_) out.push_back(&participant);
  return out;
}

Result<Sha256> Directory::name_hmac(ParticipantId id) {
  const Participant* participant = find_participant(id);
  if (participant == nullptr) {
    return refuse(ErrorCode::kUnknownParticipant, "there is no participant " + std::to_string(id));
  }
  auto query = database_.prepare("SELECT key FROM participant_keys WHERE participant = ?");
  const auto row = query.bind(id).step();
  if (!row) return std::unexpected(row.error());
  if (!*row) {
    return refuse(ErrorCode::kParticipantErased,
                  "the data of participant " + std::to_string(id) + " was erased");
  }
  const std::string content = hashed_content(*participant);
  return hmac_sha256(query.blob(0),
                     {reinterpret_cast<const std::uint8_t*>(content.data()), content.size()});
}

Result<void> Directory::erase_rows(ParticipantId id) {
  // The freed login cannot be well formed, so nobody can have or take it.
  constexpr const char* kStatements[] = {
      "UPDATE participants SET name_zh = '', name_en = '', name_ru = '', phone = '', address = '',"
      " contact = '', tax_number = '', erased = 1 WHERE id = ?",
      "DELETE FROM participant_keys WHERE participant = ?",
      "DELETE FROM tokens WHERE user IN (SELECT id FROM users WHERE participant = ?)",
      "UPDATE users SET login = '~' || id, name = '', password = '', disabled = 1"
      " WHERE participant = ?"};
  for (const char* sql : kStatements) {
    if (auto done = database_.prepare(sql).bind(id).run(); !done) return done;
  }
  return {};
}

Result<void> Directory::erase_participant(ParticipantId id) {
  const auto found = participants_.find(id);
  if (found == participants_.end()) {
    return refuse(ErrorCode::kUnknownParticipant, "there is no participant " + std::to_string(id));
  }
  const auto erased = database_.transaction([&] { return erase_rows(id); });
  if (!erased) return erased;
  Participant rest;
  rest.id = id;
  rest.kind = found->second.kind;
  rest.place = found->second.place;
  rest.erased = true;
  found->second = std::move(rest);
  for (auto& [user_id, user] : users_) {
    if (user.participant != id) continue;
    logins_.erase(user.login);
    user.login = "~" + std::to_string(user_id);
    user.name.clear();
    user.disabled = true;
    logins_.emplace(user.login, user_id);
    forget_tokens_of(user_id);
  }
  return database_.checkpoint();
}

}  // namespace hulan::identity
