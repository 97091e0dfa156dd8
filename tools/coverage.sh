#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Which lines and branches of the engine (with ledger), journal (with codecs) and model the unit tests and the simulator run.
#
#   tools/coverage.sh [FOLDER...]     default: engine journal model proof; pages go to build/coverage/FOLDER.html
set -euo pipefail
cd "$(dirname "$0")/.."
folders=("$@")
[ ${#folders[@]} -gt 0 ] || folders=(engine journal model proof)
for folder in "${folders[@]}"; do
  [ -d "src/$folder" ] || { echo "tools/coverage.sh: '$folder': expected a folder of src/" >&2; exit 2; }
done
cmake --preset coverage >/dev/null
programs=("${folders[@]/%/_test}")
ninja -C build/coverage "${programs[@]/#/hulan_}" hulan_simulation_test hulan-sim
find build/coverage -name '*.gcda' -delete
for folder in "${folders[@]}"; do "build/coverage/src/$folder/hulan_${folder}_test" >/dev/null; done
build/coverage/simulation/hulan_simulation_test >/dev/null
build/coverage/hulan-sim --seed 1 --runs 10 --commands 3000 >/dev/null
for folder in "${folders[@]}"; do
  echo "== src/$folder"
  gcovr --root . --filter "src/$folder/" --exclude '.*_test.cc' --exclude '.*/testing.h' --exclude '.*/test_support.h' \
    --object-directory build/coverage --exclude-throw-branches --print-summary -j"$(nproc)" \
    --html-details "build/coverage/$folder.html" 2>/dev/null | grep -E '^(lines|branches)'
done
