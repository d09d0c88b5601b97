"""Signing in over HTTP: both factors, enrolment, recovery, replays, lock-outs, sessions."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import httpx
import pytest

from signaling import demo
from signaling.accounts import access_log, one_time_codes
from tests.installation import Browser, Installation, key_of, play


def test_password_and_code_open_a_full_session(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        browser = await genba.half_signed_in("f1001")
        assert key_of(await browser.get("/calls")) == (403, "otp.needed")
        assert (await browser.get("/me")).json()["person"] is None

        me = (await browser.post("/sign-in/otp", {"code": genba.code("F1001")})).json()

        assert (me["stage"], me["person"]["name"]) == ("full", "早瀬 美咲")
        assert (await browser.get("/me")).json() == me
        assert (await browser.get("/calls")).status_code == 200

    play(tmp_path, scene)


@pytest.mark.parametrize(
    ("staff_no", "password"), [("F1001", "wrong-password"), ("F9999", demo.PASSWORD), ("", demo.PASSWORD)]
)
def test_wrong_password_and_unknown_number_get_the_same_answer(
    tmp_path: Path, staff_no: str, password: str
) -> None:
    async def scene(genba: Installation) -> None:
        answer = await genba.browser().post("/sign-in", {"staff_no": staff_no or "S0", "password": password})

        assert key_of(answer) == (401, "sign_in.failed")
        assert "set-cookie" not in answer.headers

    play(tmp_path, scene)


def test_a_code_is_accepted_once_and_one_step_early_or_late(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        code = genba.code("F1001")
        genba.clock.forward(seconds=30)
        first, second, third = [await genba.half_signed_in("F1001") for _ in range(3)]

        assert (await first.post("/sign-in/otp", {"code": code})).status_code == 200
        assert key_of(await second.post("/sign-in/otp", {"code": code})) == (422, "otp.used")

        genba.clock.forward(seconds=30)
        late = genba.code("F1001")
        genba.clock.forward(seconds=60)
        assert key_of(await third.post("/sign-in/otp", {"code": late})) == (422, "otp.wrong")
        genba.clock.forward(seconds=-30)
        assert (await third.post("/sign-in/otp", {"code": late})).status_code == 200

    play(tmp_path, scene)


def test_five_wrong_codes_lock_the_account_for_growing_times(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        browser = await genba.half_signed_in("F1001")
        left = []
        for _ in range(5):
            answer = await browser.post("/sign-in/otp", {"code": "000000"})
            left.append(answer.json()["error"]["params"]["attempts_left"])
        assert left == [4, 3, 2, 1, 0]

        locked = await browser.post("/sign-in/otp", {"code": genba.code("F1001")})
        assert key_of(locked) == (429, "sign_in.locked")
        row = (await genba.log())[-1]
        assert (row.action, row.reason, row.detail) == ("sign_in.locked", "account", "retry_after_s=30")
        assert locked.headers["retry-after"] == "30"

        genba.clock.forward(seconds=31)
        assert key_of(await browser.post("/sign-in/otp", {"code": "000000"})) == (422, "otp.wrong")
        again = await browser.post("/sign-in/otp", {"code": genba.code("F1001")})
        assert again.json()["error"]["params"] == {"retry_after_s": 60}

        genba.clock.forward(seconds=61)
        assert (await browser.post("/sign-in/otp", {"code": genba.code("F1001")})).status_code == 200

    play(tmp_path, scene)


def test_wrong_passwords_lock_known_and_unknown_numbers_alike(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        for staff_no in ("F1001", "F7777"):
            keys = []
            for _ in range(6):
                body = {"staff_no": staff_no, "password": "guess"}
                keys.append(key_of(await genba.browser().post("/sign-in", body)))
            assert keys == [(401, "sign_in.failed")] * 5 + [(429, "sign_in.locked")]
        right = await genba.browser("192.0.2.99").post(
            "/sign-in", {"staff_no": "F1001", "password": demo.PASSWORD}
        )
        assert key_of(right) == (429, "sign_in.locked")

    play(tmp_path, scene)


def test_one_address_that_guesses_many_numbers_is_locked(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        keys = []
        for number in range(31):
            body = {"staff_no": f"Z{number}", "password": "guess"}
            keys.append(key_of(await genba.browser("203.0.113.5").post("/sign-in", body))[1])
        assert keys == ["sign_in.failed"] * 30 + ["sign_in.locked"]

        elsewhere = await genba.browser("203.0.113.6").post("/sign-in", {"staff_no": "Z1", "password": "x"})
        assert key_of(elsewhere) == (401, "sign_in.failed")

    play(tmp_path, scene)


def test_enrolment_shows_one_secret_and_gives_recovery_codes_once(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        admin = await genba.signed_in("A9001")
        staff_id = await _id_of(admin, "F1002")
        await admin.post(f"/admin/staff/{staff_id}/reset-otp")

        browser = genba.browser()
        answer = await browser.post("/sign-in", {"staff_no": "F1002", "password": demo.PASSWORD})
        assert answer.json() == {"next": "enrol"}
        assert key_of(await browser.post("/sign-in/otp", {"code": "123456"})) == (409, "sign_in.wrong_stage")
        assert key_of(await browser.get("/calls")) == (403, "enrolment.needed")
        shown = (await browser.get("/enrolment")).json()
        assert (await browser.get("/enrolment")).json()["secret"] == shown["secret"]
        assert shown["otpauth_uri"].startswith("otpauth://totp/Genba")
        assert shown["qr_svg"].startswith("<svg")

        assert key_of(await browser.post("/enrolment", {"code": "000000"})) == (422, "otp.wrong")
        code = one_time_codes.current_code(shown["secret"], genba.clock.at)
        done = (await browser.post("/enrolment", {"code": code})).json()

        assert len(set(done["recovery_codes"])) == 10
        assert all(
            re.fullmatch(r"([2-9A-HJ-NP-Z]{4}-){3}[2-9A-HJ-NP-Z]{4}", c) for c in done["recovery_codes"]
        )
        assert done["me"]["stage"] == "full"
        assert key_of(await browser.get("/enrolment")) == (409, "sign_in.wrong_stage")
        await _recovery(genba, done["recovery_codes"])

    play(tmp_path, scene)


async def _recovery(genba: Installation, codes: list[str]) -> None:
    browser = await genba.half_signed_in("F1002")
    typed = codes[3].lower().replace("-", " ")
    assert (await browser.post("/sign-in/recovery", {"code": typed})).json()["recovery_codes_left"] == 9
    assert (await browser.get("/me")).json()["stage"] == "full"

    again = await genba.half_signed_in("F1002")
    assert key_of(await again.post("/sign-in/recovery", {"code": codes[3]})) == (422, "otp.wrong")
    other = await genba.half_signed_in("F1001")
    assert key_of(await other.post("/sign-in/recovery", {"code": codes[4]})) == (422, "otp.wrong")


async def _id_of(admin: Browser, staff_no: str) -> str:
    rows = (await admin.get("/admin/staff")).json()["staff"]
    return str(next(row["id"] for row in rows if row["staff_no"] == staff_no))


def test_each_step_up_replaces_the_token(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        browser = await genba.half_signed_in("F1001")
        early = browser.client.cookies["genba_session"]
        await browser.post("/sign-in/otp", {"code": genba.code("F1001")})

        thief = genba.browser()
        thief.client.cookies.set("genba_session", early)

        assert browser.client.cookies["genba_session"] != early
        assert key_of(await thief.get("/me")) == (401, "signed_out")

    play(tmp_path, scene)


def test_the_cookie_is_out_of_reach_of_scripts_and_of_plain_http(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        answer = await genba.browser().post("/sign-in", {"staff_no": "F1001", "password": demo.PASSWORD})
        cookie = answer.headers["set-cookie"].lower()
        for attribute in ("httponly", "samesite=lax", "secure", "path=/"):
            assert attribute in cookie

        transport = httpx.ASGITransport(genba.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://genba.test") as plain:
            body = {"staff_no": "F1001", "password": demo.PASSWORD}
            assert "secure" not in (await plain.post("/api/sign-in", json=body)).headers["set-cookie"].lower()

    play(tmp_path, scene)


def test_sessions_end_when_idle_at_their_absolute_age_and_at_sign_out(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        idle = await genba.signed_in("F1001")
        genba.clock.forward(minutes=121)
        assert key_of(await idle.get("/me")) == (401, "signed_out")

        busy = await genba.signed_in("F1001")
        for _ in range(7):
            genba.clock.forward(minutes=100)
            assert (await busy.get("/me")).status_code == 200
        genba.clock.forward(minutes=30)
        assert key_of(await busy.get("/me")) == (401, "signed_out")

        brief = await genba.signed_in("F1001")
        token = brief.client.cookies["genba_session"]
        assert (await brief.post("/sign-out")).status_code == 204
        brief.client.cookies.set("genba_session", token)
        assert key_of(await brief.get("/me")) == (401, "signed_out")

    play(tmp_path, scene)


def test_half_a_session_expires_within_minutes(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        browser = await genba.half_signed_in("F1001")
        genba.clock.forward(minutes=11)
        assert key_of(await browser.post("/sign-in/otp", {"code": genba.code("F1001")})) == (
            401,
            "signed_out",
        )

    play(tmp_path, scene)


def test_a_reset_signs_out_everywhere_and_out_of_every_room(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        victim, admin = await genba.signed_in("F1001"), await genba.signed_in("A9001")
        call = (await victim.post("/calls", {})).json()
        staff_id = await _id_of(admin, "F1001")

        row = (await admin.post(f"/admin/staff/{staff_id}/reset-otp")).json()

        assert (row["enrolled"], row["recovery_codes_left"]) == (False, 0)
        assert key_of(await victim.get("/me")) == (401, "signed_out")
        assert genba.rooms.removed == [(call["call"]["id"], f"S-{staff_id}")]
        own = await _id_of(admin, "A9001")
        assert key_of(await admin.post(f"/admin/staff/{own}/reset-otp")) == (409, "otp.reset_yourself")
        assert key_of(await admin.post("/admin/staff/01NOBODY/reset-otp")) == (404, "staff.unknown")

    play(tmp_path, scene)


def test_admin_unlocks_a_locked_account(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        admin = await genba.signed_in("A9001")
        for _ in range(5):
            await genba.browser().post("/sign-in", {"staff_no": "F1001", "password": "guess"})
        staff_id = await _id_of(admin, "F1001")
        before = [row for row in (await admin.get("/admin/staff")).json()["staff"] if row["id"] == staff_id]
        assert before[0]["locked_until"] is not None

        row = (await admin.post(f"/admin/staff/{staff_id}/unlock")).json()

        assert row["locked_until"] is None
        await genba.half_signed_in("F1001")

    play(tmp_path, scene)


@pytest.mark.service
def test_the_same_on_postgresql(tmp_path: Path, postgresql_url: str) -> None:
    async def scene(genba: Installation) -> None:
        wrong = await genba.half_signed_in("F1001")
        assert key_of(await wrong.post("/sign-in/otp", {"code": "000000"})) == (422, "otp.wrong")
        browsers = [await genba.half_signed_in("F1001") for _ in range(4)]
        code = {"code": genba.code("F1001")}
        async with asyncio.TaskGroup() as tasks:
            answers = [tasks.create_task(browser.post("/sign-in/otp", code)) for browser in browsers]
        statuses = sorted(answer.result().status_code for answer in answers)
        assert statuses[0] == 200 and statuses.count(200) == 1

        host = await genba.signed_in("F1002")
        call = (await host.post("/calls", {"topic": "road"})).json()["call"]["id"]
        link = (await host.post(f"/calls/{call}/invitations", {"name": "田中"})).json()
        inside = await genba.browser().post(f"/join/{link['url'].rsplit('/', 1)[1]}", {})
        assert inside.status_code == 200
        verified = await genba.services.store.read(access_log.verify)
        assert verified.bad is None and verified.rows > 15

    play(tmp_path, scene, database_url=postgresql_url)


def test_one_code_sent_many_times_at_once_opens_one_session(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        browsers = [await genba.half_signed_in("F1001") for _ in range(4)]
        code = {"code": genba.code("F1001")}
        async with asyncio.TaskGroup() as tasks:
            answers = [tasks.create_task(browser.post("/sign-in/otp", code)) for browser in browsers]

        statuses = sorted(answer.result().status_code for answer in answers)
        assert statuses == [200, 422, 422, 422]

    play(tmp_path, scene)


def test_a_flood_of_guesses_gets_no_more_tries_than_a_queue_of_them(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        body = {"staff_no": "F1001", "password": "guess"}
        browsers = [genba.browser() for _ in range(20)]
        async with asyncio.TaskGroup() as tasks:
            answers = [tasks.create_task(browser.post("/sign-in", body)) for browser in browsers]

        keys = [key_of(answer.result())[1] for answer in answers]
        assert keys.count("sign_in.failed") == 5

    play(tmp_path, scene)
