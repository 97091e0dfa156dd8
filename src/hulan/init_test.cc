// SPDX-License-Identifier: Apache-2.0
#include "hulan/init.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "hulan/market_config.h"
#include "identity/directory.h"

namespace hulan::app {
namespace {

namespace fs = std::filesystem;

class Init : public testing::Test {
 protected:
  Init() {
    std::string pattern = (fs::temp_directory_path() / "hulan-init-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) std::abort();
    directory_ = pattern;
  }
  ~Init() override { fs::remove_all(directory_); }

  void write(const std::string& name, std::string_view text) const {
    std::ofstream(directory_ + "/" + name) << text;
  }

  std::string directory_;
};

TEST_F(Init, makes_a_folder_with_configuration_and_an_administrator_who_can_sign_in) {
  const auto made = init_market({.directory = directory_});
  ASSERT_TRUE(made.has_value()) << made.error();
  EXPECT_EQ(made->size(), 24u);
  EXPECT_TRUE(fs::exists(directory_ + "/journal"));
  EXPECT_EQ(read_product_files(directory_).size(), 9u);
  auto identity = identity::Directory::open(directory_);
  ASSERT_TRUE(identity.has_value());
  const auto signed_in = identity->sign_in("administrator", *made, 1);
  EXPECT_TRUE(signed_in.has_value());
  ASSERT_NE(identity->find_user(identity::UserId{1}), nullptr);
  EXPECT_TRUE(identity->find_user(identity::UserId{1})->has_role(model::kRoleAdministrator));
}

TEST_F(Init, the_default_configuration_holds_the_rulebooks_values) {
  ASSERT_TRUE(init_market({.directory = directory_, .password = "a long password"}).has_value());
  const auto config = load_market_config(directory_);
  ASSERT_TRUE(config.has_value()) << config.error();
  EXPECT_EQ(config->init.withdrawal_limit_fen, 10'000'000);
  EXPECT_EQ(config->init.notice_ns, 24 * model::kHour);        // R5.3
  EXPECT_EQ(config->init.exclusive_ns, model::kHour);          // R5.3.6
  EXPECT_EQ(config->init.settle_after_ns, 48 * model::kHour);  // R8.6
  EXPECT_EQ(config->init.pay_minute, 17u * 60);                // R7.2
  EXPECT_EQ(config->init.topup_minute, 12u * 60);              // R9.4
  EXPECT_EQ(config->init.defaults_to_suspend, 3u);             // R10.3
  EXPECT_EQ(config->init.utc_offset_s, 28'800);
  EXPECT_EQ(config->init.market_days, 0b1111111u);
  const auto info = market_info(*config);
  EXPECT_EQ(info.rates.size(), 8u);
  ASSERT_EQ(info.places.size(), 9u);
  EXPECT_EQ(info.places[0].code, 230'111u);
  EXPECT_FALSE(info.places[0].words.empty());
}

TEST_F(Init, a_demo_waits_less_and_says_so) {
  const auto made = init_demo_market(directory_, "hulan-demo", 1'704'675'600 * model::kSecond);
  ASSERT_TRUE(made.has_value()) << made.error();
  const auto config = load_market_config(directory_);
  ASSERT_TRUE(config.has_value()) << config.error();
  EXPECT_EQ(config->init.notice_ns, 60 * model::kSecond);
  EXPECT_EQ(config->init.exclusive_ns, 10 * model::kMinute);
  const auto& rates = config->rates;
  const auto notice = std::find_if(rates.begin(), rates.end(),
                                   [](const auto& rate) { return rate.key == "notice"; });
  ASSERT_NE(notice, rates.end());
  EXPECT_EQ(notice->value, "60");
  EXPECT_EQ(notice->unit, "s");
  EXPECT_NE(notice->source.en.find("demo"), std::string::npos);
}

TEST_F(Init, refuses_a_folder_with_anything_else_in_it) {
  write("letter.txt", "keep me");
  const auto made = init_market({.directory = directory_});
  ASSERT_FALSE(made.has_value());
  EXPECT_NE(made.error().find("letter.txt"), std::string::npos);
  EXPECT_FALSE(fs::exists(directory_ + "/journal"));
}

TEST_F(Init, refuses_a_market_that_is_there) {
  ASSERT_TRUE(init_market({.directory = directory_}).has_value());
  EXPECT_FALSE(init_market({.directory = directory_}).has_value());
}

TEST_F(Init, an_error_in_ones_own_settings_names_file_line_and_key) {
  write("market.toml", "address = \"127.0.0.1\"\nport = 99999\n");
  const auto made = init_market({.directory = directory_});
  ASSERT_FALSE(made.has_value());
  EXPECT_NE(made.error().find("market.toml:"), std::string::npos) << made.error();
  EXPECT_FALSE(fs::exists(directory_ + "/journal"));
  write("market.toml", "[name]\nzh = \"a\"\nen = \"b\"\nru = \"c\"\n[address]\n");
  const auto config = load_market_config(directory_);
  ASSERT_FALSE(config.has_value());
  EXPECT_NE(config.error().find("market.toml:5: address: "), std::string::npos) << config.error();
}

TEST_F(Init, keeps_ones_own_products) {
  fs::create_directory(directory_ + "/products");
  write("products/bad.toml", "code = \"x\"\n");
  const auto made = init_market({.directory = directory_});
  ASSERT_FALSE(made.has_value());
  EXPECT_NE(made.error().find("bad.toml:"), std::string::npos) << made.error();
  EXPECT_EQ(read_product_files(directory_).size(), 1u);
}

}  // namespace
}  // namespace hulan::app
