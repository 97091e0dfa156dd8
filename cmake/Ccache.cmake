# SPDX-License-Identifier: Apache-2.0
# Compiles through ccache where it is installed; the presets read this before the project.
find_program(HULAN_CCACHE ccache)
if(HULAN_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${HULAN_CCACHE})
endif()
