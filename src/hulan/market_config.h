// SPDX-License-Identifier: Apache-2.0
// What an operator configures: DIR/market.toml, DIR/places.toml and DIR/products.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <utility>
#include <vector>

#include "gateways/market_info.h"
#include "model/command.h"

namespace hulan::app {

struct MarketConfig {
  gateways::Text name;
  std::string address;  ///< where the server listens
  std::uint16_t port = 0;
  alignas(
      16) model::InitMarket init{};  ///< the first record's values; administrator and name not set
  std::vector<gateways::Rate> rates;
  std::vector<gateways::Place> places;
};

/// Reads DIR/market.toml and DIR/places.toml. The error is one line: file, line, key, reason.
[[nodiscard]] std::expected<MarketConfig, std::string> load_market_config(
    const std::string& directory);

/// What the doors tell about the market; `demo` is for the caller to set.
[[nodiscard]] gateways::MarketInfo market_info(const MarketConfig& config);

/// Name ("maize.toml") and text of each file of DIR/products, by name; empty without the folder.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> read_product_files(
    const std::string& directory);

}  // namespace hulan::app
