#!/bin/sh
# Builds the Python package's wheel, with the libraries that it needs inside: build/wheel/dist/*.whl.
# Built for the Python that runs here. With the tools of requirements-wheel.txt, in an environment.
set -eu
cd "$(dirname "$0")/.."
scripts/need.sh cmake ninja c++ python3
scripts/python_env.sh build/venv/wheel scripts/requirements-wheel.txt
bin=$PWD/build/venv/wheel/bin
rm -rf build/wheel/raw build/wheel/dist
"$bin/python" -m build --wheel --no-isolation --outdir build/wheel/raw . >build/wheel.log 2>&1 ||
  { tail -n 40 build/wheel.log >&2; exit 1; }
PATH="$bin:$PATH" "$bin/python" -m auditwheel repair --strip -w build/wheel/dist build/wheel/raw/*.whl >>build/wheel.log 2>&1 ||
  { tail -n 40 build/wheel.log >&2; exit 1; }
ls build/wheel/dist/*.whl
