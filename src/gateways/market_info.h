// SPDX-License-Identifier: Apache-2.0
// What the doors say about the market itself: configuration, told and not decided here.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace hulan::gateways {

/// Words in the market's languages. An empty one falls back to another.
struct Text {
  std::string zh, en, ru;
};

/// A configured value, shown with where it comes from.
struct Rate {
  std::string key;  ///< stable: "pay_deadline"
  Text name;
  std::string value;
  std::string unit;
  Text source;       ///< "our default", or a rule's document
  std::string rule;  ///< "R7.2"
};

/// A place within a place where goods change hands: a yard, a berth, a terminal.
struct Spot {
  std::uint32_t id = 0;
  Text name;
  std::string kind;
  bool planned = false;
};

struct PlaceWord {
  Text words;
  bool planned = false;
};

struct Place {
  std::uint32_t code = 0;  ///< county
  Text name;
  std::vector<PlaceWord> words;
  int column = 0, row = 0;  ///< on the tile map
  std::vector<Spot> spots;
};

struct MarketInfo {
  Text name;
  bool demo = false;
  std::int64_t clock_factor = 1;  ///< the market's seconds per second
  std::vector<Rate> rates;
  std::vector<Place> places;
};

}  // namespace hulan::gateways
