"""docker/coturn.conf, tried with a real coturn: credentials that expire open it, and only towards the app."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services import find_program, free_port, stop, wait_for_port

SECRET = "shared by app and relay"
APP = "127.0.0.1"
CLIENT_TIMEOUT_S = 30


@pytest.fixture
def relay(repository: Path, tmp_path: Path) -> Iterator[int]:
    """Port of a coturn with our configuration and what compose.yml adds on its command line."""
    port = free_port()
    log = tmp_path / "coturn.log"
    added = {
        "static-auth-secret": SECRET,
        "realm": "genba.example.jp",
        "allowed-peer-ip": APP,
        "listening-ip": "127.0.0.1",
        "relay-ip": "127.0.0.1",
        "listening-port": port,
        "pidfile": tmp_path / "pid",
        "userdb": tmp_path / "turndb",
    }
    options = [f"--{name}={value}" for name, value in added.items()]
    options.append("--allow-loopback-peers")  # only because the app is on loopback here
    with log.open("wb") as output:
        process = subprocess.Popen(
            [find_program("turnserver", "coturn"), "-c", repository / "docker" / "coturn.conf", *options],
            cwd=tmp_path,
            stdout=output,
            stderr=output,
            stdin=subprocess.DEVNULL,
        )
    try:
        wait_for_port(port, process, log)
        yield port
    finally:
        stop(process)
    assert "Bad configuration" not in log.read_text(errors="replace")


def _relay_through(port: int, *options: str, secret: str = SECRET) -> str:
    """What coturn's own client says of relaying; its -W signs a user name that expires."""
    command = f"{find_program('turnutils_uclient', 'coturn')} -c -m 1 -n 2 -u G-1 -p {port}".split()
    done = subprocess.run(
        [*command, "-W", secret, *options, "127.0.0.1"],
        capture_output=True,
        text=True,
        timeout=CLIENT_TIMEOUT_S,
    )
    return done.stdout + done.stderr


@pytest.mark.service
def test_an_expiring_credential_relays_to_the_app(relay: int) -> None:
    assert "Total lost packets 0 " in _relay_through(relay, "-y")


@pytest.mark.service
def test_a_credential_of_somebody_else_relays_nothing(relay: int) -> None:
    assert "Cannot complete Allocation" in _relay_through(relay, "-y", secret="guessed")


@pytest.mark.service
def test_the_relay_leads_nowhere_but_to_the_app(relay: int) -> None:
    assert "403" in _relay_through(relay, "-e", "127.0.0.2")
