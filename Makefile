# Everything one can do here. `make` alone lists it.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin

.DEFAULT_GOAL := help

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 14

$(VENV)/.run: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Oficialía needs Python 3.11 or newer; say PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.run
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

sandbox: $(VENV)/.run ## try it: the whole product on this machine, no token, no internet
	$(BIN)/python -m bot sandbox

check: $(VENV)/.dev ## style, types, import directions
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python -m bot check

test: check ## everything: style, types, and the stories on each database that answers
	$(BIN)/python -m pytest -n auto

format: $(VENV)/.dev ## put the code in order
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.dev ## what durability costs, beside four bots as their users would write them
	$(BIN)/python -m tests.bench

bench-out: $(VENV)/.dev ## three thousand messages at Telegram's pace, and somebody who types meanwhile
	$(BIN)/python -m tests.bench.out

bench-morning: $(VENV)/.dev ## who writes while three thousand digests are made, beside an hour without any
	$(BIN)/python -m tests.bench.morning

bench-growth: $(VENV)/.dev ## what a gesture costs among a hundred thousand requests, beside an empty database
	$(BIN)/python -m tests.bench.growth

bench-memory: $(VENV)/.dev ## what the process holds, over a hundred thousand updates
	$(BIN)/python -m tests.bench.memory

bench-start: $(VENV)/.dev ## from the command to the first answer
	$(BIN)/python -m tests.bench.start

FUZZ ?= 100000

fuzz: $(VENV)/.dev ## hostile updates of every type, FUZZ=100000 of them; say SEED=… to have them again
	PYTHONHASHSEED=0 $(BIN)/python -m tests.fuzz --updates $(FUZZ) $(if $(SEED),--seed $(SEED))

EXAMPLES ?= 200

stateful: $(VENV)/.dev ## people acting at random on every procedure; EXAMPLES=200 for each manual, others every time
	OFICIALIA_STATEFUL_EXAMPLES=$(EXAMPLES) $(BIN)/python -m pytest -n auto tests/stateful

CRASHES ?= 200

crash: $(VENV)/.dev ## kill the bot at random instants, CRASHES times (200), and audit what is left
	OFICIALIA_CRASHES=$(CRASHES) $(BIN)/python -m pytest tests/crash/test_kills.py -s

LOCKING := uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links --upgrade -q

lock: ## renew the three locks (needs uv on the path)
	$(LOCKING) pyproject.toml -o requirements.txt
	$(LOCKING) --group postgres -c requirements.txt -o requirements-postgres.txt
	$(LOCKING) pyproject.toml --group dev -c requirements.txt -c requirements-postgres.txt -o requirements-dev.txt

.PHONY: help sandbox check test format bench bench-out bench-morning bench-growth bench-memory bench-start fuzz stateful crash lock
