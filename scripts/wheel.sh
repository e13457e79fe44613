#!/bin/sh
# Makes the Python package's source archive and, from that archive, its wheel, with the libraries that
# it needs inside: build/wheel/dist. For the Python that runs here.
set -eu
cd "$(dirname "$0")/.."
scripts/need.sh cmake ninja c++ python3
scripts/python_env.sh build/venv/wheel scripts/requirements-wheel.txt
folder=$PWD/build/wheel
export PATH="$PWD/build/venv/wheel/bin:$PATH"

quietly() {  # what it prints is shown only if it fails
  "$@" >"$folder/log" 2>&1 || { tail -n 40 "$folder/log" >&2; exit 1; }
}

rm -rf "$folder"
mkdir -p "$folder/source" "$folder/dist"
quietly python -m build --sdist --no-isolation --outdir "$folder/dist" .
tar -xzf "$folder"/dist/ossicle-*.tar.gz -C "$folder/source" --strip-components 1
quietly python -m build --wheel --no-isolation --outdir "$folder/raw" "$folder/source"
quietly python -m auditwheel repair --strip -w "$folder/dist" "$folder"/raw/ossicle-*.whl
ls -l "$folder"/dist/*
