// SPDX-License-Identifier: Apache-2.0
#include "journal/error.h"

namespace hulan::journal {

std::string Error::message() const {
  if (kind != ErrorKind::kDamage && kind != ErrorKind::kUnsupported) return reason;
  return path + " at byte " + std::to_string(offset) + ", sequence " + std::to_string(sequence) +
         ": " + reason;
}

std::unexpected<Error> io_error(const io::Error& error) {
  return std::unexpected(Error{ErrorKind::kIo, error.message(), error.path, 0, 0});
}

}  // namespace hulan::journal
