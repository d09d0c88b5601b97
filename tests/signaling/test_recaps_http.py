"""After the call over HTTP: the recap, letters behind a link, and their mail through a real SMTP server."""

from __future__ import annotations

from datetime import UTC, datetime
from email.message import EmailMessage
from functools import partial
from pathlib import Path

import pytest
from sqlmodel import col, select

from field_assist.recaps import LETTER_LASTS
from signaling.certificates import self_signed
from signaling.mail import outbox
from signaling.mail.mail_settings import MailSettings
from signaling.mail.outbox import Content, Mail
from signaling.mail.post import compose
from signaling.settings import Secret
from tests import waiting
from tests.clock import START
from tests.installation import Browser, Installation, Json, key_of, play
from tests.mail_server import PASSWORD, USER, MailServer

SAID = {"agreed": "確認書を送り返す\n金額は市が決める", "next_step": "ポストに入れる", "due_on": "2027-02-26"}


async def ended_call(browser: Browser) -> str:
    call = str((await browser.post("/calls", {"title": "給付金のこと"})).json()["call"]["id"])
    await browser.post(f"/calls/{call}/end")
    return call


async def write(browser: Browser, call: str, **more: object) -> Json:
    answer = await browser.post(f"/calls/{call}/letters", {**SAID, "recipient": "田中", **more})
    assert answer.status_code == 201, answer.text
    letters: list[Json] = answer.json()["letters"]
    return letters[-1]


def code_of(letter: Json) -> str:
    return str(letter["url"]).rpartition("/l/")[2]


until = partial(waiting.until, within_s=10)


async def mails(genba: Installation) -> list[Mail]:
    return await genba.services.store.read(
        lambda session: list(session.exec(select(Mail).order_by(col(Mail.id))))
    )


