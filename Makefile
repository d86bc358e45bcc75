# Two commands on a fresh machine: `make run` and `make test`. Everything else is for those who work on Hearth.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/pip install --quiet --disable-pip-version-check
RUNS   := $(VENV)/.runs
TESTS  := $(VENV)/.tests

.PHONY: run test soak check bench lock licences clean

run: $(RUNS)
	$(BIN)/hearth run

test: $(TESTS)
	$(BIN)/pytest --numprocesses auto --maxprocesses 8 --dist worksteal

# What must hold however long it goes on.
soak: $(TESTS)
	HEARTH_SOAK=1 $(BIN)/pytest --timeout 3600 tests/faults tests/security

check: $(TESTS)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(TESTS)
	$(BIN)/python -m bench

# What runs is requirements.lock and nothing else: hashes are required. Hearth itself is not built, which would take
# tools to build it with, but found where it lies.
$(RUNS): requirements.lock Makefile
	$(PYTHON) -m venv $(VENV)
	$(PIP) --require-hashes --requirement requirements.lock
	echo "$(CURDIR)" > "$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/hearth.pth"
	printf '#!/bin/sh\nexec "%s/python" -P -m bot "$$@"\n' "$(CURDIR)/$(BIN)" > $(BIN)/hearth
	chmod +x $(BIN)/hearth
	touch $@

# The same versions and what tests and checks need besides; what is installed already is not installed again.
$(TESTS): $(RUNS) requirements-dev.lock
	$(PIP) --require-hashes --requirement requirements-dev.lock
	touch $@

# No registry address may enter a lock, so that it serves behind any mirror. What runs decides; the other follows it.
COMPILE := $(VENV)/lock/bin/uv pip compile pyproject.toml --universal --python-version 3.11 \
	--generate-hashes --no-annotate --no-header --no-emit-index-url --quiet

lock:
	$(PYTHON) -m venv $(VENV)/lock
	$(VENV)/lock/bin/pip install --quiet --disable-pip-version-check uv
	$(COMPILE) --extra postgres --output-file requirements.lock
	$(COMPILE) --extra dev --constraint requirements.lock --output-file requirements-dev.lock

# After `make lock`: what is installed to run, and under which licences.
licences: $(RUNS)
	$(BIN)/python .ci/licences.py > $(VENV)/licences.md
	mv $(VENV)/licences.md docs/licences.md

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
