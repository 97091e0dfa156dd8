// SPDX-License-Identifier: Apache-2.0
// What a command that asks a server has in hand: its arguments, the connection, and how to print.
#pragma once

#include <boost/json.hpp>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "hulan/client.h"
#include "hulan/commands/table.h"

namespace hulan::app {

/// Ends a command with its exit status and one line; caught where commands are started.
struct CommandFailed : std::runtime_error {
  CommandFailed(int exit_status, const std::string& line)
      : std::runtime_error(line), status(exit_status) {}
  int status;
};

/// Bad input: what was given, and what was expected instead (status 2).
[[noreturn]] void bad_input(std::string_view field, std::string_view value,
                            std::string_view expected);

/// The words of a command line by the argument's name ("--price", "LOT").
using Values = std::map<std::string, std::vector<std::string>>;

struct Connection {
  std::string url = "http://127.0.0.1:8080";
  std::string token;  ///< or "@FILE"
  std::string language = "en";
  std::string mandate;  ///< under which a command is sent for a principal; empty: for oneself
  bool json = false;
};

/// A column of a list: where in the row its cell stands ("seller.name").
struct ListColumn {
  std::string title;
  std::string path;
  Align align = Align::kLeft;
};

/// One thread.
class Session {
 public:
  Session(const Connection& connection, const Values& values);

  [[nodiscard]] bool has(const std::string& name) const;
  /// The one value; empty if it was not given.
  [[nodiscard]] std::string text(const std::string& name) const;
  [[nodiscard]] const std::vector<std::string>& all(const std::string& name) const;
  /// Whole number from 0 to 4294967295.
  [[nodiscard]] std::uint32_t number(const std::string& name) const;
  /// RFC 3339, a day, or "+90m" or "-3d" from the market's now; as RFC 3339.
  [[nodiscard]] std::string time(const std::string& name);
  [[nodiscard]] std::string time_of(std::string_view field, const std::string& text);
  /// The market's time in UTC nanoseconds, asked once.
  [[nodiscard]] std::int64_t market_now();

  /// Throw CommandFailed: 1 if the market refuses, 2 if it names a wrong field.
  boost::json::value get(const std::string& path);
  boost::json::value post(const std::string& path, const boost::json::value& body);
  boost::json::value post_bytes(const std::string& path, std::string_view bytes,
                                std::string_view content_type);
  boost::json::value remove(const std::string& path);
  std::string get_text(const std::string& path, std::string_view accept);
  /// All pages of a list.
  boost::json::array get_all(const std::string& path);
  /// Sends a file to the document store and gives its SHA-256.
  std::string upload(const std::string& file);

  [[nodiscard]] bool json() const { return connection_.json; }
  [[nodiscard]] const std::string& language() const { return connection_.language; }
  [[nodiscard]] const Connection& connection() const { return connection_; }

  /// The API's JSON, or a line that says what was done.
  void print_answer(const boost::json::value& answer) const;
  void print_rows(const boost::json::array& rows, const std::vector<ListColumn>& columns) const;
  /// Every member: values by name, lists of objects as tables.
  void print_object(const boost::json::value& object) const;
  /// A scalar or a name in this language, as a cell.
  [[nodiscard]] std::string cell(const boost::json::value& value) const;

 private:
  template <class T>
  T take(ClientResult<T> result);
  void print_members(const boost::json::object& object) const;

  Connection connection_;
  const Values& values_;
  Client client_;
  std::optional<std::int64_t> now_, utc_offset_s_;
  void ask_market();
};

/// The bytes of a file, or CommandFailed naming it.
[[nodiscard]] std::string read_file(std::string_view field, const std::string& path);

/// A token, or with a leading @ the first line of that file.
[[nodiscard]] std::string token_of(const std::string& token);

/// As a part of a path's query.
[[nodiscard]] std::string url_encoded(std::string_view text);

/// Number as a JSON number, else as a string: how a product may be named.
[[nodiscard]] boost::json::value number_or_text(const std::string& text);

enum class Kind : std::uint8_t { kText, kNumber, kFlag, kMany, kList, kTime, kNumberOrText, kFile };

struct Argument {
  std::string name;  ///< "--price" an option, "LOT" a place on the line
  std::string help;
  Kind kind = Kind::kText;
  bool required = false;
  std::string field = {};     ///< member of the body or the query; empty: not sent by itself
  std::string standard = {};  ///< value if not given
};

/// One command below `hulan`, e.g. words "lot show".
struct Command {
  std::string words;
  std::string help;
  std::vector<Argument> arguments;
  std::function<void(Session&)> run;
};

/// Fields of the arguments that were given, as a body.
[[nodiscard]] boost::json::object body_of(Session& session, const std::vector<Argument>& arguments);

/// POST of the arguments' fields; `{LOT}` in the path is filled from the argument of that name.
[[nodiscard]] Command post_command(std::string words, std::string help, std::string path,
                                   std::vector<Argument> arguments);
/// A list with its query from the arguments.
[[nodiscard]] Command list_command(std::string words, std::string help, std::string path,
                                   std::vector<Argument> arguments,
                                   std::vector<ListColumn> columns);
/// One thing in full.
[[nodiscard]] Command show_command(std::string words, std::string help, std::string path,
                                   std::vector<Argument> arguments);
/// `path` with its `{NAME}` filled.
[[nodiscard]] std::string fill_path(const Session& session, std::string path);

/// The groups; each appends its commands.
void add_people_commands(std::vector<Command>& commands);
void add_money_commands(std::vector<Command>& commands);
void add_product_commands(std::vector<Command>& commands);
void add_lot_commands(std::vector<Command>& commands);
void add_book_commands(std::vector<Command>& commands);
void add_mandate_commands(std::vector<Command>& commands);
void add_sealed_commands(std::vector<Command>& commands);
void add_import_commands(std::vector<Command>& commands);
void add_contract_commands(std::vector<Command>& commands);
void add_receipt_commands(std::vector<Command>& commands);

}  // namespace hulan::app
