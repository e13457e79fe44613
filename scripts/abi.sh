#!/bin/sh
# What a program that was compiled against an older libossicle.so would not find in a newer one.
#   scripts/abi.sh                                    that of the last tag, and of this folder
#   scripts/abi.sh compare OLD.so HEADERS NEW.so HEADERS
# New calls, new fields at a struct's end and new values of an enumeration are no break.
# Exit code 77: abidiff is missing.
set -eu
cd "$(dirname "$0")/.."

compare() {  # compare OLD.so HEADERS NEW.so HEADERS: both with debugging information
  abidiff --no-added-syms --fail-no-debug-info --suppressions scripts/abidiff.ini \
    --headers-dir1 "$2" --headers-dir2 "$4" "$1" "$3" || {
    echo "$3 breaks the ABI of $1: undo it, or raise OSSICLE_ABI_VERSION in ossicle.h"
    return 1
  }
  echo "$3 serves programs that were compiled against $1"
}

build() {  # build SOURCE FOLDER
  cmake -S "$1" -B "$2" -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo -DOSSICLE_CLI=OFF >/dev/null
  cmake --build "$2" --parallel "$(nproc)" --target ossicle_c >/dev/null
}

compare_with_last_tag() {
  tag=$(git describe --tags --abbrev=0 --match 'v[0-9]*' 2>/dev/null) || {
    echo "there is no tag yet, so there is no ABI to keep"
    return
  }
  git cat-file -e "$tag:include/ossicle/ossicle.h" 2>/dev/null || {
    echo "$tag has no ossicle.h, so there is no ABI to keep"
    return
  }
  old=build/abi/$tag
  rm -rf "$old" && mkdir -p "$old"
  git archive "$tag" | tar -x -C "$old"
  build "$old" "$old/build"
  build . build/abi/new
  compare "$old/build/src/c/libossicle.so" "$old/include" build/abi/new/src/c/libossicle.so include
}

command -v abidiff >/dev/null || {
  echo "abidiff was not found, so the ABI stays unproved here: apt-get install abigail-tools"
  exit 77
}
case ${1:-} in
  compare) shift; compare "$@" ;;
  "") compare_with_last_tag ;;
  *) sed -n 's/^# \{0,1\}//; 2,6p' "$0" >&2; exit 2 ;;
esac
