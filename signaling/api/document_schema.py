"""The words of the REST interface for the library (資料): what `schema` is for the rest."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from signaling.api.schema import Line, Person, Request, Text
from signaling.library.file_types import Reason

Disclosure = Literal["public", "presentable", "staff"]
VersionState = Literal["reading", "ready", "refused"]
DocumentTitle = Annotated[
    Text, StringConstraints(strip_whitespace=True, min_length=1, max_length=160, pattern=r"^[^\n\t]*$")
]
DocumentKind = Annotated[Line, StringConstraints(max_length=20)]
Retention = Annotated[Line, StringConstraints(max_length=20)]
Sensitivity = Annotated[int, Field(ge=1, le=3)]
Tag = Annotated[Line, StringConstraints(min_length=1, max_length=40)]
Label = Annotated[Line, StringConstraints(max_length=20)]
FileName = Annotated[Line, StringConstraints(max_length=200)]


def _each_once(tags: list[str]) -> list[str]:
    return list(dict.fromkeys(tags))


Tags = Annotated[list[Tag], Field(max_length=20), AfterValidator(_each_once)]


class DocumentVersion(BaseModel):
    """One version of a document; `label` is what people call it, `media_type` what the file really is.

    While it is `reading`, `read_pages` of `pages` are done. A `refused` one says why in `reason`. `issued_on`
    is the date on the document itself.
    """

    id: str
    label: str
    file_name: str
    media_type: str
    size_bytes: int
    sha256: str
    pages: int
    read_pages: int
    state: VersionState
    reason: Reason | None
    issued_on: date | None
    created_by: str
    created_at: datetime


class DocumentCase(BaseModel):
    """A case a document is linked to, which the reader may see."""

    id: str
    number: str
    title: str
    linked_at: datetime


class DocumentFile(BaseModel):
    """A document with its versions, newest first; `current` is the one that is shown, if any was read yet."""

    id: str
    source_no: str
    title: str
    kind: str
    disclosure: Disclosure
    sensitivity: int
    retention: str
    tags: list[str]
    department: str
    office: str
    owner: Person
    created_at: datetime
    updated_at: datetime
    withdrawn_at: datetime | None
    current: DocumentVersion | None
    versions: list[DocumentVersion]
    cases: list[DocumentCase]
    may_change: bool


class PageSize(BaseModel):
    """The size of an upright page, in a unit of its own: what counts is the proportion."""

    width: float
    height: float


class VersionPages(BaseModel):
    """GET /api/documents/versions/{version_id}: a version and its pages in order, once it is ready."""

    document_id: str
    title: str
    disclosure: Disclosure
    version: DocumentVersion
    pages: list[PageSize]


class NewDocumentRequest(Request):
    """What is said of a document before its file is sent."""

    title: DocumentTitle
    kind: DocumentKind = ""
    disclosure: Disclosure = "staff"
    sensitivity: Sensitivity = 2
    retention: Retention = ""
    tags: Tags = Field(default_factory=list)
    case_id: Annotated[str, StringConstraints(min_length=1, max_length=40)] | None = None


class ChangeDocumentRequest(Request):
    """What becomes different; what is left out stays. `withdrawn` takes it out of use, or brings it back."""

    title: DocumentTitle | None = None
    kind: DocumentKind | None = None
    disclosure: Disclosure | None = None
    sensitivity: Sensitivity | None = None
    retention: Retention | None = None
    tags: Tags | None = None
    withdrawn: bool | None = None
