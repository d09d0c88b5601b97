"""Text logs: one line per event, `event key=value ...`, ids only.

Names, transcripts, tokens, codes, addresses and document text never go into a field; the access log in the
database is where acts are accounted for. A request's id is bound once per task and added to every line.
"""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_request_id: ContextVar[str] = ContextVar("request_id", default="")


class EventLogger:
    """Writes events of one module; `name` as in logging."""

    def __init__(self, name: str) -> None:
        self._logger = logging.getLogger(name)

    def debug(self, event: str, **fields: object) -> None:
        """A decision."""
        self._write(logging.DEBUG, event, fields)

    def info(self, event: str, **fields: object) -> None:
        """A lifecycle change."""
        self._write(logging.INFO, event, fields)

    def warning(self, event: str, **fields: object) -> None:
        """Degraded."""
        self._write(logging.WARNING, event, fields)

    def error(self, event: str, **fields: object) -> None:
        """Someone must look."""
        self._write(logging.ERROR, event, fields)

    def exception(self, event: str, **fields: object) -> None:
        """A bug, with its traceback."""
        self._logger.error("%s", line(event, fields), exc_info=True)

    def _write(self, level: int, event: str, fields: dict[str, object]) -> None:
        if self._logger.isEnabledFor(level):
            self._logger.log(level, "%s", line(event, fields))


@contextmanager
def request(request_id: str) -> Iterator[None]:
    """Bind a request's id to every line written inside."""
    token = _request_id.set(request_id)
    try:
        yield
    finally:
        _request_id.reset(token)


def line(event: str, fields: dict[str, object]) -> str:
    """`event key=value ...`; values with spaces are quoted, line ends cannot be forged."""
    bound = {"request": _request_id.get()} if _request_id.get() else {}
    return " ".join([event, *(f"{key}={_value(value)}" for key, value in {**bound, **fields}.items())])


def configure(level: str) -> None:
    """Log to standard error, one line per event."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for chatty in ("uvicorn.access", "alembic", "aioice", "aiortc", "httpx"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


def _value(value: object) -> str:
    text = str(value)
    if text and all(character.isprintable() and character not in ' "=' for character in text):
        return text
    return '"' + text.encode("unicode_escape").decode().replace('"', '\\"') + '"'
