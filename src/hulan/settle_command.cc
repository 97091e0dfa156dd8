// SPDX-License-Identifier: Apache-2.0
#include <boost/json.hpp>
#include <fstream>
#include <iterator>
#include <ostream>

#include "hulan/settle_case.h"

namespace hulan::app {

namespace json = boost::json;

namespace {

constexpr int kDiffers = 1;
constexpr int kBadInput = 2;

std::expected<std::string, std::string> read_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (!file.is_open() || file.bad()) return std::unexpected("cannot be read");
  return text;
}

/// The first difference between what was expected and what came out; empty if there is none.
std::string first_difference(const json::object& expect, const json::object& result) {
  for (const auto& pair : result) {
    const json::value* wanted = expect.if_contains(pair.key());
    const std::string key(pair.key());
    const std::string got = json::serialize(pair.value());
    if (wanted == nullptr) return key + ": expected nothing, got " + got;
    if (*wanted != pair.value()) {
      return key + ": expected " + json::serialize(*wanted) + ", got " + got;
    }
  }
  for (const auto& pair : expect) {
    if (!result.contains(pair.key())) {
      return std::string(pair.key()) + ": expected " + json::serialize(pair.value()) +
             ", got nothing";
    }
  }
  return {};
}

/// Compares one worked-out case with its `expect`.
int check_case(const std::string& path, const std::string& text, const CaseResult& result,
               std::ostream& out, std::ostream& err) {
  const json::value document = json::parse(text);  // settle_case() has parsed it already
  const json::value* expect = document.as_object().if_contains("expect");
  if (expect == nullptr || !expect->is_object()) {
    err << path << ": expect: " << (expect == nullptr ? "missing" : json::serialize(*expect))
        << ": expected an object to compare with\n";
    return kBadInput;
  }
  const json::value got = json::parse(result.json());
  const std::string difference = first_difference(expect->get_object(), got.get_object());
  out << path << ": " << (difference.empty() ? "ok" : difference) << '\n';
  return difference.empty() ? 0 : kDiffers;
}

int settle_file(const std::string& path, bool check, std::ostream& out, std::ostream& err) {
  const auto text = read_text(path);
  if (!text) {
    err << path << ": " << text.error() << '\n';
    return kBadInput;
  }
  const auto result = settle_case(*text);
  if (!result) {
    err << path << ": " << result.error() << '\n';
    return kBadInput;
  }
  if (check) return check_case(path, *text, *result, out, err);
  out << result->json() << '\n';
  return 0;
}

}  // namespace

int settle_command(std::span<const std::string> files, bool check, std::ostream& out,
                   std::ostream& err) {
  for (const std::string& path : files) {
    const int status = settle_file(path, check, out, err);
    if (status != 0) return status;
  }
  return 0;
}

}  // namespace hulan::app
