"""The concierge under /api: what fits a need, for staff, for residents without an account, and in a call."""

from fastapi import APIRouter, Depends

from field_assist import concierge
from signaling.accounts.sign_in import network_of
from signaling.api import concierge_schema as schema
from signaling.api import schema as answers
from signaling.api.auth import Address, Parts, Staff, signed_in
from signaling.api.calls_routes import CHAT_TOPIC, speaker_in
from signaling.api.catalogue_routes import concierge_on
from signaling.api.services import spend
from signaling.api.views import message_view

router = APIRouter(tags=["concierge"], dependencies=[Depends(concierge_on)])

SUGGESTED = 3
"""In a call; more would have to be read while somebody speaks."""


@router.post("/concierge/search", dependencies=[Depends(signed_in)])
async def search_as_staff(body: schema.ServiceQuestion, parts: Parts, staff: Staff) -> schema.ServicesFound:
    """Entries of every kind, for staff at their desk."""
    await spend(parts, parts.limits.concierge, staff.person.id)
    kinds = frozenset(concierge.entries.Kind)
    return await _search(body, parts, kinds)


@router.post("/services/search")
async def search_as_resident(
    body: schema.ServiceQuestion, parts: Parts, address: Address
) -> schema.ServicesFound:
    """What is for the public, without an account; nothing of the question is kept."""
    await spend(parts, parts.limits.concierge, network_of(address))
    return await _search(body, parts, concierge.search.PUBLIC)


@router.get("/calls/{call_id}/suggestions", dependencies=[Depends(signed_in)])
async def suggest_in_call(call_id: str, parts: Parts, staff: Staff) -> schema.Suggestions:
    """What fits the last words of those in the call who agreed to it."""
    await spend(parts, parts.limits.concierge, staff.person.id)
    heard = await parts.concierge.search.overheard(staff.person, call_id, SUGGESTED)
    return schema.Suggestions(is_consented=heard.is_consented, words=heard.words, found=_found(heard.found))


@router.post("/calls/{call_id}/services", status_code=201, dependencies=[Depends(signed_in)])
async def show_in_call(
    call_id: str, body: schema.ServiceShown, parts: Parts, staff: Staff
) -> answers.MessagesAnswer:
    """「見せる」: a line of the call's chat in the words of the catalogue, with its source."""
    speaker = await speaker_in(parts, [staff.person], call_id)
    await spend(parts, parts.limits.chat, speaker.identity)
    owner_code, _, entry_id = body.id.partition("-")
    key = concierge.entries.Key(concierge.entries.Kind(body.kind), owner_code, entry_id)
    entry = (await parts.store.read(lambda session: concierge.follow.lookup(session, [key]))).get(key)
    if entry is None:
        raise concierge.catalogue.EntryUnknown
    text = concierge.cards.text(entry, concierge.cards.Language(body.language))
    message = message_view(await parts.call_desk.say(speaker, call_id, text))
    await parts.rooms.send_data(call_id, message.model_dump_json().encode(), topic=CHAT_TOPIC)
    return answers.MessagesAnswer(messages=[message])


async def _search(
    body: schema.ServiceQuestion, parts: Parts, kinds: frozenset[concierge.entries.Kind]
) -> schema.ServicesFound:
    asker = concierge.questions.Asker(body.asker)
    return _found(await parts.concierge.search.search(body.text, asker, kinds, body.limit))


def _found(found: concierge.search.Found) -> schema.ServicesFound:
    return schema.ServicesFound(
        matches=[_match(match) for match in found.matches],
        desks=[schema.CounselDesk(**desk._asdict()) for desk in found.desks],
        is_sensitive=found.is_sensitive,
    )


def _match(match: concierge.ranking.Match) -> schema.ServiceMatch:
    entry, source = match.entry, match.entry.source
    return schema.ServiceMatch(
        id=f"{source.owner_code}-{entry.entry_id}",
        kind=entry.kind.value,
        title=entry.title,
        title_en=entry.title_en,
        summary=entry.summary,
        easy=entry.easy,
        english=entry.english.partition(";")[0],
        starts=entry.starts,
        ends=entry.ends,
        is_over=match.is_over,
        place=entry.place,
        owner=source.owner,
        updated=source.updated,
        contact=entry.contact,
        phone=entry.phone,
        url=entry.url,
        reasons=[schema.ServiceReason(why=reason.why.value, words=reason.words) for reason in match.reasons],
        is_close_only=match.is_close_only,
    )
