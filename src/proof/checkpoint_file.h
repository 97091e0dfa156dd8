// SPDX-License-Identifier: Apache-2.0
// All checkpoints of a market, oldest first: DIR/proof/checkpoints. Each stands in a slot of 512
// bytes, the note and then line ends, so that the file is text and slot n is found at once. Only
// ever appended to.
#pragma once

#include <memory>
#include <string>

#include "io/storage.h"
#include "proof/checkpoint.h"

namespace hulan::proof {

inline constexpr std::size_t kCheckpointSlotBytes = 512;

[[nodiscard]] inline std::string proof_directory(const std::string& directory) {
  return directory + "/proof";
}
[[nodiscard]] inline std::string checkpoints_path(const std::string& directory) {
  return proof_directory(directory) + "/checkpoints";
}
[[nodiscard]] inline std::string tree_path(const std::string& directory) {
  return proof_directory(directory) + "/tree";
}

/// Slots that are there whole.
[[nodiscard]] io::Result<std::uint64_t> count_slots(io::File& file);

/// The note in a slot, without the line ends that fill it up. Any thread with a file of its own.
[[nodiscard]] io::Result<std::string> read_slot(io::File& file, std::uint64_t slot);

/// Writes a note (at most 511 bytes) into a slot; durable on return.
[[nodiscard]] io::Result<void> write_slot(io::File& file, std::uint64_t slot,
                                          const std::string& note);

}  // namespace hulan::proof
