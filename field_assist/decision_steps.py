"""判断記録: how a decision stands, what may be done to it next, and what makes an approval one.

A *record* is everything that is known of a decision after one step. Each step adds one entry to `people`: who
did what, when, by which one-time code, in whose stead, in which words. Only a proposal changes what is
decided, so nobody approves anything but what was handed in; whoever approves gave a fresh code and is not who
proposed. In circulation (持ち回り) everybody named votes by a code of their own, until a deadline; without a
quorum it does not close. Who has an interest stands back (回避), and is neither waited for nor counted.
Members from outside have no authenticator: their entry says so, in `mail`, by the address their code was
mailed to, as a digest that has to be the one they were invited by, and when. The same rules say what the
program may write and what a verifier accepts. Sans-IO.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

FRESH = timedelta(minutes=5)
"""How long before its step a one-time code may have been given: it comes with the click, so the patience of a
network is enough."""
MAILED_LASTS = timedelta(minutes=15)
"""How long a code that was mailed to a member from outside is good: mail may take some minutes."""
CONFIRM_WITHIN = timedelta(hours=24)
"""An oral approval is confirmed by who gave it within this time, or is an alert."""
SYSTEM = "system"
"""Who closes a circulation: the deadline, not a person."""

Record = dict[str, Any]
"""What the canonical JSON of a row says; JSON."""
Entry = Mapping[str, Any]
"""One of a record's `people`; JSON."""

FIXED = ("v", "id", "no", "case", "case_id", "call_id")
CONTENT = ("kind", "amount_yen", "what", "reason", "rejected", "basis", "docs", "evidence", "cites", "due")
REQUEST = ("asked", "rule", "circulation")
ENTRY = ("id", "name", "post", "role", "at", "otp_at", "for", "words")
PROOF = ("to", "sent_at", "code_at")
"""The `mail` of an entry: the digest of an address, when the code was mailed to it, when it was given."""


class State(StrEnum):
    """How a decision stands, as its record says it."""

    DRAFT = "起案"
    REVIEW = "審査"
    ORAL = "口頭承認"
    APPROVED = "承認"
    CONDITIONAL = "条件付承認"
    RETURNED = "差戻"
    CANCELLED = "取消"


class Act(StrEnum):
    """What somebody did to a decision: the role of an entry."""

    PROPOSE = "起案"
    HAND_IN = "提出"
    WITHDRAW = "取下げ"
    APPROVE = "承認"
    STAND_IN = "代決"
    RETURN = "差戻"
    CANCEL = "取消"
    NOTE_ORAL = "口頭承認の記録"
    AGREE = "賛成"
    OBJECT = "反対"
    ABSTAIN = "棄権"
    RECUSE = "回避"
    UNINVITE = "招待取消"
    CLOSE = "締切"


VOTES = frozenset({Act.AGREE, Act.OBJECT, Act.ABSTAIN})
ANSWERS = VOTES | {Act.RECUSE}
STANDING = frozenset({State.APPROVED, State.CONDITIONAL})
NEED_CODE = frozenset({Act.APPROVE, Act.STAND_IN, Act.RETURN, Act.CANCEL}) | ANSWERS
_APPROVALS = frozenset({Act.APPROVE, Act.STAND_IN})
_STEPS: Mapping[State | None, Mapping[State, frozenset[Act]]] = {
    None: {State.DRAFT: frozenset({Act.PROPOSE})},
    State.DRAFT: {
        State.DRAFT: frozenset({Act.PROPOSE}),
        State.REVIEW: frozenset({Act.HAND_IN}),
        State.CANCELLED: frozenset({Act.WITHDRAW}),
    },
    State.REVIEW: {
        # handed in again: to somebody else, or with more time
        State.REVIEW: ANSWERS | {Act.HAND_IN, Act.UNINVITE},
        State.DRAFT: frozenset({Act.WITHDRAW}),
        State.ORAL: frozenset({Act.NOTE_ORAL}),
        State.APPROVED: _APPROVALS | {Act.CLOSE},
        State.CONDITIONAL: _APPROVALS,
        State.RETURNED: frozenset({Act.RETURN, Act.CLOSE}),
    },
    State.ORAL: {
        State.APPROVED: frozenset({Act.APPROVE}),
        State.CONDITIONAL: frozenset({Act.APPROVE}),
        State.RETURNED: frozenset({Act.RETURN}),
    },
    State.APPROVED: {State.CANCELLED: frozenset({Act.CANCEL})},
    State.CONDITIONAL: {State.CANCELLED: frozenset({Act.CANCEL})},
    State.RETURNED: {
        State.DRAFT: frozenset({Act.PROPOSE}),
        State.CANCELLED: frozenset({Act.WITHDRAW}),
    },
    State.CANCELLED: {State.DRAFT: frozenset({Act.PROPOSE})},  # a correction: the same number, anew
}


