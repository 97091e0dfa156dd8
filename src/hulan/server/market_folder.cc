// SPDX-License-Identifier: Apache-2.0
#include "hulan/server/market_folder.h"

#include <fmt/format.h>

#include <cstring>
#include <vector>

#include "io/linux/system.h"
#include "journal/data_directory.h"
#include "journal/writer.h"
#include "model/units.h"

namespace hulan::app {

model::InitMarket default_init_market(model::UserId administrator) {
  model::InitMarket init{};
  init.withdrawal_limit_fen = 10'000'000;  // 100,000 yuan
  init.notice_ns = 24 * model::kHour;
  init.exclusive_ns = model::kHour;
  init.settle_after_ns = 48 * model::kHour;
  init.client_id_ns = 24 * model::kHour;
  init.utc_offset_s = 8 * 3600;
  init.market_days = 0b1111111;
  init.pay_minute = 17 * 60;
  init.topup_minute = 12 * 60;
  init.defaults_to_suspend = 3;
  init.administrator = administrator;
  return init;
}

std::expected<void, std::string> create_journal(const std::string& directory,
                                                const model::InitMarket& init,
                                                std::int64_t time_ns) {
  const auto fail = [](const journal::Error& error) { return std::unexpected(error.message()); };
  io::Storage& storage = io::system_storage();
  auto lock = journal::DataDirectory::open(storage, directory, journal::IfMissing::kCreate);
  if (!lock) return fail(lock.error());
  auto scanned =
      journal::scan(storage, directory, {}, [](const journal::BatchView&) { return true; });
  if (!scanned) return fail(scanned.error());
  if (!scanned->end.path.empty()) {
    return std::unexpected(fmt::format("{}: there is a market here already", directory));
  }
  journal::WriterOptions options;
  io::system_entropy().fill(options.market);
  auto writer = journal::Writer::open(storage, io::system_entropy(), directory, options, *scanned);
  if (!writer) return fail(writer.error());
  model::RecordHeader header{};
  header.type = model::CommandType::kInitMarket;
  header.version = 1;
  header.body_length = sizeof(init);
  std::vector<std::uint8_t> record(sizeof(header) + sizeof(init));
  std::memcpy(record.data(), &header, sizeof(header));
  std::memcpy(record.data() + sizeof(header), &init, sizeof(init));
  if (auto done = (*writer)->append(1, time_ns, 1, record); !done) return fail(done.error());
  if (auto closed = (*writer)->close_idle(); !closed) return fail(closed.error());
  return {};
}

}  // namespace hulan::app
