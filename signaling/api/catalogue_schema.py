"""The words of the catalogue in the REST interface, for the administrator's page and for open data."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from field_assist import concierge
from signaling.api import schema
from signaling.api.catalogue_desk import ListState, Outcome
from signaling.api.proposal_desk import Decision, Proposals, Proposed

ServiceKind = concierge.entries.Kind
ListName = Annotated[str, Field(pattern=r"^[\w-]{1,60}$")]
OwnerCode = Annotated[str, Field(pattern=r"^([0-9]{6})?$")]


class RemarkPlace(BaseModel):
    """Where: the line as a spreadsheet counts it (0: the file), what stood there and what it became."""

    line: int
    value: str
    became: str


class ListFinding(BaseModel):
    """One remark about one column; `remark` is a key of the web client's messages."""

    remark: concierge.remarks.Remark
    weight: concierge.remarks.Weight
    column: str
    count: int
    places: list[RemarkPlace]


class Named(BaseModel):
    """A record, enough to find it."""

    kind: ServiceKind
    entry_id: str
    title: str


class Contradiction(BaseModel):
    """What cannot all be true; `words` is what to look at."""

    clash: concierge.consistency.Clash
    who: Named
    other: Named | None
    words: str


class BroughtAnswer(BaseModel):
    """What a list says, and whether it was taken in."""

    kind: ServiceKind | None
    rows: int
    added: int
    changed: int
    same: int
    gone: int
    many_gone: bool
    fault_count: int
    findings: list[ListFinding]
    contradictions: list[Contradiction]
    needs_licence: bool
    taken: bool


class CatalogueListView(BaseModel):
    """One list; `open`: its terms let it be given out again."""

    id: str
    name: str
    kind: ServiceKind
    owner: str
    owner_code: str
    licence: str
    address: str
    every_days: int
    rows: int
    fetched_at: datetime
    changed_at: datetime
    stale: bool
    fault: str
    open: bool


class CatalogueListsAnswer(BaseModel):
    """Every list."""

    lists: list[CatalogueListView]


class DescribeListRequest(schema.Request):
    """Where a list comes from, on which terms, and after how many days it is stale."""

    owner: Annotated[str, Field(min_length=1, max_length=120)]
    owner_code: OwnerCode = ""
    licence: Annotated[str, Field(min_length=1, max_length=80)]
    address: Annotated[str, Field(max_length=500, pattern=r"^(https?://[^\s<>\"]+)?$")] = ""
    every_days: Annotated[int, Field(ge=1, le=3660)]


class FieldChange(BaseModel):
    """One field of one entry became different; field "" is the entry itself, leaving or coming back."""

    entry_id: str
    title: str
    at: datetime
    field: str
    before: str
    after: str


class ChangesAnswer(BaseModel):
    """Newest first."""

    changes: list[FieldChange]


class OpenShape(BaseModel):
    """One way a list is given out."""

    shape: concierge.open_data.Shape
    path: str


class OpenList(BaseModel):
    """One list of open data."""

    name: str
    kind: ServiceKind
    owner: str
    licence: str
    licence_url: str
    rows: int
    changed_at: datetime
    shapes: list[OpenShape]


class OpenDataAnswer(BaseModel):
    """All of it."""

    lists: list[OpenList]


class ContradictionsAnswer(BaseModel):
    """What cannot all be true of the catalogue now."""

    contradictions: list[Contradiction]


class NeedProposalView(BaseModel):
    """Words that staff typed, numbers and names struck out, and how often they led to this entry.

    `shown`: it was shown to a resident; `rejected`: staff said it is not it; `missed`: nothing fitted, and
    there is no entry.
    """

    id: str
    words: str
    kind: str
    entry_key: str
    title: str
    owner: str
    shown: int
    rejected: int
    missed: int
    last_at: datetime


class ProposalsAnswer(BaseModel):
    """What waits for somebody's decision, the most often met first, and what was taken last."""

    waiting: list[NeedProposalView]
    taken: list[NeedProposalView]


class DecideProposalRequest(schema.Request):
    """Take it, for its own entry or another (`kind` and `entry_key` like 992011-P016); dismiss it; undo."""

    decision: Decision
    kind: Literal["programme", "facility", "event", "work", "licence"] | None = None
    entry_key: Annotated[str, Field(max_length=110)] = ""


def list_view(state: ListState) -> CatalogueListView:
    """One list as the page shows it."""
    row = state.row
    return CatalogueListView(
        id=row.id,
        name=row.name,
        kind=ServiceKind(row.kind),
        owner=row.owner,
        owner_code=row.owner_code,
        licence=row.licence,
        address=row.address,
        every_days=row.every_days,
        rows=state.present,
        fetched_at=row.fetched_at,
        changed_at=row.changed_at,
        stale=state.is_stale,
        fault=row.fault,
        open=state.is_open,
    )


def brought_answer(outcome: Outcome) -> BroughtAnswer:
    """What a list says."""
    counts = outcome.counts
    return BroughtAnswer(
        kind=outcome.kind,
        rows=counts.rows,
        added=counts.added,
        changed=counts.changed,
        same=counts.same,
        gone=counts.gone,
        many_gone=counts.many_gone,
        fault_count=outcome.fault_count,
        findings=[
            ListFinding(
                remark=found.remark,
                weight=found.weight,
                column=found.column,
                count=found.count,
                places=[
                    RemarkPlace(line=place.line, value=place.value, became=place.became)
                    for place in found.places
                ],
            )
            for found in outcome.findings
        ],
        contradictions=[contradiction(found) for found in outcome.contradictions],
        needs_licence=outcome.needs_licence,
        taken=outcome.is_taken,
    )


def contradiction(found: concierge.consistency.Contradiction) -> Contradiction:
    """One of them."""
    return Contradiction(
        clash=found.clash,
        who=_named(found.who),
        other=None if found.other is None else _named(found.other),
        words=found.words,
    )


def proposals_answer(found: Proposals) -> ProposalsAnswer:
    """Both lists."""
    return ProposalsAnswer(
        waiting=[_proposal(one) for one in found.waiting], taken=[_proposal(one) for one in found.taken]
    )


def _proposal(one: Proposed) -> NeedProposalView:
    row = one.row
    return NeedProposalView(
        id=row.id,
        words=row.words,
        kind=row.taken_kind or row.kind,
        entry_key=row.taken_key or row.entry_key,
        title=one.title,
        owner=one.owner,
        shown=row.shown,
        rejected=row.rejected,
        missed=row.missed,
        last_at=row.last_at,
    )


def open_list(package: concierge.open_data.Package) -> OpenList:
    """One list of open data."""
    return OpenList(
        name=package.name,
        kind=package.kind,
        owner=package.owner,
        licence=package.licence.title,
        licence_url=package.licence.url,
        rows=package.rows,
        changed_at=package.changed_at,
        shapes=[
            OpenShape(shape=shape, path=f"/api/open-data/{package.name}.{shape.value}")
            for shape in package.shapes
        ],
    )


def _named(who: concierge.consistency.Who) -> Named:
    return Named(kind=who.kind, entry_id=who.entry_id, title=who.title)
