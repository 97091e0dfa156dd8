// SPDX-License-Identifier: Apache-2.0
#include "hulan/settle_case.h"

#include <boost/json.hpp>

#include "engine/contract/settlement.h"
#include "hulan/case_reader.h"

namespace hulan::app {

namespace json = boost::json;
using namespace engine::contract;
using model::Fen;
using model::Price;
using model::Reject;

namespace {

enum Kind : std::size_t { kSettlement, kBuyerDefault, kSellerShort };

/// The rulebook's default rates and weight bands for hogs, kept in a product's own fields.
model::ProductRow default_rates() {
  model::ProductRow rates{};
  rates.basis = model::PriceBasis::kByWeight;
  rates.unit = model::QuantityUnit::kHead;
  rates.needs_average = 1;
  rates.bond_bp = 500;
  rates.trading_bond_bp = 50;
  rates.fee_fen_per_t = 1000;
  rates.disposal_fen_per_head = Fen{8000};
  rates.shrink_bp = 150;
  rates.short_tolerance_bp = 200;
  rates.fee_vat_bp = 600;
  rates.purchase_deduction_bp = 900;
  rates.vat_general_bp = 900;
  rates.vat_small_bp = 100;
  rates.band_count = 4;
  rates.bands[0] = {90'000, 100'000, -300, 0, 1, 0};
  rates.bands[1] = {100'000, 120'000, 0, 0, 0, 0};
  rates.bands[2] = {120'000, 130'000, -200, 1, 0, 0};
  rates.bands[3] = {130'000, 140'000, -600, 1, 0, 0};
  return rates;
}

model::ProductRow read_rates(const CaseReader& given) {
  model::ProductRow rates = default_rates();
  const json::value* rules = given.find("rules");
  if (rules == nullptr) return rates;
  if (!rules->is_object()) bad_field("rules", *rules, "expected an object");
  const CaseReader reader(rules->get_object(), "rules.");
  reader.only({"bond_bp", "trading_bond_bp", "fee_fen_per_t", "disposal_fen_per_head"}, "rules");
  if (reader.find("bond_bp")) {
    rates.bond_bp = static_cast<std::uint32_t>(reader.integer("bond_bp", 0, UINT32_MAX));
  }
  if (reader.find("trading_bond_bp")) {
    rates.trading_bond_bp =
        static_cast<std::uint32_t>(reader.integer("trading_bond_bp", 0, UINT32_MAX));
  }
  if (reader.find("fee_fen_per_t")) rates.fee_fen_per_t = reader.integer("fee_fen_per_t", 0);
  if (reader.find("disposal_fen_per_head")) {
    rates.disposal_fen_per_head = Fen{reader.integer("disposal_fen_per_head", 0)};
  }
  return rates;
}

/// The contract that every kind of case states.
struct Agreed {
  Price price{};
  std::int64_t heads = 0;
  std::int64_t average_g = 0;
  std::int64_t weight_g = 0;
  Fen nominal{};
  Bonds bonds{};
};

Agreed read_agreed(const CaseReader& given, const model::ProductRow& rates) {
  Agreed agreed;
  agreed.price = Price{given.integer("price_li", 1)};
  agreed.heads = given.integer("heads", 1);
  agreed.average_g = given.integer("average_g", 1);
  const auto weight = measure_of(rates, agreed.heads, agreed.average_g);
  if (!weight) given.bad("heads", "expected heads x average_g to fit 64 bits");
  agreed.weight_g = *weight;
  const auto nominal = amount_of(rates, agreed.price, agreed.weight_g);
  if (!nominal) given.bad("price_li", "expected the nominal to fit 64 bits");
  agreed.nominal = *nominal;
  const auto bonds = bonds_of(rates, agreed.nominal);
  if (!bonds) given.bad("price_li", "expected the bonds to fit 64 bits");
  agreed.bonds = *bonds;
  return agreed;
}

/// R8.2: sum of gross - tare. Scales may only show an empty truck where no animal lives.
std::int64_t read_trucks(const CaseReader& given, std::int64_t live) {
  const json::array& trucks = given.array("trucks");
  if (trucks.empty() && live > 0) given.bad("trucks", "expected at least one truck");
  model::Int128 net = 0;
  for (std::size_t i = 0; i < trucks.size(); ++i) {
    const std::string field = "trucks[" + std::to_string(i) + "]";
    if (!trucks[i].is_array() || trucks[i].get_array().size() != 2) {
      bad_field(field, trucks[i], "expected [gross_g, tare_g]");
    }
    const std::int64_t gross = case_integer(field, trucks[i].get_array()[0], 0);
    const std::int64_t tare = case_integer(field, trucks[i].get_array()[1], 0);
    if (gross < tare || (gross == tare && live > 0)) {
      bad_field(field, trucks[i], "expected gross_g above tare_g");
    }
    net += gross - tare;
  }
  if (net > INT64_MAX) given.bad("trucks", "expected a net weight that fits 64 bits");
  return static_cast<std::int64_t>(net);
}

std::vector<GroupLine> read_groups(const CaseReader& given, std::int64_t live, std::int64_t net) {
  std::vector<GroupLine> groups;
  if (given.find("groups") == nullptr) {
    if (live > 0) groups.push_back(GroupLine{.head = live, .net_g = net});
    return groups;
  }
  const json::array& list = given.array("groups");
  model::Int128 heads = 0;
  model::Int128 weight = 0;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const std::string field = "groups[" + std::to_string(i) + "]";
    if (!list[i].is_object()) bad_field(field, list[i], "expected {heads, net_g, adjust_li}");
    const CaseReader reader(list[i].get_object(), field + ".");
    reader.only({"heads", "net_g", "adjust_li"}, "a group");
    groups.push_back(GroupLine{.head = reader.integer("heads", 0),
                               .net_g = reader.integer("net_g", 0),
                               .adjust = reader.integer("adjust_li", INT64_MIN)});
    heads += groups.back().head;
    weight += groups.back().net_g;
  }
  if (heads != live) {
    given.bad("groups", "expected heads that sum to the live head, " + std::to_string(live));
  }
  if (weight != net && (live > 0 || weight != 0)) {
    given.bad("groups", "expected net_g that sum to the weight, " + std::to_string(net));
  }
  if (live == 0) groups.clear();
  return groups;
}

/// A settlement that cannot be worked out, said of the case's own field.
[[noreturn]] void refuse_case(const CaseReader& given, const Refusal& refusal) {
  if (refusal.reject == Reject::adjustment_needed) {
    bad_field(refusal.field, refusal.value, "expected an average weight inside the bands (R8.4)");
  }
  constexpr std::string_view kFits = "expected a figure whose results fit 64 bits";
  if (const json::value* value = given.find(refusal.field)) bad_field(refusal.field, *value, kFits);
  bad_field(refusal.field, refusal.value, kFits);
}

template <class T>
T value_or_refuse(const CaseReader& given, const std::expected<T, Refusal>& result) {
  if (!result) refuse_case(given, result.error());
  return *result;
}

model::VatStatus read_vat(const CaseReader& given) {
  constexpr model::VatStatus kStatus[] = {
      model::VatStatus::kExemptProducer, model::VatStatus::kGeneral, model::VatStatus::kSmallScale};
  return kStatus[given.choice("seller_vat", {"exempt_producer", "general_9", "small_1"})];
}

/// Weighs and settles `delivered` head.
Settlement settle_given(const CaseReader& given, model::ProductRow& rates, const Agreed& agreed,
                        std::int64_t delivered, std::vector<GroupLine>& groups) {
  Weighing weighing;
  weighing.price = agreed.price;
  weighing.prepaid = agreed.nominal;
  weighing.head = delivered;
  weighing.dead = given.integer("dead", 0);
  if (weighing.dead > delivered) {
    given.bad("dead", "expected at most the head delivered, " + std::to_string(delivered));
  }
  const std::int64_t live = delivered - weighing.dead;
  weighing.seller_vat = read_vat(given);
  if (given.find("origin_g") != nullptr) {
    weighing.terms = model::Terms::kOrigin;
    rates.shrink_bp = static_cast<std::uint32_t>(given.integer("shrink_allowance_bp", 0, 10'000));
    weighing.origin_g = given.integer("origin_g", live > 0 ? 1 : 0);
    weighing.destination_g = given.integer("destination_g", 0);
    groups = read_groups(given, live, weighing.origin_g);
  } else {
    weighing.destination_g = read_trucks(given, live);
    groups = read_groups(given, live, weighing.destination_g);
  }
  return value_or_refuse(given, settle(rates, weighing, groups));
}

class Figures {
 public:
  explicit Figures(CaseResult& result) : result_(result) {}
  Figures& add(const char* name, std::int64_t value) {
    result_.figures.emplace_back(name, value);
    return *this;
  }
  Figures& add(const char* name, Fen value) { return add(name, value.value); }
  Figures& agreed(const Agreed& agreed) {
    return add("nominal", agreed.nominal)
        .add("bond", agreed.bonds.performance)
        .add("trading_bond", agreed.bonds.trading);
  }
  /// The weighing and the sheet up to the disposal.
  Figures& sheet(const Settlement& sheet, std::span<const GroupLine> groups) {
    add("settled_g", sheet.settled).add("average_live_g", sheet.average_live_g);
    add("band_li", sheet.band).add("lines", 0);
    for (const GroupLine& group : groups) result_.lines.push_back(group.amount.value);
    return add("goods", sheet.goods)
        .add("fee_each", sheet.fee_each)
        .add("fee_vat_each", sheet.fee_vat_each)
        .add("disposal", sheet.disposal);
  }
  Figures& vat(const Settlement& sheet) {
    return add("seller_vat", sheet.seller_vat).add("buyer_deduction", sheet.buyer_deduction);
  }

 private:
  CaseResult& result_;
};

void settlement_case(const CaseReader& given, model::ProductRow& rates, const Agreed& agreed,
                     CaseResult& result) {
  std::vector<GroupLine> groups;
  const Settlement sheet = settle_given(given, rates, agreed, agreed.heads, groups);
  Figures(result)
      .agreed(agreed)
      .sheet(sheet, groups)
      .add("buyer_pays", sheet.buyer_pays)
      .add("buyer_refund", sheet.buyer_refund)
      .add("buyer_topup", sheet.buyer_topup)
      .add("seller_receives", sheet.seller_receives)
      .vat(sheet);
}

void buyer_default_case(const CaseReader& given, const model::ProductRow& rates,
                        const Agreed& agreed, CaseResult& result) {
  const Price resale{given.integer("resale_price_li", 1)};
  const Fen keeping{given.integer("keeping_fen", 0)};
  const BuyerDefault bonds =
      value_or_refuse(given, buyer_default(rates, agreed.bonds, agreed.weight_g));
  const Loss loss = value_or_refuse(given, resale_loss(rates, agreed.price, resale, agreed.weight_g,
                                                       keeping, bonds.bond_to_seller));
  Figures(result)
      .agreed(agreed)
      .add("bond_to_seller", bonds.bond_to_seller)
      .add("fees_from_trading_bond", bonds.fees)
      .add("trading_bond_returned", bonds.trading_bond_returned)
      .add("loss", loss.loss)
      .add("claim", loss.claim);
}

/// R10.2: within the tolerance nothing follows from the shortage, so no cover is reckoned either.
void seller_short_case(const CaseReader& given, model::ProductRow& rates, const Agreed& agreed,
                       CaseResult& result) {
  const Price cover{given.integer("cover_price_li", 1)};
  const std::int64_t delivered = given.integer("delivered_heads", 0, agreed.heads);
  std::vector<GroupLine> groups;
  const Settlement sheet = settle_given(given, rates, agreed, delivered, groups);
  const Forfeit forfeit = short_delivery(rates, agreed.bonds.performance, agreed.heads, delivered);
  Loss loss;
  if (!within_tolerance(rates, agreed.heads, delivered)) {
    const auto missing = measure_of(rates, agreed.heads - delivered, agreed.average_g);
    loss =
        value_or_refuse(given, cover_loss(rates, agreed.price, cover, *missing, forfeit.forfeited));
  }
  Figures(result)
      .agreed(agreed)
      .sheet(sheet, groups)
      .add("bond_forfeited", forfeit.forfeited)
      .add("bond_released", forfeit.released)
      .add("cover_loss", loss.loss)
      .add("claim", loss.claim)
      .add("buyer_pays", sheet.buyer_pays)
      .add("seller_receives", sheet.seller_receives)
      .vat(sheet);
}

/// Refuses keys that this kind on these terms does not use.
void check_keys(const CaseReader& given, std::size_t kind) {
  if (kind == kBuyerDefault) {
    given.only(
        {"kind", "price_li", "heads", "average_g", "resale_price_li", "keeping_fen", "rules"},
        "a buyer_default");
    return;
  }
  const bool origin = given.choice("terms", {"destination", "origin"}) == 1;
  const bool is_short = kind == kSellerShort;
  const std::string where = std::string(is_short ? "a seller_short" : "a settlement") + " on " +
                            (origin ? "origin" : "destination") + " terms";
  const auto check = [&](std::string_view a, std::string_view b, std::string_view c,
                         std::string_view d, std::string_view e) {
    given.only({"kind", "price_li", "heads", "average_g", "terms", "groups", "dead", "seller_vat",
                "rules", a, b, c, d, e},
               where);
  };
  const std::string_view cover = is_short ? "cover_price_li" : "kind";
  const std::string_view delivered = is_short ? "delivered_heads" : "kind";
  if (origin) {
    check("shrink_allowance_bp", "origin_g", "destination_g", cover, delivered);
    (void)given.need("origin_g");
  } else {
    check("trucks", cover, delivered, "kind", "kind");
  }
}

/// The document's object with only the keys that a case has.
json::value parse_case(std::string_view document) {
  std::error_code error;
  json::value value = json::parse(json::string_view(document.data(), document.size()), error);
  if (error) throw CaseError{"case: not JSON, " + error.message() + ": expected an object"};
  if (!value.is_object()) bad_field("case", value, "expected an object with given and expect");
  CaseReader(value.get_object(), "").only({"given", "expect"}, "a case");
  return value;
}

CaseResult work_out(const json::value& document) {
  const json::value& value = CaseReader(document.get_object(), "").need("given");
  if (!value.is_object()) bad_field("given", value, "expected an object");
  const CaseReader given(value.get_object(), "");
  const std::size_t kind = given.choice("kind", {"settlement", "buyer_default", "seller_short"});
  check_keys(given, kind);
  model::ProductRow rates = read_rates(given);
  const Agreed agreed = read_agreed(given, rates);
  CaseResult result;
  if (kind == kSettlement) settlement_case(given, rates, agreed, result);
  if (kind == kBuyerDefault) buyer_default_case(given, rates, agreed, result);
  if (kind == kSellerShort) seller_short_case(given, rates, agreed, result);
  return result;
}

}  // namespace

std::expected<CaseResult, std::string> settle_case(std::string_view document) {
  try {
    return work_out(parse_case(document));
  } catch (const CaseError& error) {
    return std::unexpected(error.line);
  }
}

std::string CaseResult::json() const {
  json::object object;
  for (const auto& [name, value] : figures) {
    if (name == "lines") {
      object["lines"] = json::array(lines.begin(), lines.end());
    } else {
      object[name] = value;
    }
  }
  return json::serialize(object);
}

}  // namespace hulan::app
