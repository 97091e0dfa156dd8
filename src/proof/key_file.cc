// SPDX-License-Identifier: Apache-2.0
#include "proof/key_file.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "io/durable_file.h"

namespace hulan::proof {
namespace {

using Unexpected = std::unexpected<std::string>;

std::string folder_of(const std::string& directory) { return directory + "/keys"; }
std::string private_path(const std::string& directory) {
  return folder_of(directory) + "/checkpoint.key";
}
std::string public_path(const std::string& directory) {
  return folder_of(directory) + "/checkpoint.pub";
}

std::expected<std::optional<std::string>, std::string> read_text(io::Storage& storage,
                                                                 const std::string& path) {
  auto content = io::read_file(storage, path);
  if (content) return std::string(content->begin(), content->end());
  if (content.error().code == ENOENT) return std::nullopt;
  return Unexpected(content.error().message());
}

io::Result<void> write_text(io::Storage& storage, const std::string& path, std::string text) {
  text += '\n';
  return io::write_file_durably(storage, path,
                                {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

/// The folder is closed to others before the key is written into it.
io::Result<void> write_keys(io::Storage& storage, const std::string& directory,
                            const Signer& signer) {
  const std::string folder = folder_of(directory);
  if (auto made = storage.make_directory(folder); !made) return made;
  if (::chmod(folder.c_str(), 0700) != 0) {
    return std::unexpected(io::Error{"change the mode of", folder, errno});
  }
  if (auto done = write_text(storage, public_path(directory), signer.public_key().text()); !done) {
    return done;
  }
  const std::string path = private_path(directory);
  if (auto done = write_text(storage, path, signer.private_text()); !done) return done;
  if (::chmod(path.c_str(), 0600) != 0) {
    return std::unexpected(io::Error{"change the mode of", path, errno});
  }
  return {};
}

}  // namespace

std::expected<std::optional<Signer>, std::string> load_key(io::Storage& storage,
                                                           const std::string& directory) {
  const std::string path = private_path(directory);
  const auto text = read_text(storage, path);
  if (!text) return Unexpected(text.error());
  if (!*text) return std::nullopt;
  std::string_view line = **text;
  while (line.ends_with('\n')) line.remove_suffix(1);
  auto signer = Signer::parse(line);
  if (!signer) return Unexpected(fmt::format("{}: {}", path, signer.error()));
  return std::move(*signer);
}

std::expected<Signer, std::string> make_key(io::Storage& storage, io::Entropy& entropy,
                                            const std::string& directory, const std::string& name) {
  std::array<std::uint8_t, 32> seed{};
  entropy.fill(seed);
  Signer signer(name, seed);
  if (auto done = write_keys(storage, directory, signer); !done) {
    return Unexpected(done.error().message());
  }
  return signer;
}

std::expected<PublicKey, std::string> load_public_key(io::Storage& storage,
                                                      const std::string& directory) {
  const std::string path = public_path(directory);
  const auto text = read_text(storage, path);
  if (!text) return Unexpected(text.error());
  if (!*text) return Unexpected(fmt::format("{}: there is no public key here", path));
  auto key = PublicKey::parse(**text);
  if (!key) return Unexpected(fmt::format("{}: {}", path, key.error()));
  return key;
}

}  // namespace hulan::proof
