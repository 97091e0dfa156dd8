// SPDX-License-Identifier: Apache-2.0
// The small formats: decimals, times, JSON, fields, quick frames, refusals.
#include <gtest/gtest.h>

#include <set>

#include "gateways/decimal.h"
#include "gateways/encode/encode.h"
#include "gateways/fast_frame.h"
#include "gateways/fields.h"
#include "gateways/json_reader.h"
#include "gateways/json_writer.h"
#include "gateways/moment.h"
#include "gateways/rate_limit.h"
#include "model/units.h"

namespace hulan::gateways {
namespace {

TEST(Decimal, R1_2_is_read_exactly_and_written_with_all_its_digits) {
  EXPECT_EQ(parse_decimal("16.12", 3, false), 16'120);
  EXPECT_EQ(parse_decimal("0.001", 3, false), 1);
  EXPECT_EQ(parse_decimal("200", 0, false), 200);
  EXPECT_EQ(parse_decimal("-0.300", 3, true), -300);
  EXPECT_EQ(decimal(16'120, 3), "16.120");
  EXPECT_EQ(decimal(5, 2), "0.05");
  EXPECT_EQ(decimal(-5, 2), "-0.05");
  EXPECT_EQ(decimal(200, 0), "200");
  EXPECT_EQ(decimal(0, 0), "0");
  EXPECT_EQ(decimal(INT64_MIN, 2), "-92233720368547758.08");
}

TEST(Decimal, says_what_is_wrong) {
  for (const char* text : {"", "-", ".5", "5.", "1e3", "01", "+1", " 1", "1,5", "1.2.3", "NaN"}) {
    EXPECT_EQ(parse_decimal(text, 3, true).error(), DecimalError::kForm) << text;
  }
  EXPECT_EQ(parse_decimal("1.2345", 3, false).error(), DecimalError::kDigits);
  EXPECT_EQ(parse_decimal("1.0", 0, false).error(), DecimalError::kDigits);
  EXPECT_EQ(parse_decimal("-1", 3, false).error(), DecimalError::kNegative);
  EXPECT_EQ(parse_decimal("1000000000000.000", 3, false), model::kMaxMagnitude);
  EXPECT_EQ(parse_decimal("1000000000000.001", 3, false).error(), DecimalError::kRange);
  EXPECT_EQ(parse_decimal(std::string(4000, '9'), 3, false).error(), DecimalError::kRange);
}

TEST(Moment, R1_1_times_are_RFC_3339_with_any_offset) {
  const std::int64_t nine = 1'705'309'200'000'000'000;
  EXPECT_EQ(time_text(nine), "2024-01-15T09:00:00.000Z");
  EXPECT_EQ(parse_time("2024-01-15T09:00:00Z"), nine);
  EXPECT_EQ(parse_time("2024-01-15T17:00:00.000+08:00"), nine);
  EXPECT_EQ(parse_time("2024-01-15T09:00:00.123456789Z"), nine + 123'456'789);
  EXPECT_EQ(time_text(nine + 999'999'999), "2024-01-15T09:00:00.999Z");
  for (const char* text :
       {"", "2024-01-15", "2024-02-30T00:00:00Z", "2024-01-15T24:00:00Z", "2024-01-15T09:00:00",
        "2024-01-15 09:00:00Z", "2024-01-15T09:00:00.Z", "2024-01-15T09:00:00Zx",
        "1969-12-31T23:59:59Z", "2024-01-15T09:00:00+8:00"}) {
    EXPECT_FALSE(parse_time(text).has_value()) << text;
  }
  EXPECT_EQ(day_text(19'737), "2024-01-15");
  EXPECT_EQ(parse_day("2024-01-15"), 19'737);
  EXPECT_FALSE(parse_day("2024-13-01").has_value());
}

TEST(Json, is_refused_with_a_name_for_what_is_wrong) {
  const auto code = [](std::string_view text) {
    const auto value = read_json(text);
    return value ? std::string_view("fine") : value.error().code;
  };
  EXPECT_EQ(code(R"({"a":1,"b":[{"a":"中文"}]})"), "fine");
  EXPECT_EQ(code("{"), "bad_json");
  EXPECT_EQ(code(""), "bad_json");
  EXPECT_EQ(code("{} x"), "bad_json");
  EXPECT_EQ(code("{'a':1}"), "bad_json");
  EXPECT_EQ(code(R"({"a":1,})"), "bad_json");
  EXPECT_EQ(code(R"({"a":1,"a":2})"), "duplicate_field");
  EXPECT_EQ(code(R"({"b":{"a":1},"c":{"a":1}})"), "fine");
  EXPECT_EQ(code("{\"a\":\"\xC3\x28\"}"), "not_utf8");
  EXPECT_EQ(code("{\"a\":\"\xED\xA0\x80\"}"), "not_utf8");
  EXPECT_EQ(code(std::string(40, '[') + std::string(40, ']')), "too_deep");
}

TEST(Json, is_written_so_that_it_reads_back) {
  std::string out;
  JsonWriter json(out);
  json.begin_object();
  json.field("text", "quote \" slash \\ line \n bell \a 中文");
  json.field("number", -5);
  json.begin_array("list");
  json.value(1u);
  json.begin_object();
  json.end_object();
  json.null();
  json.end_array();
  json.field("truth", true);
  json.end_object();
  const auto value = read_json(out);
  ASSERT_TRUE(value.has_value()) << out;
  EXPECT_EQ(value->at("text").get_string(), "quote \" slash \\ line \n bell \a 中文");
  EXPECT_EQ(value->at("list").get_array().size(), 3);
  EXPECT_EQ(value->at("number").get_int64(), -5);
}

TEST(Json, is_UTF_8_whatever_text_goes_into_it) {
  const auto written = [](std::string_view text) {
    std::string out;
    append_json_string(out, text);
    EXPECT_TRUE(read_json(out).has_value()) << out;
    return out;
  };
  EXPECT_EQ(written("生猪 свинья"), "\"生猪 свинья\"");
  EXPECT_EQ(written("a\xFFz"), "\"a\uFFFDz\"");
  EXPECT_EQ(written(std::string_view("猪").substr(0, 2)), "\"\uFFFD\uFFFD\"");
  EXPECT_EQ(written("\xED\xA0\x80\""), "\"\uFFFD\uFFFD\uFFFD\\\"\"");
  EXPECT_EQ(written("\xC0\x80"), "\"\uFFFD\uFFFD\"");
}

TEST(Fields, names_the_unknown_field_before_anything_else) {
  const auto value = read_json(R"({"prise":"1","lot":-4})");
  Fields fields(value->get_object());
  (void)fields.id("lot");
  (void)fields.decimal("price", 3);
  const auto problem = fields.finish();
  ASSERT_TRUE(problem.has_value());
  EXPECT_EQ(problem->code, "unknown_field");
  EXPECT_EQ(problem->field, "prise");
  EXPECT_EQ(problem->expected, "lot, price");
}

TEST(Fields, names_the_place_in_a_list) {
  const auto value = read_json(R"({"trucks":[{"gross_kg":"1"},{"gross_kg":2}]})");
  Fields fields(value->get_object());
  fields.objects("trucks", 1, 4, [](Fields& truck) { (void)truck.decimal("gross_kg", 3); });
  const auto problem = fields.finish();
  ASSERT_TRUE(problem.has_value());
  EXPECT_EQ(problem->code, "wrong_type");
  EXPECT_EQ(problem->field, "trucks[1].gross_kg");
  EXPECT_EQ(problem->value, "2");
}

TEST(FastFrame, reads_plain_bids_takes_and_tokens) {
  std::vector<StreamOp> ops;
  ASSERT_TRUE(read_fast_frame(
      R"([{"op":"token","token":"hl_x"}, {"op":"bid","ref":7,"lot":12,"price":"14.170"},)"
      R"({"lot":3,"quantity":"5","op":"take","price":"1","ref":0,"goods":9,)"
      R"("client_id":"00112233445566778899aabbccddeeff"}])",
      ops));
  ASSERT_EQ(ops.size(), 3);
  EXPECT_EQ(ops[0].token, "hl_x");
  EXPECT_EQ(ops[1].ref, 7);
  EXPECT_EQ(ops[1].lot, 12);
  EXPECT_EQ(ops[1].price, "14.170");
  EXPECT_EQ(ops[2].goods, 9);
  EXPECT_EQ(ops[2].quantity, "5");
  EXPECT_EQ(ops[2].client_id.size(), 32);
}

TEST(FastFrame, leaves_everything_unusual_to_the_full_reader) {
  std::vector<StreamOp> ops;
  for (const char* frame : {"", "[]", "{}", R"({"op":"bid","ref":1,"lot":1})",
                            R"({"op":"bid","ref":1,"lot":1,"price":"1","price":"2"})",
                            R"({"op":"bid","ref":1,"lot":1,"price":"1","more":1})",
                            R"({"op":"bid","ref":1,"lot":-1,"price":"1"})",
                            R"({"op":"bid","ref":1,"lot":01,"price":"1"})",
                            R"({"op":"bid","ref":1,"lot":4294967296,"price":"1"})",
                            R"({"op":"bid","ref":1,"lot":1,"price":"\u0031"})",
                            R"({"op":"bid","ref":1,"lot":1,"price":1})",
                            R"({"op":"bid","ref":1,"lot":1,"price":"1"} x)",
                            R"([{"op":"bid","ref":1,"lot":1,"price":"1"},])", R"({"op":"ping"})",
                            R"({"op":"bid","ref":1,"lot":1,"price":"1")"}) {
    EXPECT_FALSE(read_fast_frame(frame, ops)) << frame;
  }
}

TEST(Refusals, speak_three_languages_and_have_one_code_each) {
  std::set<std::string_view> codes;
  for (std::uint16_t at = 1; at < static_cast<std::uint16_t>(model::Reject::count_); ++at) {
    const Problem problem = problem_of(static_cast<model::Reject>(at), {}, 0);
    EXPECT_TRUE(codes.insert(problem.code).second) << problem.code;
    for (const auto title : problem.titles) EXPECT_FALSE(title.empty()) << problem.code;
    EXPECT_GE(problem.status, 400u) << problem.code;
  }
  constexpr Fault kFaults[] = {
#define X(name, status, english, chinese, russian) Fault::name,
#include "gateways/problem.def"
#undef X
  };
  for (const Fault fault : kFaults) {
    const Problem problem(fault);
    EXPECT_TRUE(codes.insert(problem.code).second) << problem.code;
    EXPECT_EQ(find_fault(problem.code), fault);
    for (const auto title : problem.titles) EXPECT_FALSE(title.empty()) << problem.code;
  }
}

TEST(Refusals, are_told_in_the_readers_language) {
  EXPECT_EQ(preferred_language(""), Language::kChinese);
  EXPECT_EQ(preferred_language("ru-RU,ru;q=0.9,en;q=0.8"), Language::kRussian);
  EXPECT_EQ(preferred_language("fr, en;q=0.5, zh;q=0.4"), Language::kEnglish);
  EXPECT_EQ(preferred_language("en;q=0.3,zh-CN;q=0.9"), Language::kChinese);
  EXPECT_EQ(preferred_language("enx"), Language::kChinese);
  for (const char* wrong : {"en;q=-4e20,ru;q=0.1", "en;q=nan,ru;q=0.1", "en;q=9e9,ru;q=0.1"}) {
    EXPECT_EQ(preferred_language(wrong), Language::kRussian) << wrong;
  }
}

TEST(RateLimit, gives_a_seconds_worth_then_the_rate) {
  RateLimit limit(10);
  std::int64_t now = 5'000'000'000;
  for (int at = 0; at < 10; ++at) EXPECT_TRUE(limit.pass(now)) << at;
  EXPECT_FALSE(limit.pass(now));
  now += 100'000'000;
  EXPECT_TRUE(limit.pass(now));
  EXPECT_FALSE(limit.pass(now));
  RateLimit none(0);
  for (int at = 0; at < 1000; ++at) EXPECT_TRUE(none.pass(now));
}

TEST(Bidders, are_letters_in_the_order_of_their_first_bid) {
  EXPECT_EQ(bidder_letters(0), "A");
  EXPECT_EQ(bidder_letters(25), "Z");
  EXPECT_EQ(bidder_letters(26), "AA");
  EXPECT_EQ(bidder_letters(701), "ZZ");
  EXPECT_EQ(bidder_letters(702), "AAA");
}

}  // namespace
}  // namespace hulan::gateways
