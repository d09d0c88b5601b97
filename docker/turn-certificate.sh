#!/bin/sh
# Hands the certificate that the proxy obtained for TURN_DOMAIN to the relay, which reads it without a restart.
# Run by root, first once and then daily by cron:  17 4 * * *  /path/to/docker/turn-certificate.sh
set -eu
umask 077
cd "$(dirname "$0")"
domain=$(sed -n 's/^TURN_DOMAIN=//p' .env)
folder=certificates
fetch() { docker compose exec -T proxy sh -c "cat /data/caddy/certificates/*/$domain/$domain.$1" >"$folder/$2.new"; }
fetch crt turn.pem
fetch key turn-key.pem
chown 65534 "$folder/turn.pem.new" "$folder/turn-key.pem.new" # whom the relay runs as
mv "$folder/turn.pem.new" "$folder/turn.pem"
mv "$folder/turn-key.pem.new" "$folder/turn-key.pem"
docker compose --profile turn kill --signal USR2 turn || true # not started yet: it reads them then
