"""The words of consent in the REST interface."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from field_assist import (
    ConsentState,
    ConsentStep,
    Person,
    Purpose,
    Standing,
    consent_texts,
    people,
)
from signaling.api import schema
from signaling.api.consent_desk import Agreed, Speaker

ConsentPurpose = Literal["recording", "transcript", "photo", "concierge"]
ConsentWord = Literal["none", "asked", "given", "refused", "withdrawn"]
Kept = Literal["recording", "transcript", "concierge"]  # a still is evidence: it has a rule of its own
Purposes = Annotated[list[ConsentPurpose], Field(min_length=1, max_length=4)]
Identity = Annotated[str, StringConstraints(max_length=40)]


def _was_asked(version: str) -> str:
    if version not in consent_texts.TEXTS:
        raise ValueError("no text of this version was ever asked")
    return version


TextVersion = Annotated[str, AfterValidator(_was_asked)]


class ConsentStanding(BaseModel):
    """How one person stands to one purpose, since when.

    `entered_by` names the member of staff who entered what was said aloud; `wish` is what becomes of what was
    taken until a withdrawal, null until they say.
    """

    purpose: ConsentPurpose
    state: ConsentWord
    at: datetime | None
    entered_by: str | None
    wish: Literal["keep", "delete"] | None


class ConsentPerson(BaseModel):
    """Somebody of the call with all four purposes."""

    identity: str
    name: str
    role: schema.SenderRole
    standings: list[ConsentStanding]


class ConsentText(BaseModel):
    """What is asked, in the language of the reader: the question, what to know, that a no costs nothing."""

    purpose: ConsentPurpose
    question: str
    more: list[str]
    refusal: str


class ConsentAsked(BaseModel):
    """What waits for the reader's own answer, and who asked."""

    purpose: ConsentPurpose
    by: str
    by_post: str


class ConsentsAnswer(BaseModel):
    """How a call stands: the reader's own, what they are asked, for staff everybody.

    `in_force`: for what anybody's yes stands. `asked_of_all`: what late joiners are asked too. `texts` are of
    the version that answers name.
    """

    own: ConsentPerson
    asked: list[ConsentAsked]
    people: list[ConsentPerson]
    in_force: list[ConsentPurpose]
    asked_of_all: list[ConsentPurpose]
    text_version: str
    texts: list[ConsentText]


class AskConsentRequest(schema.Request):
    """Ask one participant, or with no identity everybody, also those who come later."""

    purposes: Purposes
    identity: Identity = ""


class AnswerConsentRequest(schema.Request):
    """Yes or no to the text of this version; `identity`: a guest who said it aloud."""

    purposes: Purposes
    yes: bool
    text_version: TextVersion
    identity: Identity = ""


class SettleConsentRequest(schema.Request):
    """After a withdrawal: whether what was taken may be kept. `identity`: a guest who said it aloud."""

    purposes: Annotated[list[Kept], Field(min_length=1, max_length=3)]
    keep: bool
    identity: Identity = ""


def consents_view(agreed: Agreed, reader: Speaker, language: schema.Language) -> ConsentsAnswer:
    """What this reader may know: guests only of themselves, and for what anybody's yes stands."""
    everybody: list[Speaker] = [
        *(member for member in agreed.sheet.members if people.may_be_member(member)),
        *agreed.guests,
    ]
    given = agreed.agreement.given().values()
    return ConsentsAnswer(
        own=_person(agreed, reader),
        asked=_asked(agreed, reader),
        people=[_person(agreed, who) for who in everybody] if isinstance(reader, Person) else [],
        in_force=[purpose.value for purpose in Purpose if any(purpose in each for each in given)],
        asked_of_all=[purpose.value for purpose in agreed.agreement.asked_of_all()],
        text_version=consent_texts.CURRENT,
        texts=[
            ConsentText(
                purpose=purpose.value, question=text.question, more=list(text.more), refusal=text.refusal
            )
            for purpose, text in consent_texts.TEXTS[consent_texts.CURRENT][language].items()
        ],
    )


def _person(agreed: Agreed, who: Speaker) -> ConsentPerson:
    return ConsentPerson(
        identity=who.identity,
        name=who.name,
        role=who.role.value,
        standings=[
            _standing(agreed, purpose, agreed.agreement.of(who.identity, purpose)) for purpose in Purpose
        ],
    )


def _standing(agreed: Agreed, purpose: Purpose, standing: Standing) -> ConsentStanding:
    event = standing.event
    is_entered = event is not None and event.step is not ConsentStep.ASKED and event.is_aloud
    return ConsentStanding(
        purpose=purpose.value,
        state=standing.state.value,
        at=event.at if event is not None else None,
        entered_by=agreed.names[event.by] if event is not None and is_entered else None,
        wish=_wish(standing.wish),
    )


def _wish(wish: ConsentStep | None) -> Literal["keep", "delete"] | None:
    if wish is None:
        return None
    return "delete" if wish is ConsentStep.DELETE else "keep"


def _asked(agreed: Agreed, reader: Speaker) -> list[ConsentAsked]:
    """In the order of `Purpose`, while the call is open."""
    if not agreed.sheet.facts.is_open:
        return []
    posts = {member.identity: member.post for member in agreed.sheet.members}
    standings = {purpose: agreed.agreement.of(reader.identity, purpose) for purpose in Purpose}
    return [
        ConsentAsked(purpose=purpose.value, by=agreed.names[event.by], by_post=posts.get(event.by, ""))
        for purpose, standing in standings.items()
        if standing.state is ConsentState.ASKED and (event := standing.event) is not None
    ]
