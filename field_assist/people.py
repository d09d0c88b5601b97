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
- Staff of daily work who may join a call put its guests on hold and bring them back. A call is handed over by
  whoever may end it; what is under way between two people, either of them ends.
- A link is revoked by whoever may invite to its call.
- Chat is read and written by staff who may join the call and by its guests, for no other call.
- Evidence stills are taken, each on the own device and with a key of the own, by staff of daily work who may
  see the call; seen, downloaded and exported by them and by whoever may see the call's case. Admin takes a
  device's key out of use.
- Staff of daily work who may join a call ask its people what may be kept of them; each answers for
  themselves. What a guest says aloud, staff of daily work who may see the call enter, in their own name.
- Staff of daily work who may join a call start and stop its recording. The record of a call is gone through
  by staff of daily work who may see it, what was recorded with a fresh code; what was said (文字起こし) they
  correct, confirm and mask. How long a recording is kept, a supervisor who may see the call decides.
- What came of a call is read, written and handed to the resident by staff who may see the call, also after
  its end. A letter to a resident is read by whoever holds its link, until it expires or is taken back.
- Staff of daily work who may join a call present documents and boards in it. Whoever takes part draws and
  points on what they are shown; guests are shown what was presented to them, never what is for staff.
- Only admin reads the access log, the staff administration, resets one-time passwords and unlocks; nobody
  resets the own one-time password, because a stolen session must not be able to replace it.
- A case (案件) is for those who take calls: its owner, the members of its calls, the owner's department in
  the owner's office, and the supervisor of that office. One of the highest sensitivity (機密性3) is not for
  the department. Whoever may see it may comment; whoever is only a member of one of its calls may not
  change it, close it or give it calls.
- A case is shared with another organisation by its owner or the supervisor of its office, never one of the
  highest sensitivity. Supervisors and admin keep the list of organisations.
- A document (資料) of the library is for all who take calls; one of the highest sensitivity (機密性3) is for
  its owner, the owner's department in its office, the supervisor of that office, and for whoever may see a
  case it was linked to. Those who own it by one of the first three ways change it; a withdrawn one is seen by
  them alone. Linking a document to a case asks for seeing both, and for changing it where that opens it.
- Who may do what with a decision (判断記録): `decision_people`, which is the same for them.
- A guest sees nothing but the own call, and as a partner (協力機関) the cases that are shared with the own
  organisation while they are. A guest has no library: what is presented in the call may be seen there, unless
  it is for staff only (職員限り), of the highest sensitivity, or withdrawn.

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
        return staff_identity(self.id)


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody who came by an invitation link: a name, a kind, exactly one call, perhaps an organisation."""

    invitation_id: str
    call_id: str
    name: str
    role: Role
    organisation_id: str | None = None

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


_STAFF_PREFIX = "S-"


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What the rules need to know of a case; `member_ids` are those of its calls, sensitivity is 1 to 3."""

    id: str
    owner_id: str
    department: str
    office: str
    sensitivity: int
    member_ids: Set[str]
    is_open: bool


class Disclosure(StrEnum):
    """公開区分: to whom a document may be shown."""

    PUBLIC = "public"  # 公開
    PRESENTABLE = "presentable"  # 府民に提示可
    STAFF = "staff"  # 職員限り


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """What the rules need to know of a document; `cases` are those it is linked to."""

    id: str
    owner_id: str
    department: str
    office: str
    disclosure: Disclosure
    sensitivity: int
    is_withdrawn: bool
    cases: tuple[CaseFacts, ...] = ()


CallRule = Callable[[Person, CallFacts], bool]
CaseRule = Callable[[Person, CaseFacts], bool]
DocumentRule = Callable[[Person, DocumentFacts], bool]
PersonRule = Callable[[Person], bool]
NARROW_SENSITIVITY = 3


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


def may_hold(person: Person, call: CallFacts) -> bool:
    """Talk among staff while the guests are on hold: whoever may join the call and takes calls by role."""
    return may_join_call(person, call) and person.role in CALLING_ROLES


def may_hand_over(person: Person, call: CallFacts) -> bool:
    """Pass an open call to a colleague: whoever may end it."""
    return call.is_open and may_end_call(person, call)