def follows(before: Record | None, record: Record) -> bool:
    """Whether a record says what may be said after `before`, the last one of the same decision."""
    *known, last = record["people"]
    act, state = Act(last["role"]), State(record["state"])
    was = State(before["state"]) if before is not None else None
    if act not in _STEPS[was].get(state, frozenset()) or known != (before["people"] if before else []):
        return False
    if set(last) - {"mail"} != set(ENTRY) or ("mail" in last and act not in ANSWERS):
        return False
    if last["at"] != record["at"] or record["decided_at"] != decided_at(before, record):
        return False
    if act in NEED_CODE and not _is_proved(record, last):
        return False
    if before is None:
        return _is_unasked(record)
    return _keeps(before, record, act) and _fits(before, record, act)


def decided_at(before: Record | None, record: Record) -> str | None:
    """Since when it holds: since it was approved, or said to be, until it is proposed anew."""
    known: str | None = before["decided_at"] if before else None
    state = record["state"]
    if state in STANDING or state == State.ORAL:
        return known or str(record["at"])
    return known if state == State.CANCELLED else None


def proposer(record: Record) -> Entry:
    """Who proposed what it says now."""
    return next(entry for entry in reversed(record["people"]) if entry["role"] == Act.PROPOSE)


def oral_approver(record: Record) -> Entry | None:
    """Who is said to have approved aloud, and has to confirm that."""
    spoken: Entry = record["people"][-1]["for"]
    return spoken if record["state"] == State.ORAL else None


def confirm_by(record: Record) -> datetime | None:
    """Until when the oral approval has to be confirmed; None where there is none."""
    if record["state"] != State.ORAL:
        return None
    return time(record["decided_at"]) + CONFIRM_WITHIN


def votes(record: Record) -> list[Entry]:
    """Who said what since it was put into circulation."""
    return [entry for entry in _since_asked(record) if entry["role"] in VOTES]


def answer_of(record: Record, voter_id: str) -> Entry | None:
    """What somebody answered since it was put into circulation: a vote, or that they stand back."""
    said = (each for each in _since_asked(record) if each["role"] in ANSWERS and each["id"] == voter_id)
    return next(said, None)


def asked_voters(record: Record) -> list[Entry]:
    """Whom a circulation still asks: those named, without whose invitation was taken back."""
    named: list[Entry] = (record["circulation"] or {"voters": []})["voters"]
    gone = {entry["for"]["id"] for entry in _since_asked(record) if entry["role"] == Act.UNINVITE}
    return [voter for voter in named if voter["id"] not in gone]


def is_outside(voter: Entry) -> bool:
    """Whether somebody named in a circulation is no staff: invited by a mail address."""
    return "mail" in voter


def may_close(record: Record, at: datetime) -> bool:
    """Whether a circulation closes now: enough voted, and the deadline is over or nobody is left to vote."""
    circulation = record["circulation"]
    if record["state"] != State.REVIEW or not circulation:
        return False
    is_heard = all(answer_of(record, voter["id"]) for voter in asked_voters(record))
    is_over = at > time(circulation["until"]) or is_heard
    return bool(len(votes(record)) >= circulation["quorum"] and is_over)


def outcome(record: Record) -> State:
    """What the votes come to: more for than against approves; abstaining counts for the quorum alone."""
    given = [vote["role"] for vote in votes(record)]
    return State.APPROVED if given.count(Act.AGREE) > given.count(Act.OBJECT) else State.RETURNED


def way(record: Record) -> str:
    """承認区分: in which way what it says was approved; empty where it was not."""
    acts = [entry["role"] for entry in record["people"]]
    recent = acts[max((i for i, act in enumerate(acts) if act == Act.PROPOSE), default=0) :]
    if State.RETURNED == record["state"]:
        return ""
    for act, name in ((Act.STAND_IN, "代決"), (Act.CLOSE, "持ち回り"), (Act.NOTE_ORAL, "口頭承認")):
        if act in recent:
            return name
    return "決裁" if Act.APPROVE in recent else ""


def time(written: str) -> datetime:
    """A time of a record."""
    return datetime.fromisoformat(written)


def _keeps(before: Record, record: Record, act: Act) -> bool:
    """Whether it leaves alone what this act does not change."""
    kept: tuple[str, ...] = FIXED if act is Act.PROPOSE else FIXED + CONTENT
    if act not in (Act.PROPOSE, Act.HAND_IN, Act.WITHDRAW):
        kept += REQUEST
    return all(record[name] == before[name] for name in kept)


def _fits(before: Record, record: Record, act: Act) -> bool:
    last = record["people"][-1]
    if (last["for"] is not None) != (act in (Act.STAND_IN, Act.NOTE_ORAL, Act.UNINVITE)):
        return False
    match act:
        case Act.PROPOSE | Act.WITHDRAW:
            return _is_unasked(record)
        case Act.HAND_IN:
            return bool(last["id"] == proposer(record)["id"]) and _is_request(before, record)
        case Act.CLOSE:
            return may_close(before, time(record["at"])) and outcome(before) is State(record["state"])
        case Act.AGREE | Act.OBJECT | Act.ABSTAIN | Act.RECUSE:
            return _is_answer(before, record, act)
        case Act.UNINVITE:
            return last["id"] == proposer(record)["id"] and _is_uninvitation(before, last["for"])
        case Act.CANCEL:
            return bool(last["words"])
    return _is_judgement(before, record, act)


