// SPDX-License-Identifier: Apache-2.0
#include "gateways/json_writer.h"

#include <charconv>

#include "gateways/decimal.h"
#include "gateways/moment.h"

namespace hulan::gateways {

std::size_t utf8_length(std::string_view text) {
  const auto* at = reinterpret_cast<const unsigned char*>(text.data());
  if (*at < 0x80) return 1;
  const std::size_t length = *at >= 0xF0 ? 4 : *at >= 0xE0 ? 3 : 2;
  if (*at < 0xC2 || *at > 0xF4 || text.size() < length) return 0;
  std::uint32_t point = *at & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((at[i] & 0xC0) != 0x80) return 0;
    point = point << 6 | (at[i] & 0x3F);
  }
  constexpr std::uint32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = point >= 0xD800 && point < 0xE000;
  return point < kLeast[length] || point > 0x10FFFF || surrogate ? 0 : length;
}

void append_json_string(std::string& out, std::string_view text) {
  static constexpr char kHex[] = "0123456789abcdef";
  out += '"';
  std::size_t plain = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto c = static_cast<unsigned char>(text[at]);
    const std::size_t whole = c < 0x80 ? 1 : utf8_length(text.substr(at));
    if (c >= 0x20 && c != '"' && c != '\\' && whole != 0) {
      at += whole - 1;
      continue;
    }
    out.append(text, plain, at - plain);
    plain = at + 1;
    if (whole == 0) {
      out += "\xEF\xBF\xBD";  // U+FFFD
    } else if (c == '"' || c == '\\') {
      out += '\\';
      out += static_cast<char>(c);
    } else if (c == '\n') {
      out += "\\n";
    } else {
      out += "\\u00";
      out += kHex[c >> 4];
      out += kHex[c & 15];
    }
  }
  out.append(text, plain);
  out += '"';
}

void JsonWriter::separate() {
  if (!first_) out_ += ',';
  first_ = false;
}

void JsonWriter::open(char bracket) {
  separate();
  out_ += bracket;
  first_ = true;
}

void JsonWriter::close(char bracket) {
  out_ += bracket;
  first_ = false;
}

void JsonWriter::key(std::string_view name) {
  separate();
  out_ += '"';
  out_ += name;
  out_ += "\":";
  first_ = true;  // the value follows without a comma
}

void JsonWriter::value(std::string_view text) {
  separate();
  append_json_string(out_, text);
}

void JsonWriter::raw(std::string_view json) {
  separate();
  out_ += json;
}

void JsonWriter::number_value(std::int64_t number) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
  raw({digits, static_cast<std::size_t>(end - digits)});
}

void JsonWriter::unsigned_number(std::uint64_t number) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
  raw({digits, static_cast<std::size_t>(end - digits)});
}

void JsonWriter::decimal_field(std::string_view name, std::int64_t amount, int digits) {
  key(name);
  separate();
  out_ += '"';
  append_decimal(out_, amount, digits);
  out_ += '"';
}

void JsonWriter::time_field(std::string_view name, std::int64_t ns) {
  key(name);
  if (ns == 0 || ns == INT64_MAX) return null();
  separate();
  out_ += '"';
  append_time(out_, ns);
  out_ += '"';
}

void JsonWriter::text_field(std::string_view name, const Text& text) {
  const std::string& any = !text.zh.empty() ? text.zh : !text.en.empty() ? text.en : text.ru;
  begin_object(name);
  field("zh", text.zh.empty() ? any : text.zh);
  field("en", text.en.empty() ? any : text.en);
  field("ru", text.ru.empty() ? any : text.ru);
  end_object();
}

}  // namespace hulan::gateways
