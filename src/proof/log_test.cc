// SPDX-License-Identifier: Apache-2.0
// A real journal on the real disk; the operator who cheats writes another one in its place.
#include "proof/log.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>

#include "journal/leaf.h"
#include "journal/test_support.h"
#include "proof/checkpoint_file.h"
#include "proof/receipt.h"

namespace hulan::proof {
namespace {

using journal::testing::JournalTest;
using Leaves = std::vector<Sha256>;

constexpr std::int64_t kMinute = 60'000'000'000;

class LogTest : public JournalTest {
 protected:
  void SetUp() override {
    open();
    for (std::uint8_t i = 1; i <= 5; ++i) append(i, i);  // 15 records in 5 batches
  }

  std::expected<std::unique_ptr<Log>, std::string> try_log() {
    return Log::open(storage(), io::system_entropy(), directory(), journal::testing::kMarket,
                     end());
  }

  Log& start() {
    log_.reset();
    auto log = try_log();
    EXPECT_TRUE(log) << log.error();
    log_ = std::move(*log);
    return *log_;
  }

  bool publish() {
    const auto done = log_->publish(end(), now_ += kMinute);
    EXPECT_TRUE(done) << done.error().message;
    return done.value_or(false);
  }

  [[nodiscard]] std::uint64_t end() const { return writer_->next_sequence() - 1; }

  [[nodiscard]] Checkpoint checkpoint(std::uint64_t number) const {
    const auto note = log_->note(number);
    EXPECT_TRUE(note);
    const auto opened = Checkpoint::open(*note, log_->public_key());
    EXPECT_TRUE(opened) << opened.error();
    return *opened;
  }

  /// The leaf hashes by the format's definition, straight from the journal.
  Leaves leaves() {
    Leaves out;
    const auto scanned = journal::scan(storage(), directory(), {}, [&](const auto& batch) {
      for (const journal::RecordView record : batch.records()) {
        const auto salt = journal::leaf_salt(batch.header.salt_seed, record.sequence);
        out.push_back(journal::leaf_hash(salt, record.sequence, record.time_ns, record.bytes));
      }
      return true;
    });
    EXPECT_TRUE(scanned);
    return out;
  }

  static Sha256 root_of(const Leaves& leaves) {
    Accumulator tree;
    for (const Sha256& leaf : leaves) tree.append(leaf);
    return tree.root();
  }

  /// Another journal of as many records in the same batches, with true checksums and chain.
  void rewrite_journal() {
    close();
    std::filesystem::remove_all(directory() + "/journal");
    open();
    for (std::uint8_t i = 1; i <= 5; ++i) append(i == 3 ? 99 : i, i);
  }