def test_a_recap_is_written_confirmed_and_a_draft_again_after_the_next_change(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        field = await genba.signed_in("F1001")
        call = await ended_call(field)

        empty = (await field.get(f"/calls/{call}/recap")).json()
        assert (empty["version"], empty["happened"]) == (0, "")
        assert "早瀬 美咲" in empty["contact"]
        assert [person["name"] for person in empty["people"]] == ["早瀬 美咲"]

        saved = (
            await field.post(
                f"/calls/{call}/recap", {"version": 0, "happened": "電話", "confirmed": True, **SAID}
            )
        ).json()
        assert (saved["version"], saved["confirmed_by"]) == (1, "早瀬 美咲")

        changed = (await field.post(f"/calls/{call}/recap", {"version": 1, "happened": "訪問"})).json()
        assert (changed["happened"], changed["confirmed_at"]) == ("訪問", None)

    play(tmp_path, scene)


def test_two_who_write_at_once_do_not_undo_one_another(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        field, boss = await genba.signed_in("F1001"), await genba.signed_in("S3001")
        call = await ended_call(field)
        await boss.post(f"/calls/{call}/recap", {"version": 0, "happened": "責任者の文"})

        late = await field.post(f"/calls/{call}/recap", {"version": 0, "happened": "現場の文"})

        assert key_of(late) == (409, "recap.changed")
        assert (await field.get(f"/calls/{call}/recap")).json()["happened"] == "責任者の文"

    play(tmp_path, scene)


def test_whoever_holds_the_link_reads_the_letter_until_it_is_taken_back(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        field, resident = await genba.signed_in("F1001"), genba.browser()
        letter = await write(field, await ended_call(field), language="ja-easy")

        shown = await resident.get(f"/letter/{code_of(letter)}")

        assert shown.status_code == 200
        assert shown.json()["agreed"] == ["確認書を送り返す", "金額は市が決める"]
        assert (shown.json()["due_on"], shown.json()["language"]) == ("2027-02-26", "ja-easy")
        assert "田中" not in shown.text, "whom it is for is nobody's business"
        await field.post(f"/letters/{letter['id']}/revoke")
        assert key_of(await resident.get(f"/letter/{code_of(letter)}")) == (410, "letter.over")
        actions = [row.action for row in await genba.log()]
        assert {"letter.written", "letter.read", "letter.revoked", "letter.refused"} <= set(actions)

    play(tmp_path, scene)


def test_a_letter_expires(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        field, resident = await genba.signed_in("F1001"), genba.browser()
        letter = await write(field, await ended_call(field))
        genba.clock.forward(seconds=LETTER_LASTS.total_seconds())

        assert key_of(await resident.get(f"/letter/{code_of(letter)}")) == (410, "letter.over")

    play(tmp_path, scene)


def test_guessing_codes_stops_soon(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        stranger = genba.browser("203.0.113.9")
        answers = [await stranger.get(f"/letter/{'a' * 21}{digit}") for digit in "123456789ABC"]

        assert key_of(answers[0]) == (404, "letter.unknown")
        assert key_of(answers[-1]) == (429, "rate_limited")

    play(tmp_path, scene)


def test_a_letter_goes_out_as_mail_and_its_address_is_forgotten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = self_signed(tmp_path, (), datetime.now(UTC))
    monkeypatch.setenv("SSL_CERT_FILE", str(files.certificate))
    with MailServer(files) as server:

        async def scene(genba: Installation) -> None:
            field = await genba.signed_in("F1001")
            call = await ended_call(field)
            letter = await write(field, call)

            sent = await field.post(
                f"/letters/{letter['id']}/mail", {"address": "hana..o@docomo.example.jp", "consent": True}
            )
            assert sent.status_code == 200, sent.text

            async def is_sent() -> object:
                return (await mails(genba))[0].state == "sent"

            await until(is_sent)
            [envelope], [message] = server.taken, server.messages()
            assert envelope.rcpt_tos == ["hana..o@docomo.example.jp"]
            text = plain(message)
            assert "・確認書を送り返す" in text and "2027年2月26日（金） まで" in text
            assert letter["url"] in text
            assert message["From"].addresses[0].addr_spec == "genba@pref.example.jp"
            assert (await mails(genba))[0].sealed == ""
            shown = (await field.get(f"/calls/{call}/recap")).json()
            assert [mail["state"] for mail in shown["letters"][0]["mails"]] == ["sent"]

        chosen = server.settings | {"smtp_user": USER, "smtp_password": Secret(PASSWORD)}
        play(tmp_path, scene, **chosen)


def test_a_mail_server_that_is_busy_gets_it_later_and_one_that_refuses_ends_it(tmp_path: Path) -> None:
    with MailServer(refusals=["451 try later", "550 no such user"]) as server:

        async def scene(genba: Installation) -> None:
            field = await genba.signed_in("F1001")
            letter = await write(field, await ended_call(field))
            body = {"address": "hanako@example.jp", "consent": True}
            await field.post(f"/letters/{letter['id']}/mail", body)

            async def has_reason() -> object:
                return (await mails(genba))[0].reason

            await until(has_reason)
            [mail] = await mails(genba)
            assert (mail.state, mail.reason) == ("waiting", "recipient_451")

            genba.clock.forward(seconds=outbox.FIRST_RETRY_S)
            await field.post(f"/letters/{letter['id']}/mail", body)  # wakes the post office

            async def has_failed() -> object:
                return (await mails(genba))[0].state == "failed"

            await until(has_failed)
            first = (await mails(genba))[0]
            assert (first.reason, first.sealed) == ("recipient_550", "")

        play(tmp_path, scene, **server.settings)


def test_without_a_mail_server_nobody_is_offered_mail(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        field = await genba.signed_in("F1001")
        letter = await write(field, await ended_call(field))
        refused = await field.post(
            f"/letters/{letter['id']}/mail", {"address": "a@example.jp", "consent": True}
        )
        assert key_of(refused) == (409, "mail.not_set_up")
        assert (await genba.browser().get(f"/letter/{code_of(letter)}")).json()["can_mail"] is False

    play(tmp_path, scene)


def test_what_is_no_address_is_refused(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        field = await genba.signed_in("F1001")
        path = f"/letters/{(await write(field, await ended_call(field)))['id']}/mail"
        for odd in ("a@b.jp\r\nBcc: c@d.jp", "a@b.jp, c@d.jp", "a@localhost", "あ@example.jp", "a b@c.jp"):
            assert (await field.post(path, {"address": odd, "consent": True})).status_code == 422, odd

    play(tmp_path, scene)


def test_mail_is_not_sent_without_consent_and_not_without_end(tmp_path: Path) -> None:
    with MailServer() as server:

        async def scene(genba: Installation) -> None:
            field, resident = await genba.signed_in("F1001"), genba.browser()
            path = f"/letter/{code_of(await write(field, await ended_call(field)))}/mail"
            assert (
                await resident.post(path, {"address": "a@example.jp", "consent": False})
            ).status_code == 422
            body = {"address": "a@example.jp", "consent": True}
            answers = [(await resident.post(path, body)).status_code for _ in range(7)]
            assert answers == [200] * 5 + [429] * 2

        play(tmp_path, scene, **server.settings)


def test_a_line_break_in_a_header_is_refused() -> None:
    settings = MailSettings(host="mail.example.jp", sender="genba@pref.example.jp", sender_name="あまね県")
    for hostile in (
        Content("a@example.jp", "件名\r\nBcc: b@example.jp", ""),
        Content("a\r\nb@example.jp", "件名", ""),
        Content("a@example.jp\r\nBcc: b@example.jp", "件名", ""),
    ):
        with pytest.raises(ValueError, match=r"invalid|linefeed|Invalid|may not"):
            compose(settings, "id", hostile, START)


def plain(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())
