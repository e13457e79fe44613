#!/bin/sh
# Configures one preset of CMakePresets.json and builds it, or some of its targets.
#   scripts/build.sh PRESET [TARGET...]
set -eu
preset=$1
shift
cd "$(dirname "$0")/.."

scripts/need.sh cmake ninja c++
cmake --preset "$preset" --log-level=WARNING >/dev/null
cmake --build --preset "$preset" --parallel "$(nproc)" --target "${@:-all}"
