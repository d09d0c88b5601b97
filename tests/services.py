"""Real Redis, PostgreSQL and coturn for tests: on loopback, on ephemeral ports, gone with the `with` block.

A program that is not installed raises `ProgramMissing`, whose text is the command that brings it.
"""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from signaling.certificates import self_signed

COTURN_CONF = Path(__file__).resolve().parent.parent / "docker" / "coturn.conf"
START_TIMEOUT_S = 30.0
POLL_S = 0.02


class ProgramMissing(Exception):
    """A service program is not installed; the text says what installs it."""


def find_program(name: str, package: str) -> str:
    """Path of a program on PATH or, for PostgreSQL, where Debian keeps it; newest version first."""
    found = shutil.which(name)
    if found:
        return found
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: -int(path.parent.name)):
        if (folder / name).exists():
            return str(folder / name)
    raise ProgramMissing(f"{name} is not installed. On Debian or Ubuntu:  sudo apt-get install {package}")


def free_port() -> int:
    """A TCP port that was free a moment ago; for programs that cannot be asked for port 0."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for_port(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    """Return when somebody listens; raise with the log's end when the process died or was too slow."""
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(POLL_S)
    raise RuntimeError(
        f"{process.args!r} does not listen on {port}:\n{log.read_text(errors='replace')[-2000:]}"
    )


def stop(process: subprocess.Popen[bytes], with_signal: signal.Signals = signal.SIGTERM) -> None:
    """End a process politely, then firmly."""
    if process.poll() is None:
        process.send_signal(with_signal)
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class Redis:
    """One redis-server that keeps nothing on disk."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.port = free_port()

    @property
    def url(self) -> str:
        """What the `redis` package takes."""
        return f"redis://127.0.0.1:{self.port}/0"

    def __enter__(self) -> Self:
        self.start()
        return self

    def start(self) -> None:
        """Start it, again if need be: tests stop it to see what the server does without."""
        program = find_program("redis-server", "redis-server")
        log = self._folder / "redis.log"
        arguments = f"--port {self.port} --bind 127.0.0.1 --appendonly no --daemonize no --dir {self._folder}"
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                [program, *arguments.split(), "--save", ""],
                stdout=output,
                stderr=output,
                stdin=subprocess.DEVNULL,
            )
        wait_for_port(self.port, self._process, log)

    def stop(self) -> None:
        """End it; clients see their connections close."""
        stop(self._process)

    def freeze(self) -> None:
        """Let it hang with its connections open, as behind a network that swallows everything."""
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        self._process.send_signal(signal.SIGCONT)

    def empty(self) -> None:
        """Forget everything, over the plain text protocol."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=5) as connection:
            connection.sendall(b"FLUSHALL\r\n")
            assert connection.recv(16).startswith(b"+OK")

    def __exit__(self, *_: object) -> None:
        self.stop()


class Coturn:
    """One coturn with docker/coturn.conf and what compose.yml adds on its command line, relaying to `app`."""

    def __init__(self, folder: Path, app: str = "127.0.0.1") -> None:
        self._folder = folder
        self._app = app
        self.secret = "shared by app and relay"
        self.port = free_port()
        self.tls_port = free_port()

    def __enter__(self) -> Self:
        files = self_signed(self._folder, (), datetime.now(UTC))
        log = self._folder / "coturn.log"
        added = {
            "static-auth-secret": self.secret,
            "realm": "genba.example.jp",
            "allowed-peer-ip": self._app,
            "listening-ip": "127.0.0.1",
            "relay-ip": "127.0.0.1",
            "listening-port": self.port,
            "tls-listening-port": self.tls_port,
            "cert": files.certificate,
            "pkey": files.key,
            "pidfile": self._folder / "pid",
            "userdb": self._folder / "turndb",
        }
        options = [f"--{name}={value}" for name, value in added.items()]
        options.append("--allow-loopback-peers")  # only because the app is on loopback here
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                [find_program("turnserver", "coturn"), "-c", COTURN_CONF, *options],
                cwd=self._folder,
                stdout=output,
                stderr=output,
                stdin=subprocess.DEVNULL,
            )
        wait_for_port(self.tls_port, self._process, log)
        self._wait_for_udp()  # its listeners open one after another, and clients start with UDP
        return self

    def _wait_for_udp(self) -> None:
        """Return when a binding request is answered (RFC 8489 section 2)."""
        request = bytes.fromhex("0001 0000 2112a442") + bytes(12)
        deadline = time.monotonic() + START_TIMEOUT_S
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.connect(("127.0.0.1", self.port))
            probe.settimeout(POLL_S)
            while time.monotonic() < deadline:
                try:
                    probe.send(request)
                    probe.recv(512)
                except OSError:  # refused, or no answer yet
                    continue
                return
        raise RuntimeError(f"coturn does not answer over UDP on {self.port}")

    def __exit__(self, *_: object) -> None:
        stop(self._process)
        assert "Bad configuration" not in (self._folder / "coturn.log").read_text(errors="replace")


class PostgreSQL:
    """One cluster, and an empty database per test.

    initdb and postgres refuse root, so under root they run as `postgres` or `nobody`, in a folder of theirs.
    """

    def __init__(self) -> None:
        self.port = free_port()
        self._counter = itertools.count(1)
        self._account = self._ordinary_account()

    @staticmethod
    def _ordinary_account() -> pwd.struct_passwd | None:
        if os.getuid() != 0:
            return None
        names = {entry.pw_name: entry for entry in pwd.getpwall()}
        return names.get("postgres") or names["nobody"]

    def __enter__(self) -> Self:
        initdb = find_program("initdb", "postgresql")
        self._folder = Path(
            tempfile.mkdtemp(prefix="genba-postgresql-")
        )  # pytest's own folders are closed to others
        if self._account:
            os.chown(self._folder, self._account.pw_uid, self._account.pw_gid)
        cluster = str(self._folder / "cluster")
        self._run(
            [initdb, "-D", cluster, "-U", "genba", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
        )
        log = self._folder / "postgresql.log"
        options = (
            f"-c port={self.port} -c listen_addresses=127.0.0.1 -c fsync=off -c unix_socket_directories="
        )
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                [find_program("postgres", "postgresql"), "-D", cluster, *options.split()],
                stdout=output,
                stderr=output,
                stdin=subprocess.DEVNULL,
                **self._identity(),
            )
        wait_for_port(self.port, self._process, log)
        return self

    def __exit__(self, *_: object) -> None:
        stop(self._process, signal.SIGINT)  # "fast": does not wait for clients
        shutil.rmtree(self._folder, ignore_errors=True)

    @contextmanager
    def database(self) -> Iterator[str]:
        """SQLAlchemy URL of a new, empty database, dropped afterwards even under connected clients."""
        import psycopg

        name = f"test_{next(self._counter)}"
        address = f"127.0.0.1:{self.port}"
        with psycopg.connect(f"postgresql://genba@{address}/postgres", autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"'.encode())
            try:
                yield f"postgresql+psycopg://genba@{address}/{name}"
            finally:
                connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())

    def _run(self, command: list[str]) -> None:
        done = subprocess.run(command, capture_output=True, text=True, **self._identity())
        if done.returncode:
            raise RuntimeError(f"{command[0]} failed:\n{done.stderr}")

    def _identity(self) -> dict[str, Any]:  # keyword arguments of Popen have no common type
        if not self._account:
            return {"cwd": self._folder}
        return {
            "user": self._account.pw_uid,
            "group": self._account.pw_gid,
            "extra_groups": [],
            "cwd": self._folder,
        }
