"""The catalogue under /api/admin, for admin: lists brought, looked at and taken in; where they come from."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from field_assist import concierge
from signaling.api import catalogue_schema as schema
from signaling.api.auth import Address, Parts, Staff, signed_in
from signaling.api.catalogue_desk import Brought, Source

SHOWN_CHANGES = 200


def concierge_on(parts: Parts) -> None:
    """Raises ConciergeOff where the installation has no concierge."""
    parts.concierge.catalogue.must_be_on()


router = APIRouter(tags=["catalogue"], dependencies=[Depends(signed_in), Depends(concierge_on)])


@router.get("/admin/catalogue")
async def list_lists(session: Staff, parts: Parts) -> schema.CatalogueListsAnswer:
    """Every list, with its owner, licence, and when it was last fetched."""
    found = await parts.concierge.catalogue.lists(session.person)
    return schema.CatalogueListsAnswer(lists=[schema.list_view(state) for state in found])


@router.put("/admin/catalogue")
async def bring_list(
    request: Request,
    session: Staff,
    parts: Parts,
    address: Address,
    name: Annotated[schema.ListName, Query(description="the list's name, as its file's")],
    check: Annotated[bool, Query(description="look only, change nothing")] = True,
    owner: Annotated[str, Query(max_length=120)] = "",
    owner_code: Annotated[schema.OwnerCode, Query()] = "",
    licence: Annotated[str, Query(max_length=80)] = "",
    may_shrink: Annotated[bool, Query(description="more than half of it may leave")] = False,
) -> schema.BroughtAnswer:
    """A CSV as the body: what it says, and with `check=false` taken in, all or nothing."""
    brought = Brought(name, await request.body(), owner, owner_code, licence)
    outcome = await parts.concierge.catalogue.bring(
        session.person, brought, address, is_check=check, may_shrink=may_shrink
    )
    return schema.brought_answer(outcome)


@router.post("/admin/catalogue/{list_id}", status_code=204)
async def describe_list(
    list_id: str, body: schema.DescribeListRequest, session: Staff, parts: Parts, address: Address
) -> None:
    """Say where a list comes from, on which terms, and after how many days it is stale."""
    source = Source(body.owner, body.owner_code, body.licence, body.address, body.every_days)
    await parts.concierge.catalogue.describe(session.person, list_id, source, address)


@router.get("/admin/catalogue/contradictions")
async def list_contradictions(session: Staff, parts: Parts) -> schema.ContradictionsAnswer:
    """What cannot all be true of the catalogue as it is now."""
    found = await parts.concierge.proposals.contradictions(session.person)
    return schema.ContradictionsAnswer(contradictions=[schema.contradiction(one) for one in found])


@router.get("/admin/catalogue/proposals")
async def list_proposals(session: Staff, parts: Parts) -> schema.ProposalsAnswer:
    """Words that staff typed and what came of them, for somebody to add to こんなとき, or not."""
    return schema.proposals_answer(await parts.concierge.proposals.proposals(session.person))


@router.post("/admin/catalogue/proposals/{proposal_id}")
async def decide_proposal(
    proposal_id: str, body: schema.DecideProposalRequest, session: Staff, parts: Parts, address: Address
) -> schema.ProposalsAnswer:
    """Take it for an entry, dismiss it, or undo that."""
    of = concierge.entries.key_from(body.kind, body.entry_key) if body.kind and body.entry_key else None
    return schema.proposals_answer(
        await parts.concierge.proposals.decide(session.person, proposal_id, body.decision, of, address)
    )


@router.get("/admin/catalogue/{list_id}/changes")
async def list_changes(list_id: str, session: Staff, parts: Parts) -> schema.ChangesAnswer:
    """What became different in a list, field by field, newest first."""
    found = await parts.concierge.catalogue.changes(session.person, list_id, SHOWN_CHANGES)
    return schema.ChangesAnswer(
        changes=[
            schema.FieldChange(
                entry_id=one.entry_id,
                title=one.title,
                at=one.change.at,
                field=one.change.field,
                before=one.change.before,
                after=one.change.after,
            )
            for one in found
        ]
    )