  std::unique_ptr<Log> log_;
  std::int64_t now_ = 1'705'309'200'000'000'000;
};

TEST_F(LogTest, R13_2_a_checkpoint_has_the_root_over_all_records_and_is_made_when_the_log_grew) {
  start();
  EXPECT_TRUE(publish());
  EXPECT_FALSE(publish());
  EXPECT_EQ(checkpoint(0).size, 15u);
  EXPECT_EQ(checkpoint(0).root, root_of(leaves()));
  EXPECT_EQ(checkpoint(0).chain, writer_->chain());
  EXPECT_EQ(checkpoint(0).time_ns, writer_->time_ns());
  append(9, 2);
  EXPECT_TRUE(publish());
  EXPECT_EQ(log_->count(), 2u);
  EXPECT_EQ(log_->size(), 17u);
  EXPECT_EQ(checkpoint(1).root, root_of(leaves()));
}

TEST_F(LogTest, R13_2_a_checkpoint_covers_no_record_beyond_the_durable_ones) {
  start();
  ASSERT_TRUE(log_->publish(10, now_));
  EXPECT_EQ(checkpoint(0).size, 10u);
  Leaves first = leaves();
  first.resize(10);
  EXPECT_EQ(checkpoint(0).root, root_of(first));
}

TEST_F(LogTest, R13_2_every_inclusion_and_consistency_proof_of_the_file_holds) {
  start();
  publish();
  const Leaves all = leaves();
  for (std::uint64_t size = 1; size <= all.size(); ++size) {
    const Sha256 root = root_of({all.begin(), all.begin() + static_cast<std::ptrdiff_t>(size)});
    for (std::uint64_t index = 0; index < size; ++index) {
      const auto path = log_->roots(inclusion_ranges(index, size));
      ASSERT_TRUE(path);
      EXPECT_EQ(root_from_inclusion(all[index], index, size, *path), root);
    }
    const auto proof = log_->roots(consistency_ranges(size, all.size()));
    ASSERT_TRUE(proof);
    EXPECT_TRUE(is_consistent(size, root, all.size(), root_of(all), *proof));
  }
}

TEST_F(LogTest, R13_2_after_a_restart_the_log_goes_on_where_it_was) {
  start();
  publish();
  const std::string key = log_->public_key().text();
  append(7, 3);
  start();
  EXPECT_EQ(log_->public_key().text(), key);
  EXPECT_EQ(log_->size(), 15u);
  EXPECT_TRUE(publish());
  EXPECT_EQ(checkpoint(1).root, root_of(leaves()));
  const auto path = log_->roots(consistency_ranges(15, 18));
  EXPECT_TRUE(check_consistent(checkpoint(0), checkpoint(1), *path));
}

TEST_F(LogTest, R13_2_a_server_that_does_not_know_its_journal_yet_signs_nothing) {
  start();
  publish();
  start();
  for (const std::uint64_t durable : {0, 1, 14}) {
    const auto made = log_->publish(durable, now_);
    ASSERT_TRUE(made);
    EXPECT_FALSE(*made);
  }
  EXPECT_EQ(log_->count(), 1u);
}

TEST_F(LogTest, R13_2_a_tree_that_was_lost_or_damaged_is_made_again_from_the_journal) {
  for (const bool lost : {true, false}) {
    start();
    append(1);
    publish();
    log_.reset();
    if (lost) {
      std::filesystem::remove(tree_path(directory()));
    } else {
      flip(tree_path(directory()), 32 * (node_count(end()) - 1));
    }
    start();
    EXPECT_EQ(log_->size(), 0u);
    EXPECT_FALSE(publish());
    EXPECT_EQ(log_->size(), end());
    append(2);
    EXPECT_TRUE(publish());
    EXPECT_EQ(checkpoint(log_->count() - 1).root, root_of(leaves()));
  }
}

TEST_F(LogTest, R13_2_a_checkpoint_cut_off_by_a_crash_is_as_if_it_had_never_been) {
  start();
  publish();
  append(1);
  publish();
  log_.reset();
  const std::string path = checkpoints_path(directory());
  std::filesystem::resize_file(path, 2 * kCheckpointSlotBytes - 100);
  start();
  EXPECT_EQ(log_->count(), 1u);
  log_.reset();
  std::filesystem::resize_file(path, 2 * kCheckpointSlotBytes);  // its room, filled with zeros
  start();
  EXPECT_EQ(log_->count(), 1u);
  EXPECT_TRUE(publish());
  EXPECT_EQ(checkpoint(1).size, 16u);
}

TEST_F(LogTest, R13_2_a_start_refuses_a_journal_that_is_not_the_one_it_signed) {
  start();
  publish();
  log_.reset();
  rewrite_journal();
  const auto refused = try_log();
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().find("records were changed"), std::string::npos) << refused.error();
}

TEST_F(LogTest, R13_2_a_start_refuses_a_journal_that_is_shorter_than_what_it_signed) {
  start();
  publish();
  log_.reset();
  close();
  std::filesystem::remove_all(directory() + "/journal");
  open();
  append(1, 3);
  const auto refused = try_log();
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().find("records are missing"), std::string::npos) << refused.error();
}

TEST_F(LogTest, R13_2_a_start_without_its_key_is_refused_once_checkpoints_were_signed) {
  start();
  publish();
  log_.reset();
  std::filesystem::remove(directory() + "/keys/checkpoint.key");
  const auto refused = try_log();
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().find("keys/checkpoint.key is missing"), std::string::npos);
}

