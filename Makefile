# Everything runs in .venv; nothing else of the machine is touched but, as root on Debian, the
# libraries and the font that PDF needs.
PYTHON ?= python3
PORT ?= 8000
TEST_PROCESSES ?= 2
BIN := .venv/bin
RUN_STAMP := .venv/.run-installed
DEV_STAMP := .venv/.dev-installed

.DEFAULT_GOAL := help
.PHONY: help install setup run test test-fast check nightly bench scan bundle lock catalogue format

help: ## Show what can be made
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

install: $(RUN_STAMP) app/translations/zh_Hans_CN/LC_MESSAGES/messages.mo ## Environment, assets, catalogue; leaves .venv/bin/xingping

$(BIN)/python:
	@$(PYTHON) -m venv .venv || { echo "python3-venv is missing: apt-get install -y python3-venv"; exit 1; }

$(RUN_STAMP): .locks/run.txt pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r .locks/run.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(DEV_STAMP): .locks/dev.txt pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r .locks/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@ $(RUN_STAMP)

app/translations/zh_Hans_CN/LC_MESSAGES/messages.mo: app/translations/zh_Hans_CN/LC_MESSAGES/messages.po | $(RUN_STAMP)
	$(BIN)/pybabel -q compile -d app/translations

setup: $(DEV_STAMP) app/translations/zh_Hans_CN/LC_MESSAGES/messages.mo ## What tests need beside install, Chromium included where it may be installed
	@sh .machine/packages.sh test

run: install ## Start the portal on 127.0.0.1:$(PORT), with demonstration data on the first start
	@sh .machine/packages.sh run
	@XINGPING_EMBEDDED=1 exec $(BIN)/xingping serve --port $(PORT)

test: setup ## The whole suite: both databases, the real object store, the browser
	$(BIN)/python -m pytest -m "not nightly" -n $(TEST_PROCESSES) --dist loadfile --no-loadscope-reorder

check: setup ## Style, types, import directions, templates, catalogue
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --lint app/templates --quiet

nightly: setup ## The long tests: kills, clusters, races
	$(BIN)/python -m pytest -m nightly

bench: setup ## Measure, print ratios with both sides, write var/bench.json
	$(BIN)/python -m tests.bench

scan: setup ## A web scanner (WAPITI=…/wapiti, not ours to ship) over a copy of the demonstration
	@WAPITI="$(WAPITI)" $(BIN)/python -m tests.scanning

bundle: install ## For networks without any registry: one archive with all packages, in var/bundle (MACHINE=aarch64 for ARM)
	@sh .machine/bundle.sh var/bundle $(MACHINE)

catalogue: setup ## Collect the words of the pages into the Chinese catalogue
	$(BIN)/pybabel -q extract -F app/translations/babel.cfg -k lazy_gettext -k _l --no-location --omit-header -o app/translations/messages.pot app
	$(BIN)/pybabel -q update -i app/translations/messages.pot -d app/translations -l zh_Hans_CN --no-fuzzy-matching --omit-header
	@rm -f app/translations/messages.pot

format: setup ## Put code and templates into the house's form
	$(BIN)/ruff check --fix-only -q .
	$(BIN)/ruff format -q .


lock: ## Pin every package with its hashes, without addresses
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --extra build pyproject.toml -o .locks/run.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --extra build --extra dev pyproject.toml -o .locks/dev.txt
