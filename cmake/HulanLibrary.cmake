# SPDX-License-Identifier: Apache-2.0
# Warnings are errors everywhere; sanitizers come with the presets.
option(HULAN_ASAN "Address and undefined-behaviour sanitizers" OFF)
option(HULAN_TSAN "Thread sanitizer" OFF)
option(HULAN_FUZZ "The fuzzers of fuzz/, with clang" OFF)
option(HULAN_COVERAGE "Count lines and branches that run (tools/coverage.sh)" OFF)

add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion -Werror)
# g++ 12 reports these inside its own optimised standard library code.
add_compile_options(-Wno-stringop-overflow -Wno-array-bounds -Wno-restrict -Wno-maybe-uninitialized)
if(HULAN_ASAN)
  add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
endif()
if(HULAN_TSAN)
  # The one fence (io/linux/wakeup.cc) orders two atomics and guards no plain data, so that the
  # sanitizer, which does not model fences, loses nothing by it.
  add_compile_options(-fsanitize=thread -Wno-tsan)
  add_link_options(-fsanitize=thread)
endif()
if(HULAN_FUZZ)
  # clang only for libFuzzer: warnings are g++'s matter. libstdc++ 12 has std::expected only where
  # __cpp_concepts is 202002, and clang 19, which knows what that asks for, still says 201907.
  add_compile_options("$<$<COMPILE_LANGUAGE:CXX>:-fsanitize=fuzzer-no-link,address,undefined;-fno-sanitize-recover=all;-fno-omit-frame-pointer;-w;-U__cpp_concepts;-D__cpp_concepts=202002L>")
  add_link_options(-fsanitize=address,undefined)
endif()
if(HULAN_COVERAGE)
  add_compile_options(--coverage -fprofile-update=atomic -fno-inline)
  add_link_options(--coverage)
endif()

# A build with a bug planted, for simulation/mutants/find.py.
set(HULAN_MUTANT "" CACHE STRING "a name of simulation/mutants/mutants.toml")
set(HULAN_MUTANT_FILES "")
if(HULAN_MUTANT)
  execute_process(COMMAND ${CMAKE_SOURCE_DIR}/simulation/mutants/plant.py ${HULAN_MUTANT} ${CMAKE_BINARY_DIR}/mutant
                  OUTPUT_VARIABLE HULAN_MUTANT_FILES COMMAND_ERROR_IS_FATAL ANY)
endif()

# hulan_library(NAME folder DEPS folder... LINK target...)
# Library hulan_<folder> of every *.cc below this folder, and one test program of every *_test.cc.
function(hulan_library)
  cmake_parse_arguments(ARG "" "NAME" "DEPS;LINK" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cc)
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "_test\\.cc$")
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")
  if(HULAN_MUTANT_FILES)
    list(GET HULAN_MUTANT_FILES 0 sound)
    list(GET HULAN_MUTANT_FILES 1 mutant)
    list(TRANSFORM sources REPLACE "^${sound}$" "${mutant}")
  endif()
  list(TRANSFORM ARG_DEPS PREPEND hulan_)
  if(sources)
    add_library(hulan_${ARG_NAME} STATIC ${sources})
    set(scope PUBLIC)
  else()
    add_library(hulan_${ARG_NAME} INTERFACE)
    set(scope INTERFACE)
  endif()
  target_include_directories(hulan_${ARG_NAME} ${scope} ${CMAKE_SOURCE_DIR}/src)
  target_link_libraries(hulan_${ARG_NAME} ${scope} ${ARG_DEPS} ${ARG_LINK})
  if(tests)
    add_executable(hulan_${ARG_NAME}_test ${tests})
    target_link_libraries(hulan_${ARG_NAME}_test PRIVATE hulan_${ARG_NAME} GTest::gtest GTest::gtest_main)
    add_test(NAME ${ARG_NAME} COMMAND hulan_${ARG_NAME}_test WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  endif()
endfunction()
