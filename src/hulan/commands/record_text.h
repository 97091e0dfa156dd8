// SPDX-License-Identifier: Apache-2.0
// One record of the journal as a line for people, or as one JSON object, with every field of its
// body by name. Units stand in the names (fen, grams, ns); prices are in the product's price unit.
#pragma once

#include <string>

#include "journal/record.h"

namespace hulan::app {

/// Appends "sequence time name user=.. participant=.. client_id=.. field=value ..." without an end
/// of line. A body that does not hold what its type says is shown as `body=` in hexadecimal.
void append_record_text(std::string& out, const journal::RecordView& record);

/// Appends {"sequence", "time", "command", "version", "user", "participant", "client_id",
/// "body": {...}}; `body` is a string of hexadecimal digits where it cannot be read.
void append_record_json(std::string& out, const journal::RecordView& record);

}  // namespace hulan::app
