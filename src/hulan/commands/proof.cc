// SPDX-License-Identifier: Apache-2.0
// prove, verify-receipt and verify-checkpoints (R13.2): proofs from a market's folder, and what
// anyone does with them, without a server and without the exchange.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <cstdio>
#include <fstream>
#include <sstream>

#include "base/sha256.h"
#include "gateways/moment.h"
#include "hulan/commands/commands.h"
#include "hulan/commands/record_text.h"
#include "hulan/make_receipt.h"
#include "io/linux/system.h"
#include "proof/checkpoint_file.h"
#include "proof/key_file.h"
#include "proof/merkle.h"
#include "proof/tree_file.h"

namespace hulan::app {
namespace {

int bad(const std::string& message) {
  fmt::print(stderr, "hulan: {}\n", message);
  return 2;
}
int broken(const std::string& message) {
  fmt::print(stderr, "hulan: {}\n", message);
  return 1;
}

std::optional<std::string> read_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  std::ostringstream content;
  content << file.rdbuf();
  return content.str();
}

/// The key itself, or a file that holds it.
std::expected<proof::PublicKey, std::string> key_of(const std::string& given) {
  std::string text = read_text(given).value_or(given);
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  auto key = proof::PublicKey::parse(text);
  if (!key) return std::unexpected(fmt::format("--key '{}': {}", given, key.error()));
  return key;
}

std::expected<proof::Checkpoint, std::string> kept_note(const std::string& path,
                                                        const proof::PublicKey& key) {
  const auto text = read_text(path);
  if (!text) return std::unexpected(fmt::format("'{}': expected a readable checkpoint", path));
  auto opened = proof::Checkpoint::open(*text, key);
  if (!opened) return std::unexpected(fmt::format("{}: {}", path, opened.error()));
  return opened;
}

/// The tree and the checkpoints of a market's folder.
struct Folder {
  std::unique_ptr<io::File> tree, checkpoints;
  std::uint64_t slots = 0;
  proof::PublicKey key;
};

std::expected<Folder, std::string> open_folder(const std::string& directory) {
  Folder folder;
  auto& storage = io::system_storage();
  auto key = proof::load_public_key(storage, directory);
  if (!key) return std::unexpected(key.error());
  folder.key = *key;
  auto tree = storage.open(proof::tree_path(directory), io::OpenMode::kRead);
  if (!tree) return std::unexpected(tree.error().message());
  folder.tree = std::move(*tree);
  auto notes = storage.open(proof::checkpoints_path(directory), io::OpenMode::kRead);
  if (!notes) return std::unexpected(notes.error().message());
  folder.checkpoints = std::move(*notes);
  const auto slots = proof::count_slots(*folder.checkpoints);
  if (!slots) return std::unexpected(slots.error().message());
  folder.slots = *slots;
  if (folder.slots == 0) return std::unexpected(directory + ": there is no checkpoint yet");
  return folder;
}

struct Signed {
  std::string note;
  proof::Checkpoint checkpoint;
};

/// The checkpoint over exactly `size` records; 0: the newest.
std::expected<Signed, std::string> find_checkpoint(Folder& folder, std::uint64_t size) {
  for (std::uint64_t slot = folder.slots; slot > 0; --slot) {
    const auto note = proof::read_slot(*folder.checkpoints, slot - 1);
    if (!note) return std::unexpected(note.error().message());
    const auto opened = proof::Checkpoint::open(*note, folder.key);
    if (!opened) return std::unexpected(fmt::format("checkpoint {}: {}", slot, opened.error()));
    if (size == 0 || opened->size == size) return Signed{*note, *opened};
  }
  return std::unexpected(fmt::format("--size '{}': expected the size of a checkpoint", size));
}

struct ProveArguments {
  std::string directory;
  std::uint64_t sequence = 0, size = 0, from = 0, to = 0;
};

int run_inclusion(const ProveArguments& arguments) {
  auto folder = open_folder(arguments.directory);
  if (!folder) return bad(folder.error());
  const auto covering = find_checkpoint(*folder, arguments.size);
  if (!covering) return bad(covering.error());
  const std::uint64_t size = covering->checkpoint.size;
  if (arguments.sequence == 0 || arguments.sequence > size) {
    return bad(fmt::format("SEQUENCE '{}': expected a record that the checkpoint covers, 1 to {}",
                           arguments.sequence, size));
  }
  auto receipt = read_record(arguments.directory, arguments.sequence);
  if (!receipt) return broken(receipt.error());
  auto path =
      proof::read_roots(*folder->tree, proof::inclusion_ranges(arguments.sequence - 1, size));
  if (!path) return broken(path.error().message());
  receipt->path = std::move(*path);
  receipt->checkpoint = covering->note;
  fmt::print("{}\n", receipt->json());
  return 0;
}

int run_consistency(const ProveArguments& arguments) {
  auto folder = open_folder(arguments.directory);
  if (!folder) return bad(folder.error());
  const auto newest = find_checkpoint(*folder, 0);
  if (!newest) return bad(newest.error());
  const std::uint64_t most = newest->checkpoint.size;
  if (arguments.from == 0 || arguments.from > arguments.to || arguments.to > most) {
    return bad(fmt::format("FROM '{}' TO '{}': expected 0 < FROM <= TO <= {}", arguments.from,
                           arguments.to, most));
  }
  const auto path =
      proof::read_roots(*folder->tree, proof::consistency_ranges(arguments.from, arguments.to));
  if (!path) return broken(path.error().message());
  boost::json::array steps;
  for (const Sha256& hash : *path) steps.emplace_back(to_hex(hash));
  fmt::print("{}\n", boost::json::serialize(boost::json::object{
                         {"from", arguments.from}, {"to", arguments.to}, {"path", steps}}));
  return 0;
}

struct VerifyArguments {
  std::string file, later, proof, key, kept;
};

int run_verify_receipt(const VerifyArguments& arguments) {
  const auto key = key_of(arguments.key);
  if (!key) return bad(key.error());
  const auto text = read_text(arguments.file);
  if (!text) return bad(fmt::format("FILE '{}': expected a readable receipt", arguments.file));
  const auto receipt = proof::Receipt::parse(*text);
  if (!receipt) return bad(fmt::format("{}: {}", arguments.file, receipt.error()));
  const auto proved = receipt->verify(*key);
  if (!proved) return broken(fmt::format("NOT PROVED: {}", proved.error()));
  if (!arguments.kept.empty()) {
    const auto kept = kept_note(arguments.kept, *key);
    if (!kept) return bad(kept.error());
    if (auto fits = proof::check_against_kept(*receipt, *kept); !fits) {
      return broken(fmt::format("NOT PROVED: {}", fits.error()));
    }
  }
  fmt::print("proved: record {} of {}, {}, stands in the log of {} records that was signed at {}\n",
             receipt->sequence, proved->origin, proof::exact_time_text(receipt->time_ns),
             proved->size, proof::exact_time_text(proved->made_ns));
  return 0;
}

std::expected<std::vector<Sha256>, std::string> read_path(const std::string& file) {
  const auto text = read_text(file);
  if (!text) return std::unexpected(fmt::format("--proof '{}': expected a readable file", file));
  boost::system::error_code wrong;
  const auto value = boost::json::parse(*text, wrong);
  const auto* path = !wrong && value.is_object() ? value.get_object().if_contains("path") : nullptr;
  std::vector<Sha256> out;
  bool good = path != nullptr && path->is_array() && path->get_array().size() <= 64;
  for (std::size_t at = 0; good && at < path->get_array().size(); ++at) {
    const auto& step = path->get_array()[at];
    good = step.is_string() && parse_hex(step.get_string(), out.emplace_back());
  }
  if (good) return out;
  return std::unexpected(fmt::format(
      "--proof '{}': expected JSON with path, a list of at most 64 hashes in hexadecimal", file));
}

int run_verify_checkpoints(const VerifyArguments& arguments) {
  const auto key = key_of(arguments.key);
  if (!key) return bad(key.error());
  const auto earlier = kept_note(arguments.file, *key);
  if (!earlier) return broken(earlier.error());
  const auto later = kept_note(arguments.later, *key);
  if (!later) return broken(later.error());
  const auto path = read_path(arguments.proof);
  if (!path) return bad(path.error());
  if (auto same = proof::check_consistent(*earlier, *later, *path); !same) {
    return broken(fmt::format("NOT PROVED: {}", same.error()));
  }
  fmt::print("proved: the log of {} records begins with the log of {}, unchanged\n", later->size,
             earlier->size);
  return 0;
}

}  // namespace

