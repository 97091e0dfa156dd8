// SPDX-License-Identifier: Apache-2.0
#include "hulan/demo/person.h"
