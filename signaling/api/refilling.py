"""What a crash of the server took from the transcript, to be heard again from what was recorded.

Of a track that was interrupted, whose speaker's consent to being written down still stands, what came after
their last line. A start asks for the last day's: what was refilled has lines, and is not found again.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from field_assist import Purpose, Session, calls, consents, transcripts
from media import RtpPacket, SdpCodec, parse_red, parse_rtp
from recordings import UNREADABLE, catalogue, journal, mapped

_WITHIN = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Missing:
    """A stretch of a journal; times are microseconds since 1970."""

    call_id: str
    identity: str
    path: Path
    from_us: int
    to_us: int


def missing(session: Session, folder: Path, at: datetime) -> list[Missing]:
    """What may be heard again; `folder` is where journals are."""
    found = []
    for track, call_id in catalogue.interrupted_voices(session, at - _WITHIN):
        if Purpose.TRANSCRIPT not in consents.given(session, call_id).get(track.identity, frozenset()):
            continue
        began_at = calls.sheet(session, call_id).call.started_at
        lines = [row for row in transcripts.of_call(session, call_id) if row.identity == track.identity]
        last_ms = max((row.ended_ms for row in lines), default=0)
        since = max(track.started_at, began_at + timedelta(milliseconds=last_ms))
        if track.ended_at is not None and since < track.ended_at:
            times = journal.microseconds(since), journal.microseconds(track.ended_at) + 1
            found.append(Missing(call_id, track.identity, track.file_in(folder), *times))
    return found


def packets(gap: Missing) -> tuple[tuple[SdpCodec, ...], list[tuple[int, RtpPacket]]]:
    """What its payload types mean, and its packets with the time each came; none without a file. Blocks."""
    try:
        with mapped(gap.path) as view:
            known = journal.contents(view)
            kept = list(journal.packets_between(view, known.packets, gap.from_us, gap.to_us))
    except UNREADABLE:
        return (), []
    found = [(at_us, parse_rtp(data)) for at_us, data in kept]
    return _codecs(known.opening.red_type, [packet for _, packet in found]), found


def _codecs(red_type: int, found: list[RtpPacket]) -> tuple[SdpCodec, ...]:
    red = SdpCodec(red_type, "red", 48_000, 2)
    types = set()
    for packet in found[:50]:
        if packet.payload_type != red_type:
            types.add(packet.payload_type)
        elif packet.payload:
            types.add(parse_red(packet.payload)[-1].payload_type)
    return (red, *(SdpCodec(number, "opus", 48_000, 2) for number in sorted(types)))
