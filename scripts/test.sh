#!/usr/bin/env bash
# Sets up what the tests need, then runs the gates. Arguments name some gates; none means all.
source "$(dirname "$0")/ground.sh"
scripts/python.sh dev
scripts/web.sh install
if [[ $# -eq 0 ]]; then scripts/system.sh; fi
source scripts/node.sh
exec "$VENV/bin/python" scripts/gates.py "$@"
