# make lab, make test: each sets up .venv by itself. Relative paths only: the folder's name may hold spaces.
PYTHON ?= python3
BIN := .venv/bin
RUN := $(BIN)/python
# What Colab has (August 2026), for one smoke test; kept apart from the environment's own.
COLAB := ipywidgets==7.7.1 anywidget==0.9.21 ipython_genutils==0.2.0

.DEFAULT_GOAL := help
.PHONY: help lab test lint format notebooks budget claims seeds bench clean

help:
	@echo "make lab        open the lessons in JupyterLab"
	@echo "make test       run everything that guards the project"
	@echo "make notebooks  sync notebooks/source with notebooks/, run, normalise (only what changed; ALL=1 for all)"
	@echo "make budget     seconds and memory of every lesson"
	@echo "make claims     the table of all measured claims"
	@echo "make seeds      re-run the lessons under seeds 0 to 4 and record every claim"
	@echo "make bench      speed, as ratios"
	@echo "make format     format Python and JavaScript"

.venv/lessons: requirements.txt pyproject.toml
	@test -x $(RUN) || $(PYTHON) -m venv .venv
	$(RUN) -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

.venv/tests: .venv/lessons pyproject.toml
	$(RUN) -m pip install --quiet --disable-pip-version-check -e ".[test]"
	$(RUN) -m pip install --quiet --disable-pip-version-check --no-deps --upgrade --target .venv/colab $(COLAB)
	@touch $@

lab: .venv/lessons
	$(RUN) -m jupyterlab --notebook-dir=notebooks $(LAB_FLAGS)

# Two processes, a thread each: nothing competes for cores, and a notebook stays in one kernel.
test: .venv/tests lint
	OMP_NUM_THREADS=1 $(RUN) -m pytest -n 2

lint: .venv/tests
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	$(BIN)/deno fmt --check
	$(BIN)/deno lint

format: .venv/tests
	$(RUN) -m ruff check --fix .
	$(RUN) -m ruff format .
	$(BIN)/deno fmt

notebooks: .venv/tests
	$(RUN) tests/tools/notebooks.py $(if $(ALL),--all)

budget: .venv/tests
	$(RUN) tests/tools/budget.py

claims: .venv/tests
	$(RUN) tests/tools/claims_table.py

seeds: .venv/tests
	$(RUN) tests/tools/seeds.py

bench: .venv/tests
	PYTHONPATH=tests/browser $(RUN) tests/bench/redraw.py

clean:
	rm -rf .venv