def _is_judgement(before: Record, record: Record, act: Act) -> bool:
    """Approved, returned, or said to be approved: by one person, who did not propose it."""
    last = record["people"][-1]
    who = last["for"] if act is Act.NOTE_ORAL else last
    if before["circulation"] or who["id"] == proposer(record)["id"]:
        return False
    spoken = oral_approver(before)
    if spoken is not None and who["id"] != spoken["id"]:  # only who said it confirms or denies it
        return False
    needs_words = act in (Act.RETURN, Act.STAND_IN) or record["state"] == State.CONDITIONAL
    return last["words"] != "" or not needs_words


def _is_answer(before: Record, record: Record, act: Act) -> bool:
    last, circulation = record["people"][-1], before["circulation"]
    if not circulation or time(record["at"]) > time(circulation["until"]):
        return False
    voter = next((voter for voter in asked_voters(before) if voter["id"] == last["id"]), None)
    if voter is None or answer_of(before, last["id"]) is not None:
        return False
    if is_outside(voter):
        if any(last[name] != voter[name] for name in ("name", "post")):
            return False
        is_theirs = "mail" in last and last["mail"]["to"] == voter["mail"]
    else:
        is_theirs = "mail" not in last
    return is_theirs and (act is not Act.OBJECT or last["words"] != "")


def _is_uninvitation(before: Record, member: Entry) -> bool:
    """Of somebody from outside who is asked and has not answered."""
    asked = [
        {name: voter[name] for name in ("id", "name", "post")}
        for voter in asked_voters(before)
        if is_outside(voter) and answer_of(before, voter["id"]) is None
    ]
    return member in asked


def _is_request(before: Record, record: Record) -> bool:
    """Somebody is asked, or several until a time to come; a circulation under way only gets more time."""
    circulation, running = record["circulation"], before["circulation"]
    if (record["asked"] is None) == (circulation is None):
        return False
    if circulation is None:
        return running is None
    if running is not None and circulation | {"until": ""} != running | {"until": ""}:
        return False
    voters = {voter["id"] for voter in circulation["voters"]}
    is_possible = 1 <= circulation["quorum"] <= len(voters) == len(circulation["voters"])
    is_new = before["state"] == State.DRAFT or running is not None
    is_said = _names_voters(circulation) and _shows_its_own(record, circulation)
    return is_new and is_possible and is_said and circulation["until"] > record["at"]


def _names_voters(circulation: Mapping[str, Any]) -> bool:  # JSON
    """Staff by what they are called; members from outside also by an address, each by one of their own."""
    mails = [voter["mail"] for voter in circulation["voters"] if is_outside(voter)]
    has_form = all(set(voter) - {"mail"} == {"id", "name", "post"} for voter in circulation["voters"])
    return has_form and len(mails) == len(set(mails)) and all(_is_digest(mail) for mail in mails)


def _is_digest(text: object) -> bool:
    return isinstance(text, str) and len(text) == 64 and set(text) <= set("0123456789abcdef")


def _shows_its_own(record: Record, circulation: Mapping[str, Any]) -> bool:  # JSON
    """Members from outside are shown what was cleared for them, of what the proposal leans on."""
    has_outside = any(is_outside(voter) for voter in circulation["voters"])
    wanted = {"until", "quorum", "voters"} | ({"shown"} if has_outside else set())
    if set(circulation) != wanted:
        return False
    if not has_outside:
        return True
    shown = circulation["shown"]
    docs = {each["version"] for each in record["docs"]}
    stills = {each["id"] for each in record["evidence"]}
    is_known = set(shown) == {"docs", "stills"}
    return is_known and set(shown["docs"]) <= docs and set(shown["stills"]) <= stills


def _since_asked(record: Record) -> list[Entry]:
    people: list[Entry] = record["people"]
    begins = max(
        (i for i, entry in enumerate(people) if entry["role"] in (Act.PROPOSE, Act.WITHDRAW)), default=0
    )
    return people[begins:]


def _is_unasked(record: Record) -> bool:
    return all(record[name] is None for name in REQUEST)


def _is_proved(record: Record, entry: Entry) -> bool:
    """By a fresh code: of their authenticator, or of the mail of a member from outside, never of both."""
    if "mail" not in entry:
        return _is_fresh(record, entry["otp_at"])
    proof = entry["mail"]
    if entry["otp_at"] is not None or set(proof) != set(PROOF):
        return False
    waited = time(proof["code_at"]) - time(proof["sent_at"])
    return timedelta(0) <= waited <= MAILED_LASTS and _is_fresh(record, proof["code_at"])


def _is_fresh(record: Record, given_at: str | None) -> bool:
    if not given_at:
        return False
    now = time(record["at"]) - timedelta(seconds=record["clock_back_s"])
    return timedelta(0) <= now - time(given_at) <= FRESH
