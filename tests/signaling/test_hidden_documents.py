"""A document for staff only (職員限り), a sensitive one and a withdrawn one: no answer of the whole interface
to anybody from outside holds a word, a number or a picture of them, whatever routes there are."""

from __future__ import annotations

import re
from pathlib import Path

from fastapi.routing import APIRoute

from field_assist import OrganisationKind, Role, staff
from signaling.accounts.invitations import NewInvitation, code_of
from signaling.api.application import ROUTERS
from signaling.api.auth import GUEST_COOKIE
from tests.installation import Browser, Installation, play
from tests.papers import pdf, uploaded

TITLE, WORDS, NAME = "かくれた橋の図", "Hidden pier drawing", "hidden-drawing.pdf"
HIDDEN: dict[str, dict[str, object]] = {
    "for staff": {"disclosure": "staff"},
    "sensitive": {"disclosure": "public", "sensitivity": 3},
    "withdrawn": {"disclosure": "public"},
}


async def answers(browser: Browser, names: dict[str, str]) -> dict[str, bytes]:
    """What every route that can be read says, with these names in its path and words that would find it."""
    found = {}
    for route in (route for router in ROUTERS for route in router.routes):
        if isinstance(route, APIRoute) and "GET" in (route.methods or set()):
            path = re.sub(r"\{(\w+)(:\w+)?\}", lambda part: names.get(part[1], names["other"]), route.path)
            answer = await browser.get(path, q="橋", words="橋", width=320)
            found[f"{route.path} {answer.status_code}"] = answer.content
    return found


async def outsiders(genba: Installation, call: str) -> dict[str, Browser]:
    """One of each kind of guest in the call; the partner's organisation is the case's helper."""
    rows = {row.staff_no: row.person() for row in await genba.services.store.read(staff.everybody)}
    partner = await genba.services.sharing_desk.add_organisation(
        rows["S3001"], "みなと市", OrganisationKind.MUNICIPALITY, ""
    )
    found = {"nobody": genba.browser()}
    for role in (Role.RESIDENT, Role.INTERPRETER, Role.PARTNER):
        new = NewInvitation("田端", role, organisation_id=partner.id if role is Role.PARTNER else None)
        link = await genba.services.call_desk.invite(rows["F1001"], call, new, "")
        redeemed = await genba.services.guest_desk.redeem(code_of(genba.services.vault, link), "", "")
        found[role.value] = genba.browser()
        found[role.value].client.cookies.set(GUEST_COOKIE, redeemed.token)
        found[role.value].csrf = genba.services.guest_desk.csrf_token(redeemed.token)
    return found


def test_nobody_from_outside_learns_of_a_document_that_is_not_for_them(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        genba.services.hub.close()  # an event stream that is let in ends at once
        field = await genba.signed_in("F1001")
        case = (await field.post("/cases", {"title": "護岸"})).json()["id"]
        call = (await field.post("/calls", {"topic": "road", "case_id": case})).json()["call"]["id"]
        guests = await outsiders(genba, call)
        partner = next(
            each["id"] for each in (await field.get("/organisations")).json() if each["name"] == "みなと市"
        )
        await field.post(f"/cases/{case}/shares", {"organisation_id": partner, "days": 30})
        for kind, said in HIDDEN.items():
            document = await uploaded(field, pdf(words=WORDS), NAME, title=TITLE, case_id=case, **said)
            version = document["current"]["id"]
            presented = await field.post(f"/calls/{call}/view/present", {"surface": f"page:{version}:1"})
            assert presented.is_success, presented.text
            if kind == "withdrawn":
                await field.patch(f"/documents/{document['id']}", {"withdrawn": True})
            names = {
                "document_id": document["id"],
                "version_id": version,
                "number": "1",
                "case_id": case,
                "call_id": call,
                "key": f"page:{version}:1",
                "other": document["id"],
            }
            marks = [TITLE.encode(), WORDS.encode(), NAME.encode(), document["current"]["sha256"].encode()]
            marks += [b"WEBPVP8", b"%PDF-"]
            for caller, browser in guests.items():
                for route, content in (await answers(browser, names)).items():
                    assert not [mark for mark in marks if mark in content], f"{route} tells {caller}"
            if kind == "for staff":
                control = await answers(field, names)
                told = [route for route, content in control.items() if any(mark in content for mark in marks)]
                assert len(told) >= 5, "those who may see it are told: the walk asks the right things"
        assert TITLE not in str(genba.rooms.sent)

    play(tmp_path, scene)
