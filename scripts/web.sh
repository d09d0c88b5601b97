#!/usr/bin/env bash
# Installs the web client's locked npm packages and builds it; does nothing when nothing changed.
#   scripts/web.sh           install and build
#   scripts/web.sh install   install only
#   scripts/web.sh npm ...   run npm inside web_client with the Node that builds it
source "$(dirname "$0")/ground.sh"
source scripts/node.sh

# Not `npm ci`: it insists on lock entries for every other system's optional binaries, which a registry mirror that
# keeps only some systems' cannot give. --no-save takes the locked versions and leaves the lock file alone;
# tests/test_repository.py holds the lock against package.json.
install() {
    local wanted
    wanted=$(fingerprint web_client/package.json web_client/package-lock.json)
    made_from web_client/node_modules/.genba "$wanted" && return
    say "npm packages (web_client/package-lock.json)"
    npm --prefix web_client install --no-save --no-audit --no-fund --loglevel=error || fail \
        "npm could not install the web client's packages." \
        "Lines above about connections: this machine does not reach the npm registry." \
        "Behind a proxy set HTTPS_PROXY; with a mirror of your own set npm_config_registry; then run make again."
    echo "$wanted" >web_client/node_modules/.genba
}

build() {
    local wanted sources
    mapfile -t sources < <(find web_client \( -name node_modules -o -name dist \) -prune -o -type f ! -name '*.tsbuildinfo' -print | LC_ALL=C sort)
    wanted=$(fingerprint "${sources[@]}")
    made_from web_client/dist/.built-from "$wanted" && return
    say "building the web client"
    npm --prefix web_client run --silent build || fail "The web client does not build; the reason stands above."
    echo "$wanted" >web_client/dist/.built-from
}

case ${1:-build} in
    install) install ;;
    build) install && build ;;
    npm) shift && install && exec npm --prefix web_client "$@" ;;
esac
