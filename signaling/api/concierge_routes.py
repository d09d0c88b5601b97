"""The concierge under /api: what fits a need, for staff, for residents without an account, and in a call."""

from dataclasses import asdict

from fastapi import APIRouter, Depends

from field_assist import concierge
from signaling.accounts.sign_in import network_of
from signaling.api import concierge_schema as schema
from signaling.api.auth import Address, Parts, Staff, signed_in
from signaling.api.catalogue_routes import concierge_on
from signaling.api.services import spend

router = APIRouter(tags=["concierge"], dependencies=[Depends(concierge_on)])

SUGGESTED = 3
"""In a call; more would have to be read while somebody speaks."""


@router.post("/concierge/search", dependencies=[Depends(signed_in)])
async def search_as_staff(body: schema.ServiceQuestion, parts: Parts, staff: Staff) -> schema.ServicesFound:
    """Entries of every kind, for staff at their desk."""
    await spend(parts, parts.limits.concierge, staff.person.id)
    asker = concierge.questions.Asker(body.asker)
    return _found(await parts.concierge.search.search_as_staff(body.text, asker, body.limit))


@router.post("/services/search")
async def search_as_resident(
    body: schema.ServiceQuestion, parts: Parts, address: Address
) -> schema.ServicesFound:
    """What is for the public, without an account; nothing of the question is kept."""
    await spend(parts, parts.limits.concierge, network_of(address))
    asker = concierge.questions.Asker(body.asker)
    kinds = concierge.search.PUBLIC
    return _found(await parts.concierge.search.search(body.text, asker, kinds, body.limit))


@router.get("/calls/{call_id}/suggestions", dependencies=[Depends(signed_in)])
async def suggest_in_call(call_id: str, parts: Parts, staff: Staff) -> schema.Suggestions:
    """What fits the last words of those in the call who agreed to it, and the document that is presented."""
    await spend(parts, parts.limits.concierge, staff.person.id)
    heard = await parts.concierge.search.overheard(staff.person, call_id, SUGGESTED)
    return schema.Suggestions(
        is_consented=heard.is_consented,
        words=heard.words,
        found=_found(heard.found),
        paper=heard.paper,
        by_paper=_found(heard.by_paper),
    )


@router.post("/concierge/rejections", status_code=204, dependencies=[Depends(signed_in)])
async def reject_as_staff(body: schema.ServiceRejected, parts: Parts, staff: Staff) -> None:
    """「これではない」: counted without who said it, for those who keep the catalogue to look at."""
    await spend(parts, parts.limits.concierge, staff.person.id)
    await parts.concierge.search.reject(body.text, (concierge.entries.Kind(body.kind), body.id))


@router.post("/concierge/papers", dependencies=[Depends(signed_in)])
async def search_papers(
    body: schema.ServiceQuestion, parts: Parts, staff: Staff, address: Address
) -> schema.PapersFound:
    """Documents and decisions that say it, as far as this person may see them; never for residents."""
    await spend(parts, parts.limits.concierge, staff.person.id)
    found = await parts.concierge.papers.search(staff.person, body.text, address)
    return schema.PapersFound(papers=[schema.StaffPaper(**asdict(paper)) for paper in found])


def _found(found: concierge.search.Found) -> schema.ServicesFound:
    return schema.ServicesFound(
        matches=[_match(match) for match in found.matches],
        desks=[schema.CounselDesk(**desk._asdict()) for desk in found.desks],
        is_sensitive=found.is_sensitive,
    )


def _match(match: concierge.ranking.Match) -> schema.ServiceMatch:
    entry, source = match.entry, match.entry.source
    return schema.ServiceMatch(
        id=concierge.entries.key_of(entry).written,
        kind=entry.kind.value,
        title=entry.title,
        title_en=entry.title_en,
        summary=entry.summary,
        easy=entry.easy,
        english=entry.summary_en,
        starts=entry.starts,
        ends=entry.ends,
        is_over=match.is_over,
        place=entry.place,
        owner=source.owner,
        updated=source.updated,
        contact=entry.contact,
        phone=entry.phone,
        url=entry.url,
        reasons=[schema.ServiceReason(why=reason.why.value, words=reason.words) for reason in match.reasons],
        is_close_only=match.is_close_only,
    )
