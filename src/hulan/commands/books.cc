// SPDX-License-Identifier: Apache-2.0
// book, order (R5.4); halt, resume, kill, revive, permit, bust, surveillance (R12).
#include <chrono>
#include <thread>

#include "hulan/commands/session.h"

namespace hulan::app {
namespace {

namespace json = boost::json;

const Argument kBook{"BOOK", "the book", Kind::kNumber, true};
const Argument kOrder{"ORDER", "the order's id", Kind::kText, true};
const Argument kParticipant{"PARTICIPANT", "the participant", Kind::kNumber, true};
const Argument kReason{"--reason", "why, for everybody to read", Kind::kText, true, "reason"};
const Argument kProduct{"--product", "number or code; nothing: the whole market",
                        Kind::kNumberOrText, false, "product"};
const Argument kSelfTrade{"--self-trade",
                          "where it would meet an own order: cancel_oldest, cancel_newest, "
                          "cancel_both, decrement or allow",
                          Kind::kText, false, "self_trade"};

void add_books(std::vector<Command>& commands) {
  commands.push_back(post_command(
      "book open", "open a session of a product's order book; by an operator (R5.4)", "/v1/books",
      {{"--product", "number or code", Kind::kNumberOrText, true, "product"},
       {"--lot", "one standard lot, in the product's unit", Kind::kText, true, "lot"},
       {"--average", "of one head, kg; by head and weight", Kind::kText, false, "average_kg"},
       {"--reference", "price, for the first session", Kind::kText, true, "reference"},
       {"--call", "the opening call begins: a time, or +1m", Kind::kTime, true, "call_at"},
       {"--opens", "its auction", Kind::kTime, true, "open_at"},
       {"--closing-call", "the closing call begins", Kind::kTime, true, "closing_call_at"},
       {"--closes", "its auction", Kind::kTime, true, "close_at"}}));
  commands.push_back(list_command("book list", "order books", "/v1/books", {},
                                  {{"id", "id", Align::kRight},
                                   {"product", "product_code"},
                                   {"phase", "phase"},
                                   {"until", "phase_until"},
                                   {"last", "last", Align::kRight},
                                   {"traded", "traded", Align::kRight}}));
  commands.push_back(show_command("book show", "a book with its ladder and latest trades",
                                  "/v1/books/{BOOK}", {kBook}));
}

void add_orders(std::vector<Command>& commands) {
  commands.push_back(
      post_command("order place", "an order in a book (R5.4)", "/v1/books/{BOOK}/orders",
                   {kBook,
                    {"--side", "buy or sell", Kind::kText, true, "side"},
                    {"--quantity", "standard lots", Kind::kNumber, true, "quantity"},
                    {"--price", "limit", Kind::kText, false, "price"},
                    {"--kind", "limit or market", Kind::kText, false, "kind"},
                    {"--life", "session, immediate, fill_or_kill, post_only or good_till",
                     Kind::kText, false, "life"},
                    {"--until", "of a good_till order", Kind::kTime, false, "expires_at"},
                    {"--stop", "price that sets it going", Kind::kText, false, "stop"},
                    {"--display", "lots shown at a time", Kind::kNumber, false, "display"},
                    kSelfTrade}));
  commands.push_back(
      post_command("order cancel", "take an order out", "/v1/orders/{ORDER}/cancel", {kOrder}));
  commands.push_back(post_command("order reduce", "make it smaller; it keeps its place in time",
                                  "/v1/orders/{ORDER}/reduce",
                                  {kOrder, {"--by", "lots", Kind::kNumber, true, "by"}}));
  commands.push_back(post_command("order replace", "another in its place, the last in time",
                                  "/v1/orders/{ORDER}/replace",
                                  {kOrder,
                                   {"--price", "limit", Kind::kText, true, "price"},
                                   {"--quantity", "lots", Kind::kNumber, true, "quantity"},
                                   kSelfTrade}));
  commands.push_back(list_command("order list", "your live orders", "/v1/orders", {},
                                  {{"id", "id", Align::kRight},
                                   {"book", "book", Align::kRight},
                                   {"side", "side"},
                                   {"price", "price", Align::kRight},
                                   {"stop", "stop", Align::kRight},
                                   {"lots", "quantity", Align::kRight}}));
  commands.push_back(list_command("position list", "what you have traded in books", "/v1/positions",
                                  {},
                                  {{"book", "book", Align::kRight},
                                   {"product", "product_code"},
                                   {"net", "net", Align::kRight},
                                   {"traded", "traded", Align::kRight}}));
}

/// R12.3: waits until the whole journal has been looked at.
void list_suspicions(Session& session) {
  constexpr auto kAgain = std::chrono::milliseconds(200);
  while (session.get("/v1/surveillance?limit=1").at("reading").as_bool()) {
    std::this_thread::sleep_for(kAgain);
  }
  std::string query;
  for (const char* name : {"--pattern", "--participant"}) {
    if (!session.has(name)) continue;
    query += query.empty() ? "?" : "&";
    query += std::string(name + 2) + "=" + url_encoded(session.text(name));
  }
  json::array rows = session.get_all("/v1/surveillance" + query);
  for (json::value& row : rows) {
    json::array names;
    for (const json::value& who : row.at("participants").as_array())
      names.push_back(who.at("name"));
    row.as_object()["names"] = std::move(names);
  }
  session.print_rows(rows, {{"time", "time"},
                            {"pattern", "pattern"},
                            {"participants", "names"},
                            {"product", "product_name"},
                            {"value", "value", Align::kRight},
                            {"unit", "unit"},
                            {"evidence", "evidence"}});
}

void add_control(std::vector<Command>& commands) {
  commands.push_back(
      {"surveillance",
       "what looks like abuse, with its records; operator and auditor (R12.3)",
       {{"--pattern", "self_trade, circular, related_bid, always_second, ...", Kind::kText},
        {"--participant", "only with this one", Kind::kNumber}},
       list_suspicions});
  commands.push_back(post_command("halt", "stop trading; by an operator (R12.2)", "/v1/halts",
                                  {kProduct, kReason}));
  commands.push_back(post_command(
      "resume", "announce when trading goes on, 5 min ahead; by an operator", "/v1/halts/resume",
      {kProduct, {"--at", "a time, or +6m", Kind::kTime, true, "resume_at"}}));
  commands.push_back(list_command("halt list", "what is halted now", "/v1/halts", {},
                                  {{"product", "product_code"},
                                   {"since", "since"},
                                   {"resumes", "resume_at"},
                                   {"reason", "reason"}}));
  commands.push_back(
      post_command("kill", "the kill switch: all of a participant's orders out, none in (R12.2)",
                   "/v1/participants/{PARTICIPANT}/kill", {kParticipant, kReason}));
  commands.push_back(post_command("revive", "let a participant trade again",
                                  "/v1/participants/{PARTICIPANT}/revive",
                                  {kParticipant, kReason}));
  for (const bool allowed : {false, true}) {
    static const std::vector<Argument> kArguments = {
        kParticipant,
        {"--product", "number or code", Kind::kNumberOrText, true, "product"},
        kReason};
    commands.push_back(
        {allowed ? "permit" : "bar",
         allowed ? "let a participant trade a product again (R12.1)"
                 : "keep a participant from trading a product (R12.1)",
         kArguments, [allowed](Session& session) {
           auto body = body_of(session, kArguments);
           body["allowed"] = allowed;
           session.print_answer(
               session.post(fill_path(session, "/v1/participants/{PARTICIPANT}/permission"), body));
         }});
  }
  commands.push_back(
      post_command("bust", "ask for an obvious error to be undone, within 60 minutes (R12.4)",
                   "/v1/contracts/{CONTRACT}/bust",
                   {{"CONTRACT", "the contract", Kind::kNumber, true}, kReason}));
}

}  // namespace

void add_book_commands(std::vector<Command>& commands) {
  add_books(commands);
  add_orders(commands);
  add_control(commands);
}

}  // namespace hulan::app
