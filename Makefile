# One word for each thing a person does here: demo, test, check. Each sets up what it needs.

.DEFAULT_GOAL := help
SHELL := /bin/sh

# A Python ≥ 3.12: on the PATH, among pyenv's versions, or uv's; or the one that PYTHON names.
FIND_PYTHON = for p in "$$PYTHON" python3 python3.14 python3.13 python3.12 \
	$$(ls -d $${PYENV_ROOT:-$$HOME/.pyenv}/versions/3.1[2-9]*/bin/python3 2>/dev/null) \
	$$(uv python find '>=3.12' 2>/dev/null); do \
	command -v "$$p" >/dev/null 2>&1 || continue; \
	"$$p" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 12))' 2>/dev/null && { echo "$$p"; break; }; done

BIN := .venv/bin
UV_PIN := 0.13.9
RUN_READY := .venv/.run-ready
# Start-up is twice as fast from compiled files, and not every machine lets Python write them.
COMPILE = $(BIN)/python -m compileall -q src
DEV_READY := .venv/.dev-ready

.PHONY: help demo test check format docs golden bench eval clean

help: ## List what can be made
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 10

.venv/bin/uv:
	@python=$$($(FIND_PYTHON)); \
	if [ -z "$$python" ]; then \
		echo "No Python 3.12 or newer found. Install one (python.org, pyenv or uv), or say PYTHON=/path/to/python3 make ..." >&2; exit 1; fi; \
	echo "Using $$("$$python" --version) at $$python"; \
	"$$python" -m venv .venv && $(BIN)/python -m pip install --quiet --disable-pip-version-check "uv==$(UV_PIN)"

$(RUN_READY): .venv/bin/uv pyproject.toml uv.lock
	@$(BIN)/uv sync --quiet --frozen --no-dev --inexact --compile-bytecode --python $(BIN)/python
	@$(COMPILE)
	@touch $@

$(DEV_READY): .venv/bin/uv pyproject.toml uv.lock
	@$(BIN)/uv sync --quiet --frozen --inexact --compile-bytecode --python $(BIN)/python
	@$(COMPILE)
	@touch $@ $(RUN_READY)

demo: $(RUN_READY) ## Set up, then take one stay from its codes to who pays what
	@$(BIN)/superbill data build --if-missing
	@mkdir -p out
	@$(BIN)/superbill adjudicate examples/heart_failure.json --explain --write-837 out/heart_failure.837

test: $(DEV_READY) ## Set up, then run every test
	@$(BIN)/python -m pytest -n auto

check: $(DEV_READY) ## Format, lint, types, layers, docs
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m tests.contracts.docs --check

format: $(DEV_READY) ## Format the code and mend what lint can mend
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

docs: $(DEV_READY) ## Write the generated parts of the docs anew
	@$(BIN)/python -m tests.contracts.docs --write

golden: $(DEV_READY) ## Write the golden decisions anew; read the diff
	@$(BIN)/python -m tests.golden --write

bench: $(DEV_READY) ## Measure speed, side by side with named peers
	@$(BIN)/python -m benchmarks all

eval: $(DEV_READY) ## Measure search, suggestions and index walks: recall by kind and chapter, the worst misses
	@$(BIN)/python -m tests.encoder
	@$(BIN)/python -m tests.encoder.notes
	@$(BIN)/python -m tests.encoder.walks

clean: ## Remove what was built (not your reference data)
	rm -rf .venv out .mypy_cache .ruff_cache .pytest_cache .hypothesis
