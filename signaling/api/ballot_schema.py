"""The words of the REST interface for members from outside who vote, and how a ballot becomes them."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, StringConstraints

from field_assist import DecisionAct as Act
from field_assist import decision_steps
from signaling.api.ballot_desk import Ballot
from signaling.api.decision_schema import Basis, Rejected, StateKey, VoteKey, Words
from signaling.api.schema import Request

MailedCode = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[0-9]{6}$")]


class BallotRequest(Request):
    """POST /api/ballot/{code}/vote, with the code that was mailed; an objection has words."""

    vote: VoteKey
    words: Words = ""
    code: MailedCode


class BallotPaper(BaseModel):
    """A document that was cleared for members from outside, and the pages of it that are shown."""

    version: str
    title: str
    ver: str
    pages: list[int]


class BallotStill(BaseModel):
    """A still that was cleared for members from outside."""

    id: str
    at: datetime


class BallotReceipt(BaseModel):
    """What this member answered: `seq` and `hash` are of the row of the chain that keeps it."""

    vote: VoteKey
    words: str
    at: datetime
    seq: int
    hash: str


class BallotOpinion(BaseModel):
    """What somebody wrote to their vote; whose it is, the record alone says."""

    vote: Literal["agree", "object", "abstain"]
    words: str


class BallotResult(BaseModel):
    """What the votes came to, once it is closed: how it stands today, and what was said to it."""

    state: StateKey
    agreed: int
    objected: int
    abstained: int
    opinions: list[BallotOpinion]


class BallotView(BaseModel):
    """GET /api/ballot/{code}: the proposal as a member from outside reads it, and what they may do.

    `mailed_at` is when a code went out that is still good, `masked` where codes go. `withheld` are documents
    and stills that the proposal leans on and that are not shown here. There is no `result` before the close.
    """

    organisation: str
    office_phone: str
    language: str
    name: str
    post: str
    masked: str
    number: str
    what: str
    reason: str
    rejected: list[Rejected]
    basis: list[Basis]
    due: str
    amount_yen: int | None
    proposer: str
    proposer_post: str
    until: datetime
    quorum: int
    voters: int
    papers: list[BallotPaper]
    stills: list[BallotStill]
    withheld: int
    is_over: bool
    mailed_at: datetime | None
    receipt: BallotReceipt | None
    result: BallotResult | None


def ballot_view(ballot: Ballot, house: tuple[str, str]) -> BallotView:
    """One member's page; `house` is the organisation and its telephone."""
    record, voter, by = ballot.kept.record, ballot.voter, decision_steps.proposer(ballot.kept.record)
    circulation = record["circulation"]
    leaned, shown = len(record["docs"]) + len(record["evidence"]), len(ballot.papers) + len(ballot.stills)
    same = ("what", "reason", "rejected", "basis", "due", "amount_yen")
    return BallotView.model_validate(
        {name: record[name] for name in same}
        | {
            "organisation": house[0],
            "office_phone": house[1],
            "language": ballot.member.language,
            "name": voter["name"],
            "post": voter["post"],
            "masked": ballot.masked,
            "number": record["no"],
            "proposer": by["name"],
            "proposer_post": by["post"],
            "until": circulation["until"],
            "quorum": circulation["quorum"],
            "voters": len(decision_steps.asked_voters(record)),
            "papers": [
                {"version": each.version_id, "title": each.title, "ver": each.label, "pages": each.pages}
                for each in ballot.papers
            ],
            "stills": [{"id": each["id"], "at": each["at"]} for each in ballot.stills],
            "withheld": leaned - shown,
            "is_over": ballot.is_over,
            "mailed_at": _mailed_at(ballot),
            "receipt": _receipt(ballot),
            "result": _result(ballot),
        }
    )


def _mailed_at(ballot: Ballot) -> datetime | None:
    sent_at, is_unused = ballot.member.proof_sent_at, ballot.member.proof_digest != ""
    if sent_at is None or not is_unused or ballot.at - sent_at > decision_steps.MAILED_LASTS:
        return None
    return sent_at


def _receipt(ballot: Ballot) -> BallotReceipt | None:
    if ballot.own_row is None:
        return None
    row, last = ballot.own_row.row, ballot.own_row.record["people"][-1]
    known = {"vote": Act(last["role"]).name.lower(), "words": last["words"], "at": last["at"]}
    return BallotReceipt.model_validate(known | {"seq": row.seq, "hash": row.hash})


def _result(ballot: Ballot) -> BallotResult | None:
    record = ballot.kept.record
    if not any(entry["role"] == Act.CLOSE for entry in record["people"]) or not ballot.is_over:
        return None
    given = decision_steps.votes(record)
    roles = [vote["role"] for vote in given]
    opinions = [
        BallotOpinion.model_validate({"vote": Act(vote["role"]).name.lower(), "words": vote["words"]})
        for vote in given
        if vote["words"]
    ]
    return BallotResult.model_validate(
        {
            "state": ballot.kept.state.name.lower(),
            "agreed": roles.count(Act.AGREE),
            "objected": roles.count(Act.OBJECT),
            "abstained": roles.count(Act.ABSTAIN),
            "opinions": opinions,
        }
    )
