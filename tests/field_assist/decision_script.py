"""Writes decisions into a chain as the program does, for tests: fifty of them, with all that can happen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from field_assist import decision_chain as chain
from field_assist.decision_chain import Link
from field_assist.decision_steps import ANSWERS, CONTENT, NEED_CODE, REQUEST, Act, Record, State

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
START = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
PROPOSER, CHIEF, DEPUTY, SECOND, THIRD = (
    {"id": f"01{name}", "name": name, "post": post}
    for name, post in (
        ("早瀬", "現場技師"),
        ("藤代", "所長"),
        ("森", "次長"),
        ("小野寺", "課長"),
        ("桐野", "課長"),
    )
)
PROFESSOR, LAWYER = (
    {"id": f"01{name}", "name": name, "post": post, "mail": digit * 64}
    for name, post, digit in (("斎藤", "あまね大学", "a"), ("桐生", "桐生法律事務所", "b"))
)
CIRCULATION = {"until": "2026-11-25T17:00:00+09:00", "quorum": 2, "voters": [CHIEF, SECOND, THIRD]}


class Script:
    """A chain in the making; `at` is the clock, `back` what it is set back by at the next step."""

    def __init__(self, at: datetime = START, key: Ed25519PrivateKey = KEY) -> None:
        self.links: list[Link] = []
        self.at = at
        self._key = key

    def last(self, number: int) -> Link | None:
        """The last row of a decision."""
        found = [link for link in self.links if chain.read(link)["id"] == f"D{number}"]
        return found[-1] if found else None

    def step(
        self, number: int, act: Act, state: State, who: Record, stead: Record | None = None, **more: object
    ) -> Link:
        """One more row, a minute after the one before; `more` are parts of the record, or the words."""
        self.at += timedelta(minutes=1)
        before = self.last(number)
        record = chain.read(before) if before else _new(number)
        if act in (Act.PROPOSE, Act.WITHDRAW):
            record |= dict.fromkeys(REQUEST)
        code_at = chain.written_time(self.at - timedelta(seconds=5)) if act in NEED_CODE else None
        who, mail = {name: who[name] for name in ("id", "name", "post")}, who.get("mail")
        entry = who | {
            "role": act,
            "at": "",
            "otp_at": more.pop("otp_at", code_at),
            "for": stead,
            "words": more.pop("words", ""),
        }
        if mail and act in ANSWERS:
            entry |= {"otp_at": None, "mail": more.pop("mail", self.proof(mail))}
        record |= more | {"state": state, "people": [*record["people"], entry]}
        link = chain.follow(self.links[-1] if self.links else None, before, record, self.at, self._key)
        self.links.append(link)
        return link

    def proof(self, to: str, sent_s: int = 90, given_s: int = 5) -> Record:
        """How somebody from outside was proved: so many seconds before now the code was mailed, and given."""
        sent, given = (
            chain.written_time(self.at - timedelta(seconds=seconds)) for seconds in (sent_s, given_s)
        )
        return {"to": to, "sent_at": sent, "code_at": given}

    def ask_outside(self, number: int, *voters: Record, quorum: int = 2, **more: object) -> None:
        """Ask these, members from outside among them, until the next day."""
        circulation = CIRCULATION | {"quorum": quorum, "voters": list(voters)}
        circulation["shown"] = {"docs": [], "stills": []}
        self.step(number, Act.HAND_IN, State.REVIEW, PROPOSER, circulation=circulation | more)

    def propose(self, number: int, what: str = "P2の巻立て作業を止める") -> None:
        """Propose it, or propose it anew."""
        self.step(number, Act.PROPOSE, State.DRAFT, PROPOSER, what=what)

    def hand_in(self, number: int) -> None:
        """Ask the chief."""
        self.step(number, Act.HAND_IN, State.REVIEW, PROPOSER, asked=CHIEF, rule="所長")

    def circulate(self, number: int, until: str = CIRCULATION["until"]) -> None:  # type: ignore[assignment]
        """Ask three, two of whom must answer."""
        self.step(number, Act.HAND_IN, State.REVIEW, PROPOSER, circulation=CIRCULATION | {"until": until})

    def approve(self, number: int) -> None:
        """The chief approves."""
        self.step(number, Act.APPROVE, State.APPROVED, CHIEF)


def fifty() -> list[Link]:
    """Fifty decisions, interleaved, with the clock set back by an hour half way."""
    script = Script()
    for number in range(50):
        script.propose(number, f"判断{number}")
        if number == 25:
            script.at -= timedelta(hours=1)
        match number % 10:
            case 6:
                script.circulate(number)
            case 8:
                script.ask_outside(number, CHIEF, PROFESSOR, LAWYER)
            case _:
                script.hand_in(number)
        if number:
            _finish(script, number - 1)
    _finish(script, 49)
    return script.links


def _finish(script: Script, number: int) -> None:
    match number % 10:
        case 0:
            script.step(number, Act.APPROVE, State.CONDITIONAL, CHIEF, words="計測は1時間ごと")
        case 1:
            script.step(number, Act.RETURN, State.RETURNED, CHIEF, words="根拠が足りない")
            script.propose(number, f"直した判断{number}")
            script.hand_in(number)
            script.approve(number)
        case 2:
            script.step(number, Act.STAND_IN, State.APPROVED, DEPUTY, CHIEF, words="出張中")
        case 3:
            script.step(number, Act.NOTE_ORAL, State.ORAL, PROPOSER, CHIEF)
            script.approve(number)
        case 4:
            script.approve(number)
            script.step(number, Act.CANCEL, State.CANCELLED, CHIEF, words="状況が変わった")
            script.propose(number, f"改めた判断{number}")
        case 5:
            script.step(number, Act.WITHDRAW, State.DRAFT, PROPOSER)
            script.step(number, Act.WITHDRAW, State.CANCELLED, PROPOSER)
        case 6:
            script.step(number, Act.AGREE, State.REVIEW, CHIEF)
            script.step(number, Act.OBJECT, State.REVIEW, SECOND, words="費用が大きい")
            script.step(number, Act.AGREE, State.REVIEW, THIRD)
            script.step(number, Act.CLOSE, State.APPROVED, {"id": "system", "name": "", "post": ""})
        case 8:
            script.step(number, Act.OBJECT, State.REVIEW, PROFESSOR, words="計測だけでは足りない")
            script.step(number, Act.RECUSE, State.REVIEW, LAWYER, words="顧問をしている")
            script.step(number, Act.AGREE, State.REVIEW, CHIEF)
            script.step(number, Act.CLOSE, State.RETURNED, {"id": "system", "name": "", "post": ""})
        case _:
            script.approve(number)


def _new(number: int) -> Record:
    return {
        **dict.fromkeys((*CONTENT, *REQUEST)),
        "id": f"D{number}",
        "no": f"R8-道路維持課-判{number + 1:04d}",
        "case": "R8-道路維持課-0001",
        "case_id": "01CASE",
        "call_id": None,
        "kind": "site",
        "what": "",
        "reason": "幅0.4mmのひび割れ",
        "rejected": [{"option": "全面通行止め", "why": "耐力への影響は小さい"}],
        "basis": [{"law": "道路法第42条"}],
        "docs": [],
        "evidence": [],
        "cites": [],
        "people": [],
    }


def renumbered(links: Sequence[Link]) -> list[Link]:
    """The same rows with numbers without gaps, as somebody who removed one would leave them."""
    return [Link(seq, link.record, link.hash, link.seal) for seq, link in enumerate(links, 1)]
