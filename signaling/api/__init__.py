"""The REST interface under /api, its rules for requests, and the acts behind its routes."""
