"""What the guest of a letter agreed to, and how they take it back after the call.

The letter's link is the key, as it is to the letter: no account, and no name of anybody. Taking back is the
same as in the call (`ConsentDesk`): what was recorded and written down of this person goes; where a legal
hold keeps it, it is locked away and goes after that. A still is evidence that others lean on: it stays, and
the withdrawal stands on record for whoever decides about it.
"""

from typing import Annotated, Literal

from fastapi import APIRouter, Query

from field_assist import (
    ConsentState,
    ConsentStep,
    Guest,
    Purpose,
    Session,
    Standing,
    consent_texts,
    consents,
)
from recordings import catalogue
from signaling.accounts.sign_in import network_of
from signaling.api import recap_schema as schema
from signaling.api import transcript_keeping_desk as keeping_desk
from signaling.api.auth import Address, Parts
from signaling.api.consent_desk import UNREAD, Agreed, Answer
from signaling.api.schema import Language
from signaling.api.services import Services, spend

DELETABLE = (Purpose.RECORDING, Purpose.TRANSCRIPT, Purpose.CONCIERGE)
Taken = Literal["kept", "deleted", "held", "waiting", "none"]
router = APIRouter(tags=["letters"])


@router.get("/letter/{code}/consents")
async def read_letter_consents(
    code: str, parts: Parts, address: Address, language: Annotated[Language, Query()] = "ja"
) -> schema.LetterConsents:
    """What its guest said, and what became of what was taken."""
    await spend(parts, parts.limits.join, network_of(address))
    _, guest = await parts.recap_desk.holder(code, address)
    agreed = await parts.consent_desk.of_call(guest.call_id)
    return schema.LetterConsents(language=language, consents=await _standings(parts, agreed, guest, language))


@router.post("/letter/{code}/consents/withdraw")
async def withdraw_by_letter(
    code: str,
    body: schema.WithdrawRequest,
    parts: Parts,
    address: Address,
    language: Annotated[Language, Query()] = "ja",
) -> schema.LetterReceipt:
    """Take a yes back, with what was taken until now or without; what was taken back before stays so."""
    await spend(parts, parts.limits.join, network_of(address))
    found, guest = await parts.recap_desk.holder(code, address)
    desk = parts.consent_desk
    agreed = await desk.of_call(guest.call_id)
    wanted = [purpose for purpose in Purpose if purpose.value in body.purposes]
    standing = [each for each in wanted if _of(agreed, guest, each).state is ConsentState.GIVEN]
    if standing:
        reading = consents.Reading(consent_texts.CURRENT, language)
        agreed = await desk.answer(guest, guest.call_id, Answer(standing, False, reading), address)
    if settled := [each for each in wanted if each in DELETABLE and _may_settle(agreed, guest, each)]:
        wish = Answer(settled, not body.delete, UNREAD)
        agreed = await desk.settle(guest, guest.call_id, wish, address)
    number = await parts.recap_desk.note_withdrawal(found.letter, _detail(standing, settled, body), address)
    return schema.LetterReceipt(
        number=number,
        at=parts.clock.wall(),
        withdrawn=[each.value for each in wanted],
        language=language,
        consents=await _standings(parts, agreed, guest, language),
    )


def _detail(standing: list[Purpose], settled: list[Purpose], body: schema.WithdrawRequest) -> str:
    said = [f"withdrawn={','.join(standing)}" if standing else ""]
    said.append(f"{'delete' if body.delete else 'keep'}={','.join(settled)}" if settled else "")
    return " ".join(each for each in said if each) or "nothing new"


def _of(agreed: Agreed, guest: Guest, purpose: Purpose) -> Standing:
    return agreed.agreement.of(guest.identity, purpose)


def _may_settle(agreed: Agreed, guest: Guest, purpose: Purpose) -> bool:
    standing = _of(agreed, guest, purpose)
    return standing.state is ConsentState.WITHDRAWN and standing.wish is not ConsentStep.DELETE


async def _standings(
    parts: Services, agreed: Agreed, guest: Guest, language: Language
) -> list[schema.LetterConsent]:
    texts = consent_texts.TEXTS[consent_texts.CURRENT][language]
    held = await parts.store.read(lambda session: _held(session, guest.call_id))
    found = []
    for purpose in Purpose:
        standing = _of(agreed, guest, purpose)
        if standing.event is None or standing.state in (ConsentState.NONE, ConsentState.ASKED):
            continue
        found.append(
            schema.LetterConsent(
                purpose=purpose.value,
                question=texts[purpose].question,
                state=standing.state.value,
                at=standing.event.at,
                taken=_taken(standing, purpose, held),
            )
        )
    return found


def _taken(standing: Standing, purpose: Purpose, held: frozenset[Purpose]) -> Taken:
    if standing.state is ConsentState.REFUSED:
        return "none"
    if standing.wish is ConsentStep.DELETE:
        return "held" if purpose in held else "deleted"
    if standing.state is ConsentState.WITHDRAWN and standing.wish is None and purpose in DELETABLE:
        return "waiting"
    return "kept"


def _held(session: Session, call_id: str) -> frozenset[Purpose]:
    """Of what a legal hold forbids deleting anything."""
    recording = catalogue.find(session, call_id)
    found = set()
    if recording is not None and recording.held_at is not None:
        found.add(Purpose.RECORDING)
    if keeping_desk.is_held(session, call_id):
        found.add(Purpose.TRANSCRIPT)
    return frozenset(found)
