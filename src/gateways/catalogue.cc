// SPDX-License-Identifier: Apache-2.0
#include "gateways/catalogue.h"

#include <fmt/format.h>

#include <boost/json/parse.hpp>
#include <charconv>

namespace hulan::gateways {
namespace {

namespace json = boost::json;

constexpr std::size_t kMostCached = 200'000;  // then the cache begins anew

std::string string_member(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(json::string_view(name.data(), name.size()));
  if (value == nullptr || !value->is_string()) return {};
  return std::string(value->get_string());
}

std::vector<CodedName> coded_names(const json::object& object, std::string_view name) {
  std::vector<CodedName> names;
  const json::value* value = object.if_contains(json::string_view(name.data(), name.size()));
  if (value == nullptr || !value->is_array()) return names;
  for (const json::value& item : value->get_array()) {
    if (!item.is_object()) continue;
    names.push_back(
        {string_member(item.get_object(), "code"), text_member(item.get_object(), "name")});
  }
  return names;
}

std::string code_at(const std::vector<CodedName>& names, std::uint8_t number) {
  if (number == 0) return {};
  if (number <= names.size() && !names[number - 1].code.empty()) return names[number - 1].code;
  return fmt::format("{}", number);
}

std::uint8_t number_of(const std::vector<CodedName>& names, std::string_view code,
                       std::uint8_t count) {
  for (std::size_t at = 0; at < names.size() && at < count; ++at) {
    if (names[at].code == code) return static_cast<std::uint8_t>(at + 1);
  }
  std::uint8_t number = 0;
  const auto [end, error] = std::from_chars(code.data(), code.data() + code.size(), number);
  const bool whole = error == std::errc{} && end == code.data() + code.size();
  return whole && number <= count && names.size() < number ? number : std::uint8_t{0};
}

/// The object in a JSON document; empty if there is none.
json::object object_of(const documents::Store& store, const model::DocumentHash& hash,
                       std::string* whole = nullptr) {
  if (hash == model::DocumentHash{}) return {};
  const auto document = store.get(hash);
  if (!document || document->media_type != documents::MediaType::kJson) return {};
  const std::string_view text(reinterpret_cast<const char*>(document->bytes.data()),
                              document->bytes.size());
  json::error_code error;
  json::value value = json::parse(json::string_view(text.data(), text.size()), error);
  if (error || !value.is_object()) return {};
  if (whole != nullptr) *whole = text;
  return std::move(value.get_object());
}

}  // namespace

Text text_member(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(json::string_view(name.data(), name.size()));
  if (value == nullptr || !value->is_object()) return {};
  const json::object& words = value->get_object();
  return {string_member(words, "zh"), string_member(words, "en"), string_member(words, "ru")};
}

std::string ProductTexts::grade_code(std::uint8_t grade) const { return code_at(grades, grade); }
std::string ProductTexts::single_code(std::uint8_t single) const {
  return code_at(singles, single);
}
std::uint8_t ProductTexts::grade_of(std::string_view code, std::uint8_t count) const {
  return number_of(grades, code, count);
}
std::uint8_t ProductTexts::single_of(std::string_view code, std::uint8_t count) const {
  return number_of(singles, code, count);
}

template <class Item, class Read>
const Item& Catalogue::cached(std::unordered_map<Sha256, Item, identity::Sha256Hasher>& items,
                              const model::DocumentHash& hash, Read read) {
  if (const auto found = items.find(hash); found != items.end()) return found->second;
  if (items.size() >= kMostCached) items.clear();
  return items.emplace(hash, read()).first->second;
}

const LotSheet& Catalogue::sheet(const model::DocumentHash& hash) {
  return cached(sheets_, hash, [&] {
    const json::object object = object_of(store_, hash);
    LotSheet sheet{text_member(object, "title"), text_member(object, "description"), {}};
    const json::value* photos = object.if_contains("photos");
    if (photos != nullptr && photos->is_array()) {
      for (const json::value& photo : photos->get_array()) {
        if (photo.is_string()) sheet.photos.emplace_back(photo.get_string());
      }
    }
    return sheet;
  });
}

const ProductTexts& Catalogue::product(const model::DocumentHash& hash) {
  return cached(products_, hash, [&] {
    ProductTexts texts;
    texts.document = "null";
    const json::object object = object_of(store_, hash, &texts.document);
    texts.name = text_member(object, "name");
    texts.picture = string_member(object, "picture");
    texts.grades = coded_names(object, "grades");
    texts.singles = coded_names(object, "singles");
    return texts;
  });
}

const MarkPaper& Catalogue::mark(const model::DocumentHash& hash) {
  return cached(marks_, hash, [&] {
    const json::object object = object_of(store_, hash);
    return MarkPaper{text_member(object, "name"), string_member(object, "certificate")};
  });
}

std::string Catalogue::text(const model::DocumentHash& hash) const {
  const auto size = store_.size(hash);
  if (!size || *size > 4096) return {};
  const auto document = store_.get(hash);
  if (!document) return {};
  if (document->media_type == documents::MediaType::kJson) {
    return string_member(object_of(store_, hash), "text");
  }
  if (document->media_type != documents::MediaType::kText) return {};
  return {document->bytes.begin(), document->bytes.end()};
}

}  // namespace hulan::gateways
