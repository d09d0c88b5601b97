#!/usr/bin/env bash
# Measures the concierge's search on a file of queries; `--help` says what the file looks like.
source "$(dirname "$0")/ground.sh"
scripts/python.sh run >&2
exec "$VENV/bin/python" -m tests.concierge "$@"
