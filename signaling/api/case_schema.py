"""The words of the REST interface for cases (案件): what `schema` is for the rest."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from signaling.api.schema import Line, Person, Request, SenderRole, Text

CaseKind = Literal["damage", "inspection", "works", "disaster", "permit", "resident", "other"]
OpenStatus = Literal["received", "working", "watching"]
CaseStatus = Literal["received", "working", "watching", "closed"]
EntryKind = Literal[
    "opened",
    "changed",
    "closed",
    "reopened",
    "comment",
    "call_linked",
    "call_unlinked",
    "shared",
    "share_ended",
    "doc_linked",
    "doc_unlinked",
    "restored",
    "call",
    "note",
    "still",
    "decision",
    "consultation",
    "invitation",
    "service",
    "withdrawn",
]
SharedKind = Literal["opened", "closed", "reopened", "comment", "call"]
OrganisationKind = Literal["municipality", "state", "npo", "company"]
Title = Annotated[
    Text, StringConstraints(strip_whitespace=True, min_length=1, max_length=120, pattern=r"^[^\n\t]*$")
]
Latitude = Annotated[float, Field(ge=-90, le=90)]
Longitude = Annotated[float, Field(ge=-180, le=180)]
Sensitivity = Annotated[int, Field(ge=1, le=3)]
Words = Annotated[Text, StringConstraints(strip_whitespace=True, max_length=2000)]
Id = Annotated[str, StringConstraints(min_length=1, max_length=40)]


class CaseBrief(BaseModel):
    """A case in a list; `number` is 年度-課-連番, `sensitivity` 自治体機密性 1 to 3."""

    id: str
    number: str
    title: str
    kind: CaseKind
    topic: str
    place: str
    latitude: float | None
    longitude: float | None
    status: CaseStatus
    sensitivity: int
    department: str
    office: str
    owner: Person
    opened_at: datetime
    updated_at: datetime
    closed_at: datetime | None


class CasesAnswer(BaseModel):
    """GET /api/cases: the last changed first; `has_more` where a search should be narrower."""

    cases: list[CaseBrief]
    has_more: bool


class CaseChange(BaseModel):
    """One field that was changed; empty where there was, or is, nothing. Owners by name."""

    field: str
    before: str
    after: str


class CaseEntry(BaseModel):
    """One line of a case's timeline.

    `until` ends what lasts (a call), `actor` is who did it by name, `text` a comment, a number or what was
    said at the end; `state` is a consultation's, an invitation's or a decision's; a call counts its chat
    lines and people.
    """

    model_config = ConfigDict(json_schema_serialization_defaults_required=True)

    id: str
    kind: EntryKind
    at: datetime
    until: datetime | None = None
    actor: str = ""
    actor_role: SenderRole | None = None
    text: str = ""
    state: str = ""
    call_id: str | None = None
    document_id: str | None = None
    still_id: str | None = None
    decision_id: str | None = None
    people: list[str] = Field(default_factory=list)
    messages: int = 0
    changes: list[CaseChange] = Field(default_factory=list)
    shared: bool = False


class BundleRequest(Request):
    """POST /api/cases/{id}/bundle: a fresh one-time code, since all of the case leaves with it."""

    code: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    with_media: bool = True


class BundleOutline(BaseModel):
    """What a case as one file would hold: about how large it is, without and with what was recorded.

    `is_running`: one of its calls is being recorded now, which is left out.
    """

    size_bytes: int
    media_bytes: int
    recordings: int
    is_running: bool


class BundleReady(BaseModel):
    """A case as one file: fetched by its id within an hour, under this name."""

    id: str
    name: str
    size_bytes: int


class Organisation(BaseModel):
    """A body that helps with cases (協力機関)."""

    id: str
    name: str
    kind: OrganisationKind


class CaseShare(BaseModel):
    """To whom a case is open now, until when, and who opened it."""

    id: str
    organisation: Organisation
    since_at: datetime
    until_at: datetime
    shared_by: str


class CaseFile(CaseBrief):
    """A case with its timeline, newest first, to whom it is open, and what the reader may do."""

    revision: int
    timeline: list[CaseEntry]
    shares: list[CaseShare]
    may_change: bool
    may_share: bool


class SharedEntry(BaseModel):
    """A line of a shared case: no names of guests, no counts, nothing of what was said in a call."""

    id: str
    kind: SharedKind
    at: datetime
    until: datetime | None
    actor: str
    text: str


class SharedCaseBrief(BaseModel):
    """A case as the guests of an organisation may know it."""

    id: str
    number: str
    title: str
    kind: CaseKind
    place: str
    latitude: float | None
    longitude: float | None
    status: CaseStatus
    department: str
    office: str


class SharedCase(SharedCaseBrief):
    """The same with the lines that were marked, newest first."""

    timeline: list[SharedEntry]


class SharedCasesAnswer(BaseModel):
    """GET /api/guest/cases: what is shared with the guest's organisation now; nothing without one."""

    organisation: str
    cases: list[SharedCaseBrief]


class _Position(Request):
    """A position is both figures or neither."""

    latitude: Latitude | None = None
    longitude: Longitude | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> "_Position":
        if (self.latitude is None) != (self.longitude is None):
            raise ValueError("a position is a latitude and a longitude")
        return self


class OpenCaseRequest(_Position):
    """A new case; the number is given, the owner is who opens it. Perhaps a call it begins with."""

    title: Title
    kind: CaseKind = "other"
    topic: Line = ""
    place: Line = ""
    sensitivity: Sensitivity = 2
    call_id: Id | None = None


class ChangeCaseRequest(_Position):
    """What becomes different; what is left out stays. `revision` is the one that was read."""

    revision: int
    title: Title | None = None
    kind: CaseKind | None = None
    topic: Line | None = None
    place: Line | None = None
    sensitivity: Sensitivity | None = None
    status: OpenStatus | None = None
    owner_id: Id | None = None


class CommentRequest(Request):
    """What somebody writes on the timeline."""

    text: Annotated[Words, StringConstraints(min_length=1)]


class CloseCaseRequest(Request):
    """How it ended, in words."""

    text: Words = ""


class LinkCallRequest(Request):
    """Which call belongs to the case."""

    call_id: Id


class ShareCaseRequest(Request):
    """With whom, for how many days; the same organisation again moves the end."""

    organisation_id: Id
    days: Annotated[int, Field(ge=1, le=366)] = 30


class ShareEntryRequest(Request):
    """Whether the organisations may read an entry of the timeline."""

    shared: bool


class NewOrganisationRequest(Request):
    """A body to share cases with."""

    name: Title
    kind: OrganisationKind


class CaseOfCall(BaseModel):
    """The case a call belongs to, as far as the reader may know of it."""

    case: CaseBrief | None
