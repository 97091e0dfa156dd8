// SPDX-License-Identifier: Apache-2.0
// The real engine and the real journal on the real disk; only the clock is the test's.
#include "runtime/sequencer.h"

#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>

#include "io/linux/system.h"
#include "journal/data_directory.h"
#include "runtime/replay.h"
#include "runtime/request.h"

namespace hulan::runtime {
namespace {

struct HandClock final : io::Clock {
  std::int64_t now = 1'704'700'000'000'000'000;
  std::int64_t now_ns() override { return now; }
};

class SequencerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = ::testing::TempDir() + "sequencer-XXXXXX";
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    directory_ = pattern;
    open();
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  void open() {
    sequencer_.reset();
    writer_.reset();
    lock_.reset();
    engine_ = std::make_unique<engine::Engine>();
    auto lock =
        journal::DataDirectory::open(io::system_storage(), directory_, journal::IfMissing::kCreate);
    ASSERT_TRUE(lock) << lock.error().message();
    lock_ = std::make_unique<journal::DataDirectory>(std::move(*lock));
    auto scanned = replay(io::system_storage(), directory_, *engine_, {});
    ASSERT_TRUE(scanned) << scanned.error().message();
    journal::WriterOptions options;
    options.market.fill(7);
    options.segment_bytes = journal::kMinSegmentBytes;
    auto writer = journal::Writer::open(io::system_storage(), io::system_entropy(), directory_,
                                        options, *scanned);
    ASSERT_TRUE(writer) << writer.error().message();
    writer_ = std::move(*writer);
    sequencer_ = std::make_unique<Sequencer>(*engine_, *writer_, clock_, machine_, ring_,
                                             [this](auto events) { collect(events); });
  }

  void collect(std::span<const std::uint8_t> events) {
    for (std::size_t at = 0; at < events.size();) {
      model::EventHeader header;
      std::memcpy(&header, events.data() + at, sizeof(header));
      if (header.type == model::EventType::kReplied) {
        model::Replied replied;
        std::memcpy(&replied, events.data() + at, sizeof(replied));
        replies_.push_back(replied);
      }
      at += header.size;
    }
  }

  template <class Body>
  void push(model::UserId user, const Body& body, std::uint64_t origin) {
    model::RecordHeader header{};
    header.type = Body::kType;
    header.version = 1;
    header.user = user;
    if (user != 0) {
      const auto milliseconds = static_cast<std::uint64_t>(clock_.now / 1'000'000);
      for (std::size_t i = 0; i < 6; ++i) {
        header.client_id[i] = static_cast<std::uint8_t>(milliseconds >> (8 * (5 - i)));
      }
      header.client_id[15] = ++count_;
    }
    ASSERT_TRUE(push_request(ring_, origin, header,
                             {reinterpret_cast<const std::uint8_t*>(&body), sizeof(body)}));
  }

  void init_market() {
    model::InitMarket init{};
    init.client_id_ns = model::kDay;
    init.settle_after_ns = 48 * model::kHour;
    init.exclusive_ns = model::kHour;
    init.utc_offset_s = 28'800;
    init.market_days = 127;
    init.pay_minute = 1020;
    init.topup_minute = 720;
    init.defaults_to_suspend = 3;
    init.administrator = 1;
    push(0, init, 1);
    poll();
    ASSERT_EQ(replies_.back().reject, model::Reject::ok);
  }

  static model::RegisterUser staff(model::UserId id) {
    model::RegisterUser user{};
    user.id = id;
    user.roles = model::kRoleOperator;
    user.active = 1;
    return user;
  }

  bool poll() {
    auto worked = sequencer_->poll();
    EXPECT_TRUE(worked) << worked.error().message();
    return worked.value_or(false);
  }

