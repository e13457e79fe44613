#!/bin/sh
# Writes tests/parity/goldens/*.npz, features, and tests/parity/goldens/resamplers/*.npz, audio at other
# rates, as libraries give them that are too large or too old for the environment of the tests, and
# tests/compat/goldens/*.npz, what such libraries answer to the calls that ossicle.compat replaces. Each
# family has its environment in build/venv; what is there already is left alone. librosa before 0.9 and
# resampy before 0.3 need Python 3.8, from PATH or pyenv. mel_spec needs cargo.
#   scripts/parity_goldens.sh [FAMILY...]   torch files tensorflow librosa-0.7 librosa-0.8 mel-spec
#                                           resamplers resampy-0.2 compat lhotse openwakeword
set -eu
cd "$(dirname "$0")/.."
goldens=tests/parity/goldens
compat_goldens=tests/compat/goldens
[ $# -gt 0 ] || set -- torch files tensorflow librosa-0.7 librosa-0.8 mel-spec resamplers \
  resampy-0.2 compat lhotse openwakeword
export PYTHONDONTWRITEBYTECODE=1 HF_HUB_OFFLINE=1 TF_CPP_MIN_LOG_LEVEL=3 CUDA_VISIBLE_DEVICES=
export TRANSFORMERS_VERBOSITY=error

make_goldens() {  # make_goldens ENVIRONMENT MODULE [FOLDER]
  PYTHONPATH=${3:-} "build/venv/goldens-$1/bin/python" "$goldens/make.py" "$2" -o "${3:-$goldens}"
}

python_3_8() {  # the path of a Python 3.8
  for python in "$(command -v python3.8 || :)" \
    "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.8.*/bin/python3.8; do
    [ -n "$python" ] && "$python" -c "" 2>/dev/null && echo "$python" && return
  done
  return 1
}

files_of() {  # files_of REQUIREMENTS.txt FOLDER: packages without what they depend on
  [ "$(cat "$2/requirements" 2>/dev/null)" = "$(cat "$1")" ] && return
  echo "Python packages into $2, without what they depend on: $(grep -v '^#' "$1" | tr '\n' ' ')"
  rm -rf "$2"
  build/venv/goldens-torch/bin/python -m pip install --quiet --disable-pip-version-check --no-deps \
    --target "$2" -r "$1"
  cat "$1" > "$2/requirements"
}

of_family() {
  case $1 in
    torch)
      scripts/python_env.sh build/venv/goldens-torch "$goldens/requirements-torch.txt"
      make_goldens torch torch_judges
      build/venv/goldens-torch/bin/python tests/compat/transformers_golden.py ;;
    tensorflow)
      scripts/python_env.sh build/venv/goldens-tensorflow "$goldens/requirements-tensorflow.txt"
      make_goldens tensorflow audioset ;;
    files)
      scripts/python_env.sh build/venv/goldens-torch "$goldens/requirements-torch.txt"
      for set in files nemo-2.4; do
        files_of "$goldens/requirements-$set.txt" "build/goldens/$set"
        OSSICLE_GOLDEN_FILES=build/goldens/$set make_goldens torch file_judges
      done ;;
    compat)
      scripts/python_env.sh build/venv/goldens-torch "$goldens/requirements-torch.txt"
      build/venv/goldens-torch/bin/python -W ignore tests/compat/torchaudio_cases.py \
        -o tests/compat/goldens ;;
    resamplers)
      scripts/python_env.sh build/venv/goldens-torch "$goldens/requirements-torch.txt"
      make_goldens torch torch_resamplers ;;
    librosa-*|resampy-*)
      if ! python=$(python_3_8); then
        echo "There is no Python 3.8, on PATH or in pyenv: the goldens of $1 stay as they are" >&2
        return
      fi
      PYTHON=$python scripts/python_env.sh "build/venv/goldens-$1" "$goldens/requirements-$1.txt"
      make_goldens "$1" "${1%%-*}_old" ;;
    mel-spec)
      if ! command -v cargo >/dev/null; then
        echo "There is no cargo: the goldens of mel_spec stay as they are" >&2
        return
      fi
      CARGO_TARGET_DIR=build/bench/cargo RUSTFLAGS="-C target-cpu=native" \
        cargo build --quiet --release --manifest-path bench/mel_spec/Cargo.toml
      scripts/python_env.sh build/venv/goldens-torch "$goldens/requirements-torch.txt"
      OSSICLE_MEL_SPEC=build/bench/cargo/release/bench_mel_spec make_goldens torch mel_spec ;;
    lhotse)
      scripts/python_env.sh build/venv/goldens-torch "$goldens/requirements-torch.txt"
      make_goldens torch lhotse_goldens "$compat_goldens" ;;
    openwakeword)
      python3 scripts/fetch.py --into build models
      scripts/python_env.sh build/venv/goldens-openwakeword \
        "$compat_goldens/requirements-openwakeword.txt"
      OSSICLE_MODELS=build/models make_goldens openwakeword openwakeword_goldens "$compat_goldens" ;;
    *) echo "$1 is no family of goldens" >&2; exit 2 ;;
  esac
}

scripts/need.sh python3
python3 scripts/fetch.py --into build speech
for family in "$@"; do
  of_family "$family"
done
size=$(du -cb "$goldens"/*.npz "$goldens"/resamplers/*.npz "$compat_goldens"/*.npz | tail -n 1 | cut -f 1)
echo "goldens: $((size / 1024)) KiB in all"
[ "$size" -le $((8 << 20)) ] || { echo "more than 8 MiB" >&2; exit 1; }
