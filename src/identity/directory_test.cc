// SPDX-License-Identifier: Apache-2.0
#include "identity/directory.h"

#include <gtest/gtest.h>
#include <sqlite3.h>
#include <unistd.h>

#include <fstream>
#include <iterator>

namespace hulan::identity {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kNow = 1'704'067'200 * kSecond;  // 2024-01-01

class IdentityDirectory : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "identity-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    dir_ = pattern;
    options_.password_cost = PasswordCost::cheapest();
    reopen();
  }
  void TearDown() override {
    directory_.reset();
    std::filesystem::remove_all(dir_);
  }
  void reopen() {
    directory_.reset();
    auto opened = Directory::open(dir_, options_);
    ASSERT_TRUE(opened) << opened.error().message;
    directory_.emplace(std::move(*opened));
  }
  Directory& directory() { return *directory_; }

  static Participant farm() {
    Participant p;
    p.name_zh = "石人镇李家养殖合作社";
    p.name_en = "Li family co-operative, Shiren";
    p.kind = model::ParticipantKind::kProducer;
    p.phone = "13945112233";
    p.address = "呼兰区石人镇";
    p.contact = "李先生";
    p.place = 230111;
    p.tax_number = "93230111MA1B2C3D4E";
    return p;
  }
  ParticipantId add_farm() {
    const auto id = directory().upsert_participant(farm());
    EXPECT_TRUE(id) << id.error().message;
    return id.value_or(0);
  }
  User add_trader(std::string_view login = "li.farm") {
    const auto user = directory().create_user(
        {login, "long enough", "李", model::kRoleTrader | model::kRoleFinance, add_farm()});
    EXPECT_TRUE(user) << user.error().message;
    return user.value_or(User{});
  }
  /// Every byte of the database and its log.
  std::string bytes_on_disk() const {
    std::string all;
    for (const auto& entry : std::filesystem::directory_iterator(dir_)) {
      std::ifstream file(entry.path(), std::ios::binary);
      all.append(std::istreambuf_iterator<char>(file), {});
    }
    return all;
  }

  std::filesystem::path dir_;
  Options options_;
  std::optional<Directory> directory_;
};

TEST_F(IdentityDirectory, users_participants_and_tokens_are_there_after_reopening) {
  const User user = add_trader();
  const auto issued = directory().sign_in("LI.Farm", "long enough", kNow, "phone");
  ASSERT_TRUE(issued) << issued.error().message;
  reopen();
  const auto who = directory().authenticate(issued->token, kNow + kSecond);
  ASSERT_TRUE(who);
  EXPECT_EQ((*who)->id, user.id);
  EXPECT_EQ((*who)->name, "李");
  EXPECT_TRUE((*who)->has_role(model::kRoleTrader));
  EXPECT_FALSE((*who)->has_role(model::kRoleInspector));
  const Participant* participant = directory().find_participant(user.participant);
  ASSERT_NE(participant, nullptr);
  EXPECT_EQ(participant->name_zh, farm().name_zh);
  EXPECT_EQ(participant->phone, farm().phone);
  EXPECT_EQ(participant->place, 230111u);
  EXPECT_EQ(directory().users().size(), 1u);
  EXPECT_EQ(directory().tokens_of(user.id).front().label, "phone");
}

TEST_F(IdentityDirectory, ids_only_grow) {
  EXPECT_EQ(directory().next_user_id(), 1u);
  EXPECT_EQ(directory().next_participant_id(), 1u);
  const User first = add_trader();
  EXPECT_EQ(first.id, 1u);
  ASSERT_TRUE(directory().erase_participant(first.participant));
  reopen();
  EXPECT_EQ(directory().next_user_id(), 2u);
  EXPECT_EQ(directory().next_participant_id(), first.participant + 1);
  Participant far = farm();
  far.id = 500;
  ASSERT_TRUE(directory().upsert_participant(far));
  EXPECT_EQ(directory().next_participant_id(), 501u);
}

