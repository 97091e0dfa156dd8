// SPDX-License-Identifier: Apache-2.0
#include "hulan/commands/record_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <iterator>

#include "gateways/moment.h"
#include "gateways/words.h"
#include "hulan/commands/field_writer.h"
#include "model/command.h"

namespace hulan::app {
namespace {

using namespace model;
using gateways::word;

template <class Enum>
std::string_view choice(std::uint32_t value) {
  return value > 0xFF ? "none" : word(static_cast<Enum>(value));
}

void write(FieldWriter&, const Tick&) {}

void write(FieldWriter& out, const InitMarket& body) {
  out.number("withdrawal_limit_fen", body.withdrawal_limit_fen);
  out.number("notice_ns", body.notice_ns);
  out.number("exclusive_ns", body.exclusive_ns);
  out.number("settle_after_ns", body.settle_after_ns);
  out.number("client_id_ns", body.client_id_ns);
  out.number("utc_offset_s", body.utc_offset_s);
  out.number("market_days", body.market_days);
  out.number("pay_minute", body.pay_minute);
  out.number("topup_minute", body.topup_minute);
  out.number("defaults_to_suspend", body.defaults_to_suspend);
  out.number("administrator", body.administrator);
  out.hash("name_document", body.name_document);
}

void write(FieldWriter& out, const RegisterUser& body) {
  out.number("id", body.id);
  out.number("participant", body.participant);
  out.begin_list("roles");
  for (const auto& [role, name] : gateways::kRoleWords) {
    if ((body.roles & role) != 0) out.item(name);
  }
  out.end_list();
  out.boolean("active", body.active != 0);
}

void write(FieldWriter& out, const ApplyParticipant& body) {
  out.number("id", body.id);
  out.word("kind", word(body.kind));
  out.word("form", word(body.form));
  out.word("vat", word(body.vat));
  out.number("region", body.region);
  out.hash("name_hmac", body.name_hmac);
}

void write(FieldWriter& out, const SetParticipantState& body) {
  out.number("id", body.id);
  out.word("state", word(body.state));
  out.reference("reason", body.reason);
}

void write(FieldWriter& out, const RelateParticipants& body) {
  out.number("a", body.a);
  out.number("b", body.b);
  out.boolean("active", body.active != 0);
}

void write(FieldWriter& out, const Approve& body) {
  out.number("pending", body.pending);
  out.hash("content", body.content);
}

void write(FieldWriter& out, const RejectPending& body) {
  out.number("pending", body.pending);
  out.reference("reason", body.reason);
}

void write(FieldWriter& out, const RecordDeposit& body) {
  out.number("id", body.id);
  out.word("currency", choice<Currency>(body.currency));
  out.number("amount_fen", body.amount_fen);
  out.reference("bank_reference", body.bank_reference);
}

void write(FieldWriter& out, const RequestWithdrawal& body) {
  out.number("id", body.id);
  out.word("currency", choice<Currency>(body.currency));
  out.number("amount_fen", body.amount_fen);
  out.reference("bank_account", body.bank_account);
}

std::string_view account_name(const AccountRef& account) {
  return account.participant != 0 ? choice<Bucket>(account.bucket)
                                  : choice<OperatorAccount>(account.bucket);
}

void write(FieldWriter& out, const PostManual& body) {
  out.number("from_participant", body.from.participant);
  out.word("from_account", account_name(body.from));
  out.number("to_participant", body.to.participant);
  out.word("to_account", account_name(body.to));
  out.word("currency", choice<Currency>(body.currency));
  out.number("amount_fen", body.amount_fen);
  out.reference("reason", body.reason);
}

void write(FieldWriter& out, const ReconcileBank& body) {
  out.word("currency", choice<Currency>(body.currency));
  out.number("balance_fen", body.balance_fen);
}

void write(FieldWriter& out, const PayClaim& body) {
  out.number("claim", body.claim);
  out.number("amount_fen", body.amount_fen);
}

void write_rates(FieldWriter& out, const ProductRow& product) {
  out.number("band_bp", product.band_bp);
  out.number("bond_bp", product.bond_bp);
  out.number("trading_bond_bp", product.trading_bond_bp);
  out.number("shrink_bp", product.shrink_bp);
  out.number("head_tolerance_bp", product.head_tolerance_bp);
  out.number("short_tolerance_bp", product.short_tolerance_bp);
  out.number("over_weight_bp", product.over_weight_bp);
  out.number("fee_vat_bp", product.fee_vat_bp);
  out.number("purchase_deduction_bp", product.purchase_deduction_bp);
  out.number("vat_general_bp", product.vat_general_bp);
  out.number("vat_small_bp", product.vat_small_bp);
  out.number("vat_exempt_bp", product.vat_exempt_bp);
  out.number("fee_fen_per_t", product.fee_fen_per_t);
  out.number("fee_fen_per_head", product.fee_fen_per_head.value);
  out.number("disposal_fen_per_head", product.disposal_fen_per_head.value);
  out.number("keeping_fen_per_head_day", product.keeping_fen_per_head_day.value);
}

void write_tables(FieldWriter& out, const ProductRow& product) {
  out.begin_list("grade_adjust");
  for (std::size_t at = 0; at < product.grade_count && at < kMaxGrades; ++at) {
    out.item(std::int64_t{product.grade_adjust[at]});
  }
  out.end_list();
  out.begin_list("single_adjust");
  for (std::size_t at = 0; at < product.single_count && at < kMaxSingleClasses; ++at) {
    out.item(std::int64_t{product.single_adjust[at]});
  }
  out.end_list();
  out.begin_list("bands");
  for (std::size_t at = 0; at < product.band_count && at < kMaxWeightBands; ++at) {
    const WeightBand& band = product.bands[at];
    out.begin_item();
    out.number("low_g", band.low_g);
    out.boolean("low_open", band.low_open != 0);
    out.number("high_g", band.high_g);
    out.boolean("high_open", band.high_open != 0);
    out.number("adjust", band.adjust);
    out.end_item();
  }
  out.end_list();
  out.begin_list("required");
  for (std::size_t at = 0; at < product.required_count && at < kMaxRequiredDocuments; ++at) {
    out.item(choice<DocumentKind>(product.required[at]));
  }
  out.end_list();
  out.begin_list("zone_to");
  for (const std::uint64_t mask : product.zone_to) out.item(fmt::format("{:x}", mask));
  out.end_list();
}

void write(FieldWriter& out, const DefineProduct& body) {
  const ProductRow& product = body.product;
  out.padded("code", product.code);
  out.hash("document", product.document);
  out.time("effective_at", product.effective_at);
  out.word("basis", word(product.basis));
  out.word("unit", word(product.unit));
  out.word("currency", word(product.currency));
  out.number("tick", product.tick.value);
  out.number("lot_minimum", product.lot_minimum);
  out.begin_list("methods");
  for (const Method method : {Method::kListing, Method::kAscending, Method::kNegotiation,
                              Method::kClock, Method::kSealed, Method::kOrderBook}) {
    if ((product.methods & method_bit(method)) != 0) out.item(word(method));
  }
  out.end_list();
  out.boolean("needs_average", product.needs_average != 0);
  out.boolean("needs_tags", product.needs_tags != 0);
  out.boolean("needs_quarantine", product.needs_quarantine != 0);
  out.boolean("needs_vehicle", product.needs_vehicle != 0);
  out.number("close_window_ns", product.close_window_ns);
  out.number("notice_ns", product.notice_ns);
  write_rates(out, product);
  write_tables(out, product);
}

void write(FieldWriter& out, const DefineProductTerms& body) {
  write(out, DefineProduct{body.product});
  out.padded("permit_authority", body.terms.permit_authority);
  out.padded("permit_number", body.terms.permit_number);
  out.time("permit_date", body.terms.permit_date);
  out.number("order_quantity_max", body.terms.order_quantity_max);
  out.number("day_quantity_max", body.terms.day_quantity_max);
  out.number("clock_tick_ns", body.terms.clock_tick_ns);
  out.number("call_auction_ns", body.terms.call_auction_ns);
  out.number("volatility_bp", body.terms.volatility_bp);
  out.boolean("self_trades", body.terms.self_trades != 0);
}

void write(FieldWriter& out, const StateReference& body) {
  out.number("product", body.product);
  out.number("province", body.province);
  out.number("grade", body.grade);
  out.number("price", body.price);
}

void write(FieldWriter& out, const RegisterMark& body) {
  out.number("holder", body.holder);
  out.number("product", body.product);
  out.number("place", body.place);
  out.time("valid_from", body.valid_from);
  out.time("valid_until", body.valid_until);
  out.hash("certificate", body.certificate);
}

void write(FieldWriter& out, const GrantMark& body) {
  out.number("mark", body.mark);
  out.number("farm", body.farm);
  out.time("valid_until", body.valid_until);
}

void write(FieldWriter& out, const RevokeGrant& body) {
  out.number("mark", body.mark);
  out.number("farm", body.farm);
}

void write(FieldWriter& out, const CreateLot& body) {
  out.number("product", body.product);
  out.word("side", word(body.side));
  out.number("quantity", body.quantity);
  out.number("average_g", body.average_g);
  out.number("grade", body.grade);
  out.word("terms", word(body.terms));
  out.number("origin", body.origin);
  out.number("place", body.place);
  out.number("spot", body.spot);
  out.time("pickup_from", body.pickup_from);
  out.time("pickup_until", body.pickup_until);
  out.number("farm", body.farm);
  out.number("mark", body.mark);
  out.hash("sheet", body.sheet);
}

void write(FieldWriter& out, const AttachDocument& body) {
  out.number("lot", body.lot);
  out.word("kind", word(body.kind));
  out.padded("number", body.number);
  out.time("issued_at", body.issued_at);
  out.time("expires_at", body.expires_at);
  out.hash("hash", body.hash);
}

void write(FieldWriter& out, const CheckDocument& body) {
  out.number("lot", body.lot);
  out.number("document", body.document);
}

void write(FieldWriter& out, const WithdrawLot& body) {
  out.number("lot", body.lot);
  out.reference("reason", body.reason);
}

void write(FieldWriter& out, const PostListing& body) {
  out.number("lot", body.lot);
  out.number("price", body.price);
  out.number("minimum", body.minimum);
  out.time("expires_at", body.expires_at);
}

void write(FieldWriter& out, const Take& body) {
  out.number("lot", body.lot);
  out.number("price", body.price);
  out.number("quantity", body.quantity);
  out.number("goods", body.goods);
}

void write(FieldWriter& out, const AnnounceAuction& body) {
  out.number("lot", body.lot);
  out.number("start", body.start);
  out.number("step", body.step);
  out.number("reserve", body.reserve);
  out.number("cap", body.cap);
  out.time("open_at", body.open_at);
  out.time("close_at", body.close_at);
  out.number("window_ns", body.window_ns);
}

void write(FieldWriter& out, const PlaceBid& body) {
  out.number("lot", body.lot);
  out.number("price", body.price);
}

void write(FieldWriter& out, const PlaceReverseBid& body) {
  out.number("lot", body.lot);
  out.number("price", body.price);
  out.number("goods", body.goods);
}

void write(FieldWriter& out, const PlaceOrder& body) {
  out.number("book", body.book);
  out.word("side", word(body.side));
  out.word("kind", word(body.kind));
  out.word("life", word(body.life));
  out.word("self_trade", word(body.self_trade));
  out.number("price", body.price);
  out.number("quantity", body.quantity);
}

void write(FieldWriter& out, const PlaceOrderTerms& body) {
  write(out, body.order);
  out.number("stop", body.stop);
  out.time("expires_at", body.expires_at);
  out.number("display", body.display);
}

void write(FieldWriter& out, const CancelOrder& body) { out.number("order", body.order); }

void write(FieldWriter& out, const ReduceOrder& body) {
  out.number("order", body.order);
  out.number("by", body.by);
}

void write(FieldWriter& out, const ReplaceOrder& body) {
  out.number("order", body.order);
  out.number("price", body.price);
  out.number("quantity", body.quantity);
  out.word("self_trade", word(body.self_trade));
}

void write(FieldWriter& out, const OpenBook& body) {
  out.number("product", body.product);
  out.number("lot_quantity", body.lot_quantity);
  out.number("lot_average_g", body.lot_average_g);
  out.number("reference", body.reference);
  out.time("call_at", body.call_at);
  out.time("open_at", body.open_at);
  out.time("closing_call_at", body.closing_call_at);
  out.time("close_at", body.close_at);
}

void write(FieldWriter& out, const HaltMarket& body) {
  out.number("product", body.product);
  out.hash("reason", body.reason);
}

void write(FieldWriter& out, const ResumeMarket& body) {
  out.number("product", body.product);
  out.time("resume_at", body.resume_at);
}

void write(FieldWriter& out, const KillParticipant& body) {
  out.number("id", body.id);
  out.hash("reason", body.reason);
}

void write(FieldWriter& out, const ReviveParticipant& body) {
  out.number("id", body.id);
  out.hash("reason", body.reason);
}

void write(FieldWriter& out, const BustTrade& body) {
  out.number("contract", body.contract);
  out.hash("reason", body.reason);
}

void write(FieldWriter& out, const PermitTrading& body) {
  out.number("participant", body.participant);
  out.number("product", body.product);
  out.boolean("allowed", body.allowed != 0);
  out.hash("reason", body.reason);
}

void write(FieldWriter& out, const AnnounceSession& body) {
  out.number("product", body.product);
  out.word("kind", word(body.kind));
  out.word("side", word(body.side));
  out.word("unsold", word(body.unsold));
  out.time("opens_at", body.opens_at);
  out.number("tick_ns", body.tick_ns);
  out.number("pause_ns", body.pause_ns);
  out.hash("seed", body.seed);
  out.hash("title", body.title);
}

void write(FieldWriter& out, const EnterClock& body) {
  out.number("session", body.session);
  out.number("lot", body.lot);
  out.number("start", body.start);
  out.number("step", body.step);
  out.number("floor", body.floor);
  out.number("minimum", body.minimum);
}

void write(FieldWriter& out, const TakeClock& body) {
  out.number("lot", body.lot);
  out.number("price", body.price);
  out.number("quantity", body.quantity);
  out.number("goods", body.goods);
}

void write(FieldWriter& out, const BondQuota& body) {
  out.number("session", body.session);
  out.number("quantity", body.quantity);
}

void write(FieldWriter& out, const EnterSharedClock& body) {
  out.number("session", body.session);
  out.number("lot", body.lot);
  out.number("start", body.start);
  out.number("step", body.step);
  out.number("reserve", body.reserve);
  out.number("cap", body.cap);
}

void write(FieldWriter& out, const RequestQuote& body) {
  out.number("lot", body.lot);
  out.number("minimum", body.minimum);
  out.time("expires_at", body.expires_at);
  out.begin_list("named");
  for (std::uint32_t i = 0; i < std::min<std::uint32_t>(body.named_count, kMaxNamed); ++i) {
    out.item(body.named[i]);
  }
  out.end_list();
}

void write(FieldWriter& out, const Quote& body) {
  out.number("request", body.request);
  out.number("goods", body.goods);
  out.number("price", body.price);
  out.number("quantity", body.quantity);
  out.time("expires_at", body.expires_at);
}

void write(FieldWriter& out, const Counter& body) {
  out.number("quote", body.quote);
  out.number("goods", body.goods);
  out.number("price", body.price);
  out.number("quantity", body.quantity);
  out.time("expires_at", body.expires_at);
}

void write(FieldWriter& out, const AcceptQuote& body) {
  out.number("quote", body.quote);
  out.number("goods", body.goods);
  out.number("price", body.price);
  out.number("quantity", body.quantity);
}

void write(FieldWriter& out, const GiveMandate& body) {
  out.number("agent", body.agent);
  out.number("sides", body.sides);
  out.number("limit_fen", body.limit_fen);
  out.time("expires_at", body.expires_at);
  out.begin_list("products");
  for (const ProductId product : body.products) {
    if (product != 0) out.item(product);
  }
  out.end_list();
}

void write(FieldWriter& out, const ConfirmMandate& body) { out.number("mandate", body.mandate); }

void write(FieldWriter& out, const RevokeMandate& body) { out.number("mandate", body.mandate); }

void write(FieldWriter& out, const EndQuote& body) { out.number("quote", body.quote); }

void write(FieldWriter& out, const AnnounceDivisible& body) {
  out.number("lot", body.lot);
  out.number("start", body.start);
  out.number("step", body.step);
  out.number("reserve", body.reserve);
  out.number("cap", body.cap);
  out.time("open_at", body.open_at);
  out.time("close_at", body.close_at);
  out.number("window_ns", body.window_ns);
  out.number("minimum", body.minimum);
  out.number("award", static_cast<int>(body.award));
}

void write(FieldWriter& out, const PlaceQuantityBid& body) {
  out.number("lot", body.lot);
  out.number("price", body.price);
  out.number("goods", body.goods);
  out.number("quantity", body.quantity);
}

void write(FieldWriter& out, const RegisterSealKey& body) {
  out.hash("public_key", body.public_key);
  out.hash("share_hash_1", body.share_hashes[0]);
  out.hash("share_hash_2", body.share_hashes[1]);
  out.number("holder_1", body.holders[0]);
  out.number("holder_2", body.holders[1]);
}

void write(FieldWriter& out, const AnnounceSealed& body) {
  out.number("lot", body.lot);
  out.number("key", body.key);
  out.number("start", body.start);
  out.number("reserve", body.reserve);
  out.number("cap", body.cap);
  out.number("minimum", body.minimum);
  out.time("open_at", body.open_at);
  out.time("close_at", body.close_at);
  out.number("award", static_cast<int>(body.award));
}

void write(FieldWriter& out, const PlaceSealedBid& body) {
  out.number("lot", body.lot);
  out.number("goods", body.goods);
  out.hash("commitment", body.commitment);
  out.word("box", to_hex(body.box));
}

void write(FieldWriter& out, const RevealShare& body) {
  out.number("key", body.key);
  out.hash("share", body.share);
}

void write(FieldWriter& out, const SetProxy& body) {
  out.number("lot", body.lot);
  out.number("goods", body.goods);
  out.number("maximum", body.maximum);
}

void write(FieldWriter& out, const Load& body) {
  out.number("contract", body.contract);
  out.number("delivery", body.delivery);
  out.number("carrier", body.carrier);
  out.number("quantity", body.quantity);
  out.number("origin_g", body.origin_g);
  out.padded("vehicle", body.vehicle);
  out.time("vehicle_filed_until", body.vehicle_filed_until);
  out.word("certificate_form", word(body.certificate_form));
  out.padded("certificate_number", body.certificate_number);
  out.time("certificate_issued", body.certificate_issued);
  out.time("certificate_expires", body.certificate_expires);
  out.hash("certificate", body.certificate);
  out.hash("driver", body.driver);
}

void write(FieldWriter& out, const Arrive& body) {
  out.number("contract", body.contract);
  out.number("delivery", body.delivery);
}

void write(FieldWriter& out, const AgreeAdjustment& body) {
  out.number("contract", body.contract);
  out.number("adjust", body.adjust);
}

void write(FieldWriter& out, const CancelContract& body) {
  out.number("contract", body.contract);
  out.reference("reason", body.reason);
}

void write(FieldWriter& out, const OpenDispute& body) {
  out.number("contract", body.contract);
  out.hash("evidence", body.evidence);
}

void write(FieldWriter& out, const EndDispute& body) {
  out.number("contract", body.contract);
  out.word("outcome", body.outcome == 1 ? "settle" : body.outcome == 2 ? "cancel" : "none");
  out.reference("reason", body.reason);
}

void write(FieldWriter& out, const FileClaim& body) {
  out.number("contract", body.contract);
  out.number("amount_fen", body.amount_fen);
  out.hash("evidence", body.evidence);
}

void write(FieldWriter& out, const AwardClaim& body) {
  out.number("contract", body.contract);
  out.number("amount_fen", body.amount_fen);
  out.reference("reason", body.reason);
}

void write(FieldWriter& out, const RecordResale& body) {
  out.number("contract", body.contract);
  out.number("days", body.days);
  out.number("price", body.price);
}

void write(FieldWriter& out, const RecordCover& body) {
  out.number("contract", body.contract);
  out.number("price", body.price);
}

template <class T>
  requires requires(const T& body) {
    body.lot;
    requires sizeof(T) == sizeof(LotId);
  }
void write(FieldWriter& out, const T& body) {
  out.number("lot", body.lot);
}

template <class T>
  requires requires(const T& body) {
    body.contract;
    requires sizeof(T) == sizeof(ContractId);
  }
void write(FieldWriter& out, const T& body) {
  out.number("contract", body.contract);
}

using Body = std::span<const std::uint8_t>;

/// Reads `count` rows at `offset` of the body; nothing if they are not all there.
template <class T, class Each>
bool each_row(Body body, std::size_t offset, std::size_t count, Each each) {
  if (offset > body.size() || (body.size() - offset) / sizeof(T) < count) return false;
  for (std::size_t at = 0; at < count; ++at) {
    T row;
    std::memcpy(&row, body.data() + offset + at * sizeof(T), sizeof(T));
    each(row);
  }
  return true;
}

template <class T>
bool fixed(FieldWriter& out, Body body) {
  T value;
  if (body.size() != sizeof(T) || !read_body(body, value)) return false;
  write(out, value);
  return true;
}

bool tags(FieldWriter& out, Body body) {
  AttachTags value;
  if (!read_body(body, value) ||
      body.size() != sizeof(value) + std::size_t{value.ranges} * sizeof(TagRange)) {
    return false;
  }
  out.number("lot", value.lot);
  out.begin_list("ranges");
  const bool whole = each_row<TagRange>(body, sizeof(value), value.ranges, [&](const auto& range) {
    out.begin_item();
    out.word("first", fmt::format("{:015}", std::uint64_t{range.first}));
    out.number("count", range.count);
    out.end_item();
  });
  out.end_list();
  return whole;
}

bool schedule(FieldWriter& out, Body body) {
  Schedule value;
  if (!read_body(body, value) ||
      body.size() != sizeof(value) + std::size_t{value.deliveries} * sizeof(PlannedDelivery)) {
    return false;
  }
  out.number("contract", value.contract);
  out.begin_list("deliveries");
  const bool whole =
      each_row<PlannedDelivery>(body, sizeof(value), value.deliveries, [&](const auto& planned) {
        out.begin_item();
        out.number("quantity", planned.quantity);
        out.time("planned_at", planned.planned_at);
        out.end_item();
      });
  out.end_list();
  return whole;
}

bool weigh(FieldWriter& out, Body body) {
  Weigh value;
  if (!read_body(body, value)) return false;
  const std::size_t groups_at = sizeof(value) + value.trucks * sizeof(TruckWeights);
  if (body.size() != groups_at + value.groups * sizeof(WeighedGroup)) return false;
  out.number("contract", value.contract);
  out.number("delivery", value.delivery);
  out.number("dead", value.dead);
  out.begin_list("trucks");
  bool whole = each_row<TruckWeights>(body, sizeof(value), value.trucks, [&](const auto& truck) {
    out.begin_item();
    out.number("gross_g", truck.gross_g);
    out.number("tare_g", truck.tare_g);
    out.end_item();
  });
  out.end_list();
  out.begin_list("groups");
  whole = whole && each_row<WeighedGroup>(body, groups_at, value.groups, [&](const auto& group) {
            out.begin_item();
            out.number("head", group.head);
            out.number("net_g", group.net_g);
            out.number("grade", group.grade);
            out.number("single_class", group.single_class);
            out.end_item();
          });
  out.end_list();
  return whole;
}

bool write_body(FieldWriter& out, CommandType type, std::uint8_t version, Body body);

/// A command for somebody else: its own fields after the mandate.
bool act_for(FieldWriter& out, Body body) {
  ActFor value;
  if (!read_body(body, value) || value.type == CommandType::kActFor) return false;
  out.number("mandate", value.mandate);
  out.word("for", command_name(value.type));
  if (body.size() == sizeof(value)) return true;
  return write_body(out, value.type, value.version, body.subspan(sizeof(value)));
}

/// Writes the body's fields; false (and perhaps half a line) if it is not what its type says.
bool write_body(FieldWriter& out, CommandType type, std::uint8_t version, Body body) {
  if (type == CommandType::kPlaceBid && version == 2) return fixed<PlaceReverseBid>(out, body);
  if (type == CommandType::kPlaceBid && version == 3) return fixed<PlaceQuantityBid>(out, body);
  if (type == CommandType::kAnnounceAuction && version == 2) {
    return fixed<AnnounceDivisible>(out, body);
  }
  if (type == CommandType::kPlaceOrder && version == 2) return fixed<PlaceOrderTerms>(out, body);
  if (type == CommandType::kDefineProduct && version == 2) {
    return fixed<DefineProductTerms>(out, body);
  }
  if (version != 1) return false;
  switch (type) {
#define HULAN_FIXED(name)    \
  case CommandType::k##name: \
    return fixed<name>(out, body);
    HULAN_FIXED(Tick)
    HULAN_FIXED(InitMarket)
    HULAN_FIXED(RegisterUser)
    HULAN_FIXED(ApplyParticipant)
    HULAN_FIXED(SetParticipantState)
    HULAN_FIXED(RelateParticipants)
    HULAN_FIXED(Approve)
    HULAN_FIXED(RecordDeposit)
    HULAN_FIXED(RequestWithdrawal)
    HULAN_FIXED(PostManual)
    HULAN_FIXED(ReconcileBank)
    HULAN_FIXED(PayClaim)
    HULAN_FIXED(DefineProduct)
    HULAN_FIXED(StateReference)
    HULAN_FIXED(RegisterMark)
    HULAN_FIXED(GrantMark)
    HULAN_FIXED(RevokeGrant)
    HULAN_FIXED(CreateLot)
    HULAN_FIXED(AttachDocument)
    HULAN_FIXED(CheckDocument)
    HULAN_FIXED(WithdrawLot)
    HULAN_FIXED(PostListing)
    HULAN_FIXED(Take)
    HULAN_FIXED(AnnounceAuction)
    HULAN_FIXED(PlaceBid)
    HULAN_FIXED(AcceptBelowReserve)
    HULAN_FIXED(RaiseToReserve)
    HULAN_FIXED(SetProxy)
    HULAN_FIXED(Pay)
    HULAN_FIXED(Load)
    HULAN_FIXED(Arrive)
    HULAN_FIXED(AcceptWeighing)
    HULAN_FIXED(AgreeAdjustment)
    HULAN_FIXED(RefuseWeighing)
    HULAN_FIXED(CancelContract)
    HULAN_FIXED(OpenDispute)
    HULAN_FIXED(EndDispute)
    HULAN_FIXED(TopUp)
    HULAN_FIXED(RecordResale)
    HULAN_FIXED(RecordCover)
    HULAN_FIXED(CloseContract)
    HULAN_FIXED(FileClaim)
    HULAN_FIXED(AwardClaim)
    HULAN_FIXED(WithdrawClaim)
    HULAN_FIXED(GrantClaim)
    HULAN_FIXED(PlaceOrder)
    HULAN_FIXED(CancelOrder)
    HULAN_FIXED(ReduceOrder)
    HULAN_FIXED(ReplaceOrder)
    HULAN_FIXED(OpenBook)
    HULAN_FIXED(HaltMarket)
    HULAN_FIXED(ResumeMarket)
    HULAN_FIXED(KillParticipant)
    HULAN_FIXED(ReviveParticipant)
    HULAN_FIXED(BustTrade)
    HULAN_FIXED(PermitTrading)
    HULAN_FIXED(AnnounceSession)
    HULAN_FIXED(EnterClock)
    HULAN_FIXED(TakeClock)
    HULAN_FIXED(BondQuota)
    HULAN_FIXED(EnterSharedClock)
    HULAN_FIXED(RequestQuote)
    HULAN_FIXED(Quote)
    HULAN_FIXED(Counter)
    HULAN_FIXED(AcceptQuote)
    HULAN_FIXED(EndQuote)
    HULAN_FIXED(GiveMandate)
    HULAN_FIXED(ConfirmMandate)
    HULAN_FIXED(RevokeMandate)
    HULAN_FIXED(RegisterSealKey)
    HULAN_FIXED(AnnounceSealed)
    HULAN_FIXED(PlaceSealedBid)
    HULAN_FIXED(RevealShare)
#undef HULAN_FIXED
    case CommandType::kReject:
      return fixed<RejectPending>(out, body);
    case CommandType::kActFor:
      return act_for(out, body);
    case CommandType::kAttachTags:
      return tags(out, body);
    case CommandType::kSchedule:
      return schedule(out, body);
    case CommandType::kWeigh:
      return weigh(out, body);
  }
  return false;
}

}  // namespace

void append_record_text(std::string& out, const journal::RecordView& record) {
  const auto type = static_cast<CommandType>(record.type);
  fmt::format_to(std::back_inserter(out), "{} {} {} ", record.sequence,
                 gateways::time_text(record.time_ns), command_name(type));
  FieldWriter fields(out, Form::kText);
  fields.number("user", record.user);
  fields.number("participant", record.participant);
  fields.hex("client_id", record.client_id);
  const std::size_t length = out.size();
  FieldWriter before = fields;
  if (write_body(fields, type, record.version, record.body)) return;
  out.resize(length);
  before.number("version", record.version);
  before.hex("body", record.body);
}

void append_record_json(std::string& out, const journal::RecordView& record) {
  const auto type = static_cast<CommandType>(record.type);
  out += '{';
  FieldWriter fields(out, Form::kJson);
  fields.number("sequence", static_cast<std::int64_t>(record.sequence));
  fields.word("time", gateways::time_text(record.time_ns));
  fields.word("command", command_name(type));
  fields.number("version", record.version);
  fields.number("user", record.user);
  fields.number("participant", record.participant);
  fields.hex("client_id", record.client_id);
  const std::size_t length = out.size();
  out += ",\"body\":{";
  FieldWriter body(out, Form::kJson);
  if (write_body(body, type, record.version, record.body)) {
    out += "}}";
    return;
  }
  out.resize(length);
  fields.hex("body", record.body);
  out += '}';
}

}  // namespace hulan::app
