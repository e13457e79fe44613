#!/bin/sh
# Makes a Python environment with pinned packages, or leaves one alone that has them already.
#   [PYTHON=python3] scripts/python_env.sh FOLDER REQUIREMENTS.txt...
set -eu
folder=$1
shift

mkdir -p "$(dirname "$folder")"
exec 9>"$folder.lock"
flock 9
wanted=$(cat "$@")
[ "$(cat "$folder/requirements" 2>/dev/null)" = "$wanted" ] && exit 0

echo "Python packages into $folder: $(printf '%s\n' "$wanted" | grep -v '^ *\(#\|$\)' | tr '\n' ' ')"
rm -rf "$folder"
"${PYTHON:-python3}" -m venv "$folder"
for requirements in "$@"; do
  set -- "$@" -r "$requirements"
  shift
done
"$folder/bin/python" -m pip install --quiet --disable-pip-version-check "$@"
printf '%s\n' "$wanted" > "$folder/requirements"