TEST_F(IdentityDirectory, neither_password_nor_token_can_be_read_from_the_file) {
  add_trader();
  const auto issued = directory().sign_in("li.farm", "long enough", kNow);
  ASSERT_TRUE(issued);
  EXPECT_TRUE(issued->token.starts_with("hl_"));
  EXPECT_EQ(issued->token.size(), 46u);
  const std::string bytes = bytes_on_disk();
  EXPECT_NE(bytes.find("$argon2id$"), std::string::npos);
  EXPECT_EQ(bytes.find("long enough"), std::string::npos);
  EXPECT_EQ(bytes.find(issued->token.substr(3)), std::string::npos);
}

TEST_F(IdentityDirectory, a_token_ends_by_time_by_revoking_by_a_new_password_and_with_its_user) {
  const User user = add_trader();
  const auto issue = [&] {
    const auto issued = directory().issue_token(user.id, kNow, 10 * kSecond, "weighbridge");
    EXPECT_TRUE(issued);
    return issued->token;
  };
  const auto refusal = [&](const std::string& token, std::int64_t now_ns) {
    const auto who = directory().authenticate(token, now_ns);
    return who ? std::string_view("none") : error_name(who.error().code);
  };
  const std::string token = issue();
  EXPECT_EQ(refusal(token, kNow + 10 * kSecond - 1), "none");
  EXPECT_EQ(refusal(token, kNow + 10 * kSecond), "token_expired");
  EXPECT_EQ(refusal(token + "x", kNow), "token_unknown");
  EXPECT_EQ(refusal("", kNow), "token_unknown");

  const auto before = directory().rights_version();
  ASSERT_TRUE(directory().revoke_token(token));
  EXPECT_EQ(refusal(token, kNow), "token_unknown");
  EXPECT_GT(directory().rights_version(), before);
  EXPECT_FALSE(directory().revoke_token(token)) << "twice";

  const std::string second = issue();
  ASSERT_TRUE(directory().set_password(user.id, "another one"));
  EXPECT_EQ(refusal(second, kNow), "token_unknown");
  EXPECT_FALSE(directory().sign_in("li.farm", "long enough", kNow));
  EXPECT_TRUE(directory().sign_in("li.farm", "another one", kNow));

  const std::string third = issue();
  ASSERT_TRUE(directory().set_disabled(user.id, true));
  EXPECT_EQ(refusal(third, kNow), "token_unknown");
  EXPECT_EQ(directory().sign_in("li.farm", "another one", kNow).error().code,
            ErrorCode::kUserDisabled);
  ASSERT_TRUE(directory().set_disabled(user.id, false));
  reopen();
  EXPECT_EQ(refusal(third, kNow), "token_unknown") << "revoked, not hidden";
}

TEST_F(IdentityDirectory, a_token_above_the_limit_replaces_the_oldest) {
  options_.tokens_per_user = 2;
  reopen();
  const User user = add_trader();
  std::vector<std::string> tokens;
  for (int i = 0; i < 3; ++i) {
    const auto issued = directory().issue_token(user.id, kNow, kSecond, "phone");
    ASSERT_TRUE(issued);
    tokens.push_back(issued->token);
  }
  EXPECT_FALSE(directory().authenticate(tokens[0], kNow));
  EXPECT_TRUE(directory().authenticate(tokens[1], kNow));
  EXPECT_TRUE(directory().authenticate(tokens[2], kNow));
  reopen();
  EXPECT_EQ(directory().tokens_of(user.id).size(), 2u);
}

TEST_F(IdentityDirectory, five_wrong_passwords_delay_the_login_even_for_the_right_one) {
  add_trader();
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(directory().sign_in("li.farm", "wrong guess", kNow).error().code,
              ErrorCode::kWrongPassword);
  }
  const auto delayed = directory().sign_in("Li.Farm", "long enough", kNow + 20 * kSecond);
  ASSERT_FALSE(delayed);
  EXPECT_EQ(delayed.error().code, ErrorCode::kTooManyFailures);
  EXPECT_EQ(delayed.error().retry_after_ns, 40 * kSecond);
  EXPECT_TRUE(directory().sign_in("li.farm", "long enough", kNow + 60 * kSecond));
}

