// SPDX-License-Identifier: Apache-2.0
// DIR/view/<sequence in 20 digits>.view: how far each history reached after one sequence, and the
// newest record of every chain. Little-endian: magic "HULANVW" and version (8 bytes), sequence (8),
// eight history counts (8 each), operator and bank heads (8 each), then five lists, each a count
// (8) and its entries: account heads (8), LotHeads (24), ContractHeads (16), product trade heads
// (8), TradeDayHead (16); last the SHA-256 of all before it.
#pragma once

#include <string>
#include <vector>

#include "projections/parts.h"

namespace hulan::projections {

constexpr std::uint8_t kViewVersion = 1;

struct ViewFile {
  model::Sequence sequence = 0;
  HistoryCounts counts{};
  Heads heads;
};

[[nodiscard]] std::string view_path(const std::string& view_directory, model::Sequence sequence);

/// Path of one of the kHistories histories, in the order of Histories' members.
[[nodiscard]] std::string history_path(const std::string& view_directory, std::size_t which);

/// Sequences of the files of this name, newest first, valid or not.
[[nodiscard]] io::Result<std::vector<model::Sequence>> list_view_files(
    io::Storage& storage, const std::string& view_directory);

[[nodiscard]] std::vector<std::uint8_t> encode_view(model::Sequence sequence,
                                                    const HistoryCounts& counts,
                                                    const Heads& heads);

/// EBADMSG if bytes are missing, wrong or of another version.
[[nodiscard]] io::Result<ViewFile> read_view(io::Storage& storage, const std::string& path);

/// True if every history file is as long as `counts` says.
[[nodiscard]] bool histories_hold(io::Storage& storage, const std::string& view_directory,
                                  const HistoryCounts& counts);

[[nodiscard]] io::Result<Histories> open_histories(const std::string& view_directory,
                                                   const HistoryCounts& counts);
[[nodiscard]] HistoryCounts counts_of(const Histories& histories);
[[nodiscard]] io::Result<void> sync_histories(Histories& histories);

}  // namespace hulan::projections
