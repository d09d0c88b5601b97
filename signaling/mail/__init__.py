"""Mail to people outside: what waits (`outbox`), what it says (`letters`), and who sends it (`post`)."""
