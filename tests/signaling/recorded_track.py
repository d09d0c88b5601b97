"""A track of a recorded call, as the writer leaves it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from field_assist import Person
from recordings import catalogue, journal
from tests.installation import Installation
from tests.recordings import studio


async def recorded(
    genba: Installation, call_id: str, host: Person, *, mime_type: str = "audio/opus", letter: str = "A"
) -> Path:
    """Six seconds of the host from now on, a tone of 440 Hz or pictures; the call is being recorded then.

    Answers the journal; `letter` makes the track's id.
    """
    services, store, at = genba.services, genba.services.store, genba.clock.at
    await services.recording_desk.start(host, call_id, "")
    row = await store.read(lambda session: catalogue.kept_of_call(session, call_id))
    kind = mime_type.partition("/")[0]
    track = catalogue.RecordedTrack(
        id=f"01{letter * 24}",
        recording_id=row.id,
        identity=host.identity,
        name=host.name,
        role="field",
        source="microphone" if kind == "audio" else "camera",
        kind=kind,
        mime_type=mime_type,
        started_at=at,
    )
    file = services.recording_desk._recorder.path_of(track)
    file.parent.mkdir(parents=True, exist_ok=True)
    if kind == "audio":
        came = studio.voice_packets(studio.tone(440, 6))
    else:
        came = studio.picture_packets(mime_type, studio.pictures(mime_type, 6))
    shift_us = journal.microseconds(at) - studio.BEGAN_US
    studio.write(file, kind, mime_type, [(at_us + shift_us, data) for at_us, data in came])
    await store.write(lambda session: catalogue.add_track(session, track))
    ended = catalogue.Ended(at + timedelta(seconds=6), file.stat().st_size, "0" * 64)
    await store.write(lambda session: catalogue.end_track(session, track.id, ended))
    return file
