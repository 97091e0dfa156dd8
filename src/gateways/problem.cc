// SPDX-License-Identifier: Apache-2.0
#include "gateways/problem.h"

#include <fmt/format.h>

#include <cstdlib>

#include "gateways/json_writer.h"
#include "gateways/words.h"

namespace hulan::gateways {
namespace {

struct FaultText {
  std::string_view code;
  unsigned status;
  std::string_view titles[3];
};

constexpr FaultText kFaults[] = {
#define X(name, status, english, chinese, russian) {#name, status, {chinese, english, russian}},
#include "gateways/problem.def"
#undef X
};

std::optional<Language> language_of(std::string_view tag) {
  const std::string_view primary = tag.substr(0, 2);
  if (tag.size() > 2 && tag[2] != '-') return std::nullopt;
  if (primary == "zh" || primary == "ZH") return Language::kChinese;
  if (primary == "en" || primary == "EN") return Language::kEnglish;
  if (primary == "ru" || primary == "RU") return Language::kRussian;
  return std::nullopt;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

/// q of one Accept-Language entry in thousandths; 0, never chosen, if it is not from 0 to 1.
int weight_of(std::string_view parameters) {
  const auto at = parameters.find("q=");
  if (at == std::string_view::npos) return 1000;
  const std::string number(parameters.substr(at + 2, 5));
  const double weight = std::strtod(number.c_str(), nullptr);
  return weight >= 0 && weight <= 1 ? static_cast<int>(weight * 1000) : 0;
}

}  // namespace

Language preferred_language(std::string_view accept_language) {
  Language best = Language::kChinese;
  int best_weight = 0;
  while (!accept_language.empty()) {
    const auto comma = accept_language.find(',');
    const std::string_view entry = trimmed(accept_language.substr(0, comma));
    const auto semicolon = entry.find(';');
    const auto language = language_of(trimmed(entry.substr(0, semicolon)));
    const int weight =
        semicolon == std::string_view::npos ? 1000 : weight_of(entry.substr(semicolon));
    if (language && weight > best_weight) {
      best = *language;
      best_weight = weight;
    }
    if (comma == std::string_view::npos) break;
    accept_language.remove_prefix(comma + 1);
  }
  return best;
}

std::optional<Fault> find_fault(std::string_view code) {
  for (std::size_t at = 0; at < std::size(kFaults); ++at) {
    if (kFaults[at].code == code) return static_cast<Fault>(at);
  }
  return std::nullopt;
}

Problem::Problem(Fault fault) {
  const FaultText& text = kFaults[static_cast<std::size_t>(fault)];
  status = text.status;
  code = text.code;
  for (int at = 0; at < 3; ++at) titles[at] = text.titles[at];
}

Problem::Problem(Fault fault, std::string problem_field, std::string problem_value,
                 std::string problem_expected)
    : Problem(fault) {
  field = std::move(problem_field);
  value = std::move(problem_value);
  expected = std::move(problem_expected);
}

Problem Problem::because(Fault fault, std::string detail) {
  Problem problem(fault);
  problem.detail = std::move(detail);
  return problem;
}

unsigned status_of(model::Reject reject) {
  using enum model::Reject;
  switch (reject) {
    case malformed_body:
    case unknown_command:
      return 400;
    case unknown_user:
    case user_inactive:
    case wrong_role:
    case not_your_participant:
    case own_approval:
    case not_mark_holder:
    case not_lot_owner:
    case not_contract_party:
    case not_the_actor:
    case not_leader:
    case not_invited:
    case own_quote:
    case not_your_quote:
    case not_share_holder:
    case trading_stopped:
    case not_permitted:
    case not_your_order:
      return 403;
    case unknown_participant:
    case unknown_pending:
    case unknown_account:
    case unknown_claim:
    case unknown_product:
    case unknown_mark:
    case unknown_lot:
    case unknown_document:
    case unknown_contract:
    case unknown_delivery:
    case unknown_book:
    case unknown_order:
    case unknown_quote:
    case unknown_seal_key:
    case unknown_request:
    case unknown_mandate:
      return 404;
    case market_already_initialized:
    case client_id_expired:
    case client_id_ahead:
    case client_id_reused:
    case participant_exists:
    case wrong_participant_state:
    case content_differs:
    case pending_decided:
    case duplicate_reference:
    case wrong_lot_state:
    case tag_in_use:
    case stale_price:
    case auction_not_open:
    case auction_closed:
    case already_leading:
    case lot_has_bids:
    case exclusive_over:
    case wrong_contract_state:
    case deadline_passed:
    case already_accepted:
    case wrong_contract_default:
    case too_late:
    case trading_halted:
    case halted_already:
    case not_halted:
    case bust_too_late:
    case order_number_used:
    case book_closed:
    case book_open:
    case book_uncrossing:
    case order_in_auction:
    case not_in_call:
    case would_trade:
    case cannot_fill:
    case request_over:
    case quote_stands:
    case quote_over:
      return 409;
    case market_not_initialized:
    case client_id_table_full:
    case users_full:
    case participants_full:
    case products_full:
    case marks_full:
    case pending_full:
    case lots_full:
    case documents_full:
    case tags_full:
    case contracts_full:
    case claims_full:
    case timers_full:
    case references_full:
    case day_prices_full:
    case relations_full:
    case bids_full:
    case sessions_full:
    case quotas_full:
    case quotes_full:
    case sealed_bids_full:
    case seal_keys_full:
    case mandates_full:
    case trading_full:
    case orders_full:
    case positions_full:
    case books_full:
      return 503;
    default:
      return 422;
  }
}

Problem problem_of(model::Reject reject, model::CommandType command, std::uint32_t detail) {
  const model::RejectText& text = model::reject_text(reject);
  Problem problem;
  problem.status = status_of(reject);
  problem.code = text.code;
  problem.rule = text.rule;
  problem.titles[0] = text.chinese;
  problem.titles[1] = text.english;
  problem.titles[2] = text.russian;
  if (detail == 0) return problem;
  using enum model::Reject;
  if (reject == missing_document || reject == document_expired || reject == missing_asf_test ||
      reject == missing_immunization || reject == invalid_document) {
    problem.field = "document";
    problem.value = word(static_cast<model::DocumentKind>(detail));
  } else {
    problem.value = fmt::format("{}", detail);
  }
  problem.detail = fmt::format("{}: {}", model::command_name(command), problem.value);
  return problem;
}

Problem problem_of(const identity::Error& error) {
  using enum identity::ErrorCode;
  const auto invalid = [&](const char* field) {
    return Problem(Fault::invalid_value, field, "", error.message);
  };
  switch (error.code) {
    case kInvalidLogin:
      return invalid("login");
    case kInvalidPassword:
      return invalid("password");
    case kInvalidName:
      return invalid("name");
    case kInvalidRoles:
      return invalid("roles");
    case kInvalidContact:
      return invalid("contact");
    case kInvalidPlace:
      return invalid("region");
    case kInvalidTaxNumber:
      return invalid("tax_number");
    case kInvalidKind:
      return invalid("kind");
    case kInvalidLifetime:
      return invalid("days");
    case kLoginTaken:
      return Problem(Fault::login_taken);
    case kUnknownUser:
      return problem_of(model::Reject::unknown_user, {}, 0);
    case kUnknownParticipant:
      return problem_of(model::Reject::unknown_participant, {}, 0);
    case kParticipantErased:
      return Problem(Fault::erased);
    case kWrongPassword:
      return Problem(Fault::wrong_password);
    case kUserDisabled:
      return Problem(Fault::user_disabled);
    case kTooManyFailures: {
      Problem problem(Fault::too_many_failures);
      problem.retry_after_s = error.retry_after_ns / 1'000'000'000 + 1;
      return problem;
    }
    case kUnknownToken:
      return Problem(Fault::unauthorized);
    case kTokenExpired:
      return Problem(Fault::token_expired);
    case kBusy:
    case kNewerFormat:
    case kStorage:
      return Problem::because(Fault::storage_failed, error.message);
  }
  return Problem(Fault::storage_failed);
}

Problem problem_of(const documents::Error& error) {
  using enum documents::ErrorCode;
  switch (error.code) {
    case kEmpty:
      return Problem::because(Fault::bad_request, error.message);
    case kTooLarge:
      return Problem::because(Fault::too_large, error.message);
    case kUnknownMediaType:
    case kMediaTypeMismatch:
      return Problem::because(Fault::unsupported_media_type, error.message);
    case kNotFound:
      return Problem(Fault::not_found);
    case kDamaged:
    case kStorage:
      return Problem::because(Fault::storage_failed, error.message);
  }
  return Problem(Fault::storage_failed);
}

void append_problem(std::string& out, const Problem& problem, Language language,
                    model::Sequence sequence, std::int64_t time_ns) {
  JsonWriter json(out);
  json.begin_object();
  json.field("type", fmt::format("/problems/{}", problem.code));
  json.field("title", problem.titles[static_cast<int>(language)]);
  json.field("status", problem.status);
  json.field("code", problem.code);
  if (!problem.rule.empty()) json.field("rule", problem.rule);
  if (!problem.detail.empty()) json.field("detail", problem.detail);
  if (!problem.field.empty()) json.field("field", problem.field);
  if (!problem.value.empty()) json.field("value", problem.value);
  if (!problem.expected.empty()) json.field("expected", problem.expected);
  json.field("sequence", sequence);
  json.time_field("time", time_ns);
  json.end_object();
}

}  // namespace hulan::gateways
