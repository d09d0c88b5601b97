"""Evidence stills on their way in and out: checked when announced, whole when complete, never changed after.

Everything the signature covers is checked before a byte of the picture is taken, so a device learns at once
that its key was revoked; the picture itself must then be the one the manifest names, and one that can be
decoded (`pictures`). Stored is what was signed and what came.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import ValidationError

from field_assist import (
    ArrivalDamaged,
    ArrivalElsewhere,
    CallUnknown,
    CaseUnknown,
    DeviceKey,
    Guest,
    NewStill,
    Person,
    Purpose,
    Session,
    Still,
    StillKind,
    StillUnknown,
    Store,
    arrivals,
    calls,
    cases,
    consents,
    evidence,
    people,
    staff,
    stills,
)
from signaling.accounts import access_log, invitations
from signaling.accounts.access_log import Action
from signaling.api.arriving_files import ArrivingFiles
from signaling.api.call_desk import Forbidden
from signaling.api.consent_desk import log_consent
from signaling.api.still_schema import Manifest
from signaling.clock import Clock
from signaling.pictures import EDGES_PX, Decoded, NoPicture, PictureDecoder, copy_of, fitting_edge

FOLDER = "stills"
LIST_PX = EDGES_PX[-1]
"""Copies of this size are for lists: looking at them is no row of the access log."""


class StillRefused(Exception):
    """The manifest is not one this server takes; `what` is the part of it that is wrong."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


class PhotoRefused(Exception):
    """The guest whose camera it is has said no to photos with their own hand."""


@dataclass(frozen=True, slots=True)
class File:
    """Something to download."""

    name: str
    media_type: str
    content: bytes


