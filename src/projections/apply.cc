// SPDX-License-Identifier: Apache-2.0
// Events that carry a whole row: mirrored, and the indices kept in step.
#include <algorithm>

#include "base/assert.h"
#include "projections/parts.h"

namespace hulan::projections {
namespace {

constexpr StateMask kOpenContracts = ~kEndedContracts & ~1u;  // bit 0: no such contract

template <class Event, class Row>
void mirror(Table<Row>& table, const model::EventHeader& header) {
  const Event& event = as<Event>(header);
  table.touch(event.id) = event.row;
}

}  // namespace

void insert_sorted(Ids& ids, std::uint32_t id) {
  if (ids.empty() || ids.back() < id) {
    ids.push_back(id);
    return;
  }
  const auto at = std::lower_bound(ids.begin(), ids.end(), id);
  if (*at != id) ids.insert(at, id);
}

void View::Parts::apply_one(const model::EventHeader& header) {
  if (header.type == model::EventType::kSnapshotTaken) {
    HULAN_ASSERT(!describing);
    on(as<model::SnapshotTaken>(header));
    return;
  }
  if (describing) {
    HULAN_ASSERT(header.sequence <= opened_at);
    dispatch(header);
    now = std::max(now, header.time);
    return;
  }
  HULAN_ASSERT(header.sequence > opened_at && header.sequence >= sequence);
  if (header.sequence != sequence) events_of_sequence = 0;
  sequence = header.sequence;
  now = header.time;
  dispatch(header);
  const std::uint32_t index = events_of_sequence;
  if (header.type != model::EventType::kReplied) ++events_of_sequence;
  if (listener != nullptr) listener->on_event(header, index);
}

void View::Parts::dispatch(const model::EventHeader& header) {
  using enum model::EventType;
  switch (header.type) {
    case kMarketChanged:
      market = as<model::MarketChanged>(header).row;
      return;
    case kUserChanged:
      return mirror<model::UserChanged>(users, header);
    case kParticipantChanged:
      return mirror<model::ParticipantChanged>(participants, header);
    case kRelationChanged:
      return mirror<model::RelationChanged>(relations, header);
    case kPendingChanged:
      return on(as<model::PendingChanged>(header));
    case kProductChanged:
      return on(as<model::ProductChanged>(header));
    case kProductTermsChanged:
      return mirror<model::ProductTermsChanged>(product_terms, header);
    case kProxyChanged:
      return mirror<model::ProxyChanged>(proxies, header);
    case kDivisibleChanged:
      return mirror<model::DivisibleChanged>(divisible, header);
    case kLotBidChanged:
      return mirror<model::LotBidChanged>(lot_bids, header);
    case kHaltChanged:
      return mirror<model::HaltChanged>(halts, header);
    case kKillChanged:
      return mirror<model::KillChanged>(kills, header);
    case kTradingChanged:
      return mirror<model::TradingChanged>(trading, header);
    case kBookChanged:
      return order_books.on(as<model::BookChanged>(header));
    case kPositionChanged:
      return order_books.on(as<model::PositionChanged>(header));
    case kOrderTermsChanged:
      return order_books.on(as<model::OrderTermsChanged>(header));
    case kOrderStands:
      return order_books.on(as<model::OrderStands>(header));
    case kReferenceChanged:
      return on(as<model::ReferenceChanged>(header));
    case kMarkChanged:
      return mirror<model::MarkChanged>(marks, header);
    case kGrantChanged:
      return on(as<model::GrantChanged>(header));
    case kClaimChanged:
      return mirror<model::ClaimChanged>(claims, header);
    case kDisputeChanged:
      return mirror<model::DisputeChanged>(disputes, header);
    case kDayPriceChanged:
      return on(as<model::DayPriceChanged>(header));
    case kLotChanged:
      return on(as<model::LotChanged>(header));
    case kSessionChanged:
      return mirror<model::SessionChanged>(sessions, header);
    case kClockChanged:
      return on(as<model::ClockChanged>(header));
    case kSealKeyChanged:
      return mirror<model::SealKeyChanged>(seal_keys, header);
    case kSealedChanged:
      return mirror<model::SealedChanged>(sealed, header);
    case kSealedBidChanged:
      return mirror<model::SealedBidChanged>(sealed_bids, header);
    case kRequestChanged:
      return mirror<model::RequestChanged>(requests, header);
    case kMandateChanged:
      return mirror<model::MandateChanged>(mandates, header);
    case kQuoteChanged:
      return on(as<model::QuoteChanged>(header));
    case kQuotaChanged:
      return mirror<model::QuotaChanged>(quotas, header);
    case kDocumentChanged:
      return on(as<model::DocumentChanged>(header));
    case kTagsAdded:
      return on(as<model::TagsAdded>(header));
    case kContractChanged:
      return on(as<model::ContractChanged>(header));
    case kDeliveryChanged:
      return on(as<model::DeliveryChanged>(header));
    case kTruckAdded:
      return mirror<model::TruckAdded>(trucks, header);
    case kGroupChanged:
      return mirror<model::GroupChanged>(groups, header);
    case kAccountChanged:
      return mirror<model::AccountChanged>(accounts, header);
    case kOperatorAccountsChanged:
      operators = as<model::OperatorAccountsChanged>(header).row;
      return;
    default:
      break;
  }
  HULAN_ASSERT(!describing);  // a description has rows only
  switch (header.type) {
    case kOrderAccepted:
      return order_books.on(as<model::OrderAccepted>(header));
    case kOrderTraded:
      return order_books.on(as<model::OrderTraded>(header));
    case kOrderOut:
      return order_books.on(as<model::OrderOut>(header));
    case kBookIndicated:
      return order_books.on(as<model::BookIndicated>(header));
    case kPosted:
      return on(as<model::Posted>(header));
    case kOperatorPosted:
      return on(as<model::OperatorPosted>(header));
    case kBidAccepted:
      return on(as<model::BidAccepted>(header));
    case kQuantityBidAccepted:
      return on(as<model::QuantityBidAccepted>(header));
    case kBidStruck:
      return on(as<model::BidStruck>(header));
    case kLotClosed:
      return on(as<model::LotClosed>(header));
    case kTradeConcluded:
      return on(as<model::TradeConcluded>(header));
    case kSettlementLine:
      return on(as<model::SettlementLine>(header));
    case kBankReconciled:
      return on(as<model::BankReconciled>(header));
    default:
      return;  // Replied, Settled, Defaulted: told by the rows
  }
}

void View::Parts::set_live(const model::LotRow& lot, bool live) {
  const auto count = [&](std::uint32_t place) {
    if (live) {
      ++indices.live_by_place[place];
    } else {
      --indices.live_by_place[place];
    }
  };
  if (live) {
    indices.live_lots.insert(lot.id);
  } else {
    indices.live_lots.erase(lot.id);
  }
  count(lot.origin);
  if (lot.place != lot.origin) count(lot.place);
}

void View::Parts::index_new_lot(const model::LotRow& lot) {
  insert_sorted(indices.lots_by_participant.touch(lot.initiator), lot.id);
  insert_sorted(indices.lots_by_participant.touch(lot.farm), lot.id);
  insert_sorted(indices.lots_by_product.touch(root(lot.product)), lot.id);
  insert_sorted(indices.lots_by_place[lot.origin], lot.id);
  insert_sorted(indices.lots_by_place[lot.place], lot.id);
  indices.documents.insert({lot.sheet, {lot.id, 0, model::DocumentKind::kSheet}});
  (void)heads.lots.touch(lot.id);
}

void View::Parts::on(const model::LotChanged& event) {
  const auto id = static_cast<model::LotId>(event.id);
  model::LotRow& lot = lots.touch(id);
  const bool is_new = lot.id == 0;
  const bool was_live = in(kLiveLots, lot.state);
  lot = event.row;
  lot.id = id;
  if (is_new) index_new_lot(lot);
  if (in(kLiveLots, lot.state) != was_live) set_live(lot, !was_live);
}

void View::Parts::on(const model::ContractChanged& event) {
  const auto id = static_cast<model::ContractId>(event.id);
  model::ContractRow& contract = contracts.touch(id);
  const bool is_new = contract.id == 0;
  const model::ContractState before = contract.state;
  contract = event.row;
  contract.id = id;
  if (is_new) {
    insert_sorted(indices.contracts_by_participant.touch(contract.seller), id);
    insert_sorted(indices.contracts_by_participant.touch(contract.buyer), id);
    model::ContractId& newest = indices.contract_of_lot.touch(contract.lot);
    indices.contract_before.touch(id) = newest;
    newest = id;
  }
  if (in(kOpenContracts, contract.state)) {
    indices.open_contracts.insert(id);
  } else {
    indices.open_contracts.erase(id);
  }
  if (describing || (!is_new && before == contract.state)) return;
  std::uint64_t& head = heads.contracts.touch(id).timeline;
  head = histories.timeline.append(
      {event.header.sequence, event.header.time.value, head, id, contract.state, {}});
}

void View::Parts::on(const model::DeliveryChanged& event) {
  model::DeliveryRow& delivery = deliveries.touch(event.id);
  if (event.row.certificate != delivery.certificate) {
    indices.documents.insert(
        {event.row.certificate, {0, event.row.contract, event.row.certificate_form}});
  }
  delivery = event.row;
}

void View::Parts::on(const model::DocumentChanged& event) {
  const auto id = static_cast<std::uint32_t>(event.id);
  model::LotDocumentRow& document = documents.touch(id);
  const bool is_new = document.lot == 0;
  document = event.row;
  if (!is_new) return;
  indices.documents.insert({document.hash, {document.lot, 0, document.kind}});
  // The lot's chain grows at its head, whether or not the lot's own row comes with it.
  model::LotRow& lot = lots.touch(document.lot);
  if (lot.first_document != id && lot.first_document == document.next) lot.first_document = id;
}

void View::Parts::on(const model::TagsAdded& event) {
  const auto id = static_cast<std::uint32_t>(event.id);
  tags.touch(id) = event.row;
  model::LotRow& lot = lots.touch(event.row.lot);
  if (lot.first_tags == id || lot.first_tags != event.row.next) return;
  lot.first_tags = id;
  lot.tag_count += event.row.count;
}

void View::Parts::on(const model::ProductChanged& event) {
  const auto id = static_cast<std::uint32_t>(event.id);
  products.touch(id) = event.row;
  if (event.row.exists == 0) return;
  const auto& code = event.row.code;
  const std::string name(code.begin(), std::find(code.begin(), code.end(), '\0'));
  insert_sorted(indices.products_by_code[name], id);
}

void View::Parts::on(const model::PendingChanged& event) {
  const auto id = static_cast<std::uint32_t>(event.id);
  pendings.touch(id) = event.row;
  if (event.row.state == model::PendingState::kOpen) {
    indices.open_pendings.insert(id);
  } else {
    indices.open_pendings.erase(id);
  }
}

void View::Parts::on(const model::ReferenceChanged& event) {
  references.touch(event.id) = event.row;
  indices.references[{event.row.product, event.row.province, event.row.grade}] =
      static_cast<std::uint32_t>(event.id);
}

void View::Parts::on(const model::GrantChanged& event) {
  const auto id = static_cast<std::uint32_t>(event.id);
  grants.touch(id) = event.row;
  insert_sorted(indices.grants_by_mark.touch(event.row.mark), id);
}

void View::Parts::on(const model::DayPriceChanged& event) {
  const auto id = static_cast<std::uint32_t>(event.id);
  model::DayPriceRow& row = day_prices.touch(id);
  const bool is_new = row.trades == 0;
  row = event.row;
  if (is_new && row.trades != 0) indices.prices.add(id, row);
}

}  // namespace hulan::projections
