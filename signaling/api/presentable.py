"""What can be presented in a call, by kind: what it is called, how many pages it has, who may be shown it.

A page of a document is shown to guests as long as its document may be (公開区分, 機密性), which is asked anew
every time; a still and a board are everybody's. A new kind of surface adds its case here.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from field_assist import (
    CallSheet,
    DocumentUnknown,
    Person,
    Presentation,
    Session,
    StillUnknown,
    Surface,
    SurfaceKind,
    SurfaceUnknown,
    calls,
    cases,
    documents,
    people,
    stills,
    surfaces,
)


@dataclass(frozen=True, slots=True)
class About:
    """A subject as people may know it; the words are empty for a board, `sizes` are of pages shown."""

    pages: int
    is_for_guests: bool = True
    document_id: str = ""
    title: str = ""
    label: str = ""
    issued_on: str = ""
    disclosure: str = ""
    office: str = ""
    sizes: Mapping[int, tuple[float, float]] = field(default_factory=dict)


def about(session: Session, rows: Sequence[Presentation]) -> dict[str, About]:
    """All that was presented, by subject; what is no more is left out."""
    found: dict[str, About] = {}
    shown = [surfaces.parse(row.surface) for row in rows]
    for surface in shown:
        subject = surface.subject
        if surface.kind is SurfaceKind.BOARD:
            found[subject] = About(max(surface.page, found[subject].pages if subject in found else 0))
        elif surface.kind is SurfaceKind.PAGE and subject not in found:
            numbers = {each.page for each in shown if each.subject == subject}
            found[subject] = _about_document(session, surface.name, numbers)
        elif surface.kind is SurfaceKind.STILL and subject not in found:
            still = stills.complete_one(session, surface.name)
            found[subject] = About(pages=0, sizes={1: (still.width, still.height)})
    return found


def check_presentable(session: Session, person: Person, sheet: CallSheet, surface: Surface) -> bool:
    """Whether guests are shown it too; raises SurfaceUnknown for what this person cannot present."""
    if surface.kind is SurfaceKind.STILL:
        _check_still(session, person, sheet, surface.name)
        return True
    if surface.kind is not SurfaceKind.PAGE:
        raise SurfaceUnknown
    try:
        facts = documents.facts(session, surface.name)
        documents.version_with_page(session, surface.name, surface.page)
    except DocumentUnknown:
        raise SurfaceUnknown from None
    if not people.may_see_document(person, facts):
        raise SurfaceUnknown
    return people.is_for_guests(facts)


def _check_still(session: Session, person: Person, here: CallSheet, still_id: str) -> None:
    """A still of this call, or of its case, that the presenter may see; raises SurfaceUnknown."""
    try:
        still = stills.complete_one(session, still_id)
    except StillUnknown:
        raise SurfaceUnknown from None
    case, own = cases.case_of_call(session, still.call_id), cases.case_of_call(session, here.call.id)
    is_of_case = case is not None and own is not None and case.case.id == own.case.id
    facts = calls.sheet(session, still.call_id).facts
    is_seen = people.may_see_still(person, facts, case.facts if case else None)
    if not is_seen or not (still.call_id == here.call.id or is_of_case):
        raise SurfaceUnknown


def _about_document(session: Session, version_id: str, numbers: Collection[int]) -> About:
    version = documents.version(session, version_id)
    document = documents.document(session, version.document_id)
    return About(
        pages=version.pages,
        is_for_guests=people.is_for_guests(documents.facts_from(document)),
        document_id=document.id,
        title=document.title,
        label=version.label,
        issued_on=version.issued_on or version.created_at.date().isoformat(),
        disclosure=document.disclosure,
        office=document.department or document.office,
        sizes=documents.sizes(session, version_id, numbers),
    )
