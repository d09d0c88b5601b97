"""Placeholder; see README for the map."""
