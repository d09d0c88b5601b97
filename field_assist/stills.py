"""Evidence stills of a call, and the device keys that sign them.

A still is announced with its manifest and signature (`evidence`), arrives in pieces (`arrivals`), and exists
for others once it is complete. What it says (place, board, consent) stands in the manifest alone, as it was
signed; the columns repeat what is searched for. The original's bytes are a file and never change.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlmodel import Field, Session, SQLModel, col, delete, func, select

from field_assist.arrivals import ArrivalTaken
from field_assist.calls import Call, CallClosed
from field_assist.people import Person
from field_assist.store import UtcDateTime, exclusive

LATE_FOR = timedelta(days=7)
"""A still may arrive so long after its call ended: a tunnel, a weekend, a lost charger."""
MAX_BYTES = 60_000_000
"""A camera of 50 megapixels writes JPEG files of 15 to 25 MB."""
MAX_CALL_BYTES = 4_000_000_000
MAX_CALL_STILLS = 500
MAX_MANIFEST_BYTES = 8_000
MAX_KEYS = 40
"""Devices and browsers of one person, revoked ones included."""


class StillKind(StrEnum):
    """A picture of the camera at its best, or the moment a live picture was stopped to write on it."""

    STILL = "still"
    FROZEN = "frozen"


class StillUnknown(Exception):
    """No such still, or none this person may know of."""


class StillsFull(Exception):
    """The call holds as many stills as it may."""


class DeviceKeyUnknown(Exception):
    """No such key of this person's devices, or it was revoked."""


class DeviceKeysFull(Exception):
    """One person has as many keys as they may."""


