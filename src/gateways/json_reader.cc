// SPDX-License-Identifier: Apache-2.0
#include "gateways/json_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/value_stack.hpp>
#include <string>
#include <vector>

#include "gateways/json_writer.h"

namespace hulan::gateways {
namespace {

namespace json = boost::json;
using json::error_code;
using json::string_view;

/// Builds a value as Boost's own parser does, but remembers the names of each object, as a name
/// that stands twice must be refused and not silently overwritten.
struct Handler {
  static constexpr std::size_t max_object_size = 256;
  static constexpr std::size_t max_array_size = 4096;
  static constexpr std::size_t max_key_size = 64;
  static constexpr std::size_t max_string_size = 64 * 1024;

  json::value_stack stack;
  std::vector<std::vector<std::string>> names;
  std::string partial;
  std::string duplicate;

  explicit Handler(json::storage_ptr memory) { stack.reset(std::move(memory)); }

  bool on_document_begin(error_code&) { return true; }
  bool on_document_end(error_code&) { return true; }
  bool on_object_begin(error_code&) {
    names.emplace_back();
    return true;
  }
  bool on_object_end(std::size_t n, error_code&) {
    names.pop_back();
    stack.push_object(n);
    return true;
  }
  bool on_array_begin(error_code&) { return true; }
  bool on_array_end(std::size_t n, error_code&) {
    stack.push_array(n);
    return true;
  }
  bool on_key_part(string_view s, std::size_t, error_code&) {
    partial.append(s.data(), s.size());
    stack.push_chars(s);
    return true;
  }
  bool on_key(string_view s, std::size_t, error_code& ec) {
    partial.append(s.data(), s.size());
    auto& known = names.back();
    if (std::find(known.begin(), known.end(), partial) != known.end()) {
      duplicate = partial;
      ec = make_error_code(json::error::syntax);
      return false;
    }
    known.push_back(std::move(partial));
    partial.clear();
    stack.push_key(s);
    return true;
  }
  bool on_string_part(string_view s, std::size_t, error_code&) {
    stack.push_chars(s);
    return true;
  }
  bool on_string(string_view s, std::size_t, error_code&) {
    stack.push_string(s);
    return true;
  }
  bool on_number_part(string_view, error_code&) { return true; }
  bool on_int64(std::int64_t i, string_view, error_code&) {
    stack.push_int64(i);
    return true;
  }
  bool on_uint64(std::uint64_t u, string_view, error_code&) {
    stack.push_uint64(u);
    return true;
  }
  bool on_double(double d, string_view, error_code&) {
    stack.push_double(d);
    return true;
  }
  bool on_bool(bool b, error_code&) {
    stack.push_bool(b);
    return true;
  }
  bool on_null(error_code&) {
    stack.push_null();
    return true;
  }
  bool on_comment_part(string_view, error_code&) { return true; }
  bool on_comment(string_view, error_code&) { return true; }
};

Problem problem_at(const Handler& handler, error_code ec, std::size_t at) {
  if (!handler.duplicate.empty()) {
    return Problem(Fault::duplicate_field, handler.duplicate, "", "each field once");
  }
  if (ec == json::error::too_deep) return Problem(Fault::too_deep);
  if (ec == json::error::illegal_leading_surrogate ||
      ec == json::error::illegal_trailing_surrogate || ec == json::error::expected_utf16_escape) {
    return Problem(Fault::not_utf8);
  }
  return Problem::because(Fault::bad_json, fmt::format("byte {}: {}", at, ec.message()));
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

}  // namespace

std::expected<json::value, Problem> read_json(std::string_view text, json::storage_ptr memory) {
  if (!is_utf8(text)) return std::unexpected(Problem(Fault::not_utf8));
  json::parse_options options;
  options.max_depth = kMaxJsonDepth;
  options.allow_invalid_utf8 = true;  // checked above, with a clearer message
  json::basic_parser<Handler> parser(options, std::move(memory));
  error_code ec;
  const std::size_t read = parser.write_some(false, text.data(), text.size(), ec);
  if (ec) return std::unexpected(problem_at(parser.handler(), ec, read));
  if (!parser.done() || read != text.size()) {
    return std::unexpected(Problem::because(
        Fault::bad_json, fmt::format("byte {}: something follows the JSON value", read)));
  }
  return parser.handler().stack.release();
}

}  // namespace hulan::gateways
