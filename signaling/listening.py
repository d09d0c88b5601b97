"""The door: listening sockets of our own, or those that a supervisor opened and hands on (`LISTEN_FDS`).

They are opened before the program is even loaded. A client that calls while a server starts again is then
not refused, which would cost it a retry, but waits in the kernel's queue. With sockets that a supervisor
keeps (systemd's socket activation, sd_listen_fds(3)) the door does not close between two processes either.
"""

import os
import socket
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Self

from signaling.settings import Settings, passed_sockets

BACKLOG = 1024


class PortTaken(Exception):
    """Somebody else listens there, or we may not."""

    def __init__(self, host: str, port: int, reason: str) -> None:
        super().__init__(f"cannot listen on {host}:{port}: {reason}")
        self.host = host
        self.port = port


@dataclass(frozen=True, slots=True)
class Listeners:
    """A context manager that closes them: `plain` for HTTP, `secure` for HTTPS when that is wanted."""

    plain: socket.socket
    secure: socket.socket | None

    @property
    def port(self) -> int:
        """Where HTTP really is."""
        return _port(self.plain)

    @property
    def tls_port(self) -> int | None:
        """Where HTTPS really is."""
        return None if self.secure is None else _port(self.secure)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.plain.close()
        if self.secure is not None:
            self.secure.close()


def listen(settings: Settings) -> Listeners:
    """Both doors open from now on. Of sockets handed on the first is for HTTP, the second for HTTPS.

    Raises `PortTaken`.
    """
    passed = [_adopted(number) for number in passed_sockets(os.getpid())]
    with ExitStack() as opened:
        plain = passed[0] if passed else opened.enter_context(_listen(settings.host, settings.port))
        secure = None
        if settings.tls_port is not None:
            is_passed = len(passed) > 1
            secure = passed[1] if is_passed else _listen(settings.host, settings.tls_port)
        opened.pop_all()
    return Listeners(plain, secure)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        raise PortTaken(host, port, error.strerror or str(error)) from error


def _adopted(number: int) -> socket.socket:
    listener = socket.socket(fileno=number)
    listener.set_inheritable(False)  # it came by inheritance, and shall not go further
    return listener


def _port(listener: socket.socket) -> int:
    port: int = listener.getsockname()[1]
    return port
