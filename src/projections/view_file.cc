// SPDX-License-Identifier: Apache-2.0
#include "projections/view_file.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdio>

#include "base/sha256.h"
#include "io/durable_file.h"

namespace hulan::projections {
namespace {

constexpr std::array<std::uint8_t, 8> kMagic{'H', 'U', 'L', 'A', 'N', 'V', 'W', kViewVersion};
constexpr std::array<const char*, kHistories> kNames{"postings", "operator", "bids",     "trades",
                                                     "lines",    "timeline", "closings", "bank"};
constexpr std::array<std::size_t, kHistories> kSizes{
    sizeof(PostingRecord), sizeof(OperatorRecord),      sizeof(BidRecord),
    sizeof(TradeRecord),   sizeof(LineRecord),          sizeof(StateRecord),
    sizeof(ClosingRecord), sizeof(ReconciliationRecord)};

class Writer {
 public:
  template <class T>
  void put(const T& value) {
    static_assert(std::is_trivially_copyable_v<T>);
    const auto* from = reinterpret_cast<const std::uint8_t*>(&value);
    bytes_.insert(bytes_.end(), from, from + sizeof value);
  }
  template <class T>
  void put_table(const SharedTable<T>& table) {
    put<std::uint64_t>(table.size());
    bytes_.reserve(bytes_.size() + table.size() * sizeof(T));
    for (std::uint64_t id = 0; id < table.size(); ++id) put(*table.find(id));
  }
  std::vector<std::uint8_t> finish() {
    put(sha256(std::span<const std::uint8_t>(bytes_)));
    return std::move(bytes_);
  }

 private:
  std::vector<std::uint8_t> bytes_;
};

class Reader {
 public:
  explicit Reader(std::span<const std::uint8_t> bytes) : rest_(bytes) {}
  template <class T>
  bool get(T& value) {
    if (rest_.size() < sizeof value) return false;
    std::memcpy(&value, rest_.data(), sizeof value);
    rest_ = rest_.subspan(sizeof value);
    return true;
  }
  template <class T>
  bool get_table(SharedTable<T>& table) {
    std::uint64_t count = 0;
    if (!get(count) || count > rest_.size() / sizeof(T)) return false;
    for (std::uint64_t id = 0; id < count; ++id) {
      if (!get(table.touch(id))) return false;
    }
    return true;
  }
  [[nodiscard]] bool at_end() const { return rest_.empty(); }

