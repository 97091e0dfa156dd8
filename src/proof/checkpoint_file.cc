// SPDX-License-Identifier: Apache-2.0
#include "proof/checkpoint_file.h"

#include "base/assert.h"

namespace hulan::proof {

io::Result<std::uint64_t> count_slots(io::File& file) {
  auto length = file.size();
  if (!length) return std::unexpected(length.error());
  return *length / kCheckpointSlotBytes;
}

io::Result<std::string> read_slot(io::File& file, std::uint64_t slot) {
  std::string text(kCheckpointSlotBytes, '\0');
  auto got = file.read_at(slot * kCheckpointSlotBytes,
                          {reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
  if (!got) return std::unexpected(got.error());
  text.resize(*got);
  while (text.ends_with("\n\n")) text.pop_back();
  return text;
}

io::Result<void> write_slot(io::File& file, std::uint64_t slot, const std::string& note) {
  HULAN_ASSERT(note.size() < kCheckpointSlotBytes && note.ends_with('\n'));
  std::string text = note;
  text.resize(kCheckpointSlotBytes, '\n');
  auto done = file.write_at(slot * kCheckpointSlotBytes,
                            {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
  if (!done) return done;
  return file.sync();
}

}  // namespace hulan::proof
