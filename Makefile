# One-line targets over CMakePresets.json and scripts/.
#   DEPS=no      install no package
#   PEERS=all    for `make bench`, see below
#   PREFIX=DIR   where `make install` puts things; DESTDIR is honoured
export DEPS ?= yes
PREFIX ?= /usr/local

.DEFAULT_GOAL := help
.PHONY: help deps build demo test asan tsan abi digests bench compare-judge performance-doc parity-goldens accuracy-doc lint format wheel install clean

help:  ## print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' Makefile
deps:  ## install the Debian packages that building and testing need
	@scripts/deps.sh build demo test bench
build: deps  ## build the library, the command and the tests: build/release
	@scripts/build.sh release
demo:  ## run the main job on real speech with a real model
	@scripts/deps.sh build demo test bench && scripts/demo.sh
test: deps  ## build and run every test, also under the sanitizers
	@scripts/deps.sh bits && scripts/test.sh release asan-ubsan tsan
asan: deps  ## the C++ tests under AddressSanitizer and UndefinedBehaviorSanitizer
	@scripts/test.sh asan-ubsan
tsan: deps  ## the C++ tests that use threads, under ThreadSanitizer
	@scripts/test.sh tsan
bench:  ## measure the front end beside its peers; PEERS=all: also those that need PyTorch, 5 GB
	@scripts/deps.sh build demo test bench && scripts/bench.sh
compare-judge:  ## change every choice of every preset, alone and in pairs: an hour; does compare name it?
	@scripts/deps.sh build demo test && scripts/compare_judge.sh
performance-doc:  ## write docs/performance.md from what make bench measured
	@python3 bench/report.py build/bench/results.json -o docs/performance.md
parity-goldens:  ## write tests/parity/goldens with libraries too heavy for the tests: 7 GB
	@scripts/parity_goldens.sh
accuracy-doc: build  ## measure front ends and resamplers, and write docs/accuracy.md
	@scripts/accuracy.sh
wheel: deps  ## the Python package: build/wheel/dist
	@scripts/wheel.sh
abi: deps  ## compare the C ABI with that of the last tag
	@scripts/abi.sh
digests: deps  ## write tests/bits/digests.txt anew: a change of bits, for the changelog
	@scripts/bits.sh update
lint: deps  ## check the formatting, then clang-tidy
	@scripts/lint.sh check
format: deps  ## format the C++ files in place
	@scripts/lint.sh format
install: build  ## install into PREFIX (/usr/local)
	@cmake --install build/release --prefix $(PREFIX)
clean:  ## remove build/
	@rm -rf build
