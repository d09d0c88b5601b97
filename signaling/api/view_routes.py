"""What is looked at together under /api: presented by staff, drawn on by everybody in the call."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response

from field_assist import Audience, Mark, drawing
from signaling.api import view_schema as schema
from signaling.api.auth import Address, Parts, Speakers, Staff, signed_in
from signaling.api.calls_routes import speaker_in
from signaling.api.services import spend

router = APIRouter(tags=["view"], dependencies=[Depends(signed_in)])
call_router = APIRouter(tags=["view"])


@call_router.get("/calls/{call_id}/view")
async def read_view(call_id: str, speakers: Speakers, parts: Parts) -> schema.Together:
    """What stands before this person, what did before, and who looks at what."""
    speaker = await speaker_in(parts, speakers, call_id)
    return await parts.view_desk.together(speaker, call_id)


@router.post("/calls/{call_id}/view/present")
async def present(
    call_id: str, body: schema.PresentRequest, session: Staff, parts: Parts, address: Address
) -> schema.Together:
    """Put a surface before the call, turn its page, or begin a board."""
    await parts.call_desk.read(session.person, call_id)
    await spend(parts, parts.limits.view, session.person.identity)
    return await parts.view_desk.present(session.person, call_id, body.surface or "", address)


@router.post("/calls/{call_id}/view/take-away")
async def take_away(call_id: str, session: Staff, parts: Parts, address: Address) -> schema.Together:
    """Present nothing any more."""
    await parts.call_desk.read(session.person, call_id)
    return await parts.view_desk.take_away(session.person, call_id, address)


@call_router.post("/calls/{call_id}/view/look")
async def look(
    call_id: str, body: schema.LookRequest, speakers: Speakers, parts: Parts, address: Address
) -> schema.Together:
    """This page shows a surface now."""
    speaker = await speaker_in(parts, speakers, call_id)
    await spend(parts, parts.limits.view, speaker.identity)
    return await parts.view_desk.look(speaker, call_id, body.surface, address)


@call_router.get("/calls/{call_id}/marks")
async def list_marks(
    call_id: str, surface: schema.SurfaceKey, speakers: Speakers, parts: Parts
) -> schema.MarksAnswer:
    """The marks on a surface, undone ones too."""
    speaker = await speaker_in(parts, speakers, call_id)
    rows = await parts.view_desk.marks(speaker, call_id, surface)
    return schema.MarksAnswer(surface=surface, marks=[schema.mark_view(row) for row in rows])


@call_router.get("/calls/{call_id}/marks/pages")
async def list_marks_of_pages(
    call_id: str, subject: schema.SurfaceKey, speakers: Speakers, parts: Parts
) -> schema.PagesMarksAnswer:
    """The marks on all pages of a document's version, or of a board: who turns a page need not ask."""
    speaker = await speaker_in(parts, speakers, call_id)
    found = await parts.view_desk.marks_of_pages(speaker, call_id, subject)
    pages = [
        schema.MarksAnswer(surface=key, marks=[schema.mark_view(row) for row in rows])
        for key, rows in found.items()
    ]
    return schema.PagesMarksAnswer(pages=pages)


@call_router.post("/calls/{call_id}/marks")
async def draw(
    call_id: str, body: schema.MarksRequest, speakers: Speakers, parts: Parts
) -> schema.MarksAnswer:
    """Marks of the asker, new ones and undone ones; sending the same again changes nothing."""
    speaker = await speaker_in(parts, speakers, call_id)
    await spend(parts, parts.limits.view, speaker.identity)
    drawn = [_mark(speaker.identity, mark) for mark in body.marks]
    changed = await parts.view_desk.draw(speaker, call_id, body.surface, drawn)
    return schema.MarksAnswer(surface=body.surface, marks=[schema.mark_view(row) for row in changed])


@call_router.get(
    "/calls/{call_id}/surfaces/{key}/image",
    response_class=Response,
    responses={200: {"content": {"image/webp": {}}}},
)
async def show_surface(
    call_id: str,
    key: schema.SurfacePath,
    speakers: Speakers,
    parts: Parts,
    width: Annotated[int, Query(ge=1, le=10_000)] = 1280,
) -> Response:
    """The picture of what is or was presented to this person."""
    speaker = await speaker_in(parts, speakers, call_id)
    picture = await parts.view_desk.image(speaker, call_id, key, width)
    return Response(picture, media_type="image/webp")


@router.get("/calls/{call_id}/kept")
async def read_kept(call_id: str, session: Staff, parts: Parts) -> schema.KeptAnswer:
    """What was shown in a call and drawn on it."""
    await parts.call_desk.read(session.person, call_id)
    return schema.KeptAnswer(kept=await parts.view_desk.kept(session.person, call_id))


@router.get("/calls/{call_id}/paper")
async def read_paper(call_id: str, session: Staff, parts: Parts) -> schema.PaperAnswer:
    """Who looked at what and when, and how many sheets were not printed, with the formula."""
    await parts.call_desk.read(session.person, call_id)
    views, paper = await parts.view_desk.views(call_id)
    return schema.paper_view(views, paper)


def _mark(author: str, said: schema.MarkRequest) -> Mark:
    content = drawing.Content(
        drawing.Tool(said.tool),
        drawing.Colour(said.colour),
        said.width,
        tuple(said.points),
        said.text,
        Audience(said.audience),
    )
    return drawing.check(Mark(said.id, author, said.revision, content))
