"""docker/coturn.conf, tried with a real coturn: credentials that expire open it, and only towards the app."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services import Coturn, find_program

CLIENT_TIMEOUT_S = 30


@pytest.fixture
def relay(tmp_path: Path) -> Iterator[Coturn]:
    with Coturn(tmp_path) as coturn:
        yield coturn


def _relay_through(port: int, *options: str, secret: str) -> str:
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
def test_an_expiring_credential_relays_to_the_app(relay: Coturn) -> None:
    assert "Total lost packets 0 " in _relay_through(relay.port, "-y", secret=relay.secret)


@pytest.mark.service
def test_a_credential_of_somebody_else_relays_nothing(relay: Coturn) -> None:
    assert "Cannot complete Allocation" in _relay_through(relay.port, "-y", secret="guessed")


@pytest.mark.service
def test_the_relay_leads_nowhere_but_to_the_app(relay: Coturn) -> None:
    assert "403" in _relay_through(relay.port, "-e", "127.0.0.2", secret=relay.secret)
