// SPDX-License-Identifier: Apache-2.0
// Money: every balance is the sum of its postings, postings of one command sum to zero, nobody is
// below zero, and what is frozen is owed to some lot or contract.
#include "simulation/model/parts.h"

namespace hulan::auditor {

using model::Bucket;

void post(Market& market, Look& look, const model::Posted& posted) {
  const Account account{posted.participant, posted.currency};
  require(posted.participant != 0, "R3.1", "a posting to nobody");
  Buckets& balance = market.balances[account];
  Buckets* by_contract =
      posted.contract == 0 ? nullptr : &look.by_contract[{posted.contract, posted.participant}];
  for (std::size_t i = 0; i < balance.size(); ++i) {
    balance[i] += posted.delta[i].value;
    if (by_contract != nullptr) (*by_contract)[i] += posted.delta[i].value;
    look.posted[static_cast<std::size_t>(posted.currency)] += posted.delta[i].value;
  }
  look.touched[account] = true;
  if (posted.reason == model::PostingReason::kForfeit) look.forfeits.push_back(posted);
}

void post(Market& market, Look& look, const model::OperatorPosted& posted) {
  const auto currency = static_cast<std::size_t>(posted.currency);
  market.operators[currency][static_cast<std::size_t>(posted.account)] += posted.delta.value;
  look.posted[currency] += posted.delta.value;
}

namespace {

void count(Market& market, Look& look, Account account, Bucket bucket, Wide amount) {
  if (account.first == 0 || amount == 0) return;
  market.owed[account][static_cast<std::size_t>(bucket)] += amount;
  look.touched[account] = true;
}

}  // namespace

void count_owed(Market& market, Look& look, const model::LotRow& lot, int sign) {
  const model::Currency currency = market.products.at(lot.product).currency;
  const Account initiator{lot.initiator, currency}, leader{lot.leader, currency};
  count(market, look, initiator, Bucket::kPerformanceBond, Wide{lot.initiator_bond.value} * sign);
  count(market, look, initiator, Bucket::kTradingBond,
        Wide{lot.initiator_trading_bond.value} * sign);
  count(market, look, leader, Bucket::kPerformanceBond, Wide{lot.leader_bond.value} * sign);
  count(market, look, leader, Bucket::kTradingBond, Wide{lot.leader_trading_bond.value} * sign);
}

void count_owed(Market& market, Look& look, const model::ContractRow& contract, int sign) {
  const model::Currency currency = market.products.at(contract.product).currency;
  const Account seller{contract.seller, currency}, buyer{contract.buyer, currency};
  count(market, look, seller, Bucket::kPerformanceBond, Wide{contract.seller_bond.value} * sign);
  count(market, look, seller, Bucket::kTradingBond,
        Wide{contract.seller_trading_bond.value} * sign);
  count(market, look, buyer, Bucket::kPerformanceBond, Wide{contract.buyer_bond.value} * sign);
  count(market, look, buyer, Bucket::kTradingBond, Wide{contract.buyer_trading_bond.value} * sign);
  count(market, look, buyer, Bucket::kPrepaid, Wide{contract.prepaid.value} * sign);
}

void count_owed(Market& market, Look& look, const model::DisputeRow& dispute, int sign) {
  if (dispute.state != model::DisputeState::kOpen) return;
  const model::ContractRow& contract = market.contracts.at(dispute.contract);
  const model::Currency currency = market.products.at(contract.product).currency;
  count(market, look, {contract.buyer, currency}, Bucket::kDisputed,
        Wide{dispute.frozen.value} * sign);
}

void count_owed(Market& market, Look& look, const model::QuotaRow& quota, int sign) {
  const auto product = market.sessions.at(quota.session).product;
  const Account buyer{quota.buyer, market.products.at(product).currency};
  count(market, look, buyer, Bucket::kPerformanceBond, Wide{quota.bond.value} * sign);
  count(market, look, buyer, Bucket::kTradingBond, Wide{quota.trading_bond.value} * sign);
}

void count_owed(Market& market, Look& look, model::LotId lot, const model::ProxyRow& row,
                int sign) {
  const model::Currency currency = market.products.at(market.lots.at(lot).product).currency;
  count(market, look, {row.bidder, currency}, Bucket::kPerformanceBond,
        Wide{row.performance.value} * sign);
  count(market, look, {row.bidder, currency}, Bucket::kTradingBond, Wide{row.trading.value} * sign);
}

void count_owed(Market& market, Look& look, const model::LotBidRow& row, int sign) {
  if (row.bidder == 0) return;
  const model::Currency currency = market.products.at(market.lots.at(row.lot).product).currency;
  count(market, look, {row.bidder, currency}, Bucket::kPerformanceBond,
        Wide{row.performance.value} * sign);
  count(market, look, {row.bidder, currency}, Bucket::kTradingBond, Wide{row.trading.value} * sign);
}

void count_owed(Market& market, Look& look, const model::QuoteRow& row, int sign) {
  const model::Currency currency = market.products.at(market.lots.at(row.request).product).currency;
  count(market, look, {row.maker, currency}, Bucket::kPerformanceBond,
        Wide{row.performance.value} * sign);
  count(market, look, {row.maker, currency}, Bucket::kTradingBond, Wide{row.trading.value} * sign);
}

void count_owed(Market& market, Look& look, const model::SealedBidRow& row, int sign) {
  const model::Currency currency = market.products.at(market.lots.at(row.lot).product).currency;
  count(market, look, {row.bidder, currency}, Bucket::kPerformanceBond,
        Wide{row.performance.value} * sign);
  count(market, look, {row.bidder, currency}, Bucket::kTradingBond, Wide{row.trading.value} * sign);
}

void check_books(const Market& market, const Look& look) {
  for (const Wide sum : look.posted) {
    require(sum == 0, "R1.5", [&] { return "the command's postings sum to " + text_of(sum); });
  }
  static const Buckets kNothing{};
  for (const auto& [account, changed] : look.touched) {
    const auto has = market.balances.find(account);
    const auto owes = market.owed.find(account);
    const Buckets& balance = has == market.balances.end() ? kNothing : has->second;
    const Buckets& owed = owes == market.owed.end() ? kNothing : owes->second;
    for (std::size_t i = 0; i < balance.size(); ++i) {
      require(balance[i] >= 0, "R1.5", [&] {
        return "participant " + std::to_string(account.first) + ", bucket " + std::to_string(i) +
               " stands at " + text_of(balance[i]);
      });
      require(i == 0 || balance[i] == owed[i], "R6.2", [&] {
        return "participant " + std::to_string(account.first) + ", bucket " + std::to_string(i) +
               " holds " + text_of(balance[i]) + ", owed to lots and contracts are " +
               text_of(owed[i]);
      });
    }
  }
  for (std::size_t currency = 0; currency < model::kCurrencies; ++currency) {
    require(market.operators[currency][0] <= 0, "R3.4", "the bank mirror stands above zero");
    for (std::size_t i = 1; i < model::kOperatorAccounts; ++i) {
      const bool may_be_below = i == static_cast<std::size_t>(model::OperatorAccount::kSuspense);
      require(may_be_below || market.operators[currency][i] >= 0, "R1.5",
              "an account of the operator stands below zero");
    }
  }
}

}  // namespace hulan::auditor
