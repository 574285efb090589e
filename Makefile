# The conventional face of run.py. `make help` lists what there is.
# PYTHON starts run.py; tools are those of the environment that run.py made, else those on the path.

PYTHON ?= python3
UV ?= uv
TOOL = $(if $(wildcard .venv/bin),.venv/bin/)
COMPILE = $(UV) pip compile pyproject.toml -q --universal --python-version 3.11 --no-header --no-annotate --generate-hashes
NEW = .lock.new

.DEFAULT_GOAL := help
.PHONY: help run test check fuzz kills lint docs graph hooks lock clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-6s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## run the main study: results and figures in outputs/main/
	$(PYTHON) run.py

test: ## run the tests; ARGS="-k pools" chooses among them
	$(PYTHON) run.py test $(ARGS)

check: ## check the input of the main study and compare the model with the inventory
	$(PYTHON) run.py check

fuzz: ## spoil 20 000 files of the toy town one by one: none may make the toolkit fall; COUNT=, FIRST= choose others
	$(TOOL)python -m tests.attack.attack --count $(or $(COUNT),20000) --first $(or $(FIRST),0)

kills: ## kill 100 runs of the toy town, half of them while results are put in place: is what is left whole?
	$(TOOL)python -m tests.outputs.kills 100

lint: ## check style, types and the direction of imports (after `make test`, which installs the tools)
	$(TOOL)ruff check
	$(TOOL)ruff format --check
	$(TOOL)mypy
	$(TOOL)lint-imports --no-logo

docs: ## write the generated parts of the documentation anew
	$(TOOL)python -m docs.make_docs

graph: ## draw which package imports which: outputs/packages.svg
	$(TOOL)python -m docs.tools.graph

hooks: ## check style, types, imports and documentation before every commit (needs pre-commit)
	$(TOOL)pre-commit install

lock: ## write both lock files anew, with the hashes of all files (needs uv); UPGRADE=1 takes the newest versions
	@$(COMPILE) $(if $(UPGRADE),--upgrade) -o requirements.lock
	@cat requirements.lock requirements-dev.lock > $(NEW)
	@$(COMPILE) $(if $(UPGRADE),--upgrade) --extra dev -c requirements.lock -o $(NEW)
	@awk 'NR == FNR { known[$$0]; next } /^[^ ]/ { ours = !($$0 in known) } ours' requirements.lock $(NEW) > requirements-dev.lock
	@rm $(NEW)
	@wc -l requirements.lock requirements-dev.lock

clean: ## remove the environment and all caches; outputs/ is kept
	rm -rf .venv .cache .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis $(NEW)
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
