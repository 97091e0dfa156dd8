// SPDX-License-Identifier: Apache-2.0
#include "journal/error.h"

#include <cerrno>

namespace hulan::journal {

std::string Error::message() const {
  if (kind != ErrorKind::kDamage && kind != ErrorKind::kUnsupported) return reason;
  return path + " at byte " + std::to_string(offset) + ", sequence " + std::to_string(sequence) +
         ": " + reason;
}

std::unexpected<Error> io_error(const io::Error& error) {
  if (error.code == EBADMSG) {
    return std::unexpected(Error{ErrorKind::kDamage, error.operation, error.path, 0, 0});
  }
  return std::unexpected(Error{ErrorKind::kIo, error.message(), error.path, 0, 0});
}

}  // namespace hulan::journal
