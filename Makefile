# make run · make test · make lint · make bench · make dist
# The first Python that runs and is new enough; PYTHON=... names another.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
RUN_QUERY ?= queries/rare-earth-recycling.toml
# Publications of the largest run that is timed: 3000000 takes a quarter of an hour, and 5 GB of memory.
BENCH_MOST ?= 200000

.PHONY: help run test live lint bench peers docs dist format clean
help: ## what can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

# The stamps stand for "installed as these files ask for": nothing is installed again while they are unchanged.
.venv/made:
	@test -n "$(PYTHON)" || { echo "patentscope needs Python 3.11 or newer, and found none. Name one: make PYTHON=/path/to/python $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv .venv
	@touch $@

.venv/installed: .venv/made pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable .
	@touch $@

.venv/installed-dev: .venv/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@

run: .venv/installed ## hold the claim against the embedded sample and write the report
	$(BIN)/patentscope run $(RUN_QUERY) --sample

test: .venv/installed-dev ## run the tests
	$(BIN)/python -m pytest -n auto --dist loadfile

live: .venv/installed-dev ## ask the real services a small question each, where keys are set
	PATENTSCOPE_LIVE=1 $(BIN)/python -m pytest -rs tests/fetch/test_live.py

lint: .venv/installed-dev ## check style, types and the floors
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: .venv/installed-dev ## time what people wait for, and the pieces as ratios measured side by side
	$(BIN)/python benchmarks/table.py --most $(BENCH_MOST)

peers: .venv/installed-dev ## time readers and classifier beside other tools, each in an environment of its own
	$(BIN)/python benchmarks/run.py $(BENCH_FILES) --labelled $(BENCH_LABELLED)

docs: .venv/installed-dev ## write docs/reference.md from the docstrings and METHODS.md's worked answers anew, and draw the README's picture
	$(BIN)/python docs/reference.py
	$(BIN)/python docs/worked.py
	mkdir -p runs
	$(BIN)/python benchmarks/landscape.py 1500 runs/docs.parquet --seed 7
	$(BIN)/patentscope run queries/rare-earth-recycling.toml --input runs/docs.parquet --out runs/docs
	$(BIN)/patentscope report runs/docs --charts runs/docs/charts
	cp runs/docs/charts/counted-china-73.svg docs/picture.svg

# From the commit, whatever else lies in the folder, and dated by it: one commit gives the same bytes anywhere.
dist: .venv/installed-dev ## build the last commit's wheel, source archive and bill of materials into dist/
	@git diff --quiet HEAD || echo "not committed, and so not in dist/:" $$(git diff --name-only HEAD) >&2
	rm -rf build/dist dist
	mkdir -p build/dist
	git archive HEAD | tar -x -C build/dist
	SOURCE_DATE_EPOCH=$$(git log -1 --format=%ct) && export SOURCE_DATE_EPOCH && \
		(cd build/dist && $(CURDIR)/$(BIN)/python -m hatchling build -d $(CURDIR)/dist) && \
		$(BIN)/python .ci/bill.py dist

format: .venv/installed-dev ## format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean: ## remove the environment and results (the cache stays)
	rm -rf .venv runs build dist *.egg-info
