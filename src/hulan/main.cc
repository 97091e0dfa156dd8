// SPDX-License-Identifier: Apache-2.0
// The program: one binary with everything. Each subcommand is registered where it lives; here is
// only the wiring.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <iostream>

#include "hulan/bench/auction.h"
#include "hulan/bench/bench_market.h"
#include "hulan/bench/bids.h"
#include "hulan/bench/book.h"
#include "hulan/bench/order_flow.h"
#include "hulan/commands/commands.h"
#include "hulan/demo/demo.h"
#include "hulan/init.h"
#include "hulan/records/commands.h"
#include "hulan/server/serve.h"

namespace {

using namespace hulan::app;

void add_init(CLI::App& app, int& status) {
  static InitOptions options;
  static std::string password_file;
  auto* init = app.add_subcommand("init", "make an empty market in DIR, for real use");
  init->add_option("DIR", options.directory, "a folder that is empty or not there")->required();
  init->add_option("--administrator", options.administrator, "login of the first administrator")
      ->capture_default_str();
  init->add_option("--password-file", password_file,
                   "file with the password; without it one is made and printed");
  init->callback([&status] {
    if (!password_file.empty()) {
      std::FILE* file = std::fopen(password_file.c_str(), "r");
      char line[512] = {};
      if (file == nullptr || std::fgets(line, sizeof(line), file) == nullptr) {
        fmt::print(stderr,
                   "hulan: --password-file '{}': expected a readable file with the password\n",
                   password_file);
        status = 2;
        return;
      }
      std::fclose(file);
      options.password = line;
      while (!options.password.empty() &&
             (options.password.back() == '\n' || options.password.back() == '\r')) {
        options.password.pop_back();
      }
    }
    const auto made = init_market(options);
    if (!made) {
      fmt::print(stderr, "hulan: {}\n", made.error());
      status = 2;
      return;
    }
    fmt::print("{}: a market is ready. Next: hulan serve {}\n", options.directory,
               options.directory);
    if (!made->empty()) fmt::print("password of {}: {}\n", options.administrator, *made);
  });
}

void add_serve(CLI::App& app, int& status) {
  static ServeOptions options;
  auto* serve = app.add_subcommand("serve", "run the market of DIR until Ctrl-C");
  serve->add_option("DIR", options.directory)->required();
  serve->add_option("--address", options.address, "where to listen (default: market.toml)");
  serve->add_option("--port", options.port, "port (default: market.toml)")
      ->check(CLI::Range(1, 65535));
  serve->add_option("--segment-bytes", options.segment_bytes, "size of new journal segments")
      ->capture_default_str();
  serve->add_option("--snapshot-every", options.snapshot_every, "records between snapshots")
      ->capture_default_str();
  serve->add_option("--checkpoint-ms", options.checkpoint_ms, "milliseconds between checkpoints")
      ->check(CLI::Range(10, 3'600'000))
      ->capture_default_str();
  serve->add_flag("--no-archive", options.no_archive,
                  "do not pack the segments that no start reads any more");
  serve
      ->add_option("--disk-reserve", options.disk_reserve_percent,
                   "per cent of the disk: with less free new work is refused")
      ->check(CLI::Range(0.0, 100.0))
      ->capture_default_str();
  serve->add_flag("--quiet", options.quiet, "warnings only");
  serve->callback([&status] { status = run_serve(options); });
}

void add_demo(CLI::App& app, int& status) {
  static demo::DemoOptions options{"build/demo", "127.0.0.1", 8080, 60, false};
  auto* sub = app.add_subcommand(
      "demo", "a market of January 2024 that trades by itself; join in on the page");
  sub->add_option("DIR", options.directory)->capture_default_str();
  sub->add_option("--address", options.address)->capture_default_str();
  sub->add_option("--port", options.port)->capture_default_str()->check(CLI::Range(1, 65535));
  sub->add_option("--clock-factor", options.pace,
                  "market seconds per second while no visitor is there")
      ->capture_default_str()
      ->check(CLI::Range(1, 3600));
  sub->add_flag("--no-bots", options.quiet, "nobody trades by themselves");
  sub->callback([&status] { status = demo::run_demo(options); });
}

void add_bench_book(CLI::App& group, int& status) {
  static bench::BookOptions options;
  static bench::FlowOptions flow;
  auto* book = group.add_subcommand("book", "what an order costs in the engine alone");
  auto* ops = book->add_option("--ops", options.operations, "a file of order flow");
  book->add_option("--limit", options.limit, "operations at most, 0 = all")->capture_default_str();
  book->add_flag("--json", options.json);
  auto* make = book->add_option("--make", flow.file, "write such a file and stop")->excludes(ops);
  const auto with = [&](const char* name, auto& value, auto least, auto most) {
    book->add_option(name, value)
        ->check(CLI::Range(least, most))
        ->needs(make)
        ->capture_default_str();
  };
  with("--books", flow.books, 1, 128);
  with("--orders", flow.live_per_book, 8, 1'000'000);
  with("--spread", flow.spread, 1, 1000);
  with("--operations", flow.operations, 1, 100'000'000);
  with("--seed", flow.seed, 0, INT32_MAX);
  with("--accounts", flow.accounts, 2, 100'000);
  book->callback([&status, ops, make] {
    if (ops->count() + make->count() == 0) {
      fmt::print(stderr, "hulan: --ops '': expected a file of order flow, or --make FILE\n");
      status = 2;
      return;
    }
    try {
      if (make->count() != 0) return bench::make_flow(flow);
      status = bench::run_book(options);
    } catch (const std::runtime_error& problem) {
      fmt::print(stderr, "hulan: {}\n", problem.what());
      status = 2;
    }
  });
}

void add_bench(CLI::App& app, int& status) {
  static bench::BidsOptions options;
  static std::string market_directory;
  auto* group = app.add_subcommand("bench", "measure");
  group->require_subcommand(1);
  auto* bids = group->add_subcommand("bids", "bids a second, durable before they are answered");
  bids->add_option("--transport", options.transport)
      ->check(CLI::IsMember({"ws", "rest", "inprocess"}))
      ->capture_default_str();
  bids->add_option("--clients", options.clients)->check(CLI::Range(1, 4096))->capture_default_str();
  bids->add_option("--in-flight", options.in_flight)
      ->check(CLI::Range(1, 4096))
      ->capture_default_str();
  bids->add_option("--seconds", options.seconds)
      ->check(CLI::Range(0.1, 3600.0))
      ->capture_default_str();
  bids->add_option("--lots", options.size.lots)
      ->check(CLI::Range(1, 2'000'000))
      ->capture_default_str();
  bids->add_option("--buyers", options.size.buyers)
      ->check(CLI::Range(2, 100'000))
      ->capture_default_str();
  bids->add_option("--directory", options.directory, "keep the market here");
  bids->add_flag("--json", options.json);
  bids->callback([&status] { status = bench::run_bids(options); });
  static bench::AuctionOptions auction_options;
  auto* auction = group->add_subcommand("auction", "what a bid costs in the engine alone");
  auction->add_option("--lots", auction_options.lots)
      ->check(CLI::Range(1, 100'000))
      ->capture_default_str();
  auction->add_option("--buyers", auction_options.buyers)
      ->check(CLI::Range(2, 100'000))
      ->capture_default_str();
  auction->add_option("--bids", auction_options.bids)
      ->check(CLI::Range(1, 11'000'000))
      ->capture_default_str();
  auction->add_flag("--json", auction_options.json);
  auction->callback([&status] { status = bench::run_auction(auction_options); });
  add_bench_book(*group, status);
  auto* market =
      group->add_subcommand("market", "make the market that bids are measured on, and stop");
  market->add_option("DIR", market_directory)->required();
  market->add_option("--lots", options.size.lots, "open auctions")->capture_default_str();
  market->add_option("--buyers", options.size.buyers)->capture_default_str();
  market->add_option("--listings", options.size.listings)->capture_default_str();
  market->add_option("--contracts", options.size.contracts, "each from half of a listing")
      ->capture_default_str();
  market->callback([&status] {
    if (options.size.contracts > options.size.listings) {
      fmt::print(stderr, "hulan: --contracts '{}': expected at most as many as --listings, {}\n",
                 options.size.contracts, options.size.listings);
      status = 2;
      return;
    }
    const auto made = bench::make_bench_market(market_directory, options.size);
    if (made) return;
    fmt::print(stderr, "hulan: {}\n", made.error());
    status = 1;
  });
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"呼兰 Hulan: an open exchange for live hogs and farm produce", "hulan"};
  app.require_subcommand(1);
  app.set_version_flag("--version", "hulan 0.1.0");
  int status = 0;
  add_init(app, status);
  add_serve(app, status);
  add_demo(app, status);
  add_offline_commands(app, status);
  add_proof_commands(app, status);
  add_record_commands(app, status);
  add_copy_commands(app, status);
  add_index_command(app, status);
  add_seal_key_command(app, status);
  add_scenario_command(app, status);
  add_client_commands(app, status);
  add_bench(app, status);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& success) {
    return app.exit(success);
  } catch (const CLI::ParseError& error) {
    fmt::print(stderr, "hulan: {}\n", error.what());
    return 2;
  }
  return status;
}
