// SPDX-License-Identifier: Apache-2.0
// Writes named values either as JSON members or as "name=value" words.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "model/ids.h"

namespace hulan::app {

enum class Form : std::uint8_t { kText, kJson };

/// Appends to a string that outlives it. A list's items are objects.
class FieldWriter {
 public:
  FieldWriter(std::string& out, Form form) : out_(out), form_(form) {}

  void number(std::string_view name, std::int64_t value);
  void word(std::string_view name, std::string_view value);
  void boolean(std::string_view name, bool value);
  /// UTC nanoseconds as RFC 3339; 0 is null or "-", kNever is "never".
  void time(std::string_view name, std::int64_t ns);
  /// 64 hexadecimal digits; null or "-" if all are zero.
  void hash(std::string_view name, const model::DocumentHash& value);
  /// A short text inside 32 bytes as it is; else as hash().
  void reference(std::string_view name, const model::DocumentHash& value);
  /// Up to the first zero byte.
  void padded(std::string_view name, std::span<const char> value);
  void hex(std::string_view name, std::span<const std::uint8_t> value);

  void begin_list(std::string_view name);
  void begin_item();
  void end_item();
  void end_list();
  /// A number or word that stands in a list itself.
  void item(std::int64_t value);
  void item(std::string_view value);

 private:
  void name(std::string_view name);
  void comma();
  void nothing(std::string_view name);
  void quoted(std::string_view value);

  std::string& out_;
  Form form_;
  bool first_ = true;
};

}  // namespace hulan::app
