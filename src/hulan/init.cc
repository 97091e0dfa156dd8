// SPDX-License-Identifier: Apache-2.0
#include "hulan/init.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <filesystem>
#include <fstream>

#include "documents/store.h"
#include "hulan/default_files.h"
#include "hulan/market_config.h"
#include "hulan/product_toml.h"
#include "hulan/server/market_folder.h"
#include "identity/directory.h"
#include "io/linux/system.h"

namespace hulan::app {
namespace {

namespace fs = std::filesystem;
using Done = std::expected<void, std::string>;

constexpr std::array<std::string_view, 3> kOwnFiles{"market.toml", "places.toml", "products"};
constexpr std::string_view kMarketFile = "market.toml";
constexpr std::string_view kDemoMarketFile = "market-demo.toml";

Done prepare_folder(const std::string& directory) {
  std::error_code error;
  fs::create_directories(directory, error);
  if (error) return std::unexpected(fmt::format("{}: {}", directory, error.message()));
  for (const auto& entry : fs::directory_iterator(directory, error)) {
    const std::string name = entry.path().filename().string();
    if (std::find(kOwnFiles.begin(), kOwnFiles.end(), name) == kOwnFiles.end()) {
      return std::unexpected(
          fmt::format("{}: expected an empty folder, but '{}' is in it", directory, name));
    }
  }
  if (error) return std::unexpected(fmt::format("{}: {}", directory, error.message()));
  return {};
}

Done write_file(const fs::path& path, std::string_view text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  file.close();
  if (!file) return std::unexpected(fmt::format("{}: cannot be written", path.string()));
  return {};
}

/// The default files, except where the operator put their own.
Done write_configuration(const fs::path& directory, std::string_view market_file) {
  const bool own_products = fs::exists(directory / "products");
  std::error_code error;
  if (!own_products) fs::create_directory(directory / "products", error);
  if (error) return std::unexpected(fmt::format("{}: {}", directory.string(), error.message()));
  for (const DefaultFile& file : default_files()) {
    fs::path path = directory / "products" / file.name;
    if (file.name == "places.toml") {
      path = directory / file.name;
    } else if (file.name == kMarketFile || file.name == kDemoMarketFile) {
      if (file.name != market_file) continue;
      path = directory / kMarketFile;
    } else if (own_products ||
               (market_file != kDemoMarketFile && file.name.starts_with("sandbox-"))) {
      continue;
    }
    if (fs::exists(path)) continue;
    if (auto done = write_file(path, file.text); !done) return done;
  }
  return {};
}

Done check_products(const std::string& directory) {
  for (const auto& [name, text] : read_product_files(directory)) {
    if (const auto product = parse_product_toml(text); !product) {
      const auto& error = product.error();
      return std::unexpected(fmt::format("{}/products/{}:{}: {}: {}", directory, name, error.line,
                                         error.key, error.message));
    }
  }
  return {};
}

/// 24 signs of 64: 144 bits of chance.
std::string make_password() {
  static constexpr std::string_view kSigns =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::array<std::uint8_t, 24> chance{};
  io::system_entropy().fill(chance);
  std::string password;
  for (const std::uint8_t byte : chance) password += kSigns[byte % kSigns.size()];
  return password;
}

std::expected<model::UserId, std::string> add_administrator(const InitOptions& options) {
  auto identity = identity::Directory::open(options.directory);
  if (!identity) return std::unexpected(identity.error().message);
  const auto user = identity->create_user({.login = options.administrator,
                                           .password = options.password,
                                           .name = options.name,
                                           .roles = model::kRoleAdministrator});
  if (!user) return std::unexpected(user.error().message);
  return user->id;
}

/// The market's names as a document, for the first record.
std::expected<model::DocumentHash, std::string> store_name(const std::string& directory,
                                                           const gateways::Text& name) {
  auto store = documents::Store::open(directory);
  if (!store) return std::unexpected(store.error().message);
  const boost::json::object names{{"zh", name.zh}, {"en", name.en}, {"ru", name.ru}};
  const auto hash =
      store->put(boost::json::serialize(boost::json::object{{"name", names}}), "application/json");
  if (!hash) return std::unexpected(hash.error().message);
  return *hash;
}

/// Everything but the journal is made first: a folder with a journal is a market that is whole.
Done make_market(const InitOptions& options, std::string_view market_file, std::int64_t time_ns) {
  const std::string& directory = options.directory;
  if (auto done = prepare_folder(directory); !done) return done;
  if (auto done = write_configuration(directory, market_file); !done) return done;
  const auto config = load_market_config(directory);
  if (!config) return std::unexpected(config.error());
  if (auto done = check_products(directory); !done) return done;
  const auto name = store_name(directory, config->name);
  if (!name) return std::unexpected(name.error());
  const auto administrator = add_administrator(options);
  if (!administrator) return std::unexpected(administrator.error());
  model::InitMarket init = config->init;
  init.administrator = *administrator;
  init.name_document = *name;
  return create_journal(directory, init, time_ns);
}

}  // namespace

std::expected<std::string, std::string> init_market(const InitOptions& options) {
  InitOptions complete = options;
  if (options.password.empty()) complete.password = make_password();
  const auto done = make_market(complete, kMarketFile, io::system_clock().now_ns());
  if (!done) return std::unexpected(done.error());
  return options.password.empty() ? complete.password : std::string();
}

std::expected<void, std::string> init_demo_market(const std::string& directory,
                                                  std::string_view password,
                                                  std::int64_t opening_ns) {
  InitOptions options;
  options.directory = directory;
  options.password = password;
  return make_market(options, kDemoMarketFile, opening_ns);
}

}  // namespace hulan::app
