# Two commands for a fresh machine with Python 3.11 or newer, git and make:
#   make demo    set up, then code a sample page that we wrote ourselves, fill a store, say how to open the desk
#   make test    set up, then run every check
# Both build their own environment in .venv once; stamp files make the second run start at once.

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install -qq --disable-pip-version-check
PYTHON ?= $(shell for p in python3.14 python3.13 python3.12 python3.11 python3 python; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$p && break; done)

.PHONY: demo desk test lint lock bench docs clean

demo: $(VENV)/.runtime
	$(BIN)/legation code samples/embassy.html
	@mkdir -p out
	$(BIN)/legation ingest --store out/demo.duckdb --engine here samples/news samples/embassy.html
	@echo
	@echo "Read, check and follow them in a browser:  make desk"
	@echo "(that is: $(BIN)/legation serve --store out/demo.duckdb)"

# the desk over the demo articles
desk: demo
	$(BIN)/legation serve --store out/demo.duckdb

test: lint
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || test -n "$$LEGATION_CHROMIUM" \
		|| echo "No Chromium found: the tests that walk the desk in a browser will be skipped" \
			"(Debian and Ubuntu: apt-get install chromium; or set LEGATION_CHROMIUM to the program)"
	$(BIN)/python -m pytest

lint: $(VENV)/.dev
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.runtime
	$(BIN)/python benchmarks/cold_start.py
	$(BIN)/python benchmarks/actors.py
	$(BIN)/python benchmarks/desk_load.py

# pages that are made from the program itself: the commands, the codebook
docs: $(VENV)/.dev
	$(BIN)/python docs/make_commands.py
	$(BIN)/python training/make_codebook_docs.py
	$(BIN)/python docs/make_readme.py

# only needed after a change of requirements/*.in; needs uv
lock:
	for part in dev runtime build; do \
		uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-annotate --python-version 3.11 \
			--custom-compile-command "   make lock" $$([ $$part = dev ] || echo "-c requirements/dev.txt") \
			requirements/$$part.in -o requirements/$$part.txt || exit 1; \
	done

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(VENV)/.made:
	@test -n "$(PYTHON)" || { echo "Legation needs Python 3.11 or newer; none was found (or set PYTHON=...)."; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.runtime: $(VENV)/.made requirements/runtime.txt requirements/build.txt pyproject.toml
	@echo "Installing Legation into $(VENV) (once; about a minute)"
	@$(PIP) --require-hashes -r requirements/runtime.txt -r requirements/build.txt
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.made requirements/dev.txt pyproject.toml
	@echo "Installing Legation and its tools into $(VENV) (once; a minute or two)"
	@$(PIP) --require-hashes -r requirements/dev.txt
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@
