"""Every exception of ours has an outcome, and one only."""

from __future__ import annotations

import importlib
import inspect
import pkgutil

import field_assist
import signaling
from signaling.api.errors import OUTCOMES, params

ELSEWHERE = {
    # Raised to LiveKit clients, answered by rtc_socket, twirp and room_service.
    "ConnectError": "rtc_socket",
    "Refusal": "rtc_socket",
    "RoomFull": "rtc_socket",
    "RoomNotFound": "rtc_socket",
    "TokenError": "rtc_socket",
    "TwirpError": "twirp",
    "WireError": "session",
    # A fault of a staff list's row, told to the person at the command line.
    "NotWorkHours": "staff_list",
    # Noted beside the feed or the list, for whoever set it.
    "NotFetched": "fetching",
    # Raised to the person at the command line.
    "CannotTranscribe": "transcribing",
    "NotRestored": "restoration",
    "NotTaken": "document_administration",
    "PortTaken": "__main__",
    "RealStaffThere": "__main__",
    "Refused": "__main__",
    "SettingsError": "__main__",
}


def test_every_exception_has_an_outcome() -> None:
    found = set()
    for package in (field_assist, signaling):
        for info in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            module = importlib.import_module(info.name)
            for _, kind in inspect.getmembers(module, inspect.isclass):
                if issubclass(kind, Exception) and kind.__module__ == module.__name__:
                    found.add(kind)

    homeless = {kind.__name__ for kind in found if kind not in OUTCOMES} - set(ELSEWHERE)

    assert homeless == set(), "give it a line in signaling/api/errors.py"


def test_keys_and_parameters_are_sound() -> None:
    for kind, outcome in OUTCOMES.items():
        assert 400 <= outcome.status < 600, kind
        if outcome.params:
            assert set(outcome.params) <= set(params(kind(7), outcome))
