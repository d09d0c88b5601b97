"""Who may do what with decisions (判断記録): what `people` is for everything else, in the same words.

- Proposed by whoever takes calls and may see its call or case; seen by them and by whoever is asked.
  Who proposed it changes it, hands it in and takes it back.
- The 決裁規程 says who approves, returns and cancels it (`decision_rules`), never who proposed it. The
  deputies of whoever was asked approve in their stead (代決).
- What was approved aloud is confirmed or denied by who is said to have done that, and noted by somebody else.
- In circulation (持ち回り) everybody votes for themselves.
- Guests, admin and operator see none.

Sans-IO.
"""

from collections.abc import Set
from dataclasses import dataclass

from field_assist.people import CALLING_ROLES, CallFacts, CaseFacts, Person, Role, may_see_call, may_see_case


@dataclass(frozen=True, slots=True)
class DecisionFacts:
    """What the rules need to know of a decision; `oral_id` is who is said to have approved aloud."""

    proposer_id: str
    asked_id: str | None
    approver_ids: Set[str]
    deputy_ids: Set[str]
    voter_ids: Set[str]
    oral_id: str | None
    case: CaseFacts | None
    call: CallFacts | None


def may_propose_decision(person: Person, case: CaseFacts | None, call: CallFacts | None) -> bool:
    """Whoever takes calls and may see the case, or the call, also one that is over."""
    if person.role not in CALLING_ROLES:
        return False
    return (case is not None and may_see_case(person, case)) or (
        call is not None and may_see_call(person, call)
    )


def may_see_decision(person: Person, decision: DecisionFacts) -> bool:
    """Whoever may propose one there, and whoever it is laid before, with their deputies."""
    if person.role not in CALLING_ROLES:
        return False
    is_named = person.id in (decision.proposer_id, decision.asked_id, decision.oral_id)
    is_before = person.id in decision.deputy_ids | decision.voter_ids
    return is_named or is_before or may_propose_decision(person, decision.case, decision.call)


def may_change_decision(person: Person, decision: DecisionFacts) -> bool:
    """Change it, hand it in, take it back: who proposed it."""
    return person.id == decision.proposer_id and person.role in CALLING_ROLES


def may_approve_decision(person: Person, decision: DecisionFacts) -> bool:
    """Approve, return, cancel: whom the 決裁規程 names; what was approved aloud, only who did that."""
    if person.id == decision.proposer_id or person.role not in CALLING_ROLES:
        return False
    if decision.oral_id is not None:
        return person.id == decision.oral_id
    return person.id in decision.approver_ids and not decision.voter_ids


def may_stand_in(person: Person, decision: DecisionFacts) -> bool:
    """代決: a deputy of whoever was asked, who may not approve by right."""
    if person.id == decision.proposer_id or person.role not in CALLING_ROLES:
        return False
    is_deputy = person.id in decision.deputy_ids and person.id not in decision.approver_ids
    return is_deputy and decision.oral_id is None and not decision.voter_ids


def may_vote(person: Person, decision: DecisionFacts) -> bool:
    """持ち回り: whoever it was put before."""
    return person.id in decision.voter_ids and person.role in CALLING_ROLES


def may_note_oral_approval(person: Person, decision: DecisionFacts, approver_id: str) -> bool:
    """Write down that somebody approved aloud: who may propose there, and of whom the 決裁規程 names."""
    is_right = approver_id in decision.approver_ids and approver_id not in (decision.proposer_id, person.id)
    return is_right and may_propose_decision(person, decision.case, decision.call)


def may_answer_for(person: Person, decision: DecisionFacts) -> bool:
    """Hear of an oral approval that nobody confirmed: a supervisor of its case or call."""
    return person.role is Role.SUPERVISOR and may_propose_decision(person, decision.case, decision.call)


def may_see_decision_rules(person: Person) -> bool:
    """The 決裁規程 is read by those who take calls, and by admin who keeps it."""
    return person.role in CALLING_ROLES or person.role is Role.ADMIN
