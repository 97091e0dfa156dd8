// SPDX-License-Identifier: Apache-2.0
#include "engine/lot/tags.h"

#include <array>

#include "engine/lot/lots.h"
#include "model/region.h"

namespace hulan::engine {
namespace {

using model::Reject;
using model::TagRange;
using model::TagRangeRow;
using Node = std::uint32_t;

constexpr std::uint64_t kSerials = 100'000'000;
constexpr std::uint64_t kCounties = 1'000'000;
constexpr std::uint64_t kSpeciesHog = 1;

std::uint64_t last_of(const TagRange& range) { return range.first + range.count - 1; }
std::uint64_t last_of(const TagRangeRow& row) { return row.first + row.count - 1; }

bool overlap(const TagRange& a, const TagRange& b) {
  return a.first <= last_of(b) && b.first <= last_of(a);
}

std::uint64_t priority(Node node) { return spread(node); }

/// The animals left this lot again: what was sold came back only if its one contract failed.
bool frees_tags(const State& state, model::LotId id) {
  const auto& lot = state.lots[id];
  switch (lot.state) {
    case model::LotState::kUnsold:
    case model::LotState::kExpired:
    case model::LotState::kWithdrawn:
      return lot.contracts == 0;
    case model::LotState::kSold: {
      if (lot.contracts != 1) return false;
      const auto ended = state.contracts[lot.last_contract].state;
      return ended == model::ContractState::kCancelled ||
             ended == model::ContractState::kDefaulted || ended == model::ContractState::kBusted;
    }
    default:
      return false;
  }
}

/// Calls visit(node) for each range of the tree that overlaps `range`, until it returns false.
template <class Visit>
bool visit_overlaps(const State& state, Node node, const TagRange& range, Visit visit) {
  if (node == 0) return true;
  const TagRangeRow& row = state.tags[node];
  const bool below = last_of(row) < range.first;
  const bool above = row.first > last_of(range);
  if (!below && !visit_overlaps(state, row.left, range, visit)) return false;
  if (!below && !above && !visit(node)) return false;
  return above || visit_overlaps(state, row.right, range, visit);
}

/// Two trees, the first wholly below the second, as one.
Node merge(State& state, Node low, Node high) {
  if (low == 0 || high == 0) return low + high;
  if (priority(low) > priority(high)) {
    const Node right = merge(state, state.tags[low].right, high);
    state.tags.edit(low).right = right;
    return low;
  }
  const Node left = merge(state, low, state.tags[high].left);
  state.tags.edit(high).left = left;
  return high;
}

struct Halves {
  Node low;
  Node high;
};

/// Splits into ranges that begin below `first` and the others.
Halves split(State& state, Node node, std::uint64_t first) {
  if (node == 0) return {0, 0};
  if (state.tags[node].first < first) {
    const Halves rest = split(state, state.tags[node].right, first);
    state.tags.edit(node).right = rest.low;
    return {node, rest.high};
  }
  const Halves rest = split(state, state.tags[node].left, first);
  state.tags.edit(node).left = rest.high;
  return {rest.low, node};
}

void insert(State& state, Node node) {
  const Halves halves = split(state, state.roots[1].tags, state.tags[node].first);
  state.roots.edit(1).tags = merge(state, merge(state, halves.low, node), halves.high);
}

void erase(State& state, Node node) {
  const std::uint64_t first = state.tags[node].first;
  const Halves low = split(state, state.roots[1].tags, first);
  const Halves high = split(state, low.high, first + 1);
  HULAN_ASSERT(high.low == node);
  state.roots.edit(1).tags = merge(state, low.low, high.high);
}

/// The lot on which a tag of the range stands; 0 = none.
model::LotId holder_of(const State& state, const TagRange& range) {
  model::LotId holder = 0;
  visit_overlaps(state, state.roots[1].tags, range, [&](Node node) {
    if (frees_tags(state, state.tags[node].lot)) return true;
    holder = state.tags[node].lot;
    return false;
  });
  return holder;
}

void erase_overlaps(State& state, const TagRange& range) {
  for (;;) {
    Node found = 0;
    visit_overlaps(state, state.roots[1].tags, range, [&](Node node) {
      found = node;
      return false;
    });
    if (found == 0) return;
    erase(state, found);
  }
}

using Ranges = std::array<TagRange, model::kMaxTagRangesPerCommand>;

Reject check_ranges(Context& context, std::span<const TagRange> ranges) {
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    if (!is_tag_range(ranges[i])) return Reject::bad_tag;
    for (std::size_t j = 0; j < i; ++j) {
      if (overlap(ranges[i], ranges[j])) return Reject::tag_in_use;
    }
    if (const model::LotId holder = holder_of(context.state, ranges[i]); holder != 0) {
      context.detail = holder;
      return Reject::tag_in_use;
    }
  }
  return Reject::ok;
}

void add_range(Context& context, model::LotId lot_id, const TagRange& range) {
  State& state = context.state;
  erase_overlaps(state, range);
  auto& lot = state.lots.edit(lot_id);
  const Node node = state.tags.add();
  auto& row = state.tags.edit(node);
  row = {range.first, range.count, lot_id, lot.first_tags, 0, 0, 0};
  context.emit_row<model::TagsAdded>(node, row);
  lot.first_tags = node;
  lot.tag_count += range.count;
  insert(state, node);
}

std::uint64_t check_node(const State& state, Node node, std::uint64_t above) {
  if (node == 0) return above;
  const TagRangeRow& row = state.tags[node];
  HULAN_ASSERT(row.left == 0 || priority(row.left) < priority(node));
  HULAN_ASSERT(row.right == 0 || priority(row.right) < priority(node));
  const std::uint64_t below = check_node(state, row.left, above);
  HULAN_ASSERT(row.first > below || below == 0);
  return check_node(state, row.right, last_of(row));
}

}  // namespace

bool is_tag_range(const TagRange& range) {
  if (range.count == 0 || range.count > model::kMaxTagsPerRange) return false;
  const std::uint64_t county = range.first / kSerials % kCounties;
  return range.first / kSerials / kCounties == kSpeciesHog &&
         model::is_region(static_cast<std::uint32_t>(county)) &&
         range.first % kSerials + range.count <= kSerials;
}

Outcome attach_tags(Context& context, std::span<const std::uint8_t> bytes) {
  State& state = context.state;
  model::AttachTags body;
  if (!model::read_body(bytes, body) || body.ranges == 0 ||
      body.ranges > model::kMaxTagRangesPerCommand ||
      bytes.size() != sizeof(body) + body.ranges * sizeof(TagRange)) {
    return {Reject::malformed_body};
  }
  if (const Reject r = check_own_draft(context, body.lot); r != Reject::ok) return {r};
  Ranges all;
  std::memcpy(all.data(), bytes.data() + sizeof(body), body.ranges * sizeof(TagRange));
  const std::span<const TagRange> ranges(all.data(), body.ranges);
  if (const Reject r = check_ranges(context, ranges); r != Reject::ok) return {r};
  if (!state.tags.has_room(ranges.size())) return {Reject::tags_full};
  std::uint64_t total = state.lots[body.lot].tag_count;
  for (const TagRange& range : ranges) total += range.count;
  if (total > UINT32_MAX) return {Reject::tags_full};
  for (const TagRange& range : ranges) add_range(context, body.lot, range);
  context.emit_row<model::LotChanged>(body.lot, state.lots[body.lot]);
  return {Reject::ok, body.lot};
}

void check_tags(const State& state) {
  static_cast<void>(check_node(state, state.roots[1].tags, 0));
}

}  // namespace hulan::engine
