#!/bin/sh
# The main job on real speech with a real model: features, embeddings, a picture. Builds and fetches
# what is not there yet.
set -eu
cd "$(dirname "$0")/.."

speech=${SPEECH:-/usr/share/pocketsphinx/test/data/librivox/sense_and_sensibility_01_austen_64kb-0880.wav}
export OSSICLE_ONNXRUNTIME=build/onnxruntime/libonnxruntime.so.1
export PATH="$PWD/build/release/apps/cli:$PATH"

run() {
  printf '\n$'
  printf ' %s' "$@"
  printf '\n'
  "$@"
}

scripts/need.sh python3
scripts/build.sh release ossicle_cli
python3 scripts/fetch.py --into build onnxruntime models speech
mkdir -p build/demo
run ossicle extract --frontend wav2lip "$speech" -o build/demo/speech.wav2lip.npy --overwrite
run ossicle encode --model build/models/embedding_model.onnx --frontend openwakeword-embedding \
  --windows 76:8 "$speech" -o build/demo/speech.embedding.npy --overwrite
run ossicle plot --frontend whisper-80 "$speech" -o build/demo/speech.png --overwrite
printf '\nThe spectrogram to look at: %s\n' "$PWD/build/demo/speech.png"
