#!/bin/sh
# Builds and tests presets, one after the other, and ends with the summary of each and the names of
# the Python tests that failed. A preset that fails does not keep the next ones from running.
#   scripts/test.sh PRESET...
set -eu
cd "$(dirname "$0")/.."
mkdir -p build
status=0

# ThreadSanitizer of GCC 12 stops where the kernel scatters addresses over more bits than it knows.
fixed_addresses=
setarch -R true 2>/dev/null && fixed_addresses="setarch -R"

build_and_test() {  # build_and_test PRESET
  scripts/build.sh "$1" && $fixed_addresses ctest --preset "$1" --parallel "$(nproc)"
}

# The library is compiled once for all who build it the same way: the tests, the wheel, a project that
# adds it as a subdirectory. Paths under the clone count from each build folder, build/NAME.
if command -v ccache >/dev/null; then
  export CMAKE_CXX_COMPILER_LAUNCHER=ccache CCACHE_DIR="$PWD/build/ccache" CCACHE_BASEDIR="$PWD" \
    CCACHE_NOHASHDIR=1 CCACHE_MAXSIZE=2G
fi

scripts/need.sh cmake ninja c++ python3
python3 scripts/fetch.py --into build onnxruntime models speech
for preset in "$@"; do
  printf '\n== %s\n' "$preset"
  { build_and_test "$preset" 2>&1 || touch "build/$preset.failed"; } | tee "build/$preset.log"
  if [ -e "build/$preset.failed" ]; then
    rm "build/$preset.failed"
    status=1
  fi
done

for preset in "$@"; do
  printf '\n== %s\n' "$preset"
  grep -E '^(FAILED|ERROR) ' "build/$preset.log" || :  # what pytest names
  sed -n '/% tests passed,/,$p' "build/$preset.log"
done
exit $status
