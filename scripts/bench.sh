#!/usr/bin/env bash
# Runs the benches in tests/bench, each in a process of its own. Arguments name some of them; none means all.
source "$(dirname "$0")/ground.sh"
scripts/python.sh dev
scripts/web.sh

# The SFU we are held against. Without it the bench still runs and says that the ratios were not measured.
if ! command -v janus >/dev/null; then
    if is_debian && [[ $(id -u) -eq 0 ]]; then
        say "system packages: janus"
        export DEBIAN_FRONTEND=noninteractive
        apt-get update -qq && apt-get install -qq -y --no-install-recommends janus >/dev/null ||
            say "janus could not be installed: ratios will not be measured"
        # The package starts a service with open ports; the bench starts its own.
        if [[ -d /run/systemd/system ]]; then systemctl disable --quiet --now janus; fi
    else
        say "janus is not here: ratios will not be measured (sudo apt-get install --no-install-recommends janus)"
    fi
fi

exec "$VENV/bin/python" -m tests.bench "$@"
