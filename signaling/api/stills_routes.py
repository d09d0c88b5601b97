"""Evidence stills under /api, for staff: announced with a signature, sent in pieces, seen, taken out."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response

from field_assist import DeviceKey, Person, Still, people, stills
from signaling.api import still_schema
from signaling.api.auth import Address, CaseStaff, Parts, Speakers, Staff
from signaling.api.calls_routes import speaker_in
from signaling.api.live_rooms import joined_identities
from signaling.api.services import spend
from signaling.api.still_desk import File
from signaling.api.views import person_view

TOPIC = "genba.stills"
"""Tells the staff in a call that there is a new still; a hint, the list is asked for."""
KeyId = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")]
_PICTURE: dict[int | str, dict[str, Any]] = {200: {"content": {"image/*": {}}}}  # FastAPI's own type

router = APIRouter(tags=["stills"])


@router.post("/device-keys")
async def register_device_key(
    body: still_schema.DeviceKeyRequest, session: Staff, parts: Parts, address: Address
) -> still_schema.DeviceKey:
    """Let this device sign stills for the person who is signed in on it; once or more often."""
    await spend(parts, parts.limits.note, session.person.identity)
    key = await parts.still_desk.register_key(
        session.person, bytes.fromhex(body.public_key), body.label, address
    )
    return still_schema.DeviceKey.model_validate(_facts(key))


@router.get("/admin/device-keys")
async def list_device_keys(session: Staff, parts: Parts, address: Address) -> still_schema.DeviceKeysAnswer:
    """All keys, for admin."""
    found = await parts.still_desk.keys(session.person, address)
    return still_schema.DeviceKeysAnswer(keys=[_owned(key, person) for key, person in found])


@router.post("/admin/device-keys/{key_id}/revoke")
async def revoke_device_key(
    key_id: KeyId, session: Staff, parts: Parts, address: Address
) -> still_schema.OwnedKey:
    """Refuse what a lost device signs from now on; what arrived before stays evidence."""
    key, person = await parts.still_desk.revoke_key(session.person, key_id, address)
    return _owned(key, person)


@router.post("/calls/{call_id}/stills")
async def begin_still(
    call_id: str, body: still_schema.StillRequest, session: Staff, parts: Parts
) -> still_schema.StillProgress:
    """Announce a still, or ask how much of it is here."""
    await spend(parts, parts.limits.note, session.person.identity)
    return _progress(await parts.still_desk.begin(session.person, call_id, body.manifest, body.signature))


@router.put("/stills/{still_id}/bytes")
async def add_to_still(
    still_id: still_schema.StillId,
    offset: Annotated[int, Query(ge=0, le=stills.MAX_BYTES)],
    request: Request,
    session: Staff,
    parts: Parts,
) -> still_schema.StillProgress:
    """The next piece, as the body; 409 with the wanted offset when it is not the next."""
    await spend(parts, parts.limits.note_piece, session.person.identity)
    piece = await request.body()
    return _progress(await parts.still_desk.add(session.person, str(still_id), offset, piece))


@router.post("/stills/{still_id}/complete")
async def complete_still(
    still_id: still_schema.StillId, session: Staff, parts: Parts, address: Address
) -> still_schema.Still:
    """All pieces were sent: from now on others may see it."""
    still, is_news = await parts.still_desk.complete(session.person, str(still_id), address)
    if is_news:
        room = still.call_id
        await parts.consent_desk.changed(room)
        inside = [who for who in joined_identities(parts.rooms, room) if people.is_staff_identity(who)]
        if inside:  # nobody named would be everybody
            hint = b'{"id":"%s"}' % still.id.encode()
            await parts.rooms.send_data(room, hint, topic=TOPIC, identities=inside)
    return still_view(still)


@router.get("/calls/{call_id}/stills")
async def list_stills_of_call(call_id: str, session: Staff, parts: Parts) -> still_schema.StillsAnswer:
    """What was photographed in a call."""
    found = await parts.still_desk.of_call(session.person, call_id)
    return still_schema.StillsAnswer(stills=[still_view(still) for still in found])


@router.get("/calls/{call_id}/stills/{still_id}/image", response_class=Response, responses=_PICTURE)
async def see_shown_still(
    call_id: str,
    still_id: still_schema.StillId,
    speakers: Speakers,
    parts: Parts,
    width: Annotated[int, Query(ge=1, le=10_000)] = 1280,
) -> Response:
    """A still that was presented to this call, for everybody it was shown to, guests too."""
    speaker = await speaker_in(parts, speakers, call_id)
    await parts.view_desk.may_look(speaker, call_id, f"still:{still_id}")
    return Response(await parts.still_desk.copy(str(still_id), width), media_type="image/webp")


@router.get("/cases/{case_id}/stills")
async def list_stills_of_case(case_id: str, session: CaseStaff, parts: Parts) -> still_schema.StillsAnswer:
    """What was photographed in all calls of a case."""
    found = await parts.still_desk.of_case(session.person, case_id)
    return still_schema.StillsAnswer(stills=[still_view(still) for still in found])


@router.get("/stills/{still_id}")
async def read_still(still_id: still_schema.StillId, session: Staff, parts: Parts) -> still_schema.Still:
    """One still."""
    return still_view(await parts.still_desk.read(session.person, str(still_id)))


@router.get("/stills/{still_id}/image", response_class=Response, responses=_PICTURE)
async def see_still(
    still_id: still_schema.StillId,
    session: Staff,
    parts: Parts,
    address: Address,
    width: Annotated[int, Query(ge=1, le=10_000)] = 1280,
) -> Response:
    """A copy to look at, upright and without EXIF; `width` in pixels is what is needed at least."""
    content = await parts.still_desk.image(session.person, str(still_id), width, address)
    return Response(content, media_type="image/webp")


@router.get("/stills/{still_id}/original", response_class=Response, responses=_PICTURE)
async def download_original(
    still_id: still_schema.StillId, session: Staff, parts: Parts, address: Address
) -> Response:
    """The picture as the device wrote it."""
    return _download(await parts.still_desk.original(session.person, str(still_id), address))


@router.get("/stills/{still_id}/manifest", response_class=Response)
async def read_manifest(still_id: still_schema.StillId, session: Staff, parts: Parts) -> Response:
    """What was signed, byte for byte."""
    still = await parts.still_desk.read(session.person, str(still_id))
    return Response(still.manifest, media_type="application/json")


@router.get("/stills/{still_id}/export", response_class=Response)
async def export_still(
    still_id: still_schema.StillId, session: Staff, parts: Parts, address: Address
) -> Response:
    """Picture, manifest, signature and key in one ZIP, for `genba verify` and tools/verify_still.py."""
    return _download(await parts.still_desk.export(session.person, str(still_id), address))


def still_view(still: Still) -> still_schema.Still:
    """A complete still as staff read it."""
    return still_schema.Still.model_validate(
        {
            "id": still.id,
            "call_id": still.call_id,
            "kind": still.kind,
            "taken_at": still.taken_at,
            "received_at": still.completed_at,
            "taker_name": still.taker_name,
            "taker_role": still.taker_role,
            "manifest": still_schema.Manifest.model_validate_json(still.manifest),
        }
    )


def _progress(still: Still) -> still_schema.StillProgress:
    return still_schema.StillProgress(
        id=still.id, received_bytes=still.received_bytes, complete=still.completed_at is not None
    )


def _facts(key: DeviceKey) -> dict[str, object]:
    return key.model_dump(exclude={"public_key"})


def _owned(key: DeviceKey, person: Person) -> still_schema.OwnedKey:
    return still_schema.OwnedKey.model_validate(_facts(key) | {"person": person_view(person)})


def _download(file: File) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{file.name}"'}
    return Response(file.content, media_type=file.media_type, headers=headers)
