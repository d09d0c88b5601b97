#!/usr/bin/env bash
# Rewrites Python and web sources in the house format, imports sorted.
source "$(dirname "$0")/ground.sh"
scripts/python.sh dev
"$VENV/bin/ruff" check --quiet --fix-only .
"$VENV/bin/ruff" format .
scripts/web.sh npm run --silent format
