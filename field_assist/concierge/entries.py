"""What the catalogue knows of one public service, whatever list it came from.

Search, suggestions, notices and open data all read this form and no other; the importer makes it. Sans-IO.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """What sort of thing an entry is."""

    PROGRAMME = "programme"
    FACILITY = "facility"
    EVENT = "event"
    WORK = "work"
    LICENCE = "licence"
    DOCUMENT = "document"  # staff only, as are decisions: what the library and the record already know
    DECISION = "decision"


STAFF_ONLY = frozenset({Kind.DOCUMENT, Kind.DECISION})


@dataclass(frozen=True, slots=True)
class Source:
    """Where an entry came from: nothing is shown without it."""

    owner: str
    """The organisation that answers for it, as its list names it."""
    owner_code: str
    """全国地方公共団体コード, six digits with the check digit; empty for others."""
    licence: str
    fetched_at: datetime
    """UTC."""
    updated: date | None
    """最終更新日 by the owner's own word."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One record; `entry_id` is the owner's own ID and unique together with `kind` and the owner's code."""

    kind: Kind
    entry_id: str
    source: Source
    title: str
    title_kana: str = ""
    also_called: tuple[str, ...] = ()
    title_en: str = ""
    summary: str = ""
    body: str = ""
    """Whatever else its list says in words: whom it is for, what it gives, how to apply."""
    easy: str = ""
    """やさしい日本語, for residents."""
    english: str = ""
    """Sentences, the one that says what it is first, with `;` between."""
    needs: tuple[str, ...] = ()
    """こんなとき: the ways in which people put the need that this answers."""
    categories: tuple[str, ...] = ()
    life_events: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    starts: date | None = None
    ends: date | None = None
    """The last day on which it can be used, applied for, visited or met (Asia/Tokyo)."""
    place: str = ""
    latitude: float | None = None
    """WGS 84 degrees, as `longitude`."""
    longitude: float | None = None
    contact: str = ""
    phone: str = ""
    url: str = ""
    related: tuple[str, ...] = ()
    """IDs of entries of the same owner, or of the prefecture, that belong to it."""
    facts: Mapping[str, str] = field(default_factory=dict)
    """All columns as they came, by the standard's heading: what open data gives out again."""

    @property
    def summary_en(self) -> str:
        """What it is, in English; "" where its list does not say."""
        return self.english.partition(";")[0]


class Key(NamedTuple):
    """What an entry is known by."""

    kind: Kind
    owner_code: str
    entry_id: str

    @property
    def written(self) -> str:
        """As people and pages write it beside its kind: the owner's code and ID, like 992011-P016."""
        return f"{self.owner_code}-{self.entry_id}"


def key_of(entry: Entry) -> Key:
    """Of an entry."""
    return Key(entry.kind, entry.source.owner_code, entry.entry_id)


def key_from(kind: str, written: str) -> Key:
    """From how it is `written`; raises ValueError for what is no kind."""
    owner_code, _, entry_id = written.partition("-")
    return Key(Kind(kind), owner_code, entry_id)
