// SPDX-License-Identifier: Apache-2.0
#include "projections/surveillance.h"

#include <algorithm>

#include "projections/view.h"

namespace hulan::projections {
namespace {

constexpr std::int64_t kCircleWithin = 5 * model::kDay;
constexpr std::int64_t kAlike = 8;  // tenths: the smaller quantity of the larger one
constexpr std::size_t kSecondOn = 5;
constexpr std::size_t kFewTrades = 5;
constexpr std::int64_t kMostOfDay = 4000;  // basis points
constexpr std::int64_t kFewOrders = 20;
constexpr std::int64_t kMostCancelled = 9000;
constexpr std::size_t kMostEvidence = 20;

bool alike(std::int64_t a, std::int64_t b) {
  return std::min(a, b) >= std::max(a, b) / 10 * kAlike;
}

void keep(std::vector<model::Sequence>& evidence, model::Sequence sequence) {
  if (evidence.size() < kMostEvidence) evidence.push_back(sequence);
}

}  // namespace

void Surveillance::on_event(const model::EventHeader& event) {
  using enum model::EventType;
  switch (event.type) {
    case kMarketChanged:
      utc_offset_s_ = as<model::MarketChanged>(event).row.utc_offset_s;
      return;
    case kProductChanged: {
      const auto& changed = as<model::ProductChanged>(event);
      products_[static_cast<model::ProductId>(changed.id)] = changed.row;
      return;
    }
    case kLotChanged: {
      const auto& row = as<model::LotChanged>(event).row;
      lots_[row.id] = {row.initiator, row.product};
      return;
    }
    case kRelationChanged: {
      const auto& changed = as<model::RelationChanged>(event);
      relations_[changed.id] = changed.row;
      return;
    }
    case kPositionChanged: {
      const auto& changed = as<model::PositionChanged>(event);
      positions_[static_cast<std::uint32_t>(changed.id)] = changed.row.participant;
      return;
    }
    case kContractChanged:
      return on(as<model::ContractChanged>(event));
    case kBidAccepted:
      return on(as<model::BidAccepted>(event));
    case kOrderTraded:
      return on(as<model::OrderTraded>(event));
    case kOrderAccepted: {
      const auto& order = as<model::OrderAccepted>(event);
      positions_[order.position] = order.participant;
      if (counts(event) && order.replaces == 0) ++orders_[order.participant].placed;
      return;
    }
    case kOrderOut: {
      const auto& out = as<model::OrderOut>(event);
      if (!counts(event) || out.reason != model::OrderOutReason::kCancelled) return;
      Orders& orders = orders_[positions_[out.position]];
      ++orders.cancelled;
      orders.last = event.time.value;
      return keep(orders.evidence, event.sequence);
    }
    default:
      return;
  }
}

void Surveillance::on(const model::ContractChanged& event) {
  const model::ContractRow& row = event.row;
  if (row.state == model::ContractState::kBusted) busted_.insert(row.id);
  const bool known = !sales_.empty() && sales_.back().contract >= row.id;
  if (row.state != model::ContractState::kConcluded || known || !counts(event.header)) return;
  const model::ProductId product = first_version(row.product);
  sales_.push_back({event.header.sequence, event.header.time.value, row.price, row.quantity,
                    row.seller, row.buyer, product, row.id, row.grade});
  for (const auto& [bidder, initiator] :
       {std::pair{row.buyer, row.seller}, std::pair{row.seller, row.buyer}}) {
    bids_[{bidder, initiator}].bought = true;
  }
  if (row.seller != row.buyer) return;
  found_.push_back({Pattern::kSelfTrade,
                    {row.seller},
                    product,
                    row.lot,
                    1,
                    {event.header.sequence},
                    event.header.time.value});
}

void Surveillance::on(const model::BidAccepted& event) {
  const auto lot = lots_.find(event.lot);
  if (lot == lots_.end() || !counts(event.header)) return;
  const auto [initiator, product] = lot->second;
  if (event.outbid != 0) {
    Bids& outbid = bids_[{event.outbid, initiator}];
    outbid.last = event.header.time.value;
    if (outbid.lots.insert(event.lot).second) keep(outbid.evidence, event.header.sequence);
  }
  if (!are_related(event.bidder, initiator)) return;
  found_.push_back({Pattern::kRelatedBid,
                    {event.bidder, initiator},
                    first_version(product),
                    event.lot,
                    1,
                    {event.header.sequence},
                    event.header.time.value});
}

void Surveillance::on(const model::OrderTraded& event) {
  if (!counts(event.header)) return;
  const Who buyer = positions_[event.buyer], seller = positions_[event.seller];
  if (buyer == 0 || buyer != seller) return;
  found_.push_back({Pattern::kSelfTrade,
                    {buyer},
                    0,
                    0,
                    event.quantity,
                    {event.header.sequence},
                    event.header.time.value});
}

model::ProductId Surveillance::first_version(model::ProductId product) const {
  for (auto at = products_.find(product); at != products_.end() && at->second.previous != 0;
       at = products_.find(product)) {
    product = at->second.previous;
  }
  return product;
}

std::int64_t Surveillance::day_of(std::int64_t time) const {
  return (time + utc_offset_s_ * model::kSecond) / model::kDay;
}

bool Surveillance::are_related(Who a, Who b) const {
  return std::any_of(relations_.begin(), relations_.end(), [&](const auto& entry) {
    const model::RelationRow& row = entry.second;
    return row.active != 0 && ((row.a == a && row.b == b) || (row.a == b && row.b == a));
  });
}

std::vector<Surveillance::Sale> Surveillance::standing_sales() const {
  std::vector<Sale> sales;
  std::copy_if(sales_.begin(), sales_.end(), std::back_inserter(sales),
               [&](const Sale& sale) { return !busted_.contains(sale.contract); });
  return sales;
}

/// A sale back within five days, or round a third, of about as much of the same product.
void Surveillance::find_circles(std::vector<Suspicion>& found) const {
  const auto sales = standing_sales();
  std::map<std::pair<Who, model::ProductId>, std::vector<std::size_t>> by_seller;
  for (std::size_t last = 0; last < sales.size(); ++last) {
    const Sale& back = sales[last];
    const auto follows = [&](std::size_t at) {
      return back.time - sales[at].time <= kCircleWithin &&
             alike(back.quantity, sales[at].quantity) && at != last;
    };
    for (const std::size_t first : by_seller[{back.buyer, back.product}]) {
      const Sale& start = sales[first];
      if (!follows(first) || start.buyer == back.buyer) continue;
      if (start.buyer == back.seller) {
        found.push_back({Pattern::kCircular,
                         {back.buyer, back.seller},
                         back.product,
                         0,
                         2,
                         {start.sequence, back.sequence},
                         back.time});
        continue;
      }
      for (const std::size_t middle : by_seller[{start.buyer, back.product}]) {
        const Sale& between = sales[middle];
        if (middle < first || between.buyer != back.seller || !follows(middle)) continue;
        found.push_back({Pattern::kCircular,
                         {back.buyer, start.buyer, back.seller},
                         back.product,
                         0,
                         3,
                         {start.sequence, between.sequence, back.sequence},
                         back.time});
      }
    }
    by_seller[{back.seller, back.product}].push_back(last);
  }
}

void Surveillance::find_moves(std::vector<Suspicion>& found) const {
  std::map<std::pair<model::ProductId, std::uint8_t>, Sale> before;
  for (const Sale& sale : standing_sales()) {
    const auto [at, first] = before.try_emplace({sale.product, sale.grade}, sale);
    if (first) continue;
    const Sale old = std::exchange(at->second, sale);
    const auto product = products_.find(sale.product);
    const std::int64_t band = product == products_.end() ? 0 : product->second.band_bp;
    if (band == 0 || old.price.value <= 0 || day_of(old.time) != day_of(sale.time)) continue;
    const std::int64_t difference = std::abs(sale.price.value - old.price.value);
    const auto moved =
        static_cast<std::int64_t>(model::Int128{difference} * 10'000 / old.price.value);
    if (2 * moved <= band) continue;
    found.push_back({Pattern::kPriceMove,
                     {sale.seller, sale.buyer},
                     sale.product,
                     0,
                     moved,
                     {old.sequence, sale.sequence},
                     sale.time});
  }
}

void Surveillance::find_concentration(std::vector<Suspicion>& found) const {
  struct Day {
    std::size_t trades = 0;
    std::int64_t quantity = 0;
    std::map<std::pair<Who, bool>, Suspicion> sides;  ///< true: as the buyer
  };
  std::map<std::pair<model::ProductId, std::int64_t>, Day> days;
  for (const Sale& sale : standing_sales()) {
    Day& day = days[{sale.product, day_of(sale.time)}];
    ++day.trades;
    day.quantity += sale.quantity;
    for (const bool buys : {false, true}) {
      Suspicion& one = day.sides[{buys ? sale.buyer : sale.seller, buys}];
      one.value += sale.quantity;
      one.time = sale.time;
      keep(one.evidence, sale.sequence);
    }
  }
  for (auto& [key, day] : days) {
    if (day.trades < kFewTrades) continue;
    for (auto& [side, one] : day.sides) {
      one.value = static_cast<std::int64_t>(model::Int128{one.value} * 10'000 / day.quantity);
      if (one.value <= kMostOfDay) continue;
      one.pattern = Pattern::kConcentration;
      one.participants = {side.first};
      one.product = key.first;
      found.push_back(one);
    }
  }
}

void Surveillance::find_seconds(std::vector<Suspicion>& found) const {
  for (const auto& [pair, bids] : bids_) {
    if (bids.bought || bids.lots.size() < kSecondOn) continue;
    found.push_back({Pattern::kAlwaysSecond,
                     {pair.first, pair.second},
                     0,
                     0,
                     static_cast<std::int64_t>(bids.lots.size()),
                     bids.evidence,
                     bids.last});
  }
}

void Surveillance::find_cancels(std::vector<Suspicion>& found) const {
  for (const auto& [who, orders] : orders_) {
    if (orders.placed < kFewOrders) continue;
    const std::int64_t ratio = orders.cancelled * 10'000 / orders.placed;
    if (ratio <= kMostCancelled) continue;
    found.push_back({Pattern::kCancelRatio, {who}, 0, 0, ratio, orders.evidence, orders.last});
  }
}

std::vector<Suspicion> Surveillance::findings() const {
  std::vector<Suspicion> found = found_;
  find_circles(found);
  find_moves(found);
  find_concentration(found);
  find_seconds(found);
  find_cancels(found);
  std::stable_sort(found.begin(), found.end(), [](const Suspicion& a, const Suspicion& b) {
    return a.evidence.back() < b.evidence.back();
  });
  return found;
}

}  // namespace hulan::projections
