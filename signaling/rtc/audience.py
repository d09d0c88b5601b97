"""Whom each voice and picture of one room may reach, as the server decides it, not the clients.

A rule is asked for every pair of speaker and listener. Without one everybody reaches everybody; where one
fails to answer, nobody is reached from then on. What it keeps back never leaves the server
(`Consumer.set_withheld`). Sans-IO.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Literal

log = logging.getLogger(__name__)

Kind = Literal["audio", "video"]
Rule = Callable[[str, str, Kind], bool]
"""Whether the first identity may be heard (audio) or seen (video) by the second."""


def everybody(speaker: str, listener: str, kind: Kind) -> bool:
    """The rule where nothing is kept from anybody."""
    return True


def nobody(speaker: str, listener: str, kind: Kind) -> bool:
    """The rule where it is not known who is meant."""
    return False


class Audience:
    """The rule in force in one room."""

    def __init__(self, rule: Rule = everybody) -> None:
        self.rule = rule

    def reaches(self, speaker: str, listener: str, kind: str) -> bool:
        """Whether this identity's audio or video may go to that one."""
        try:
            return self.rule(speaker, listener, "audio" if kind == "audio" else "video")
        except Exception:
            log.exception("audience_unknown")
            self.rule = nobody
            return False
