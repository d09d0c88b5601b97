"""From rows to the API's words: what each reader may see of a person, a call, a link, a chat line."""

from datetime import datetime

from field_assist import CallSheet, ConsultationState, Guest, HandOverState, Person, calls
from signaling.accounts import invitations
from signaling.accounts.access_log import AccessLogRow
from signaling.accounts.credentials import Account, Stage
from signaling.accounts.invitations import Invitation, InvitationState
from signaling.accounts.sign_in import Opened, SignedIn
from signaling.accounts.vault import Vault
from signaling.api import admin_schema
from signaling.api import schema as schema
from signaling.api.call_desk import CallState
from signaling.api.consultation_desk import Waiting
from signaling.api.directory import Colleague
from signaling.api.hold_desk import Passing
from signaling.api.live_rooms import joined_identities
from signaling.api.services import Services
from signaling.api.waiting_desk import Wish


def person_view(person: Person) -> schema.Person:
    """A member of staff as colleagues see them."""
    return schema.Person(
        id=person.id,
        staff_no=person.staff_no,
        name=person.name,
        kana=person.kana,
        role=person.role.value,
        post=person.post,
        department=person.department,
        office=person.office,
        skills=list(person.skills),
    )


def colleague_view(colleague: Colleague, at: datetime) -> schema.StaffEntry:
    """A row of the directory."""
    person = colleague.person
    return schema.StaffEntry(
        **person_view(person).model_dump(),
        present=colleague.is_here,
        status=colleague.status.value,
        said=colleague.said.value if colleague.said else None,
        hours=str(person.hours),
        here_from=None if person.hours.contains(at) else person.hours.next_start(at),
    )


def consultation_view(waiting: Waiting) -> schema.Consultation:
    """How a request for help stands."""
    row = waiting.row
    return schema.Consultation(
        id=row.id,
        state=ConsultationState(row.state).value,
        asked_at=row.asked_at,
        ended_at=row.ended_at,
        rung=[person_view(person) for person in waiting.rung],
        rings=[schema.Rung(person=person_view(each.person), state=each.state) for each in waiting.rings],
        position=waiting.position,
        expected_wait_s=waiting.expected_wait_s,
        next_circle=[person_view(person) for person in waiting.next_circle],
        next_in_s=waiting.next_in_s,
    )


def hand_over_view(passing: Passing) -> schema.HandOver:
    """A hand-over as the staff of its call see it."""
    row = passing.row
    return schema.HandOver(
        id=row.id,
        state=HandOverState(row.state).value,
        giver=person_view(passing.giver),
        taker=person_view(passing.taker),
        note=row.note,
        agreed=row.agreed,
        started_at=row.started_at,
        ended_at=row.ended_at,
    )


def ring_view(
    waiting: Waiting, sheet: CallSheet, passing: Passing | None, wish: Wish | None
) -> schema.RingEntry:
    """A request as those see it who are rung for it."""
    call = sheet.call
    return schema.RingEntry(
        consultation=consultation_view(waiting),
        call_id=call.id,
        number=call.number,
        title=call.title,
        topic=call.topic,
        place=call.place,
        host=person_view(sheet.host),
        hand_over=hand_over_view(passing) if passing is not None else None,
        call_back_name=wish.name if wish else "",
        call_back_phone=wish.phone if wish else "",
    )


def me_view(parts: Services, signed_in: SignedIn) -> schema.Me:
    """Who is signed in; before the second factor nobody is."""
    return schema.Me(
        stage=signed_in.stage.value,
        person=person_view(signed_in.person) if signed_in.stage is Stage.FULL else None,
        csrf_token=parts.sign_ins.csrf_token(signed_in.token),
        expires_at=signed_in.expires_at,
    )


def opened_view(parts: Services, opened: Opened, person: Person) -> schema.Me:
    """The same for a session opened a moment ago."""
    return me_view(parts, SignedIn(opened.token, opened.stage, person, opened.expires_at))