def may_finish_hand_over(person: Person, call: CallFacts, from_id: str, to_id: str) -> bool:
    """Complete or cancel it: the two between whom the call passes, and whoever may hand it over."""
    return person.id in (from_id, to_id) or may_hand_over(person, call)


def are_on_one_side(one: str, other: str) -> bool:
    """Whether two participants, by identity, may hear and see each other while a call is on hold.

    Whoever is not staff is on the guests' side: a recorder or a machine as well.
    """
    return is_staff_identity(one) == is_staff_identity(other)


def staff_identity(staff_id: str) -> str:
    """The participant identity of a member of staff."""
    return f"{_STAFF_PREFIX}{staff_id}"


def is_staff_identity(identity: str) -> bool:
    """Whether a participant is a member of staff."""
    return identity.startswith(_STAFF_PREFIX)


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


def may_take_still(person: Person, call: CallFacts) -> bool:
    """Photograph for the record of a call, also for one that ended while there was no line."""
    return may_see_call(person, call) and person.role in CALLING_ROLES


def may_see_still(person: Person, call: CallFacts, case: CaseFacts | None) -> bool:
    """Whoever may take one in its call, and whoever may see the case its call belongs to."""
    return may_take_still(person, call) or (case is not None and may_see_case(person, case))


def may_sign_stills(person: Person) -> bool:
    """Have devices whose signature counts: those who take calls."""
    return person.role in CALLING_ROLES


def may_ask_consent(person: Person, call: CallFacts) -> bool:
    """Ask everybody, or one person, what may be kept of them: whoever may join and takes calls by role."""
    return may_join_call(person, call) and person.role in CALLING_ROLES


def may_enter_consent(person: Person, call: CallFacts) -> bool:
    """Enter what a guest said aloud, after the call too: whoever may see it and takes calls by role."""
    return may_see_call(person, call) and person.role in CALLING_ROLES


def may_record(person: Person, call: CallFacts) -> bool:
    """Start and stop recording, of those who consent: whoever may join and takes calls by role."""
    return may_join_call(person, call) and person.role in CALLING_ROLES


def may_dispose_recording(person: Person, call: CallFacts) -> bool:
    """Decide how long a recording is kept, hold it, or dispose of it: a supervisor who may see the call."""
    return may_see_call(person, call) and person.role is Role.SUPERVISOR


def may_read_record(person: Person, call: CallFacts) -> bool:
    """Go through the record of a call, correct and confirm what was said: who sees it and takes calls."""
    return may_see_call(person, call) and person.role in CALLING_ROLES


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


def guest_may_see_cards(guest: Guest, call: CallFacts) -> bool:
    """What was shown in the own call, for as long as it is the guest's to read."""
    return guest.call_id == call.id


def may_present(person: Person, call: CallFacts) -> bool:
    """Put a document or a board in front of everybody: whoever may join the call and takes calls by role."""
    return may_join_call(person, call) and person.role in CALLING_ROLES


def may_draw(person: Person, call: CallFacts) -> bool:
    """Draw on what is looked at together: whoever may join the call."""
    return may_join_call(person, call)


def may_watch_wall(person: Person) -> bool:
    """The wall of the office's calls: whoever is responsible for them."""
    return person.role is Role.SUPERVISOR


def may_listen(person: Person, call: CallFacts) -> bool:
    """Hear and see without taking part, where the installation allows that: a supervisor who may join."""
    return person.role is Role.SUPERVISOR and may_join_call(person, call)


def may_whisper(person: Person, call: CallFacts) -> bool:
    """Be heard by the own staff only: a supervisor who may join."""
    return person.role is Role.SUPERVISOR and may_join_call(person, call)


def may_take_over(person: Person, call: CallFacts) -> bool:
    """Become the host: a supervisor who may join."""
    return person.role is Role.SUPERVISOR and may_join_call(person, call)


def may_announce(person: Person) -> bool:
    """One sentence to the own office: its supervisor."""
    return person.role is Role.SUPERVISOR and person.office != ""


def may_open_case(person: Person) -> bool:
    """Field, specialist and supervisor; never admin or operator."""
    return person.role in CALLING_ROLES


def may_own_case(person: Person) -> bool:
    """Whoever may open one."""
    return person.role in CALLING_ROLES


def may_see_case(person: Person, case: CaseFacts) -> bool:
    """Whoever may change it, and the members of its calls."""
    return may_change_case(person, case) or (person.role in CALLING_ROLES and person.id in case.member_ids)


