"""Text logs: one line per event, `event key=value ...`, ids only.

Modules log through `logging.getLogger(__name__)` with the event's name as message and its context in
`extra`. Names, transcripts, tokens, codes, network addresses and document text never go into a field; the
access log in the database is where acts are accounted for. A request's reference is bound once and stands
on every line written for it.
"""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_reference: ContextVar[str] = ContextVar("reference", default="")
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "color_message", "taskName"}
CHATTY = ("uvicorn.access", "uvicorn.error", "alembic", "aioice", "aiortc", "httpx", "websockets")


class LineFormatter(logging.Formatter):
    """`time level logger event key=value ...`; values with spaces are quoted, lines cannot be forged."""

    def format(self, record: logging.LogRecord) -> str:
        """One line, plus the traceback if there is one."""
        fields = {key: value for key, value in vars(record).items() if key not in _STANDARD}
        bound = {"ref": _reference.get()} if _reference.get() else {}
        context = [f"{key}={_value(value)}" for key, value in {**bound, **fields}.items()]
        event = record.getMessage().replace("\n", "\\n")
        line = " ".join([self.formatTime(record), record.levelname, record.name, event, *context])
        if record.exc_info:
            line += "\n" + self.formatException(record.exc_info)
        return line


@contextmanager
def referenced(reference: str) -> Iterator[None]:
    """Put a request's reference on every line written inside."""
    token = _reference.set(reference)
    try:
        yield
    finally:
        _reference.reset(token)


def reference() -> str:
    """The reference of the request being answered, "" outside of one."""
    return _reference.get()


def configure(level: str) -> None:
    """Log to standard error, one line per event."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(LineFormatter())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("uvicorn.error").addFilter(is_news)


def is_news(record: logging.LogRecord) -> bool:
    """False for what uvicorn calls an error after each WebSocket it was told to refuse and did refuse.

    Anybody can cause it by knocking with a false token, as often as they like.
    """
    return record.getMessage() != "ASGI callable returned without completing handshake."


def _value(value: object) -> str:
    text = str(value)
    if text and all(character.isprintable() and character not in ' "=' for character in text):
        return text
    return '"' + text.encode("unicode_escape").decode().replace('"', '\\"') + '"'
