// SPDX-License-Identifier: Apache-2.0
// Writes JSON into a string, without a tree in between. The caller nests rightly.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "gateways/market_info.h"
#include "model/units.h"

namespace hulan::gateways {

class JsonWriter {
 public:
  explicit JsonWriter(std::string& out) : out_(out) {}
  /// Goes on inside an object whose last member stands in `out`.
  [[nodiscard]] static JsonWriter inside(std::string& out) {
    JsonWriter json(out);
    json.first_ = false;
    return json;
  }

  void begin_object() { open('{'); }
  void begin_object(std::string_view name) {
    key(name);
    open('{');
  }
  void end_object() { close('}'); }
  void begin_array() { open('['); }
  void begin_array(std::string_view name) {
    key(name);
    open('[');
  }
  void end_array() { close(']'); }

  void key(std::string_view name);

  /// Values, in an array or after key().
  void value(std::string_view text);
  void value(const char* text) { value(std::string_view(text)); }
  void value(bool truth) { raw(truth ? "true" : "false"); }
  template <std::integral T>
  void value(T number) {
    if constexpr (std::unsigned_integral<T>) {
      unsigned_number(number);
    } else {
      number_value(number);
    }
  }
  void null() { raw("null"); }
  /// JSON that is ready.
  void raw(std::string_view json);

  /// A member of an object.
  template <class T>
  void field(std::string_view name, const T& what) {
    key(name);
    value(what);
  }
  void null_field(std::string_view name) {
    key(name);
    null();
  }
  void raw_field(std::string_view name, std::string_view json) {
    key(name);
    raw(json);
  }
  void decimal_field(std::string_view name, std::int64_t amount, int digits);
  void money_field(std::string_view name, model::Fen amount) {
    decimal_field(name, amount.value, 2);
  }
  /// Null for 0.
  void time_field(std::string_view name, std::int64_t ns);
  void text_field(std::string_view name, const Text& text);

  [[nodiscard]] std::string& out() { return out_; }

 private:
  void open(char bracket);
  void close(char bracket);
  void separate();
  void number_value(std::int64_t number);
  void unsigned_number(std::uint64_t number);

  std::string& out_;
  bool first_ = true;
};

/// Bytes of the character at the start of `text` (not empty); 0 if it is not UTF-8 as RFC 3629 has
/// it.
[[nodiscard]] std::size_t utf8_length(std::string_view text);

/// Appends `text` with quotes and escapes. A byte that is not UTF-8 becomes U+FFFD: what a client
/// sent in a target or a header, and what was cut within a character, is told all the same.
void append_json_string(std::string& out, std::string_view text);

}  // namespace hulan::gateways
