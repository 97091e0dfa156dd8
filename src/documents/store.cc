// SPDX-License-Identifier: Apache-2.0
#include "documents/store.h"

#include <unistd.h>

#include <atomic>
#include <system_error>

#include "documents/durable_file.h"

namespace hulan::documents {
namespace {

constexpr std::string_view kTemporaryFolder = "tmp";

std::unexpected<Error> refuse(ErrorCode code, std::string message) {
  return std::unexpected(Error{code, std::move(message)});
}

std::span<const std::uint8_t> as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

/// A name no other write of this process, or of another on the same folder, uses.
std::string temporary_name(const std::filesystem::path& path) {
  static std::atomic<std::uint64_t> counter{0};
  return path.filename().string() + "." + std::to_string(::getpid()) + "." +
         std::to_string(counter.fetch_add(1));
}

std::expected<MediaType, Error> settle_media_type(std::span<const std::uint8_t> bytes,
                                                  std::string_view declared) {
  if (declared.empty()) {
    if (const auto found = sniff_media_type(bytes)) return *found;
    return refuse(ErrorCode::kUnknownMediaType,
                  "this is no SVG, PNG, JPEG, WebP, PDF, JSON or UTF-8 text");
  }
  const auto type = parse_media_type(declared);
  if (!type) {
    return refuse(ErrorCode::kUnknownMediaType,
                  "documents of type " + std::string(declared.substr(0, 80)) + " are not taken");
  }
  if (!is_media_type(bytes, *type)) {
    return refuse(ErrorCode::kMediaTypeMismatch,
                  "the content is not " + std::string(media_type_name(*type)));
  }
  return *type;
}

}  // namespace

std::string_view error_name(ErrorCode code) {
  switch (code) {
    case ErrorCode::kEmpty:
      return "document_empty";
    case ErrorCode::kTooLarge:
      return "document_too_large";
    case ErrorCode::kUnknownMediaType:
      return "document_media_type_unknown";
    case ErrorCode::kMediaTypeMismatch:
      return "document_media_type_mismatch";
    case ErrorCode::kNotFound:
      return "document_not_found";
    case ErrorCode::kDamaged:
      return "document_damaged";
    case ErrorCode::kStorage:
      return "document_storage_failed";
  }
  return "document_error";
}

std::expected<Store, Error> Store::open(const std::filesystem::path& dir) {
  Store store(dir / "documents");
  const auto temporary = store.root_ / kTemporaryFolder;
  std::error_code error;
  std::filesystem::remove_all(temporary, error);
  if (error) return refuse(ErrorCode::kStorage, temporary.string() + ": " + error.message());
  if (auto made = make_directory(temporary); !made) {
    return refuse(ErrorCode::kStorage, made.error());
  }
  return store;
}

std::filesystem::path Store::path_of(const Sha256& hash, MediaType type) const {
  const std::string hex = to_hex(hash);
  return root_ / hex.substr(0, 2) / (hex + "." + std::string(media_type_extension(type)));
}

std::optional<Store::Place> Store::find(const Sha256& hash) const {
  for (const MediaType type : kMediaTypes) {
    auto path = path_of(hash, type);
    std::error_code error;
    const auto size = std::filesystem::file_size(path, error);
    if (!error) return Place{std::move(path), type, size};
  }
  return std::nullopt;
}

std::expected<void, Error> Store::write(const std::filesystem::path& path,
                                        std::span<const std::uint8_t> bytes) {
  if (auto made = make_directory(path.parent_path()); !made) {
    return refuse(ErrorCode::kStorage, made.error());
  }
  const auto temporary = root_ / kTemporaryFolder / temporary_name(path);
  if (auto written = write_durably(temporary, path, bytes); !written) {
    return refuse(ErrorCode::kStorage, written.error());
  }
  return {};
}

std::expected<Sha256, Error> Store::put(std::span<const std::uint8_t> bytes,
                                        std::string_view media_type) {
  if (bytes.empty()) return refuse(ErrorCode::kEmpty, "the document is empty");
  if (bytes.size() > kMaxDocumentBytes) {
    return refuse(ErrorCode::kTooLarge, "the document has " + std::to_string(bytes.size()) +
                                            " bytes; at most " + std::to_string(kMaxDocumentBytes) +
                                            " are taken");
  }
  const auto type = settle_media_type(bytes, media_type);
  if (!type) return std::unexpected(type.error());

  const Sha256 hash = sha256(bytes);
  const auto present = find(hash);
  if (present && get(hash)) {
    // A crash may have come between rename and sync of the folder: sync it, or it is not durable.
    if (auto synced = sync_directory(present->path.parent_path()); !synced) {
      return refuse(ErrorCode::kStorage, synced.error());
    }
    return hash;
  }
  const auto path = present ? present->path : path_of(hash, *type);
  if (auto written = write(path, bytes); !written) return std::unexpected(written.error());
  return hash;
}

std::expected<Sha256, Error> Store::put(std::string_view text, std::string_view media_type) {
  return put(as_bytes(text), media_type);
}

std::expected<Document, Error> Store::get(const Sha256& hash) const {
  const auto place = find(hash);
  if (!place) return refuse(ErrorCode::kNotFound, "there is no document " + to_hex(hash));
  if (place->size > kMaxDocumentBytes) {
    return refuse(ErrorCode::kDamaged, place->path.string() + " is larger than any document");
  }
  auto bytes = read_file(place->path);
  if (!bytes) return refuse(ErrorCode::kStorage, bytes.error());
  if (sha256(*bytes) != hash) {
    return refuse(ErrorCode::kDamaged, place->path.string() + " no longer has its hash");
  }
  return Document{std::move(*bytes), place->type};
}

bool Store::contains(const Sha256& hash) const { return find(hash).has_value(); }

std::optional<std::size_t> Store::size(const Sha256& hash) const {
  const auto place = find(hash);
  return place ? std::optional(place->size) : std::nullopt;
}

}  // namespace hulan::documents