TEST_F(IdentityDirectory, an_unknown_login_is_refused_and_delayed_exactly_like_a_known_one) {
  for (int i = 0; i < 5; ++i) {
    const auto refused = directory().sign_in("nobody", "wrong guess", kNow);
    EXPECT_EQ(refused.error().code, ErrorCode::kWrongPassword);
  }
  EXPECT_EQ(directory().sign_in("nobody", "wrong guess", kNow).error().code,
            ErrorCode::kTooManyFailures);
}

TEST_F(IdentityDirectory, attempts_at_the_same_time_cannot_pass_the_limit) {
  add_trader();
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(directory().begin_sign_in("li.farm", kNow));
  EXPECT_FALSE(directory().begin_sign_in("li.farm", kNow));
}

TEST_F(IdentityDirectory, a_user_without_password_signs_in_by_token_only) {
  const auto user = directory().create_user({"scale-2", "", "二号地磅", model::kRoleInspector, 0});
  ASSERT_TRUE(user);
  EXPECT_FALSE(directory().sign_in("scale-2", "", kNow));
  const auto issued = directory().issue_token(user->id, kNow, kSecond, "weighbridge");
  ASSERT_TRUE(issued);
  EXPECT_TRUE(directory().authenticate(issued->token, kNow));
}

TEST_F(IdentityDirectory, bad_users_are_refused_by_name_and_use_no_id) {
  const ParticipantId farm_id = add_farm();
  ASSERT_TRUE(directory().create_user({"taken", "long enough", "", model::kRoleOperator, 0}));
  const struct {
    NewUser user;
    std::string_view expected;
  } cases[] = {
      {{"a", "long enough", "", model::kRoleOperator, 0}, "login_invalid"},
      {{"with space", "long enough", "", model::kRoleOperator, 0}, "login_invalid"},
      {{"用户", "long enough", "", model::kRoleOperator, 0}, "login_invalid"},
      {{"TAKEN", "long enough", "", model::kRoleOperator, 0}, "login_taken"},
      {{"new", "short", "", model::kRoleOperator, 0}, "password_invalid"},
      {{"new", "long enough", "two\nlines", model::kRoleOperator, 0}, "name_invalid"},
      {{"new", "long enough", "\xC0\xEE", model::kRoleOperator, 0}, "name_invalid"},  // GBK
      {{"new", "long enough", "", 0, 0}, "roles_invalid"},
      {{"new", "long enough", "", 512, 0}, "roles_invalid"},
      {{"new", "long enough", "", model::kRoleTrader, 0}, "roles_invalid"},
      {{"new", "long enough", "", model::kRoleOperator, farm_id}, "roles_invalid"},
      {{"new", "long enough", "", model::kRoleTrader, 99}, "participant_unknown"},
  };
  for (const auto& one : cases) {
    const auto refused = directory().create_user(one.user);
    ASSERT_FALSE(refused) << one.expected;
    EXPECT_EQ(error_name(refused.error().code), one.expected) << refused.error().message;
  }
  EXPECT_EQ(directory().next_user_id(), 2u);
}

TEST_F(IdentityDirectory, R2_3_roles_that_must_stay_apart_are_not_given_together) {
  const auto refused = [&](int roles) {
    const auto user =
        directory().create_user({"new", "long enough", "", static_cast<std::uint16_t>(roles), 0});
    return !user && user.error().code == ErrorCode::kInvalidRoles;
  };
  EXPECT_TRUE(refused(model::kRoleAdministrator | model::kRoleSettlementOfficer));
  EXPECT_TRUE(refused(model::kRoleAuditor | model::kRoleOperator));
  EXPECT_TRUE(refused(model::kRoleInspector | model::kRoleFinance));
  EXPECT_FALSE(refused(model::kRoleOperator | model::kRoleInspector | model::kRoleSupervisor));
  const UserId id = directory().find_user("new")->id;
  EXPECT_FALSE(directory().set_roles(id, model::kRoleTrader));
  EXPECT_TRUE(directory().set_roles(id, model::kRoleAuditor));
}

