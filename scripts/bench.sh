#!/usr/bin/env bash
# Runs the benches in tests/bench, each in a process of its own. Arguments name some of them; none means all.
source "$(dirname "$0")/ground.sh"
scripts/python.sh dev
scripts/web.sh
exec "$VENV/bin/python" -m tests.bench "$@"
