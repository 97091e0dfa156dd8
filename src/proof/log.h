// SPDX-License-Identifier: Apache-2.0
// The market's log of proofs (R13.2): follows the journal, grows the tree, signs checkpoints, and
// answers who asks for proofs. Trading never waits for it.
#pragma once

#include <atomic>
#include <cstdint>
#include <expected>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "io/entropy.h"
#include "io/storage.h"
#include "journal/batch.h"
#include "proof/checkpoint.h"
#include "proof/key_file.h"
#include "proof/tree_file.h"

namespace hulan::proof {

/// Why no checkpoint was made. `broken`: the journal is not the one that was signed; the server
/// must end. Otherwise a later attempt may succeed.
struct LogError {
  bool broken = false;
  std::string message;
};

class Log {
 public:
  /// Opens key, checkpoints and tree of the market in `directory`, whose journal is whole and holds
  /// `last_sequence` records. Makes what a new market lacks. Refuses a journal in which the last
  /// published checkpoint is not found, with one line.
  [[nodiscard]] static std::expected<std::unique_ptr<Log>, std::string> open(
      io::Storage& storage, io::Entropy& entropy, const std::string& directory,
      const journal::MarketId& market, std::uint64_t last_sequence);

  // --- one thread at a time ---

  /// Takes the records up to `durable` from the journal into the tree and publishes a checkpoint
  /// over them; false if there are no new ones. `durable` ends a batch that is on the disk.
  [[nodiscard]] std::expected<bool, LogError> publish(std::uint64_t durable,
                                                      std::int64_t machine_ns);

  // --- any thread ---

  [[nodiscard]] const PublicKey& public_key() const { return signer_.public_key(); }
  /// How many checkpoints there are.
  [[nodiscard]] std::uint64_t count() const { return count_.load(std::memory_order_acquire); }
  /// Records under the newest checkpoint.
  [[nodiscard]] std::uint64_t size() const { return size_.load(std::memory_order_acquire); }
  /// Checkpoint `number` (from 0, less than count()) as a note.
  [[nodiscard]] io::Result<std::string> note(std::uint64_t number) const;
  /// Hashes of a proof in trees of at most size() leaves.
  [[nodiscard]] io::Result<std::vector<Sha256>> roots(const std::vector<LeafRange>& ranges) const;

 private:
  Log(io::Storage& storage, std::string directory, Signer signer)
      : storage_(storage), directory_(std::move(directory)), signer_(std::move(signer)) {}

  [[nodiscard]] std::expected<void, std::string> open_files();
  [[nodiscard]] std::expected<void, std::string> load_last();
  [[nodiscard]] std::expected<void, std::string> check_journal(std::uint64_t last_sequence);
  [[nodiscard]] std::expected<void, LogError> follow(std::uint64_t durable);
  [[nodiscard]] bool take(const journal::BatchView& batch, std::uint64_t durable,
                          std::optional<LogError>& error);
  [[nodiscard]] std::expected<void, LogError> sign(std::int64_t machine_ns);

  io::Storage& storage_;
  std::string directory_;
  Signer signer_;
  std::optional<TreeFile> tree_;
  std::unique_ptr<io::File> checkpoints_;
  std::optional<Checkpoint> last_;  // published
  std::int64_t time_ns_ = 0;        // of the last record in the tree
  Sha256 chain_{};                  // after its batch
  std::atomic<std::uint64_t> count_{0};
  std::atomic<std::uint64_t> size_{0};
  mutable std::mutex reading_;
  std::unique_ptr<io::File> tree_reader_;
  std::unique_ptr<io::File> checkpoint_reader_;
};

}  // namespace hulan::proof
