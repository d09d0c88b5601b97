"""Questions of residents: noted in the call by staff or by the resident, answered by their owner.

Database first, then the pages: the owner's home lists what they owe.
"""

from dataclasses import dataclass

from field_assist import (
    CallClosed,
    CallSheet,
    Guest,
    NotAConversationPartner,
    Person,
    Question,
    QuestionUnknown,
    Session,
    Store,
    calls,
    people,
    questions,
    staff,
)
from signaling.accounts import access_log
from signaling.accounts.access_log import Action
from signaling.api.call_desk import publish_change
from signaling.api.event_streams import EventHub
from signaling.clock import Clock

QUESTIONS_CHANGED = "questions"


@dataclass(frozen=True, slots=True)
class Asked:
    """Questions, with their calls and the people who own them."""

    questions: tuple[Question, ...]
    sheets: dict[str, CallSheet]
    owners: dict[str, Person]


class QuestionDesk:
    """All of it; one per installation."""

    def __init__(self, store: Store, hub: EventHub, clock: Clock) -> None:
        self._store = store
        self._hub = hub
        self._clock = clock

    async def of_call(self, speaker: Person | Guest, call_id: str) -> Asked:
        """The questions of a call this speaker may see; that they may speak in it was asked before."""
        return await self._store.read(lambda session: _asked(session, speaker, call_id))

    async def ask(
        self, speaker: Person | Guest, call_id: str, text: str, message_id: str | None, address: str
    ) -> Asked:
        """Note a question, in words or as a chat line; raises CallUnknown, CallClosed, QuestionsFull."""
        at = self._clock.wall()
        sender = calls.Sender(speaker.identity, speaker.name, speaker.role)

        def work(session: Session) -> tuple[Asked, str]:
            sheet = calls.sheet(session, call_id)
            if isinstance(speaker, Guest) and not sheet.facts.is_open:
                raise CallClosed
            said, who = text, sender
            if message_id is not None:
                line = calls.message(session, call_id, message_id)
                said, who = line.text, calls.Sender(line.sender_identity, line.sender_name, sender.role)
            owner = speaker.id if isinstance(speaker, Person) else sheet.host.id
            row = questions.ask(session, call_id, who, questions.NewQuestion(said, owner, message_id), at)
            access_log.acted(session, speaker, address, Action.QUESTION_NOTED, row.id, at, call_id)
            return _asked(session, speaker, call_id), row.owner_id

        asked, owner_id = await self._store.write(work)
        self._publish(asked.sheets[call_id], {owner_id})
        return asked

    async def change(self, person: Person, question_id: str, said: questions.Change, address: str) -> Asked:
        """Answer, hand over, move or drop; raises QuestionUnknown, StaffUnknown, NotAConversationPartner."""
        at = self._clock.wall()

        def work(session: Session) -> tuple[Asked, set[str]]:
            row = questions.by_id(session, question_id)
            sheet = calls.sheet(session, row.call_id)
            if not people.may_write_recap(person, sheet.facts) and row.owner_id != person.id:
                raise QuestionUnknown
            if not people.may_be_member(staff.active(session, said.owner_id).person()):
                raise NotAConversationPartner
            concerned = {row.owner_id, said.owner_id}
            questions.change(session, row, said, at)
            access_log.acted(session, person, address, Action.QUESTION_CHANGED, row.id, at, said.state)
            return _asked(session, person, row.call_id), concerned

        asked, concerned = await self._store.write(work)
        for sheet in asked.sheets.values():
            self._publish(sheet, concerned)
        return asked

    async def owed(self, person: Person) -> Asked:
        """What this person owes an answer to."""

        def work(session: Session) -> Asked:
            rows = questions.owed(session, person.id)
            sheets = calls.sheets(session, {row.call_id for row in rows})
            return Asked(tuple(rows), sheets, {person.id: person})

        return await self._store.read(work)

    def _publish(self, sheet: CallSheet, owners: set[str]) -> None:
        self._hub.publish(QUESTIONS_CHANGED, lambda person: person.id in owners)
        publish_change(self._hub, sheet)


def _asked(session: Session, speaker: Person | Guest, call_id: str) -> Asked:
    sheet = calls.sheet(session, call_id)
    rows = questions.of_call(session, call_id)
    if isinstance(speaker, Guest):
        rows = [row for row in rows if people.guest_may_see_question(speaker, row.asked_by)]
        rows = [row for row in rows if row.state != questions.State.DROPPED]
    elif not people.may_see_call(speaker, sheet.facts):
        rows = [row for row in rows if row.owner_id == speaker.id]
    owners = staff.people(session, sorted({row.owner_id for row in rows}))
    owners |= {member.id: member for member in sheet.members if people.may_be_member(member)}
    return Asked(tuple(rows), {call_id: sheet}, owners)
