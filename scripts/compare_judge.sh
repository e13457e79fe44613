#!/bin/sh
# All cases of tests/compare/judge.cc, singles and pairs beside each other, with the bars. What they
# print is kept in build/compare-singles.txt and build/compare-pairs.txt.
set -eu
cd "$(dirname "$0")/.."

scripts/build.sh release compare_judge
python3 scripts/fetch.py --into build speech
judge=build/release/tests/compare/compare_judge

$judge --pairs --least 0.9 --most-seconds 10 > build/compare-pairs.txt &
pairs=$!
status=0
$judge --least 0.98 --most-seconds 10 > build/compare-singles.txt || status=1
wait "$pairs" || status=1
tail -n 1 build/compare-singles.txt build/compare-pairs.txt
exit $status
