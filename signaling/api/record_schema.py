"""The words of a call's record in the REST interface."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel

from field_assist import Consent, Presentation, surfaces
from signaling.api.card_schema import CallCard, call_cards
from signaling.api.consent_schema import ConsentPurpose
from signaling.api.record_desk import CallRecord
from signaling.api.view_schema import Shown, shown_view


class RecordedConsent(BaseModel):
    """One step of consent. `identity` is empty for everybody and `site` for those before the camera.

    `by_name` says who asked or entered it, null where it was their own hand.
    """

    identity: str
    name: str
    purpose: ConsentPurpose
    step: Literal["asked", "given", "refused", "withdrawn", "keep", "delete"]
    by_name: str | None
    text_version: str
    at: datetime


class ShownSpan(Shown):
    """What stood before the call from `started_at` to `ended_at`; null while it still does."""

    ended_at: datetime | None


class CallRecordAnswer(BaseModel):
    """A call, what people agreed to in it, and what was shown, documents and cards, each in order."""

    call_id: str
    number: str
    title: str
    place: str
    started_at: datetime
    ended_at: datetime | None
    host_name: str
    consents: list[RecordedConsent]
    shown: list[ShownSpan]
    cards: list[CallCard]


def record_view(record: CallRecord) -> CallRecordAnswer:
    """As staff read it."""
    call = record.sheet.call
    return CallRecordAnswer(
        call_id=call.id,
        number=call.number,
        title=call.title,
        place=call.place,
        started_at=call.started_at,
        ended_at=call.ended_at,
        host_name=record.sheet.host.name,
        consents=[_consent(row) for row in record.consents],
        shown=[_shown(row, record) for row in record.shown],
        cards=call_cards(record.cards, record.looks, record.today),
    )


def _consent(row: Consent) -> RecordedConsent:
    event = row.event()
    return RecordedConsent(
        identity=row.identity,
        name=row.name,
        purpose=event.purpose.value,
        step=event.step.value,
        by_name=row.by_name if event.is_aloud else None,
        text_version=row.text_version,
        at=row.at,
    )


def _shown(row: Presentation, record: CallRecord) -> ShownSpan:
    subject = surfaces.parse(row.surface).subject
    return ShownSpan(**shown_view(row, record.about[subject]).model_dump(), ended_at=row.ended_at)
