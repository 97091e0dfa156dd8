// SPDX-License-Identifier: Apache-2.0
// A disk that behaves as badly as real ones do. Reads see what was written; an end of the machine
// keeps what was synced and any part of what was not.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "simulation/clock.h"
#include "simulation/faults.h"
#include "io/storage.h"
#include "simulation/random.h"

namespace hulan::simulation {

/// Thrown out of an I/O call: the process ends here. Nothing in the program catches it.
struct ProcessEnds {};

/// How often faults come, in I/O calls; 0 = never. A run draws its own.
struct DiskOdds {
  std::uint64_t end = 0;         ///< kCrash or kPower
  std::uint64_t error = 0;       ///< kEio, kEnospc, kShort
  std::uint64_t corruption = 0;  ///< kMisdirected, kLost, kFlip
  std::uint64_t slow = 0;
  std::uint64_t full = 0;
};

class SimStorage final : public io::Storage {
 public:
  SimStorage(Random random, SimClock& clock, FaultCounts& counts)
      : random_(random), clock_(clock), counts_(counts) {}

  io::Result<std::unique_ptr<io::File>> open(const std::string& path, io::OpenMode mode) override;
  std::unique_ptr<io::Preparation> prepare_zeroed(const std::string& path,
                                                  std::uint64_t bytes) override;
  io::Result<void> rename(const std::string& from, const std::string& to) override;
  io::Result<void> remove(const std::string& path) override;
  io::Result<std::vector<std::string>> list(const std::string& directory) override;
  io::Result<void> make_directory(const std::string& directory) override;
  io::Result<void> sync_directory(const std::string& directory) override;
  io::Result<std::unique_ptr<io::Lock>> lock(const std::string& path) override;

  void set_odds(const DiskOdds& odds, const FaultSet& faults) {
    odds_ = odds;
    faults_ = faults;
  }
  /// Quiet: no faults at all until resume(), for checks of the simulator's own.
  void pause() { ++paused_; }
  void resume() { --paused_; }

  /// The machine has lost power: unsynced changes survive in part or not at all.
  void lose_power();
  /// Locks go with the process; what it wrote stays.
  void end_process() { locks_.clear(); }

  /// Bytes that differ from what was written, by kMisdirected, kLost or kFlip.
  [[nodiscard]] bool corrupted() const { return !corruptions_.empty(); }
  /// Whether such bytes lie in `path` at `offset` or beyond, or in a file whose name is greater.
  [[nodiscard]] bool corrupted_from(const std::string& path, std::uint64_t offset) const;
  /// Puts back what should have been there, as an operator does from a backup.
  void repair();
  void free_space() { full_ = false; }
  [[nodiscard]] std::uint64_t calls() const { return calls_; }

 private:
  friend class SimFile;
  friend class SimPreparation;

  struct Undo {
    std::uint64_t offset;
    std::vector<std::uint8_t> before;
    std::uint64_t size_before;
  };
  struct Node {
    std::vector<std::uint8_t> bytes;
    std::deque<Undo> unsynced;
  };
  using NodePtr = std::shared_ptr<Node>;
  /// One atomic change of one or two names of a directory.
  struct NameChange {
    std::string directory;
    std::vector<std::pair<std::string, NodePtr>> before;  // what they meant; nullptr: nothing
  };
  struct Corruption {
    NodePtr node;
    std::uint64_t offset;
    std::vector<std::uint8_t> truth;
  };
  enum class Call : std::uint8_t { kWrite, kSync, kRead, kName, kOpen };
  enum class Moment : std::uint8_t { kBefore, kMiddle, kAfter };

  [[nodiscard]] std::optional<Moment> ends_now();
  [[noreturn]] void end();
  /// Counts the call, may be slow; an error to be given, if any.
  [[nodiscard]] std::optional<io::Error> begin(Call call, const char* operation,
                                               const std::string& path);
  [[nodiscard]] io::Result<void> write(const NodePtr& node, const std::string& path,
                                       std::uint64_t offset, std::span<const std::uint8_t> data,
                                       bool durable);
  [[nodiscard]] io::Result<void> sync(const NodePtr& node, const std::string& path);
  bool corrupt_write(const NodePtr& node, std::uint64_t offset, std::span<const std::uint8_t> data);
  void flip_somewhere();
  void put(Node& node, std::uint64_t offset, std::span<const std::uint8_t> data, bool durable);
  void put_in_pieces(Node& node, std::uint64_t offset, std::span<const std::uint8_t> data,
                     bool durable);
  void write_over_corruption(const Node* node, std::uint64_t offset,
                             std::span<const std::uint8_t> data);
  void set_name(const std::string& path, NodePtr node);
  [[nodiscard]] NodePtr find(const std::string& path) const;
  [[nodiscard]] std::string path_of(const Node* node) const;

  Random random_;
  SimClock& clock_;
  FaultCounts& counts_;
  DiskOdds odds_;
  FaultSet faults_;
  int paused_ = 0;
  bool full_ = false;
  std::uint64_t calls_ = 0;
  std::map<std::string, NodePtr> names_;
  std::set<std::string> directories_;
  std::deque<NameChange> unsynced_names_;
  std::vector<Corruption> corruptions_;
  std::set<std::string> locks_;
};

}  // namespace hulan::simulation
