#!/bin/sh
# The wheel in an environment that holds nothing else: its size, its numbers, its command.
#   tests/python/smoke.sh PYTHON FOLDER
set -eu
cd "$(dirname "$0")/../.."
python=$1
folder=$2
wheel=$(ls "$PWD"/build/wheel/dist/*.whl)

size=$(wc -c <"$wheel")
echo "$(basename "$wheel"): $size bytes"
[ "$size" -le $((3 << 20)) ] || { echo "the wheel is larger than 3 MiB" >&2; exit 1; }

rm -rf "$folder"
"$python" -m venv "$folder"
"$folder/bin/python" -m pip install --quiet --disable-pip-version-check "$wheel"
"$folder/bin/python" -m pip list --disable-pip-version-check --format freeze
cd "$folder"
env -i PATH=/usr/bin:/bin bin/python "$OLDPWD/tests/python/smoke.py"
