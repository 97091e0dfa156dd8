// SPDX-License-Identifier: Apache-2.0
#include "hulan/commands/field_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "gateways/moment.h"
#include "model/units.h"

namespace hulan::app {
namespace {

bool is_plain(char c) {
  return static_cast<unsigned char>(c) > 0x20 && c != '"' && c != '\\' && c != 0x7F;
}

/// Length of the UTF-8 sequence at the start of `text`, 0 if it is not one.
std::size_t sequence_length(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  const std::size_t length = lead < 0x80                    ? 1
                             : lead >= 0xC2 && lead <= 0xDF ? 2
                             : lead >= 0xE0 && lead <= 0xEF ? 3
                             : lead >= 0xF0 && lead <= 0xF4 ? 4
                                                            : 0;
  if (length == 0 || text.size() < length) return 0;
  for (std::size_t at = 1; at < length; ++at) {
    if ((static_cast<unsigned char>(text[at]) & 0xC0) != 0x80) return 0;
  }
  const auto next = static_cast<unsigned char>(length > 1 ? text[1] : 0);
  if ((lead == 0xE0 && next < 0xA0) || (lead == 0xED && next > 0x9F) ||
      (lead == 0xF0 && next < 0x90) || (lead == 0xF4 && next > 0x8F)) {
    return 0;
  }
  return length;
}

}  // namespace

void FieldWriter::comma() {
  if (!first_) out_ += form_ == Form::kJson ? "," : " ";
  first_ = false;
}

void FieldWriter::name(std::string_view name) {
  comma();
  if (form_ == Form::kJson) {
    out_ += '"';
    out_ += name;
    out_ += "\":";
  } else {
    out_ += name;
    out_ += '=';
  }
}

void FieldWriter::nothing(std::string_view name_text) {
  name(name_text);
  out_ += form_ == Form::kJson ? "null" : "-";
}

void FieldWriter::quoted(std::string_view value) {
  if (form_ == Form::kText && !value.empty() && std::all_of(value.begin(), value.end(), is_plain)) {
    out_ += value;
    return;
  }
  out_ += '"';
  for (std::size_t at = 0; at < value.size();) {
    const char c = value[at];
    const std::size_t length = sequence_length(value.substr(at));
    if (c == '"' || c == '\\') {
      out_ += '\\';
      out_ += c;
    } else if (static_cast<unsigned char>(c) < 0x20 || length == 0) {
      // A byte that is not UTF-8 is shown by its number, so that the line stays readable.
      fmt::format_to(std::back_inserter(out_), "\\u00{:02x}", static_cast<unsigned char>(c));
    } else {
      out_ += value.substr(at, length);
    }
    at += std::max<std::size_t>(length, 1);
  }
  out_ += '"';
}

void FieldWriter::number(std::string_view name_text, std::int64_t value) {
  name(name_text);
  fmt::format_to(std::back_inserter(out_), "{}", value);
}
void FieldWriter::word(std::string_view name_text, std::string_view value) {
  name(name_text);
  quoted(value);
}
void FieldWriter::boolean(std::string_view name_text, bool value) {
  name(name_text);
  out_ += value ? "true" : "false";
}

void FieldWriter::time(std::string_view name_text, std::int64_t ns) {
  if (ns == 0) return nothing(name_text);
  if (ns == model::kNever.value) return word(name_text, "never");
  // Only years the calendar can write; anything else is shown as it is.
  if (ns < 0) return number(name_text, ns);
  word(name_text, gateways::time_text(ns));
}

void FieldWriter::hex(std::string_view name_text, std::span<const std::uint8_t> value) {
  name(name_text);
  if (form_ == Form::kJson) out_ += '"';
  for (const std::uint8_t byte : value) fmt::format_to(std::back_inserter(out_), "{:02x}", byte);
  if (form_ == Form::kJson) out_ += '"';
}

void FieldWriter::hash(std::string_view name_text, const model::DocumentHash& value) {
  if (value == model::DocumentHash{}) return nothing(name_text);
  hex(name_text, value);
}

void FieldWriter::reference(std::string_view name_text, const model::DocumentHash& value) {
  const auto end = std::find(value.begin(), value.end(), std::uint8_t{0});
  const bool text = end != value.begin() &&
                    std::all_of(end, value.end(), [](auto c) { return c == 0; }) &&
                    std::all_of(value.begin(), end, [](auto c) { return c >= 0x20 && c < 0x7F; });
  if (!text) return hash(name_text, value);
  word(name_text, std::string(value.begin(), end));
}

void FieldWriter::padded(std::string_view name_text, std::span<const char> value) {
  const auto end = std::find(value.begin(), value.end(), '\0');
  word(name_text, {value.data(), static_cast<std::size_t>(end - value.begin())});
}

void FieldWriter::begin_list(std::string_view name_text) {
  name(name_text);
  out_ += '[';
  first_ = true;
}
void FieldWriter::end_list() {
  out_ += ']';
  first_ = false;
}
void FieldWriter::begin_item() {
  comma();
  out_ += '{';
  first_ = true;
}
void FieldWriter::end_item() {
  out_ += '}';
  first_ = false;
}
void FieldWriter::item(std::int64_t value) {
  comma();
  fmt::format_to(std::back_inserter(out_), "{}", value);
}
void FieldWriter::item(std::string_view value) {
  comma();
  quoted(value);
}

}  // namespace hulan::app
