#!/usr/bin/env bash
# From a clean clone to a running Genba with demo data. Arguments go to `genba serve`.
source "$(dirname "$0")/ground.sh"
scripts/setup.sh
# HTTP for this machine, HTTPS with a self-signed certificate for tablets and phones: they give a page the camera
# only over HTTPS. Options given later win, so ARGS="--port 8000" works.
"$VENV/bin/genba" demo --data data/demo
exec "$VENV/bin/genba" serve --data data/demo --tls-port 7443 "$@"
