"""What search of the library answers; see `field_assist.document_search`."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel

Disclosure = Literal["public", "presentable", "staff"]
Range = tuple[int, int]
"""From and to, in characters (code points) of the text beside it."""


class FoundVersion(BaseModel):
    """A version of a document that was found; `reason` says why it was refused."""

    id: str
    label: str
    pages: int
    state: Literal["reading", "ready", "refused"]
    reason: str
    issued_on: str
    created_at: datetime


class FoundPlace(BaseModel):
    """A page that says it."""

    version_id: str
    label: str
    page: int


class FoundSnippet(FoundPlace):
    """What it says there."""

    text: str
    marks: list[Range]


class FoundDocument(BaseModel):
    """A document with where it says what was looked for: all places, and the best few with their words."""

    id: str
    title: str
    title_marks: list[Range]
    kind: str
    office: str
    department: str
    disclosure: Disclosure
    sensitivity: int
    tags: list[str]
    updated_at: datetime
    withdrawn_at: datetime | None
    version: FoundVersion | None
    pending: FoundVersion | None
    places: list[FoundPlace]
    snippets: list[FoundSnippet]
    may_change: bool


class FacetValue(BaseModel):
    """How many documents there would be with this value."""

    value: str
    count: int


class Facets(BaseModel):
    """What the results can be narrowed by; `unit` is the department, or the office where there is none."""

    disclosure: list[FacetValue]
    kind: list[FacetValue]
    unit: list[FacetValue]
    tags: list[FacetValue]


class AlsoWords(BaseModel):
    """What was looked for as well, because it means the same."""

    said: str
    also: list[str]


class DocumentsAnswer(BaseModel):
    """Documents this person may see. `missing_terms` of what was typed no document holds with the rest."""

    documents: list[FoundDocument]
    total: int
    total_places: int
    missing_terms: int
    also: list[AlsoWords]
    facets: Facets
    took_ms: float
