"""Who people are and what they may do.

The one place where permissions are decided: every predicate below is a pure function of values, so the
rules can be read aloud and a table test can walk every route with every role. Roles follow domain.md:
staff are `field` (現場職員), `specialist` (専門職員), `supervisor` (責任者), `admin` (accounts, logs) and
`operator` (health); guests come by link as `resident`, `partner` or `interpreter`.

The cases, in words:

- Staff of the product's daily work (field, specialist, supervisor) may start calls. Admin and operator see
  no content by role: they never start, see or join a call, unless somebody added them as a member.
- A call is seen and joined by its host and its members. A supervisor also sees and joins the calls of the
  own office, because the supervisor answers for them. A specialist also sees and joins open calls whose
  topic is one of the own skills: that is how a call finds its specialist. Joining makes a member.
- Inviting guests and adding staff: whoever may join the call, while it is open. Ending it for everybody:
  its host or a supervisor who may join it.
- A link is revoked by whoever may invite to its call.
- Chat is read and written by staff who may join the call and by its guests, for no other call.
- What came of a call is read, written and handed to the resident by staff who may see the call, also after
  its end. A letter to a resident is read by whoever holds its link, until it expires or is taken back.
- Only admin reads the access log, the staff administration, resets one-time passwords and unlocks; nobody
  resets the own one-time password, because a stolen session must not be able to replace it.
- A guest sees nothing but the own call.

Sans-IO.
"""

from collections.abc import Callable, Set
from dataclasses import dataclass
from enum import StrEnum

from field_assist.work_hours import OFFICE_HOURS, WorkHours


class Role(StrEnum):
    """What a person is to the product; the first five sign in, the last three come by link."""

    FIELD = "field"
    SPECIALIST = "specialist"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"
    OPERATOR = "operator"
    RESIDENT = "resident"
    PARTNER = "partner"
    INTERPRETER = "interpreter"


STAFF_ROLES = frozenset({Role.FIELD, Role.SPECIALIST, Role.SUPERVISOR, Role.ADMIN, Role.OPERATOR})
GUEST_ROLES = frozenset({Role.RESIDENT, Role.PARTNER, Role.INTERPRETER})
CALLING_ROLES = frozenset({Role.FIELD, Role.SPECIALIST, Role.SUPERVISOR})


@dataclass(frozen=True, slots=True)
class Person:
    """One member of staff, as everybody inside may know them (never credentials).

    The deputies (代理) stand in for this person, in this order; `hours` are the 勤務時間.
    """

    id: str
    staff_no: str
    name: str
    kana: str
    role: Role
    post: str = ""
    department: str = ""
    office: str = ""
    skills: tuple[str, ...] = ()
    boss_id: str | None = None
    deputy_ids: tuple[str, ...] = ()
    hours: WorkHours = OFFICE_HOURS

    @property
    def identity(self) -> str:
        """The LiveKit participant identity of this person, the same in every call."""
        return f"S-{self.id}"


