// SPDX-License-Identifier: Apache-2.0
// The view's own file: any bytes under a true hash, and any bytes at all.
#include "base/sha256.h"
#include "fuzz/fuzz.h"
#include "projections/view_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hulan;
  using namespace hulan::fuzz;
  MemoryStorage storage;
  auto& file = storage.files["v/00000000000000000007.view"];
  if (size > 0) file.assign(data + 1, data + size);
  if (size > 0 && (data[0] & 1) != 0 && file.size() >= 8) {
    const auto head = projections::encode_view(0, {}, {});
    std::copy_n(head.begin(), 8, file.begin());
    const Sha256 hash = sha256(Bytes(file));
    file.insert(file.end(), hash.begin(), hash.end());
  }
  const auto names = projections::list_view_files(storage, "v");
  HULAN_ASSERT(names && names->size() == 1);
  const auto view = projections::read_view(storage, projections::view_path("v", names->front()));
  if (view) {
    const auto again = projections::encode_view(view->sequence, view->counts, view->heads);
    HULAN_ASSERT(again.size() <= file.size());
  }
  return 0;
}
