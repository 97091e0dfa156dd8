// SPDX-License-Identifier: Apache-2.0
// Names and texts that the log knows by hash only: product definitions, lot sheets, mark papers.
// Read from the document store once, then kept. Network thread.
#pragma once

#include <boost/json/object.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "documents/store.h"
#include "gateways/market_info.h"
#include "identity/token.h"
#include "model/rows.h"

namespace hulan::gateways {

/// What a lot's page shows beside the terms.
struct LotSheet {
  Text title;
  Text description;
  std::vector<std::string> photos;  ///< SHA-256 in hex
};

struct CodedName {
  std::string code;
  Text name;
};

/// From the definition document {"name", "picture", "grades": [{"code", "name"}], "singles"}.
struct ProductTexts {
  Text name;
  std::string picture;             ///< a path under /pictures/, or empty
  std::vector<CodedName> grades;   ///< index grade - 1
  std::vector<CodedName> singles;  ///< index class - 1
  std::string document;            ///< the whole definition as JSON; "null" if it is not there

  /// Code of a grade; its number where the document has none, empty for 0.
  [[nodiscard]] std::string grade_code(std::uint8_t grade) const;
  [[nodiscard]] std::string single_code(std::uint8_t single) const;
  /// The number of a code, within the definition's `count`; 0 if unknown.
  [[nodiscard]] std::uint8_t grade_of(std::string_view code, std::uint8_t count) const;
  [[nodiscard]] std::uint8_t single_of(std::string_view code, std::uint8_t count) const;
};

/// The paper behind a mark: {"name": {zh, en, ru}, "certificate": "..."}.
struct MarkPaper {
  Text name;
  std::string certificate;
};

class Catalogue {
 public:
  explicit Catalogue(const documents::Store& store) : store_(store) {}

  /// References hold until the next call with another hash; what is missing reads as empty.
  [[nodiscard]] const LotSheet& sheet(const model::DocumentHash& hash);
  [[nodiscard]] const ProductTexts& product(const model::DocumentHash& hash);
  [[nodiscard]] const MarkPaper& mark(const model::DocumentHash& hash);
  /// A text of at most 4 KiB, as reasons are, plain or as "text" beside its salt; else empty.
  [[nodiscard]] std::string text(const model::DocumentHash& hash) const;

 private:
  template <class Item, class Read>
  const Item& cached(std::unordered_map<Sha256, Item, identity::Sha256Hasher>& items,
                     const model::DocumentHash& hash, Read read);

  const documents::Store& store_;
  std::unordered_map<Sha256, LotSheet, identity::Sha256Hasher> sheets_;
  std::unordered_map<Sha256, ProductTexts, identity::Sha256Hasher> products_;
  std::unordered_map<Sha256, MarkPaper, identity::Sha256Hasher> marks_;
};

/// Reads {zh, en, ru} of a member that may be missing.
[[nodiscard]] Text text_member(const boost::json::object& object, std::string_view name);

}  // namespace hulan::gateways
