"""Devices that can be woken: what a browser gave us to reach it, by person, sealed where it is secret.

The keys are sealed by the vault: with them and the endpoint anybody could speak in our name to that device.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Field, Session, SQLModel, col, select

from field_assist import UtcDateTime, exclusive, new_id
from signaling.accounts.vault import Vault

MAX_DEVICES = 10
"""Per person; the one that was not used for the longest time gives way."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """RFC 8291: where to send, the browser's public key and its secret, both base64url."""

    endpoint: str
    p256dh: str
    auth: str


class PushDevice(SQLModel, table=True):
    """One browser on one device. `label` is what its owner recognises it by, as in "Chrome, Android"."""

    __tablename__ = "push_device"

    id: str = Field(primary_key=True, max_length=26)
    staff_id: str = Field(foreign_key="staff.id", index=True, max_length=26)
    endpoint: str = Field(unique=True)
    keys: str
    language: str = Field(max_length=8)
    label: str
    added_at: datetime = Field(sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

    def subscription(self, vault: Vault) -> Subscription:
        """What to encrypt for; raises VaultSealed."""
        p256dh, _, auth = vault.open(self.keys, f"push.{self.id}").partition(" ")
        return Subscription(self.endpoint, p256dh, auth)


def add(
    session: Session, vault: Vault, staff_id: str, given: Subscription, names: tuple[str, str], at: datetime
) -> PushDevice:
    """Note a device, its language and label in `names`; a known one moves to whoever has it now."""
    exclusive(session, f"push.{staff_id}")
    known = session.exec(select(PushDevice).where(PushDevice.endpoint == given.endpoint)).first()
    if known is not None:
        session.delete(known)
        session.flush()
    language, label = names
    device_id = known.id if known is not None and known.staff_id == staff_id else new_id(at)
    row = PushDevice(
        id=device_id,
        staff_id=staff_id,
        endpoint=given.endpoint,
        keys=vault.seal(f"{given.p256dh} {given.auth}", f"push.{device_id}"),
        language=language,
        label=label,
        added_at=at,
    )
    session.add(row)
    session.flush()
    for old in of(session, [staff_id])[MAX_DEVICES:]:
        session.delete(old)
    session.flush()
    return row


def of(session: Session, staff_ids: Sequence[str]) -> list[PushDevice]:
    """Devices of these people, the last one used first."""
    rows = session.exec(select(PushDevice).where(col(PushDevice.staff_id).in_(staff_ids)))
    return sorted(rows, key=lambda row: (row.used_at or row.added_at, row.id), reverse=True)


def remove(session: Session, device_id: str, staff_id: str | None = None) -> bool:
    """Forget one, of this person if one is named; False when there is none."""
    row = session.get(PushDevice, device_id)
    if row is None or staff_id not in (None, row.staff_id):
        return False
    session.delete(row)
    session.flush()
    return True


def used(session: Session, device_id: str, at: datetime) -> None:
    """It took a message."""
    row = session.get(PushDevice, device_id)
    if row is not None:
        row.used_at = at
        session.add(row)
        session.flush()