 private:
  std::span<const std::uint8_t> rest_;
};

bool get_day_trades(Reader& reader, Heads& heads) {
  std::uint64_t count = 0;
  if (!reader.get(count)) return false;
  for (std::uint64_t i = 0; i < count; ++i) {
    TradeDayHead head{};
    if (!reader.get(head)) return false;
    heads.day_trades[trade_day_key(head.product, head.day)] = head.trade;
  }
  return true;
}

bool decode(std::span<const std::uint8_t> bytes, ViewFile& out) {
  Sha256 expected;
  if (bytes.size() < kMagic.size() + expected.size()) return false;
  const auto content = bytes.first(bytes.size() - expected.size());
  std::memcpy(expected.data(), bytes.data() + content.size(), expected.size());
  if (sha256(content) != expected) return false;
  Reader reader(content);
  std::array<std::uint8_t, 8> magic{};
  return reader.get(magic) && magic == kMagic && reader.get(out.sequence) &&
         reader.get(out.counts) && reader.get(out.heads.operators) && reader.get(out.heads.bank) &&
         reader.get_table(out.heads.accounts) && reader.get_table(out.heads.lots) &&
         reader.get_table(out.heads.contracts) && reader.get_table(out.heads.product_trades) &&
         get_day_trades(reader, out.heads) && reader.at_end();
}

}  // namespace

std::string view_path(const std::string& view_directory, model::Sequence sequence) {
  std::array<char, 32> name{};
  std::snprintf(name.data(), name.size(), "/%020llu.view",
                static_cast<unsigned long long>(sequence));
  return view_directory + name.data();
}

std::string history_path(const std::string& view_directory, std::size_t which) {
  return view_directory + "/" + kNames[which] + ".history";
}

io::Result<std::vector<model::Sequence>> list_view_files(io::Storage& storage,
                                                         const std::string& view_directory) {
  const auto names = storage.list(view_directory);
  if (!names) {
    if (names.error().code == ENOENT) return std::vector<model::Sequence>{};
    return std::unexpected(names.error());
  }
  std::vector<model::Sequence> found;
  for (const std::string& name : *names) {
    if (name.size() != 25 || !name.ends_with(".view")) continue;
    model::Sequence sequence = 0;
    const auto [end, code] = std::from_chars(name.data(), name.data() + 20, sequence);
    if (code == std::errc{} && end == name.data() + 20) found.push_back(sequence);
  }
  std::sort(found.rbegin(), found.rend());
  return found;
}

std::vector<std::uint8_t> encode_view(model::Sequence sequence, const HistoryCounts& counts,
                                      const Heads& heads) {
  Writer writer;
  writer.put(kMagic);
  writer.put(sequence);
  writer.put(counts);
  writer.put(heads.operators);
  writer.put(heads.bank);
  writer.put_table(heads.accounts);
  writer.put_table(heads.lots);
  writer.put_table(heads.contracts);
  writer.put_table(heads.product_trades);
  writer.put<std::uint64_t>(heads.day_trades.size());
  for (const auto& [key, trade] : heads.day_trades) {
    writer.put(TradeDayHead{static_cast<model::ProductId>(key >> 32),
                            static_cast<std::uint32_t>(key), trade});
  }
  return writer.finish();
}

io::Result<ViewFile> read_view(io::Storage& storage, const std::string& path) {
  const auto bytes = io::read_file(storage, path);
  if (!bytes) return std::unexpected(bytes.error());
  io::Result<ViewFile> view{std::in_place};
  if (!decode(*bytes, *view)) return std::unexpected(io::Error{"read view", path, EBADMSG});
  return view;
}

bool histories_hold(io::Storage& storage, const std::string& view_directory,
                    const HistoryCounts& counts) {
  for (std::size_t i = 0; i < kHistories; ++i) {
    auto file = storage.open(history_path(view_directory, i), io::OpenMode::kRead);
    if (!file) return false;
    const auto size = (*file)->size();
    if (!size || *size / kSizes[i] < counts[i]) return false;
  }
  return true;
}

io::Result<Histories> open_histories(const std::string& view_directory,
                                     const HistoryCounts& counts) {
  io::Result<void> all;
  std::size_t which = 0;
  const auto open = [&]<class Record>(std::optional<History<Record>>& out) {
    if (!all) return;
    auto opened = History<Record>::open(history_path(view_directory, which), counts[which]);
    ++which;
    if (opened) {
      out.emplace(std::move(*opened));
    } else {
      all = std::unexpected(opened.error());
    }
  };
  std::optional<History<PostingRecord>> postings;
  std::optional<History<OperatorRecord>> operators;
  std::optional<History<BidRecord>> bids;
  std::optional<History<TradeRecord>> trades;
  std::optional<History<LineRecord>> lines;
  std::optional<History<StateRecord>> timeline;
  std::optional<History<ClosingRecord>> closings;
  std::optional<History<ReconciliationRecord>> bank;
  open(postings);
  open(operators);
  open(bids);
  open(trades);
  open(lines);
  open(timeline);
  open(closings);
  open(bank);
  if (!all) return std::unexpected(all.error());
  return Histories{std::move(*postings), std::move(*operators), std::move(*bids),
                   std::move(*trades),   std::move(*lines),     std::move(*timeline),
                   std::move(*closings), std::move(*bank)};
}

HistoryCounts counts_of(const Histories& h) {
  return {h.postings.count(), h.operators.count(), h.bids.count(),     h.trades.count(),
          h.lines.count(),    h.timeline.count(),  h.closings.count(), h.bank.count()};
}

io::Result<void> sync_histories(Histories& h) {
  io::Result<void> done;
  const auto sync = [&](auto& history) {
    if (done) done = history.sync();
  };
  sync(h.postings);
  sync(h.operators);
  sync(h.bids);
  sync(h.trades);
  sync(h.lines);
  sync(h.timeline);
  sync(h.closings);
  sync(h.bank);
  return done;
}

}  // namespace hulan::projections
