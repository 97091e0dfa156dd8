// SPDX-License-Identifier: Apache-2.0
// The market's signing key: DIR/keys/checkpoint.key, which only the server's user may read, and
// DIR/keys/checkpoint.pub for everybody.
#pragma once

#include <expected>
#include <optional>
#include <string>

#include "io/entropy.h"
#include "io/storage.h"
#include "proof/note.h"

namespace hulan::proof {

/// The key of the market in `directory`; nothing if there is none. The error is one line.
[[nodiscard]] std::expected<std::optional<Signer>, std::string> load_key(
    io::Storage& storage, const std::string& directory);

/// Makes the key named `name` and both files; durable on return. There must be none.
[[nodiscard]] std::expected<Signer, std::string> make_key(io::Storage& storage,
                                                          io::Entropy& entropy,
                                                          const std::string& directory,
                                                          const std::string& name);

/// DIR/keys/checkpoint.pub. The error is one line.
[[nodiscard]] std::expected<PublicKey, std::string> load_public_key(io::Storage& storage,
                                                                    const std::string& directory);

}  // namespace hulan::proof