class StillDesk:
    """All of it; one per installation. `address` is where the acting person's request came from."""

    def __init__(self, store: Store, data_dir: Path, clock: Clock) -> None:
        self._store = store
        self.files = ArrivingFiles(data_dir / FOLDER)
        self._decoder = PictureDecoder()
        self._clock = clock

    async def register_key(self, person: Person, public_key: bytes, label: str, address: str) -> DeviceKey:
        """Let this person's device sign stills. Raises Forbidden, KeyRefused, DeviceKeyUnknown."""
        if not people.may_sign_stills(person):
            raise Forbidden
        evidence.read_key(public_key)
        at, fingerprint = self._clock.wall(), evidence.sha256(public_key)
        row = DeviceKey(
            id=fingerprint, staff_id=person.id, label=label, public_key=public_key, registered_at=at
        )

        def work(session: Session) -> DeviceKey:
            key, is_new = stills.register_key(session, row)
            if is_new:
                access_log.acted(session, person, address, Action.DEVICE_KEY_ADDED, fingerprint, at)
            return key

        return await self._store.write(work)

    async def keys(self, person: Person, address: str) -> list[tuple[DeviceKey, Person]]:
        """All keys and whose they are. Raises Forbidden."""
        if not people.may_administer(person):
            raise Forbidden
        at = self._clock.wall()

        def work(session: Session) -> list[tuple[DeviceKey, Person]]:
            found = stills.keys(session)
            owners = staff.people(session, sorted({key.staff_id for key in found}))
            access_log.acted(session, person, address, Action.DEVICE_KEYS_LISTED, "", at)
            return [(key, owners[key.staff_id]) for key in found]

        return await self._store.write(work)

    async def revoke_key(self, person: Person, key_id: str, address: str) -> tuple[DeviceKey, Person]:
        """Refuse what a lost device signs from now on. Raises Forbidden, DeviceKeyUnknown."""
        if not people.may_administer(person):
            raise Forbidden
        at = self._clock.wall()

        def work(session: Session) -> tuple[DeviceKey, Person]:
            key, is_new = stills.revoke_key(session, key_id, at)
            owner = staff.people(session, [key.staff_id])[key.staff_id]
            if is_new:
                access_log.acted(session, person, address, Action.DEVICE_KEY_REVOKED, key_id, at)
            return key, owner

        return await self._store.write(work)

    async def begin(self, person: Person, call_id: str, manifest: str, signature: str) -> Still:
        """Announce a still; answers how much of it is here already.

        Raises StillRefused, PhotoRefused, DeviceKeyUnknown.
        """
        said = _read(manifest)
        new, at = _new(said, manifest, signature), self._clock.wall()

        def work(session: Session) -> Still:
            sheet = calls.sheet(session, call_id)
            if not people.may_take_still(person, sheet.facts):
                raise CallUnknown
            if (said.call.id, said.call.number) != (call_id, sheet.call.number):
                raise StillRefused("call")
            if said.by.id != person.id:
                raise StillRefused("by")
            key = stills.usable_key(session, said.device.key_sha256, person.id)
            if not evidence.is_signed(manifest.encode(), bytes.fromhex(signature), key.public_key):
                raise StillRefused("signature")
            if consents.had_own_no(session, call_id, said.camera.of, Purpose.PHOTO, new.taken_at):
                raise PhotoRefused
            return stills.begin(session, sheet.call, person, new, at)

        return await self._store.write(work)

    async def add(self, person: Person, still_id: str, offset: int, piece: bytes) -> Still:
        """The piece at `offset`; raises ArrivalElsewhere with the offset that is wanted."""
        async with self.files.lock(still_id):
            still = await self._store.read(lambda session: stills.own(session, still_id, person.id))
            arrivals.must_continue(still.received_bytes, still.size_bytes, offset, len(piece))
            await self.files.write(still_id, offset, piece)

            def work(session: Session) -> Still:
                fresh = stills.own(session, still_id, person.id)
                stills.received(session, fresh, offset + len(piece))
                return fresh

            return await self._store.write(work)

    async def complete(self, person: Person, still_id: str, address: str) -> tuple[Still, bool]:
        """All of it is here, and whether that is news. Raises ArrivalDamaged, ArrivalElsewhere, NoPicture."""
        async with self.files.lock(still_id):
            still = await self._store.read(lambda session: stills.own(session, still_id, person.id))
            if still.completed_at is not None:
                return still, False
            if still.received_bytes != still.size_bytes:
                raise ArrivalElsewhere(still.received_bytes)
            if await self.files.sha256(still_id) != still.sha256:
                await self._store.write(lambda session: self._begin_anew(session, still))
                raise ArrivalDamaged
            await self._check_picture(still)
            at = self._clock.wall()

            def work(session: Session) -> Still:
                fresh = stills.own(session, still_id, person.id)
                stills.complete(session, fresh, at)
                said = Manifest.model_validate_json(fresh.manifest)
                if said.consent == "given":
                    whose = _guest(session, fresh.call_id, said.camera.of)
                    event = consents.note_picture(session, fresh, person, whose, at)
                    if event is not None:
                        log_consent(session, person, address, fresh.call_id, event)
                access_log.acted(session, person, address, Action.STILL_TAKEN, still_id, at, fresh.call_id)
                return fresh

            return await self._store.write(work), True

    async def of_call(self, person: Person, call_id: str) -> list[Still]:
        """What was photographed in a call. Raises CallUnknown."""

        def work(session: Session) -> list[Still]:
            sheet, case = calls.sheet(session, call_id), cases.case_of_call(session, call_id)
            if not people.may_see_still(person, sheet.facts, case.facts if case else None):
                raise CallUnknown
            return stills.complete_of(session, [call_id])

        return await self._store.read(work)

    async def of_case(self, person: Person, case_id: str) -> list[Still]:
        """What was photographed in all calls of a case. Raises CaseUnknown."""

        def work(session: Session) -> list[Still]:
            if not people.may_see_case(person, cases.sheet(session, case_id).facts):
                raise CaseUnknown
            return stills.complete_of(session, [call.id for call in cases.calls_of(session, case_id)])

        return await self._store.read(work)

    async def read(self, person: Person, still_id: str) -> Still:
        """One still. Raises StillUnknown."""
        return await self._store.read(lambda session: _visible(session, person, still_id))

    async def image(self, person: Person, still_id: str, width_px: int, address: str) -> bytes:
        """A copy to look at, WebP; a large one is a row of the access log. Raises StillUnknown."""
        edge = fitting_edge(width_px)
        if edge == LIST_PX:
            await self.read(person, still_id)
        else:
            await self._logged(person, still_id, Action.STILL_SEEN, address)
        return await self.copy(still_id, edge)

    async def copy(self, still_id: str, width_px: int) -> bytes:
        """The bytes of a copy, for whoever already knows that the reader may see the still (WebP)."""
        edge = fitting_edge(width_px)
        content = await self.files.read(copy_of(Path(still_id), edge).name)
        if content == b"":  # a restored backup has originals only
            await self._decoder.decode(self.files.path(still_id))
            content = await self.files.read(copy_of(Path(still_id), edge).name)
        return content

    async def original(self, person: Person, still_id: str, address: str) -> File:
        """The picture as it came. Raises StillUnknown."""
        still = await self._logged(person, still_id, Action.STILL_DOWNLOADED, address)
        name = evidence.ORIGINALS[still.media_type]
        return File(_file_name(still, name), still.media_type, await self.files.read(still_id))

    async def export(self, person: Person, still_id: str, address: str) -> File:
        """Picture, manifest, signature and key in one ZIP that `genba verify` takes. Raises StillUnknown."""
        still = await self._logged(person, still_id, Action.STILL_EXPORTED, address)
        key = await self._store.read(lambda session: stills.key_of(session, still.key_id))
        manifest = still.manifest.encode()
        signature = evidence.signature_file(manifest, bytes.fromhex(still.signature), key.public_key)
        files = {
            evidence.ORIGINALS[still.media_type]: await self.files.read(still_id),
            evidence.MANIFEST: manifest,
            evidence.SIGNATURE: signature,
            evidence.PUBLIC_KEY: key.public_key,
        }
        content = await asyncio.to_thread(evidence.packed, files)  # 60 MB take longer than a packet may wait
        return File(_file_name(still, "still.zip"), "application/zip", content)

    async def forget_abandoned(self) -> None:
        """Housekeeping: stills that never became complete, with what arrived of them."""
        before = self._clock.wall() - stills.LATE_FOR * 2
        found = await self._store.read(lambda session: stills.abandoned(session, before))
        if found:
            await self._store.write(lambda session: stills.forget(session, found))
            await self.files.remove(found)

    async def _check_picture(self, still: Still) -> None:
        """Make the copies; raises NoPicture, or StillRefused where it is not the picture that was signed."""
        said = Decoded(still.width, still.height, still.media_type)
        try:
            if await self._decoder.decode(self.files.path(still.id)) != said:
                raise StillRefused("picture")
        except (NoPicture, StillRefused):
            await self.files.remove(copy_of(Path(still.id), edge).name for edge in EDGES_PX)
            raise

    async def _logged(self, person: Person, still_id: str, action: Action, address: str) -> Still:
        at = self._clock.wall()

        def work(session: Session) -> Still:
            still = _visible(session, person, still_id)
            access_log.acted(session, person, address, action, still_id, at, still.call_id)
            return still

        return await self._store.write(work)

    def _begin_anew(self, session: Session, still: Still) -> None:
        stills.received(session, stills.own(session, still.id, still.taken_by), 0)


