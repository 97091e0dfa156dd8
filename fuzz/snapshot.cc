// SPDX-License-Identifier: Apache-2.0
// The container of snapshots: any bytes under a true hash.
#include "base/bytes.h"
#include "base/sha256.h"
#include "fuzz/fuzz.h"
#include "journal/snapshot_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hulan;
  using namespace hulan::fuzz;
  MemoryStorage storage;
  auto& file = storage.files["m/snapshots/00000000000000000007.snapshot"];
  const bool seal = size > 0 && (data[0] & 1) != 0;
  if (size > 0) file.assign(data + 1, data + size);
  if (seal && file.size() >= 8) {
    store_le(file.data(), journal::kSnapshotMagic);
    store_le(file.data() + 4, journal::kFormatVersion);
    store_le(file.data() + 6, std::uint16_t{128});
    if (file.size() >= 128) store_le(file.data() + 32, std::uint64_t{file.size() - 128});
    const Sha256 hash = sha256(Bytes(file));
    file.insert(file.end(), hash.begin(), hash.end());
  }
  const auto newest = journal::load_newest_snapshot(storage, "m");
  HULAN_ASSERT(newest.has_value());
  if (!newest->snapshot) {
    HULAN_ASSERT(newest->skipped.size() == 1 && !newest->skipped[0].message().empty());
    return 0;
  }
  HULAN_ASSERT(newest->snapshot->header().sequence == 7);
  for (const char* name : {"market", "lots", "clock", ""}) {
    const auto section = newest->snapshot->section(name);
    if (!section) continue;
    std::uint8_t sum = 0;
    for (const std::uint8_t byte : *section) sum ^= byte;
    HULAN_ASSERT(reinterpret_cast<std::uintptr_t>(section->data()) % 8 == 0 || section->empty());
    static volatile std::uint8_t kept;
    kept = sum;
  }
  return 0;
}
