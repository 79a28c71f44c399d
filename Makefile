# The front door. Each target is a line or two of CMake presets (CMakePresets.json) or a script.
# SPDX-License-Identifier: MIT
FUZZ_SECONDS ?= 10
SOAK_SECONDS ?= 600
LISTEN ?= udp:127.0.0.1:5060

.DEFAULT_GOAL := help
.PHONY: help run build headers test test-release test-asan test-tsan test-fuzz bench compare fuzz soak profile format \
        check-format tidy analyze diagrams package deps deps-run deps-compare deps-all clean

help: ## this list
	@sed -n 's/^\([a-z][a-z-]*\):.*## /  make \1: /p' $(firstword $(MAKEFILE_LIST))

run: deps-run ## build what it takes to answer calls on udp:127.0.0.1:5060 (LISTEN=udp:HOST:PORT), and answer them
	cmake --preset run && cmake --build --preset run --target sipring
	build/run/sipring answer --listen $(LISTEN)
build: deps ## the sipring command, optimized: build/release/sipring
	cmake --preset release && cmake --build --preset release --target sipring

test: test-release test-asan test-tsan test-fuzz ## everything that must be green before a commit is pushed

test-release: deps
	cmake --workflow --preset release
test-asan: deps
	cmake --workflow --preset asan
test-tsan: deps
	cmake --workflow --preset tsan
test-fuzz: test-asan
	FUZZ_JOBS=4 tests/fuzz/run.sh build/asan/tests/fuzz $(FUZZ_SECONDS)

bench: deps ## every benchmark, on an optimized build
	cmake --preset release && cmake --build --preset bench
	set -e; for bench in build/release/bench/*_bench; do $$bench; done

compare: deps-compare ## figures beside their yardsticks: parsers beside their peers, hostile texts, engine beside raw echo
	cmake --preset release && cmake --build --preset bench
	perf/compare.py

fuzz: deps ## every fuzz target for FUZZ_SECONDS each (10), two at a time
	cmake --preset fuzz && cmake --build --preset fuzz
	tests/fuzz/run.sh build/fuzz/tests/fuzz $(FUZZ_SECONDS)

soak: FUZZ_SECONDS = 600
soak: deps ## every fuzz target for FUZZ_SECONDS each (600), SOAK_SEEDS seeds (200) of SOAK_STEPS of the simulator and of the walks, fresh ones for SOAK_SECONDS
	cmake --preset fuzz && cmake --build --preset fuzz
	cmake --preset release && cmake --build --preset release --target simulate core_tests
	tests/soak.sh build/fuzz/tests/fuzz $(FUZZ_SECONDS) build/release/tests $(SOAK_SECONDS)

profile: deps-all ## a flame graph of the engine under load: build/perf/answer.svg
	cmake --preset release && cmake --build --preset bench
	perf/profile.sh

format: deps-all ## rewrite every C++ file in the project's format
	git ls-files '*.h' '*.cpp' | xargs clang-format -i
check-format: deps-all
	git ls-files '*.h' '*.cpp' | xargs clang-format --dry-run -Werror
tidy_tree = cmake --preset clang -B build/tidy -D SIPRING_TESTS=OFF -D SIPRING_PRECOMPILE=OFF
tidy: deps-all ## clang-tidy over the library and the command, all but what takes long
	$(tidy_tree)
	cmake/tidy.sh build/tidy '-clang-analyzer-*'
analyze: deps-all ## what takes long: the analyzer follows every path (half an hour)
	$(tidy_tree)
	cmake/tidy.sh build/tidy '-*,clang-analyzer-*,-clang-analyzer-optin.performance.Padding'

diagrams: deps ## rewrite docs/transactions.md, docs/call-machines.md, docs/tolerance.md and docs/metrics.md from the tables
	cmake --preset release && cmake --build --preset release --target core_tests io_tests
	SIPRING_WRITE_DOCS=1 build/release/tests/core_tests --gtest_filter='*Diagrams.*:ToleranceDocument.*'
	SIPRING_WRITE_DOCS=1 build/release/tests/io_tests --gtest_filter='MetricsDocument.*'

headers: ## rewrite docs/headers.md from the first sentence of each public header
	docs/headers.py --write

package: deps-all ## Debian packages into build/package
	cmake --preset package && cmake --build --preset package
	cd build/package && cpack -G DEB

deps: ## install the Debian packages that building and testing need
	cmake/deps.sh test
deps-run:
	cmake/deps.sh run
deps-compare:
	cmake/deps.sh compare
deps-all:
	cmake/deps.sh all

clean: ## remove every build tree
	rm -rf build
