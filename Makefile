# Two commands matter: `make up` and `make test`. `make help` lists the rest.
PYTHON ?= $(shell for p in python3.11 python3.12 python3; do $$p -c "" 2>/dev/null && echo $$p && break; done)
EXTRAS ?=
DAGIT_PORT ?= 3000
API_PORT ?= 8000
SANDBOX_PORT ?= 8900
EXPORTER_PORT ?= 9108
WORKERS ?= 2
MINUTES ?= 10
comma := ,
BIN := .venv/bin
# worksteal: a worker takes neighbouring tests, which share what their module built.
PYTEST := $(BIN)/pytest -n $(WORKERS) --dist worksteal
STAMP := .venv/.setup

.PHONY: help setup up staging test lint fast bench load audit pictures docs lock clean
help: ## these lines
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: $(STAMP) $(foreach extra,$(subst $(comma), ,$(EXTRAS)),.venv/.extra-$(extra)) ## the environment only (EXTRAS=bert,spark,tools)

$(STAMP): requirements/bootstrap.txt requirements/lock.txt pyproject.toml web/package-lock.json
	@$(PYTHON) -c 'import sys; sys.exit(0 if (3, 11) <= sys.version_info[:2] <= (3, 12) else "Python 3.11 or 3.12 is needed; this is %s. Set PYTHON=…" % sys.version.split()[0])'
	@test -x $(BIN)/python || { echo "Making .venv with $$($(PYTHON) --version)."; $(PYTHON) -m venv .venv; }
	@echo "Installing the locked packages (hashes checked)."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bootstrap.txt
	@$(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes requirements/lock.txt requirements/bootstrap.txt
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@echo "Installing D3 (npm, from the lock)."
	@$(BIN)/python web/install.py
	@echo "Parsing the dbt project."
	@$(BIN)/python -c "from trending_assets.staging.dbt_project import prepare_manifest; prepare_manifest()"
	@rm -f .venv/.extra-*
	@touch $@

.venv/.extra-bert: requirements/bert.txt $(STAMP)
	@echo "Installing the extra bert (torch and transformers)."
	@$(BIN)/python -m ensurepip --upgrade >/dev/null 2>&1 || true
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements/bert.txt
	@touch $@

.venv/.extra-spark: requirements/spark.txt $(STAMP)
	@echo "Installing the extra spark (dbt-spark and pyspark)."
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/spark.txt
	@touch $@

.venv/.extra-tools: requirements/tools.txt $(STAMP)
	@echo "Installing what checks images, Terraform and workflows (.venv/tools)."
	@test -x .venv/tools/bin/python || $(PYTHON) -m venv --without-pip .venv/tools
	@$(BIN)/uv pip sync --quiet --python .venv/tools/bin/python --require-hashes requirements/tools.txt
	@touch $@

up: setup ## sandbox world, Dagit on 3000, API and page on 8000, metrics on 9108
	@$(BIN)/trending up --dagit-port $(DAGIT_PORT) --api-port $(API_PORT) --sandbox-port $(SANDBOX_PORT) \
		--exporter-port $(EXPORTER_PORT)

staging: setup ## the whole system on real Postgres and S3, three days by automation alone, with kills
	@$(BIN)/python -m deploy.staging

test: setup lint ## lint, types and every test (WORKERS=2 at a time)
	@$(PYTEST)

lint: setup ## ruff and mypy
	@$(BIN)/ruff format --check --quiet . && $(BIN)/ruff check --quiet . && $(BIN)/mypy --no-error-summary .

fast: setup ## the tests that take no real world, browser or S3 server
	@$(PYTEST) -m "not slow and not world and not browser and not s3"

bench: setup ## the figures of the README
	@$(BIN)/python -m bench

load: setup ## Locust's scenarios, 10 minutes at 200 requests a second (MINUTES=10)
	@$(BIN)/python -m bench.locust_run --minutes $(MINUTES)

audit: setup ## known vulnerabilities of what is locked (asks PyPI's advisory service)
	@$(BIN)/python -m deploy.audit

pictures: setup ## the README's pictures, taken from a running `make up`
	@$(BIN)/python -m bench.pictures --dagit http://127.0.0.1:$(DAGIT_PORT) --api http://127.0.0.1:$(API_PORT)

docs: setup ## the generated pages of docs/, from contracts, graph, prices and policies
	@$(BIN)/python -m trending_assets.dictionary > docs/data-dictionary.md
	@$(BIN)/python -m trending_assets.lineage > docs/lineage.md
	@$(BIN)/python -m trending_assets.retention > docs/retention.md
	@$(BIN)/python -m bench.cost > docs/cost.md

lock: ## requirements/lock.txt from pyproject.toml
	@requirements/compile.sh

clean: ## everything that make made
	rm -rf .venv .trending web/node_modules dbt_project/target
