// SPDX-License-Identifier: Apache-2.0
// What the doors are given by their owner. References outlive the server; everything is called on
// the network thread unless said otherwise.
#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "documents/store.h"
#include "gateways/command_sink.h"
#include "gateways/market_info.h"
#include "identity/directory.h"
#include "io/clock.h"
#include "io/entropy.h"
#include "model/rows.h"
#include "projections/view.h"

namespace prometheus {
class Registry;
}

namespace hulan::gateways {

class Proofs;
class SurveillanceReports;

/// A file of the embedded pages. The bytes live as long as the process.
struct StaticFile {
  std::span<const std::uint8_t> bytes;
  std::string_view content_type;
  std::string_view etag;  ///< with its quotes
  bool gzip = false;      ///< the bytes are compressed
};

/// A product definition as read from TOML: the row that goes into the log, and the canonical JSON
/// document with names and texts that goes into the document store. `row.document` is set here.
struct ParsedProduct {
  model::ProductRow row{};
  model::ProductTermsRow terms{};  ///< all zero: nothing beyond the row
  std::string document;
};

/// Why a definition was refused: where to look.
struct ProductError {
  int line = 0;  ///< from 1; 0 = the whole
  std::string key;
  std::string message;
};

/// How much room the market's disk has.
enum class StorageRoom : std::uint8_t {
  kPlenty,
  kNearlyFull,  ///< new work is refused; what ends contracts and pays goes on
  kFull         ///< nothing that would be written is taken
};

struct Services {
  identity::Directory& identity;
  documents::Store& documents;
  projections::View& view;
  CommandSink& commands;
  io::Clock& clock;      ///< the machine's: tokens, timeouts
  io::Entropy& entropy;  ///< client ids made by the server

  /// The market's time now, UTC nanoseconds; a demo's runs faster.
  std::function<std::int64_t()> market_now;
  MarketInfo market;

  /// Metrics of the whole process are in here; the doors add their own. May be null: /metrics 404.
  std::shared_ptr<prometheus::Registry> metrics;
  /// Called before each scrape, to bring gauges up to date. May be empty.
  std::function<void()> before_scrape;

  /// The embedded pages, by path ("/index.html"). May be empty.
  std::function<std::optional<StaticFile>(std::string_view path)> files;

  /// TOML to product. Empty: POST /v1/products is 404.
  std::function<std::expected<ParsedProduct, ProductError>(std::string_view toml)> parse_product;

  /// Demo only (empty: 404): a token of the invented person with this role; the error is one line.
  std::function<std::expected<std::string, std::string>(std::string_view role)> become;
  /// Demo only: does what the rules would make a visitor wait for. One of the numbers is 0.
  std::function<std::expected<void, std::string>(model::ContractId, model::LotId)> next_step;

  /// Checkpoints and receipts; null: 404.
  const Proofs* proofs = nullptr;
  /// R12.3; null: 404.
  SurveillanceReports* surveillance = nullptr;

  /// Asked before anything is written. Empty: there is always room.
  std::function<StorageRoom()> storage_room = {};
  /// Called once a second. May be empty.
  std::function<void()> each_second = {};
};

}  // namespace hulan::gateways
