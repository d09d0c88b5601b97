"""What can be presented in a call, by kind: what it is called, how many pages it has, who may be shown it.

A page of a document is shown to guests as long as its document may be (公開区分, 機密性), which is asked anew
every time; a board is everybody's. A new kind of surface adds its case here.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from field_assist import (
    DocumentUnknown,
    Person,
    Presentation,
    Session,
    Surface,
    SurfaceKind,
    SurfaceUnknown,
    documents,
    people,
    surfaces,
)


@dataclass(frozen=True, slots=True)
class About:
    """A subject as people may know it; the words are empty for a board, `sizes` are of its pages in order."""

    pages: int
    is_for_guests: bool = True
    document_id: str = ""
    title: str = ""
    label: str = ""
    issued_on: str = ""
    disclosure: str = ""
    office: str = ""
    sizes: tuple[tuple[float, float], ...] = ()


def about(session: Session, rows: Iterable[Presentation]) -> dict[str, About]:
    """All that was presented, by subject; what is no more is left out."""
    found: dict[str, About] = {}
    for surface in (surfaces.parse(row.surface) for row in rows):
        subject = surface.subject
        if surface.kind is SurfaceKind.BOARD:
            found[subject] = About(max(surface.page, found[subject].pages if subject in found else 0))
        elif surface.kind is SurfaceKind.PAGE and subject not in found:
            found[subject] = _about_document(session, surface.name)
    return found


def check_presentable(session: Session, person: Person, surface: Surface) -> bool:
    """Whether guests are shown it too; raises SurfaceUnknown for what this person cannot present."""
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


def _about_document(session: Session, version_id: str) -> About:
    version = documents.version(session, version_id)
    sheet = documents.sheet(session, version.document_id)
    document = sheet.document
    pages = documents.pages(session, version_id)
    return About(
        pages=len(pages),
        is_for_guests=people.is_for_guests(sheet.facts),
        document_id=document.id,
        title=document.title,
        label=version.label,
        issued_on=version.issued_on or version.created_at.date().isoformat(),
        disclosure=document.disclosure,
        office=document.department or document.office,
        sizes=tuple((page.width, page.height) for page in pages),
    )
