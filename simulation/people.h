// SPDX-License-Identifier: Apache-2.0
// The users of a run in the real identity directory, with a token each.
#pragma once

#include <string>
#include <vector>

#include "identity/directory.h"
#include "model/units.h"

namespace hulan::simulation {

/// Tokens by user; [0] is empty.
[[nodiscard]] std::vector<std::string> enrol(identity::Directory& directory, std::int64_t now_ns);

}  // namespace hulan::simulation
