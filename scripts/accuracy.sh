#!/bin/sh
# Measures every front end and every resampler beside its judges, into tests/parity/accuracy.json,
# and writes docs/accuracy.md. Needs what `make build` builds.
set -eu
cd "$(dirname "$0")/.."
scripts/need.sh python3 ffmpeg
python3 scripts/fetch.py --into build models speech
scripts/python_env.sh build/venv/test tests/parity/requirements.txt
export OSSICLE=build/release/apps/cli/ossicle OSSICLE_MODELS=build/models PYTHONDONTWRITEBYTECODE=1
export HF_HUB_OFFLINE=1 TRANSFORMERS_VERBOSITY=error TRANSFORMERS_NO_ADVISORY_WARNINGS=1
exec build/venv/test/bin/python tests/parity/accuracy.py -o docs/accuracy.md
