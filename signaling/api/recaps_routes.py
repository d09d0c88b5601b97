"""After the call under /api: recap and letters for staff, and a letter for whoever holds its link."""

import asyncio
from datetime import date
from typing import cast

from fastapi import APIRouter, Depends, Request

from field_assist import JST, ConsultationState, Letter, Outcome, concierge, recaps
from signaling.accounts.invitations import qr_svg
from signaling.accounts.sign_in import network_of
from signaling.api import origin
from signaling.api import recap_schema as schema
from signaling.api.auth import Address, Parts, Staff, signed_in
from signaling.api.card_schema import card_view
from signaling.api.recap_desk import Account, Mailer, OpenLetter
from signaling.api.services import Services, spend
from signaling.mail.letters import points
from signaling.mail.outbox import Mail

router = APIRouter(tags=["recaps"], dependencies=[Depends(signed_in)])
letter_router = APIRouter(tags=["letters"])


@router.get("/calls/{call_id}/recap")
async def read_recap(call_id: str, session: Staff, request: Request, parts: Parts) -> schema.Recap:
    """What is known and written of a call."""
    return await _recap(request, parts, await parts.recap_desk.read(session.person, call_id))


@router.post("/calls/{call_id}/recap")
async def save_recap(
    call_id: str, body: schema.RecapRequest, session: Staff, request: Request, parts: Parts, address: Address
) -> schema.Recap:
    """Write it down; `confirmed` says that the writer answers for it."""
    written = recaps.Written(body.version, body.happened, _outcome(body))
    account = await parts.recap_desk.save(
        session.person, call_id, written, address, is_confirmed=body.confirmed
    )
    return await _recap(request, parts, account)


@router.post("/calls/{call_id}/letters", status_code=201)
async def write_letter(
    call_id: str,
    body: schema.LetterRequest,
    session: Staff,
    request: Request,
    parts: Parts,
    address: Address,
) -> schema.Recap:
    """Make a letter for a resident; it is the last one of the answer."""
    new = recaps.NewLetter(
        body.recipient, body.language, _outcome(body), session.person.id, guest_id=body.guest_id
    )
    return await _recap(request, parts, await parts.recap_desk.write(session.person, call_id, new, address))


@router.post("/letters/{letter_id}/revoke")
async def revoke_letter(
    letter_id: str, session: Staff, request: Request, parts: Parts, address: Address
) -> schema.Recap:
    """Take a letter back: its link opens nothing any more."""
    return await _recap(request, parts, await parts.recap_desk.revoke(session.person, letter_id, address))


@router.post("/letters/{letter_id}/mail")
async def mail_letter(
    letter_id: str, body: schema.MailRequest, session: Staff, request: Request, parts: Parts, address: Address
) -> schema.Recap:
    """Send a letter to an address the resident gave."""
    account = await parts.recap_desk.mail(
        session.person, letter_id, body.address, _mailer(request, parts), address
    )
    return await _recap(request, parts, account)


@letter_router.get("/letter/{code}")
async def read_letter(code: str, parts: Parts, address: Address) -> schema.LetterView:
    """What was agreed, for whoever holds the link."""
    await _take(parts, address)
    return _letter_view(parts, await parts.recap_desk.open(code, address))


@letter_router.post("/letter/{code}/mail")
async def mail_own_letter(
    code: str, body: schema.MailRequest, request: Request, parts: Parts, address: Address
) -> schema.LetterView:
    """The resident has it sent to their own address."""
    await _take(parts, address)
    mailer = _mailer(request, parts)
    return _letter_view(parts, await parts.recap_desk.mail_by_code(code, body.address, mailer, address))


async def _recap(request: Request, parts: Services, account: Account) -> schema.Recap:
    """A QR code takes milliseconds, so a thread draws them."""
    base_url = _base_url(request, parts)
    return await asyncio.to_thread(_recap_view, parts, account, base_url)


