#!/bin/sh
# The Go package in go/ against an installed library: gofmt, go vet, and its tests under the race
# detector. With "peer", the chain on gonum's FFT that it is measured beside, which Go fetches.
#   tests/go/test.sh package|peer
# Wants in the environment what tests/go/CMakeLists.txt sets. Exit code 77: there is no Go.
set -eu
cd "$(dirname "$0")/../../go"

if ! go version; then
  echo "SKIPPED: there is no Go here; it is in Debian's package golang-go"
  exit 77
fi

go_files_are_formatted() {
  unformatted=$(gofmt -l .)
  [ -z "$unformatted" ] || { echo "not as gofmt writes them: $unformatted" >&2; return 1; }
}

make_materials() {  # what the tests and the examples name, in $OSSICLE_MATERIALS
  rm -rf "$OSSICLE_MATERIALS"
  mkdir -p "$OSSICLE_MATERIALS"
  cp /usr/share/pocketsphinx/test/data/librivox/*0880.wav "$OSSICLE_MATERIALS/talk.wav"
  "$OSSICLE_PYTHON" ../tests/models/make_wav2lip_encoder.py "$OSSICLE_MATERIALS/lipsync.onnx"
  "$OSSICLE" pack "$OSSICLE_MATERIALS/lipsync.onnx" --frontend wav2lip --windows 16:80/25 \
    -o "$OSSICLE_MATERIALS/packed.onnx" --quiet
}

case $1 in
  package) go_files_are_formatted; make_materials; go vet ./...; go test -race -count=1 ./... ;;
  peer) cd bench; go vet ./...; go test -count=1 ./... ;;
  *) sed -n 's/^# \{0,1\}//; 2,6p' "$0" >&2; exit 2 ;;
esac
