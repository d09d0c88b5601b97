#!/usr/bin/env bash
# The system packages the tests drive for real: a browser, Redis, PostgreSQL, a TURN server, Japanese fonts.
# As root on Debian or Ubuntu they are installed; otherwise the missing ones are named with the command.
source "$(dirname "$0")/ground.sh"

has() { command -v "$1" >/dev/null; }
has_postgresql() { has initdb || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null; }
has_browser() { has chromium || has chromium-browser || has google-chrome; }
has_japanese_font() { has fc-list && fc-list :lang=ja family | grep -q .; }

missing=()
has_browser || missing+=(chromium)
has_japanese_font || missing+=(fonts-noto-cjk fontconfig)
has redis-server || missing+=(redis-server)
has_postgresql || missing+=(postgresql)
has turnserver || missing+=(coturn)
[[ ${#missing[@]} -gt 0 ]] || exit 0

command="apt-get install --no-install-recommends ${missing[*]}"
is_debian || fail "The tests need programs that are not here: ${missing[*]} (Debian's names)." \
    "This is not Debian or Ubuntu: install them by your system's means and run make test again."
[[ $(id -u) -eq 0 ]] || fail "The tests need system packages that are not here: ${missing[*]}" \
    "Install them:  sudo $command" "Then run make test again; make run needs none of them."

say "system packages: ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq || fail "apt-get update failed: this machine does not reach its package archive."
apt-get install -qq -y --no-install-recommends "${missing[@]}" >/dev/null || fail "This failed:  $command"
