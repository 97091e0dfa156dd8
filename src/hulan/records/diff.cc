// SPDX-License-Identifier: Apache-2.0
// hulan diff: where two folders' logs part, and what they agree on before.
#include <fmt/format.h>

#include <cstdio>
#include <deque>
#include <memory>
#include <vector>

#include "hulan/commands/progress.h"
#include "hulan/commands/record_text.h"
#include "hulan/commands/session.h"
#include "hulan/records/commands.h"
#include "io/linux/system.h"
#include "runtime/replay.h"

namespace hulan::app {
namespace {

/// A record that outlives its batch.
struct Kept {
  std::int64_t time_ns;
  std::vector<std::uint8_t> bytes;
  friend bool operator==(const Kept& a, const Kept& b) {
    return a.time_ns == b.time_ns && a.bytes == b.bytes;
  }
};

/// One log, read a piece at a time and folded as far as the two agree.
class Side {
 public:
  Side(std::string_view field, std::string directory)
      : directory_(std::move(directory)), end_(journal_end(field, directory_)) {}

  /// Reads on until there are records to compare, or the log ends.
  void refill() {
    if (!records_.empty() || next_ > end_) return;
    std::size_t bytes = 0;
    journal::ScanOptions options;
    options.from_sequence = next_;
    const auto scanned = journal::scan(io::system_storage(), directory_, options,
                                       [&](const journal::BatchView& batch) {
                                         for (const journal::RecordView record : batch.records()) {
                                           if (record.sequence < next_ || record.sequence > end_)
                                             continue;
                                           keep(record);
                                           bytes += record.bytes.size();
                                         }
                                         return bytes < kPieceBytes && next_ <= end_;
                                       });
    if (!scanned) fail_with(scanned.error());
    market_ = scanned->end.market;
    chain_ = scanned->end.chain;
  }

  [[nodiscard]] bool done() const { return records_.empty() && next_ > end_; }
  [[nodiscard]] const Kept& front() const { return records_.front(); }
  void pop() { records_.pop_front(); }
  [[nodiscard]] model::Sequence end() const { return end_; }
  [[nodiscard]] const std::string& directory() const { return directory_; }
  [[nodiscard]] const journal::MarketId& market() const { return market_; }
  [[nodiscard]] const Sha256& chain() const { return chain_; }

  /// Text of the record to be compared, as `hulan log` prints it.
  [[nodiscard]] std::string text(model::Sequence sequence) const {
    std::string out;
    const Kept& kept = records_.front();
    const std::span<const std::uint8_t> bytes(kept.bytes);
    const journal::Records one(sequence, kept.time_ns, bytes);
    append_record_text(out, *one.begin());
    return out;
  }

  /// Folds to the sequence and gives the hash; sequences must not go down.
  std::string state_hash(model::Sequence sequence) {
    runtime::ReplayOptions options;
    options.scan.from_sequence = engine_->sequence() + 1;
    options.until = sequence;
    Progress progress("replay", sequence);
    options.progress = [&](model::Sequence at, model::Time) { progress.show(at); };
    const auto scanned = runtime::replay(io::system_storage(), directory_, *engine_, options);
    if (!scanned) fail_with(scanned.error());
    return to_hex(engine_->state_hash());
  }

 private:
  static constexpr std::size_t kPieceBytes = 64 << 20;

  void keep(const journal::RecordView& record) {
    records_.push_back({record.time_ns, {record.bytes.begin(), record.bytes.end()}});
    ++next_;
  }

  std::string directory_;
  model::Sequence end_;
  model::Sequence next_ = 1;
  std::deque<Kept> records_;
  journal::MarketId market_{};
  Sha256 chain_{};
  std::unique_ptr<engine::Engine> engine_ = std::make_unique<engine::Engine>();
};

/// How many records the two begin with alike.
model::Sequence common_records(Side& a, Side& b) {
  Progress progress("diff", std::min(a.end(), b.end()));
  model::Sequence common = 0;
  for (;;) {
    a.refill();
    b.refill();
    if (a.done() || b.done() || a.front() != b.front()) return common;
    a.pop();
    b.pop();
    progress.show(++common);
  }
}

void print_states(Side& side, std::string_view name, model::Sequence common) {
  const std::string at_common = side.state_hash(common);
  const std::string at_end = side.state_hash(side.end());
  fmt::print("{} {}: state_hash {} at {}, {} at its end {}\n", name, side.directory(), at_common,
             common, at_end, side.end());
}

}  // namespace

int run_diff(const std::string& first, const std::string& second) {
  Side a("A", first), b("B", second);
  const model::Sequence common = common_records(a, b);
  const bool whole_a = a.done(), whole_b = b.done();
  if (whole_a && whole_b) {
    const bool same_chain = a.chain() == b.chain() && a.market() == b.market();
    fmt::print("same: {} records, {}\n", common,
               same_chain ? fmt::format("chain {}", to_hex(a.chain()))
                          : "but their batches, salts or market id differ: chains " +
                                to_hex(a.chain()) + " and " + to_hex(b.chain()));
    return same_chain ? 0 : 1;
  }
  if (whole_a || whole_b) {
    Side& longer = whole_a ? b : a;
    fmt::print("prefix: the {} records of {} are how {} begins, which goes on to {}\n", common,
               (whole_a ? a : b).directory(), longer.directory(), longer.end());
    fmt::print("next: {}\n", longer.text(common + 1));
  } else {
    fmt::print("differ: at sequence {}\nA: {}\nB: {}\n", common + 1, a.text(common + 1),
               b.text(common + 1));
  }
  print_states(a, "A", common);
  print_states(b, "B", common);
  return 1;
}

}  // namespace hulan::app
