"""The LiveKit protocol: tokens, rooms, sessions and their doors (/rtc, /rtc/v1, /twirp), and webhooks."""
