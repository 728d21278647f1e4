# Every target sets itself up from nothing: it needs Python 3.11+ with venv, and make.
PYTHON ?= python3
PYTEST_ARGS ?=
KILLS ?= 200
SEEDS ?= 20

bin := .venv/bin
ready := .venv/ready
pip := $(bin)/python -m pip -qq --disable-pip-version-check

.PHONY: demo test check lint types wheel docs bench soak lock clean

demo: $(ready)  ## the main job on the built-in sandbox
	@$(bin)/adtally demo

test: $(ready)  ## all tests, but for the wheel's; a module's tests run in one process
	@$(bin)/python -m pytest -n auto --dist loadscope --no-loadscope-reorder $(PYTEST_ARGS)

check: lint types test wheel  ## everything that CI checks

lint: $(ready)
	@$(bin)/ruff check --quiet
	@$(bin)/ruff format --check --quiet

types: $(ready)
	@$(bin)/mypy
	@$(bin)/pyright

wheel: $(ready)  ## build it, install it elsewhere, run it there
	@$(bin)/python -m pytest -q -m wheel tests/test_wheel.py

docs: $(ready)  ## write docs/checks.md from what the checks declare
	@$(bin)/python -m tests.docs.page_of_checks

bench: $(ready)
	@$(bin)/python -m bench

soak: $(ready)  ## kill syncs 200 times and compare what remains; judge 20 worlds; KILLS=20 SEEDS=2 for a short one
	@$(bin)/python -m tests.soak --kills $(KILLS) --seeds $(SEEDS)

lock: $(ready)  ## pin what pyproject.toml asks for; UPGRADE=--upgrade takes the newest
	@$(bin)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--all-extras --group dev --custom-compile-command "make lock" $(UPGRADE) \
		--output-file requirements.lock pyproject.toml

clean:
	@rm -rf .venv .hypothesis .mypy_cache .pytest_cache .ruff_cache build demo dist
	@find . -name __pycache__ -prune -exec rm -rf {} +

$(ready): requirements.lock pyproject.toml
	@echo "setting up .venv"
	@$(PYTHON) -m venv .venv
	@$(pip) install --require-hashes --requirement requirements.lock
	@$(pip) install --no-deps --no-build-isolation --editable .
	@touch $@
