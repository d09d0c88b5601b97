"""An appointment as an iCalendar file (RFC 5545), which calendars of telephones and offices take. Sans-IO."""

from dataclasses import dataclass
from datetime import UTC, datetime

_FOLD_BYTES = 75  # RFC 5545 section 3.1


@dataclass(frozen=True, slots=True)
class Event:
    """What a calendar shows; a higher `version` of the same `id` replaces the earlier one."""

    id: str
    version: int
    starts_at: datetime
    ends_at: datetime
    summary: str
    description: str
    url: str
    is_cancelled: bool = False


def calendar(event: Event, domain: str, at: datetime) -> str:
    """The file; a cancelled event takes itself out of the calendar."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Genba//Genba//EN",
        f"METHOD:{'CANCEL' if event.is_cancelled else 'PUBLISH'}",
        "BEGIN:VEVENT",
        f"UID:{event.id}@{domain}",
        f"SEQUENCE:{event.version}",
        f"DTSTAMP:{_utc(at)}",
        f"DTSTART:{_utc(event.starts_at)}",
        f"DTEND:{_utc(event.ends_at)}",
        f"SUMMARY:{_text(event.summary)}",
        f"DESCRIPTION:{_text(event.description)}",
        f"URL:{event.url}",
        f"STATUS:{'CANCELLED' if event.is_cancelled else 'CONFIRMED'}",
        *([] if event.is_cancelled else _alarm(event)),
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _alarm(event: Event) -> list[str]:
    words = f"DESCRIPTION:{_text(event.summary)}"
    return ["BEGIN:VALARM", "ACTION:DISPLAY", words, "TRIGGER:-PT30M", "END:VALARM"]


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(value: str) -> str:
    """RFC 5545 section 3.3.11."""
    escaped = value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return escaped.replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "\\n")


def _folded(line: str) -> str:
    """Lines of at most 75 octets, never cut inside a character."""
    parts, part, used = [], "", 0
    for character in line:
        size = len(character.encode())
        if used + size > _FOLD_BYTES:
            parts.append(part)
            part, used = "", 1  # the space that continues it
        part, used = part + character, used + size
    return "\r\n ".join([*parts, part])
