#!/bin/sh
# The wheel in an environment that holds nothing else: its size, its numbers, its command.
#   tests/python/smoke.sh PYTHON FOLDER
set -eu
cd "$(dirname "$0")/../.."
python=$1
folder=$2
wheel=$(ls "$PWD"/build/wheel/dist/*.whl)

at_most() {  # at_most MIB WHEEL
  size=$(wc -c <"$2")
  echo "$(basename "$2"): $size bytes"
  [ "$size" -le $(($1 << 20)) ] || { echo "this wheel is larger than $1 MiB" >&2; exit 1; }
}
at_most 3 build/wheel/raw/*.whl  # our own
at_most 4 "$wheel"               # and the libraries that it needs

rm -rf "$folder"
"$python" -m venv "$folder"
"$folder/bin/python" -m pip install --quiet --disable-pip-version-check "$wheel"
"$folder/bin/python" -m pip list --disable-pip-version-check --format freeze
cd "$folder"
env -i PATH=/usr/bin:/bin bin/python "$OLDPWD/tests/python/smoke.py"
