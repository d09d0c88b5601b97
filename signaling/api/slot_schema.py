"""The words of feeds of free slots under /api/admin, for those who keep the catalogue."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from field_assist import concierge
from signaling.api.catalogue_schema import OwnerCode
from signaling.api.schema import Request
from signaling.api.slot_desk import Described, FeedState, Looked
from signaling.push.endpoints import MAX_ENDPOINT

SlotForm = concierge.slots.Form
LEAST_EVERY_S = concierge.slot_lists.LEAST_EVERY_S
Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=120)]
Named = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
Terms = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]


class SlotFeedRequest(Request):
    """What a feed is; without an address people bring it, without an owner it is the installation's own."""

    name: Named
    address: Annotated[
        str,
        StringConstraints(
            strip_whitespace=True, max_length=MAX_ENDPOINT, pattern=r"^(https?://[^\s<>\"]+)?$"
        ),
    ] = ""
    form: SlotForm = SlotForm.CSV
    owner: Words = ""
    owner_code: OwnerCode = ""
    licence: Terms
    facility_id: Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)] = ""
    every_s: Annotated[int, Field(ge=LEAST_EVERY_S, le=86_400)] = concierge.slot_lists.EVERY_S

    @property
    def described(self) -> Described:
        """As the desk takes it."""
        return Described(
            self.name,
            self.address,
            self.form,
            self.owner,
            self.owner_code,
            self.licence,
            self.facility_id,
            self.every_s,
        )


class SlotLookRequest(SlotFeedRequest):
    """The same, to be looked at; `feed_id` is the feed that it would change, "" for a new one."""

    feed_id: Annotated[str, StringConstraints(max_length=26)] = ""


class SlotPauseRequest(Request):
    """Whether it is left alone."""

    paused: bool


class SlotFault(BaseModel):
    """Why nothing was taken: `reason` is a key of the client's messages, `place` a line or a record's number.

    `status` is what the server answered, where that is the reason.
    """

    reason: str
    place: int
    status: int
    value: str


class SlotFeedView(BaseModel):
    """One feed and how it goes; `free`: how many of its slots are free and to come."""

    id: str
    name: str
    address: str
    form: SlotForm
    owner: str
    owner_code: str
    licence: str
    facility_id: str
    every_s: int
    paused: bool
    free: int
    tried_at: datetime | None
    fetched_at: datetime | None
    stale: bool
    fault: SlotFault | None


class SlotFeedsAnswer(BaseModel):
    """Every feed, by name."""

    feeds: list[SlotFeedView]


class SlotHall(BaseModel):
    """A facility of a feed; `title` is empty where the catalogue has none of that ID."""

    id: str
    title: str
    slots: int
    free: int


class SlotSample(BaseModel):
    """One free slot of it."""

    facility_id: str
    room: str
    starts_at: datetime
    ends_at: datetime
    free: int
    price: str


class SlotLook(BaseModel):
    """What a feed says and what taking it in does: `opened` are told to who waits, `gone` are over."""

    fault: SlotFault | None
    slots: int
    free: int
    over: int
    first_at: datetime | None
    last_at: datetime | None
    opened: int
    gone: int
    halls: list[SlotHall]
    samples: list[SlotSample]
    taken: bool


def feeds_answer(found: list[FeedState]) -> SlotFeedsAnswer:
    """All of them."""
    return SlotFeedsAnswer(feeds=[_feed(each) for each in found])


def look_answer(looked: Looked) -> SlotLook:
    """Of a look, or of a list that was taken in."""
    return SlotLook(
        fault=_fault(looked.fault, looked.value),
        slots=looked.slots,
        free=looked.free,
        over=looked.over,
        first_at=looked.first_at,
        last_at=looked.last_at,
        opened=looked.opened,
        gone=looked.gone,
        halls=[
            SlotHall(id=each.key.rpartition("/")[2], title=each.title, slots=each.slots, free=each.free)
            for each in looked.halls
        ],
        samples=[
            SlotSample(
                facility_id=each.facility_id,
                room=each.room,
                starts_at=each.starts_at,
                ends_at=each.ends_at,
                free=each.free,
                price=each.price,
            )
            for each in looked.samples
        ],
        taken=looked.is_taken,
    )


def _feed(state: FeedState) -> SlotFeedView:
    row = state.row
    return SlotFeedView(
        id=row.id,
        name=row.name,
        address=row.address,
        form=SlotForm(row.form),
        owner=row.owner,
        owner_code=row.owner_code,
        licence=row.licence,
        facility_id=row.facility_id,
        every_s=row.every_s,
        paused=row.is_paused,
        free=state.free,
        tried_at=row.tried_at,
        fetched_at=row.fetched_at,
        stale=state.is_stale,
        fault=_fault(row.fault, ""),
    )


def _fault(written: str, value: str) -> SlotFault | None:
    """As `SlotFeed.fault` has it: a word and a place, or status_ and a number."""
    if not written:
        return None
    reason, _, place = written.partition(" ")
    is_status = reason.startswith("status_")
    status = int(reason.removeprefix("status_")) if is_status else 0
    return SlotFault(
        reason="status" if is_status else reason, place=int(place or 0), status=status, value=value
    )
