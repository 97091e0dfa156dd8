// SPDX-License-Identifier: Apache-2.0
// The files of products/, which live inside the program so that a market can be made anywhere.
#pragma once

#include <span>
#include <string_view>

namespace hulan::app {

struct DefaultFile {
  std::string_view name;  ///< "maize.toml", "market.toml"
  std::string_view text;
};

/// All of them, by name. Made by tools/embed_text.py.
[[nodiscard]] std::span<const DefaultFile> default_files();

}  // namespace hulan::app
