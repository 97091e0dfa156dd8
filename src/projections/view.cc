// SPDX-License-Identifier: Apache-2.0
// Opening, feeding and saving. What a snapshot needs is written before the names of older ones go.
#include "projections/view.h"

#include "base/assert.h"
#include "io/durable_file.h"
#include "projections/view_file.h"

namespace hulan::projections {
namespace {

constexpr std::size_t kKeptViews = 2;

std::string view_directory(const std::string& directory) { return directory + "/view"; }

// Views of a later sequence would name records that are about to be cut off.
io::Result<void> forget_views_after(io::Storage& storage, const std::string& directory,
                                    model::Sequence sequence) {
  const auto views = list_view_files(storage, directory);
  if (!views) return std::unexpected(views.error());
  for (const model::Sequence later : *views) {
    if (later <= sequence) break;
    if (auto removed = storage.remove(view_path(directory, later)); !removed) return removed;
  }
  return storage.sync_directory(directory);
}

}  // namespace

io::Result<std::vector<model::Sequence>> View::available(io::Storage& storage,
                                                         const std::string& directory) {
  const std::string views = view_directory(directory);
  const auto names = list_view_files(storage, views);
  if (!names) return std::unexpected(names.error());
  std::vector<model::Sequence> valid;
  for (const model::Sequence sequence : *names) {
    const auto view = read_view(storage, view_path(views, sequence));
    if (view && view->sequence == sequence && histories_hold(storage, views, view->counts)) {
      valid.push_back(sequence);
    }
  }
  return valid;
}

io::Result<std::unique_ptr<View>> View::open(io::Storage& storage, const std::string& directory,
                                             model::Sequence sequence) {
  const std::string views = view_directory(directory);
  if (auto made = storage.make_directory(views); !made) return std::unexpected(made.error());
  ViewFile file;
  if (sequence != 0) {
    auto read = read_view(storage, view_path(views, sequence));
    if (!read) return std::unexpected(read.error());
    file = std::move(*read);
  }
  if (auto done = forget_views_after(storage, views, sequence); !done) {
    return std::unexpected(done.error());
  }
  auto histories = open_histories(views, file.counts);
  if (!histories) return std::unexpected(histories.error());
  auto parts = std::make_unique<Parts>(storage, views, std::move(*histories));
  parts->heads = std::move(file.heads);
  parts->opened_at = sequence;
  parts->sequence = sequence;
  return std::unique_ptr<View>(new View(std::move(parts)));
}

View::View(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
View::~View() = default;

void View::begin_describe() {
  HULAN_ASSERT(!parts_->describing && parts_->sequence == parts_->opened_at);
  parts_->describing = true;
}

void View::end_describe() {
  HULAN_ASSERT(parts_->describing);
  parts_->describing = false;
  parts_->rebuild_aliases();
}

void View::apply(std::span<const std::uint8_t> events) {
  HULAN_ASSERT(reinterpret_cast<std::uintptr_t>(events.data()) % 16 == 0);
  while (!events.empty()) {
    HULAN_ASSERT(events.size() >= sizeof(model::EventHeader));
    const auto& header = *reinterpret_cast<const model::EventHeader*>(events.data());
    HULAN_ASSERT(header.size >= sizeof header && header.size % 16 == 0 &&
                 header.size <= events.size());
    parts_->apply_one(header);
    events = events.subspan(header.size);
  }
}

void View::set_listener(ChangeListener* listener) { parts_->listener = listener; }
model::Sequence View::sequence() const { return parts_->sequence; }
model::Time View::now() const { return parts_->now; }

void View::finish_saving() { parts_->finish_saving(); }

void View::Parts::finish_saving() {
  if (saver.joinable()) saver.join();
}

// What takes long, syncing and writing, waits for nobody: the histories only grow, and the heads'
// pages are shared until they change.
void View::Parts::on(const model::SnapshotTaken& event) {
  HULAN_ASSERT(event.sequence >= sequence);
  sequence = event.sequence;
  finish_saving();
  saver = std::thread([this, at = sequence, counts = counts_of(histories), of = heads.share()] {
    must(sync_histories(histories));
    must(io::write_file_durably(storage, view_path(directory, at), encode_view(at, counts, of)));
    const auto views = list_view_files(storage, directory);
    if (!views) return;
    for (std::size_t i = kKeptViews; i < views->size(); ++i) {
      (void)storage.remove(view_path(directory, (*views)[i]));  // a leftover file does no harm
    }
  });
}

}  // namespace hulan::projections
