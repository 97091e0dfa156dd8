// SPDX-License-Identifier: Apache-2.0
// verify, replay, log and settle: what needs files and no server.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <iostream>

#include "base/sha256.h"
#include "engine/engine.h"
#include "gateways/decimal.h"
#include "gateways/json_writer.h"
#include "gateways/moment.h"
#include "gateways/words.h"
#include "hulan/commands/commands.h"
#include "hulan/commands/progress.h"
#include "hulan/commands/record_text.h"
#include "hulan/commands/table.h"
#include "hulan/settle_case.h"
#include "io/linux/system.h"
#include "journal/verify.h"
#include "runtime/replay.h"

namespace hulan::app {
namespace {

/// Takes a sequence: digits alone (an unsigned option would let "-4" wrap around), above 0.
const CLI::Validator kSequences(
    [](const std::string& text) {
      std::uint64_t value = 0;
      const char* const end = text.data() + text.size();
      const auto [stop, error] = std::from_chars(text.data(), end, value);
      const bool good = error == std::errc{} && stop == end && value > 0;
      return good ? std::string() : fmt::format("'{}': expected a whole number above 0", text);
    },
    "");

using gateways::JsonWriter;
using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// Damage ends with 1; what cannot be read at all is bad input.
int fail(const journal::Error& error) {
  fmt::print(stderr, "hulan: {}\n", error.message());
  return error.kind == journal::ErrorKind::kMissing || error.kind == journal::ErrorKind::kIo ? 2
                                                                                             : 1;
}

void print_verified_json(const journal::VerifyReport& report, double seconds) {
  std::string out;
  JsonWriter json(out);
  json.begin_object();
  json.field("ok", report.sound());
  json.field("segments", report.segments);
  json.field("batches", report.batches);
  json.field("records", report.records);
  json.field("sequence", report.end.next_sequence - 1);
  json.time_field("time", report.end.time_ns);
  json.field("chain", to_hex(report.end.chain));
  json.begin_array("snapshots");
  for (const std::string& path : report.valid_snapshots) json.value(path);
  json.end_array();
  json.key("torn");
  if (report.torn) {
    json.value(report.torn->message());
  } else {
    json.null();
  }
  json.begin_array("damage");
  for (const journal::Error& error : report.damage) {
    json.begin_object();
    json.field("reason", error.reason);
    json.field("path", error.path);
    json.field("offset", error.offset);
    json.field("sequence", error.sequence);
    json.end_object();
  }
  json.end_array();
  json.raw_field("seconds", fmt::format("{:.3f}", seconds));
  json.end_object();
  fmt::print("{}\n", out);
}

/// Last sequence of the journal, for a progress bar: reads its last segment only. 0: not known.
std::uint64_t last_sequence(const std::string& directory) {
  journal::ScanOptions options;
  options.from_sequence = INT64_MAX;
  const auto scanned = journal::scan(io::system_storage(), directory, options,
                                     [](const journal::BatchView&) { return true; });
  return scanned ? scanned->end.next_sequence - 1 : 0;
}

int run_verify(const std::string& directory, bool as_json) {
  std::optional<Progress> progress(std::in_place, "verify", last_sequence(directory));
  const auto start = Clock::now();
  const auto report = journal::verify(io::system_storage(), directory,
                                      [&](std::uint64_t records) { progress->show(records); });
  progress.reset();
  if (!report) return fail(report.error());
  if (as_json) {
    print_verified_json(*report, seconds_since(start));
  } else if (report->sound()) {
    fmt::print(
        "ok: sequence {}, {} records in {} batches and {} segments, {} snapshots, {:.2f} s\n",
        report->end.next_sequence - 1, report->records, report->batches, report->segments,
        report->valid_snapshots.size(), seconds_since(start));
    if (report->torn) fmt::print("note: {}\n", report->torn->message());
  }
  if (!as_json || !report->sound()) {
    for (const journal::Error& error : report->damage) {
      fmt::print(stderr, "hulan: {}\n", error.message());
    }
  }
  return report->sound() ? 0 : 1;
}

struct ReplayArguments {
  std::string directory;
  std::uint64_t until = ~std::uint64_t{0};
  bool json = false;
};

bool has_money(const model::AccountRow& row) {
  for (const model::Fen balance : row.balance) {
    if (balance.value != 0) return true;
  }
  return false;
}

const model::OperatorAccountsRow& market_accounts(const engine::State& state) {
  static constexpr model::OperatorAccountsRow kEmpty{};
  return state.operator_accounts.has(1) ? state.operator_accounts[1] : kEmpty;
}

/// Calls `each(participant, currency, row)`: yuan for every participant, other money where it is.
template <class Each>
void each_account(const engine::State& state, Each each) {
  for (model::ParticipantId id = 1; id < state.participants.size(); ++id) {
    if (state.participants[id].state == model::ParticipantState{}) continue;
    for (const auto currency : {model::Currency::kCny, model::Currency::kRub}) {
      const std::size_t index = engine::account_index(id, currency);
      static constexpr model::AccountRow kEmpty{};
      const bool there = index < state.accounts.size();
      const model::AccountRow& row = there ? state.accounts[index] : kEmpty;
      if (currency != model::Currency::kCny && !has_money(row)) continue;
      each(id, currency, row);
    }
  }
}

void write_accounts(JsonWriter& json, const engine::State& state) {
  json.begin_array("accounts");
  each_account(
      state, [&](model::ParticipantId id, model::Currency currency, const model::AccountRow& row) {
        json.begin_object();
        json.field("participant", id);
        json.field("currency", gateways::word(currency));
        for (std::size_t at = 0; at < model::kBuckets; ++at) {
          json.money_field(gateways::word(static_cast<model::Bucket>(at)), row.balance[at]);
        }
        json.end_object();
      });
  json.end_array();
  json.begin_object("operator");
  for (const auto currency : {model::Currency::kCny, model::Currency::kRub}) {
    json.begin_object(gateways::word(currency));
    for (std::size_t at = 0; at < model::kOperatorAccounts; ++at) {
      json.money_field(gateways::word(static_cast<model::OperatorAccount>(at)),
                       market_accounts(state).balance[static_cast<std::size_t>(currency)][at]);
    }
    json.end_object();
  }
  json.end_object();
}

void print_accounts(const engine::State& state) {
  Table table;
  table.columns.push_back({"participant", Align::kRight});
  table.columns.push_back({"currency"});
  for (const auto name : gateways::all_words<model::Bucket>()) {
    table.columns.push_back({std::string(name), Align::kRight});
  }
  each_account(
      state, [&](model::ParticipantId id, model::Currency currency, const model::AccountRow& row) {
        std::vector<std::string> cells{std::to_string(id), std::string(gateways::word(currency))};
        for (const model::Fen balance : row.balance)
          cells.push_back(gateways::decimal(balance.value, 2));
        table.rows.push_back(std::move(cells));
      });
  if (!table.rows.empty()) fmt::print("\n{}", table.text());
  Table market;
  market.columns = {{"market's account"}, {"CNY", Align::kRight}, {"RUB", Align::kRight}};
  const auto& balances = market_accounts(state).balance;
  for (std::size_t at = 0; at < model::kOperatorAccounts; ++at) {
    market.rows.push_back({std::string(gateways::word(static_cast<model::OperatorAccount>(at))),
                           gateways::decimal(balances[0][at].value, 2),
                           gateways::decimal(balances[1][at].value, 2)});
  }
  fmt::print("\n{}", market.text());
}

int run_replay(const ReplayArguments& arguments) {
  const auto engine = std::make_unique<engine::Engine>();
  runtime::ReplayOptions options;
  options.until = arguments.until;
  std::optional<Progress> progress(std::in_place, "replay",
                                   std::min(arguments.until, last_sequence(arguments.directory)));
  options.progress = [&](model::Sequence sequence, model::Time) { progress->show(sequence); };
  const auto start = Clock::now();
  const auto scanned = runtime::replay(io::system_storage(), arguments.directory, *engine, options);
  const double seconds = seconds_since(start);
  progress.reset();
  if (!scanned) return fail(scanned.error());
  if (scanned->end.path.empty()) {
    fmt::print(stderr, "hulan: DIR '{}': expected the folder of a market, no journal is here\n",
               arguments.directory);
    return 2;
  }
  const std::uint64_t records = engine->sequence();
  const auto rate =
      static_cast<std::uint64_t>(seconds > 0 ? static_cast<double>(records) / seconds : 0);
  const std::string state_hash = to_hex(engine->state_hash());
  const std::string business_hash = to_hex(engine->business_hash());
  if (arguments.json) {
    std::string out;
    JsonWriter json(out);
    json.begin_object();
    json.field("records", records);
    json.field("sequence", engine->sequence());
    json.time_field("time", engine->now().value);
    json.field("state_hash", state_hash);
    json.field("business_hash", business_hash);
    json.raw_field("seconds", fmt::format("{:.6f}", seconds));
    json.field("commands_per_second", rate);
    write_accounts(json, engine->state());
    json.end_object();
    fmt::print("{}\n", out);
    return 0;
  }
  fmt::print("records        {}\nsequence       {}\ntime           {}\n", records,
             engine->sequence(), gateways::time_text(engine->now().value));
  fmt::print("state_hash     {}\nbusiness_hash  {}\n", state_hash, business_hash);
  fmt::print("seconds        {:.3f} ({} commands/s)\n", seconds, rate);
  print_accounts(engine->state());
  return 0;
}

struct LogArguments {
  std::string directory;
  std::uint64_t from = 1, to = ~std::uint64_t{0};
  bool json = false;
};

int run_log(const LogArguments& arguments) {
  constexpr std::size_t kFlushBytes = 1 << 16;
  std::string out;
  const auto flush = [&] {
    const bool written = std::fwrite(out.data(), 1, out.size(), stdout) == out.size();
    out.clear();
    return written;
  };
  journal::ScanOptions options;
  options.from_sequence = arguments.from;
  const auto scanned = journal::scan(io::system_storage(), arguments.directory, options,
                                     [&](const journal::BatchView& batch) {
                                       for (const journal::RecordView record : batch.records()) {
                                         if (record.sequence < arguments.from) continue;
                                         if (record.sequence > arguments.to) return false;
                                         if (arguments.json) {
                                           append_record_json(out, record);
                                         } else {
                                           append_record_text(out, record);
                                         }
                                         out += '\n';
                                       }
                                       return out.size() < kFlushBytes || flush();
                                     });
  flush();
  std::fflush(stdout);
  if (!scanned) return fail(scanned.error());
  if (!scanned->end.path.empty()) return 0;
  fmt::print(stderr, "hulan: DIR '{}': expected the folder of a market, no journal is here\n",
             arguments.directory);
  return 2;
}

void add_verify(CLI::App& app, int& status) {
  static std::string directory;
  static bool json = false;
  auto* verify = app.add_subcommand(
      "verify", "prove a market's folder: checksums, chain, snapshots; 1 and the place on damage");
  verify->add_option("DIR", directory, "the market's folder")->required();
  verify->add_flag("--json", json, "print the report as JSON");
  verify->callback([&status] { status = run_verify(directory, json); });
}

void add_replay(CLI::App& app, int& status) {
  static ReplayArguments arguments;
  auto* replay =
      app.add_subcommand("replay", "fold the journal again: hashes and balances at its end");
  replay->add_option("DIR", arguments.directory, "the market's folder")->required();
  replay->add_option("--until", arguments.until, "last sequence to apply")->check(kSequences);
  replay->add_flag("--json", arguments.json, "print the result as JSON");
  replay->callback([&status] { status = run_replay(arguments); });
}

void add_log(CLI::App& app, int& status) {
  static LogArguments arguments;
  auto* log = app.add_subcommand("log", "print the journal's records, one a line");
  log->add_option("DIR", arguments.directory, "the market's folder")->required();
  log->add_option("--from", arguments.from, "first sequence")->check(kSequences);
  log->add_option("--to", arguments.to, "last sequence")->check(kSequences);
  log->add_flag("--json", arguments.json, "one JSON object a line");
  log->callback([&status] { status = run_log(arguments); });
}

void add_settle(CLI::App& app, int& status) {
  static std::vector<std::string> files;
  static bool check = false, json = false;
  auto* settle = app.add_subcommand(
      "settle", "the arithmetic of bonds, weighing, settlement and default on cases in JSON");
  settle->add_option("CASE.json", files, "case documents")->required();
  settle->add_flag("--check", check, "compare with each case's `expect`; 1 on a difference");
  settle->add_flag("--json", json, "the result is JSON anyway");
  settle->callback([&status] { status = settle_command(files, check, std::cout, std::cerr); });
}

}  // namespace

void add_offline_commands(CLI::App& app, int& status) {
  add_verify(app, status);
  add_replay(app, status);
  add_log(app, status);
  add_settle(app, status);
}

}  // namespace hulan::app
