// SPDX-License-Identifier: Apache-2.0
// Hangs the client commands into the command line; what they do is in the groups' own files.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>

#include "hulan/commands/commands.h"
#include "hulan/commands/session.h"

namespace hulan::app {
namespace {

/// What a group of commands is about, for `--help`.
constexpr std::pair<std::string_view, std::string_view> kGroups[] = {
    {"participant", "farms, firms and people that trade (R2.1)"},
    {"user", "people who sign in (R2.3)"},
    {"approve", "what waits for a second person (R2.4); with ID, approve it"},
    {"product", "product definitions (R4.1)"},
    {"mark", "origin marks and brands (R4.2)"},
    {"lot", "lots of goods (R4.2)"},
    {"lots", "many lots at once"},
    {"auction", "auctions (R5.3)"},
    {"sealed", "sealed auctions: keys, notices, shares (R5.3.4)"},
    {"contract", "contracts (R7)"},
    {"claims", "register of claims (R10.5)"},
    {"operator", "the market's own accounts"}};

struct Bound {
  Command command;
  Values values;
  std::map<std::string, bool> flags;
};

CLI::App* find_or_add(CLI::App& parent, const std::string& word, const std::string& help) {
  for (CLI::App* child : parent.get_subcommands({})) {
    if (child->get_name() == word) return child;
  }
  return parent.add_subcommand(word, help);
}

CLI::App* place_of(CLI::App& app, const Command& command) {
  const auto space = command.words.find(' ');
  if (space == std::string::npos) return find_or_add(app, command.words, command.help);
  const std::string group = command.words.substr(0, space);
  std::string help;
  for (const auto& [name, text] : kGroups) {
    if (name == group) help = text;
  }
  auto* parent = find_or_add(app, group, help);
  parent->require_subcommand(1);
  return parent->add_subcommand(command.words.substr(space + 1), command.help);
}

void add_argument(CLI::App& sub, Bound& bound, const Argument& argument) {
  if (argument.kind == Kind::kFlag) {
    sub.add_flag(argument.name, bound.flags[argument.name], argument.help);
    return;
  }
  auto& values = bound.values[argument.name];
  if (!argument.standard.empty()) values = {argument.standard};
  auto* option = sub.add_option(argument.name, values, argument.help);
  const bool many = argument.kind == Kind::kMany || argument.kind == Kind::kList;
  if (argument.kind == Kind::kList) option->delimiter(',');
  if (many) {
    if (argument.name.starts_with("--")) {
      option->expected(1)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    }
  } else {
    option->expected(1)->allow_extra_args(false)->multi_option_policy(
        CLI::MultiOptionPolicy::Throw);
  }
  if (!argument.standard.empty()) option->default_str(argument.standard);
  if (argument.required) option->required();
}

void add_connection(CLI::App& sub, Connection& connection) {
  sub.add_option("--url", connection.url, "the market's server")
      ->envname("HULAN_URL")
      ->default_str(connection.url)
      ->group("Connection");
  sub.add_option("--token", connection.token, "who you are; @FILE reads it from a file")
      ->envname("HULAN_TOKEN")
      ->group("Connection");
  sub.add_option("--lang", connection.language, "language of names and messages")
      ->check(CLI::IsMember({"zh", "en", "ru"}))
      ->default_str(connection.language)
      ->group("Connection");
  sub.add_option("--for", connection.mandate,
                 "number of the mandate under which you ask it for your principal (R2.5)")
      ->check(CLI::PositiveNumber)
      ->group("Connection");
  sub.add_flag("--json", connection.json, "print the answer as JSON")->group("Connection");
}

int run(const Connection& connection, Bound& bound) {
  for (const auto& [name, given] : bound.flags) {
    if (given) bound.values[name] = {"true"};
  }
  try {
    Session session(connection, bound.values);
    bound.command.run(session);
    return 0;
  } catch (const CommandFailed& failed) {
    fmt::print(stderr, "hulan: {}\n", failed.what());
    return failed.status;
  } catch (const boost::system::system_error& error) {
    fmt::print(stderr, "hulan: {}: an answer without an expected member ({})\n", connection.url,
               error.code().message());
    return 1;
  } catch (const std::out_of_range&) {
    fmt::print(stderr, "hulan: {}: an answer without an expected member\n", connection.url);
    return 1;
  } catch (const std::invalid_argument&) {
    fmt::print(stderr, "hulan: {}: an answer of an unexpected form\n", connection.url);
    return 1;
  }
}

}  // namespace

void add_client_commands(CLI::App& app, int& status) {
  static Connection connection;
  static std::vector<std::unique_ptr<Bound>> kept;  // options point into these while parsing
  std::vector<Command> commands;
  add_people_commands(commands);
  add_money_commands(commands);
  add_product_commands(commands);
  add_lot_commands(commands);
  add_book_commands(commands);
  add_mandate_commands(commands);
  add_sealed_commands(commands);
  add_import_commands(commands);
  add_contract_commands(commands);
  add_receipt_commands(commands);
  for (Command& command : commands) {
    auto& bound = *kept.emplace_back(std::make_unique<Bound>());
    bound.command = std::move(command);
    auto* sub = place_of(app, bound.command);
    for (const Argument& argument : bound.command.arguments) add_argument(*sub, bound, argument);
    add_connection(*sub, connection);
    sub->callback([&status, &bound] { status = run(connection, bound); });
  }
}

}  // namespace hulan::app
