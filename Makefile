# What one types. Each recipe calls a script of scripts/, where the reasons stand.
#
# Variables: PYTHON (a Python >= 3.11), DATA_DIR, PORT, SITE_URL, DATABASE_URL, REDIS_URL, DEMO=0.

.PHONY: help setup run test test-services bench check fmt lock
.DEFAULT_GOAL := help
BIN := .venv/bin

help:
	@echo "make setup   system packages, .venv, locked dependencies, DATA_DIR with its secrets"
	@echo "make run     the portal with the demonstration bureau: http://127.0.0.1:8000"
	@echo "make test    everything that must hold: style, types, contracts, migrations, tests"
	@echo "make test-services   the whole suite on PostgreSQL and Redis, with real processes"
	@echo "make bench   figures on PostgreSQL beside floor, peer and target; ONLY=pages for some rows"
	@echo "make check   the same without the tests; quick"
	@echo "make fmt     put the source into shape"
	@echo "make docs-shots   every picture of README and handbook again"
	@echo "make lock    resolve the dependencies of pyproject.toml anew"

setup:
	@scripts/setup

run:
	@scripts/setup --quick
	@exec $(BIN)/python scripts/run.py

test:
	@scripts/setup
	@scripts/check
	@scripts/test

test-services:
	@scripts/setup
	@scripts/test-services

bench:
	@scripts/setup --quick
	@scripts/bench $(ONLY)

check:
	@scripts/setup --quick
	@scripts/check

docs-shots:
	@scripts/setup --quick
	@scripts/docs-shots

fmt:
	@$(BIN)/ruff check --fix --quiet . || true
	@$(BIN)/ruff format .

# Without --upgrade it keeps every version that still fits.
lock:
	@scripts/lock
