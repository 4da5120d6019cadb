# Every target sets up .venv first; that takes a few minutes once and nothing after that.
AREA ?= engine
BIN := .venv/bin
ready := .venv/.ready
notebooks = $(wildcard notebooks/*.ipynb dashboards/*.ipynb)

.PHONY: help setup demo test lint bench dashboard notebooks lock clean
.DELETE_ON_ERROR:

help:
	@echo "make setup      a virtual environment in .venv with everything pinned"
	@echo "make demo       the main job on the sample store: import, calibrate, backtest, simulate, compare, report"
	@echo "make test       all tests"
	@echo "make lint       style, formatting and types"
	@echo "make notebooks  run every notebook from top to bottom"
	@echo "make bench AREA=engine    the figures of one area, one JSON line each"
	@echo "make dashboard  the dashboards in a browser, on this machine only (WORKBOOK=folder; else the sample store)"
	@echo "make lock       pin the dependencies of pyproject.toml anew (UPGRADE=1 takes newer releases)"
	@echo "make clean      remove what was built and cached, but not .venv"
	@echo "PYTHON=/path/to/python3 chooses the Python that .venv is made with."

setup: $(ready)
	@:

.venv/.installed: requirements.txt
	@set -e; python=$$(PYTHON="$(PYTHON)" tools/find-python); \
	echo "Setting up .venv with $$python (a few minutes, once) ..."; \
	"$$python" -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input --require-hashes --no-deps -r requirements.txt
	@touch $@

$(ready): .venv/.installed pyproject.toml
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input --no-deps --no-build-isolation --editable .
	@if [ -f ecomsim/warm.py ]; then $(BIN)/python -m ecomsim.warm; fi
	@touch $@

demo: $(ready)
	@$(BIN)/ecomsim demo

test: $(ready)
	@$(BIN)/python -m pytest -n auto --dist loadfile $(PYTEST_ARGS)

lint: $(ready)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy --strict ecomsim

notebooks: $(ready)
	@if [ -z "$(notebooks)" ]; then echo "There are no notebooks yet."; \
	else $(BIN)/python -m pytest -n auto --nbmake --nbmake-timeout=600 --timeout=900 $(notebooks); fi

bench: $(ready)
	@$(BIN)/python -m benchmarks $(AREA)

dashboard: $(ready)
	@$(BIN)/ecomsim dashboard $(WORKBOOK)

lock:
	@PYTHON="$(PYTHON)" tools/lock $(if $(UPGRADE),--upgrade)

clean:
	rm -rf build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis *.egg-info
	find ecomsim tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +
