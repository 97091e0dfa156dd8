// SPDX-License-Identifier: Apache-2.0
// The functions behind router.cc's table, by file: reads/, commands/ and other/.
#pragma once

#include "gateways/call.h"

namespace hulan::gateways {

[[nodiscard]] ReadResult get_health(Call& call);
[[nodiscard]] ReadResult get_ready(Call& call);
[[nodiscard]] ReadResult get_metrics(Call& call);
[[nodiscard]] ReadResult get_openapi(Call& call);
[[nodiscard]] ReadResult get_problem(Call& call);
[[nodiscard]] ReadResult get_market(Call& call);
[[nodiscard]] ReadResult get_places(Call& call);
[[nodiscard]] ReadResult get_products(Call& call);
[[nodiscard]] ReadResult get_product(Call& call);
[[nodiscard]] ReadResult get_lots(Call& call);
[[nodiscard]] ReadResult get_lot(Call& call);
[[nodiscard]] ReadResult get_bids(Call& call);
[[nodiscard]] ReadResult get_trades(Call& call);
[[nodiscard]] ReadResult get_prices(Call& call);
[[nodiscard]] ReadResult get_index(Call& call);
[[nodiscard]] ReadResult get_candles(Call& call);
[[nodiscard]] ReadResult get_trading_sessions(Call& call);
[[nodiscard]] ReadResult get_trading_session(Call& call);
[[nodiscard]] ReadResult get_books(Call& call);
[[nodiscard]] ReadResult get_book(Call& call);
[[nodiscard]] ReadResult get_orders(Call& call);
[[nodiscard]] ReadResult get_positions(Call& call);
[[nodiscard]] ReadResult get_halts(Call& call);
[[nodiscard]] ReadResult get_lot_quotes(Call& call);
[[nodiscard]] ReadResult get_quotes(Call& call);
[[nodiscard]] ReadResult get_marks(Call& call);
[[nodiscard]] ReadResult get_references(Call& call);
[[nodiscard]] ReadResult get_document(Call& call);
[[nodiscard]] ReadResult get_me(Call& call);
[[nodiscard]] ReadResult get_users(Call& call);
[[nodiscard]] ReadResult get_participants(Call& call);
[[nodiscard]] ReadResult get_participant(Call& call);
[[nodiscard]] ReadResult get_relations(Call& call);
[[nodiscard]] ReadResult get_account(Call& call);
[[nodiscard]] ReadResult get_statement(Call& call);
[[nodiscard]] ReadResult get_operator_accounts(Call& call);
[[nodiscard]] ReadResult get_contracts(Call& call);
[[nodiscard]] ReadResult get_contract(Call& call);
[[nodiscard]] ReadResult get_contract_document(Call& call);
[[nodiscard]] ReadResult get_approvals(Call& call);
[[nodiscard]] ReadResult get_claims(Call& call);
[[nodiscard]] ReadResult get_checkpoints(Call& call);
[[nodiscard]] ReadResult get_latest_checkpoint(Call& call);
[[nodiscard]] ReadResult get_checkpoint_key(Call& call);
[[nodiscard]] ReadResult get_inclusion(Call& call);
[[nodiscard]] ReadResult get_consistency(Call& call);

[[nodiscard]] CommandResult post_user(Call& call, Fields& fields);
[[nodiscard]] CommandResult post_participant(Call& call, Fields& fields);
[[nodiscard]] CommandResult post_participant_state(Call& call, Fields& fields);
[[nodiscard]] CommandResult post_relation(Call& call, Fields& fields);
[[nodiscard]] CommandResult post_approve(Call& call, Fields& fields);
[[nodiscard]] CommandResult post_reject(Call& call, Fields& fields);
[[nodiscard]] CommandResult post_deposit(Call& call, Fields& fields);
[[nodiscard]] CommandResult post_withdrawal(Call& call, Fields& fields);
[[nodiscard]] CommandResult post_posting(Call& call, Fields& fields);
[[nodiscard]] CommandResult post_bank_balance(Call& call, Fields& fields);
[[nodiscard]] CommandResult post_claim_payment(Call& call, Fields& fields);
[[nodiscard]] CommandResult post_reference(Call& call, Fields& fields);
[[nodiscard]] CommandResult post_mark(Call& call, Fields& fields);
[[nodiscard]] CommandResult post_grant(Call& call, Fields& fields);
[[nodiscard]] CommandResult delete_grant(Call& call, Fields& fields);
[[nodiscard]] CommandResult post_lot(Call& call, Fields& fields);
[[nodiscard]] CommandResult post_lot_document(Call& call, Fields& fields);
[[nodiscard]] CommandResult post_document_check(Call& call, Fields& fields);
[[nodiscard]] CommandResult post_tags(Call& call, Fields& fields);
[[nodiscard]] CommandResult post_listing(Call& call, Fields& fields);
[[nodiscard]] CommandResult post_take(Call& call, Fields& fields);
[[nodiscard]] CommandResult post_auction(Call& call, Fields& fields);
[[nodiscard]] CommandResult post_bid(Call& call, Fields& fields);
[[nodiscard]] CommandResult post_proxy(Call& call, Fields& fields);
[[nodiscard]] CommandResult post_accept_bid(Call& call, Fields& fields);
[[nodiscard]] CommandResult post_raise(Call& call, Fields& fields);
[[nodiscard]] CommandResult post_withdraw_lot(Call& call, Fields& fields);
[[nodiscard]] CommandResult post_trading_session(Call& call, Fields& fields);
[[nodiscard]] CommandResult post_clock(Call& call, Fields& fields);
[[nodiscard]] CommandResult post_quota(Call& call, Fields& fields);
[[nodiscard]] CommandResult post_book(Call& call, Fields& fields);
[[nodiscard]] CommandResult post_order(Call& call, Fields& fields);
[[nodiscard]] CommandResult post_cancel_order(Call& call, Fields& fields);
[[nodiscard]] CommandResult post_reduce_order(Call& call, Fields& fields);
[[nodiscard]] CommandResult post_replace_order(Call& call, Fields& fields);
[[nodiscard]] CommandResult post_halt(Call& call, Fields& fields);
[[nodiscard]] CommandResult post_resume(Call& call, Fields& fields);
[[nodiscard]] CommandResult post_kill(Call& call, Fields& fields);
[[nodiscard]] CommandResult post_revive(Call& call, Fields& fields);
[[nodiscard]] CommandResult post_permission(Call& call, Fields& fields);
[[nodiscard]] CommandResult post_bust(Call& call, Fields& fields);
[[nodiscard]] CommandResult post_request(Call& call, Fields& fields);
[[nodiscard]] CommandResult post_quote(Call& call, Fields& fields);
[[nodiscard]] CommandResult post_counter(Call& call, Fields& fields);
[[nodiscard]] CommandResult post_accept_quote(Call& call, Fields& fields);
[[nodiscard]] CommandResult post_end_quote(Call& call, Fields& fields);
[[nodiscard]] CommandResult post_pay(Call& call, Fields& fields);
[[nodiscard]] CommandResult post_schedule(Call& call, Fields& fields);
[[nodiscard]] CommandResult post_load(Call& call, Fields& fields);
[[nodiscard]] CommandResult post_arrive(Call& call, Fields& fields);
[[nodiscard]] CommandResult post_weigh(Call& call, Fields& fields);
[[nodiscard]] CommandResult post_accept(Call& call, Fields& fields);
[[nodiscard]] CommandResult post_refuse(Call& call, Fields& fields);
[[nodiscard]] CommandResult post_topup(Call& call, Fields& fields);
[[nodiscard]] CommandResult post_adjustment(Call& call, Fields& fields);
[[nodiscard]] CommandResult post_cancel(Call& call, Fields& fields);
[[nodiscard]] CommandResult post_dispute(Call& call, Fields& fields);
[[nodiscard]] CommandResult post_dispute_end(Call& call, Fields& fields);
[[nodiscard]] CommandResult post_resale(Call& call, Fields& fields);
[[nodiscard]] CommandResult post_cover(Call& call, Fields& fields);
[[nodiscard]] CommandResult post_close(Call& call, Fields& fields);

void post_session(Call& call, const HttpReply& reply);
void delete_session(Call& call, const HttpReply& reply);
void post_become(Call& call, const HttpReply& reply);
void post_next(Call& call, const HttpReply& reply);
void post_document(Call& call, const HttpReply& reply);
void post_token(Call& call, const HttpReply& reply);
void post_user_state(Call& call, const HttpReply& reply);
void post_product(Call& call, const HttpReply& reply);
void get_receipt(Call& call, const HttpReply& reply);

}  // namespace hulan::gateways
