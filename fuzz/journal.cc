// SPDX-License-Identifier: Apache-2.0
// The reader of segments: a true journal of two segments with bytes changed anywhere. What it gives
// is always a beginning of what was written, record by record; never anything else.
#include "base/bytes.h"
#include "base/crc32c.h"
#include "fuzz/fuzz.h"
#include "journal/batch.h"
#include "journal/reader.h"
#include "journal/segment.h"

namespace hulan::fuzz {
namespace {

using namespace journal;

constexpr MarketId kMarket{7, 7, 7};

struct Journal {
  MemoryStorage storage;
  std::vector<std::string> segments;
  std::vector<std::pair<std::size_t, std::uint64_t>> batches;  // segment and offset
  std::vector<std::vector<std::uint8_t>> records;
};

void add_segment(Journal& out, std::uint64_t first, const Sha256& chain, std::int64_t time_ns) {
  SegmentHeader header{0, first, kMinSegmentBytes, time_ns, kMarket, chain};
  const std::string path = journal_directory("m") + "/" + numbered_name(first, ".journal");
  auto& file = out.storage.files[path];
  file.resize(kMinSegmentBytes);
  encode_segment_header(header, std::span(file).first(kBlockBytes));
  out.segments.push_back(path);
}

Sha256 add_batch(Journal& out, std::uint64_t& offset, BatchHeader header) {
  std::vector<std::uint8_t> body;
  for (std::uint32_t i = 0; i < header.count; ++i) {
    std::vector<std::uint8_t> record(kRecordHeaderBytes + 12, static_cast<std::uint8_t>(i + 1));
    store_le(record.data() + 2, std::uint16_t{12});
    store_le(record.data() + 4, header.first_sequence + i);
    body.insert(body.end(), record.begin(), record.end());
    out.records.push_back(record);
  }
  header.body_length = static_cast<std::uint32_t>(body.size());
  header.market = kMarket;
  auto& file = out.storage.files[out.segments.back()];
  out.batches.emplace_back(out.segments.size() - 1, offset);
  const Sha256 chain = encode_batch(header, body, std::span(file).subspan(offset));
  offset += header.padded_length();
  return chain;
}

/// Two segments of four batches of three records; the first ends with an idle batch.
Journal make_journal() {
  Journal made;
  Sha256 chain = genesis_chain(kMarket);
  std::uint64_t sequence = 1;
  std::int64_t time_ns = 100;
  for (int segment = 0; segment < 2; ++segment) {
    add_segment(made, sequence, chain, segment == 0 ? 0 : time_ns);
    std::uint64_t offset = kFirstBatchOffset;
    for (std::uint32_t batch = 0; batch < 5; ++batch) {
      BatchHeader header;
      header.count = batch < 4 ? 3 : 0;
      if (segment == 1 && header.count == 0) break;
      header.first_sequence = sequence;
      header.epoch = 1;
      header.time_ns = ++time_ns;
      header.previous_chain = chain;
      chain = add_batch(made, offset, header);
      sequence += header.count;
    }
  }
  return made;
}

/// Gives a batch that was changed its true checksum again, so that what lies behind it is reached.
void seal(std::vector<std::uint8_t>& file, std::uint64_t offset) {
  static constexpr std::array<std::uint8_t, 4> kZero{};
  const Bytes data = Bytes(file).subspan(offset);
  const auto length = kBatchHeaderBytes + load_le<std::uint32_t>(data.data() + 12);
  if (length > data.size()) return;
  const auto sum = crc32c(data.first(length).subspan(12), crc32c(kZero, crc32c(data.first(8))));
  store_le(file.data() + offset + 8, sum);
}

bool change(Input& input, Journal& now) {
  bool sealed = false;
  while (!input.empty()) {
    const auto& [segment, offset] = now.batches[input.below(8)];
    auto& file = now.storage.files[now.segments[segment]];
    const std::uint8_t how = input.number<std::uint8_t>();
    const std::uint64_t base = how % 8 == 7 ? 0 : offset;
    const std::uint64_t at = base + input.below(how % 8 == 6 ? 9000 : 300);
    const Bytes bytes = input.bytes(how / 16 % 16);
    if (how % 8 == 5) file.resize(input.number<std::uint32_t>() % (2 * kMinSegmentBytes));
    if (at + bytes.size() > file.size() || offset + kBatchHeaderBytes > file.size()) continue;
    std::copy(bytes.begin(), bytes.end(), file.begin() + static_cast<std::ptrdiff_t>(at));
    if (how % 8 >= 4) continue;
    seal(file, offset);
    sealed = true;
  }
  return sealed;
}

}  // namespace
}  // namespace hulan::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hulan::fuzz;
  static const Journal kTrue = make_journal();
  Journal now = kTrue;
  Input input(data, size);
  const bool forged = change(input, now);
  std::size_t seen = 0;
  const auto result = scan(now.storage, "m", {}, [&](const BatchView& batch) {
    for (const RecordView& record : batch.records()) {
      // Whoever can compute a checksum can write a journal; only accidents must not pass.
      HULAN_ASSERT(forged || (seen < kTrue.records.size() && record.sequence == seen + 1 &&
                              std::ranges::equal(record.bytes, kTrue.records[seen])));
      ++seen;
    }
    return true;
  });
  HULAN_ASSERT(size > 0 || (result && seen == kTrue.records.size()));
  HULAN_ASSERT(!result || forged || result->torn || seen == kTrue.records.size() ||
               result->segments < 2 || result->records == seen);
  HULAN_ASSERT(result || !result.error().message().empty());
  return 0;
}
