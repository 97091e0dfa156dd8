// SPDX-License-Identifier: Apache-2.0
#include "simulation/storage.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/assert.h"
#include "io/aligned_buffer.h"
#include "io/durable_file.h"

namespace hulan::simulation {
namespace {

constexpr std::size_t kSectorBytes = 512;  // what a disk writes whole
constexpr std::int64_t kLongestStallNs = 120'000'000'000;
constexpr std::int64_t kUsualCallNs = 90'000;

std::unexpected<io::Error> missing(const char* operation, const std::string& path) {
  return std::unexpected(io::Error{operation, path, ENOENT});
}

}  // namespace

class SimFile final : public io::File {
 public:
  SimFile(SimStorage& disk, SimStorage::NodePtr node, std::string path, bool durable)
      : disk_(disk), node_(std::move(node)), path_(std::move(path)), durable_(durable) {}

  io::Result<void> write_at(std::uint64_t offset, std::span<const std::uint8_t> data) override {
    if (durable_) {
      HULAN_ASSERT(offset % io::kBlockBytes == 0 && data.size() % io::kBlockBytes == 0);
    }
    return disk_.write(node_, path_, offset, data, durable_);
  }
  io::Result<std::size_t> read_at(std::uint64_t offset, std::span<std::uint8_t> out) override {
    if (auto error = disk_.begin(SimStorage::Call::kRead, "read", path_)) {
      return std::unexpected(*error);
    }
    if (offset >= node_->bytes.size()) return 0;
    const auto length = std::min<std::size_t>(out.size(), node_->bytes.size() - offset);
    std::memcpy(out.data(), node_->bytes.data() + offset, length);
    return length;
  }
  io::Result<std::uint64_t> size() override { return node_->bytes.size(); }
  io::Result<void> sync() override { return disk_.sync(node_, path_); }

 private:
  SimStorage& disk_;
  SimStorage::NodePtr node_;
  std::string path_;
  bool durable_;
};

/// The zeros are there when finish() is called, not before: an end meanwhile leaves a part.
class SimPreparation final : public io::Preparation {
 public:
  SimPreparation(SimStorage& disk, SimStorage::NodePtr node, std::string path, std::uint64_t bytes)
      : disk_(disk), node_(std::move(node)), path_(std::move(path)), bytes_(bytes) {}

  io::Result<void> finish() override {
    const std::vector<std::uint8_t> zeros(bytes_);
    if (node_ == nullptr) return std::unexpected(io::Error{"allocate", path_, ENOSPC});
    if (auto written = disk_.write(node_, path_, 0, zeros, false); !written) return written;
    return disk_.sync(node_, path_);
  }

 private:
  SimStorage& disk_;
  SimStorage::NodePtr node_;  // nullptr: no room
  std::string path_;
  std::uint64_t bytes_;
};

namespace {

class SimLock final : public io::Lock {
 public:
  SimLock(std::set<std::string>& held, std::string path) : held_(held), path_(std::move(path)) {}
  ~SimLock() override { held_.erase(path_); }

