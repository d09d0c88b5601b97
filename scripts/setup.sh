#!/usr/bin/env bash
# Everything the server needs, in .venv and web_client/dist. The image in docker/ runs the same scripts.
source "$(dirname "$0")/ground.sh"
scripts/python.sh "${1:-run}"
scripts/web.sh
