# `make` explains itself. Everything happens in .venv; nothing outside this folder changes except missing system packages.

PYTHON ?= python3
BIN := .venv/bin
RUNS ?= 1000
SEED ?= 1
WORKERS ?= 3
SOURCES := console views moderation sync resources

# Byte code is kept whatever the shell around says: else each worker, engine and command of a test compiles all anew.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help setup demo test check bench finder voice faults live lock translations format clean

help: ## this list
	@echo "Marquee: a desktop console for moderators of hosted communities"
	@echo
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: .venv/.system .venv/.ready ## .venv with the locked packages, and the system packages that Qt needs
	@$(BIN)/python -c "import PySide6.QtWidgets" || { echo "Qt does not load; see: $(BIN)/marquee doctor"; exit 1; }

demo: setup ## two sample communities in one window; throwaway, no account needed
	@$(BIN)/marquee demo $(ARGS)

test: setup .venv/.test-system .venv/.byte-code ## all tests, without a display
	QT_QPA_PLATFORM=offscreen $(BIN)/pytest -n $(WORKERS) --dist worksteal -q $(ARGS)

check: setup ## format, lint, types, directions of imports, translations
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python .ci/translations.py --check

bench: setup ## measure; writes docs/benchmarks.md and docs/benchmarks.json
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m tests.benchmarks $(ARGS)

finder: setup ## measure how well private data is found; writes docs/privacy-finder.md
	$(BIN)/python -m tests.corpus

voice: setup ## measure what the checks of an answer catch; writes a part of docs/voice.md
	$(BIN)/python -m tests.corpus.voice_corpus

faults: setup ## long fault runs: make faults RUNS=20000 SEED=1; a seed reproduces its run
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m tests.faults --runs $(RUNS) --seed $(SEED) $(ARGS)

live: setup ## tests against a real server: MARQUEE_LIVE_URL, MARQUEE_LIVE_TOKEN, MARQUEE_LIVE_USER
	QT_QPA_PLATFORM=offscreen $(BIN)/pytest -m live -q $(ARGS)

lock: .venv/.ready ## requirements.lock anew from pyproject.toml, newest that fit
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-annotate --extra dev \
		--no-emit-index-url --upgrade --custom-compile-command "make lock" pyproject.toml -o requirements.lock

translations: .venv/.ready ## read the window's texts into resources/translations, and make the files that Qt loads
	$(BIN)/python .ci/translations.py

format: .venv/.ready ## lay out the code
	$(BIN)/ruff check --fix -q .
	$(BIN)/ruff format .

clean: ## remove what make made
	rm -rf .venv build dist .mypy_cache .ruff_cache .hypothesis .import_linter_cache *.egg-info
	find . -name __pycache__ -prune -exec rm -rf {} +

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make PYTHON=python3.12 ..."; exit 1; }
	@$(PYTHON) -m venv .venv || { echo "Please install python3-venv: sudo apt-get install -y python3-venv"; exit 1; }

.venv/.system: .ci/system-packages | .venv/bin/python
	@.ci/system-packages
	@touch $@

.venv/.test-system: .ci/system-packages | .venv/bin/python
	@.ci/system-packages tests
	@touch $@

.venv/.ready: requirements.lock pyproject.toml | .venv/bin/python
	@echo "Installing the locked packages into .venv"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-compile --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@$(BIN)/python .ci/translations.py --compile
	@touch $@

# pytest compiles tests in its own way. Once, one process a core, instead of once in every worker; trouble shows there.
.venv/.byte-code: $(shell find $(SOURCES) tests -name '*.py') | .venv/.ready
	@$(BIN)/python -m compileall -q -j 0 $(SOURCES)
	@$(BIN)/pytest --collect-only -qq tests/sync tests/moderation >/dev/null 2>&1 & \
		$(BIN)/pytest --collect-only -qq tests --ignore tests/sync --ignore tests/moderation >/dev/null 2>&1; wait
	@touch $@