void add_proof_commands(CLI::App& app, int& status) {
  static ProveArguments prove;
  static VerifyArguments verify;
  auto* group = app.add_subcommand("prove", "proofs from the folder of a market (R13.2)");
  group->require_subcommand(1);
  auto* inclusion = group->add_subcommand("inclusion", "a record's receipt");
  inclusion->add_option("DIR", prove.directory)->required();
  inclusion->add_option("SEQUENCE", prove.sequence)->required();
  inclusion->add_option("--size", prove.size, "under the checkpoint of this size (newest)");
  inclusion->callback([&status] { status = run_inclusion(prove); });
  auto* consistency =
      group->add_subcommand("consistency", "that a later log begins with an earlier one");
  consistency->add_option("DIR", prove.directory)->required();
  consistency->add_option("FROM", prove.from, "records of the earlier log")->required();
  consistency->add_option("TO", prove.to, "records of the later log")->required();
  consistency->callback([&status] { status = run_consistency(prove); });

  auto* receipt = app.add_subcommand(
      "verify-receipt", "prove a receipt with the market's public key alone; needs no network");
  receipt->add_option("FILE", verify.file)->required();
  receipt->add_option("--key", verify.key, "the key, or a file with it")->required();
  receipt->add_option("--kept", verify.kept,
                      "a checkpoint that you kept: nothing was put in before it");
  receipt->callback([&status] { status = run_verify_receipt(verify); });

  auto* checkpoints = app.add_subcommand(
      "verify-checkpoints", "prove that the later checkpoint's log continues the earlier one's");
  checkpoints->add_option("EARLIER", verify.file)->required();
  checkpoints->add_option("LATER", verify.later)->required();
  checkpoints->add_option("--proof", verify.proof, "what /v1/proof/consistency gave")->required();
  checkpoints->add_option("--key", verify.key, "the key, or a file with it")->required();
  checkpoints->callback([&status] { status = run_verify_checkpoints(verify); });
}

}  // namespace hulan::app
