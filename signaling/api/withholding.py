"""What of a call's record is kept from whom: asked by everything that reads, plays or hands out a part of it.

What is hidden (不開示) is read and heard on by whoever may hide it. For everybody else, and for everything
that leaves the house (exports, bundles, minutes for disclosure), it is not there.
"""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from field_assist import (
    CallFacts,
    Person,
    RedactionRecord,
    Session,
    TranscriptLine,
    decision_chain,
    record_people,
    redaction_chain,
    redactions,
    transcripts,
)
from recordings import Hidden, catalogue

REASONS: Mapping[str, str] = {
    redaction_chain.Reason.PERSONAL: "個人に関する情報",
    redaction_chain.Reason.CORPORATE: "法人等に関する情報",
    redaction_chain.Reason.SAFETY: "公共の安全等に関する情報",
    redaction_chain.Reason.DELIBERATION: "審議、検討等に関する情報",
    redaction_chain.Reason.OPERATIONS: "事務又は事業に関する情報",
    redaction_chain.Reason.LAW: "法令等の定めにより公にできない情報",
}
"""As official papers have them; pages have words of their own."""


def hidden_from(session: Session, person: Person | None, call: CallFacts) -> list[RedactionRecord]:
    """What hides something of a call from this person; None is whoever is outside."""
    if person is not None and record_people.may_redact(person, call):
        return []
    return redactions.standing(session, call.id)


def covering(records: Iterable[RedactionRecord], line: TranscriptLine) -> RedactionRecord | None:
    """What hides anything of a line."""
    return redaction_chain.covering(records, line.started_ms, line.ended_ms)


def at_moment(records: Iterable[RedactionRecord], began_at: datetime, at: datetime) -> RedactionRecord | None:
    """What hides a moment of a call with this beginning: what was shown, taken or decided then."""
    ms = (at - began_at) // timedelta(milliseconds=1)
    return redaction_chain.covering(records, ms, ms)


def basis(session: Session, call_ids: Iterable[str]) -> str:
    """What everything made of these records (films, bundles) is made of; another one makes those outdated.

    SHA-256 over what is hidden, the lines as they stand and the tracks that may leave.
    """
    said = [
        [
            call_id,
            [row.hash for row in redactions.of_call(session, call_id)],
            [[line.line_id, line.revision] for line in transcripts.readable(session, call_id)],
            [track.id for track in catalogue.takeable(session, call_id)],
        ]
        for call_id in call_ids
    ]
    return hashlib.sha256(decision_chain.canonical(said).encode()).hexdigest()


def instead(record: RedactionRecord) -> str:
    """What stands in official papers in the place of what is hidden."""
    return f"（不開示：{REASONS[record['reason']]}）"


def stretches(records: Iterable[RedactionRecord]) -> Hidden:
    """What is not to be played, from and to in milliseconds since the call began."""
    spans = (redaction_chain.span_of(record) for record in records)
    return tuple((float(span.from_ms), float(span.to_ms)) for span in spans)
