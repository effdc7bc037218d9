# Every target works on a fresh clone with nothing but Python 3.11 or later: it first makes .venv.
# `make help` lists them.

PYTHON ?= python3
PORT ?= 8000

BIN := .venv/bin
PACKAGES := core api graph_schema engine loaders matching queries exporters viz examples
EXAMPLES := $(sort $(dir $(wildcard examples/*/*.csv)))

# The editable install is made of links to the files that there were (see setup.cfg). Its stamp has
# a checksum of their names in its own: after a file came or went, there is no such stamp.
INSTALLED := .venv/installed-$(shell \
	find $(PACKAGES) -type f ! -name '*.pyc' ! -path '*/.*' | LC_ALL=C sort | cksum | cut -d ' ' -f 1)

.PHONY: demo test lint format bench docs pictures lock clean help
.DEFAULT_GOAL := help

demo: $(INSTALLED)  ## load the examples (DATA="PATH-or-URL ..." adds more), serve on PORT
	$(BIN)/alliance-explorer --db ladybug://.demo/demo.lbug load $(EXAMPLES) $(DATA)
	$(BIN)/alliance-explorer --db ladybug://.demo/demo.lbug serve --port $(PORT)

test: $(INSTALLED)  ## run all tests; ARGS="..." goes to pytest
	$(BIN)/python -m pytest -n auto $(ARGS)

lint: $(INSTALLED)  ## check format, style and types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy -p alliance_explorer
	$(BIN)/mypy tests benchmarks

format: $(INSTALLED)  ## put all files into the one format, mend what can be mended
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(INSTALLED)  ## measure speed
	$(BIN)/pip install --quiet -c constraints.txt igraph matplotlib
	$(BIN)/python -m benchmarks

docs: $(INSTALLED)  ## write the generated documents again
	$(BIN)/alliance-explorer schema --format markdown > docs/schema.md
	$(BIN)/python -c "from pathlib import Path; from alliance_explorer.api import examples; \
		examples.write(Path('api/examples'))"

pictures: $(INSTALLED)  ## take the pictures of the documentation anew (needs a Chromium)
	$(BIN)/python -m tests.support.screenshots

lock:  ## resolve constraints.txt anew: the newest versions that pyproject.toml allows
	rm -rf .lock
	$(PYTHON) -m venv .lock
	.lock/bin/pip install --quiet '.[bench,dev,fast]'
	.lock/bin/pip freeze --all --exclude alliance-explorer --exclude pip > constraints.txt
	rm -rf .lock

clean:  ## remove everything that was made here
	rm -rf .venv .lock .demo .cache build dist *.egg-info

help:
	@sed -n 's/^\([a-z]*\):.*  ## /\1\t/p' Makefile | expand -t 10

$(INSTALLED): .venv/dependencies
	rm -f .venv/installed-*
	$(BIN)/pip install --quiet --no-deps --no-build-isolation -e .
	touch $@

# The project is not left out of this (pip cannot): it says which dependencies it has.
.venv/dependencies: pyproject.toml setup.cfg constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet -c constraints.txt setuptools
	$(BIN)/pip install --quiet -c constraints.txt --no-build-isolation -e '.[dev,fast]'
	touch $@
