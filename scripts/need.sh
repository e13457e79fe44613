#!/bin/sh
# Fails, with the cure, unless each of some commands is there.
#   scripts/need.sh COMMAND...
set -eu
for command in "$@"; do
  if ! command -v "$command" >/dev/null; then
    echo "$command was not found: leave DEPS=no out, or install what" \
         "packaging/debian-packages.txt lists" >&2
    exit 1
  fi
done
