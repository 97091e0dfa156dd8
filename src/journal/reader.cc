// SPDX-License-Identifier: Apache-2.0
#include "journal/reader.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "journal/archive.h"
#include "journal/segment.h"
#include "journal/tail.h"
#include "journal/window.h"

namespace hulan::journal {
namespace {

enum class Step : std::uint8_t { kBatch, kSegmentEnd, kStop };

class Scanner {
 public:
  Scanner(io::Storage& storage, const ScanOptions& options, const BatchCallback& callback)
      : storage_(storage), options_(options), callback_(callback) {
    if (options.anchor)
      from_sequence_ = options.anchor->sequence + 1;
    else
      from_sequence_ = options.from_sequence;
    anchor_found_ = !options.anchor.has_value();
  }

  Result<ScanResult> run(const std::vector<SegmentFile>& segments);

 private:
  Result<std::size_t> first_segment(const std::vector<SegmentFile>& segments) const;
  Result<void> enter(const SegmentFile& segment, io::File& file, bool first);
  Result<void> check_header(const SegmentFile& segment, const SegmentHeader& header, bool first);
  Result<void> read_segment(io::File& file, bool last);
  Result<Step> step(Window& window, bool last);
  Result<Step> no_batch(Window& window, Invalid reason, bool last);
  Result<void> check_continues(const BatchHeader& header) const;
  Result<Step> take(BatchView& batch);
  Result<void> check_anchor_was_found() const;
  void look_for_anchor();
  [[nodiscard]] BatchHeader expected() const;
  [[nodiscard]] std::unexpected<Error> damage(std::string reason) const;