@dataclass(frozen=True, slots=True)
class NewStaff:
    """What is known of somebody before they have an id."""

    staff_no: str
    name: str
    kana: str
    role: Role
    post: str = ""
    department: str = ""
    office: str = ""
    skills: tuple[str, ...] = ()
    hours: str = ""


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody who came by an invitation link: a name, a kind and exactly one call."""

    invitation_id: str
    call_id: str
    name: str
    role: Role

    @property
    def identity(self) -> str:
        """The LiveKit participant identity of this guest; one link is one identity."""
        return f"G-{self.invitation_id}"


@dataclass(frozen=True, slots=True)
class CallFacts:
    """What the rules need to know of a call: who hosts it, where, about what, who was added, is it open."""

    id: str
    host_id: str
    host_office: str
    topic: str
    member_ids: Set[str]
    is_open: bool


CallRule = Callable[[Person, CallFacts], bool]
PersonRule = Callable[[Person], bool]


def may_start_call(person: Person) -> bool:
    """Field, specialist and supervisor; never admin or operator."""
    return person.role in CALLING_ROLES


def may_see_call(person: Person, call: CallFacts) -> bool:
    """The host, the members, a supervisor of the host's office, and while open the topic's specialists."""
    if person.id == call.host_id or person.id in call.member_ids:
        return True
    if person.role is Role.SPECIALIST:
        return call.is_open and call.topic in person.skills
    return person.role is Role.SUPERVISOR and person.office != "" and person.office == call.host_office


def may_join_call(person: Person, call: CallFacts) -> bool:
    """Whoever may see it, while it is open."""
    return call.is_open and may_see_call(person, call)


def may_end_call(person: Person, call: CallFacts) -> bool:
    """Its host, or a supervisor who may see it."""
    return person.id == call.host_id or (person.role is Role.SUPERVISOR and may_see_call(person, call))


def may_add_member(person: Person, call: CallFacts) -> bool:
    """Whoever may join it."""
    return may_join_call(person, call)


def may_be_member(person: Person) -> bool:
    """Only roles that take calls can be added: an operator or admin is no conversation partner."""
    return person.role in CALLING_ROLES


def may_invite(person: Person, call: CallFacts) -> bool:
    """Whoever may join it and takes calls by role."""
    return may_join_call(person, call) and person.role in CALLING_ROLES


def may_see_invitations(person: Person, call: CallFacts) -> bool:
    """Whoever may see the call and takes calls by role; a closed call still shows who had been invited."""
    return may_see_call(person, call) and person.role in CALLING_ROLES


def may_revoke_invitation(person: Person, call: CallFacts) -> bool:
    """Whoever sees the call's invitations, even after the call was closed."""
    return may_see_invitations(person, call)


def may_chat(person: Person, call: CallFacts) -> bool:
    """Read and write the chat: whoever may see the call."""
    return may_see_call(person, call)


def may_write_recap(person: Person, call: CallFacts) -> bool:
    """Read and write what came of the call, and hand it to the resident: who sees it and takes calls."""
    return may_see_call(person, call) and person.role in CALLING_ROLES


def may_keep_appointment(person: Person, host: Person, made_by: str) -> bool:
    """Move, cancel and start it: who talks, who booked it, and a supervisor of the office of who talks."""
    if person.id in (host.id, made_by):
        return person.role in CALLING_ROLES
    return person.role is Role.SUPERVISOR and person.office != "" and person.office == host.office


def guest_may_see_question(guest: Guest, asked_by: str) -> bool:
    """The resident and their interpreter see the call's questions; others from outside only their own."""
    return guest.role in (Role.RESIDENT, Role.INTERPRETER) or guest.identity == asked_by


def guest_may_chat(guest: Guest, call: CallFacts) -> bool:
    """A guest's chat is the chat of the own call, as long as it is open."""
    return guest.call_id == call.id and call.is_open


def may_find_staff(person: Person) -> bool:
    """The directory is for those who take calls, and for admin who keeps it."""
    return person.role in CALLING_ROLES or person.role is Role.ADMIN


def may_find(person: Person, other: Person) -> bool:
    """Those who take calls find one another: an operator or admin is nobody's partner. Admin finds all."""
    return may_find_staff(person) and (may_be_member(other) or person.role is Role.ADMIN)


def may_say_presence(person: Person) -> bool:
    """Those who can be rung say where they are."""
    return person.role in CALLING_ROLES


def may_administer(person: Person) -> bool:
    """Staff administration: admin only."""
    return person.role is Role.ADMIN


def may_read_access_log(person: Person) -> bool:
    """The access log: admin only (and every reading is itself a row)."""
    return person.role is Role.ADMIN


def may_reset_one_time_password(person: Person, of_staff_id: str) -> bool:
    """Admin, for anybody but themselves."""
    return person.role is Role.ADMIN and person.id != of_staff_id
