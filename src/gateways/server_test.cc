// SPDX-License-Identifier: Apache-2.0
// The REST door over real sockets. A leading + copies a packed field: no reference may be bound to
// one.
#include <fmt/format.h>
#include <prometheus/registry.h>
#include <zlib.h>

#include "base/sha256.h"
#include "gateways/testing.h"

namespace hulan::gateways {
namespace {

using namespace testing;  // NOLINT: the fixture's words

class Doors : public DoorsTest {};

TEST_F(Doors, are_healthy_at_once_and_ready_when_the_log_is_replayed) {
  start();
  on_network([&] { server_->set_ready(false); });
  EXPECT_EQ(get("/healthz").status, 200);
  EXPECT_EQ(get("/readyz").status, 503);
  EXPECT_EQ(get("/v1/market").text("code"), "not_ready");
  EXPECT_EQ(get("/openapi.json").status, 200);
  on_network([&] { server_->set_ready(true); });
  EXPECT_EQ(get("/readyz").status, 200);
  EXPECT_EQ(get("/v1/market").status, 200);
}

TEST_F(Doors, every_answer_says_on_which_state_it_stands) {
  start();
  const auto market = get("/v1/market");
  EXPECT_EQ(market.text("sequence"), "1");
  EXPECT_EQ(market.text("time"), "2024-01-14T09:00:00.000Z");
  EXPECT_EQ(market.text("demo"), "true");
  EXPECT_EQ(market.header("X-Content-Type-Options"), "nosniff");
  EXPECT_EQ(market.header("X-Frame-Options"), "DENY");
  EXPECT_EQ(market.header("Cache-Control"), "no-store");
}

TEST_F(Doors, R11_1_the_catalogue_is_public_and_hides_drafts_and_reserves) {
  start();
  const auto lots = get("/v1/lots");
  ASSERT_EQ(lots.status, 200) << lots.body;
  ASSERT_EQ(lots.object().at("items").as_array().size(), 2);
  EXPECT_EQ(lots.body.find("\"15.000\""), std::string::npos) << "the reserve is secret";
  const auto lot = get("/v1/lots/1");
  EXPECT_EQ(lot.text("price"), "14.000");
  EXPECT_EQ(lot.text("quantity"), "200");
  EXPECT_EQ(lot.text("average_kg"), "115.000");
  EXPECT_EQ(lot.text("grade"), "three_way");
  EXPECT_EQ(lot.text("has_reserve"), "true");
  EXPECT_EQ(lot.text("reserve_met"), "false");
  EXPECT_EQ(lot.text("product_code"), "live-hog");
  EXPECT_EQ(lot.text("picture"), "live-hog.svg");
  EXPECT_EQ(lot.text("next_bid"), "14.000");
  EXPECT_EQ(lot.text("mine"), "false");
  EXPECT_EQ(get("/v1/lots/1", kFarmer).text("mine"), "true");
  EXPECT_EQ(get("/v1/lots/2").status, 404) << "a draft";
  EXPECT_EQ(get("/v1/lots/2", kFarmer).status, 200);
  EXPECT_EQ(get("/v1/lots?mine=true", kFarmer).object().at("items").as_array().size(), 3);
  EXPECT_EQ(get("/v1/lots?method=listing").object().at("items").as_array().size(), 1);
}

TEST_F(Doors, R2_3_money_and_contracts_are_seen_by_their_owner_and_the_staff) {
  start();
  EXPECT_EQ(get("/v1/accounts/2").status, 401);
  EXPECT_EQ(get("/v1/accounts/2", kFarmer).status, 403);
  EXPECT_EQ(get("/v1/accounts/2", kBuyer).text("available"), "1000000.00");
  EXPECT_EQ(get("/v1/accounts/2", kOperator).text("available"), "1000000.00");
  EXPECT_EQ(get("/v1/accounts/2", kAdministrator).status, 403);
  EXPECT_EQ(get("/v1/operator/accounts", kBuyer).status, 403);
  EXPECT_EQ(get("/v1/operator/accounts", kOperator).status, 200);
  const auto contract = get("/v1/contracts/1", kBuyer);
  EXPECT_EQ(contract.text("my_side"), "buyer");
  EXPECT_EQ(contract.text("can"), R"(["pay","cancel"])");
  EXPECT_EQ(contract.text("nominal"), "370760.00");
  EXPECT_EQ(get("/v1/contracts/1", kAdministrator).status, 404);
  EXPECT_EQ(get("/v1/contracts", kFarmer).object().at("items").as_array().size(), 1);
  EXPECT_EQ(get("/v1/approvals", kBuyer).status, 403);
  EXPECT_EQ(get("/v1/users", kBuyer).status, 403);
  EXPECT_EQ(get("/v1/users", kAdministrator).object().at("items").as_array().size(), 5);
}

TEST_F(Doors, R3_3_a_statement_opens_lists_and_closes_as_json_and_csv) {
  start();
  const auto statement = get("/v1/accounts/2/statement", kBuyer);
  ASSERT_EQ(statement.status, 200) << statement.body;
  const auto members = statement.object();
  EXPECT_EQ(members.at("opening").at("available").as_string(), "0.00");
  EXPECT_EQ(members.at("closing").at("available").as_string(), "1000000.00");
  ASSERT_EQ(members.at("lines").as_array().size(), 1);
  EXPECT_EQ(members.at("lines").at(0).at("reason").as_string(), "deposit");
  const auto csv =
      ask({"GET", "/v1/accounts/2/statement", tokens_[kBuyer], "", "", "Accept: text/csv\r\n"});
  EXPECT_EQ(csv.header("Content-Type"), "text/csv; charset=utf-8");
  EXPECT_NE(csv.body.find(",deposit,available,1000000.00,1000000.00,"), std::string::npos)
      << csv.body;
}

TEST_F(Doors, R7_3_a_contract_document_has_the_hash_of_its_bytes) {
  start();
  const auto answer = get("/v1/contracts/1/document", kFarmer);
  const auto begin = answer.body.find("\"document\":") + 11;
  const auto end = answer.body.rfind(",\"sequence\"");
  EXPECT_EQ(answer.text("sha256"), to_hex(sha256(answer.body.substr(begin, end - begin))));
}

TEST_F(Doors, a_bid_becomes_a_command_and_its_answer_is_the_markets) {
  start();
  sink_.react = [](const Submitted&, Events&, model::Replied& reply) {
    reply.frozen = {1'792'505};
    reply.id = 1;
    reply.salt.fill(0x5a);
    reply.leaf.fill(0x1f);
  };
  const auto answer =
      ask({"POST", "/v1/lots/1/bids", tokens_[kBuyer], R"({"price":"14.17"})", "application/json",
           "Idempotency-Key: 018d0c1f2a00aabbccddeeff00112233\r\n"});
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.text("frozen"), "17925.05");
  EXPECT_EQ(answer.text("client_id"), "018d0c1f2a00aabbccddeeff00112233");
  EXPECT_EQ(answer.text("sequence"), "101");
  EXPECT_EQ(answer.text("salt"), "5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a");  // R13.2
  EXPECT_EQ(answer.text("leaf"),
            "1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f");
  const Submitted command = sink_.last();
  EXPECT_EQ(command.header.type, model::CommandType::kPlaceBid);
  EXPECT_EQ(command.header.user, kBuyer);
  EXPECT_EQ(command.header.participant, kSlaughterhouse);
  const std::int64_t price = command.as<model::PlaceBid>().price;  // packed: not to be referred to
  EXPECT_EQ(price, 14'170);
}

TEST_F(Doors, a_key_made_by_the_server_carries_the_markets_time) {
  start();
  const auto first = post("/v1/lots/1/raise", "", kBuyer).text("client_id");
  const auto second = post("/v1/lots/1/raise", "", kBuyer).text("client_id");
  EXPECT_EQ(first.substr(0, 12), "018d0c595e80") << "milliseconds of 2024-01-15T09:00Z";
  EXPECT_EQ(first.size(), 32);
  EXPECT_NE(first, second);
}

TEST_F(Doors, a_refusal_has_code_rule_and_words_in_the_readers_language) {
  start();
  sink_.react = [](const Submitted&, Events&, model::Replied& reply) {
    reply.reject = model::Reject::no_funds;
  };
  const auto answer = ask({"POST", "/v1/lots/1/bids", tokens_[kBuyer], R"({"price":"14.17"})",
                           "application/json", "Accept-Language: ru\r\n"});
  EXPECT_EQ(answer.status, 422);
  EXPECT_EQ(answer.header("Content-Type"), "application/problem+json");
  EXPECT_EQ(answer.text("code"), "no_funds");
  EXPECT_EQ(answer.text("rule"), "R6.1");
  EXPECT_EQ(answer.text("type"), "/problems/no_funds");
  EXPECT_EQ(answer.text("title"), "доступного остатка не хватает");
  EXPECT_EQ(get("/problems/no_funds").text("status"), "422");
}

TEST_F(Doors, say_busy_when_the_ring_is_full) {
  start();
  sink_.full = true;
  const auto answer = post("/v1/lots/1/bids", R"({"price":"14.17"})", kBuyer);
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.text("code"), "busy");
}

TEST_F(Doors, take_no_new_work_on_a_disk_that_is_nearly_full_and_go_on_with_the_rest) {
  auto room = std::make_shared<std::atomic<StorageRoom>>(StorageRoom::kNearlyFull);
  auto given = services();
  given.storage_room = [room] { return room->load(); };
  start(std::move(given));
  const auto refused = post("/v1/lots/1/bids", R"({"price":"14.17"})", kBuyer);
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(refused.text("code"), "storage_nearly_full");
  EXPECT_TRUE(sink_.seen().empty());
  EXPECT_EQ(get("/v1/lots/1").status, 200) << "reads go on";
  EXPECT_EQ(post("/v1/contracts/1/pay", "{}", kBuyer).status, 200) << "contracts go on";
  EXPECT_EQ(sink_.last().header.type, model::CommandType::kPay);
  room->store(StorageRoom::kFull);
  EXPECT_EQ(post("/v1/contracts/1/pay", "{}", kBuyer).text("code"), "storage_nearly_full");
  EXPECT_EQ(get("/v1/lots/1").status, 200) << "reads go on";
  room->store(StorageRoom::kPlenty);
  EXPECT_EQ(post("/v1/lots/1/bids", R"({"price":"14.17"})", kBuyer).status, 200);
}

TEST_F(Doors, keep_the_connection_and_the_order_of_its_requests) {
  start();
  Socket socket(server_->port());
  socket.send(written({"GET", "/v1/lots/1"}) + written({"GET", "/v1/lots/3"}) +
              written({"POST", "/v1/lots/1/bids", tokens_[kBuyer], R"({"price":"14.17"})"}) +
              written({"GET", "/healthz"}));
  EXPECT_EQ(read_answer(socket).text("id"), "1");
  EXPECT_EQ(read_answer(socket).text("id"), "3");
  EXPECT_EQ(read_answer(socket).text("sequence"), "101");
  EXPECT_EQ(read_answer(socket).body, "ok\n");
}

TEST_F(Doors, answer_HEAD_without_a_body) {
  start();
  const auto answer = ask({"HEAD", "/v1/lots/1"});
  EXPECT_EQ(answer.status, 200);
  EXPECT_FALSE(answer.header("Content-Length").empty());
}

TEST_F(Doors, sign_in_with_a_password_and_out_again) {
  start();
  EXPECT_EQ(post("/v1/sessions", R"({"login":"buyer","password":"not it"})").text("code"),
            "wrong_password");
  const auto session = post("/v1/sessions", R"({"login":"buyer","password":"a password"})");
  ASSERT_EQ(session.status, 200) << session.body;
  EXPECT_EQ(session.object().at("user").at("login").as_string(), "buyer");
  EXPECT_EQ(session.object().at("participant").at("id").as_int64(), kSlaughterhouse);
  const auto token = session.text("token");
  EXPECT_EQ(ask({"GET", "/v1/me", token}).status, 200);
  EXPECT_EQ(ask({"DELETE", "/v1/sessions", token}).status, 200);
  EXPECT_EQ(ask({"GET", "/v1/me", token}).status, 401);
}

TEST_F(Doors, make_users_and_tokens_for_those_who_may) {
  start();
  const std::string body =
      R"({"login":"new","name":"New","password":"long enough","roles":["trader"],"participant":1})";
  EXPECT_EQ(post("/v1/users", body, kOperator).status, 403);
  const auto made = post("/v1/users", body, kAdministrator);
  ASSERT_EQ(made.status, 200) << made.body;
  EXPECT_EQ(made.text("user"), "6");
  EXPECT_EQ(sink_.last().as<model::RegisterUser>().roles, model::kRoleTrader);
  EXPECT_EQ(post("/v1/users", body, kAdministrator).text("code"), "login_taken");
  EXPECT_EQ(post("/v1/users/2/tokens", R"({"label":"phone","days":3})", kFarmer).status, 403);
  EXPECT_EQ(post("/v1/users/2/tokens", R"({"label":"phone","days":3})", kBuyer).status, 200);
}

TEST_F(Doors, a_user_who_is_switched_off_is_out_at_once_and_may_come_back) {
  start();
  EXPECT_EQ(get("/v1/me", kBuyer).status, 200);
  const std::string path = fmt::format("/v1/users/{}/state", kBuyer);
  EXPECT_EQ(post(path, R"({"active":false})", kOperator).text("code"), "forbidden");
  EXPECT_EQ(post(path, R"({"active":"no"})", kAdministrator).text("field"), "active");
  EXPECT_EQ(get("/v1/me", kBuyer).status, 200);
  EXPECT_EQ(post(path, R"({"active":false})", kAdministrator).status, 200);
  EXPECT_EQ(get("/v1/me", kBuyer).status, 401);
  EXPECT_EQ(post(path, R"({"active":true})", kAdministrator).text("active"), "true");
  const std::string own = fmt::format("/v1/users/{}/state", kAdministrator);
  EXPECT_EQ(post(own, R"({"active":false})", kAdministrator).text("code"), "conflict");
  EXPECT_EQ(get("/v1/me", kAdministrator).status, 200);
}

TEST_F(Doors, a_user_whom_the_market_refuses_cannot_sign_in) {
  start();
  sink_.react = [](const Submitted&, Events&, model::Replied& reply) {
    reply.reject = model::Reject::users_full;
  };
  EXPECT_EQ(post("/v1/users",
                 R"({"login":"new","name":"New","password":"long enough","roles":["operator"]})",
                 kAdministrator)
                .text("code"),
            "users_full");
  EXPECT_EQ(post("/v1/sessions", R"({"login":"new","password":"long enough"})").status, 403);
}

TEST_F(Doors, R2_2_an_applicants_name_goes_to_identity_and_its_hash_to_the_log) {
  start();
  const std::string body =
      R"({"name":{"zh":"新农场"},"kind":"producer","form":"cooperative","vat":"exempt_producer",)"
      R"("region":"230113","phone":"13900000000"})";
  const Ask twice{
      "POST", "/v1/participants", tokens_[kOperator],
      body,   "application/json", "Idempotency-Key: 018d0c1f2a00aabbccddeeff00112233\r\n"};
  const auto made = ask(twice);
  ASSERT_EQ(made.status, 200) << made.body;
  EXPECT_EQ(made.text("participant"), "3");
  const auto command = sink_.last().as<model::ApplyParticipant>();
  EXPECT_EQ(command.id, 3);
  EXPECT_NE(command.name_hmac, model::DocumentHash{});
  EXPECT_EQ(ask(twice).text("participant"), "3") << "the same key makes nobody twice";
  EXPECT_EQ(sink_.last().body, sink_.seen()[0].body);
}

TEST_F(Doors, R4_2_a_lots_words_go_to_the_document_store_and_its_terms_to_the_market) {
  start();
  const auto photo = ask({"POST", "/v1/documents", tokens_[kFarmer],
                          "<svg xmlns=\"http://www.w3.org/2000/svg\"/>", "image/svg+xml"});
  ASSERT_EQ(photo.status, 200) << photo.body;
  const auto made = post(
      "/v1/lots",
      R"({"product":"live-hog","side":"sell","quantity":"200","average_kg":"115","grade":"local",)"
      R"("terms":"destination","origin":"230113","place":"230111",)"
      R"("pickup_from":"2024-01-17T00:00:00+08:00","pickup_until":"2024-01-20T00:00:00+08:00",)"
      R"("title":{"zh":"两百头"},"photos":[")" +
          photo.text("sha256") + R"("]})",
      kFarmer);
  ASSERT_EQ(made.status, 200) << made.body;
  const auto command = sink_.last().as<model::CreateLot>();
  EXPECT_EQ(command.product, 1);
  EXPECT_EQ(+command.quantity, 200);
  EXPECT_EQ(+command.average_g, 115'000);
  EXPECT_EQ(command.grade, 2);
  EXPECT_EQ(command.origin, 230113);
  EXPECT_EQ(+command.pickup_from, 1'705'420'800'000'000'000);
  const auto sheet = documents_->get(command.sheet);
  ASSERT_TRUE(sheet.has_value());
  EXPECT_EQ(sheet->media_type, documents::MediaType::kJson);
}

