"""The concierge: which public service fits a need, always with its source. The core works without it."""
