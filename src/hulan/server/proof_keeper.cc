// SPDX-License-Identifier: Apache-2.0
#include "hulan/server/proof_keeper.h"

#include <spdlog/spdlog.h>

#include <cstring>

#include "hulan/make_receipt.h"
#include "io/linux/system.h"
#include "model/command.h"
#include "proof/merkle.h"

namespace hulan::app {

std::expected<void, std::string> ProofKeeper::open(const journal::MarketId& market,
                                                   std::uint64_t last_sequence) {
  auto log = proof::Log::open(io::system_storage(), io::system_entropy(), directory_, market,
                              last_sequence);
  if (!log) return std::unexpected(log.error());
  log_ = std::move(*log);
  opened_.store(log_.get(), std::memory_order_release);
  return {};
}

void ProofKeeper::start(std::function<std::uint64_t()> durable,
                        std::function<void(const std::string&)> failed) {
  durable_ = std::move(durable);
  failed_ = std::move(failed);
  thread_ = std::thread([this] {
    std::unique_lock lock(mutex_);
    while (!wake_.wait_for(lock, every_, [this] { return stopping_; })) publish();
    publish();
  });
}

void ProofKeeper::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void ProofKeeper::publish() {
  if (log() == nullptr) return;
  const auto made = log_->publish(durable_(), io::system_clock().now_ns());
  if (made) return;
  if (made.error().broken) return failed_(made.error().message);
  spdlog::error("no checkpoint: {}", made.error().message);
}

std::string ProofKeeper::public_key() const {
  const proof::Log* opened = log();
  return opened == nullptr ? std::string() : opened->public_key().text();
}

std::uint64_t ProofKeeper::count() const {
  const proof::Log* opened = log();
  return opened == nullptr ? 0 : opened->count();
}

std::uint64_t ProofKeeper::size() const {
  const proof::Log* opened = log();
  return opened == nullptr ? 0 : opened->size();
}

std::optional<gateways::Proofs::Checkpoint> ProofKeeper::checkpoint(std::uint64_t number) const {
  auto note = log()->note(number);
  if (!note) return std::nullopt;
  const auto opened = proof::Checkpoint::open(*note, log()->public_key());
  if (!opened) return std::nullopt;
  return Checkpoint{opened->size, opened->time_ns, opened->root, std::move(*note)};
}

std::optional<std::vector<Sha256>> ProofKeeper::inclusion(std::uint64_t sequence,
                                                          std::uint64_t size) const {
  auto path = log()->roots(proof::inclusion_ranges(sequence - 1, size));
  if (!path) return std::nullopt;
  return std::move(*path);
}

std::optional<std::vector<Sha256>> ProofKeeper::consistency(std::uint64_t from,
                                                            std::uint64_t to) const {
  auto path = log()->roots(proof::consistency_ranges(from, to));
  if (!path) return std::nullopt;
  return std::move(*path);
}

std::expected<gateways::Proofs::Receipt, std::string> ProofKeeper::receipt(
    std::uint64_t sequence) const {
  const std::uint64_t newest = log()->count();
  if (newest == 0) return std::unexpected("there is no checkpoint yet");
  auto note = log()->note(newest - 1);
  if (!note) return std::unexpected(note.error().message());
  const auto covering = proof::Checkpoint::open(*note, log()->public_key());
  if (!covering) return std::unexpected(covering.error());
  auto record = read_record(directory_, sequence);
  if (!record) return std::unexpected(record.error());
  if (sequence > covering->size) return std::unexpected("no checkpoint covers it yet");
  auto path = inclusion(sequence, covering->size);
  if (!path) return std::unexpected("the tree cannot be read");
  record->path = std::move(*path);
  record->checkpoint = std::move(*note);
  model::RecordHeader header;
  std::memcpy(&header, record->record.data(), sizeof(header));
  return Receipt{header.user, header.participant, record->json()};
}

}  // namespace hulan::app
