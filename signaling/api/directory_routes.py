"""Who there is for a question and where they are, under /api, for staff."""

from fastapi import APIRouter, Depends

from field_assist import Status, topics
from signaling.api import schema as schema
from signaling.api.auth import Parts, Staff, signed_in
from signaling.api.views import colleague_view

router = APIRouter(tags=["directory"], dependencies=[Depends(signed_in)])


@router.get("/topics")
async def list_topics(session: Staff, parts: Parts) -> list[schema.Topic]:
    """What one can ask about, and how many specialists can be rung for it now."""
    free = [colleague.person for colleague in await parts.directory.present() if colleague.may_ring]
    return [
        schema.Topic(
            key=topic.key,
            label=topic.label,
            label_en=topic.label_en,
            department=topic.department,
            icon=topic.icon,
            available=topics.available(topic, free),
        )
        for topic in topics.TOPICS
    ]


@router.get("/staff")
async def find_staff(session: Staff, parts: Parts, q: str = "") -> list[schema.StaffEntry]:
    """The directory: whoever has every word of `q` in the name, office, department, post or knowledge."""
    at = parts.clock.wall()
    return [colleague_view(colleague, at) for colleague in await parts.directory.find(session.person, q)]


@router.get("/me/presence")
async def read_presence(session: Staff, parts: Parts) -> schema.StaffEntry:
    """The own row of the directory, as colleagues see it."""
    return colleague_view(await parts.directory.colleague(session.person), parts.clock.wall())


@router.post("/me/presence")
async def say_presence(body: schema.PresenceRequest, session: Staff, parts: Parts) -> schema.StaffEntry:
    """Say where one is; colleagues see it at once."""
    colleague = await parts.directory.say(session.person, Status(body.status))
    return colleague_view(colleague, parts.clock.wall())
