// SPDX-License-Identifier: Apache-2.0
// Reads the members of a JSON object one by one and finds what is wrong with it: a missing or
// unknown name, a wrong type, a value that the unit cannot hold. The first fault is kept; a reader
// that went wrong goes on with zeros, so that all names are known when unknown ones are looked for.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateways/decimal.h"
#include "gateways/market_info.h"
#include "gateways/problem.h"
#include "gateways/words.h"
#include "model/ids.h"

namespace hulan::gateways {

/// What is wrong with a decimal of so many digits.
[[nodiscard]] Problem decimal_problem(DecimalError error, std::string field, std::string value,
                                      int digits);

class Fields {
 public:
  /// `object` outlives this.
  explicit Fields(const boost::json::object& object);

  [[nodiscard]] bool has(std::string_view name);  ///< there and not null

  // Required; the optional ones give what the last argument or the type's zero says.
  [[nodiscard]] std::uint32_t number(std::string_view name, std::uint32_t least,
                                     std::uint32_t most);
  [[nodiscard]] std::uint32_t optional_number(std::string_view name, std::uint32_t least,
                                              std::uint32_t most);
  /// A number from 1 or a text: what is known by either. Both empty after a fault.
  [[nodiscard]] std::pair<std::uint32_t, std::string> number_or_text(std::string_view name,
                                                                     std::size_t most_bytes);
  /// Up to 18 digits.
  [[nodiscard]] std::uint64_t wide_number(std::string_view name);
  [[nodiscard]] std::uint32_t id(std::string_view name) { return number(name, 1, UINT32_MAX); }
  [[nodiscard]] std::uint32_t optional_id(std::string_view name) {
    return optional_number(name, 1, UINT32_MAX);
  }
  [[nodiscard]] bool boolean(std::string_view name);
  [[nodiscard]] std::string text(std::string_view name, std::size_t most_bytes);
  [[nodiscard]] std::string optional_text(std::string_view name, std::size_t most_bytes);
  [[nodiscard]] std::int64_t decimal(std::string_view name, int digits, bool negative = false);
  [[nodiscard]] std::optional<std::int64_t> optional_decimal(std::string_view name, int digits,
                                                             bool negative = false);
  [[nodiscard]] std::int64_t time(std::string_view name);
  [[nodiscard]] std::int64_t optional_time(std::string_view name);
  [[nodiscard]] model::DocumentHash hash(std::string_view name);
  [[nodiscard]] model::DocumentHash optional_hash(std::string_view name);
  /// A string of `digits` digits, as county ("230111") and province ("23") codes are.
  [[nodiscard]] std::uint32_t code(std::string_view name, std::size_t digits);
  [[nodiscard]] std::uint32_t optional_code(std::string_view name, std::size_t digits);
  /// {zh, en, ru}, at least one of them.
  [[nodiscard]] Text words(std::string_view name, std::size_t most_bytes);
  [[nodiscard]] Text optional_words(std::string_view name, std::size_t most_bytes);

  template <class Enum>
  [[nodiscard]] Enum choice(std::string_view name) {
    const std::string chosen = text(name, 64);
    return chosen.empty() ? Enum{} : chosen_word<Enum>(name, chosen);
  }
  template <class Enum>
  [[nodiscard]] Enum optional_choice(std::string_view name, Enum otherwise) {
    const std::string chosen = optional_text(name, 64);
    return chosen.empty() ? otherwise : chosen_word<Enum>(name, chosen);
  }

  /// Calls `each` with the members of every object in a required array of `least` to `most`.
  void objects(std::string_view name, std::size_t least, std::size_t most,
               const std::function<void(Fields&)>& each);
  void optional_objects(std::string_view name, std::size_t most,
                        const std::function<void(Fields&)>& each);
  void object(std::string_view name, const std::function<void(Fields&)>& members);
  /// An object as JSON, for somebody else to read; "{}" if it is not there.
  [[nodiscard]] std::string optional_raw(std::string_view name);
  /// Strings of a list.
  [[nodiscard]] std::vector<std::string> texts(std::string_view name, std::size_t least,
                                               std::size_t most);
  [[nodiscard]] std::vector<std::string> optional_texts(std::string_view name, std::size_t most);

  [[nodiscard]] bool ok() const { return !faults_->first; }
  /// Notes a fault that the caller found: about this field, or about what it names.
  void fail(Problem problem);
  void fail(Fault fault, std::string_view name, std::string value, std::string expected);

  /// An unknown name if there is one, else the first fault, else nothing.
  [[nodiscard]] std::optional<Problem> finish();

 private:
  struct Faults {
    std::optional<Problem> unknown;
    std::optional<Problem> first;
  };
  Fields(const boost::json::object& object, std::string prefix, std::shared_ptr<Faults> faults);

  const boost::json::value* find(std::string_view name);
  const boost::json::value* require(std::string_view name);
  const boost::json::array* array(std::string_view name, const boost::json::value* value,
                                  std::size_t least, std::size_t most);
  std::optional<std::string> string_of(std::string_view name, const boost::json::value* value,
                                       std::size_t most_bytes, std::string_view expected);
  std::uint32_t number_of(std::string_view name, const boost::json::value* value,
                          std::uint32_t least, std::uint32_t most);
  std::int64_t decimal_of(std::string_view name, const boost::json::value* value, int digits,
                          bool negative);
  std::int64_t time_of(std::string_view name, const boost::json::value* value);
  model::DocumentHash hash_of(std::string_view name, const boost::json::value* value);
  std::uint32_t code_of(std::string_view name, const boost::json::value* value, std::size_t digits);
  Text words_of(std::string_view name, const boost::json::value* value, std::size_t most_bytes);
  std::vector<std::string> texts_of(std::string_view name, const boost::json::value* value,
                                    std::size_t least, std::size_t most);
  void each_object(std::string_view name, const boost::json::array* items,
                   const std::function<void(Fields&)>& each);
  void look_for_unknown();

  template <class Enum>
  Enum chosen_word(std::string_view name, const std::string& chosen) {
    if (const auto found = find_word<Enum>(chosen)) return *found;
    fail(Fault::invalid_value, name, chosen, one_of<Enum>());
    return Enum{};
  }

  const boost::json::object& object_;
  std::string prefix_;
  std::shared_ptr<Faults> faults_;
  std::vector<std::string_view> asked_;
};

}  // namespace hulan::gateways