def may_change_case(person: Person, case: CaseFacts) -> bool:
    """The owner, the supervisor of its office, and unless it is sensitive the department in that office."""
    return _has_charge(person, case, for_department=case.sensitivity < NARROW_SENSITIVITY)


def may_share_case(person: Person, case: CaseFacts) -> bool:
    """Its owner, or the supervisor of its office; one of the highest sensitivity is shared by nobody."""
    is_responsible = person.id == case.owner_id or person.role is Role.SUPERVISOR
    return is_responsible and case.sensitivity < NARROW_SENSITIVITY and may_change_case(person, case)


def may_export_case(person: Person, case: CaseFacts) -> bool:
    """Take all of it along as one file: whoever may change it."""
    return may_change_case(person, case)


def guest_may_see_case(guest: Guest, case: CaseFacts, shared_with: Set[str]) -> bool:
    """A partner of an organisation the case is shared with now; `shared_with` are their ids."""
    is_shareable = case.sensitivity < NARROW_SENSITIVITY
    return guest.role is Role.PARTNER and guest.organisation_id in shared_with and is_shareable


def may_add_document(person: Person) -> bool:
    """Field, specialist and supervisor; never admin or operator."""
    return person.role in CALLING_ROLES


def may_see_document(person: Person, document: DocumentFacts) -> bool:
    """All who take calls; a sensitive one who may change it or see one of its cases; a withdrawn one not."""
    if may_change_document(person, document):
        return True
    if person.role not in CALLING_ROLES or document.is_withdrawn:
        return False
    is_narrow = document.sensitivity >= NARROW_SENSITIVITY
    return not is_narrow or any(may_see_case(person, case) for case in document.cases)


def may_change_document(person: Person, document: DocumentFacts) -> bool:
    """Its owner, the department in its office, and the supervisor of that office."""
    return _has_charge(person, document, for_department=True)


def _has_charge(person: Person, owned: CaseFacts | DocumentFacts, *, for_department: bool) -> bool:
    """Who takes calls and owns it, answers for its office, or is of its department there."""
    if person.role not in CALLING_ROLES:
        return False
    if person.id == owned.owner_id:
        return True
    if person.office == "" or person.office != owned.office:
        return False
    is_colleague = person.department != "" and person.department == owned.department
    return person.role is Role.SUPERVISOR or (is_colleague and for_department)


def may_link_document(person: Person, document: DocumentFacts, case: CaseFacts) -> bool:
    """Who sees both; since a link opens a sensitive document to the case, that one who may change it."""
    if not (may_see_document(person, document) and may_see_case(person, case)):
        return False
    return document.sensitivity < NARROW_SENSITIVITY or may_change_document(person, document)


def is_for_guests(document: DocumentFacts) -> bool:
    """Whether any guest may be shown it, once it is presented in their call."""
    is_open = document.disclosure is not Disclosure.STAFF and document.sensitivity < NARROW_SENSITIVITY
    return is_open and not document.is_withdrawn


def guest_may_see_document(guest: Guest, document: DocumentFacts) -> bool:
    """Whether it may be shown to a guest at all; that it was presented to them is the call's to know."""
    return guest.role in GUEST_ROLES and is_for_guests(document)


def may_see_organisations(person: Person) -> bool:
    """Those who invite and share, and admin."""
    return person.role in CALLING_ROLES or person.role is Role.ADMIN


def may_add_organisation(person: Person) -> bool:
    """Supervisors and admin."""
    return person.role in (Role.SUPERVISOR, Role.ADMIN)


def may_find_staff(person: Person) -> bool:
    """The directory is for those who take calls, and for admin who keeps it."""
    return person.role in CALLING_ROLES or person.role is Role.ADMIN


def may_find(person: Person, other: Person) -> bool:
    """Those who take calls find one another: an operator or admin is nobody's partner. Admin finds all."""
    return may_find_staff(person) and (may_be_member(other) or person.role is Role.ADMIN)


def may_say_presence(person: Person) -> bool:
    """Those who can be rung say where they are."""
    return person.role in CALLING_ROLES


def may_have_devices(person: Person) -> bool:
    """Devices are woken by rings: those who can be rung have some, each their own."""
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
