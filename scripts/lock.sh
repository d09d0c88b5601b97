#!/usr/bin/env bash
# Writes requirements/*.lock from pyproject.toml: exact versions with the hashes of every published file, one
# resolution for all Pythons from 3.11 on and all processors (--universal), so that Debian's 3.11.2, which needs
# a package 3.11.3 does not, installs from the same file. The files are plain pip requirements; only this script
# needs uv. No index address may enter them.
source "$(dirname "$0")/ground.sh"
tools=$ROOT/build/lock-tools
TORCH=2.13.0
[[ -x $tools/bin/uv ]] || { python3 -m venv "$tools" && "$tools/bin/pip" install --quiet 'uv>=0.9'; }

compile() {
    local output=$1
    shift
    say "$output"
    "$tools/bin/uv" pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest --generate-hashes \
        --no-emit-index-url --no-emit-find-links --no-annotate --custom-compile-command 'make lock' \
        "$@" --output-file "$output"
}

upgrade=${1:+--upgrade}   # make lock keeps versions that still fit; make lock UPGRADE=1 takes the newest
compile requirements/run.lock $upgrade pyproject.toml --extra doctor --extra postgresql --group build
compile requirements/dev.lock $upgrade pyproject.toml --extra doctor --extra postgresql --group build --group dev \
    --constraint requirements/run.lock
compile requirements/node.lock $upgrade --no-deps requirements/node.in
compile requirements/transcription.lock $upgrade --no-deps requirements/transcription.in

# Torch for processors alone, from wherever this machine's pip finds it: the one that uv would lock brings gigabytes
# of libraries for GPUs along.
wheels=$(mktemp -d)
say requirements/torch.lock
"$tools/bin/pip" download --quiet --no-deps --dest "$wheels" "torch==$TORCH"
if [[ -n $(find "$wheels" -name '*+cpu-*') ]]; then
    printf 'torch==%s+cpu --hash=sha256:%s\n' "$TORCH" "$(sha256sum "$wheels"/torch-*.whl | cut -d' ' -f1)" >requirements/torch.lock
fi
rm -r "$wheels"
