#!/usr/bin/env bash
# Makes .venv and installs the locked Python packages and Genba itself.
#   scripts/python.sh run   what the server needs      (requirements/run.lock)
#   scripts/python.sh dev   that and the test tools    (requirements/dev.lock, a superset at the same versions;
#                           requirements/transcription.lock, requirements/torch.lock)
source "$(dirname "$0")/ground.sh"
kind=${1:-run}
lock=requirements/$kind.lock

is_new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

find_python() {
    local candidate
    for candidate in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11; do
        if command -v "$candidate" >/dev/null && is_new_enough "$candidate"; then
            command -v "$candidate"
            return
        fi
    done
    fail "Genba needs Python 3.11 or newer; here is $(python3 --version 2>/dev/null || echo 'no python3 at all')." \
        "Debian 12, Ubuntu 24.04 and later bring it:  apt-get install python3 python3-venv" \
        "Elsewhere install it and name it:            make setup PYTHON=/path/to/python3.12"
}

make_venv() {
    local python
    python=$(find_python)
    "$python" -c 'import venv, ensurepip' 2>/dev/null || fail "$python has no venv module." \
        "Install it:  apt-get install python3-venv   (or python3.X-venv for another version)"
    say "virtual environment with $("$python" --version)"
    rm -rf "$VENV"
    "$python" -m venv "$VENV"
}

pip_install() {
    "$VENV/bin/python" -m pip install -qq --disable-pip-version-check --no-input "$@" || fail \
        "pip could not install Genba's Python packages." \
        "A time-out, or \"from versions: none\", means that this machine does not reach the Python package index." \
        "Behind a proxy set HTTPS_PROXY; with a mirror of your own set PIP_INDEX_URL; then run make again."
}

is_new_enough "$VENV/bin/python" || make_venv

# Whisper is published as source; torch for processors alone is not on every index: see requirements/transcription.in.
install_transcription() {
    say "Python packages (requirements/transcription.lock, requirements/torch.lock)"
    pip_install --no-compile --no-deps --no-build-isolation --require-hashes \
        --requirement requirements/transcription.lock
    "$VENV/bin/python" -m pip install -qq --disable-pip-version-check --no-input --no-compile --no-deps --require-hashes \
        --requirement requirements/torch.lock 2>/dev/null && return
    say "torch for processors alone is not to be had here: taking the one with the libraries of a GPU, which is large"
    pip_install "$(grep -o '^torch==[0-9.]*' requirements/torch.lock)"
}

locks=("$lock")
if [[ $kind == dev ]]; then locks+=(requirements/transcription.lock requirements/torch.lock); fi
wanted=$(fingerprint requirements/run.lock "${locks[@]}" pyproject.toml scripts/python.sh)
made_from "$VENV/.genba-$kind" "$wanted" && exit 0

say "Python packages ($lock)"
pip_install --require-hashes --requirement "$lock"
if [[ $kind == dev ]]; then install_transcription; fi
pip_install --no-deps --no-build-isolation --editable .
# The image's user cannot write bytecode: every start would compile all of ours anew.
"$VENV/bin/python" -m compileall -q media field_assist recordings signaling
echo "$wanted" >"$VENV/.genba-$kind"
# The superset was just installed, so the smaller set is there too.
fingerprint requirements/run.lock requirements/run.lock pyproject.toml scripts/python.sh >"$VENV/.genba-run"
