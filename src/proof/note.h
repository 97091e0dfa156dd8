// SPDX-License-Identifier: Apache-2.0
// Signed notes as C2SP's signed-note has them: a text, an empty line, and signature lines. Keys are
// Ed25519. docs/formats/proof.md has the bytes. Any thread.
#pragma once

#include <array>
#include <cstdint>
#include <expected>
#include <span>
#include <string>
#include <string_view>

namespace hulan::proof {

/// Base64 with padding, and back; empty if `text` is not canonical.
[[nodiscard]] std::string to_base64(std::span<const std::uint8_t> bytes);
[[nodiscard]] std::expected<std::string, std::string> from_base64(std::string_view text);

/// Whom a signature is checked against.
struct PublicKey {
  std::string name;  ///< without spaces and plus signs
  std::array<std::uint8_t, 32> key{};

  /// First four bytes of SHA-256(name || 0x0A || 0x01 || key).
  [[nodiscard]] std::array<std::uint8_t, 4> id() const;
  /// "name+1a2b3c4d+base64(0x01 || key)", and back; the error is one line.
  [[nodiscard]] std::string text() const;
  [[nodiscard]] static std::expected<PublicKey, std::string> parse(std::string_view text);
};

class Signer {
 public:
  /// From 32 bytes of chance.
  Signer(std::string name, std::span<const std::uint8_t, 32> seed);

  /// "PRIVATE+KEY+name+1a2b3c4d+base64(0x01 || seed)", and back; the error is one line and says
  /// nothing of the key.
  [[nodiscard]] std::string private_text() const;
  [[nodiscard]] static std::expected<Signer, std::string> parse(std::string_view text);

  [[nodiscard]] const PublicKey& public_key() const { return public_key_; }

  /// The note: `text`, which ends with a line end, and its signature.
  [[nodiscard]] std::string sign(std::string_view text) const;

 private:
  std::array<std::uint8_t, 64> secret_{};  // seed and public key, as libsodium keeps it
  PublicKey public_key_;
};

/// The text of a note that `key` has signed; other signatures are passed over. The error is one
/// line: what is wrong with the note or its signature.
[[nodiscard]] std::expected<std::string, std::string> open_note(std::string_view note,
                                                                const PublicKey& key);

}  // namespace hulan::proof
