// SPDX-License-Identifier: Apache-2.0
// lot, listing, take, auction, bid (R4.2, R4.3, R5).
#include <fmt/format.h>

#include "hulan/commands/session.h"

namespace hulan::app {
namespace {

namespace json = boost::json;

const Argument kLot{"LOT", "the lot", Kind::kNumber, true};

/// "156000000000001:200" is 200 ear tags in a row.
json::array tag_ranges(const std::vector<std::string>& given) {
  json::array ranges;
  for (const std::string& range : given) {
    const auto colon = range.find(':');
    const auto count = number_or_text(colon == std::string::npos ? "1" : range.substr(colon + 1));
    const std::string first = range.substr(0, colon);
    if (!count.is_number() || first.size() != 15 ||
        first.find_first_not_of("0123456789") != std::string::npos) {
      bad_input("--range", range, "FIRST:COUNT, where FIRST has 15 digits");
    }
    ranges.push_back(json::object{{"first", first}, {"count", count}});
  }
  return ranges;
}

void attach_tags(Session& session) {
  session.print_answer(session.post(fill_path(session, "/v1/lots/{LOT}/tags"),
                                    json::object{{"ranges", tag_ranges(session.all("--range"))}}));
}

const std::vector<Argument>& create_arguments() {
  static const std::vector<Argument> kArguments = {
      {"--product", "number or code", Kind::kNumberOrText, true, "product"},
      {"--side", "sell, or buy for a request", Kind::kText, false, "side", "sell"},
      {"--quantity", "in the product's unit", Kind::kText, true, "quantity"},
      {"--average", "average weight, kg", Kind::kText, false, "average_kg"},
      {"--grade", "the grade's code", Kind::kText, false, "grade"},
      {"--terms", "destination or origin (R8.1)", Kind::kText, true, "terms"},
      {"--origin", "6-digit county code", Kind::kText, true, "origin"},
      {"--place", "6-digit county code of delivery or pick-up", Kind::kText, true, "place"},
      {"--spot", "number of the spot at the place", Kind::kNumber, false, "spot"},
      {"--pickup-from", "a time, or +1d", Kind::kTime, true, "pickup_from"},
      {"--pickup-until", "a time, or +7d", Kind::kTime, true, "pickup_until"},
      {"--farm", "who raised it, if not you", Kind::kNumber, false, "farm"},
      {"--mark", "origin mark it carries", Kind::kNumber, false, "mark"},
      {"--title", "title in Chinese", Kind::kText, false, "title.zh"},
      {"--title-en", "in English", Kind::kText, false, "title.en"},
      {"--title-ru", "in Russian", Kind::kText, false, "title.ru"},
      {"--description", "description in Chinese", Kind::kText, false, "description.zh"},
      {"--photo", "picture file; may be given several times", Kind::kMany}};
  return kArguments;
}

void create_lot(Session& session) {
  auto body = body_of(session, create_arguments());
  if (session.has("--photo")) {
    json::array photos;
    for (const std::string& file : session.all("--photo"))
      photos.emplace_back(session.upload(file));
    body["photos"] = std::move(photos);
  }
  session.print_answer(session.post("/v1/lots", body));
}

std::vector<ListColumn> lot_columns() {
  return {{"id", "id", Align::kRight},
          {"product", "product_code"},
          {"side", "side"},
          {"method", "method"},
          {"state", "state"},
          {"grade", "grade"},
          {"quantity", "quantity", Align::kRight},
          {"left", "remaining", Align::kRight},
          {"unit", "unit"},
          {"price", "price", Align::kRight},
          {"bids", "bids", Align::kRight},
          {"origin", "origin"},
          {"place", "place"},
          {"farm", "farm_name"},
          {"closes", "close_at"}};
}

void add_goods_commands(std::vector<Command>& commands) {
  commands.push_back({"lot create", "make a draft (R4.2)", create_arguments(), create_lot});
  commands.push_back(show_command("lot show", "one lot in full", "/v1/lots/{LOT}", {kLot}));
  commands.push_back(list_command(
      "lot list", "the catalogue, newest first", "/v1/lots",
      {{"--state", "live, closed, draft, ...; several with commas", Kind::kText, false, "state"},
       {"--product", "number or code", Kind::kText, false, "product"},
       {"--province", "2 digits", Kind::kText, false, "province"},
       {"--place", "6 digits", Kind::kText, false, "place"},
       {"--farm", "a participant", Kind::kNumber, false, "farm"},
       {"--method", "listing or ascending", Kind::kText, false, "method"},
       {"--side", "sell or buy", Kind::kText, false, "side"}},
      lot_columns()));
  commands.push_back({"lot mine", "your own lots, drafts too", {}, [](Session& session) {
                        session.print_rows(session.get_all("/v1/lots?mine=true"), lot_columns());
                      }});
  commands.push_back(
      post_command("lot document", "attach a paper (R4.3)", "/v1/lots/{LOT}/documents",
                   {kLot,
                    {"FILE", "the paper: PDF, picture, text", Kind::kFile, true, "sha256"},
                    {"--kind", "asf_test, immunization, origin_certificate, assay, other, ...",
                     Kind::kText, true, "kind"},
                    {"--number", "as printed on it", Kind::kText, false, "number"},
                    {"--issued", "when", Kind::kTime, true, "issued_at"},
                    {"--expires", "when; nothing: never", Kind::kTime, false, "expires_at"}}));
  commands.push_back(
      {"lot tags",
       "attach ear tags (R4.3)",
       {kLot, {"--range", "FIRST:COUNT, 15 digits and how many follow", Kind::kMany, true}},
       attach_tags});
  commands.push_back(post_command("lot check", "confirm a paper; by an inspector",
                                  "/v1/lots/{LOT}/documents/{N}/check",
                                  {kLot, {"N", "number of the paper", Kind::kNumber, true}}));
  commands.push_back(post_command("lot withdraw", "take a lot back (R5.8)",
                                  "/v1/lots/{LOT}/withdraw",
                                  {kLot, {"--reason", "why", Kind::kText, true, "reason"}}));
}

}  // namespace

void add_lot_commands(std::vector<Command>& commands) {
  add_goods_commands(commands);
  commands.push_back(post_command(
      "listing", "list a lot at a price (R5.1)", "/v1/lots/{LOT}/listing",
      {kLot,
       {"--price", "in the product's price unit", Kind::kText, true, "price"},
       {"--minimum", "least part that may be taken; nothing: all of it", Kind::kText, false,
        "minimum"},
       {"--until", "when it expires: a time, or +2d", Kind::kTime, true, "expires_at"}}));
  commands.push_back(post_command(
      "take", "take a listed lot or a part of it (R5.1)", "/v1/lots/{LOT}/take",
      {kLot,
       {"--price", "what you saw; another one is refused as stale", Kind::kText, true, "price"},
       {"--quantity", "how much", Kind::kText, true, "quantity"},
       {"--goods", "your own lot, when taking a request", Kind::kNumber, false, "goods"}}));
  commands.push_back(post_command(
      "auction announce", "give notice of an auction (R5.3)", "/v1/lots/{LOT}/auction",
      {kLot,
       {"--start", "start price", Kind::kText, true, "start"},
       {"--step", "least step", Kind::kText, true, "step"},
       {"--reserve", "secret reserve price", Kind::kText, false, "reserve"},
       {"--cap", "highest price", Kind::kText, false, "cap"},
       {"--open", "when it opens", Kind::kTime, true, "open_at"},
       {"--close", "when it closes", Kind::kTime, true, "close_at"},
       {"--window", "seconds of the soft close; nothing: the product's", Kind::kNumber, false,
        "window_s"},
       {"--minimum", "least part, where the lot may go in parts (R5.3.7)", Kind::kText, false,
        "minimum"},
       {"--award", "of a lot in parts: pay_as_bid or uniform", Kind::kText, false, "award"}}));
  commands.push_back(post_command("auction accept",
                                  "sell below the reserve; by the initiator (R5.3.6)",
                                  "/v1/lots/{LOT}/accept", {kLot}));
  commands.push_back(post_command("auction raise",
                                  "go up to the reserve; by the best bidder (R5.3.6)",
                                  "/v1/lots/{LOT}/raise", {kLot}));
  commands.push_back(post_command(
      "session announce", "announce a session on a clock; by an operator (R5.3.2, R5.3.3)",
      "/v1/trading-sessions",
      {{"--product", "number or code", Kind::kNumberOrText, true, "product"},
       {"--opens", "when: a time, or +1d", Kind::kTime, true, "opens_at"},
       {"--kind", "cadran, or shared_clock (R5.3.2)", Kind::kText, false, "kind", "cadran"},
       {"--side", "sell, or buy for requests", Kind::kText, false, "side", "sell"},
       {"--unsold", "of a cadran: carry, or allocate to quotas", Kind::kText, false, "unsold"},
       {"--tick-ms", "of the clock; nothing: the product's", Kind::kNumber, false, "tick_ms"},
       {"--pause", "seconds between two lots", Kind::kNumber, false, "pause_s"},
       {"--title", "title in Chinese", Kind::kText, false, "title.zh"},
       {"--title-en", "in English", Kind::kText, false, "title.en"},
       {"--title-ru", "in Russian", Kind::kText, false, "title.ru"}}));
  commands.push_back(list_command(
      "session list", "trading sessions, newest first", "/v1/trading-sessions",
      {{"--state", "announced, running, allocating or ended", Kind::kText, false, "state"}},
      {{"id", "id", Align::kRight},
       {"product", "product_code"},
       {"side", "side"},
       {"state", "state"},
       {"opens", "opens_at"},
       {"lots", "lots", Align::kRight},
       {"begun", "begun", Align::kRight},
       {"mean", "mean", Align::kRight}}));
  commands.push_back(show_command("session show", "a session with its catalogue and results",
                                  "/v1/trading-sessions/{SESSION}",
                                  {{"SESSION", "the session", Kind::kNumber, true}}));
  commands.push_back(post_command("session quota", "bond a quota of what stays unsold (R5.3.3)",
                                  "/v1/trading-sessions/{SESSION}/quotas",
                                  {{"SESSION", "the session", Kind::kNumber, true},
                                   {"--quantity", "how much", Kind::kText, true, "quantity"}}));
  commands.push_back(post_command(
      "clock", "put a lot on a session's clock (R5.3.3)", "/v1/lots/{LOT}/clock",
      {kLot,
       {"--session", "number of the session", Kind::kNumber, true, "session"},
       {"--start", "start price", Kind::kText, true, "start"},
       {"--step", "what a tick takes off", Kind::kText, true, "step"},
       {"--floor", "where the clock ends", Kind::kText, true, "floor"},
       {"--minimum", "least part of a take; nothing: all of it", Kind::kText, false, "minimum"}}));
  commands.push_back(
      post_command("shared-clock", "put a lot into a catalogue on a shared clock (R5.3.2)",
                   "/v1/lots/{LOT}/shared-clock",
                   {kLot,
                    {"--session", "number of the session", Kind::kNumber, true, "session"},
                    {"--start", "start price", Kind::kText, true, "start"},
                    {"--step", "least step between bids", Kind::kText, true, "step"},
                    {"--reserve", "secret reserve", Kind::kText, false, "reserve"},
                    {"--cap", "the first bid at it wins", Kind::kText, false, "cap"}}));
  commands.push_back(post_command(
      "bid", "bid in an auction (R5.3)", "/v1/lots/{LOT}/bids",
      {kLot,
       {"--price", "your bid", Kind::kText, true, "price"},
       {"--quantity", "how much, of a lot that may go in parts", Kind::kText, false, "quantity"},
       {"--goods", "your own lot, in a reverse auction", Kind::kNumber, false, "goods"}}));
  commands.push_back(post_command(
      "proxy", "have the market bid for you up to your highest price (R5.3.5)",
      "/v1/lots/{LOT}/proxy",
      {kLot,
       {"--maximum", "your highest price; in a reverse auction the lowest", Kind::kText, true,
        "maximum"},
       {"--goods", "your own lot, in a reverse auction", Kind::kNumber, false, "goods"}}));
  commands.push_back(list_command("bids", "a lot's bids", "/v1/lots/{LOT}/bids", {kLot},
                                  {{"number", "number", Align::kRight},
                                   {"bidder", "bidder"},
                                   {"price", "price", Align::kRight},
                                   {"time", "time"},
                                   {"own", "own"},
                                   {"struck", "struck"}}));
}

}  // namespace hulan::app
