#!/bin/sh
# Prints a fresh .env for compose.yml:  ./new-secrets.sh > .env   Then fill in the lines at the top.
set -eu
secret() { head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n'; }
cat <<END
# What people type, and the address (public or LAN) at which their browsers reach this host.
GENBA_DOMAIN=
GENBA_ADDRESS=

# Shown to residents before they join.
ORGANISATION=
OFFICE_PHONE=

# Only for the relay (README, "TURN"): its name, its own address on this host, the address left to the proxy, and
# TURN_URLS=turns:<its name>:443?transport=tcp,turn:<its name>:3478?transport=udp
TURN_DOMAIN=
TURN_ADDRESS=
PROXY_ADDRESS=
TURN_URLS=

# Only for mail to residents (README, "Settings"): the mail server, and the address mail comes from.
REDIS_URL=
SMTP_HOST=
SMTP_PORT=587
SMTP_SECURITY=starttls
SMTP_USER=
SMTP_PASSWORD=
SMTP_SENDER=

# Made by new-secrets.sh; keep them, keep them to yourself, back them up apart from the data.
GENBA_API_KEY=GB$(secret | cut -c1-12)
GENBA_API_SECRET=$(secret)
POSTGRES_PASSWORD=$(secret)
TURN_SECRET=$(secret)
END
