# Needs make and Python 3.11 or newer with the venv module and pip; everything else is installed into .venv.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV ?= .venv
BIN := $(VENV)/bin
WORKERS ?= 2
DEMO ?= demo

.PHONY: demo test test-fast test-services test-harnesses lint check-tools bench wheel clean

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.core: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.dev: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@ $(VENV)/.core

# The fictional exam from raw papers to a verified release; needs nothing but the core.
demo: $(VENV)/.core
	$(BIN)/python examples/demo.py $(DEMO)

# Everything that runs in the main environment.
test: $(VENV)/.dev check-tools lint
	$(BIN)/python -m pytest -n $(WORKERS) -m 'not services'

test-fast: $(VENV)/.dev
	$(BIN)/python -m pytest -n $(WORKERS)

# What needs an environment of its own; a service that cannot be installed is a failure.
test-services: $(VENV)/.dev
	$(BIN)/python -m pytest -m 'services and not harnesses'

# Exported tasks in lighteval, HELM and OpenCompass: environments of two gigabytes each.
test-harnesses: $(VENV)/.dev
	$(BIN)/python -m pytest -m harnesses

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pyright
	$(BIN)/lint-imports

check-tools:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || { echo "Chromium is needed: apt-get install chromium"; exit 1; }
	@command -v tesseract >/dev/null || { echo "Tesseract is needed: apt-get install tesseract-ocr"; exit 1; }
	@command -v apertium-wblank-mode >/dev/null || { echo "Apertium is needed: apt-get install apertium apertium-eng-spa apertium-es-pt"; exit 1; }

bench: $(VENV)/.dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[bench]'
	$(BIN)/python bench/run.py

wheel: $(VENV)/.dev
	$(BIN)/python -m build --outdir dist

clean:
	rm -rf $(VENV) $(DEMO) dist bench/out .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache .coverage htmlcov
	find benchwright tests examples bench -name __pycache__ -type d -prune -exec rm -rf {} +