class DeviceKey(SQLModel, table=True):
    """The public half of a key that lives in one browser of one device; `id` is its SHA-256."""

    __tablename__ = "device_key"

    id: str = Field(primary_key=True, max_length=64)
    staff_id: str = Field(foreign_key="staff.id", index=True, max_length=26)
    label: str
    public_key: bytes
    registered_at: datetime = Field(sa_type=UtcDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Still(SQLModel, table=True):
    """One still; complete once `completed_at` is set. `id` is the device's UUID."""

    __tablename__ = "still"

    id: str = Field(primary_key=True, max_length=36)
    call_id: str = Field(foreign_key="call.id", index=True, max_length=26)
    kind: str
    taken_by: str = Field(foreign_key="staff.id", max_length=26)
    taker_name: str
    taker_role: str
    key_id: str = Field(foreign_key="device_key.id", max_length=64)
    manifest: str
    signature: str = Field(max_length=128)
    media_type: str
    size_bytes: int
    sha256: str = Field(max_length=64)
    width: int
    height: int
    taken_at: datetime = Field(sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime, index=True)
    received_bytes: int = 0
    completed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


@dataclass(frozen=True, slots=True)
class NewStill:
    """What a device announces: the signed manifest and what of it became columns."""

    id: str
    kind: StillKind
    key_id: str
    manifest: str
    signature: str
    media_type: str
    size_bytes: int
    sha256: str
    width: int
    height: int
    taken_at: datetime


def register_key(session: Session, key: DeviceKey) -> tuple[DeviceKey, bool]:
    """Keep a key, or find the same one registered before, and whether it is new.

    Raises DeviceKeyUnknown when it is somebody else's or was revoked, DeviceKeysFull.
    """
    exclusive(session, f"device_keys.{key.staff_id}")
    known = session.get(DeviceKey, key.id)
    if known is not None:
        if known.staff_id != key.staff_id or known.revoked_at is not None:
            raise DeviceKeyUnknown
        return known, False
    held = select(func.count()).select_from(DeviceKey).where(DeviceKey.staff_id == key.staff_id)
    if session.exec(held).one() >= MAX_KEYS:
        raise DeviceKeysFull
    session.add(key)
    session.flush()
    return key, True


def keys(session: Session) -> list[DeviceKey]:
    """All of them, newest first."""
    query = select(DeviceKey).order_by(col(DeviceKey.registered_at).desc(), col(DeviceKey.id))
    return list(session.exec(query))


def key_of(session: Session, key_id: str) -> DeviceKey:
    """The key, revoked or not; raises DeviceKeyUnknown."""
    key = session.get(DeviceKey, key_id)
    if key is None:
        raise DeviceKeyUnknown
    return key


def usable_key(session: Session, key_id: str, staff_id: str) -> DeviceKey:
    """A key by which this person's device may sign now; raises DeviceKeyUnknown."""
    key = key_of(session, key_id)
    if key.staff_id != staff_id or key.revoked_at is not None:
        raise DeviceKeyUnknown
    return key


def revoke_key(session: Session, key_id: str, at: datetime) -> tuple[DeviceKey, bool]:
    """Refuse what it signs from now on, and whether that is new. What arrived before stays evidence."""
    key = key_of(session, key_id)
    is_new = key.revoked_at is None
    if is_new:
        key.revoked_at = at
        session.add(key)
        session.flush()
    return key, is_new


def begin(session: Session, call: Call, taker: Person, new: NewStill, at: datetime) -> Still:
    """Announce a still, or find the same one again. Raises ArrivalTaken, StillsFull, CallClosed."""
    if call.ended_at is not None and at - call.ended_at > LATE_FOR:
        raise CallClosed
    exclusive(session, f"stills.{call.id}")
    known = session.get(Still, new.id)
    if known is not None:
        if (known.call_id, known.taken_by, known.manifest) != (call.id, taker.id, new.manifest):
            raise ArrivalTaken
        return known
    held = session.exec(
        select(func.count(), func.coalesce(func.sum(Still.size_bytes), 0)).where(Still.call_id == call.id)
    ).one()
    if held[0] >= MAX_CALL_STILLS or held[1] + new.size_bytes > MAX_CALL_BYTES:
        raise StillsFull
    still = Still(
        id=new.id,
        call_id=call.id,
        kind=new.kind.value,
        taken_by=taker.id,
        taker_name=taker.name,
        taker_role=taker.role.value,
        key_id=new.key_id,
        manifest=new.manifest,
        signature=new.signature,
        media_type=new.media_type,
        size_bytes=new.size_bytes,
        sha256=new.sha256,
        width=new.width,
        height=new.height,
        taken_at=new.taken_at,
        created_at=at,
    )
    session.add(still)
    session.flush()
    return still


def own(session: Session, still_id: str, staff_id: str) -> Still:
    """The still as its taker may go on with it; raises StillUnknown."""
    still = session.get(Still, still_id)
    if still is None or still.taken_by != staff_id:
        raise StillUnknown
    return still


def complete_one(session: Session, still_id: str) -> Still:
    """A still that others may see; raises StillUnknown."""
    still = session.get(Still, still_id)
    if still is None or still.completed_at is None:
        raise StillUnknown
    return still


def complete_of(session: Session, call_ids: list[str]) -> list[Still]:
    """All complete stills of some calls, in the order they were taken."""
    query = select(Still).where(col(Still.call_id).in_(call_ids), col(Still.completed_at).is_not(None))
    return list(session.exec(query.order_by(col(Still.taken_at), col(Still.id))))


def received(session: Session, still: Still, received_bytes: int) -> None:
    """So much of it is on the disk now."""
    still.received_bytes = received_bytes
    session.add(still)
    session.flush()


def complete(session: Session, still: Still, at: datetime) -> None:
    """All of it is here, as it was signed."""
    still.completed_at = at
    session.add(still)
    session.flush()


def abandoned(session: Session, before: datetime) -> list[str]:
    """Ids of stills announced before then that never became complete."""
    query = select(Still.id).where(col(Still.completed_at).is_(None), col(Still.created_at) < before)
    return list(session.exec(query))


def forget(session: Session, still_ids: list[str]) -> None:
    """Drop rows of abandoned stills."""
    session.exec(delete(Still).where(col(Still.id).in_(still_ids), col(Still.completed_at).is_(None)))
