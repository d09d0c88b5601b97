"""Notes under /api: announced, sent in pieces, completed, and heard. For everybody who may use the chat."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from field_assist import NewNote, Note, NoteKind, notes
from signaling.api import schema as schema
from signaling.api.auth import Address, Parts, Speakers
from signaling.api.calls_routes import CHAT_TOPIC, speaker_in
from signaling.api.services import spend
from signaling.api.views import message_view

router = APIRouter(tags=["notes"])


@router.post("/calls/{call_id}/notes")
async def begin_note(
    call_id: str, body: schema.NoteRequest, speakers: Speakers, parts: Parts
) -> schema.NoteProgress:
    """Announce a note, or ask how much of it is here."""
    speaker = await speaker_in(parts, speakers, call_id)
    await spend(parts, parts.limits.note, speaker.identity)
    new = NewNote(
        str(body.id), NoteKind(body.kind), body.size_bytes, body.sha256, body.duration_ms, body.recorded_at
    )
    return _progress(await parts.note_desk.begin(speaker, call_id, new))


@router.put("/calls/{call_id}/notes/{note_id}/bytes")
async def add_to_note(
    call_id: str,
    note_id: schema.NoteId,
    offset: Annotated[int, Query(ge=0, le=notes.MAX_VOICE_BYTES)],
    request: Request,
    speakers: Speakers,
    parts: Parts,
) -> schema.NoteProgress:
    """The next piece, as the body; 409 with the wanted offset when it is not the next."""
    speaker = await speaker_in(parts, speakers, call_id)
    await spend(parts, parts.limits.note_piece, speaker.identity)
    piece = await request.body()
    return _progress(await parts.note_desk.add(speaker, call_id, str(note_id), offset, piece))


@router.post("/calls/{call_id}/notes/{note_id}/complete")
async def complete_note(
    call_id: str, note_id: schema.NoteId, speakers: Speakers, parts: Parts, address: Address
) -> schema.MessagesAnswer:
    """All pieces were sent: the note becomes a line of the chat, once."""
    speaker = await speaker_in(parts, speakers, call_id)
    said = await parts.note_desk.complete(speaker, call_id, str(note_id), address)
    message = message_view(said)
    await parts.rooms.send_data(call_id, message.model_dump_json().encode(), topic=CHAT_TOPIC)
    return schema.MessagesAnswer(messages=[message])


@router.get(
    "/calls/{call_id}/notes/{note_id}/sound",
    response_class=Response,
    responses={200: {"content": {"audio/*": {}}}},
)
async def hear_note(
    call_id: str, note_id: schema.NoteId, speakers: Speakers, parts: Parts, address: Address
) -> Response:
    """The sound of a voice note; every time is a row of the access log."""
    speaker = await speaker_in(parts, speakers, call_id)
    sound = await parts.note_desk.listen(speaker, call_id, str(note_id), address)
    return Response(sound.content, media_type=sound.media_type)


def _progress(note: Note) -> schema.NoteProgress:
    return schema.NoteProgress(
        id=note.id, received_bytes=note.received_bytes, complete=note.completed_at is not None
    )
