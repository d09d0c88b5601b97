"""The words of the REST interface for a circulation (持ち回り) as staff see it, with members from outside."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, StringConstraints

from field_assist import decision_steps
from signaling.api.decision_sheets import DecisionSheet
from signaling.api.recap_schema import MailAddress
from signaling.api.schema import Language, Line, Request

Short = Annotated[Line, StringConstraints(min_length=1)]


class OutsideVoter(Request):
    """Somebody who is no staff and is asked to vote: invited by mail, to an address that is kept sealed."""

    name: Short
    post: Short
    address: MailAddress
    language: Language = "ja"


class DecisionPerson(BaseModel):
    """Somebody with their post, as it was then."""

    id: str
    name: str
    post: str


class OutsideStanding(DecisionPerson):
    """A voter from outside: how the last mail to them stands ("" for none), when they first opened it.

    `invited_at` is empty once their address and link were forgotten.
    """

    language: str
    mail: str
    invited_at: datetime | None
    opened_at: datetime | None
    has_answered: bool
    is_withdrawn: bool


class Circulation(BaseModel):
    """持ち回り: who votes until when, how many have to; `outside` are those of them who are no staff."""

    voters: list[DecisionPerson]
    until: datetime
    quorum: int
    outside: list[OutsideStanding]
    shown_versions: list[str]
    shown_stills: list[str]


def circulation_view(sheet: DecisionSheet) -> dict[str, object] | None:
    """Who votes until when, where several do."""
    record = sheet.kept.record
    circulation = record["circulation"]
    if not circulation:
        return None
    asked = {voter["id"] for voter in decision_steps.asked_voters(record)}
    standings = {each.row.id: each for each in sheet.members}
    shown = circulation.get("shown", {"docs": [], "stills": []})
    outside = []
    for voter in circulation["voters"]:
        if not decision_steps.is_outside(voter):
            continue
        known = standings.get(voter["id"])
        outside.append(
            named(voter)
            | {
                "language": known.row.language if known else "",
                "mail": known.mail if known else "",
                "invited_at": known.row.invited_at if known else None,
                "opened_at": known.row.opened_at if known else None,
                "has_answered": decision_steps.answer_of(record, voter["id"]) is not None,
                "is_withdrawn": voter["id"] not in asked,
            }
        )
    return {
        "voters": [named(voter) for voter in circulation["voters"]],
        "until": circulation["until"],
        "quorum": circulation["quorum"],
        "outside": outside,
        "shown_versions": shown["docs"],
        "shown_stills": shown["stills"],
    }


def named(entry: decision_steps.Entry) -> dict[str, object]:
    """Somebody as a record names them."""
    return {name: entry[name] for name in ("id", "name", "post")}