TEST_F(IdentityDirectory, bad_participants_are_refused_by_name) {
  const struct {
    void (*spoil)(Participant&);
    std::string_view expected;
  } cases[] = {
      {[](Participant& p) { p.name_zh = p.name_en = ""; }, "name_invalid"},
      {[](Participant& p) { p.name_ru = std::string(201, 'x'); }, "name_invalid"},
      {[](Participant& p) { p.kind = model::ParticipantKind{}; }, "participant_kind_invalid"},
      {[](Participant& p) { p.kind = model::ParticipantKind{8}; }, "participant_kind_invalid"},
      {[](Participant& p) { p.phone = "139\n45"; }, "contact_invalid"},
      {[](Participant& p) { p.address = "\xB9\xFE"; }, "contact_invalid"},
      {[](Participant& p) { p.place = 23011; }, "place_invalid"},
      {[](Participant& p) { p.place = 1230111; }, "place_invalid"},
      {[](Participant& p) { p.tax_number = "93230111"; }, "tax_number_invalid"},
      {[](Participant& p) { p.tax_number = "93230111ma1b2c3d4e"; }, "tax_number_invalid"},
  };
  for (const auto& one : cases) {
    Participant participant = farm();
    one.spoil(participant);
    const auto refused = directory().upsert_participant(participant);
    ASSERT_FALSE(refused) << one.expected;
    EXPECT_EQ(error_name(refused.error().code), one.expected);
  }
  EXPECT_TRUE(directory().participants().empty());
}

TEST_F(IdentityDirectory, R13_3_the_hash_of_a_name_is_keyed_per_participant_and_lasts) {
  const ParticipantId one = add_farm();
  const ParticipantId other = add_farm();
  const auto hash = directory().name_hmac(one);
  ASSERT_TRUE(hash);
  EXPECT_NE(*hash, directory().name_hmac(other).value()) << "same name, another key";
  reopen();
  EXPECT_EQ(directory().name_hmac(one).value(), *hash);
  Participant corrected = farm();
  corrected.id = one;
  corrected.phone = "13900000000";
  ASSERT_TRUE(directory().upsert_participant(corrected));
  EXPECT_EQ(directory().name_hmac(one).value(), *hash) << "the phone is not part of it";
  corrected.name_zh = "石人镇王家养殖合作社";
  ASSERT_TRUE(directory().upsert_participant(corrected));
  EXPECT_NE(directory().name_hmac(one).value(), *hash);
  EXPECT_EQ(directory().name_hmac(77).error().code, ErrorCode::kUnknownParticipant);
}

TEST_F(IdentityDirectory, R13_3_erasing_leaves_no_byte_of_a_person_in_the_file) {
  const User user = add_trader("li.wei.1980");
  const ParticipantId neighbour = add_farm();
  const auto issued = directory().sign_in("li.wei.1980", "long enough", kNow);
  ASSERT_TRUE(issued);
  Participant only = farm();
  only.id = user.participant;
  only.name_zh = "李大伟";
  only.phone = "13812345678";
  ASSERT_TRUE(directory().upsert_participant(only));
  ASSERT_NE(bytes_on_disk().find("13812345678"), std::string::npos);

  ASSERT_TRUE(directory().erase_participant(user.participant));
  for (const std::string trace : {"13812345678", "李大伟", "li.wei.1980"}) {
    EXPECT_EQ(bytes_on_disk().find(trace), std::string::npos) << trace;
  }
  EXPECT_EQ(directory().name_hmac(user.participant).error().code, ErrorCode::kParticipantErased);
  EXPECT_FALSE(directory().authenticate(issued->token, kNow));
  EXPECT_FALSE(directory().sign_in("li.wei.1980", "long enough", kNow));
  EXPECT_EQ(directory().upsert_participant(only).error().code, ErrorCode::kParticipantErased);
  EXPECT_TRUE(directory().erase_participant(user.participant)) << "twice";
  reopen();
  const Participant* rest = directory().find_participant(user.participant);
  ASSERT_NE(rest, nullptr);
  EXPECT_TRUE(rest->erased && rest->name_zh.empty() && rest->phone.empty());
  EXPECT_TRUE(directory().find_user(user.id)->disabled);
  EXPECT_TRUE(directory().name_hmac(neighbour));
}