  io::Storage& storage_;
  const ScanOptions& options_;
  const BatchCallback& callback_;
  std::uint64_t from_sequence_ = 1;
  bool anchor_found_ = true;
  ScanResult result_;
};

std::unexpected<Error> Scanner::damage(std::string reason) const {
  const Position& at = result_.end;
  return std::unexpected(
      Error{ErrorKind::kDamage, std::move(reason), at.path, at.offset, at.next_sequence});
}

BatchHeader Scanner::expected() const {
  BatchHeader header;
  header.market = result_.end.market;
  header.first_sequence = result_.end.next_sequence;
  header.previous_chain = result_.end.chain;
  return header;
}

// A snapshot may stand before or after the idle batch that ends the segment before: with an anchor,
// begin with the segment of the anchor's own record.
Result<std::size_t> Scanner::first_segment(const std::vector<SegmentFile>& segments) const {
  const std::uint64_t wanted =
      options_.anchor ? std::max<std::uint64_t>(options_.anchor->sequence, 1) : from_sequence_;
  const auto after = std::upper_bound(segments.begin(), segments.end(), wanted,
                                      [](std::uint64_t sequence, const auto& segment) {
                                        return sequence < segment.first_sequence;
                                      });
  if (after == segments.begin()) {
    return std::unexpected(Error{ErrorKind::kDamage, "the segments before this one are missing",
                                 segments.front().path, 0, wanted});
  }
  return static_cast<std::size_t>(after - segments.begin()) - 1;
}

Result<void> Scanner::check_header(const SegmentFile& segment, const SegmentHeader& header,
                                   bool first) {
  const auto wrong = [&](std::string reason) {
    return std::unexpected(
        Error{ErrorKind::kDamage, std::move(reason), segment.path, 0, header.first_sequence});
  };
  if (header.length < kMinSegmentBytes || header.length % kBlockBytes != 0) {
    return wrong("the segment tells an impossible length");
  }
  if (options_.market && header.market != *options_.market) {
    return wrong("the segment belongs to another market");
  }
  if (first) {
    const bool genesis = header.first_sequence != 1 || header.chain == genesis_chain(header.market);
    if (!genesis) return wrong("the first segment does not begin the chain of its market");
    return {};
  }
  const Position& end = result_.end;
  if (header.market != end.market || header.partition != end.partition) {
    return wrong("the segment belongs to another market or partition");
  }
  if (header.first_sequence != end.next_sequence) {
    return damage("records are missing: the next segment begins with sequence " +
                  std::to_string(header.first_sequence));
  }
  if (header.chain != end.chain || header.previous_time_ns != end.time_ns) {
    return damage("the next segment does not continue the chain: a batch is missing or changed");
  }
  return {};
}

Result<void> Scanner::enter(const SegmentFile& segment, io::File& file, bool first) {
  const auto header = read_segment_header(file, segment);
  if (!header) return std::unexpected(header.error());
  if (auto good = check_header(segment, *header, first); !good) return good;
  Position& end = result_.end;
  if (first) {
    end.market = header->market;
    end.partition = header->partition;
    end.next_sequence = header->first_sequence;
    end.time_ns = header->previous_time_ns;
    end.chain = header->chain;
    look_for_anchor();
  }
  end.path = segment.path;
  end.segment_length = header->length;
  end.offset = kFirstBatchOffset;
  ++result_.segments;
  return {};
}

void Scanner::look_for_anchor() {
  if (anchor_found_) return;
  anchor_found_ = result_.end.next_sequence == options_.anchor->sequence + 1 &&
                  result_.end.chain == options_.anchor->chain;
}

Result<void> Scanner::check_anchor_was_found() const {
  if (anchor_found_) return {};
  return damage("the snapshot of sequence " + std::to_string(options_.anchor->sequence) +
                " is not in this journal: records are missing or changed");
}

Result<void> Scanner::check_continues(const BatchHeader& header) const {
  const Position& end = result_.end;
  if (header.market != end.market || header.partition != end.partition) {
    return damage("the batch belongs to another market or partition");
  }
  if (header.first_sequence != end.next_sequence) {
    return damage("the batch begins with sequence " + std::to_string(header.first_sequence));
  }
  if (header.previous_chain != end.chain) return damage("the chain of hashes is broken");
  if (header.time_ns < end.time_ns) return damage("time goes backwards");
  if (header.epoch < end.epoch) return damage("the epoch goes backwards");
  return {};
}

Result<Step> Scanner::take(BatchView& batch) {
  Position& end = result_.end;
  if (auto good = check_continues(batch.header); !good) return std::unexpected(good.error());
  const bool idle = batch.header.count == 0;
  const bool wanted = idle ? options_.idle_batches && batch.header.first_sequence >= from_sequence_
                           : batch.header.next_sequence() > from_sequence_;
  if (wanted && !idle) {
    if (auto found = check_anchor_was_found(); !found) return std::unexpected(found.error());
  }
  batch.path = &end.path;
  batch.offset = end.offset;
  end.offset += batch.header.padded_length();
  end.next_sequence = batch.header.next_sequence();
  end.time_ns = batch.header.time_ns;
  end.epoch = batch.header.epoch;
  end.ends_idle = idle;
  end.chain = batch.chain;
  ++result_.batches;
  look_for_anchor();
  if (!wanted) return Step::kBatch;
  result_.records += batch.header.count;
  result_.stopped = !callback_(batch);
  return result_.stopped ? Step::kStop : Step::kBatch;
}

Result<Step> Scanner::no_batch(Window& window, Invalid reason, bool last) {
  Position& end = result_.end;
  auto tail = classify_tail(window, end.offset, expected());
  if (!tail) return std::unexpected(tail.error());
  if (tail->kind == TailKind::kEnd) return Step::kSegmentEnd;
  // A server may be writing here just now: what looks broken is read once more.
  window.forget();
  const auto data = window.view(end.offset, kMaxBatchBytes);
  if (!data) return std::unexpected(data.error());
  if (auto batch = decode_batch(*data)) return take(*batch);
  if (tail->kind == TailKind::kDamage) {
    return damage(std::string(to_text(reason)) + ", and " + tail->reason);
  }
  if (!last) return damage(std::string(to_text(reason)) + ", and another segment follows");
  result_.torn = TornTail{end.path, end.offset, tail->length, end.next_sequence, to_text(reason)};
  return Step::kSegmentEnd;
}

Result<Step> Scanner::step(Window& window, bool last) {
  Position& end = result_.end;
  if (end.offset >= end.segment_length) return Step::kSegmentEnd;
  const auto data = window.view(end.offset, kMaxBatchBytes);
  if (!data && data.error().kind == ErrorKind::kDamage) return damage(data.error().reason);
  if (!data) return std::unexpected(data.error());
  auto batch = decode_batch(*data);
  if (batch) return take(*batch);
  const Invalid reason = batch.error();
  if (reason == Invalid::kVersion) {
    return std::unexpected(
        Error{ErrorKind::kUnsupported, to_text(reason), end.path, end.offset, end.next_sequence});
  }
  // Under a true checksum nothing can be torn.
  if (reason == Invalid::kPadding || reason == Invalid::kRecords) return damage(to_text(reason));
  return no_batch(window, reason, last);
}

Result<void> Scanner::read_segment(io::File& file, bool last) {
  Window window(file, result_.end.segment_length);
  while (true) {
    const auto step_taken = step(window, last);
    if (!step_taken) return std::unexpected(step_taken.error());
    if (*step_taken != Step::kBatch) return {};
  }
}

Result<ScanResult> Scanner::run(const std::vector<SegmentFile>& segments) {
  const auto start = first_segment(segments);
  if (!start) return std::unexpected(start.error());
  for (std::size_t i = *start; i < segments.size() && !result_.stopped; ++i) {
    auto file = open_segment(storage_, segments[i]);
    if (!file) return std::unexpected(file.error());
    if (auto in = enter(segments[i], **file, i == *start); !in) return std::unexpected(in.error());
    const bool last = i + 1 == segments.size();
    if (auto read = read_segment(**file, last); !read) return std::unexpected(read.error());
  }
  if (!result_.stopped) {
    if (auto found = check_anchor_was_found(); !found) return std::unexpected(found.error());
  }
  return std::move(result_);
}

}  // namespace

std::string TornTail::message() const {
  return path + " at byte " + std::to_string(offset) + ": " + std::to_string(length) +
         " bytes of an unacknowledged batch from sequence " + std::to_string(sequence) + " on (" +
         reason + ")";
}

Result<ScanResult> scan(io::Storage& storage, const std::string& directory,
                        const ScanOptions& options, const BatchCallback& callback) {
  const auto segments = list_segments(storage, directory);
  if (!segments) return std::unexpected(segments.error());
  if (!segments->empty()) return Scanner(storage, options, callback).run(*segments);
  if (options.anchor && options.anchor->sequence > 0) {
    return std::unexpected(Error{ErrorKind::kDamage, "there is a snapshot, but no segment",
                                 journal_directory(directory), 0, options.anchor->sequence});
  }
  return ScanResult{};
}

}  // namespace hulan::journal
