// SPDX-License-Identifier: Apache-2.0
// The real clock, chance and file system of this machine.
#pragma once

#include "io/clock.h"
#include "io/entropy.h"
#include "io/storage.h"

namespace hulan::io {

/// One each for the process; any thread.
[[nodiscard]] Clock& system_clock();
[[nodiscard]] Entropy& system_entropy();
[[nodiscard]] Storage& system_storage();

}  // namespace hulan::io
