// SPDX-License-Identifier: Apache-2.0
#include "journal/writer.h"

#include <cstring>

#include "base/assert.h"
#include "journal/batch.h"
#include "journal/segment.h"

namespace hulan::journal {
namespace {

Result<void> as_journal(io::Result<void> done) {
  if (!done) return io_error(done.error());
  return {};
}

}  // namespace

Writer::Writer(io::Storage& storage, io::Entropy& entropy, std::string folder,
               const WriterOptions& options, const Position& at)
    : storage_(storage),
      entropy_(entropy),
      folder_(std::move(folder)),
      options_(options),
      at_(at),
      buffer_(kMaxBatchBytes) {
  HULAN_ASSERT(options.segment_bytes >= kMinSegmentBytes);
  HULAN_ASSERT(options.segment_bytes % kBlockBytes == 0);
  HULAN_ASSERT(options.epoch >= at.epoch);
}

Result<std::unique_ptr<Writer>> Writer::open(io::Storage& storage, io::Entropy& entropy,
                                             const std::string& directory,
                                             const WriterOptions& options,
                                             const ScanResult& recovered) {
  HULAN_ASSERT(!recovered.stopped);
  std::unique_ptr<Writer> writer(
      new Writer(storage, entropy, journal_directory(directory), options, recovered.end));
  if (auto begun = writer->begin(recovered.torn); !begun) return std::unexpected(begun.error());
  return writer;
}

Result<void> Writer::begin(const std::optional<TornTail>& torn) {
  if (at_.path.empty()) {
    HULAN_ASSERT(options_.market != MarketId{});
    at_.market = options_.market;
    at_.partition = options_.partition;
    at_.chain = genesis_chain(options_.market);
    return next_segment();
  }
  if (at_.path.ends_with(kArchiveExtension)) return next_segment();  // nothing is added to it
  auto file = storage_.open(at_.path, io::OpenMode::kDurable);
  if (!file) return io_error(file.error());
  file_ = std::move(*file);
  if (torn) {
    if (auto zeroed = zero(*torn); !zeroed) return zeroed;
  }
  if (auto synced = file_->sync(); !synced) return io_error(synced.error());
  if (auto synced = storage_.sync_directory(folder_); !synced) return io_error(synced.error());
  prepare_when_half_full();
  return {};
}

Result<void> Writer::zero(const TornTail& torn) {
  HULAN_ASSERT(torn.path == at_.path && torn.offset == at_.offset);
  HULAN_ASSERT(torn.length <= buffer_.size() && torn.length % kBlockBytes == 0);
  std::memset(buffer_.data(), 0, torn.length);
  return as_journal(file_->write_at(torn.offset, buffer_.span().first(torn.length)));
}

Result<Appended> Writer::append(std::uint64_t first_sequence, std::int64_t time_ns,
                                std::uint32_t count, std::span<const std::uint8_t> body) {
  HULAN_ASSERT(first_sequence == at_.next_sequence);
  HULAN_ASSERT(time_ns >= at_.time_ns);
  HULAN_ASSERT(count > 0 && holds_records(body, count));
  return write_batch(time_ns, count, body);
}

Result<bool> Writer::close_idle() {
  if (failure_) return std::unexpected(*failure_);
  if (at_.ends_idle) return false;
  auto written = write_batch(at_.time_ns, 0, {});
  if (!written) return std::unexpected(written.error());
  return true;
}

Result<Appended> Writer::write_batch(std::int64_t time_ns, std::uint32_t count,
                                     std::span<const std::uint8_t> body) {
  if (failure_) return std::unexpected(*failure_);
  HULAN_ASSERT(body.size() <= kMaxBodyBytes);
  BatchHeader header;
  header.body_length = static_cast<std::uint32_t>(body.size());
  header.count = count;
  header.partition = at_.partition;
  header.first_sequence = at_.next_sequence;
  header.epoch = options_.epoch;
  header.time_ns = time_ns;
  header.previous_chain = at_.chain;
  header.market = at_.market;
  entropy_.fill(header.salt_seed);
  const Sha256 chain = encode_batch(header, body, buffer_.span());
  if (auto written = write_in_segment(header.padded_length()); !written) {
    failure_ = written.error();
    return std::unexpected(*failure_);
  }
  at_.next_sequence += count;
  at_.time_ns = time_ns;
  at_.epoch = options_.epoch;
  at_.ends_idle = count == 0;
  at_.chain = chain;
  prepare_when_half_full();
  return Appended{header.salt_seed, chain};
}

Result<void> Writer::write_in_segment(std::size_t padded) {
  if (at_.offset + padded > at_.segment_length) {
    if (auto moved = next_segment(); !moved) return moved;
  }
  auto written = file_->write_at(at_.offset, buffer_.span().first(padded));
  if (!written) return io_error(written.error());
  at_.offset += padded;
  return {};
}

void Writer::prepare_when_half_full() {
  if (preparation_ || at_.offset < at_.segment_length / 2) return;
  preparation_ = storage_.prepare_zeroed(temporary_path(), options_.segment_bytes);
}

// An early preparation may have failed for want of room that there is by now: one more try.
Result<void> Writer::finish_preparation() {
  if (preparation_) {
    const bool done = preparation_->finish().has_value();
    preparation_.reset();
    if (done) return {};
  }
  auto again = storage_.prepare_zeroed(temporary_path(), options_.segment_bytes);
  return as_journal(again->finish());
}

Result<void> Writer::next_segment() {
  if (auto ready = finish_preparation(); !ready) return ready;
  auto file = storage_.open(temporary_path(), io::OpenMode::kDurable);
  if (!file) return io_error(file.error());
  SegmentHeader header;
  header.partition = at_.partition;
  header.first_sequence = at_.next_sequence;
  header.length = options_.segment_bytes;
  header.previous_time_ns = at_.time_ns;
  header.market = at_.market;
  header.chain = at_.chain;
  io::AlignedBuffer block(kBlockBytes);
  encode_segment_header(header, block.span());
  if (auto written = (*file)->write_at(0, block.span()); !written) return io_error(written.error());
  file_ = std::move(*file);
  return name_segment();
}

Result<void> Writer::name_segment() {
  const std::string path = folder_ + "/" + numbered_name(at_.next_sequence, kSegmentExtension);
  if (auto named = storage_.rename(temporary_path(), path); !named) return io_error(named.error());
  if (auto synced = storage_.sync_directory(folder_); !synced) return io_error(synced.error());
  at_.path = path;
  at_.segment_length = options_.segment_bytes;
  at_.offset = kFirstBatchOffset;
  return {};
}

}  // namespace hulan::journal
