#!/bin/sh
# The checks of style, with the pinned tools of scripts/requirements-lint.txt.
#   scripts/lint.sh check         formatting of all C and C++ files, then clang-tidy on src/ and apps/
#   scripts/lint.sh check-format  formatting alone
#   scripts/lint.sh tidy          clang-tidy alone; needs the release preset configured
#   scripts/lint.sh format        formats all C and C++ files in place
set -eu
cd "$(dirname "$0")/.."
tools=build/venv/lint
build=${BUILD_DIR:-build/release}

sources() {  # sources FOLDER...
  find "$@" -name '*.h' -o -name '*.cc' -o -name '*.c' | sort
}

format() {
  sources include src apps python/src tests bench | xargs "$tools/bin/clang-format" "$@"
}

compiled() {  # those of the files that come in which the build compiles
  while read -r file; do
    if grep -q "\"file\": \".*/$file\"" "$build/compile_commands.json"; then echo "$file"; fi
  done
}

tidy() {
  sources src apps | grep '\.cc$' | compiled |
    xargs -n 1 -P "$(nproc)" "$tools/bin/clang-tidy" -p "$build" --quiet --warnings-as-errors='*' \
      --extra-arg=-Wno-unknown-warning-option
}

scripts/python_env.sh "$tools" scripts/requirements-lint.txt
case ${1:-check} in
  check) format --dry-run -Werror --ferror-limit=1; scripts/build.sh release; tidy ;;
  check-format) format --dry-run -Werror --ferror-limit=1 ;;
  tidy) tidy ;;
  format) format -i ;;
  *) sed -n 's/^# \{0,1\}//; 2,6p' "$0" >&2; exit 2 ;;
esac
