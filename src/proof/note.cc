// SPDX-License-Identifier: Apache-2.0
#include "proof/note.h"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>

#include "base/assert.h"
#include "base/sha256.h"

namespace hulan::proof {
namespace {

constexpr std::string_view kDash = "\u2014 ";
constexpr std::string_view kPrivatePrefix = "PRIVATE+KEY+";
constexpr char kEd25519 = 1;

using Unexpected = std::unexpected<std::string>;

std::span<const std::uint8_t> bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

bool is_name(std::string_view name) {
  return !name.empty() && std::none_of(name.begin(), name.end(), [](char c) {
    return c == '+' || static_cast<unsigned char>(c) <= ' ' || c == 0x7F;
  });
}

struct KeyText {
  std::string name;
  std::string id;     // hexadecimal
  std::string bytes;  // 32, after the byte of the algorithm
};

/// "name+id+base64(0x01 || 32 bytes)".
std::expected<KeyText, std::string> read_key_text(std::string_view text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == ' ')) {
    text.remove_suffix(1);
  }
  const auto first = text.find('+');
  const auto second = first == std::string_view::npos ? first : text.find('+', first + 1);
  if (second == std::string_view::npos) return Unexpected("expected name+id+base64");
  KeyText key;
  key.name = text.substr(0, first);
  key.id = text.substr(first + 1, second - first - 1);
  auto bytes = from_base64(text.substr(second + 1));
  if (!bytes) return Unexpected("what follows the second plus sign is not base64");
  if (!is_name(key.name)) return Unexpected("the name before the first plus sign is not valid");
  if (bytes->size() != 33 || (*bytes)[0] != kEd25519) {
    return Unexpected("it is not an Ed25519 key");
  }
  key.bytes = bytes->substr(1);
  return key;
}

std::string key_text(const PublicKey& key, std::string_view bytes) {
  const std::string typed = std::string(1, kEd25519).append(bytes);
  return fmt::format("{}+{}+{}", key.name, to_hex(key.id()), to_base64(bytes_of(typed)));
}

/// What stands after "- name " in the signature line of `key`; empty if there is none.
std::string_view signature_of(std::string_view lines, const PublicKey& key) {
  const std::string begin = std::string(kDash) + key.name + ' ';
  while (!lines.empty()) {
    const auto end = lines.find('\n');
    const std::string_view line = lines.substr(0, end);
    if (line.starts_with(begin)) return line.substr(begin.size());
    if (end == std::string_view::npos) break;
    lines.remove_prefix(end + 1);
  }
  return {};
}

}  // namespace

std::string to_base64(std::span<const std::uint8_t> bytes) {
  std::string text(sodium_base64_ENCODED_LEN(bytes.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
  sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(),
                    sodium_base64_VARIANT_ORIGINAL);
  text.pop_back();  // the terminating zero
  return text;
}

std::expected<std::string, std::string> from_base64(std::string_view text) {
  std::string bytes(text.size() / 4 * 3 + 3, '\0');
  std::size_t length = 0;
  const char* end = nullptr;
  const int done =
      sodium_base642bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), text.data(),
                        text.size(), nullptr, &length, &end, sodium_base64_VARIANT_ORIGINAL);
  if (done != 0 || end != text.data() + text.size()) return Unexpected("it is not base64");
  bytes.resize(length);
  return bytes;
}

std::array<std::uint8_t, 4> PublicKey::id() const {
  static constexpr std::array<std::uint8_t, 2> kBetween{'\n', kEd25519};
  const Sha256 hash = sha256_of({bytes_of(name), kBetween, key});
  return {hash[0], hash[1], hash[2], hash[3]};
}

std::string PublicKey::text() const {
  return key_text(*this, {reinterpret_cast<const char*>(key.data()), key.size()});
}

std::expected<PublicKey, std::string> PublicKey::parse(std::string_view text) {
  const auto read = read_key_text(text);
  if (!read) return Unexpected(read.error());
  PublicKey key;
  key.name = read->name;
  std::copy(read->bytes.begin(), read->bytes.end(), key.key.begin());
  if (to_hex(key.id()) != read->id) return Unexpected("its id does not belong to its name and key");
  return key;
}

Signer::Signer(std::string name, std::span<const std::uint8_t, 32> seed) {
  HULAN_ASSERT(is_name(name) && sodium_init() >= 0);
  public_key_.name = std::move(name);
  HULAN_ASSERT(crypto_sign_seed_keypair(public_key_.key.data(), secret_.data(), seed.data()) == 0);
}

std::string Signer::private_text() const {
  return std::string(kPrivatePrefix) +
         key_text(public_key_, {reinterpret_cast<const char*>(secret_.data()), 32});
}

std::expected<Signer, std::string> Signer::parse(std::string_view text) {
  if (!text.starts_with(kPrivatePrefix)) return Unexpected("expected PRIVATE+KEY+name+id+base64");
  const auto read = read_key_text(text.substr(kPrivatePrefix.size()));
  if (!read) return Unexpected(read.error());
  Signer signer(read->name, bytes_of(read->bytes).first<32>());
  if (to_hex(signer.public_key_.id()) != read->id) {
    return Unexpected("its id does not belong to its name and key");
  }
  return signer;
}

std::string Signer::sign(std::string_view text) const {
  HULAN_ASSERT(text.ends_with('\n'));
  std::array<std::uint8_t, 4 + crypto_sign_BYTES> signature{};
  const auto id = public_key_.id();
  std::copy(id.begin(), id.end(), signature.begin());
  const auto message = bytes_of(text);
  HULAN_ASSERT(crypto_sign_detached(signature.data() + 4, nullptr, message.data(), message.size(),
                                    secret_.data()) == 0);
  return fmt::format("{}\n{}{} {}\n", text, kDash, public_key_.name, to_base64(signature));
}

std::expected<std::string, std::string> open_note(std::string_view note, const PublicKey& key) {
  const auto split = note.rfind("\n\n");
  if (split == std::string_view::npos || !note.ends_with('\n')) {
    return Unexpected("it is not a signed note: text, an empty line, signatures");
  }
  const std::string_view text = note.substr(0, split + 1);
  const std::string_view encoded = signature_of(note.substr(split + 2), key);
  if (encoded.empty()) return Unexpected(fmt::format("it is not signed by {}", key.name));
  const auto signature = from_base64(encoded);
  if (!signature || signature->size() != 4 + crypto_sign_BYTES) {
    return Unexpected(fmt::format("the signature of {} is not 68 bytes of base64", key.name));
  }
  const auto id = key.id();
  const auto given = bytes_of(*signature);
  const bool same_key = std::equal(id.begin(), id.end(), given.begin());
  if (!same_key || crypto_sign_verify_detached(given.data() + 4, bytes_of(text).data(), text.size(),
                                               key.key.data()) != 0) {
    return Unexpected(fmt::format("the signature is not that of the key {}", key.text()));
  }
  return std::string(text);
}

}  // namespace hulan::proof
