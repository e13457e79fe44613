#!/bin/sh
# Builds what the benchmark needs, installs the peers into build/, and measures, into
# build/bench/results.json.
#   scripts/bench.sh [ARGUMENTS OF bench/run.py]
# PEERS=all takes along the peers that need PyTorch (5 GB); PEERS=none leaves out all but the
# floors.
set -eu
cd "$(dirname "$0")/.."
peers=${PEERS:-}
python=build/venv/bench/bin/python

scripts/need.sh cmake ninja c++ python3
python3 scripts/fetch.py --into build speech
scripts/build.sh bench bench_programs
scripts/python_env.sh build/venv/bench bench/requirements.txt

build_mel_spec() {  # as fast as it can be here: target-cpu=native is not Cargo's default
  CARGO_TARGET_DIR=build/bench/cargo RUSTFLAGS="-C target-cpu=native" \
    cargo build --quiet --release --manifest-path bench/mel_spec/Cargo.toml
}

if [ "$peers" = none ]; then
  set -- --no-peers "$@"
elif ! command -v cargo >/dev/null; then
  echo "There is no cargo: mel_spec takes no part" >&2
elif build_mel_spec; then
  set -- --mel-spec build/bench/cargo/release/bench_mel_spec "$@"
else
  echo "mel_spec could not be built, and takes no part" >&2
fi
if [ "$peers" = all ]; then
  scripts/python_env.sh build/venv/bench-all bench/requirements-all.txt
  set -- --heavy-python build/venv/bench-all/bin/python "$@"
fi

VIRTUAL_ENV="$PWD/build/venv/bench"  # where Ossicle finds ONNX Runtime
export VIRTUAL_ENV
exec "$python" bench/run.py -o build/bench/results.json "$@"
