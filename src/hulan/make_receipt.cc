// SPDX-License-Identifier: Apache-2.0
#include "hulan/make_receipt.h"

#include "io/linux/system.h"
#include "journal/leaf.h"
#include "journal/reader.h"

namespace hulan::app {

std::expected<proof::Receipt, std::string> read_record(const std::string& directory,
                                                       std::uint64_t sequence) {
  proof::Receipt made;
  journal::ScanOptions options;
  options.from_sequence = sequence;
  const auto scanned =
      journal::scan(io::system_storage(), directory, options, [&](const journal::BatchView& batch) {
        for (const journal::RecordView record : batch.records()) {
          if (record.sequence != sequence) continue;
          made.sequence = sequence;
          made.time_ns = record.time_ns;
          made.record.assign(record.bytes.begin(), record.bytes.end());
          made.salt = journal::leaf_salt(batch.header.salt_seed, sequence);
          made.leaf = journal::leaf_hash(made.salt, sequence, made.time_ns, made.record);
          return false;
        }
        return true;
      });
  if (!scanned) return std::unexpected(scanned.error().message());
  if (made.sequence == 0) {
    return std::unexpected("the journal has no record " + std::to_string(sequence));
  }
  return made;
}

}  // namespace hulan::app
