"""Decisions (判断記録) under /api, for staff who take calls; guests learn of none."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response

from field_assist import DecisionAct, DecisionKind, DecisionRule, DecisionState
from signaling.api import decision_schema as words
from signaling.api import decision_table
from signaling.api.auth import Address, CaseStaff, Parts, case_staff
from signaling.api.ballot_post import Outside
from signaling.api.decision_desk import Judgement
from signaling.api.decision_writer import Ask, Draft
from signaling.api.services import spend
from signaling.api.still_schema import StillId

router = APIRouter(tags=["decisions"], dependencies=[Depends(case_staff)])
_TABLE: dict[int | str, dict[str, Any]] = {200: {"content": {"text/csv": {}}}}  # FastAPI's own type
_PICTURE: dict[int | str, dict[str, Any]] = {200: {"content": {"image/*": {}}}}  # FastAPI's own type


@router.get("/cases/{case_id}/decisions")
async def list_decisions_of_case(case_id: str, session: CaseStaff, parts: Parts) -> words.DecisionsAnswer:
    """The decisions of a case as they stand, the newest first."""
    found = await parts.decision_desk.of_case(session.person, case_id)
    return words.DecisionsAnswer(decisions=[words.brief_view(sheet) for sheet in found])


@router.get("/cases/{case_id}/decisions.csv", response_class=Response, responses=_TABLE)
async def export_decisions_of_case(
    case_id: str, session: CaseStaff, parts: Parts, address: Address
) -> Response:
    """The decisions of a case as 判断記録 CSV, for a spreadsheet."""
    found = await parts.decision_desk.export(session.person, case_id, address)
    return Response(
        decision_table.written(found),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="decisions-{case_id}.csv"'},
    )


@router.get("/calls/{call_id}/decisions")
async def list_decisions_of_call(call_id: str, session: CaseStaff, parts: Parts) -> words.DecisionsAnswer:
    """The decisions that were proposed in a call, the newest first."""
    found = await parts.decision_desk.of_call(session.person, call_id)
    return words.DecisionsAnswer(decisions=[words.brief_view(sheet) for sheet in found])


@router.get("/decisions/waiting")
async def list_waiting_decisions(session: CaseStaff, parts: Parts) -> words.WaitingAnswer:
    """What waits for whoever asks: to approve, to vote on, to confirm, to correct, and what is overdue."""
    found = await parts.decision_desk.waiting(session.person)
    return words.WaitingAnswer(waiting=[words.owed_view(owed) for owed in found])


@router.get("/decisions")
async def find_decisions(
    words_: Annotated[words.Said, Query(alias="words", max_length=100)],
    session: CaseStaff,
    parts: Parts,
    address: Address,
) -> words.DecisionsAnswer:
    """Decisions with these words that one may see, the newest first."""
    await spend(parts, parts.limits.chat, session.person.identity)
    found = await parts.decision_desk.find(session.person, words_, address)
    return words.DecisionsAnswer(decisions=[words.brief_view(sheet) for sheet in found])


@router.get("/decision-approvers")
async def list_approvers(
    session: CaseStaff,
    parts: Parts,
    kind: words.Kind,
    amount_yen: Annotated[int | None, Query(ge=0, le=words.MAX_YEN)] = None,
    case_id: str | None = None,
    call_id: str | None = None,
) -> words.ApproversAnswer:
    """Who would approve such a decision of this case or call by the 決裁規程."""
    about = (case_id, call_id)
    rule, found = await parts.decision_desk.approvers(session.person, about, DecisionKind(kind), amount_yen)
    return words.ApproversAnswer(
        post=rule.post if rule else "",
        approvers=[words.person_of(person) for person in found],
        can_invite=parts.ballot_desk.can_invite,
    )


@router.get("/decision-papers")
async def list_papers(
    session: CaseStaff, parts: Parts, case_id: str | None = None, call_id: str | None = None
) -> words.OfferedPapers:
    """Documents a proposal of this case or call may lean on."""
    found = await parts.decision_desk.papers(session.person, (case_id, call_id))
    return words.OfferedPapers(papers=[words.OfferedPaper.model_validate(each) for each in found])


@router.post("/decisions", status_code=201)
async def propose_decision(
    body: words.ProposeRequest, session: CaseStaff, parts: Parts, address: Address
) -> words.Decision:
    """Propose one; with `ask` it is handed in at once."""
    await spend(parts, parts.limits.note, session.person.identity)
    about = (body.case_id, body.call_id)
    sheet = await parts.decision_desk.propose(session.person, about, _draft(body), _ask(body.ask), address)
    return words.decision_view(sheet, session.person)


@router.get("/decisions/{decision_id}")
async def read_decision(decision_id: str, session: CaseStaff, parts: Parts) -> words.Decision:
    """One decision, with everything that was done to it."""
    return words.decision_view(await parts.decision_desk.read(session.person, decision_id), session.person)


@router.post("/decisions/{decision_id}/revise")
async def revise_decision(
    decision_id: str, body: words.ReviseRequest, session: CaseStaff, parts: Parts, address: Address
) -> words.Decision:
    """Propose it anew: a draft, one that was returned, or the correction of one that was cancelled."""
    sheet = await parts.decision_desk.revise(
        session.person, decision_id, body.seen, _draft(body), _ask(body.ask), address
    )
    return words.decision_view(sheet, session.person)


@router.post("/decisions/{decision_id}/hand-in")
async def hand_decision_in(
    decision_id: str, body: words.HandInRequest, session: CaseStaff, parts: Parts, address: Address
) -> words.Decision:
    """Ask for approval; again: ask somebody else, or give a circulation more time."""
    ask = _ask(body.ask) or Ask()
    sheet = await parts.decision_desk.hand_in(session.person, decision_id, body.seen, ask, address)
    return words.decision_view(sheet, session.person)


@router.post("/decisions/{decision_id}/withdraw")
async def withdraw_decision(
    decision_id: str, body: words.SeenRequest, session: CaseStaff, parts: Parts, address: Address
) -> words.Decision:
    """Take it back: what was handed in is a draft again, a draft is over."""
    sheet = await parts.decision_desk.withdraw(session.person, decision_id, body.seen, address)
    return words.decision_view(sheet, session.person)


@router.post("/decisions/{decision_id}/judge")
async def judge_decision(
    decision_id: str, body: words.JudgeRequest, session: CaseStaff, parts: Parts, address: Address
) -> words.Decision:
    """Approve, approve on a condition, return or cancel it, by a fresh one-time code."""
    state = DecisionState[body.verdict.upper()]
    said = Judgement(body.seen, body.code, body.words)
    sheet = await parts.decision_desk.judge(session, decision_id, state, said, address)
    return words.decision_view(sheet, session.person)


@router.post("/decisions/{decision_id}/vote")
async def vote_on_decision(
    decision_id: str, body: words.VoteRequest, session: CaseStaff, parts: Parts, address: Address
) -> words.Decision:
    """One's own vote in a circulation, by a fresh one-time code."""
    said = Judgement(body.seen, body.code, body.words)
    sheet = await parts.decision_desk.vote(
        session, decision_id, DecisionAct[body.vote.upper()], said, address
    )
    return words.decision_view(sheet, session.person)


