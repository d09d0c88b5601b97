"""Where the built web client is: the server serves these files and knows nothing else about them."""

from pathlib import Path

__all__ = ["DIST"]

DIST: Path = Path(__file__).parent / "dist"
"""The folder with index.html and hashed assets; absent until the client has been built."""
