// SPDX-License-Identifier: Apache-2.0
// Sealed auctions (R5.3.4): the key is made and the bid is sealed here, so that the server never
// has a secret of either.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "base/sealed_box.h"
#include "gateways/decimal.h"
#include "hulan/commands/commands.h"
#include "hulan/commands/session.h"

namespace hulan::app {
namespace {

namespace json = boost::json;

/// A new file that only its owner reads; false if it is there already or cannot be written.
bool write_secret(const std::filesystem::path& path, const std::string& text) {
  if (std::filesystem::exists(path)) return false;
  std::ofstream out(path);
  std::error_code ignored;
  std::filesystem::permissions(path, std::filesystem::perms(0600), ignored);
  out << text << '\n';
  return static_cast<bool>(out.flush());
}

int make_key(const std::string& folder) {
  SealKeyBytes shares[2];
  for (SealKeyBytes& share : shares) fill_random(share);
  const SealKeyBytes key = public_seal_key(join_shares(shares[0], shares[1]));
  const std::filesystem::path at(folder);
  std::error_code failed;
  std::filesystem::create_directories(at, failed);
  const std::string hashes[] = {to_hex(sha256(shares[0])), to_hex(sha256(shares[1]))};
  const json::object told{{"public_key", to_hex(key)}, {"shares", {hashes[0], hashes[1]}}};
  const std::pair<const char*, std::string> files[] = {{"share-1", to_hex(shares[0])},
                                                       {"share-2", to_hex(shares[1])},
                                                       {"key.json", json::serialize(told)}};
  for (const auto& [name, text] : files) {
    if (write_secret(at / name, text)) continue;
    fmt::print(stderr, "hulan: --out '{}': {} is there already or cannot be written\n", folder,
               name);
    return 2;
  }
  fmt::print("public key {}\nshare 1    {}  SHA-256 {}\nshare 2    {}  SHA-256 {}\n", to_hex(key),
             (at / "share-1").string(), hashes[0], (at / "share-2").string(), hashes[1]);
  return 0;
}

std::string first_line(std::string_view field, const std::string& path) {
  std::string text = read_file(field, path);
  return text.substr(0, text.find_first_of("\r\n"));
}

void register_key(Session& session) {
  const std::string file = session.text("--key") + "/key.json";
  boost::system::error_code failed;
  const json::value told = json::parse(read_file("--key", file), failed);
  if (failed) bad_input("--key", file, "the key.json that hulan seal-key wrote");
  const json::array& hashes = told.at("shares").as_array();
  json::array shares;
  for (std::size_t i = 0; i < 2; ++i) {
    const char* const holder = i == 0 ? "--holder-1" : "--holder-2";
    shares.push_back({{"holder", session.number(holder)}, {"sha256", hashes.at(i)}});
  }
  session.print_answer(
      session.post("/v1/seal-keys", {{"public_key", told.at("public_key")}, {"shares", shares}}));
}

void list_keys(Session& session) {
  session.print_rows(session.get("/v1/seal-keys").at("items").as_array(),
                     {{"id", "id", Align::kRight},
                      {"public key", "public_key"},
                      {"lots", "lots", Align::kRight},
                      {"closes", "closes_at"}});
}

void reveal(Session& session) {
  session.print_answer(session.post(fill_path(session, "/v1/seal-keys/{KEY}/share"),
                                    {{"share", first_line("--share", session.text("--share"))}}));
}

/// As many digits as this price or quantity has.
int digits_of(const json::value& shown) {
  const std::string text(shown.as_string());
  const auto point = text.find('.');
  return point == std::string::npos ? 0 : static_cast<int>(text.size() - point - 1);
}

std::int64_t number_of(std::string_view field, const std::string& text, int digits) {
  const auto number = gateways::parse_decimal(text, digits, false);
  if (!number || *number <= 0) {
    bad_input(field, text, fmt::format("a number above 0 with at most {} decimals", digits));
  }
  return *number;
}

template <std::size_t kSize>
std::array<std::uint8_t, kSize> bytes_of(const json::value& hex) {
  std::array<std::uint8_t, kSize> out{};
  if (!parse_hex(hex.as_string(), out)) throw std::invalid_argument("no hex");
  return out;
}

void bid_sealed(Session& session) {
  const json::value lot = session.get(fill_path(session, "/v1/lots/{LOT}"));
  if (!lot.at("sealed").is_object()) {
    bad_input("LOT", session.text("LOT"), "a lot that takes sealed bids");
  }
  Opening opening;
  opening.price = number_of("--price", session.text("--price"), digits_of(lot.at("tick")));
  const std::string quantity = session.has("--quantity")
                                   ? session.text("--quantity")
                                   : std::string(lot.at("quantity").as_string());
  opening.quantity = number_of("--quantity", quantity, digits_of(lot.at("quantity")));
  fill_random(opening.salt);
  const std::string commitment = to_hex(commitment_of(opening));
  const SealedBoxBytes box = seal_box(opening, bytes_of<32>(lot.at("sealed").at("public_key")));
  const std::string file =
      session.has("--out") ? session.text("--out") : "sealed-bid-" + session.text("LOT") + ".json";
  const json::object kept{
      {"lot", session.number("LOT")}, {"price", session.text("--price")},
      {"quantity", quantity},         {"salt", to_hex(opening.salt)},
      {"commitment", commitment},     {"opening", to_hex(opening_bytes(opening))}};
  if (!write_secret(file, json::serialize(kept))) bad_input("--out", file, "a new file");
  json::object body{{"commitment", commitment}, {"box", to_hex(box)}};
  if (session.has("--goods")) body["goods"] = session.number("--goods");
  session.print_answer(session.post(fill_path(session, "/v1/lots/{LOT}/sealed-bids"), body));
}

/// The secret of the lot's key, once both shares are in the log.
std::optional<SealKeyBytes> secret_of(Session& session, const json::value& sealed) {
  const json::value keys = session.get("/v1/seal-keys");
  for (const json::value& key : keys.at("items").as_array()) {
    if (key.at("id") != sealed.at("key")) continue;
    const json::array& shares = key.at("shares").as_array();
    if (!shares.at(0).at("share").is_string() || !shares.at(1).at("share").is_string()) break;
    return join_shares(bytes_of<32>(shares.at(0).at("share")),
                       bytes_of<32>(shares.at(1).at("share")));
  }
  return std::nullopt;
}

/// Whether the envelope is what the market says that it is.
bool fits(const json::value& lot, const json::value& bid, const SealKeyBytes& secret) {
  const auto opening = open_box(bytes_of<kSealedBoxBytes>(bid.at("box")),
                                bytes_of<32>(lot.at("sealed").at("public_key")), secret);
  const bool good = opening && to_hex(commitment_of(*opening)) ==
                                   std::string_view(bid.at("commitment").as_string());
  if (!bid.at("price").is_string()) return !good;  // void, or struck before its turn
  const auto told = [&](const char* name, const json::value& like) {
    return gateways::parse_decimal(std::string(bid.at(name).as_string()), digits_of(like), true);
  };
  return good && told("price", lot.at("tick")) == opening->price &&
         told("quantity", lot.at("quantity")) == opening->quantity &&
         to_hex(opening->salt) == std::string_view(bid.at("salt").as_string());
}

void verify_sealed(Session& session) {
  const json::value lot = session.get(fill_path(session, "/v1/lots/{LOT}"));
  if (!lot.at("sealed").is_object()) {
    bad_input("LOT", session.text("LOT"), "a lot that takes sealed bids");
  }
  const auto secret = secret_of(session, lot.at("sealed"));
  if (!secret)
    throw CommandFailed(1, "the envelopes are shut: a share of the key is not known yet");
  if (to_hex(public_seal_key(*secret)) !=
      std::string_view(lot.at("sealed").at("public_key").as_string())) {
    throw CommandFailed(1, "the shares do not make the key that the bids were sealed to");
  }
  json::array rows;
  bool all = true;
  for (const json::value& bid : lot.at("sealed").at("bids").as_array()) {
    const bool struck = bid.at("state") == "struck" && bid.at("price").is_null();
    const bool good = struck || fits(lot, bid, *secret);
    all = all && good;
    rows.push_back({{"bidder", bid.at("bidder")},
                    {"state", bid.at("state")},
                    {"price", bid.at("price")},
                    {"quantity", bid.at("quantity")},
                    {"fits", good}});
  }
  if (session.json()) {
    session.print_answer(json::object{{"ok", all}, {"bids", rows}});
  } else {
    session.print_rows(rows, {{"bidder", "bidder"},
                              {"state", "state"},
                              {"price", "price", Align::kRight},
                              {"quantity", "quantity", Align::kRight},
                              {"fits", "fits"}});
  }
  if (!all) throw CommandFailed(1, "an envelope does not say what the market says that it did");
}

}  // namespace

void add_seal_key_command(CLI::App& app, int& status) {
  auto* sub = app.add_subcommand("seal-key", "make a key for sealed bids in two shares (R5.3.4)");
  static std::string folder;
  sub->add_option("--out", folder, "folder for share-1, share-2 and key.json")->required();
  sub->callback([&status] { status = make_key(folder); });
}

void add_sealed_commands(std::vector<Command>& commands) {
  const Argument lot{"LOT", "number of the lot", Kind::kNumber, true};
  commands.push_back({"sealed register",
                      "register a key for sealed bids; by an operator",
                      {{"--key", "folder that seal-key wrote", Kind::kText, true},
                       {"--holder-1", "user of staff who holds share 1", Kind::kNumber, true},
                       {"--holder-2", "user of staff who holds share 2", Kind::kNumber, true}},
                      register_key});
  commands.push_back({"sealed keys", "keys for sealed bids, newest first", {}, list_keys});
  commands.push_back(post_command(
      "sealed announce", "announce a sealed auction", "/v1/lots/{LOT}/sealed",
      {lot,
       {"--key", "number of the key", Kind::kNumber, true, "key"},
       {"--start", "start price; in a reverse auction the highest", Kind::kText, true, "start"},
       {"--open", "when: a time, or +1d", Kind::kTime, true, "open_at"},
       {"--close", "when", Kind::kTime, true, "close_at"},
       {"--award", "first_price, second_price, pay_as_bid or uniform", Kind::kText, false, "award"},
       {"--reserve", "secret reserve", Kind::kText, false, "reserve"},
       {"--cap", "highest price; in a reverse auction the lowest", Kind::kText, false, "cap"},
       {"--minimum", "least part, where it goes in parts", Kind::kText, false, "minimum"}}));
  commands.push_back({"sealed reveal",
                      "give your share of a key, once all its lots have closed",
                      {{"KEY", "number of the key", Kind::kNumber, true},
                       {"--share", "file with the share", Kind::kFile, true}},
                      reveal});
  commands.push_back(
      {"bid-sealed",
       "bid in a sealed auction: sealed here, opened by the market (R5.3.4)",
       {lot,
        {"--price", "your bid", Kind::kText, true},
        {"--quantity", "how much; nothing: all of it", Kind::kText},
        {"--goods", "your own lot, in a reverse auction", Kind::kNumber},
        {"--out", "file that keeps the salt; nothing: sealed-bid-LOT.json", Kind::kText}},
       bid_sealed});
  commands.push_back({"verify-sealed",
                      "open every envelope of a lot again and check what the market says (R5.3.4)",
                      {lot},
                      verify_sealed});
}

}  // namespace hulan::app
