// SPDX-License-Identifier: Apache-2.0
#include "gateways/router.h"

#include <charconv>

#include "gateways/handlers.h"

namespace hulan::gateways {
namespace {

using enum HttpMethod;

constexpr bool kAll = false;
constexpr bool kUser = true;

const Route kRoutes[] = {
    {kGet, "/healthz", kAll, &get_health},
    {kGet, "/readyz", kAll, &get_ready},
    {kGet, "/metrics", kAll, &get_metrics},
    {kGet, "/openapi.json", kAll, &get_openapi},
    {kGet, "/problems/{code}", kAll, &get_problem},

    {kGet, "/v1/market", kAll, &get_market},
    {kGet, "/v1/places", kAll, &get_places},
    {kGet, "/v1/products", kAll, &get_products},
    {kGet, "/v1/products/{id}", kAll, &get_product},
    {kGet, "/v1/lots", kAll, &get_lots},
    {kGet, "/v1/lots/{id}", kAll, &get_lot},
    {kGet, "/v1/lots/{id}/bids", kAll, &get_bids},
    {kGet, "/v1/trades", kAll, &get_trades},
    {kGet, "/v1/prices", kAll, &get_prices},
    {kGet, "/v1/prices/history", kAll, &get_index},
    {kGet, "/v1/index", kAll, &get_index},
    {kGet, "/v1/candles", kAll, &get_candles},
    {kGet, "/v1/trading-sessions", kAll, &get_trading_sessions},
    {kGet, "/v1/trading-sessions/{id}", kAll, &get_trading_session},
    {kGet, "/v1/books", kAll, &get_books},
    {kGet, "/v1/books/{id}", kAll, &get_book},
    {kGet, "/v1/orders", kUser, &get_orders},
    {kGet, "/v1/positions", kUser, &get_positions},
    {kGet, "/v1/halts", kAll, &get_halts},
    {kGet, "/v1/lots/{id}/quotes", kUser, &get_lot_quotes},
    {kGet, "/v1/quotes", kUser, &get_quotes},
    {kGet, "/v1/mandates", kUser, &get_mandates},
    {kGet, "/v1/seal-keys", kAll, &get_seal_keys},
    {kGet, "/v1/marks", kAll, &get_marks},
    {kGet, "/v1/references", kAll, &get_references},
    {kGet, "/v1/documents/{sha256}", kAll, &get_document},

    {kGet, "/v1/checkpoints", kAll, &get_checkpoints},
    {kGet, "/v1/checkpoints/latest", kAll, &get_latest_checkpoint},
    {kGet, "/v1/checkpoints/key", kAll, &get_checkpoint_key},
    {kGet, "/v1/proof/inclusion", kAll, &get_inclusion},
    {kGet, "/v1/proof/consistency", kAll, &get_consistency},
    {kGet, "/v1/receipts/{sequence}", kUser, &get_receipt},

    {kGet, "/v1/me", kUser, &get_me},
    {kGet, "/v1/users", kUser, &get_users},
    {kGet, "/v1/participants", kUser, &get_participants},
    {kGet, "/v1/participants/{id}", kUser, &get_participant},
    {kGet, "/v1/relations", kUser, &get_relations},
    {kGet, "/v1/accounts/{participant}", kUser, &get_account},
    {kGet, "/v1/accounts/{participant}/statement", kUser, &get_statement},
    {kGet, "/v1/operator/accounts", kUser, &get_operator_accounts},
    {kGet, "/v1/contracts", kUser, &get_contracts},
    {kGet, "/v1/contracts/{id}", kUser, &get_contract},
    {kGet, "/v1/contracts/{id}/document", kUser, &get_contract_document},
    {kGet, "/v1/approvals", kUser, &get_approvals},
    {kGet, "/v1/claims", kUser, &get_claims},
    {kGet, "/v1/surveillance", kUser, &get_surveillance},

    {kPost, "/v1/sessions", kAll, &post_session},
    {kDelete, "/v1/sessions", kUser, &delete_session},
    {kPost, "/v1/demo/become", kAll, &post_become},
    {kPost, "/v1/demo/next", kUser, &post_next},
    {kPost, "/v1/documents", kUser, &post_document},

    {kPost, "/v1/users", kUser, &post_user},
    {kPost, "/v1/users/{id}/tokens", kUser, &post_token},
    {kPost, "/v1/users/{id}/state", kUser, &post_user_state},
    {kPost, "/v1/participants", kUser, &post_participant},
    {kPost, "/v1/participants/{id}/state", kUser, &post_participant_state},
    {kPost, "/v1/relations", kUser, &post_relation},
    {kPost, "/v1/approvals/{id}/approve", kUser, &post_approve},
    {kPost, "/v1/approvals/{id}/reject", kUser, &post_reject},
    {kPost, "/v1/deposits", kUser, &post_deposit},
    {kPost, "/v1/withdrawals", kUser, &post_withdrawal},
    {kPost, "/v1/postings", kUser, &post_posting},
    {kPost, "/v1/bank-balances", kUser, &post_bank_balance},
    {kPost, "/v1/claims/{id}/pay", kUser, &post_claim_payment},
    {kPost, "/v1/products", kUser, &post_product},
    {kPost, "/v1/references", kUser, &post_reference},
    {kPost, "/v1/marks", kUser, &post_mark},
    {kPost, "/v1/marks/{id}/grants", kUser, &post_grant},
    {kDelete, "/v1/marks/{id}/grants/{farm}", kUser, &delete_grant},

    {kPost, "/v1/lots", kUser, &post_lot},
    {kPost, "/v1/lots/{id}/documents", kUser, &post_lot_document},
    {kPost, "/v1/lots/{id}/documents/{n}/check", kUser, &post_document_check},
    {kPost, "/v1/lots/{id}/tags", kUser, &post_tags},
    {kPost, "/v1/lots/{id}/listing", kUser, &post_listing},
    {kPost, "/v1/lots/{id}/take", kUser, &post_take},
    {kPost, "/v1/lots/{id}/auction", kUser, &post_auction},
    {kPost, "/v1/lots/{id}/bids", kUser, &post_bid},
    {kPost, "/v1/lots/{id}/proxy", kUser, &post_proxy},
    {kPost, "/v1/lots/{id}/accept", kUser, &post_accept_bid},
    {kPost, "/v1/lots/{id}/raise", kUser, &post_raise},
    {kPost, "/v1/lots/{id}/withdraw", kUser, &post_withdraw_lot},

    {kPost, "/v1/trading-sessions", kUser, &post_trading_session},
    {kPost, "/v1/trading-sessions/{id}/quotas", kUser, &post_quota},
    {kPost, "/v1/lots/{id}/clock", kUser, &post_clock},
    {kPost, "/v1/lots/{id}/shared-clock", kUser, &post_shared_clock},

    {kPost, "/v1/books", kUser, &post_book},
    {kPost, "/v1/books/{id}/orders", kUser, &post_order},
    {kPost, "/v1/orders/{order}/cancel", kUser, &post_cancel_order},
    {kPost, "/v1/orders/{order}/reduce", kUser, &post_reduce_order},
    {kPost, "/v1/orders/{order}/replace", kUser, &post_replace_order},

    {kPost, "/v1/halts", kUser, &post_halt},
    {kPost, "/v1/halts/resume", kUser, &post_resume},
    {kPost, "/v1/participants/{id}/kill", kUser, &post_kill},
    {kPost, "/v1/participants/{id}/revive", kUser, &post_revive},
    {kPost, "/v1/participants/{id}/permission", kUser, &post_permission},
    {kPost, "/v1/contracts/{id}/bust", kUser, &post_bust},
    {kPost, "/v1/lots/{id}/request", kUser, &post_request},
    {kPost, "/v1/lots/{id}/quotes", kUser, &post_quote},
    {kPost, "/v1/quotes/{id}/counter", kUser, &post_counter},
    {kPost, "/v1/quotes/{id}/accept", kUser, &post_accept_quote},
    {kPost, "/v1/quotes/{id}/end", kUser, &post_end_quote},

    {kPost, "/v1/seal-keys", kUser, &post_seal_key},
    {kPost, "/v1/seal-keys/{id}/share", kUser, &post_share},
    {kPost, "/v1/lots/{id}/sealed", kUser, &post_sealed},
    {kPost, "/v1/lots/{id}/sealed-bids", kUser, &post_sealed_bid},
    {kPost, "/v1/mandates", kUser, &post_mandate},
    {kPost, "/v1/mandates/{id}/confirm", kUser, &post_confirm_mandate},
    {kPost, "/v1/mandates/{id}/revoke", kUser, &post_revoke_mandate},

    {kPost, "/v1/contracts/{id}/pay", kUser, &post_pay},
    {kPost, "/v1/contracts/{id}/schedule", kUser, &post_schedule},
    {kPost, "/v1/contracts/{id}/load", kUser, &post_load},
    {kPost, "/v1/contracts/{id}/arrive", kUser, &post_arrive},
    {kPost, "/v1/contracts/{id}/weigh", kUser, &post_weigh},
    {kPost, "/v1/contracts/{id}/accept", kUser, &post_accept},
    {kPost, "/v1/contracts/{id}/refuse", kUser, &post_refuse},
    {kPost, "/v1/contracts/{id}/topup", kUser, &post_topup},
    {kPost, "/v1/contracts/{id}/adjustment", kUser, &post_adjustment},
    {kPost, "/v1/contracts/{id}/cancel", kUser, &post_cancel},
    {kPost, "/v1/contracts/{id}/dispute", kUser, &post_dispute},
    {kPost, "/v1/contracts/{id}/dispute/end", kUser, &post_dispute_end},
    {kPost, "/v1/contracts/{id}/claim", kUser, &post_claim},
    {kPost, "/v1/contracts/{id}/claim/withdraw", kUser, &post_claim_withdrawal},
    {kPost, "/v1/contracts/{id}/claim/grant", kUser, &post_claim_grant},
    {kPost, "/v1/contracts/{id}/award", kUser, &post_award},
    {kPost, "/v1/contracts/{id}/resale", kUser, &post_resale},
    {kPost, "/v1/contracts/{id}/cover", kUser, &post_cover},
    {kPost, "/v1/contracts/{id}/close", kUser, &post_close},
};

std::string_view next_segment(std::string_view& path) {
  path.remove_prefix(1);  // the slash
  const auto end = path.find('/');
  const std::string_view segment = path.substr(0, end);
  path.remove_prefix(end == std::string_view::npos ? path.size() : end);
  return segment;
}

bool read_number(std::string_view text, std::uint32_t& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc{} && end == text.data() + text.size() && out != 0 && text[0] != '0';
}

bool fits(std::string_view pattern, std::string_view path, Match& match) {
  std::size_t numbers = 0;
  while (!pattern.empty() && !path.empty()) {
    const std::string_view wanted = next_segment(pattern);
    const std::string_view given = next_segment(path);
    if (wanted == "{sha256}" || wanted == "{code}" || wanted == "{sequence}" ||
        wanted == "{order}") {
      match.word = given;
    } else if (wanted.starts_with('{')) {
      if (!read_number(given, match.numbers[numbers++])) return false;
    } else if (wanted != given) {
      return false;
    }
  }
  return pattern.empty() && path.empty();
}

}  // namespace

std::span<const Route> all_routes() { return kRoutes; }

Match match_route(HttpMethod method, std::string_view path) {
  Match found;
  if (!path.starts_with('/')) return found;
  for (const Route& route : kRoutes) {
    Match match;
    if (!fits(route.path, path, match)) continue;
    match.path_known = found.path_known = true;
    if (route.method != method) continue;
    match.route = &route;
    return match;
  }
  return found;
}

}  // namespace hulan::gateways
