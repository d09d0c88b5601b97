"""The twenty seconds a decision was proposed in: where they lie in the recording of its call.

They begin a breath before the first cited line; without one they surround the moment of the proposal. Whoever
may hear the recording finds them beside the decision, and opens them as any recording, by a fresh code.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from field_assist import CallSheet, Session, TranscriptLine
from field_assist import DecisionRecord as Record
from recordings import catalogue

LENGTH_MS = 20_000
_BREATH_MS = 2_000
_AFTER_MS = 5_000
"""What is said is proposed while it is said, or a little later."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Milliseconds since the call began."""

    from_ms: int
    to_ms: int


def excerpt(
    session: Session, call: CallSheet | None, record: Record, lines: Sequence[TranscriptLine]
) -> Excerpt | None:
    """Those of a decision, where anything was recorded then and is still kept; `lines` are the cited ones."""
    if call is None:
        return None
    began = call.call.started_at
    cited = [line.started_ms for line in lines if line.call_id == call.call.id]
    if cited:
        from_ms = max(0, min(cited) - _BREATH_MS)
    else:
        proposed = datetime.fromisoformat(record["people"][0]["at"])
        from_ms = max(0, (proposed - began) // timedelta(milliseconds=1) + _AFTER_MS - LENGTH_MS)
    found = Excerpt(from_ms, from_ms + LENGTH_MS)
    since, until = (began + timedelta(milliseconds=at) for at in (found.from_ms, found.to_ms))
    return found if catalogue.is_heard(session, call.call.id, since, until) else None
