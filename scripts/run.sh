#!/usr/bin/env bash
# From a clean clone to a running Genba with demo data. Arguments go to `genba serve`.
source "$(dirname "$0")/ground.sh"
scripts/setup.sh
mkdir -p data
"$VENV/bin/genba" demo --data data/demo
exec "$VENV/bin/genba" serve --data data/demo "$@"
