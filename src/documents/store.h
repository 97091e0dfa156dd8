// SPDX-License-Identifier: Apache-2.0
// The content-addressed store of photos and papers (R4.3, R13.3). The log names a document by its
// SHA-256 alone; the bytes are here, synced before the command that names them is submitted.
//
// On disk: DIR/documents/ab/abcdef....png holds the content alone, under its hash, with the
// extension of its media type, so that any program opens it and sha256sum checks it.
// Thread: each call is complete in itself; the store holds no state but its path. It blocks on
// disk, and is called on the network thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/sha256.h"
#include "documents/media_type.h"

namespace hulan::documents {

/// The largest document, in bytes.
inline constexpr std::size_t kMaxDocumentBytes = 8u << 20;

enum class ErrorCode : std::uint8_t {
  kEmpty,              ///< no content at all
  kTooLarge,           ///< above kMaxDocumentBytes
  kUnknownMediaType,   ///< neither named nor recognised as a type we take
  kMediaTypeMismatch,  ///< the content is not what it is said to be
  kNotFound,           ///< no document of this hash
  kDamaged,            ///< the stored bytes no longer have their hash
  kStorage,            ///< the disk refused; the message names path and reason
};

/// Stable snake_case name of a code, for problem documents and logs.
[[nodiscard]] std::string_view error_name(ErrorCode code);

struct Error {
  ErrorCode code;
  std::string message;
};

struct Document {
  std::vector<std::uint8_t> bytes;
  MediaType media_type;
};

class Store {
 public:
  /// Opens, and creates where missing, DIR/documents; clears what a crash left half-written.
  /// Errors: kStorage.
  [[nodiscard]] static std::expected<Store, Error> open(const std::filesystem::path& dir);

  /// Stores `bytes` and returns their hash once they are synced to disk. `media_type` is a
  /// Content-Type value; empty means "find out". The same content again is a success and keeps its
  /// first media type; a damaged copy is replaced.
  /// Errors: kEmpty, kTooLarge, kUnknownMediaType, kMediaTypeMismatch, kStorage.
  [[nodiscard]] std::expected<Sha256, Error> put(std::span<const std::uint8_t> bytes,
                                                 std::string_view media_type = {});
  [[nodiscard]] std::expected<Sha256, Error> put(std::string_view text,
                                                 std::string_view media_type = {});

  /// The document, its hash checked again. Errors: kNotFound, kDamaged, kStorage.
  [[nodiscard]] std::expected<Document, Error> get(const Sha256& hash) const;

  /// True if a document of this hash was stored; does not read it.
  [[nodiscard]] bool contains(const Sha256& hash) const;

  /// Size in bytes; nothing if there is no such document.
  [[nodiscard]] std::optional<std::size_t> size(const Sha256& hash) const;

 private:
  struct Place {
    std::filesystem::path path;
    MediaType type;
    std::size_t size;
  };

  explicit Store(std::filesystem::path root) : root_(std::move(root)) {}
  [[nodiscard]] std::optional<Place> find(const Sha256& hash) const;
  [[nodiscard]] std::filesystem::path path_of(const Sha256& hash, MediaType type) const;
  [[nodiscard]] std::expected<void, Error> write(const std::filesystem::path& path,
                                                 std::span<const std::uint8_t> bytes);

  std::filesystem::path root_;
};

}  // namespace hulan::documents
