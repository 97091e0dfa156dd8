// SPDX-License-Identifier: Apache-2.0
// Zero-fills a file on a thread of its own, so that the journal never waits for a new segment.
#pragma once

#include <memory>
#include <string>

#include "io/storage.h"

namespace hulan::io {

[[nodiscard]] std::unique_ptr<Preparation> start_preparation(const std::string& path,
                                                             std::uint64_t bytes);

}  // namespace hulan::io
