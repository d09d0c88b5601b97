"""Links for guests over HTTP: looking, going in, coming back, expiry, revocation, guessing."""

from __future__ import annotations

import json
from pathlib import Path

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from signaling.accounts import invitations
from signaling.rtc.tokens import Grants
from tests.installation import API_KEY, API_SECRET, ORIGIN, Browser, Installation, Json, key_of, play


async def _call_and_link(genba: Installation, **wishes: object) -> tuple[Browser, str, Json]:
    host = await genba.signed_in("F1001")
    call = (await host.post("/calls", {"topic": "road", "title": "橋の確認"})).json()["call"]["id"]
    link = (await host.post(f"/calls/{call}/invitations", {"name": "田中 花子", **wishes})).json()
    return host, call, link


def _code(link: Json) -> str:
    return str(link["url"]).rsplit("/", 1)[1]


def test_a_guest_sees_who_calls_and_goes_in(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        _, call, link = await _call_and_link(genba, language="ja-easy")
        assert link["url"].startswith(f"{ORIGIN}/j/")
        assert link["qr_svg"].startswith("<svg")
        guest = genba.browser()

        view = (await guest.get(f"/join/{_code(link)}")).json()
        inside = (await guest.post(f"/join/{_code(link)}", {"name": "田中"})).json()

        assert (view["call_title"], view["guest_name"], view["language"]) == (
            "橋の確認",
            "田中 花子",
            "ja-easy",
        )
        assert view["host"]["name"] == "早瀬 美咲"
        assert inside["identity"] == f"G-{link['id']}"
        claims = jwt.decode(
            inside["token"], API_SECRET, ["HS256"], options={"verify_exp": False, "verify_nbf": False}
        )
        assert (claims["iss"], claims["sub"], claims["name"]) == (API_KEY, f"G-{link['id']}", "田中")
        assert claims["video"]["room"] == call
        assert claims["attributes"] == {"genba.role": "resident"}

    play(tmp_path, scene)


def test_a_guest_learns_nothing_about_staff_numbers_or_other_guests(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        host, call, link = await _call_and_link(genba)
        await host.post(f"/calls/{call}/invitations", {"name": "隣の人"})

        inside = (await genba.browser().post(f"/join/{_code(link)}", {})).json()

        told = json.dumps(inside, ensure_ascii=False)
        assert "F1001" not in told
        assert "隣の人" not in told
        assert [guest["name"] for guest in inside["call"]["guests"]] == ["田中 花子"]

    play(tmp_path, scene)


def test_the_same_link_lets_the_same_guest_come_back_until_it_expires(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        host, call, link = await _call_and_link(genba, expires_in_s=600)
        first = (await genba.browser().post(f"/join/{_code(link)}", {})).json()
        again = await genba.browser().post(f"/join/{_code(link)}", {})
        assert again.json()["identity"] == first["identity"]
        states = [entry["state"] for entry in (await host.get(f"/calls/{call}/invitations")).json()]
        assert states == ["used"]

        genba.clock.forward(seconds=601)

        assert key_of(await genba.browser().get(f"/join/{_code(link)}")) == (410, "invitation.expired")
        assert key_of(await genba.browser().post(f"/join/{_code(link)}", {})) == (410, "invitation.expired")
        expired = (await host.get(f"/calls/{call}/invitations")).json()[0]
        assert (expired["state"], expired["url"], expired["qr_svg"]) == ("expired", "", "")

    play(tmp_path, scene)


def test_revocation_closes_link_session_and_room(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        host, call, link = await _call_and_link(genba)
        guest = genba.browser()
        identity = (await guest.post(f"/join/{_code(link)}", {})).json()["identity"]
        desk = genba.services.guest_desk
        grants = Grants(api_key=API_KEY, identity=identity, room=call)
        assert await desk.admit(grants)

        revoked = (await host.post(f"/invitations/{link['id']}/revoke")).json()

        assert revoked["state"] == "revoked"
        assert genba.rooms.removed == [(call, identity)]
        assert not await desk.admit(grants)
        assert key_of(await guest.get(f"/calls/{call}/messages")) == (401, "guest.ended")
        assert key_of(await guest.post(f"/join/{_code(link)}", {})) == (410, "invitation.revoked")
        assert (await host.post(f"/invitations/{link['id']}/revoke")).status_code == 200

    play(tmp_path, scene)


def test_an_ended_call_lets_nobody_in(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        host, call, link = await _call_and_link(genba)
        guest = genba.browser()
        identity = (await guest.post(f"/join/{_code(link)}", {})).json()["identity"]

        await host.post(f"/calls/{call}/end")

        assert genba.rooms.deleted == [call]
        assert key_of(await guest.get(f"/join/{_code(link)}")) == (409, "call.closed")
        assert key_of(await guest.get(f"/calls/{call}/messages")) == (401, "guest.ended")
        assert key_of(await host.post(f"/calls/{call}/join")) == (409, "call.closed")
        assert not await genba.services.guest_desk.admit(Grants(api_key="", identity=identity, room=call))

    play(tmp_path, scene)


def test_guessing_is_slowed_down_per_address_and_logged(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        _, _, link = await _call_and_link(genba)
        guesser = genba.browser("203.0.113.9")
        keys = [key_of(await guesser.get(f"/join/{invitations.new_code()}")) for _ in range(11)]

        assert keys == [(404, "invitation.unknown")] * 10 + [(429, "rate_limited")]
        assert key_of(await guesser.get(f"/join/{_code(link)}")) == (429, "rate_limited")
        assert (await genba.browser("203.0.113.10").get(f"/join/{_code(link)}")).status_code == 200
        genba.clock.forward(seconds=11)
        assert (await guesser.get(f"/join/{_code(link)}")).status_code == 200
        refused = [row for row in await genba.log() if row.action == "invitation.refused"]
        assert [row.reason for row in refused] == ["unknown"] * 10

    play(tmp_path, scene)


@pytest.mark.parametrize("code", ["x", "a" * 22 + "%2f", "0" * 22, "l" * 22, "あ" * 22, "-" * 22])
def test_what_cannot_be_a_code_is_unknown(tmp_path: Path, code: str) -> None:
    async def scene(genba: Installation) -> None:
        answer = await genba.browser().get(f"/join/{code}")

        assert answer.status_code == 404

    play(tmp_path, scene)


def test_leaving_ends_the_session_but_not_the_link(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        _, call, link = await _call_and_link(genba)
        guest = genba.browser()
        identity = (await guest.post(f"/join/{_code(link)}", {})).json()["identity"]

        assert (await guest.post("/guest/leave")).status_code == 204

        assert genba.rooms.removed == [(call, identity)]
        assert (await guest.get(f"/calls/{call}/messages")).status_code == 401
        assert (await guest.post(f"/join/{_code(link)}", {})).status_code == 200

    play(tmp_path, scene)


def test_the_database_alone_opens_no_invitation(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        _, _, link = await _call_and_link(genba)
        for file in genba.folder.glob("genba.sqlite3*"):
            assert _code(link).encode() not in file.read_bytes()

    play(tmp_path, scene)


@pytest.mark.parametrize(
    ("identity", "room", "admitted"),
    [
        ("S-unknown", "call", False),
        ("G-unknown", "call", False),
        ("bot", "call", True),
        ("S-unknown", "a room made through the LiveKit API", True),
    ],
)
def test_a_valid_token_is_asked_for_its_reason(
    tmp_path: Path, identity: str, room: str, admitted: bool
) -> None:
    async def scene(genba: Installation) -> None:
        _, call, _ = await _call_and_link(genba)
        grants = Grants(api_key="", identity=identity, room=call if room == "call" else room)

        assert await genba.services.guest_desk.admit(grants) is admitted

    play(tmp_path, scene)


def test_links_point_to_the_public_url_when_there_is_one(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        _, _, link = await _call_and_link(genba)

        assert link["url"].startswith("https://genba.pref.example/j/")

    play(tmp_path, scene, public_url="https://genba.pref.example/")


@given(st.text())
def test_any_text_is_a_code_or_not(typed: str) -> None:
    assert invitations.is_code(typed) in (True, False)


def test_codes_are_long_enough_and_never_repeat() -> None:
    codes = {invitations.new_code() for _ in range(1000)}

    assert len(codes) == 1000
    assert all(invitations.is_code(code) for code in codes)
    assert 58**invitations.CODE_LENGTH >= 2**128
