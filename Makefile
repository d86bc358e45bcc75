# Two commands on a fresh machine: `make run` and `make test`. Everything else is for those who work on Hearth.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready

.PHONY: run test soak check bench lock clean

run: $(READY)
	$(BIN)/hearth run

test: $(READY)
	$(BIN)/pytest --numprocesses auto --maxprocesses 8 --dist worksteal

# What must hold however long it goes on.
soak: $(READY)
	HEARTH_SOAK=1 $(BIN)/pytest --timeout 3600 tests/faults

check: $(READY)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(READY)
	$(BIN)/python -m bench

# The environment is the lock file and nothing else: hashes are required, and Hearth itself adds no download.
$(READY): requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $(READY)

# No registry address may enter the lock, so that it serves behind any mirror.
lock: $(READY)
	$(PYTHON) -m venv $(VENV)/lock
	$(VENV)/lock/bin/pip install --quiet --disable-pip-version-check uv
	$(VENV)/lock/bin/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 \
		--generate-hashes --no-annotate --no-header --no-emit-index-url --quiet --output-file requirements.lock

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
