#!/bin/sh
# The digests of tests/bits on other processors.
#   scripts/bits.sh aarch64   cross-compiles the front end and checks its digests under qemu-user
#   scripts/bits.sh wasm      the same with Emscripten and Node
#   scripts/bits.sh update    writes tests/bits/digests.txt anew from this machine's release build
# Exit code 77: a tool is missing, and stdout says which.
set -eu
cd "$(dirname "$0")/.."

need() {  # need COMMAND PACKAGE
  command -v "$1" >/dev/null && return
  echo "$1 was not found, so these bits stay unproved here: apt-get install $2"
  exit 77
}

build_and_check() {  # build_and_check PRESET
  cmake --preset "$1" --log-level=WARNING >/dev/null
  cmake --build --preset "$1"
  ctest --preset "$1"
}

need cmake cmake
need ninja ninja-build
case ${1:-} in
  aarch64)
    need aarch64-linux-gnu-g++ g++-aarch64-linux-gnu
    need qemu-aarch64 qemu-user
    scripts/fetch_arm64_packages.sh build/arm64-packages
    build_and_check aarch64
    ;;
  wasm)
    need em++ emscripten
    need node nodejs
    # Emscripten's linker wants acorn. Debian's node looks there by itself; others do not.
    export NODE_PATH="${NODE_PATH:+$NODE_PATH:}/usr/share/nodejs"
    node -e 'require("acorn")' 2>/dev/null || need acorn node-acorn
    build_and_check wasm
    ;;
  update)
    scripts/build.sh release digest
    build/release/tests/bits/digest > build/digests.txt
    mv build/digests.txt tests/bits/digests.txt
    git --no-pager diff --stat -- tests/bits/digests.txt
    ;;
  *)
    sed -n 's/^# \{0,1\}//; 2,6p' "$0" >&2
    exit 2
    ;;
esac
