"""Consent under /api: everybody of a call reads and answers for themselves, staff ask and enter."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from field_assist import Purpose, consents
from signaling.api import schema
from signaling.api.auth import Address, Parts, Speakers, Staff, signed_in
from signaling.api.calls_routes import speaker_in
from signaling.api.consent_desk import UNREAD, Answer
from signaling.api.consent_schema import (
    AnswerConsentRequest,
    AskConsentRequest,
    ConsentsAnswer,
    SettleConsentRequest,
    consents_view,
)
from signaling.api.services import spend

router = APIRouter(tags=["consents"], dependencies=[Depends(signed_in)])
call_router = APIRouter(tags=["consents"])

Language = Annotated[schema.Language, Query()]


@call_router.get("/calls/{call_id}/consents")
async def read_consents(
    call_id: str, speakers: Speakers, parts: Parts, language: Language = "ja"
) -> ConsentsAnswer:
    """What the reader has said and is asked; for staff, how everybody stands."""
    speaker = await speaker_in(parts, speakers, call_id)
    return consents_view(await parts.consent_desk.of_call(call_id), speaker, language)


@router.post("/calls/{call_id}/consents/ask")
async def ask_consent(
    call_id: str,
    body: AskConsentRequest,
    session: Staff,
    parts: Parts,
    address: Address,
    language: Language = "ja",
) -> ConsentsAnswer:
    """Ask one person, or everybody, also those who come later."""
    await spend(parts, parts.limits.chat, session.person.identity)
    purposes = [Purpose(each) for each in body.purposes]
    agreed = await parts.consent_desk.ask(session.person, call_id, purposes, body.identity, address)
    return consents_view(agreed, session.person, language)


@call_router.post("/calls/{call_id}/consents/answer")
async def answer_consent(
    call_id: str,
    body: AnswerConsentRequest,
    speakers: Speakers,
    parts: Parts,
    address: Address,
    language: Language = "ja",
) -> ConsentsAnswer:
    """Say yes or no, or take a yes back; as staff also enter what a guest said aloud."""
    speaker = await speaker_in(parts, speakers, call_id)
    reading = consents.Reading(body.text_version, language)
    said = Answer([Purpose(each) for each in body.purposes], body.yes, reading, body.identity)
    agreed = await parts.consent_desk.answer(speaker, call_id, said, address)
    return consents_view(agreed, speaker, language)


@call_router.post("/calls/{call_id}/consents/settle")
async def settle_consent(
    call_id: str,
    body: SettleConsentRequest,
    speakers: Speakers,
    parts: Parts,
    address: Address,
    language: Language = "ja",
) -> ConsentsAnswer:
    """Keep or delete what was taken until a withdrawal."""
    speaker = await speaker_in(parts, speakers, call_id)
    wish = Answer([Purpose(each) for each in body.purposes], body.keep, UNREAD, body.identity)
    agreed = await parts.consent_desk.settle(speaker, call_id, wish, address)
    return consents_view(agreed, speaker, language)