TEST_F(LogTest, R13_2_the_signing_key_is_readable_by_its_owner_alone) {
  start();
  struct stat info{};
  ASSERT_EQ(stat((directory() + "/keys/checkpoint.key").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
}

class ReceiptTest : public LogTest {
 protected:
  void SetUp() override {
    LogTest::SetUp();
    start();
    publish();
  }

  Receipt receipt(std::uint64_t sequence) {
    Receipt made;
    const auto scanned = journal::scan(storage(), directory(), {}, [&](const auto& batch) {
      for (const journal::RecordView record : batch.records()) {
        if (record.sequence != sequence) continue;
        made.sequence = sequence;
        made.time_ns = record.time_ns;
        made.record.assign(record.bytes.begin(), record.bytes.end());
        made.salt = journal::leaf_salt(batch.header.salt_seed, sequence);
      }
      return true;
    });
    EXPECT_TRUE(scanned);
    made.leaf = journal::leaf_hash(made.salt, sequence, made.time_ns, made.record);
    made.path = *log_->roots(inclusion_ranges(sequence - 1, 15));
    made.checkpoint = *log_->note(0);
    return made;
  }

  [[nodiscard]] std::string refusal(const Receipt& made) const {
    const auto verified = made.verify(log_->public_key());
    return verified ? std::string("verified") : verified.error();
  }
};

TEST_F(ReceiptTest, R13_2_every_record_has_a_receipt_that_holds_and_survives_its_json) {
  for (std::uint64_t sequence = 1; sequence <= 15; ++sequence) {
    const auto again = Receipt::parse(receipt(sequence).json());
    ASSERT_TRUE(again) << again.error();
    EXPECT_EQ(refusal(*again), "verified");
    EXPECT_EQ(again->json(), receipt(sequence).json());
  }
}

TEST_F(ReceiptTest, R13_2_a_receipt_with_anything_changed_is_refused) {
  const Receipt good = receipt(6);
  Receipt bad = good;
  bad.record.back() ^= 1;
  EXPECT_EQ(refusal(bad).substr(0, 5), "leaf:");
  bad = good;
  bad.time_ns -= 1;
  EXPECT_EQ(refusal(bad).substr(0, 5), "leaf:");
  bad = good;
  bad.record.back() ^= 1;
  bad.leaf = journal::leaf_hash(bad.salt, bad.sequence, bad.time_ns, bad.record);
  EXPECT_EQ(refusal(bad).substr(0, 5), "path:");
  bad = good;
  bad.path.pop_back();
  EXPECT_EQ(refusal(bad).substr(0, 5), "path:");
  bad = good;
  bad.sequence = 16;
  bad.leaf = journal::leaf_hash(bad.salt, bad.sequence, bad.time_ns, bad.record);
  EXPECT_EQ(refusal(bad).substr(0, 9), "sequence ");
  bad = good;
  bad.checkpoint[40] = '9';
  EXPECT_EQ(refusal(bad).substr(0, 11), "checkpoint:");
}

TEST_F(ReceiptTest, R13_2_json_that_is_no_receipt_is_refused_by_the_name_of_its_member) {
  EXPECT_FALSE(Receipt::parse(""));
  EXPECT_FALSE(Receipt::parse("[]"));
  const std::string good = receipt(3).json();
  for (const std::string_view name :
       {"format", "sequence", "time", "time_ns", "record", "salt", "leaf", "path", "checkpoint"}) {
    std::string broken = good;
    broken.replace(broken.find('"' + std::string(name) + "\":") + 1, name.size(),
                   std::string(name.size(), 'x'));
    const auto parsed = Receipt::parse(broken);
    ASSERT_FALSE(parsed) << name;
    EXPECT_EQ(parsed.error().substr(0, name.size()), name) << parsed.error();
  }
}

TEST_F(ReceiptTest, R13_2_a_record_that_claims_a_time_before_a_kept_checkpoint_must_be_under_it) {
  const Checkpoint kept = checkpoint(0);
  Receipt late = receipt(15);
  EXPECT_TRUE(check_against_kept(late, kept));
  late.sequence = 16;
  late.time_ns = kept.time_ns - 1;
  EXPECT_FALSE(check_against_kept(late, kept));
  late.time_ns = kept.time_ns;
  EXPECT_TRUE(check_against_kept(late, kept));
  Receipt early = receipt(15);
  early.time_ns = kept.time_ns + 1;
  EXPECT_FALSE(check_against_kept(early, kept));
}

TEST_F(ReceiptTest,
       R13_2_a_log_written_anew_and_signed_with_the_true_key_does_not_continue_a_kept_one) {
  const Checkpoint kept = checkpoint(0);
  log_.reset();
  rewrite_journal();
  append(5, 5);
  std::filesystem::remove_all(directory() + "/proof");  // and forgets what it had published
  start();
  publish();
  const Checkpoint forged = checkpoint(0);
  EXPECT_EQ(forged.size, 20u);
  const auto path = log_->roots(consistency_ranges(15, 20));
  ASSERT_TRUE(path);
  EXPECT_FALSE(check_consistent(kept, forged, *path));
  EXPECT_FALSE(check_consistent(forged, kept, *path));
}

}  // namespace
}  // namespace hulan::proof
