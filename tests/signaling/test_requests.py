"""What surrounds every request: references, headers, refusals of strangers, text logs without people."""

from __future__ import annotations

import logging
import re
from pathlib import Path

import pytest

from signaling import demo, event_log
from tests.installation import ORIGIN, Installation, key_of, play


def test_security_headers_are_on_pages_and_on_the_api(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        client = genba.browser().client
        page, api = await client.get("/calls/01X"), await client.get("/api/public")

        assert page.status_code == 200
        for answer in (page, api):
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert answer.headers["referrer-policy"] == "same-origin"
            assert "camera=(self)" in answer.headers["permissions-policy"]
            assert answer.headers["strict-transport-security"].startswith("max-age=")
        policy = page.headers["content-security-policy"]
        assert "script-src 'self';" in policy and "unsafe" not in policy
        assert "wss://genba.test" in policy and "frame-ancestors 'none'" in policy
        assert api.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
        assert api.headers["cache-control"] == "no-store"

    play(tmp_path, scene)


def test_pages_fetch_map_tiles_from_the_one_server_that_was_set_up(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        browser = genba.browser()
        policy = (await browser.client.get("/cases")).headers["content-security-policy"]
        assert policy.endswith("wss://genba.test https://tiles.example.jp")
        assert policy.count("tiles.example.jp") == 1
        assert (await browser.get("/public")).json()["map"] == {
            "tiles": tiles,
            "attribution": "地理院タイル",
            "attribution_url": "",
        }

    tiles = "https://tiles.example.jp/{z}/{x}/{y}.png"
    play(tmp_path, scene, map_tiles=tiles, map_attribution="地理院タイル")


def test_root_answers_livekit_clients_and_health_is_open(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        client = genba.browser().client
        for method in ("GET", "HEAD"):
            answer = await client.request(method, "/")
            assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (200, "*")
        assert (await client.get("/healthz")).text == "OK"

    play(tmp_path, scene)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "https://genba.test.evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_request_from_another_page_is_refused(tmp_path: Path, headers: dict[str, str]) -> None:
    async def scene(genba: Installation) -> None:
        body = {"staff_no": "F1001", "password": demo.PASSWORD}

        answer = await genba.browser().client.post("/api/sign-in", json=body, headers=headers)

        assert key_of(answer) == (403, "csrf")
        assert "set-cookie" not in answer.headers

    play(tmp_path, scene)


def test_a_full_session_needs_its_own_csrf_token(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        host, other = await genba.signed_in("F1001"), await genba.signed_in("F1002")
        right = host.csrf
        for wrong in ("", "guess", other.csrf):
            host.csrf = wrong
            assert key_of(await host.post("/calls", {})) == (403, "csrf")
        host.csrf = right
        assert (await host.post("/calls", {})).status_code == 201

    play(tmp_path, scene)


@pytest.mark.parametrize(
    ("path", "expected"),
    [("/nothing", (404, "not_found")), ("/public", (405, "method_not_allowed"))],
)
def test_the_frameworks_refusals_have_our_shape(tmp_path: Path, path: str, expected: tuple[int, str]) -> None:
    async def scene(genba: Installation) -> None:
        answer = await genba.browser().post(path)

        assert key_of(answer) == expected
        assert re.fullmatch(r"[0-9A-Z]{4}-[0-9A-Z]{2}", answer.json()["error"]["reference"])
        assert answer.headers["x-request-id"] == answer.json()["error"]["reference"]

    play(tmp_path, scene)


def test_bodies_are_small_and_of_known_length(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        client = genba.browser().client
        large = await client.post("/api/sign-in", content=b" " * 300_000, headers={"Origin": ORIGIN})
        broken = await client.post("/api/sign-in", content=b"{", headers={"Origin": ORIGIN})

        assert key_of(large) == (413, "request.too_large")
        assert key_of(broken) == (422, "request.invalid")

    play(tmp_path, scene)


def test_addresses_come_from_trusted_proxies_only(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        headers = {"X-Forwarded-For": "198.51.100.77"}
        body = {"staff_no": "F1001", "password": "guess"}
        for browser in (genba.browser("10.0.0.2"), genba.browser("203.0.113.1")):
            await browser.client.post("/api/sign-in", json=body, headers=headers)

        addresses = [row.address for row in await genba.log() if row.action == "sign_in.password"]
        assert addresses == ["198.51.100.77", "203.0.113.1"]

    play(tmp_path, scene, trusted_proxies=("10.0.0.0/24",))


def test_text_logs_hold_no_person_no_secret_and_no_address(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    secrets: list[str] = []

    async def scene(genba: Installation) -> None:
        host = await genba.signed_in("F1001")
        started = (
            await host.post("/calls", {"topic": "road", "title": "秘密の件名", "place": "川辺一丁目"})
        ).json()
        call = started["call"]["id"]
        link = (await host.post(f"/calls/{call}/invitations", {"name": "田中 花子"})).json()
        code = link["url"].rsplit("/", 1)[1]
        guest = genba.browser("198.51.100.4")
        inside = (await guest.post(f"/join/{code}", {"name": "田中さん"})).json()
        await guest.post(f"/calls/{call}/messages", {"text": "内緒の話"})
        await genba.browser().post("/sign-in", {"staff_no": "F1001", "password": "ひみつの合言葉"})
        await genba.browser().get(f"/join/{code[::-1]}")
        await host.post(f"/calls/{call}/messages", {"text": 5, "extra": "漏れる"})
        secrets.extend([code, code[::-1], inside["token"], started["token"], host.csrf, inside["csrf_token"]])
        secrets.extend([*host.client.cookies.values(), *guest.client.cookies.values()])

    play(tmp_path, scene)

    formatter = event_log.LineFormatter()
    ours = [
        record for record in caplog.records if not record.name.startswith("httpx")
    ]  # the test's own client
    written = "\n".join(formatter.format(record) for record in ours)
    people = [
        "早瀬",
        "はやせ",
        "田中",
        "秘密の件名",
        "川辺",
        "内緒",
        "ひみつ",
        "漏れる",
        "F1001",
        demo.PASSWORD,
    ]
    assert "route=redeem_invitation status=200" in written
    assert [
        word for word in [*people, demo.PASSWORD, *secrets, "198.51.100.4", "192.0.2.7"] if word in written
    ] == []


def test_a_bug_is_answered_with_a_reference_and_logged_with_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def scene(genba: Installation) -> None:
        browser = await genba.signed_in("F1001")
        call = (await browser.post("/calls", {})).json()["call"]["id"]
        genba.rooms.is_broken = True

        answer = await browser.get(f"/calls/{call}")

        assert key_of(answer) == (500, "server.fault")
        reference = answer.json()["error"]["reference"]
        faults = [record for record in caplog.records if record.message == "request_failed"]
        assert len(faults) == 1 and faults[0].exc_info
        assert reference == answer.headers["x-request-id"]
        genba.rooms.is_broken = False

    play(tmp_path, scene)


def test_a_log_line_cannot_be_forged() -> None:
    fields = {
        "name": "genba",
        "levelname": "INFO",
        "msg": "event\nfake",
        "room": 'a b="c"\nERROR forged',
    }
    record = logging.makeLogRecord(fields)

    line = event_log.LineFormatter().format(record)

    assert "\n" not in line
    assert line.endswith('room="a b=\\"c\\"\\nERROR forged"')