def call_view(parts: Services, state: CallState, at: datetime) -> schema.Call:
    """A call as its staff see it."""
    joined = joined_identities(parts.rooms, state.sheet.call.id)
    members = [
        schema.CallMemberEntry(person=person_view(member), joined=member.identity in joined)
        for member in state.sheet.members
    ]
    guests = [
        _guest_entry(link, joined)
        for link in state.links
        if link.state(at) in (InvitationState.OPEN, InvitationState.USED) or link.guest().identity in joined
    ]
    return _call(state, members, guests, len(joined), person_view(state.sheet.host))


def guest_call_view(parts: Services, state: CallState, guest: Guest) -> schema.Call:
    """A call as a guest may see it: no staff numbers or skills, no other guest."""
    joined = joined_identities(parts.rooms, state.sheet.call.id)
    members = [
        schema.CallMemberEntry(person=_public_person(member), joined=member.identity in joined)
        for member in state.sheet.members
    ]
    own = [_guest_entry(link, joined) for link in state.links if link.id == guest.invitation_id]
    return _call(state, members, own, len(joined), _public_person(state.sheet.host))


def message_view(message: calls.ChatMessage) -> schema.Message:
    """A chat line."""
    return schema.Message(
        id=message.id,
        call_id=message.call_id,
        sender_identity=message.sender_identity,
        sender_name=message.sender_name,
        sender_role=message.sender_role,
        text=message.text,
        sent_at=message.sent_at,
        note=_voice_note(message),
    )


def _voice_note(message: calls.ChatMessage) -> schema.VoiceNote | None:
    if message.note_id is None or message.note_ms is None:
        return None
    return schema.VoiceNote(id=message.note_id, duration_ms=message.note_ms)


def invitation_view(
    vault: Vault, link: Invitation, joined: set[str], base_url: str, at: datetime
) -> schema.Invitation:
    """A link as its call's staff see it; what no longer opens is not shown any more."""
    state = link.state(at)
    is_good = state in (InvitationState.OPEN, InvitationState.USED)
    url = f"{base_url}/j/{invitations.code_of(vault, link)}" if is_good else ""
    return schema.Invitation(
        id=link.id,
        call_id=link.call_id,
        url=url,
        qr_svg=invitations.qr_svg(url, "QR") if url else "",
        name=link.name,
        kind=link.kind,
        language=link.language,
        state=state.value,
        created_at=link.created_at,
        expires_at=link.expires_at,
        joined=link.guest().identity in joined,
    )


def account_view(account: Account) -> admin_schema.AdminStaffEntry:
    """A row of the staff administration."""
    credential = account.credential
    return admin_schema.AdminStaffEntry(
        **person_view(account.staff.person()).model_dump(),
        disabled=account.staff.disabled_at is not None,
        enrolled=credential is not None and credential.otp_secret is not None,
        locked_until=account.locked_until,
        last_signed_in_at=credential.last_signed_in_at if credential else None,
        recovery_codes_left=account.recovery_codes_left,
        hours=account.staff.hours,
        boss_id=account.staff.boss_id,
        deputy_ids=account.staff.deputy_ids,
    )


def log_row_view(row: AccessLogRow) -> admin_schema.AccessLogRow:
    """A row of the access log."""
    return admin_schema.AccessLogRow.model_validate(row.model_dump())


def _call(
    state: CallState,
    members: list[schema.CallMemberEntry],
    guests: list[schema.CallGuestEntry],
    live_count: int,
    host: schema.Person,
) -> schema.Call:
    call = state.sheet.call
    return schema.Call(
        id=call.id,
        number=call.number,
        title=call.title,
        topic=call.topic,
        place=call.place,
        state="closed" if call.ended_at else "open",
        started_at=call.started_at,
        ended_at=call.ended_at,
        host=host,
        members=members,
        guests=guests,
        live_count=live_count,
    )


def _guest_entry(link: Invitation, joined: set[str]) -> schema.CallGuestEntry:
    return schema.CallGuestEntry(
        invitation_id=link.id,
        name=link.shown_name,
        kind=link.kind,
        joined=link.guest().identity in joined,
    )


def _public_person(person: Person) -> schema.Person:
    return person_view(person).model_copy(update={"staff_no": "", "skills": []})
