"""Cases and other organisations over HTTP: what a partner's guest reads, and that others learn of nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.installation import Browser, Installation, key_of, play
from tests.signaling.test_cases_http import kinds, open_case

CITY, TOWN = "みなと市 道路課", "やまと町 建設課"


async def organisation(browser: Browser, name: str) -> str:
    answer = await browser.post("/organisations", {"name": name, "kind": "municipality"})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def guest_of(
    genba: Installation, staff: Browser, call: str, organisation_id: str | None, kind: str = "partner"
) -> Browser:
    body = {"name": "西村", "kind": kind, "organisation_id": organisation_id}
    link = await staff.post(f"/calls/{call}/invitations", body)
    guest = genba.browser()
    entered = await guest.post(f"/join/{link.json()['url'].rsplit('/', 1)[1]}", {})
    assert entered.status_code == 200, entered.text
    return guest


async def shared_case(head: Browser, field: Browser) -> tuple[dict[str, Any], str, str, str]:
    """A case with a call that is open to one of two organisations: case, call, the one and the other."""
    city, town = await organisation(head, CITY), await organisation(head, TOWN)
    case = await open_case(field, place="川辺一丁目")
    call = (await field.post("/calls", {"case_id": case["id"]})).json()["call"]["id"]
    shared = await field.post(f"/cases/{case['id']}/shares", {"organisation_id": city})
    assert shared.status_code == 200, shared.text
    return shared.json(), call, city, town


def test_a_partner_reads_the_marked_lines_and_nothing_else(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        field, head = await genba.signed_in("F1001"), await genba.signed_in("S3001")
        case, call, city, _ = await shared_case(head, field)
        path = f"/cases/{case['id']}"
        await field.post(f"{path}/comments", {"text": "田端さん宅の前"})
        genba.clock.forward(seconds=1)
        case = (await field.post(f"{path}/comments", {"text": "片側交互通行にします"})).json()
        guest = await guest_of(genba, field, call, city)

        before = (await guest.get(f"/guest/cases/{case['id']}")).json()
        assert before["timeline"] == [], "nothing is shown by itself"
        for entry in (case["timeline"][0], next(e for e in case["timeline"] if e["kind"] == "call")):
            await field.post(f"{path}/entries/{entry['id']}/share", {"shared": True})
        listed = (await guest.get("/guest/cases")).json()
        seen = (await guest.get(f"/guest/cases/{case['id']}")).json()

        assert (listed["organisation"], [each["id"] for each in listed["cases"]]) == (CITY, [case["id"]])
        assert [(line["kind"], line["text"]) for line in seen["timeline"]] == [
            ("comment", "片側交互通行にします"),
            ("call", ""),
        ]
        assert "田端" not in str(seen)
        assert seen == (await field.get(f"{path}/shared-view")).json(), "staff look at exactly the same"
        reads = [row for row in await genba.log() if row.action == "case.read"]
        assert {(row.actor[:2], row.object, row.detail) for row in reads} == {("G-", case["id"], city)}
        await field.post(f"{path}/entries/{case['timeline'][0]['id']}/share", {"shared": False})
        assert len((await guest.get(f"/guest/cases/{case['id']}")).json()["timeline"]) == 1

    play(tmp_path, scene)


@pytest.mark.parametrize(
    "who", ["another organisation", "no organisation", "resident", "another call", "staff"]
)
def test_whoever_it_is_not_shared_with_learns_of_nothing(tmp_path: Path, who: str) -> None:
    async def scene(genba: Installation) -> None:
        field, head = await genba.signed_in("F1001"), await genba.signed_in("S3001")
        case, call, _, town = await shared_case(head, field)
        if who == "another call":
            call = (await field.post("/calls", {})).json()["call"]["id"]
        if who == "staff":
            assert (await head.get(f"/guest/cases/{case['id']}")).status_code == 401
            return
        theirs = town if who in ("another organisation", "another call") else None
        kind = "resident" if who == "resident" else "partner"
        guest = await guest_of(genba, field, call, theirs, kind)

        refused = await guest.get(f"/guest/cases/{case['id']}")

        assert key_of(refused) == (404, "case.unknown")
        unknown = await guest.get("/guest/cases/01ARZ3NDEKTSV4RRFFQ69G5FAV")
        assert key_of(unknown) == key_of(refused)
        assert (await guest.get("/guest/cases")).json()["cases"] == []
        assert key_of(await guest.get(f"/cases/{case['id']}")) == (404, "case.unknown")
        assert key_of(await guest.get("/organisations")) == (404, "case.unknown")

    play(tmp_path, scene)


@pytest.mark.parametrize("how", ["ended", "over", "sensitive", "revoked"])
def test_a_share_that_is_over_opens_nothing(tmp_path: Path, how: str) -> None:
    async def scene(genba: Installation) -> None:
        field, head = await genba.signed_in("F1001"), await genba.signed_in("S3001")
        case, call, city, _ = await shared_case(head, field)
        path = f"/cases/{case['id']}"
        guest = await guest_of(genba, field, call, city)
        assert (await guest.get(f"/guest{path}")).status_code == 200
        expected = (404, "case.unknown")

        if how == "ended":
            ended = await field.post(f"{path}/shares/{case['shares'][0]['id']}/end")
            assert ended.json()["shares"] == [] and "share_ended" in kinds(ended.json())
            again = await field.post(f"{path}/shares/{case['shares'][0]['id']}/end")
            assert key_of(again) == (404, "case.share_unknown")
        elif how == "over":
            await field.post(f"{path}/shares", {"organisation_id": city, "days": 1})
            genba.clock.forward(seconds=86_401)
            guest = await guest_of(genba, await genba.signed_in("F1001"), call, city)
        elif how == "sensitive":
            await field.post(f"{path}/change", {"revision": case["revision"], "sensitivity": 3})
            shared = await field.post(f"{path}/shares", {"organisation_id": city})
            assert key_of(shared) == (403, "forbidden")
        else:
            [link] = (await field.get(f"/calls/{call}/invitations")).json()
            await field.post(f"/invitations/{link['id']}/revoke")
            expected = (401, "guest.ended")

        assert key_of(await guest.get(f"/guest{path}")) == expected

    play(tmp_path, scene)


def test_only_what_others_may_ever_see_can_be_marked(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        field, head = await genba.signed_in("F1001"), await genba.signed_in("S3001")
        case, call, _, _ = await shared_case(head, field)
        await field.post(f"/calls/{call}/invitations", {"name": "田端 和子"})
        shown = (await field.get(f"/cases/{case['id']}")).json()
        link = next(entry for entry in shown["timeline"] if entry["kind"] == "invitation")
        for entry_id in (link["id"], "event.unknown"):
            refused = await field.post(f"/cases/{case['id']}/entries/{entry_id}/share", {"shared": True})
            assert key_of(refused) == (409, "case.entry_not_shareable")
        resident = {"name": "田端", "kind": "resident", "organisation_id": "any"}
        assert (await field.post(f"/calls/{call}/invitations", resident)).status_code == 422
        partner = {"name": "西村", "kind": "partner", "organisation_id": "none"}
        refused = await field.post(f"/calls/{call}/invitations", partner)
        assert key_of(refused) == (404, "organisation.unknown")
        assert key_of(await head.post("/organisations", {"name": CITY, "kind": "npo"})) == (
            409,
            "organisation.exists",
        )

    play(tmp_path, scene)


@pytest.mark.service
def test_the_same_on_postgresql(tmp_path: Path, postgresql_url: str) -> None:
    async def scene(genba: Installation) -> None:
        field, head = await genba.signed_in("F1001"), await genba.signed_in("S3001")
        case, call, city, town = await shared_case(head, field)
        entry = case["timeline"][-1]["id"]
        marked = await field.post(f"/cases/{case['id']}/entries/{entry}/share", {"shared": True})
        assert marked.status_code == 200
        friend = await guest_of(genba, field, call, city)
        rival = await guest_of(genba, field, call, town)
        assert len((await friend.get(f"/guest/cases/{case['id']}")).json()["timeline"]) == 1
        assert (await rival.get(f"/guest/cases/{case['id']}")).status_code == 404

    play(tmp_path, scene, database_url=postgresql_url)