def _read(manifest: str) -> Manifest:
    """The manifest, if it is canonical and complete; raises StillRefused with the part that is not."""
    try:
        said = Manifest.model_validate_json(manifest)
    except ValidationError as error:
        where = error.errors(include_url=False, include_input=False)[0]["loc"]
        raise StillRefused(".".join(map(str, where)) or "manifest") from None
    if evidence.canonical(said.model_dump()) != manifest.encode():
        raise StillRefused("manifest")
    if said.picture.file != evidence.ORIGINALS[said.picture.media_type]:
        raise StillRefused("picture.file")
    return said


def _new(said: Manifest, manifest: str, signature: str) -> NewStill:
    try:
        taken_at = datetime.fromisoformat(said.taken_at)
    except ValueError:
        raise StillRefused("taken_at") from None
    return NewStill(
        id=said.id,
        kind=StillKind(said.kind),
        key_id=said.device.key_sha256,
        manifest=manifest,
        signature=signature,
        media_type=said.picture.media_type,
        size_bytes=said.picture.size_bytes,
        sha256=said.picture.sha256,
        width=said.picture.width,
        height=said.picture.height,
        taken_at=taken_at,
    )


def _guest(session: Session, call_id: str, identity: str) -> Guest | None:
    guests = [link.guest() for link in invitations.of_call(session, call_id)]
    return next((guest for guest in guests if guest.identity == identity), None)


def _visible(session: Session, person: Person, still_id: str) -> Still:
    still = stills.complete_one(session, still_id)
    sheet, case = calls.sheet(session, still.call_id), cases.case_of_call(session, still.call_id)
    if not people.may_see_still(person, sheet.facts, case.facts if case else None):
        raise StillUnknown
    return still


def _file_name(still: Still, name: str) -> str:
    return f"{still.taken_at:%Y%m%d-%H%M%S}-{still.id[:8]}-{name}"
