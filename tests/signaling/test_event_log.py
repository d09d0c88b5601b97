"""What is kept out of the log."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from signaling import event_log


@pytest.fixture
def ordinary_logging() -> Iterator[None]:
    """Loggers as they were: `configure` sets up those of the whole process."""
    root, uvicorn = logging.getLogger(), logging.getLogger("uvicorn.error")
    handlers, level, filters = root.handlers[:], root.level, uvicorn.filters[:]
    yield
    root.handlers[:], uvicorn.filters[:] = handlers, filters
    root.setLevel(level)


@pytest.mark.usefixtures("ordinary_logging")
def test_refused_sockets_are_no_errors(capsys: pytest.CaptureFixture[str]) -> None:
    event_log.configure("INFO")
    uvicorn = logging.getLogger("uvicorn.error")

    uvicorn.error("ASGI callable returned without completing handshake.")
    uvicorn.error("Exception in ASGI application")

    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    assert lines[0].endswith("Exception in ASGI application")