@router.post("/decisions/{decision_id}/members/{member_id}/send")
async def send_ballot_again(
    decision_id: str, member_id: str, session: CaseStaff, parts: Parts, address: Address
) -> words.Decision:
    """The mail with the link once more, to a member from outside, by who proposed it."""
    sheet = await parts.ballot_desk.send_again(session.person, decision_id, member_id, address)
    return words.decision_view(sheet, session.person)


@router.post("/decisions/{decision_id}/members/{member_id}/withdraw")
async def uninvite_member(
    decision_id: str,
    member_id: str,
    body: words.SeenRequest,
    session: CaseStaff,
    parts: Parts,
    address: Address,
) -> words.Decision:
    """Take an invitation back: the member's link is dead at once, and the chain says so."""
    desk = parts.decision_desk
    sheet = await desk.uninvite(session.person, decision_id, member_id, body.seen, address)
    return words.decision_view(sheet, session.person)


@router.post("/decisions/{decision_id}/oral")
async def note_oral_approval(
    decision_id: str, body: words.OralRequest, session: CaseStaff, parts: Parts, address: Address
) -> words.Decision:
    """Somebody approved it aloud; they have 24 hours to confirm that themselves."""
    sheet = await parts.decision_desk.note_oral(
        session.person, decision_id, body.seen, body.approver_id, address
    )
    return words.decision_view(sheet, session.person)


@router.get("/decisions/{decision_id}/evidence/{still_id}", response_class=Response, responses=_PICTURE)
async def see_evidence(
    decision_id: str,
    still_id: StillId,
    session: CaseStaff,
    parts: Parts,
    width: Annotated[int, Query(ge=1, le=10_000)] = 1280,
) -> Response:
    """A still a decision leans on, for whoever the decision is laid before."""
    await parts.decision_desk.may_look(session.person, decision_id, str(still_id))
    return Response(await parts.still_desk.copy(str(still_id), width), media_type="image/webp")


@router.get("/decision-rules")
async def read_decision_rules(session: CaseStaff, parts: Parts) -> words.DecisionRules:
    """The 決裁規程."""
    return _rules(await parts.decision_desk.rules(session.person))


@router.post("/decision-rules")
async def set_decision_rules(
    body: words.DecisionRules, session: CaseStaff, parts: Parts, address: Address
) -> words.DecisionRules:
    """Another 決裁規程, by admin."""
    new = [DecisionRule(DecisionKind(rule.kind), rule.up_to_yen, rule.post) for rule in body.rules]
    return _rules(await parts.decision_desk.set_rules(session.person, new, address))


def _draft(body: words.Proposal) -> Draft:
    content = body.model_dump(include={"kind", "amount_yen", "what", "reason", "rejected", "basis", "due"})
    return Draft(content, [str(each) for each in body.still_ids], body.version_ids, body.cites, body.pages)


def _ask(body: words.DecisionAsk | None) -> Ask | None:
    if body is None:
        return None
    outside = [Outside(**each.model_dump()) for each in body.outside]
    stills = [str(each) for each in body.shown_stills]
    known = body.model_dump(exclude={"outside", "shown_stills"})
    return Ask(**known, outside=outside, shown_stills=stills)


def _rules(found: tuple[DecisionRule, ...]) -> words.DecisionRules:
    return words.DecisionRules(
        rules=[
            words.DecisionRule(kind=rule.kind.value, up_to_yen=rule.up_to_yen, post=rule.post)
            for rule in found
        ]
    )
