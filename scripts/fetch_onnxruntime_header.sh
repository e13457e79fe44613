#!/bin/sh
# Puts the official onnxruntime_c_api.h, of Debian trixie's libonnxruntime-dev, into FOLDER/include.
# The package is unpacked there, not installed; the machine's own apt settings, packages and lists stay
# as they are.
#   scripts/fetch_onnxruntime_header.sh FOLDER
# Exit code 77: it cannot be had here, and stdout says why.
set -eu
suite=trixie
package=libonnxruntime-dev

cannot() {
  echo "onnxruntime_c_api.h cannot be had: $*"
  exit 77
}

# The machine's own sources of the release it runs, with $suite in place of that release.
one_line_sources() {
  cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null |
    awk -v own="$codename" -v suite="$suite" '
      $1 == "deb" {
        field = 2
        if ($2 ~ /^\[/) while ($field !~ /\]$/ && field < NF) ++field
        if ($2 ~ /^\[/) ++field
        if ($(field + 1) == own) { $(field + 1) = suite; print }
      }'
}

deb822_sources() {
  for file in /etc/apt/sources.list.d/*.sources; do
    [ -f "$file" ] || continue
    sed '/^#/d' "$file"
    echo
  done | awk -v own="$codename" -v suite="$suite" '
    BEGIN { RS = ""; ORS = "\n\n" }
    {
      count = split($0, lines, "\n")
      of_own = binary = 0
      for (i = 1; i <= count; ++i) {
        if (lines[i] ~ "^Suites:(.*[ \t])?" own "([ \t].*)?$") { of_own = 1; lines[i] = "Suites: " suite }
        if (lines[i] ~ /^Types:(.*[ \t])?deb([ \t].*)?$/) binary = 1
      }
      if (!of_own || !binary) next
      text = lines[1]
      for (i = 2; i <= count; ++i) text = text "\n" lines[i]
      print text
    }'
}

apt() {
  apt-get -qq -o Dir::Etc::SourceList="$work/etc/own.list" -o Dir::Etc::SourceParts="$work/etc" \
    -o Dir::State::Lists="$work/lists" -o Dir::Cache="$work/cache" -o Dir::State::Status=/dev/null \
    -o APT::Sandbox::User=root -o Acquire::Retries=2 "$@"
}

[ $# -eq 1 ] || { sed -n 's/^# \{0,1\}//; 2,6p' "$0" >&2; exit 2; }
mkdir -p "$1"
folder=$(cd "$1" && pwd)
[ -f "$folder/include/onnxruntime_c_api.h" ] && exit 0

command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || cannot "there is no apt-get"
distribution=$(. /etc/os-release && echo "$ID")
codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
[ "$distribution" = debian ] || cannot "$package is taken from Debian, and this is $distribution"

work=$(mktemp -d -p "$folder")  # so that the last step is one rename
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/etc" "$work/lists/partial" "$work/cache/archives/partial"
one_line_sources > "$work/etc/own.list"
deb822_sources > "$work/etc/own.sources"
[ -s "$work/etc/own.list" ] || [ -s "$work/etc/own.sources" ] ||
  cannot "apt has no source of $codename"

echo "$package ($suite, MIT): fetching onnxruntime_c_api.h into $folder/include" >&2
apt update >&2 || cannot "apt-get could not read $suite"
(cd "$work" && apt download "$package" >&2) || cannot "apt-get could not download $package"
dpkg-deb -x "$work/$package"_*.deb "$work/unpacked"
header=$(find "$work/unpacked" -name onnxruntime_c_api.h)
[ -n "$header" ] || cannot "$package does not hold it"
mv "$(dirname "$header")" "$folder/include"
