#!/bin/sh
# Puts Highway for 64-bit ARM and nlohmann-json, as this machine's release of Debian has them, into
# FOLDER. The packages are unpacked there, not installed; the machine's own apt settings, packages and
# lists stay as they are.
#   scripts/fetch_arm64_packages.sh FOLDER
# Exit code 77: they cannot be had here, and stdout says why.
set -eu

cannot() {
  echo "Highway for 64-bit ARM cannot be had: $*"
  exit 77
}

apt() {  # apt TOOL ARGUMENTS...
  tool=$1
  shift
  "apt-$tool" -qq -o APT::Architecture=arm64 -o APT::Architectures=arm64 \
    -o Dir::State::Lists="$work/lists" -o Dir::Cache="$work/cache" -o Dir::State::Status=/dev/null \
    -o APT::Sandbox::User=root -o Acquire::Retries=2 -o Acquire::Languages=none "$@"
}

[ $# -eq 1 ] || { sed -n 's/^# \{0,1\}//; 2,6p' "$0" >&2; exit 2; }
[ -d "$1/usr" ] && exit 0
mkdir -p "$1"
folder=$(cd "$1" && pwd)

command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || cannot "there is no apt-get"
work=$(mktemp -d -p "$folder")  # so that the last step is one rename
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/lists/partial" "$work/cache/archives/partial" "$work/packages" "$work/unpacked"

echo "libhwy-dev (arm64, Apache-2.0), nlohmann-json3-dev (MIT): fetching into $folder" >&2
apt get update >&2 || cannot "apt-get could not read the lists of arm64"
library=$(apt cache show libhwy-dev | sed -n 's/^Depends:.*\(libhwy[0-9][^ ,]*\).*/\1/p' | head -n 1)
[ -n "$library" ] || cannot "apt-get knows no libhwy-dev of arm64"
(cd "$work/packages" && apt get download libhwy-dev "$library" nlohmann-json3-dev >&2) ||
  cannot "apt-get could not download them"
for package in "$work"/packages/*.deb; do dpkg-deb -x "$package" "$work/unpacked"; done
mv "$work/unpacked/usr" "$folder/usr"
