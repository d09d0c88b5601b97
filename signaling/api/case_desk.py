"""What staff do with cases: open, read, change, comment, close, and let calls belong to them.

Each act is one transaction of rule, rows and access-log row; only after it was committed are the event
streams told. The rules themselves are `field_assist.people`'s.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from field_assist import (
    CallSheet,
    CallUnknown,
    CaseChanged,
    CaseClosed,
    CaseShare,
    CaseSheet,
    CaseUnknown,
    NotAConversationPartner,
    Organisation,
    Person,
    Session,
    Store,
    calls,
    cases,
    people,
    sharing,
    staff,
)
from signaling.accounts import access_log
from signaling.accounts.access_log import Action
from signaling.api import case_timeline
from signaling.api.call_desk import Forbidden
from signaling.api.case_timeline import Sources
from signaling.api.event_streams import EventHub
from signaling.clock import Clock

CASES_CHANGED = "cases"


@dataclass(frozen=True, slots=True)
class Done:
    """What goes into the access log about an act."""

    action: Action
    detail: str = ""


Act = Callable[[Session, CaseSheet, datetime], Done | None]
"""What is done to a locked case, once allowed; None where nothing was different."""


@dataclass(frozen=True, slots=True)
class OpenShare:
    """A share that opens the case now, with whom, and who gave it."""

    share: CaseShare
    organisation: Organisation
    shared_by: str


@dataclass(frozen=True, slots=True)
class OpenFile:
    """A case and what its timeline is made of, read in one transaction."""

    sheet: CaseSheet
    sources: Sources
    shares: tuple[OpenShare, ...]


class CaseDesk:
    """All of it; one per installation. `address` is where the acting person's request came from."""

    def __init__(self, store: Store, hub: EventHub, clock: Clock) -> None:
        self._store = store
        self._hub = hub
        self._clock = clock

    async def listing(self, person: Person, wanted: cases.Wanted) -> tuple[list[CaseSheet], bool]:
        """Cases this person may see, and whether there are more of them."""
        found = await self._store.read(lambda session: cases.visible(session, person, wanted))
        seen = [entry for entry in found if people.may_see_case(person, entry.facts)]
        return seen, len(found) == cases.LIST_LIMIT

    async def read(self, person: Person, case_id: str, address: str) -> OpenFile:
        """One case; a sensitive one is a row of the access log. Raises CaseUnknown."""
        at = self._clock.wall()

        def look(session: Session) -> OpenFile:
            _must(person, cases.sheet(session, case_id), people.may_see_case)
            return _opened(session, case_id, at)

        def look_and_log(session: Session) -> OpenFile:
            opened = look(session)
            access_log.acted(session, person, address, Action.CASE_READ, case_id, at)
            return opened

        opened = await self._store.read(look)
        if opened.sheet.facts.sensitivity < people.NARROW_SENSITIVITY:
            return opened
        return await self._store.write(look_and_log)

    async def open(
        self, person: Person, new: cases.Particulars, call_id: str | None, address: str
    ) -> OpenFile:
        """A new case of the person's department, perhaps with a call. Raises Forbidden, CallUnknown."""
        if not people.may_open_case(person):
            raise Forbidden
        at = self._clock.wall()

        def work(session: Session) -> OpenFile:
            sheet = cases.open_case(session, person, new, at)
            if call_id is not None:
                self._link(session, person, sheet, _seen_call(session, person, call_id), address, at)
            access_log.acted(session, person, address, Action.CASE_OPENED, sheet.case.id, at)
            return _opened(session, sheet.case.id, at)

        return self._published(await self._store.write(work))

    async def change(
        self,
        person: Person,
        case_id: str,
        revision: int,
        new: Mapping[str, str | int | float | None],
        address: str,
    ) -> OpenFile:
        """Set some fields. Raises CaseClosed, CaseChanged where somebody was faster, StaffUnknown."""

        def act(session: Session, sheet: CaseSheet, at: datetime) -> Done | None:
            if sheet.case.revision != revision:
                raise CaseChanged
            owner = new.get("owner_id")
            if isinstance(owner, str) and not people.may_own_case(staff.active(session, owner).person()):
                raise NotAConversationPartner
            return Done(Action.CASE_CHANGED) if cases.change(session, sheet.case, person, new, at) else None

        return await self.act(person, case_id, address, act)

    async def comment(self, person: Person, case_id: str, words: str, address: str) -> OpenFile:
        """A line of the timeline; also on a closed case."""

        def act(session: Session, sheet: CaseSheet, at: datetime) -> Done:
            cases.happened(session, sheet.case, cases.EventKind.COMMENT, person, at, words)
            return Done(Action.CASE_COMMENTED)

        return await self.act(person, case_id, address, act, rule=people.may_see_case, even_closed=True)

    async def close(self, person: Person, case_id: str, words: str, address: str) -> OpenFile:
        """The case is done. Raises CaseClosed where it was."""

        def act(session: Session, sheet: CaseSheet, at: datetime) -> Done:
            cases.close(session, sheet.case, person, words, at)
            return Done(Action.CASE_CLOSED)

        return await self.act(person, case_id, address, act)

    async def reopen(self, person: Person, case_id: str, address: str) -> OpenFile:
        """It goes on; an open one stays as it is."""

        def act(session: Session, sheet: CaseSheet, at: datetime) -> Done | None:
            if sheet.facts.is_open:
                return None
            cases.reopen(session, sheet.case, person, at)
            return Done(Action.CASE_REOPENED)

        return await self.act(person, case_id, address, act, even_closed=True)

    async def link(self, person: Person, case_id: str, call_id: str, address: str) -> OpenFile:
        """A call belongs to the case from now on. Raises CallUnknown, LinkedElsewhere, CaseClosed."""

        def act(session: Session, sheet: CaseSheet, at: datetime) -> Done | None:
            call = _seen_call(session, person, call_id)
            is_new = cases.link(session, sheet.case, call, person, at)
            return Done(Action.CASE_CALL_LINKED, call_id) if is_new else None

        return await self.act(person, case_id, address, act)

    async def unlink(self, person: Person, case_id: str, call_id: str, address: str) -> OpenFile:
        """A call was put into the wrong case. Raises CallUnknown, CaseClosed."""

        def act(session: Session, sheet: CaseSheet, at: datetime) -> Done:
            call = next((each for each in cases.calls_of(session, case_id) if each.id == call_id), None)
            if call is None:
                raise CallUnknown
            cases.unlink(session, sheet.case, call, person, at)
            return Done(Action.CASE_CALL_UNLINKED, call_id)

        return await self.act(person, case_id, address, act)

    async def of_call(self, person: Person, call_id: str) -> CaseSheet | None:
        """The case of a call the person may see, where they may see that too. Raises CallUnknown."""

        def work(session: Session) -> CaseSheet | None:
            _seen_call(session, person, call_id)
            sheet = cases.case_of_call(session, call_id)
            return sheet if sheet and people.may_see_case(person, sheet.facts) else None

        return await self._store.read(work)

    def linking(self, person: Person, case_id: str, address: str) -> Callable[[Session, CallSheet], None]:
        """For a call that is started from a case: what to do in the same transaction."""
        at = self._clock.wall()

        def work(session: Session, call: CallSheet) -> None:
            sheet = _must_act(person, cases.locked(session, case_id), people.may_change_case)
            self._link(session, person, sheet, call.call, address, at)

        return work

    async def tell(self, case_id: str) -> None:
        """Tell the pages that a case is different."""
        sheet = await self._store.read(lambda session: cases.sheet(session, case_id))
        publish_change(self._hub, sheet)

    async def act(
        self,
        person: Person,
        case_id: str,
        address: str,
        act: Act,
        *,
        rule: people.CaseRule = people.may_change_case,
        even_closed: bool = False,
    ) -> OpenFile:
        """Do something to a case the rule allows it to. Raises CaseUnknown, Forbidden, CaseClosed."""
        at = self._clock.wall()

        def work(session: Session) -> OpenFile:
            sheet = _must_act(person, cases.locked(session, case_id), rule, even_closed=even_closed)
            done = act(session, sheet, at)
            if done is not None:
                access_log.acted(session, person, address, done.action, case_id, at, done.detail)
            return _opened(session, case_id, at)

        return self._published(await self._store.write(work))

    def _link(
        self, session: Session, person: Person, sheet: CaseSheet, call: calls.Call, address: str, at: datetime
    ) -> None:
        if cases.link(session, sheet.case, call, person, at):
            access_log.acted(
                session, person, address, Action.CASE_CALL_LINKED, sheet.case.id, at, detail=call.id
            )

    def _published(self, opened: OpenFile) -> OpenFile:
        publish_change(self._hub, opened.sheet)
        return opened