TEST_F(Doors, documents_are_served_by_who_may_see_them_and_run_nothing) {
  start();
  const auto svg = documents_->put("<svg xmlns=\"http://www.w3.org/2000/svg\"/>", "image/svg+xml");
  const auto text = documents_->put("a reason that nobody else needs", "text/plain");
  const auto paper = documents_->put("%PDF-1.4 a test report", "application/pdf");
  model::LotDocumentRow row{};
  row.hash = *paper;
  row.lot = kAuction;
  row.kind = model::DocumentKind::kAsfTest;
  Events events(2, kNow);
  events.row<model::DocumentChanged>(1, row);
  deliver(events);
  const auto picture = get("/v1/documents/" + to_hex(*svg));
  EXPECT_EQ(picture.status, 200);
  EXPECT_EQ(picture.header("Content-Type"), "image/svg+xml");
  EXPECT_NE(picture.header("Content-Security-Policy").find("sandbox"), std::string::npos);
  EXPECT_EQ(ask({"GET", "/v1/documents/" + to_hex(*svg), "", "", "",
                 "If-None-Match: " + picture.header("ETag") + "\r\n"})
                .status,
            304);
  EXPECT_EQ(get("/v1/documents/" + to_hex(*text)).status, 401);
  EXPECT_EQ(get("/v1/documents/" + to_hex(*text), kOperator).status, 200);
  EXPECT_EQ(get("/v1/documents/" + to_hex(*paper)).status, 401);
  EXPECT_EQ(get("/v1/documents/" + to_hex(*paper), kBuyer).status, 403);
  EXPECT_EQ(get("/v1/documents/" + to_hex(*paper), kFarmer).status, 200);
  EXPECT_EQ(get("/v1/documents/" + std::string(64, '0'), kFarmer).status, 404);
}

