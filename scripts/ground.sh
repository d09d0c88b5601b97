# Sourced by every shell script here: where we are, how we speak, and what "unchanged" means.
# A stamp is a file holding the fingerprint of what something was made from. It lies inside the thing
# it vouches for, so removing the thing removes the stamp, and a second run has nothing to do.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
ROOT=$PWD
VENV=$ROOT/.venv

say() { printf '\033[1m▸ %s\033[0m\n' "$*" >&2; }

fail() {
    printf '\n\033[1;31m✗ %s\033[0m\n' "$1" >&2
    shift
    for line in "$@"; do printf '  %s\n' "$line" >&2; done
    exit 1
}

# fingerprint FILE... — one line that changes when a name or a byte changes.
fingerprint() { sha256sum -- "$@" | sha256sum | cut -d' ' -f1; }

# made_from STAMP FINGERPRINT — succeeds when the stamp says exactly this.
made_from() { [[ -f $1 && $(<"$1") == "$2" ]]; }

is_debian() { [[ -r /etc/os-release ]] && grep -qiE '^ID(_LIKE)?=.*(debian|ubuntu)' /etc/os-release && command -v apt-get >/dev/null; }
