# `make demo` and `make test` work on a fresh Debian or Ubuntu machine that has Swift 6.2 or later.
SHELL := /bin/bash
.SHELLFLAGS := -o pipefail -c
REPLAY := .build/release/replay
TEST_LOG := .build/test.log
# A debug build, with its assertions and seeded defects, whose code is optimised all the same: the
# tests take about a quarter of the time. Whole modules at once compile faster than optimised files.
TEST_FLAGS := -Xswiftc -O -Xswiftc -assert-config -Xswiftc Debug \
  -Xswiftc -wmo -Xswiftc -num-threads -Xswiftc 2 -Xswiftc -disable-batch-mode

.PHONY: demo test check setup check-setup release lint traces

# Installs what is missing, and says what to do where it may not.
setup:
	@command -v swift >/dev/null || \
	  { echo "error: Swift 6.2 or later is not on PATH; see https://swift.org/install" >&2; exit 1; }
	@if [ ! -e /usr/include/zstd.h -o ! -e /usr/include/zlib.h ] && command -v apt-get >/dev/null; then \
	  as_root=; \
	  if [ "$$(id -u)" -ne 0 ]; then \
	    if command -v sudo >/dev/null; then as_root=sudo; else \
	      echo "error: as root, run: apt-get install libzstd-dev zlib1g-dev" >&2; \
	      exit 1; \
	    fi; \
	  fi; \
	  $$as_root apt-get update -qq && \
	    DEBIAN_FRONTEND=noninteractive $$as_root apt-get install -y -qq \
	      libzstd-dev zlib1g-dev pkg-config; \
	fi

release: setup
	swift build -c release --product replay

# Two ways to route prompts, on the default fleet at 80 % of the busiest pool's estimate. The tables
# of both runs stay in demo/.
demo: release
	$(REPLAY) compare traces/chat.replay.zst --load 0.8 --measure 10s..30s \
	  --slo ttft=500ms,tpot=10ms \
	  --policy route-prefill=round-robin --policy route-prefill=cache-aware \
	  --out demo --overwrite

test: setup
	@mkdir -p .build
	swift test $(TEST_FLAGS) 2>&1 | tee $(TEST_LOG)
	@echo
	@grep -E '^skipped:|(Test|Suite) .* skipped' $(TEST_LOG) || echo "skipped: nothing"

# Makes the bundled traces anew, as their manifest says.
traces: release
	@tail -n +2 traces/MANIFEST.csv | while IFS=, read -r file recipe seed size digest rows; do \
	  $(REPLAY) trace synth $$recipe $$size --seed $$seed -o traces/$$file || exit 1; \
	done

lint:
	swift format lint --strict --recursive Sources Tests Package.swift

# What the slower tests need: Python with virtual environments, and the zstd program.
check-setup: setup
	@if command -v apt-get >/dev/null && [ "$$(id -u)" -eq 0 ] && \
	    ! { python3 -c 'import venv, ensurepip' && command -v zstd; } >/dev/null 2>&1; then \
	  apt-get update -qq && \
	    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-venv zstd; \
	fi

# The command line tests run a second time, against the program that users get, and with them those
# that are too slow for `make test`.
check: check-setup lint test release
	swift build -c release --product ReplayBench
	.build/release/ReplayBench --smoke
	REPLAY_INTEGRATION=1 REPLAY_BINARY=$(CURDIR)/$(REPLAY) \
	  swift test --skip-build --filter 'ReplayKitTests|DatasetReaders' 2>&1 | tee $(TEST_LOG)
	@grep -E '^skipped:|(Test|Suite) .* skipped' $(TEST_LOG) || echo "skipped: nothing"
