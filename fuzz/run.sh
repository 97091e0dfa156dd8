#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs the fuzzers for SECONDS each and prints a line per fuzzer.
#
#   fuzz/run.sh SECONDS [NAME...]
#
# Begins with the inputs of fuzz/corpus/NAME and of earlier runs (build/fuzz/corpus/NAME, where new ones
# stay). An input that fails is left as build/fuzz/found/NAME-...; `build/fuzz/fuzz_NAME FILE` repeats it.
set -uo pipefail
cd "$(dirname "$0")/.."
[[ ${1:-} =~ ^[1-9][0-9]*$ ]] || { echo "usage: fuzz/run.sh SECONDS [NAME...]; SECONDS is a whole number from 1" >&2; exit 2; }
seconds=$1
shift
names=("$@")
[ ${#names[@]} -gt 0 ] || mapfile -t names < <(sed -n 's/^hulan_fuzzer(\([a-z_]*\).*/\1/p' fuzz/CMakeLists.txt)
for name in "${names[@]}"; do
  [ -f "fuzz/$name.cc" ] || { echo "fuzz/run.sh: '$name' is no fuzzer; they are fuzz/*.cc" >&2; exit 2; }
done

[ -f build/fuzz/build.ninja ] || cmake --preset fuzz >/dev/null || exit 1
ninja -C build/fuzz "${names[@]/#/fuzz_}" >build/fuzz/build.log || { tail -30 build/fuzz/build.log; exit 1; }
symbolizer=$(command -v llvm-symbolizer-19 || command -v llvm-symbolizer || true)
if [ -n "$symbolizer" ]; then export ASAN_SYMBOLIZER_PATH=$symbolizer; fi
# SQLite and the tables keep their memory until the process ends.
export ASAN_OPTIONS=${ASAN_OPTIONS:-detect_leaks=0:allocator_may_return_null=1}
export UBSAN_OPTIONS=${UBSAN_OPTIONS:-print_stacktrace=1}
[ -w /dev/shm ] && export TMPDIR=/dev/shm  # the doors have a market folder of their own
mkdir -p build/fuzz/found
passed=0 failed=0
for name in "${names[@]}"; do
  mkdir -p "build/fuzz/corpus/$name" "fuzz/corpus/$name"
  log=build/fuzz/$name.log
  build/fuzz/fuzz_"$name" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=4096 -len_control=10 \
    -print_final_stats=1 -artifact_prefix="build/fuzz/found/$name-" \
    "build/fuzz/corpus/$name" "fuzz/corpus/$name" >"$log" 2>&1
  status=$?
  runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
  reached=$(sed -n 's/.*cov: \([0-9]*\) ft: \([0-9]*\) .*/\1 edges/p' "$log" | tail -1)
  if [ $status -eq 0 ]; then
    passed=$((passed + 1))
    echo "$name: ok, ${runs:-0} inputs in $seconds s, $reached"
  else
    failed=$((failed + 1))
    echo "$name: FAILED after ${runs:-0} inputs ($log):"
    grep -E "ERROR:|runtime error|broken invariant|SUMMARY|Test unit written" "$log" | head -5
  fi
done
echo "$passed passed, $failed failed, 0 skipped"
[ $failed -eq 0 ]