def _recap_view(parts: Services, account: Account, base_url: str) -> schema.Recap:
    call, row, host = account.sheet.call, account.recap, account.sheet.host
    staff = [
        schema.RecapPerson(
            name=each.name, role=each.role.value, belongs=" ".join(filter(None, (each.department, each.post)))
        )
        for each in account.sheet.members
    ]
    guests = [
        schema.RecapPerson(name=link.shown_name, role=link.guest().role.value, belongs="", guest_id=link.id)
        for link in account.guests
    ]
    asked = [
        schema.RecapAsked(
            topic=each.topic,
            state=ConsultationState(each.state).value,
            asked_at=each.asked_at,
            answered_by=account.names.get(each.answered_by or "", ""),
        )
        for each in account.consultations
    ]
    proposal = " ".join(filter(None, (host.department or host.office, host.name)))
    return schema.Recap(
        call_id=call.id,
        number=call.number,
        title=call.title,
        topic=call.topic,
        place=call.place,
        started_at=call.started_at,
        ended_at=call.ended_at,
        people=staff + guests,
        asked=asked,
        version=row.version if row else 0,
        happened=row.happened if row else "",
        agreed=row.agreed if row else "",
        next_step=row.next_step if row else "",
        due_on=row.due_on if row else None,
        contact=row.contact if row else proposal,
        edited_at=row.edited_at if row else None,
        edited_by=account.names[row.edited_by] if row else "",
        confirmed_at=row.confirmed_at if row else None,
        confirmed_by=account.names.get(row.confirmed_by or "", "") if row else "",
        letters=[
            _letter(letter, mails, account.names[letter.created_by], parts.recap_desk.url(letter, base_url))
            for letter, mails in account.letters
        ],
        can_mail=parts.recap_desk.can_mail,
    )


def _letter(letter: Letter, mails: tuple[Mail, ...], by: str, url: str) -> schema.Letter:
    return schema.Letter(
        id=letter.id,
        recipient=letter.recipient,
        language=letter.language,
        url=url,
        qr_svg=qr_svg(url, "QR") if url else "",
        created_at=letter.created_at,
        created_by=by,
        expires_at=letter.expires_at,
        revoked=letter.revoked_at is not None,
        mails=[
            schema.LetterMail(state=mail.state, created_at=mail.created_at, ended_at=mail.ended_at)
            for mail in mails
        ],
    )


def _letter_view(parts: Services, found: OpenLetter) -> schema.LetterView:
    letter, call, host = found.letter, found.sheet.call, found.sheet.host
    ended_at = call.ended_at or letter.created_at
    return schema.LetterView(
        organisation=parts.organisation,
        office=host.department or host.office,
        office_phone=parts.office_phone,
        talked_at=call.started_at,
        talked_s=max(0, int((ended_at - call.started_at).total_seconds())),
        language=letter.language,
        agreed=points(letter.agreed),
        next_step=letter.next_step,
        due_on=letter.due_on,
        contact=letter.contact,
        questions=[
            schema.LetterAsked(
                text=asked["text"],
                answer=asked["answer"],
                due_on=date.fromisoformat(asked["due"]) if asked["due"] else None,
            )
            for asked in letter.questions
        ],
        cards=[
            card_view(cast(concierge.cards.Card, card), parts.clock.wall().astimezone(JST).date())
            for card in letter.cards  # written from the cards of the call alone
        ],
        expires_at=letter.expires_at,
        can_mail=parts.recap_desk.can_mail,
        has_consents=letter.guest_id is not None,
    )


def _outcome(body: schema.OutcomeRequest) -> Outcome:
    return Outcome(body.agreed, body.next_step, body.due_on, body.contact)


def _mailer(request: Request, parts: Services) -> Mailer:
    return Mailer(parts.organisation, parts.office_phone, _base_url(request, parts))


def _base_url(request: Request, parts: Services) -> str:
    return origin.base_url(parts.public_url, request.url.scheme, request.headers.get("host", ""))


async def _take(parts: Services, address: str) -> None:
    await spend(parts, parts.limits.join, network_of(address))
