// SPDX-License-Identifier: Apache-2.0
#include "gateways/openapi.h"

// The assembler takes the file in as it is.
asm(".section .rodata\n"
    ".global hulan_openapi_begin\n"
    ".global hulan_openapi_end\n"
    "hulan_openapi_begin:\n"
    ".incbin \"" HULAN_OPENAPI_PATH
    "\"\n"
    "hulan_openapi_end:\n"
    ".previous\n");

extern "C" {
extern const char hulan_openapi_begin[];
extern const char hulan_openapi_end[];
}

namespace hulan::gateways {

std::string_view openapi_document() {
  return {hulan_openapi_begin, static_cast<std::size_t>(hulan_openapi_end - hulan_openapi_begin)};
}

}  // namespace hulan::gateways
