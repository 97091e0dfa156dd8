// SPDX-License-Identifier: Apache-2.0
#include "io/error.h"

#include <system_error>

namespace hulan::io {

std::string Error::message() const {
  std::string text = operation + " " + path;
  if (code != 0) text += ": " + std::generic_category().message(code);
  return text;
}

}  // namespace hulan::io