def publish_change(hub: EventHub, sheet: CaseSheet) -> None:
    """Tell everybody whom this case concerns to look again."""
    facts = sheet.facts
    hub.publish(CASES_CHANGED, lambda person: people.may_see_case(person, facts))


def _must(person: Person, sheet: CaseSheet, rule: people.CaseRule) -> CaseSheet:
    """The case when the rule allows it; raises CaseUnknown, or Forbidden to who may know of it."""
    if not people.may_see_case(person, sheet.facts):
        raise CaseUnknown
    if not rule(person, sheet.facts):
        raise Forbidden
    return sheet


def _must_act(
    person: Person, sheet: CaseSheet, rule: people.CaseRule, *, even_closed: bool = False
) -> CaseSheet:
    _must(person, sheet, rule)
    if not (sheet.facts.is_open or even_closed):
        raise CaseClosed
    return sheet


def _seen_call(session: Session, person: Person, call_id: str) -> calls.Call:
    sheet = calls.sheet(session, call_id)
    if not people.may_see_call(person, sheet.facts):
        raise CallUnknown
    return sheet.call


def _opened(session: Session, case_id: str, at: datetime) -> OpenFile:
    sheet = cases.sheet(session, case_id)
    given = sharing.good(session, case_id, at)
    names = staff.people(session, sorted({share.shared_by for share in given}))
    shares = [
        OpenShare(share, sharing.organisation(session, share.organisation_id), names[share.shared_by].name)
        for share in given
    ]
    return OpenFile(sheet, case_timeline.read(session, sheet), tuple(shares))
