// SPDX-License-Identifier: Apache-2.0
// `hulan scenario FILE...`: what the market must do, told line by line.
#include "hulan/scenario/scenario.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "hulan/commands/commands.h"
#include "hulan/commands/session.h"

namespace hulan::app {
namespace {

constexpr int kDiffers = 1;
constexpr int kBadInput = 2;

struct ScenarioArguments {
  std::vector<std::string> files;
  bool json = false, tell = false;
};

void print(const ScenarioArguments& arguments, const std::string& file,
           const ScenarioResult& result) {
  const bool ok = result.end == ScenarioResult::End::kOk;
  if (arguments.json) {
    boost::json::object line{{"file", file},
                             {"ok", ok},
                             {"statements", result.statements},
                             {"expectations", result.expectations}};
    if (!ok) line["line"] = result.line, line["text"] = result.text;
    fmt::print("{}\n", boost::json::serialize(line));
  } else if (ok) {
    fmt::print("{}: ok, {} statements, {} expectations\n", file, result.statements,
               result.expectations);
  } else if (result.end == ScenarioResult::End::kUnexpected) {
    fmt::print("{}:{}: {}\n", file, result.line, result.text);
  }
  if (result.end == ScenarioResult::End::kBadLine) {
    fmt::print(stderr, "hulan: {}:{}: {}\n", file, result.line, result.text);
  }
}

int run_all(const ScenarioArguments& arguments) {
  int status = 0;
  for (const std::string& file : arguments.files) {
    std::function<void(std::string_view)> tell;
    if (arguments.tell) tell = [](std::string_view line) { fmt::print("  {}\n", line); };
    const ScenarioResult result = run_scenario(read_file("FILE", file), tell);
    print(arguments, file, result);
    if (result.end == ScenarioResult::End::kBadLine) return kBadInput;
    if (result.end == ScenarioResult::End::kUnexpected) status = kDiffers;
  }
  return status;
}

}  // namespace

void add_scenario_command(CLI::App& app, int& status) {
  static ScenarioArguments arguments;
  auto* scenario = app.add_subcommand(
      "scenario", "run scenarios, texts of commands and what the market must do, on the engine");
  scenario->add_option("FILE", arguments.files, "scenarios/*.txt, or your own")->required();
  scenario->add_flag("--tell", arguments.tell, "print each line as it is done");
  scenario->add_flag("--json", arguments.json, "one object a file");
  scenario->callback([&status] {
    try {
      status = run_all(arguments);
    } catch (const CommandFailed& failed) {
      fmt::print(stderr, "hulan: {}\n", failed.what());
      status = failed.status;
    }
  });
}

}  // namespace hulan::app