 private:
  std::set<std::string>& held_;
  std::string path_;
};

}  // namespace

// --- what goes wrong -----------------------------------------------------------------------------

std::optional<SimStorage::Moment> SimStorage::ends_now() {
  if (paused_ != 0 || !random_.once_in(odds_.end)) return std::nullopt;
  return random_.one_of({Moment::kBefore, Moment::kMiddle, Moment::kAfter});
}

void SimStorage::end() { throw ProcessEnds{}; }

std::optional<io::Error> SimStorage::begin(Call call, const char* operation,
                                           const std::string& path) {
  if (paused_ != 0) return std::nullopt;
  ++calls_;
  clock_.advance(random_.between(kUsualCallNs / 3, kUsualCallNs * 2));
  if (faults_.has(Fault::kSlow) && random_.once_in(odds_.slow)) {
    counts_.add(Fault::kSlow);
    clock_.advance(random_.between(0, kLongestStallNs));
  }
  if (faults_.has(Fault::kFlip) && random_.once_in(odds_.corruption)) flip_somewhere();
  if (!random_.once_in(odds_.error)) return std::nullopt;
  const bool room = call == Call::kWrite || call == Call::kSync || call == Call::kOpen;
  if (faults_.has(Fault::kEnospc) && room && random_.percent(40)) {
    counts_.add(Fault::kEnospc);
    return io::Error{operation, path, ENOSPC};
  }
  if (!faults_.has(Fault::kEio)) return std::nullopt;
  counts_.add(Fault::kEio);
  return io::Error{operation, path, EIO};
}

bool SimStorage::corrupt_write(const NodePtr& node, std::uint64_t offset,
                               std::span<const std::uint8_t> data) {
  if (paused_ != 0 || !random_.once_in(odds_.corruption)) return false;
  const bool lost = faults_.has(Fault::kLost) && random_.percent(50);
  if (!lost && !faults_.has(Fault::kMisdirected)) return false;
  counts_.add(lost ? Fault::kLost : Fault::kMisdirected);
  write_over_corruption(node.get(), offset, data);
  corruptions_.push_back({node, offset, {data.begin(), data.end()}});
  if (lost || node->bytes.size() < data.size()) return true;
  const std::uint64_t blocks = (node->bytes.size() - data.size()) / io::kBlockBytes + 1;
  const std::uint64_t wrong = random_.below(blocks) * io::kBlockBytes;
  if (wrong == offset) {
    corruptions_.pop_back();
    return false;
  }
  const auto* at = node->bytes.data() + wrong;
  corruptions_.push_back({node, wrong, {at, at + data.size()}});
  // Where both places overlap, what should be there is the data.
  for (std::uint64_t i = 0; i < data.size(); ++i) {
    if (wrong + i >= offset && wrong + i < offset + data.size()) {
      corruptions_.back().truth[i] = data[wrong + i - offset];
    }
  }
  std::memcpy(node->bytes.data() + wrong, data.data(), data.size());
  return true;
}

void SimStorage::flip_somewhere() {
  if (names_.empty()) return;
  auto name = names_.begin();
  std::advance(name, static_cast<std::ptrdiff_t>(random_.below(names_.size())));
  Node& node = *name->second;
  if (node.bytes.empty()) return;
  const std::uint64_t offset = random_.below(node.bytes.size());
  corruptions_.push_back({name->second, offset, {node.bytes[offset]}});
  node.bytes[offset] ^= static_cast<std::uint8_t>(1U << random_.below(8));
  counts_.add(Fault::kFlip);
}

void SimStorage::write_over_corruption(const Node* node, std::uint64_t offset,
                                       std::span<const std::uint8_t> data) {
  const std::uint64_t end = offset + data.size();
  std::erase_if(corruptions_, [&](Corruption& c) {
    const std::uint64_t c_end = c.offset + c.truth.size();
    if (c.node.get() != node || c_end <= offset || c.offset >= end) return false;
    if (c.offset >= offset && c_end <= end) return true;
    // Partly written over: that part of the truth is what was written now.
    const std::uint64_t from = std::max(offset, c.offset), to = std::min(end, c_end);
    std::memcpy(c.truth.data() + (from - c.offset), data.data() + (from - offset), to - from);
    return false;
  });
}

std::string SimStorage::path_of(const Node* node) const {
  for (const auto& [path, other] : names_) {
    if (other.get() == node) return path;
  }
  return {};
}

bool SimStorage::corrupted_from(const std::string& path, std::uint64_t offset) const {
  return std::any_of(corruptions_.begin(), corruptions_.end(), [&](const Corruption& c) {
    const std::string where = path_of(c.node.get());
    return where > path || (where == path && c.offset + c.truth.size() > offset);
  });
}

void SimStorage::repair() {
  // Newest first: where places overlap, a later truth was taken from what an earlier one spoiled.
  for (auto c = corruptions_.rbegin(); c != corruptions_.rend(); ++c) {
    if (c->offset + c->truth.size() > c->node->bytes.size()) continue;
    std::copy(c->truth.begin(), c->truth.end(),
              c->node->bytes.begin() + static_cast<std::ptrdiff_t>(c->offset));
  }
  corruptions_.clear();
}

void SimStorage::lose_power() {
  for (auto& [path, node] : names_) {
    while (!node->unsynced.empty()) {
      const Undo& undo = node->unsynced.back();
      if (random_.percent(50)) {
        std::copy(undo.before.begin(), undo.before.end(),
                  node->bytes.begin() + static_cast<std::ptrdiff_t>(undo.offset));
        if (undo.size_before < node->bytes.size() && random_.percent(50)) {
          node->bytes.resize(undo.size_before);
        }
      }
      node->unsynced.pop_back();
    }
  }
  // Names change in order, so that a part from the front survives.
  const std::uint64_t kept = random_.below(unsynced_names_.size() + 1);
  while (unsynced_names_.size() > kept) {
    const NameChange& change = unsynced_names_.back();
    for (const auto& [path, node] : change.before) set_name(path, node);
    unsynced_names_.pop_back();
  }
  unsynced_names_.clear();
  locks_.clear();
}

// --- contents ------------------------------------------------------------------------------------

void SimStorage::put(Node& node, std::uint64_t offset, std::span<const std::uint8_t> data,
                     bool durable) {
  const std::uint64_t size_before = node.bytes.size();
  if (node.bytes.size() < offset + data.size()) node.bytes.resize(offset + data.size());
  auto* at = node.bytes.data() + offset;
  if (!durable) node.unsynced.push_back({offset, {at, at + data.size()}, size_before});
  std::memcpy(at, data.data(), data.size());
  write_over_corruption(&node, offset, data);
}

void SimStorage::put_in_pieces(Node& node, std::uint64_t offset,
                               std::span<const std::uint8_t> data, bool durable) {
  const bool any = faults_.has(Fault::kTorn);
  if (any) counts_.add(Fault::kTorn);
  const std::size_t whole = any ? 0 : random_.below(data.size() / kSectorBytes + 1) * kSectorBytes;
  for (std::size_t at = 0; at < data.size(); at += kSectorBytes) {
    const auto piece = data.subspan(at, std::min(kSectorBytes, data.size() - at));
    if (any ? random_.percent(50) : at < whole) put(node, offset + at, piece, durable);
  }
}

io::Result<void> SimStorage::write(const NodePtr& node, const std::string& path,
                                   std::uint64_t offset, std::span<const std::uint8_t> data,
                                   bool durable) {
  const auto ends = ends_now();
  if (ends == Moment::kBefore) end();
  if (ends == Moment::kMiddle) {
    put_in_pieces(*node, offset, data, durable);
    end();
  }
  if (auto error = begin(Call::kWrite, "write", path)) {
    if (faults_.has(Fault::kShort) && random_.percent(50)) {
      counts_.add(Fault::kShort);
      put_in_pieces(*node, offset, data, durable);
    }
    return std::unexpected(*error);
  }
  if (!durable || !corrupt_write(node, offset, data)) put(*node, offset, data, durable);
  if (ends == Moment::kAfter) end();
  return {};
}

io::Result<void> SimStorage::sync(const NodePtr& node, const std::string& path) {
  const auto ends = ends_now();
  if (ends && *ends != Moment::kAfter) end();
  if (auto error = begin(Call::kSync, "sync", path)) return std::unexpected(*error);
  node->unsynced.clear();
  if (ends) end();
  return {};
}

// --- names ---------------------------------------------------------------------------------------

SimStorage::NodePtr SimStorage::find(const std::string& path) const {
  const auto found = names_.find(path);
  return found == names_.end() ? nullptr : found->second;
}

void SimStorage::set_name(const std::string& path, NodePtr node) {
  if (node == nullptr) {
    names_.erase(path);
  } else {
    names_[path] = std::move(node);
  }
}

io::Result<std::unique_ptr<io::File>> SimStorage::open(const std::string& path, io::OpenMode mode) {
  const auto ends = ends_now();
  if (ends && *ends != Moment::kAfter) end();
  if (auto error = begin(Call::kOpen, "open", path)) return std::unexpected(*error);
  NodePtr node = find(path);
  if (mode == io::OpenMode::kCreate) {
    unsynced_names_.push_back({io::directory_of(path), {{path, node}}});
    node = std::make_shared<Node>();
    set_name(path, node);
  }
  if (node == nullptr) return missing("open", path);
  if (ends) end();
  return std::make_unique<SimFile>(*this, node, path, mode == io::OpenMode::kDurable);
}

std::unique_ptr<io::Preparation> SimStorage::prepare_zeroed(const std::string& path,
                                                            std::uint64_t bytes) {
  if (paused_ == 0 && faults_.has(Fault::kFull) && random_.once_in(odds_.full)) {
    full_ = true;
    counts_.add(Fault::kFull);
  }
  if (full_) return std::make_unique<SimPreparation>(*this, nullptr, path, bytes);
  unsynced_names_.push_back({io::directory_of(path), {{path, find(path)}}});
  auto node = std::make_shared<Node>();
  set_name(path, node);
  return std::make_unique<SimPreparation>(*this, node, path, bytes);
}

io::Result<void> SimStorage::rename(const std::string& from, const std::string& to) {
  const auto ends = ends_now();
  if (ends && *ends != Moment::kAfter) end();
  if (auto error = begin(Call::kName, "rename", from)) return std::unexpected(*error);
  NodePtr node = find(from);
  if (node == nullptr) return missing("rename", from);
  unsynced_names_.push_back({io::directory_of(to), {{from, node}, {to, find(to)}}});
  names_.erase(from);
  set_name(to, std::move(node));
  if (ends) end();
  return {};
}

io::Result<void> SimStorage::remove(const std::string& path) {
  const auto ends = ends_now();
  if (ends && *ends != Moment::kAfter) end();
  if (auto error = begin(Call::kName, "remove", path)) return std::unexpected(*error);
  NodePtr node = find(path);
  if (node == nullptr) return missing("remove", path);
  std::erase_if(corruptions_, [&](const Corruption& c) { return c.node == node; });
  unsynced_names_.push_back({io::directory_of(path), {{path, node}}});
  names_.erase(path);
  if (ends) end();
  return {};
}

io::Result<std::vector<std::string>> SimStorage::list(const std::string& directory) {
  if (auto error = begin(Call::kRead, "list", directory)) return std::unexpected(*error);
  if (!directories_.contains(directory)) return missing("list", directory);
  const std::string prefix = directory + "/";
  std::vector<std::string> found;
  for (const auto& [path, node] : names_) {
    if (path.starts_with(prefix) && path.find('/', prefix.size()) == std::string::npos) {
      found.push_back(path.substr(prefix.size()));
    }
  }
  return found;
}

io::Result<void> SimStorage::make_directory(const std::string& directory) {
  if (auto error = begin(Call::kOpen, "make directory", directory)) {
    return std::unexpected(*error);
  }
  for (std::string path = directory; path != "." && !path.empty(); path = io::directory_of(path)) {
    directories_.insert(path);
    if (path == io::directory_of(path)) break;
  }
  return {};
}

io::Result<void> SimStorage::sync_directory(const std::string& directory) {
  const auto ends = ends_now();
  if (ends && *ends != Moment::kAfter) end();
  if (auto error = begin(Call::kSync, "sync directory", directory)) return std::unexpected(*error);
  std::erase_if(unsynced_names_,
                [&](const NameChange& change) { return change.directory == directory; });
  if (ends) end();
  return {};
}

io::Result<std::unique_ptr<io::Lock>> SimStorage::lock(const std::string& path) {
  if (auto error = begin(Call::kOpen, "lock", path)) return std::unexpected(*error);
  if (!locks_.insert(path).second) {
    return std::unexpected(io::Error{"lock", path, EWOULDBLOCK});
  }
  return std::make_unique<SimLock>(locks_, path);
}

}  // namespace hulan::simulation
