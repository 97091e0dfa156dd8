// SPDX-License-Identifier: Apache-2.0
#include "hulan/commands/backup_manifest.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <fstream>
#include <iterator>

#include "gateways/json_writer.h"

namespace hulan::app::backup {
namespace {

constexpr std::int64_t kFormat = 1;

Manifest from_json(const boost::json::value& json) {
  const auto& top = json.as_object();
  const auto number = [](const boost::json::value& value) {
    return value.to_number<std::uint64_t>();
  };
  if (top.at("format").as_int64() != kFormat)
    throw std::runtime_error("written by a newer version");
  Manifest manifest;
  manifest.market = top.at("market").as_string();
  manifest.sequence = number(top.at("sequence"));
  manifest.time_ns = top.at("time_ns").to_number<std::int64_t>();
  manifest.chain = top.at("chain").as_string();
  for (const auto& entry : top.at("files").as_array()) {
    const auto& file = entry.as_object();
    manifest.files.push_back({std::string(file.at("path").as_string()), number(file.at("bytes")),
                              std::string(file.at("sha256").as_string())});
  }
  return manifest;
}

}  // namespace

std::string Manifest::json() const {
  std::string out;
  gateways::JsonWriter json(out);
  json.begin_object();
  json.field("format", kFormat);
  json.field("market", market);
  json.field("sequence", sequence);
  json.time_field("time", time_ns);
  json.field("time_ns", time_ns);
  json.field("chain", chain);
  json.begin_array("files");
  for (const ManifestFile& file : files) {
    json.begin_object();
    json.field("path", file.path);
    json.field("bytes", file.bytes);
    json.field("sha256", file.sha256);
    json.end_object();
  }
  json.end_array();
  json.end_object();
  return out + '\n';
}

std::expected<Manifest, std::string> Manifest::read(const std::filesystem::path& folder) {
  const std::filesystem::path path = folder / "backup.json";
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return std::unexpected(fmt::format("{}: no backup, or one that was cut off", folder.string()));
  }
  const std::string text((std::istreambuf_iterator<char>(file)), {});
  try {
    return from_json(boost::json::parse(text));
  } catch (const std::exception& error) {
    return std::unexpected(fmt::format("{}: {}", path.string(), error.what()));
  }
}

}  // namespace hulan::app::backup
