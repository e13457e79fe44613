#!/bin/sh
# Installs the Debian packages that some sections of packaging/debian-packages.txt name, after saying
# which. Nothing is said or done when none is missing. With DEPS=no it only says what is missing.
#   scripts/deps.sh SECTION...
set -eu
cd "$(dirname "$0")/.."

in_sections() {  # in_sections SECTION...: their lines as PACKAGE or PACKAGE : COMMAND
  awk -v sections=" $* " '
    /^\[/ { section = substr($0, 2, length($0) - 2); next }
    NF && $1 !~ /^#/ && index(sections, " " section " ")' packaging/debian-packages.txt
}

installed() {  # installed PACKAGE COMMAND
  [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ] && return
  [ -n "$2" ] && sh -c "$2" >/dev/null 2>&1
}

missing_packages() {
  in_sections "$@" | while IFS= read -r line; do
    package=${line%% *}
    command=
    case $line in *" : "*) command=${line#* : } ;; esac
    installed "$package" "$command" || printf ' %s' "$package"
  done
}

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    echo "Neither root nor sudo: have the packages above installed, then go on with DEPS=no." >&2
    exit 1
  fi
}

if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
  [ "${DEPS:-yes}" = no ] && exit 0
  echo "This machine has no apt-get. Install what these Debian packages hold, then add DEPS=no:" >&2
  in_sections "$@" | sed 's/ : .*//; s/^/  /' >&2
  exit 1
fi

missing=$(missing_packages "$@")
[ -z "$missing" ] && exit 0
if [ "${DEPS:-yes}" = no ]; then
  printf 'DEPS=no, so these Debian packages stay missing:\n %s\n' "$missing" >&2
  exit 0
fi

echo "Not on this machine, to be installed with apt-get (DEPS=no leaves the machine alone):"
echo " $missing"
as_root apt-get update -qq
# shellcheck disable=SC2086  # a list of names
as_root env DEBIAN_FRONTEND=noninteractive \
  apt-get install -y -qq --no-install-recommends -o Dpkg::Use-Pty=0 $missing >/dev/null
