"""Appointments over HTTP: booked with a mail and a calendar file, moved, cancelled, and started as a call."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

from signaling.mail.calendar import Event, calendar
from tests.clock import START
from tests.installation import Browser, Installation, Json, key_of, play
from tests.mail_server import MailServer

THURSDAY = "2026-11-26T14:00:00+09:00"
MAIL = {"address": "tanaka@example.jp", "consent": True}


async def book(browser: Browser, **more: object) -> Json:
    body = {"starts_at": THURSDAY, "title": "花子橋のこと", "name": "田中", **more}
    answer = await browser.post("/appointments", body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def code_of(appointment: Json) -> str:
    return str(appointment["url"]).rpartition("/a/")[2]


async def arrives(server: MailServer, count: int) -> EmailMessage:
    async with asyncio.timeout(10):
        while True:
            if len(server.taken) >= count:
                return server.messages()[-1]
            await asyncio.sleep(0.02)  # between two looks


def plain(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def test_an_appointment_is_told_by_mail_moved_reminded_of_and_cancelled(tmp_path: Path) -> None:
    with MailServer() as server:

        async def scene(genba: Installation) -> None:
            field = await genba.signed_in("F1001")
            booked = await book(field, mail=MAIL)

            told = await arrives(server, 1)
            assert "2026年11月26日（木） 14:00" in plain(told) and booked["url"] in plain(told)
            [file] = told.iter_attachments()
            assert file.get_content_type() == "text/calendar"
            content = file.get_content()
            assert "DTSTART:20261126T050000Z" in str(content)

            path = f"/appointments/{booked['id']}"
            moved = await field.post(
                path, {"starts_at": "2026-11-27T10:00:00+09:00", "title": "花子橋のこと"}
            )
            assert moved.json()["has_mail"] is True
            assert "2026年11月27日（金） 10:00" in plain(await arrives(server, 2))

            genba.clock.forward(days=2)
            field = await genba.signed_in("F1001")
            genba.services.appointment_desk._post.look()
            assert "まもなくお話の時間です" in str((await arrives(server, 3))["Subject"])

            cancelled = await field.post(f"{path}/cancel", {"reason": "都合"})
            assert (cancelled.json()["state"], cancelled.json()["has_mail"]) == ("cancelled", False)
            assert (await field.get("/appointments")).json()["appointments"] == []
            shown = (await genba.browser().get(f"/appointment/{code_of(booked)}")).json()
            assert shown["state"] == "cancelled"

        play(tmp_path, scene, **server.settings)


def test_the_same_link_opens_the_call_when_it_has_begun(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        field, resident = await genba.signed_in("F1001"), genba.browser()
        booked = await book(field)
        code = code_of(booked)
        shown = (await resident.get(f"/appointment/{code}")).json()
        assert (shown["state"], shown["host"]["name"]) == ("booked", "早瀬 美咲")
        assert key_of(await resident.post(f"/join/{code}", {})) == (404, "invitation.unknown")
        early = await field.post(f"/appointments/{booked['id']}/start")
        assert key_of(early) == (409, "appointment.not_then")

        genba.clock.at = START + timedelta(days=2, hours=3, minutes=50)
        field = await genba.signed_in("F1001")
        started = await field.post(f"/appointments/{booked['id']}/start")

        assert started.json()["call"]["title"] == "花子橋のこと"
        assert (await resident.get(f"/appointment/{code}")).json()["state"] == "started"
        entered = await resident.post(f"/join/{code}", {})
        assert entered.json()["call"]["id"] == started.json()["call"]["id"]
        again = await field.post(f"/appointments/{booked['id']}/start")
        assert key_of(again) == (409, "appointment.over")

    play(tmp_path, scene)


def test_starting_an_appointment_answers_its_ticket(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        field = await genba.signed_in("F1001")
        call = (await field.post("/calls", {})).json()["call"]["id"]
        url = (await field.post(f"/calls/{call}/invitations", {"name": "田中"})).json()["url"]
        resident = genba.browser()
        await resident.post(f"/join/{url.rpartition('/')[2]}", {})
        await resident.post("/guest/call-back", {"phone": "090-0000-1234"})
        [ticket] = (await field.get("/rings")).json()["tickets"]
        soon = (genba.clock.at + timedelta(minutes=10)).isoformat()
        booked = await book(field, starts_at=soon, consultation_id=ticket["consultation"]["id"])

        await field.post(f"/appointments/{booked['id']}/start")

        assert (await field.get("/rings")).json()["tickets"] == []

    play(tmp_path, scene)


def test_the_past_and_a_strangers_office_are_refused(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        field, other = await genba.signed_in("F1001"), await genba.signed_in("X2002")
        past = await field.post("/appointments", {"starts_at": "2026-11-01T10:00:00+09:00", "name": "田中"})
        assert key_of(past) == (409, "appointment.not_then")
        booked = await book(field)
        refused = await other.post(f"/appointments/{booked['id']}/cancel", {})
        assert key_of(refused) == (404, "appointment.unknown")

    play(tmp_path, scene)


def test_a_calendar_line_is_escaped_and_folded() -> None:
    end = START + timedelta(minutes=30)
    event = Event(
        "A1", 2, START, end, "橋;欄干,支え", "一行目\nBEGIN:VEVENT\r\n" + "長" * 60, "https://a.example"
    )

    file = calendar(event, "pref.example.jp", START)

    lines = file.split("\r\n")
    assert max(len(line.encode()) for line in lines) <= 75
    assert "SUMMARY:橋\\;欄干\\,支え" in lines
    assert lines.count("BEGIN:VEVENT") == 1, "text cannot begin an event"
    assert "UID:A1@pref.example.jp" in lines and "SEQUENCE:2" in lines