  std::string directory_;
  HandClock clock_, machine_;
  ByteRing ring_{1 << 20};
  std::unique_ptr<engine::Engine> engine_;
  std::unique_ptr<journal::DataDirectory> lock_;
  std::unique_ptr<journal::Writer> writer_;
  std::unique_ptr<Sequencer> sequencer_;
  std::vector<model::Replied> replies_;
  std::uint8_t count_ = 0;
};

TEST_F(SequencerTest,
       R13_1_commands_of_one_batch_get_consecutive_sequences_and_each_its_own_answer) {
  init_market();
  for (model::UserId id = 2; id <= 4; ++id) push(1, staff(id), 100 + id);
  EXPECT_TRUE(poll());
  EXPECT_FALSE(poll());
  ASSERT_EQ(replies_.size(), 4u);
  for (std::uint64_t i = 1; i < 4; ++i) {
    EXPECT_EQ(replies_[i].header.sequence, 1 + i);
    EXPECT_EQ(replies_[i].origin, 101 + i);
    EXPECT_EQ(replies_[i].reject, model::Reject::ok);
  }
}

TEST_F(SequencerTest, R13_2_an_answer_has_the_salt_and_leaf_hash_of_its_record_as_it_is_on_disk) {
  init_market();
  for (model::UserId id = 2; id <= 4; ++id) push(1, staff(id), 100 + id);
  push(9, staff(7), 200);  // a refusal is a record, too
  poll();
  ASSERT_EQ(replies_.size(), 5u);
  std::size_t seen = 0;
  const auto scanned =
      journal::scan(io::system_storage(), directory_, {}, [&](const journal::BatchView& batch) {
        for (const journal::RecordView record : batch.records()) {
          const auto salt = journal::leaf_salt(batch.header.salt_seed, record.sequence);
          EXPECT_EQ(replies_[seen].header.sequence, record.sequence);
          EXPECT_EQ(replies_[seen].salt, salt);
          EXPECT_EQ(replies_[seen].leaf,
                    journal::leaf_hash(salt, record.sequence, record.time_ns, record.bytes));
          ++seen;
        }
        return true;
      });
  ASSERT_TRUE(scanned);
  EXPECT_EQ(seen, 5u);
}

TEST_F(SequencerTest, R13_1_replaying_the_journal_gives_the_same_state_to_the_bit) {
  init_market();
  push(1, staff(2), 2);
  push(9, staff(3), 3);  // refused: nobody is user 9; refusals are in the log, too
  poll();
  ASSERT_EQ(replies_.back().reject, model::Reject::unknown_user);
  const Sha256 before = engine_->state_hash();
  open();
  EXPECT_EQ(engine_->sequence(), 3u);
  EXPECT_EQ(engine_->state_hash(), before);
}

TEST_F(SequencerTest, a_refusal_leaves_the_business_hash_unchanged) {
  init_market();
  const Sha256 business = engine_->business_hash(), state = engine_->state_hash();
  push(9, staff(3), 3);
  poll();
  EXPECT_EQ(engine_->business_hash(), business);
  EXPECT_NE(engine_->state_hash(), state);
}

TEST_F(SequencerTest, time_never_decreases_when_the_clock_jumps_back) {
  init_market();
  const model::Time first = replies_.back().header.time;
  clock_.now -= model::kHour;
  push(1, staff(2), 2);
  poll();
  EXPECT_GE(replies_.back().header.time, first);
}

TEST_F(SequencerTest, an_idle_journal_is_closed_once) {
  init_market();
  EXPECT_FALSE(writer_->position().ends_idle);
  machine_.now += 10'000'000;
  EXPECT_FALSE(poll());
  EXPECT_TRUE(writer_->position().ends_idle);
}

TEST_F(SequencerTest, more_than_a_batch_holds_goes_into_several_batches) {
  init_market();
  const int many = 3000;
  int taken = 0;
  for (int i = 0; i < many; ++i) {
    model::RecordHeader header{};
    header.type = model::CommandType::kTick;
    header.version = 1;
    const model::Tick tick;
    if (push_request(ring_, 5, header,
                     {reinterpret_cast<const std::uint8_t*>(&tick), sizeof(tick)}))
      ++taken;
  }
  ASSERT_EQ(taken, many);
  while (poll()) {
  }
  EXPECT_EQ(sequencer_->stats().records, 1u + many);
  EXPECT_GT(sequencer_->stats().batches, 2u);
  EXPECT_EQ(sequencer_->last_sequence(), 1u + many);
}

}  // namespace
}  // namespace hulan::runtime
