# Thin on purpose: each target names the script that does the work.
.DEFAULT_GOAL := help
.PHONY: help setup run test bench bench-quick eval-concierge lint format types lock clean

help:    ## say what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup:   ## install what the server needs and build the web client
	@scripts/setup.sh

run:     ## set up, make demo data, start Genba and say what to open
	@scripts/run.sh $(ARGS)

test:    ## set up and run every gate and test, cheap ones first
	@scripts/test.sh

lint:    ## formatting, lint and architecture rules, Python and web
	@scripts/test.sh format lint architecture web-lint

types:   ## mypy, tsc, and the client's types against the server's schema
	@scripts/test.sh types web-lint web-types

bench:   ## measure, beside Janus; a table, build/bench.json and plots (half an hour)
	@scripts/bench.sh $(ARGS)

bench-quick: ## the same in two minutes, with fewer and shorter runs
	@scripts/bench.sh --quick $(ARGS)

eval-concierge: ## measure the concierge's search (QUERIES=file.csv, ABLATE=needs,dates; HELP=1 says more)
	@scripts/eval_concierge.sh $(if $(HELP),--help,"$(QUERIES)" --ablate "$(ABLATE)" $(ARGS))

format:  ## rewrite the sources in the house format
	@scripts/format.sh

lock:    ## resolve requirements/*.lock anew (UPGRADE=1 takes the newest versions)
	@scripts/lock.sh $(UPGRADE)

clean:   ## remove everything these targets made, except data/
	rm -rf .venv build web_client/node_modules web_client/dist .mypy_cache .ruff_cache .pytest_cache .hypothesis *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
