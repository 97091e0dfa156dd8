// SPDX-License-Identifier: Apache-2.0
// What commands made outside the log.
#include <algorithm>

#include "identity/directory.h"

namespace hulan::identity {
namespace {

std::span<const std::uint8_t> blob(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

}  // namespace

Result<std::optional<Sha256>> Directory::made(std::string_view key) {
  auto query = database_.prepare("SELECT value FROM made WHERE key = ?");
  const auto row = query.bind(blob(key)).step();
  if (!row) return std::unexpected(row.error());
  if (!*row) return std::optional<Sha256>();
  const auto stored = query.blob(0);
  Sha256 value{};
  if (stored.size() != value.size()) {
    return refuse(ErrorCode::kStorage, "identity.db holds a value of the wrong length");
  }
  std::copy(stored.begin(), stored.end(), value.begin());
  return std::optional(value);
}

Result<void> Directory::note_made(std::string_view key, const Sha256& value, std::int64_t now_ns,
                                  std::int64_t forget_before_ns) {
  return database_.transaction([&]() -> Result<void> {
    auto forget = database_.prepare("DELETE FROM made WHERE at_ns < ?");
    if (auto done = forget.bind(forget_before_ns).run(); !done) return done;
    return database_.prepare("INSERT OR REPLACE INTO made VALUES(?, ?, ?)")
        .bind(blob(key))
        .bind(std::span<const std::uint8_t>(value))
        .bind(now_ns)
        .run();
  });
}

}  // namespace hulan::identity
