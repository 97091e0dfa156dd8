// SPDX-License-Identifier: Apache-2.0
#include "base/sha256_stream.h"

#include <openssl/evp.h>

#include "base/assert.h"

namespace hulan {

struct Sha256Stream::State {
  State() : context(EVP_MD_CTX_new()) {
    HULAN_ASSERT(context != nullptr);
    start();
  }
  ~State() { EVP_MD_CTX_free(context); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  void start() { HULAN_ASSERT(EVP_DigestInit_ex(context, EVP_sha256(), nullptr) == 1); }
  EVP_MD_CTX* context;
};

Sha256Stream::Sha256Stream() : state_(std::make_unique<State>()) {}
Sha256Stream::~Sha256Stream() = default;
Sha256Stream::Sha256Stream(Sha256Stream&&) noexcept = default;
Sha256Stream& Sha256Stream::operator=(Sha256Stream&&) noexcept = default;

void Sha256Stream::update(std::span<const std::uint8_t> data) {
  HULAN_ASSERT(EVP_DigestUpdate(state_->context, data.data(), data.size()) == 1);
}

Sha256 Sha256Stream::finish() {
  Sha256 out;
  unsigned int size = 0;
  HULAN_ASSERT(EVP_DigestFinal_ex(state_->context, out.data(), &size) == 1 && size == out.size());
  state_->start();
  return out;
}

}  // namespace hulan
