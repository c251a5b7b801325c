# Two commands do everything: `make run` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CATALOGUES := $(wildcard app/translations/*/LC_MESSAGES/*.po)
SOUND := $(shell $(BIN)/python -c 'import pip; print(1)' 2>/dev/null)

.PHONY: run demo test test-postgres fuzz check format lint types contract bench examples corpus translations clean help new-venv
.DEFAULT_GOAL := help

help: ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 16

run: $(VENV)/ready ## start Shiai: web server and worker, at http://127.0.0.1:8000
	@$(BIN)/python launch.py

demo: $(VENV)/ready ## the same, on its own data, filled with example competitions
	@SHIAI_DATA_DIR=$${SHIAI_DATA_DIR:-demo-instance} $(BIN)/python -m app.demo
	@SHIAI_DATA_DIR=$${SHIAI_DATA_DIR:-demo-instance} $(BIN)/python launch.py

test: $(VENV)/ready-dev ## every test, one process a core (no Chromium: none in a browser); ARGS=path for some of them
	@$(BIN)/python -m pytest $(or $(ARGS),-n auto --maxprocesses=8 --dist=loadscope)

test-postgres: $(VENV)/ready-dev ## every test on a PostgreSQL and a Redis of its own (both installed); ARGS=path for some of them
	@$(BIN)/python -m tests.servers $(BIN)/python -m pytest $(or $(ARGS),-n auto --maxprocesses=8 --dist=loadscope)

fuzz: $(VENV)/ready-dev ## the tests on drawn input with many times the examples (FUZZ=20); takes long
	@FUZZ=$(or $(FUZZ),20) $(BIN)/python -m pytest -n auto --maxprocesses=8 --dist=loadscope $$(grep -rlE '^@given' tests)

check: format lint types contract test ## what CI runs

format: $(VENV)/ready-dev
	@$(BIN)/ruff format --check .

lint: $(VENV)/ready-dev
	@$(BIN)/ruff check .

types: $(VENV)/ready-dev
	@$(BIN)/mypy

contract: $(VENV)/ready-dev
	@$(BIN)/lint-imports

bench: $(VENV)/ready-dev ## measure; prints a table with ratios
	@$(BIN)/python -m benchmarks

examples: $(VENV)/ready ## zip the example challenges into build/examples
	@$(BIN)/python -m examples.build

corpus: $(VENV)/ready-dev ## read every real configuration in ../shared/corpus and print what came of it
	@$(BIN)/python -m tests.bundles.corpus_table

translations: $(VENV)/ready-dev ## bring the Japanese catalogue in step with the sources; lists what is left to translate
	@mkdir -p build
	@$(BIN)/pybabel -q extract -F babel.cfg -k _l -k lazy_gettext --project=Shiai --version=0 --no-location --sort-output -o build/messages.pot .
	@$(BIN)/pybabel -q update -i build/messages.pot -d app/translations -l ja --no-fuzzy-matching --ignore-obsolete --no-wrap --ignore-pot-creation-date
	@$(BIN)/pybabel -q compile -d app/translations
	@$(BIN)/python -m pytest tests/test_translations.py

clean: ## remove what make made, data excepted
	rm -rf $(VENV) build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache

# phony, and wanted only where there is no sound one: none yet, one whose making was cut short, one left by an older Python
new-venv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Shiai needs Python 3.11 or newer; this is %d.%d." % sys.version_info[:2])'
	@$(PYTHON) -m venv --clear $(VENV)

$(VENV)/ready: requirements.txt $(CATALOGUES) $(if $(SOUND),,new-venv)
	@echo "Installing what Shiai needs (once) ..."
	@$(BIN)/python -m pip install -q --disable-pip-version-check -r requirements.txt || \
		{ echo "Not installed. Without the internet, bring the packages along: README.md, Start." >&2; exit 1; }
	@$(BIN)/python -m babel.messages.frontend -q compile -d app/translations
	@touch $@

$(VENV)/ready-dev: requirements-dev.txt $(VENV)/ready
	@$(BIN)/python -m pip install -q --disable-pip-version-check -r requirements-dev.txt
	@touch $@
