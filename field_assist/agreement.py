"""同意: who agreed to what in a call, folded from what was asked and said. Sans-IO.

Four purposes, each asked by itself, of each person, in each call; nobody has agreed before they said so.
What was asked of everybody is asked of late joiners too, and never again of those who said no: for that they
are asked by name. A yes said aloud and entered by staff counts, unless the person has said no with their own
hand: then only their own hand says yes again. To take a yes back is a no; what becomes of what was taken
until then is a question of its own, and no answer to it deletes nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

EVERYBODY = ""
"""Whom a question to all is addressed to, in place of an identity."""
AT_SITE = "site"
"""Those who stand before the camera without being in the call: they say it aloud, picture by picture."""


class Purpose(StrEnum):
    """What a yes is for. Each stands for itself."""

    RECORDING = "recording"
    TRANSCRIPT = "transcript"
    PHOTO = "photo"
    CONCIERGE = "concierge"


class ConsentStep(StrEnum):
    """What can happen, one row each."""

    ASKED = "asked"
    GIVEN = "given"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    KEEP = "keep"  # after a withdrawal: what was taken may stay
    DELETE = "delete"  # or is to be deleted


class ConsentState(StrEnum):
    """How one person stands to one purpose."""

    NONE = "none"
    ASKED = "asked"
    GIVEN = "given"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class OwnNoStands(Exception):
    """They said no with their own hand: a yes is theirs to tap."""


class NothingTaken(Exception):
    """There is no withdrawal after which to keep or delete anything."""


@dataclass(frozen=True, slots=True)
class ConsentEvent:
    """One step: of whom, by whom (the same, or who asked or entered it), when, which text was read."""

    identity: str
    purpose: Purpose
    step: ConsentStep
    by: str
    at: datetime
    text_version: str = ""

    @property
    def is_aloud(self) -> bool:
        """Whether somebody else entered what was said aloud."""
        return self.by != self.identity


@dataclass(frozen=True, slots=True)
class Standing:
    """How one person stands to one purpose: since which event, and what was wished for what was taken."""

    state: ConsentState = ConsentState.NONE
    event: ConsentEvent | None = None
    wish: ConsentStep | None = None
    has_own_no: bool = False


class Agreement:
    """All of one call, by its events in order; `steps` counts them."""

    def __init__(self, events: Iterable[ConsentEvent] = ()) -> None:
        self.steps = 0
        self._of_all: dict[Purpose, ConsentEvent] = {}
        self._standings: dict[tuple[str, Purpose], Standing] = {}
        for event in events:
            self.add(event)

    def add(self, event: ConsentEvent) -> None:
        """What happens next; `is_news`, `answer` and `may_wish` said before that it may."""
        self.steps += 1
        if event.step is ConsentStep.ASKED and event.identity == EVERYBODY:
            self._of_all.setdefault(event.purpose, event)
            return
        key, before = (event.identity, event.purpose), self.of(event.identity, event.purpose)
        if event.step in (ConsentStep.KEEP, ConsentStep.DELETE):
            self._standings[key] = replace(before, wish=event.step)
            return
        has_own_no = before.has_own_no
        if event.step is not ConsentStep.ASKED:
            is_no = event.step is not ConsentStep.GIVEN
            has_own_no = is_no and (has_own_no or not event.is_aloud)
        self._standings[key] = Standing(ConsentState(event.step.value), event, has_own_no=has_own_no)

    def of(self, identity: str, purpose: Purpose) -> Standing:
        """How somebody stands, whoever they are; asked of all is asked of them."""
        standing = self._standings.get((identity, purpose))
        if standing is None and purpose in self._of_all and identity != AT_SITE:
            return Standing(ConsentState.ASKED, self._of_all[purpose])
        return standing or Standing()

    def given(self) -> dict[str, frozenset[Purpose]]:
        """Whose yes stands, for what; nobody else is named."""
        found: dict[str, set[Purpose]] = {}
        for (identity, purpose), standing in self._standings.items():
            if standing.state is ConsentState.GIVEN and identity != AT_SITE:
                found.setdefault(identity, set()).add(purpose)
        return {identity: frozenset(purposes) for identity, purposes in found.items()}

    def asked_of_all(self) -> list[Purpose]:
        """What everybody is asked, in the order of `Purpose`."""
        return [purpose for purpose in Purpose if purpose in self._of_all]

    def is_news(self, identity: str, purpose: Purpose) -> bool:
        """Whether asking this person, or `EVERYBODY`, asks anybody anything they are not asked already."""
        if identity == EVERYBODY:
            return purpose not in self._of_all
        return self.of(identity, purpose).state not in (ConsentState.ASKED, ConsentState.GIVEN)

    def answer(self, identity: str, purpose: Purpose, *, is_yes: bool, by: str) -> ConsentStep | None:
        """What saying yes or no is here; None where it was said already. Raises OwnNoStands."""
        standing = self.of(identity, purpose)
        if is_yes:
            if standing.has_own_no and by != identity:
                raise OwnNoStands
            return None if standing.state is ConsentState.GIVEN else ConsentStep.GIVEN
        if standing.state in (ConsentState.REFUSED, ConsentState.WITHDRAWN):
            return None
        return ConsentStep.WITHDRAWN if standing.state is ConsentState.GIVEN else ConsentStep.REFUSED

    def may_wish(self, identity: str, purpose: Purpose, wish: ConsentStep) -> bool:
        """Whether this is news for what was taken before a withdrawal; raises NothingTaken.

        A wish to delete stands: what is gone cannot be kept.
        """
        standing = self.of(identity, purpose)
        if standing.state is not ConsentState.WITHDRAWN:
            raise NothingTaken
        return standing.wish not in (wish, ConsentStep.DELETE)
