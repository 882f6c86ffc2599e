# make lab, make test: each sets up .venv by itself. Relative paths only: the folder's name may hold spaces.
PYTHON ?= python3
BIN := .venv/bin
RUN := $(BIN)/python
INSTALL := -m pip install --quiet --disable-pip-version-check
# What Colab has (August 2026), for one smoke test; kept apart from the environment's own.
COLAB := ipywidgets==7.7.1 anywidget==0.9.21 ipython_genutils==0.2.0

# In a container one often is root, and JupyterLab asks whether that is meant.
AS_ROOT := $(if $(filter 0,$(shell id -u)),--allow-root)
# TORCH=cpu or TORCH=default says which build of PyTorch to install, instead of looking for a GPU.
export TORCH

.DEFAULT_GOAL := help
.PHONY: help lab test oldest lint format notebooks budget claims seeds pages bench pictures address clean

help:
	@echo "make lab        open the lessons in JupyterLab (TORCH=cpu or TORCH=default: which PyTorch to install)"
	@echo "make test       run everything that guards the project"
	@echo "make oldest     unit tests and lessons with the oldest versions that requirements.txt allows"
	@echo "make notebooks  sync notebooks/source with notebooks/, run, normalise (only what changed; ALL=1 for all)"
	@echo "make budget     seconds and memory of every lesson (LESSON=05 for one; ONE_CORE=1 as on a hub's one core)"
	@echo "make claims     the table of all measured claims"
	@echo "make seeds      re-run the lessons under seeds 0 to 4 and record every claim (LESSON=05 for one)"
	@echo "make pages      the lessons as web pages whose sliders need no kernel and no network"
	@echo "make bench      speed, as ratios"
	@echo "make pictures   the README's picture, taken by the browser test"
	@echo "make address    give a fork its own address: URL=https://github.com/you/latent-lessons"
	@echo "make format     format Python and JavaScript"

.venv/lessons: requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Python 3.11 or newer is wanted: make PYTHON=python3.12 …")'
	@test -x $(BIN)/pip || $(PYTHON) -m venv --clear .venv
	@$(RUN) tests/tools/install_torch.py
	$(RUN) $(INSTALL) -e . || { $(RUN) -c "import lessons_lib, jupyterlab" && \
	  echo "pip could not look for newer packages; going on with those that are installed."; }
	@touch $@

.venv/tests: .venv/lessons pyproject.toml
	$(RUN) $(INSTALL) -e ".[test]"
	$(RUN) $(INSTALL) --no-deps --upgrade --target .venv/colab $(COLAB)
	@touch $@

lab: .venv/lessons
	$(RUN) -m jupyterlab --notebook-dir=notebooks --LabApp.default_url=/lab/tree/00_start_here.ipynb \
	  --LabApp.app_settings_dir=binder/settings $(AS_ROOT)

# A thread for each process: nothing competes for cores.
test: .venv/tests lint
	OMP_NUM_THREADS=1 $(RUN) -m pytest -n auto --maxprocesses 4

# Without a browser: JupyterLab's own age is not what the lessons depend on.
oldest: .venv/tests
	$(PYTHON) -m venv --clear .venv/oldest
	pins=$$($(RUN) tests/tools/oldest.py) && .venv/oldest/bin/python $(INSTALL) -e ".[test]" $$pins
	OMP_NUM_THREADS=1 .venv/oldest/bin/python -m pytest -n auto --maxprocesses 4 tests/unit notebooks

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
	$(RUN) tests/tools/make_notebooks.py $(if $(ALL),--all)

budget: .venv/tests
	$(RUN) tests/tools/budget.py $(if $(ONE_CORE),--one-core) $(LESSON)

claims: .venv/tests
	$(RUN) tests/tools/claims_table.py

seeds: .venv/tests
	$(RUN) tests/tools/seeds.py $(LESSON)

pictures: .venv/tests
	UPDATE_PICTURES=1 OMP_NUM_THREADS=1 $(RUN) -m pytest tests/browser/test_every_slider.py -k 'moves and 01b'

pages: .venv/tests
	$(RUN) tests/tools/pages.py

bench: .venv/tests
	$(RUN) tests/bench/mixtures.py
	$(RUN) tests/bench/influence.py
	$(RUN) tests/bench/threads.py
	$(RUN) tests/bench/pixels.py
	$(RUN) tests/bench/sound.py
	PYTHONPATH=tests/browser $(RUN) tests/bench/redraw.py
	PYTHONPATH=tests/browser $(RUN) tests/bench/gan.py

address: .venv/tests
	$(RUN) tests/tools/address.py "$(URL)"

clean:
	rm -rf .venv
