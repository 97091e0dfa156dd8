// SPDX-License-Identifier: Apache-2.0
// A new market's folder: configuration, the first administrator, and a journal of one record.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

namespace hulan::app {

struct InitOptions {
  std::string directory;
  std::string administrator = "administrator";  ///< login
  std::string password = {};                    ///< empty: one is made
  std::string name = "管理员";                  ///< of the administrator
};

/// Makes the folder ready for `hulan serve`. It may hold market.toml, places.toml and products/ of
/// one's own, which are kept and used; anything else refuses. Returns the password if one was made,
/// else "". The error is one line.
[[nodiscard]] std::expected<std::string, std::string> init_market(const InitOptions& options);

/// The same for the demo: login "administrator", short waits, the journal stamped `opening_ns`.
[[nodiscard]] std::expected<void, std::string> init_demo_market(const std::string& directory,
                                                                std::string_view password,
                                                                std::int64_t opening_ns);

}  // namespace hulan::app