TEST_F(IdentityDirectory, a_second_process_is_told_that_the_file_is_in_use) {
  const auto second = Directory::open(dir_, options_);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::kBusy);
}

TEST_F(IdentityDirectory, a_copy_is_of_one_moment_while_the_directory_goes_on_writing) {
  NewUser user;
  user.login = "lin";
  user.name = "Lin";
  user.roles = model::kRoleOperator;
  ASSERT_TRUE(directory().create_user(user));
  const auto target = dir_ / "copy";
  std::filesystem::create_directory(target);
  const auto copied = Database::copy(dir_ / "identity.db", target / "identity.db");
  ASSERT_TRUE(copied) << copied.error().message;
  user.login = "zhao";
  ASSERT_TRUE(directory().create_user(user));
  const auto copy = Directory::open(target, options_);
  ASSERT_TRUE(copy) << copy.error().message;
  EXPECT_NE(copy->find_user("lin"), nullptr);
  EXPECT_EQ(copy->find_user("zhao"), nullptr);
  EXPECT_NE(directory().find_user("zhao"), nullptr);
}

TEST_F(IdentityDirectory, a_file_of_a_later_version_or_of_no_version_at_all_is_refused) {
  directory_.reset();
  sqlite3* raw = nullptr;
  ASSERT_EQ(sqlite3_open((dir_ / "identity.db").c_str(), &raw), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(raw, "PRAGMA user_version = 3", nullptr, nullptr, nullptr), SQLITE_OK);
  sqlite3_close(raw);
  EXPECT_EQ(Directory::open(dir_, options_).error().code, ErrorCode::kNewerFormat);

  std::ofstream(dir_ / "identity.db", std::ios::trunc) << std::string(8192, 'x');
  EXPECT_EQ(Directory::open(dir_, options_).error().code, ErrorCode::kStorage);
  EXPECT_EQ(Directory::open(dir_ / "missing", options_).error().code, ErrorCode::kStorage);
}

TEST_F(IdentityDirectory,
       R13_1_what_a_command_made_is_known_after_a_restart_until_it_is_forgotten) {
  Sha256 value{};
  value[0] = 7;
  ASSERT_TRUE(directory().note_made("one", value, 1000, 0));
  directory_.reset();
  auto again = Directory::open(dir_, options_);
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(*again->made("one"), std::optional(value));
  EXPECT_EQ(*again->made("two"), std::optional<Sha256>());
  ASSERT_TRUE(again->note_made("two", value, 3000, 1000));
  EXPECT_EQ(*again->made("one"), std::optional(value)) << "not before, but at that moment";
  ASSERT_TRUE(again->note_made("three", value, 3000, 1001));
  EXPECT_EQ(*again->made("one"), std::optional<Sha256>());
  EXPECT_EQ(*again->made("two"), std::optional(value));
}

TEST_F(IdentityDirectory, a_file_of_the_first_format_is_brought_up_to_date) {
  NewUser user;
  user.login = "lin";
  user.name = "Lin";
  user.roles = model::kRoleOperator;
  ASSERT_TRUE(directory().create_user(user));
  directory_.reset();
  sqlite3* raw = nullptr;
  ASSERT_EQ(sqlite3_open((dir_ / "identity.db").c_str(), &raw), SQLITE_OK);
  ASSERT_EQ(
      sqlite3_exec(raw, "DROP TABLE made; PRAGMA user_version = 1", nullptr, nullptr, nullptr),
      SQLITE_OK);
  sqlite3_close(raw);
  auto again = Directory::open(dir_, options_);
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_NE(again->find_user("lin"), nullptr);
  EXPECT_TRUE(again->note_made("one", Sha256{}, 1, 0));
}

TEST(ParticipantName, falls_back_to_a_language_that_is_there) {
  Participant p;
  p.name_en = "Li farm";
  EXPECT_EQ(p.name("zh"), "Li farm");
  p.name_zh = "李家";
  EXPECT_EQ(p.name("ru"), "李家");
  EXPECT_EQ(p.name("en"), "Li farm");
}

}  // namespace
}  // namespace hulan::identity
