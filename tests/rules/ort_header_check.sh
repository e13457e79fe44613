#!/bin/sh
# Compares the declarations of ONNX Runtime with its official header.
#   ort_header_check.sh SOURCE_FOLDER HEADER_FOLDER CXX
# Exit code 77: there is no header here; stdout says why.
set -eu
"$1/scripts/fetch_onnxruntime_header.sh" "$2"
"$3" -std=c++20 -fsyntax-only -Wno-ignored-attributes -isystem "$2/include" -I"$1/src" \
  "$1/tests/rules/ort_header_check.cc"
echo "the declarations agree with $2/include/onnxruntime_c_api.h"
