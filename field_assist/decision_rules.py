"""決裁規程: which post approves what, by the kind of decision and the amount; and who holds such a post.

A rule names the lowest post that is enough; whoever stands above it may as well. Only an office's own people
and the line of superiors of who proposes count: the head of another office decides nothing here. Who proposes
a decision is never the one to approve it. Sans-IO.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from field_assist.people import CALLING_ROLES, Person

RANKS = ("主任", "係長", "課長補佐", "課長", "所長", "部長", "知事")
"""Posts from the lowest; a post that is none of these is a rank of its own, known by its name alone."""
_NOT_IT = ("副", "次", "元", "前")
_FURTHEST = 6


class Kind(StrEnum):
    """What a decision is about."""

    SITE = "site"  # 現場の応急措置
    TRAFFIC = "traffic"  # 通行の規制
    WORKS = "works"  # 工事の変更・中止
    SPENDING = "spending"  # 経費の支出
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Rule:
    """Up to this amount in yen (None: any, and where no amount is named), this post is enough."""

    kind: Kind
    up_to_yen: int | None
    post: str


DEFAULTS = (
    Rule(Kind.SITE, None, "係長"),
    Rule(Kind.TRAFFIC, None, "所長"),
    Rule(Kind.WORKS, 1_000_000, "課長"),
    Rule(Kind.WORKS, 50_000_000, "所長"),
    Rule(Kind.WORKS, None, "部長"),
    Rule(Kind.SPENDING, 100_000, "係長"),
    Rule(Kind.SPENDING, 1_000_000, "課長"),
    Rule(Kind.SPENDING, 50_000_000, "所長"),
    Rule(Kind.SPENDING, None, "部長"),
    Rule(Kind.OTHER, None, "課長"),
)
"""Until an installation has entered its own 決裁規程."""


def rule_for(rules: Iterable[Rule], kind: Kind, amount_yen: int | None) -> Rule | None:
    """The rule for it: the lowest limit the amount is within; without an amount the one without a limit.

    Where every rule of the kind has a limit, what names no amount has no rule, and nobody approves it.
    """
    fitting = [rule for rule in rules if rule.kind is kind and _is_within(amount_yen, rule.up_to_yen)]
    limited = [rule for rule in fitting if rule.up_to_yen is not None]
    if limited:
        return min(limited, key=lambda rule: rule.up_to_yen or 0)
    return fitting[0] if fitting else None


def approvers(rule: Rule, proposer: Person, office: str, everybody: Mapping[str, Person]) -> list[Person]:
    """Who may approve under the rule: the nearest superior first, then the office's, lowest rank first."""
    line = _line(proposer, everybody)
    offices = [person for person in everybody.values() if person.office == office != ""]
    offices.sort(
        key=lambda person: (_rank(person.post) if _rank(person.post) is not None else len(RANKS), person.kana)
    )
    found = dict.fromkeys(person.id for person in (*line, *offices) if person.role in CALLING_ROLES)
    return [
        everybody[each]
        for each in found
        if each != proposer.id and is_enough(everybody[each].post, rule.post)
    ]


def deputies(of: Person, everybody: Mapping[str, Person]) -> list[Person]:
    """Who stands in for somebody (代決), in their order."""
    known = (everybody.get(each) for each in of.deputy_ids)
    return [person for person in known if person is not None and person.role in CALLING_ROLES]


def is_enough(post: str, wanted: str) -> bool:
    """Whether a post is the wanted one or above it."""
    if post == wanted:
        return True
    have, need = _rank(post), _rank(wanted)
    return have is not None and need is not None and have >= need


def _rank(post: str) -> int | None:
    """A post's place in the ranks: 東部土木事務所長 is a 所長, 副所長 and 次長 are none."""
    for rank, name in reversed(list(enumerate(RANKS))):
        before = post.removesuffix(name)
        if post.endswith(name) and not before.endswith(_NOT_IT):
            return rank
    return None


def _line(proposer: Person, everybody: Mapping[str, Person]) -> Sequence[Person]:
    line: list[Person] = []
    boss = everybody.get(proposer.boss_id or "")
    while boss is not None and boss not in line and len(line) < _FURTHEST:
        line.append(boss)
        boss = everybody.get(boss.boss_id or "")
    return line


def _is_within(amount_yen: int | None, up_to_yen: int | None) -> bool:
    return up_to_yen is None or (amount_yen is not None and amount_yen <= up_to_yen)
