.DEFAULT_GOAL := help
.PHONY: help plan diff test test-times check live demo bench bench-plan bench-growth bench-telemetry cluster cluster-down up fmt golden docs crds

STACK ?= dev
BASE ?= origin/main
PYTHON ?= python3
READY := .venv/.ready
RUN := .venv/bin/python
SIDE_BY_SIDE := --numprocesses=2 --no-loadscope-reorder

# An Output within an f-string raises instead of writing a sentence about Outputs into a manifest.
export PULUMI_ERROR_OUTPUT_STRING := true
# Some machines are told to keep no bytecode: each plan would then compile the whole program first, and each test run too.
unexport PYTHONDONTWRITEBYTECODE

help: ## What there is to run
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-16s %s\n", $$1, $$2 }'

# What is installed is compiled at once, so that the first plan is as fast as the second.
$(READY): requirements.txt ops/plan/bytecode.py
	@echo "setting up .venv (a minute, once)" >&2
	@$(PYTHON) -m venv .venv
	@$(RUN) -m pip install --quiet --disable-pip-version-check --requirement requirements.txt
	@$(RUN) -m ops.plan.bytecode
	@touch $@

plan: $(READY) ## Plan a stack offline: make plan STACK=prod
	@$(RUN) -m ops plan $(STACK)

# Of its exit statuses, 3 says that something changes, which is no failure.
diff: $(READY) ## Say what this branch changes for people: make diff STACK=prod BASE=origin/main
	@$(RUN) -m ops diff $(STACK) --base $(BASE) || test $$? -eq 3

test: $(READY) ## Run the tests
	@$(RUN) -m pytest $(SIDE_BY_SIDE)

test-times: $(READY) ## Run the tests, and tell where their time goes; into tests/README.md with RECORD=yes
	@$(RUN) -m tests.support.times $(SIDE_BY_SIDE) $(if $(RECORD),--record)

check: $(READY) ## Lint and type-check
	@$(RUN) -m ruff format --check .
	@$(RUN) -m ruff check .
	@$(RUN) -m pyright

live: $(READY) ## Run both stacks on real servers: an hour to build them once, minutes after that
	@$(RUN) -m tests.live.parts
	@OPENPOLICY_CRASHES=200 $(RUN) -m pytest tests/live tests/archive --numprocesses=2

bench: $(READY) ## Measure what the rules cost in a real Prometheus over 180,000 series: ten minutes
	@$(RUN) -m tests.live.load.evaluation

demo: $(READY) ## Run services that emit everything, and all that watches them, on this machine: break something
	@$(RUN) -m tests.live.demo

bench-plan: $(READY) ## What planning production takes, with Datadog's tests and without: a minute
	@$(RUN) -m tests.ops.benchmark

bench-growth: $(READY) ## What planning takes with 10 and 100 times the services, alerts and boards: a minute
	@$(RUN) -m tests.ops.scale

bench-telemetry: $(READY) ## What telemetry costs a request, beside none and beside the stock one
	@$(RUN) -m tests.telemetry.benchmark

cluster: $(READY) ## Start a real control plane with simulated nodes, and both operators
	@$(RUN) -m tests.live.cluster up

cluster-down: $(READY) ## End it
	@$(RUN) -m tests.live.cluster down

up: $(READY) ## Deploy a stack: to its cluster, or to that of `make cluster` where it names none
	@$(RUN) -m tests.live.up $(STACK)

fmt: $(READY) ## Format the code and mend what can be mended
	@$(RUN) -m ruff format .
	@$(RUN) -m ruff check --fix .

golden: $(READY) ## Make the golden documents of both stacks anew
	@$(RUN) -m tests.support.golden

docs: $(READY) ## Make what is generated of README.md, docs and the runbooks anew
	@$(RUN) -m tests.docs.documents

crds: $(READY) ## Make components/crds anew from its Go module
	@$(RUN) -m tests.support.crds