TEST_F(Doors, serve_the_embedded_pages) {
  std::string zipped(256, '\0');
  z_stream stream{};
  ASSERT_EQ(deflateInit2(&stream, 9, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string script = "let page = 1";
  stream.next_in = reinterpret_cast<Bytef*>(script.data());
  stream.avail_in = static_cast<uInt>(script.size());
  stream.next_out = reinterpret_cast<Bytef*>(zipped.data());
  stream.avail_out = static_cast<uInt>(zipped.size());
  ASSERT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  zipped.resize(stream.total_out);
  deflateEnd(&stream);
  static constexpr std::string_view kPage = "<!doctype html>";
  const auto bytes = [](std::string_view text) {
    return std::span(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
  };
  Services with_files = services();
  with_files.files = [&](std::string_view path) -> std::optional<StaticFile> {
    if (path == "/index.html") return StaticFile{bytes(kPage), "text/html", "\"i\"", false};
    if (path == "/assets/a.js") return StaticFile{bytes(zipped), "text/javascript", "\"a\"", true};
    return std::nullopt;
  };
  start(std::move(with_files));
  const auto page = get("/");
  EXPECT_EQ(page.body, kPage);
  EXPECT_NE(page.header("Content-Security-Policy").find("default-src 'self'"), std::string::npos);
  EXPECT_EQ(get("/lots/5").body, kPage) << "the page's own address";
  EXPECT_EQ(get("/missing.js").status, 404);
  EXPECT_EQ(get("/v1/nothing").status, 404);
  EXPECT_EQ(get("/assets/a.js").body, script) << "for who does not unzip";
  const auto small = ask({"GET", "/assets/a.js", "", "", "", "Accept-Encoding: gzip\r\n"});
  EXPECT_EQ(small.body, zipped);
  EXPECT_EQ(small.header("Content-Encoding"), "gzip");
  EXPECT_EQ(ask({"GET", "/", "", "", "", "If-None-Match: \"i\"\r\n"}).status, 304);
}

TEST_F(Doors, a_demo_lends_its_persons_and_other_markets_do_not) {
  Services demo = services();
  demo.become = [this](std::string_view role) -> std::expected<std::string, std::string> {
    if (role == "farmer") return tokens_[kFarmer];
    return std::unexpected("nobody plays that");
  };
  demo.next_step = [](model::ContractId contract,
                      model::LotId) -> std::expected<void, std::string> {
    if (contract == kContract) return {};
    return std::unexpected("nothing to do");
  };
  start(std::move(demo));
  EXPECT_EQ(post("/v1/demo/become", R"({"role":"farmer"})").text("token"), tokens_[kFarmer]);
  EXPECT_EQ(post("/v1/demo/become", R"({"role":"king"})").status, 400);
  EXPECT_EQ(post("/v1/demo/next", R"({"contract":1})", kFarmer).status, 200);
  EXPECT_EQ(post("/v1/demo/next", R"({"lot":1})", kFarmer).status, 409);
  EXPECT_EQ(post("/v1/demo/next", R"({"lot":1,"contract":1})", kFarmer).status, 400);
  stop();
  server_.reset();
  start();
  EXPECT_EQ(post("/v1/demo/become", R"({"role":"farmer"})").status, 404);
}

TEST_F(Doors, R4_1_a_definition_in_TOML_is_stored_and_submitted_or_refused_by_line) {
  Services with_parser = services();
  with_parser.parse_product =
      [](std::string_view toml) -> std::expected<ParsedProduct, ProductError> {
    if (toml != "good") return std::unexpected(ProductError{17, "tick", "is missing"});
    return ParsedProduct{hog_row({}), {}, "{\"name\":{\"zh\":\"x\"}}"};
  };
  start(std::move(with_parser));
  const auto send = [&](const char* body, model::UserId user) {
    return ask({"POST", "/v1/products", tokens_[user], body, "application/toml"});
  };
  EXPECT_EQ(send("good", kFarmer).status, 403);
  const auto bad = send("bad", kOperator);
  EXPECT_EQ(bad.text("code"), "invalid_product");
  EXPECT_EQ(bad.text("field"), "tick");
  EXPECT_EQ(bad.text("detail"), "line 17: is missing");
  EXPECT_EQ(send("good", kOperator).status, 200);
  const auto document = sink_.last().as<model::DefineProduct>().product.document;
  EXPECT_TRUE(documents_->contains(document));
  EXPECT_EQ(post("/v1/products", "{}", kOperator).status, 415);
}

TEST_F(Doors, count_what_they_do) {
  Services counted = services();
  counted.metrics = std::make_shared<prometheus::Registry>();
  start(std::move(counted));
  (void)post("/v1/lots/1/bids", R"({"price":"14.17"})", kBuyer);
  sink_.react = [](const Submitted&, Events&, model::Replied& reply) {
    reply.reject = model::Reject::stale_price;
  };
  (void)post("/v1/lots/1/bids", R"({"price":"14.17"})", kBuyer);
  const auto text = get("/metrics").body;
  EXPECT_NE(text.find("hulan_commands_total 2"), std::string::npos) << text;
  EXPECT_NE(text.find("hulan_commands_accepted_total 1"), std::string::npos);
  EXPECT_NE(text.find("hulan_commands_refused_total{code=\"stale_price\"} 1"), std::string::npos);
}

TEST_F(Doors, stop_lets_a_command_under_way_be_answered) {
  start();
  sink_.silent = true;
  Socket socket(server_->port());
  socket.send(written({"POST", "/v1/lots/1/bids", tokens_[kBuyer], R"({"price":"14.17"})"}));
  while (sink_.seen().empty()) std::this_thread::yield();
  server_->stop();
  model::Replied reply{};
  reply.origin = sink_.last().origin;
  reply.id = 7;
  Events events(200, kNow);
  events.add(reply);
  server_->post([&] { server_->deliver(events.bytes()); });
  EXPECT_EQ(read_answer(socket).text("id"), "7");
  thread_.join();
}

// --- bad input -----------------------------------------------------------------------------------

struct BadInput {
  const char* what;
  Ask ask;
  int status;
  const char* code;
  const char* field = "";
};

class BadInputs : public DoorsTest {};

TEST_F(BadInputs, each_gets_its_clear_error_and_reaches_no_market) {
  start();
  const std::string& buyer = tokens_[kBuyer];
  const auto bid = [&](const char* body) { return Ask{"POST", "/v1/lots/1/bids", buyer, body}; };
  const auto lot = [&](const std::string& change) {
    return Ask{"POST", "/v1/lots", tokens_[kFarmer],
               R"({"product":1,"side":"sell","terms":"origin","place":"230111",)"
               R"("pickup_from":"2024-01-17T00:00:00Z","pickup_until":"2024-01-18T00:00:00Z",)" +
                   change + "}"};
  };
  const BadInput inputs[] = {
      {"not JSON", bid("price=14"), 400, "bad_json"},
      {"cut off", bid(R"({"price":"14.1)"), 400, "bad_json"},
      {"trailing bytes", bid(R"({"price":"14.17"} {})"), 400, "bad_json"},
      {"a list", bid(R"([{"price":"14.17"}])"), 400, "wrong_type"},
      {"not UTF-8", bid("{\"price\":\"\xFF\"}"), 400, "not_utf8"},
      {"too deep", bid("[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]"), 400, "too_deep"},
      {"twice", bid(R"({"price":"14.17","price":"1.00"})"), 400, "duplicate_field", "price"},
      {"unknown field", bid(R"({"price":"14.17","prise":1})"), 400, "unknown_field", "prise"},
      {"missing field", bid("{}"), 400, "missing_field", "price"},
      {"null", bid(R"({"price":null})"), 400, "missing_field", "price"},
      {"a number for a decimal", bid(R"({"price":14.17})"), 400, "wrong_type", "price"},
      {"too many decimals", bid(R"({"price":"14.1701"})"), 400, "too_many_decimals", "price"},
      {"negative", bid(R"({"price":"-14.17"})"), 400, "negative", "price"},
      {"exponent", bid(R"({"price":"1e3"})"), 400, "invalid_value", "price"},
      {"overflow", bid(R"({"price":"99999999999999999999"})"), 400, "out_of_range", "price"},
      {"negative id", bid(R"({"price":"14.17","goods":-1})"), 400, "negative", "goods"},
      {"fraction of an id", bid(R"({"price":"14.17","goods":1.5})"), 400, "wrong_type", "goods"},
      {"huge id", bid(R"({"price":"14.17","goods":4294967296})"), 400, "out_of_range", "goods"},
      {"zero id", bid(R"({"price":"14.17","goods":0})"), 400, "invalid_value", "goods"},
      {"parameter",
       {"POST", "/v1/lots/1/bids?x=1", buyer, R"({"price":"14.17"})"},
       400,
       "bad_parameter",
       "x"},
      {"half a head", lot(R"("origin":"230113","quantity":"1.5")"), 400, "too_many_decimals",
       "quantity"},
      {"short code", lot(R"("origin":"2301","quantity":"1")"), 400, "invalid_value", "origin"},
      {"code as number", lot(R"("origin":230113,"quantity":"1")"), 400, "wrong_type", "origin"},
      {"no such grade", lot(R"("origin":"230113","quantity":"1","grade":"best")"), 400,
       "invalid_value", "grade"},
      {"photo never sent", lot(R"("origin":"230113","quantity":"1","photos":["00"])"), 400,
       "invalid_value", "photos"},
      {"title in no language", lot(R"("origin":"230113","quantity":"1","title":{})"), 400,
       "missing_field", "title"},
      {"title in Latin", lot(R"("origin":"230113","quantity":"1","title":{"la":"x"})"), 400,
       "unknown_field", "title.la"},
      {"no such product",
       {"POST", "/v1/references", tokens_[kOperator],
        R"({"product":"unicorn","province":"23","price":"1.000"})"},
       404,
       "unknown_product",
       "product"},
      {"no such side",
       {"POST", "/v1/lots", tokens_[kFarmer], R"({"side":"both"})"},
       400,
       "missing_field",
       "product"},
      {"bad time",
       {"POST", "/v1/lots/3/listing", tokens_[kFarmer],
        R"({"price":"14.00","expires_at":"tomorrow"})"},
       400,
       "invalid_value",
       "expires_at"},
      {"tag of 14 digits",
       {"POST", "/v1/lots/2/tags", tokens_[kFarmer],
        R"({"ranges":[{"first":"12301130000001","count":2}]})"},
       400,
       "invalid_value",
       "ranges[0].first"},
      {"no ranges",
       {"POST", "/v1/lots/2/tags", tokens_[kFarmer], R"({"ranges":[]})"},
       400,
       "invalid_value",
       "ranges"},
      {"paper never sent",
       {"POST", "/v1/lots/2/documents", tokens_[kFarmer],
        R"({"kind":"asf_test","issued_at":"2024-01-14T00:00:00Z","sha256":")" +
            std::string(64, 'a') + "\"}"},
       400,
       "invalid_value",
       "sha256"},
      {"kind of paper",
       {"POST", "/v1/lots/2/documents", tokens_[kFarmer],
        R"({"kind":"poem","issued_at":"2024-01-14T00:00:00Z","sha256":")" + std::string(64, 'a') +
            "\"}"},
       400,
       "invalid_value",
       "kind"},
      {"truck without tare",
       {"POST", "/v1/contracts/1/weigh", tokens_[kInspector], R"({"trucks":[{"gross_kg":"1"}]})"},
       400,
       "missing_field",
       "trucks[0].tare_kg"},
      {"unknown field in a truck",
       {"POST", "/v1/contracts/1/weigh", tokens_[kInspector],
        R"({"trucks":[{"gross_kg":"1","tare_kg":"1","x":1}]})"},
       400,
       "unknown_field",
       "trucks[0].x"},
      {"outcome of a dispute",
       {"POST", "/v1/contracts/1/dispute/end", tokens_[kOperator],
        R"({"outcome":"draw","reason":"x"})"},
       400,
       "invalid_value",
       "outcome"},
      {"both accounts",
       {"POST", "/v1/postings", tokens_[kOperator],
        R"({"from":{"participant":1,"bucket":"available","account":"bank"},"to":{"account":"bank"},)"
        R"("currency":"CNY","amount":"1.00","reason":"x"})"},
       400,
       "invalid_value",
       "from.account"},
      {"three decimals of money",
       {"POST", "/v1/deposits", tokens_[kOperator],
        R"({"participant":1,"currency":"CNY","amount":"1.005","bank_reference":"x"})"},
       400,
       "too_many_decimals",
       "amount"},
      {"currency",
       {"POST", "/v1/deposits", tokens_[kOperator],
        R"({"participant":1,"currency":"USD","amount":"1.00","bank_reference":"x"})"},
       400,
       "invalid_value",
       "currency"},
      {"control characters",
       {"POST", "/v1/approvals/1/reject", tokens_[kOperator], "{\"reason\":\"a\\u0000b\"}"},
       400,
       "invalid_value",
       "reason"},
      {"hash of an approval",
       {"POST", "/v1/approvals/1/approve", tokens_[kOperator], R"({"content":"xyz"})"},
       400,
       "invalid_value",
       "content"},
      {"weak password",
       {"POST", "/v1/users", tokens_[kAdministrator],
        R"({"login":"ab","name":"A","password":"short","roles":["operator"]})"},
       400,
       "invalid_value",
       "password"},
      {"role",
       {"POST", "/v1/users", tokens_[kAdministrator],
        R"({"login":"ab","name":"A","password":"long enough","roles":["king"]})"},
       400,
       "invalid_value",
       "roles"},
      {"no token", {"POST", "/v1/lots/1/bids", "", R"({"price":"14.17"})"}, 401, "unauthorized"},
      {"wrong token",
       {"POST", "/v1/lots/1/bids", "hl_nobody", R"({"price":"14.17"})"},
       401,
       "unauthorized"},
      {"another scheme",
       {"GET", "/v1/me", "", "", "", "Authorization: Basic eDp5\r\n"},
       401,
       "unauthorized"},
      {"wrong token on a public page", {"GET", "/v1/lots", "hl_nobody"}, 401, "unauthorized"},
      {"short key",
       {"POST", "/v1/lots/1/bids", buyer, R"({"price":"14.17"})", "application/json",
        "Idempotency-Key: 00ff\r\n"},
       400,
       "bad_idempotency_key",
       "Idempotency-Key"},
      {"media type",
       {"POST", "/v1/lots/1/bids", buyer, "price=1", "text/plain"},
       415,
       "unsupported_media_type",
       "Content-Type"},
      {"path", {"GET", "/v1/lots/abc"}, 404, "not_found"},
      {"lot zero", {"GET", "/v1/lots/0"}, 404, "not_found"},
      {"no such lot", {"GET", "/v1/lots/99"}, 404, "unknown_lot"},
      {"method", {"DELETE", "/v1/lots/1", buyer}, 405, "wrong_method"},
      {"another method", {"PATCH", "/v1/lots/1", buyer}, 405, "wrong_method"},
      {"limit", {"GET", "/v1/lots?limit=501"}, 400, "bad_parameter", "limit"},
      {"limit of none", {"GET", "/v1/lots?limit=0"}, 400, "bad_parameter", "limit"},
      {"cursor", {"GET", "/v1/lots?cursor=first"}, 400, "bad_parameter", "cursor"},
      {"state", {"GET", "/v1/lots?state=asleep"}, 400, "bad_parameter", "state"},
      {"day", {"GET", "/v1/trades?day=15.01.2024"}, 400, "bad_parameter", "day"},
      {"level", {"GET", "/v1/prices?level=street"}, 400, "bad_parameter", "level"},
      {"history of nothing", {"GET", "/v1/prices/history"}, 400, "bad_parameter", "product"},
      {"unknown parameter", {"GET", "/v1/market?x=1"}, 400, "bad_parameter", "x"},
      {"body too large", bid(std::string(70'000, ' ').c_str()), 413, "too_large"},
      {"document too large",
       {"POST", "/v1/documents", buyer, "", "text/plain", "Content-Length: 9000000\r\n"},
       413,
       "too_large"},
      {"empty document", {"POST", "/v1/documents", buyer, "", "image/png"}, 400, "bad_request"},
      {"a text that says it is a picture",
       {"POST", "/v1/documents", buyer, "hello", "image/png"},
       415,
       "unsupported_media_type"},
      {"header too large",
       {"GET", "/v1/lots", "", "", "", "X-Long: " + std::string(20'000, 'x') + "\r\n"},
       431,
       "header_too_large"},
  };
  for (const BadInput& input : inputs) {
    const auto answer = ask(input.ask);
    EXPECT_EQ(answer.status, input.status) << input.what << ": " << answer.body;
    EXPECT_EQ(answer.text("code"), input.code) << input.what << ": " << answer.body;
    EXPECT_EQ(answer.text("field"), input.field) << input.what << ": " << answer.body;
    EXPECT_FALSE(answer.text("title").empty()) << input.what;
  }
  EXPECT_GE(std::size(inputs), 60u);
  EXPECT_TRUE(sink_.seen().empty());
}

TEST_F(BadInputs, something_that_is_not_http) {
  start();
  Socket socket(server_->port());
  socket.send("\x16\x03\x01 hello there\r\n\r\n");
  EXPECT_EQ(read_answer(socket).text("code"), "bad_request");
}

class SlowClients : public DoorsTest {
 protected:
  static Options quick() {
    Options options;
    options.request_timeout_ms = 200;
    options.idle_timeout_ms = 200;
    options.max_connections = 2;
    return options;
  }
  SlowClients() : DoorsTest(quick()) {}
};

TEST_F(SlowClients, get_408_and_are_closed) {
  start();
  Socket header(server_->port());
  header.send("GET /v1/lots HTTP/1.1\r\nHost:");
  EXPECT_EQ(read_answer(header).text("code"), "timeout");
  Socket body(server_->port());
  body.send("POST /v1/sessions HTTP/1.1\r\nHost: m\r\nContent-Length: 100\r\n\r\n{");
  EXPECT_EQ(read_answer(body).status, 408);
  EXPECT_FALSE(body.fill(body.buffer.size() + 1)) << "closed";
}

TEST_F(SlowClients, who_says_nothing_is_closed_without_a_word) {
  start();
  Socket silent(server_->port());
  EXPECT_FALSE(silent.fill(1));
}

TEST_F(SlowClients, a_connection_too_many_is_turned_away) {
  options_.idle_timeout_ms = 60'000;
  start();
  Socket first(server_->port()), second(server_->port());
  first.send(written({"GET", "/healthz"}));
  second.send(written({"GET", "/healthz"}));
  EXPECT_EQ(read_answer(first).status, 200);
  EXPECT_EQ(read_answer(second).status, 200);
  Socket third(server_->port());
  EXPECT_EQ(read_answer(third).text("code"), "too_many_connections");
}

}  // namespace
}  // namespace hulan::gateways
