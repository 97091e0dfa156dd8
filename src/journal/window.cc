// SPDX-License-Identifier: Apache-2.0
#include "journal/window.h"

#include <algorithm>

#include "base/assert.h"

namespace hulan::journal {

Result<std::span<const std::uint8_t>> Window::view(std::uint64_t offset, std::size_t most) {
  HULAN_ASSERT(offset <= length_ && most <= kBytes);
  const auto want = static_cast<std::size_t>(std::min<std::uint64_t>(most, length_ - offset));
  if (offset < start_ || offset + want > start_ + filled_) {
    start_ = offset;
    filled_ = 0;
    const auto room = std::min<std::uint64_t>(kBytes, length_ - offset);
    const auto got = file_.read_at(offset, buffer_.span().first(static_cast<std::size_t>(room)));
    if (!got) return io_error(got.error());
    filled_ = *got;
  }
  const auto skip = static_cast<std::size_t>(offset - start_);
  return buffer_.span().subspan(skip, std::min(want, filled_ - skip));
}

}  // namespace hulan::journal
