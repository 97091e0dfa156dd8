// SPDX-License-Identifier: Apache-2.0
// Who plays in the demo: all invented. The persons a visitor may become are never played by the
// demo itself.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace hulan::app::demo {

struct Names {
  std::string_view zh, en, ru;
};

struct StaffMember {
  std::string_view login, role, name;
  std::string_view persona;  ///< what a visitor asks to become; empty: the demo's own
};

struct Firm {
  std::string_view login;
  Names name;
  std::string_view kind, form, vat;
  std::uint32_t region;
  std::string_view money;  ///< yuan
  std::string_view persona;
};

/// A kind of goods that the demo's farms bring to market.
struct Goods {
  std::string_view product;
  Names title;
  std::string_view picture;
  std::string_view grade;    ///< its code; empty: the product has none
  std::uint32_t place;       ///< county where it is handed over
  std::int64_t least, most;  ///< quantity in the product's unit
  std::int64_t round_to;
  double average_kg;  ///< 0: lots state none
  double price;       ///< around which it trades, yuan
  double step;        ///< of an auction
  int digits;         ///< decimals of the price
  bool auction;
  std::uint32_t origin;
};

[[nodiscard]] std::span<const StaffMember> staff();
[[nodiscard]] std::span<const Firm> firms();
[[nodiscard]] std::span<const Goods> goods();

}  // namespace hulan::app::demo
