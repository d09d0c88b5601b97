"""The post office over a real SMTP server: mail follows mail over one connection, and none is lost."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from field_assist import Session, Store
from signaling import migrations
from signaling.accounts.vault import Vault, open_vault
from signaling.certificates import self_signed
from signaling.mail import outbox
from signaling.mail.mail_settings import MailSettings
from signaling.mail.post import MAILS_OF_A_CONNECTION, PostOffice
from tests.clock import START, FakeClock
from tests.mail_server import PASSWORD, USER, MailServer
from tests.waiting import until


def sent(folder: Path, server: MailServer, count: int) -> Counter[str]:
    """How so many mails to different people end."""
    return asyncio.run(_sent(folder, server, count))


async def _sent(folder: Path, server: MailServer, count: int) -> Counter[str]:
    store, vault, clock = Store(f"sqlite:///{folder}/genba.sqlite3"), open_vault(folder), FakeClock().clock
    migrations.upgrade(store.engine)
    async with store:
        await store.write(lambda session: fill(session, vault, count))

        async def states() -> Counter[str]:
            return Counter(await store.read(lambda session: session.exec(select(outbox.Mail.state)).all()))

        async with PostOffice(store, vault, clock, settings_of(server)).running():

            async def is_done() -> bool:
                return (await states()).keys() <= {"sent", "failed"}

            await until(is_done, within_s=30)
        return await states()


def test_a_post_that_ends_in_the_middle_leaves_no_connection_and_sends_nothing_twice(tmp_path: Path) -> None:
    store, vault, clock = (
        Store(f"sqlite:///{tmp_path}/genba.sqlite3"),
        open_vault(tmp_path),
        FakeClock().clock,
    )
    migrations.upgrade(store.engine)

    async def days(server: MailServer) -> None:
        async with store:
            await store.write(lambda session: fill(session, vault, 20))
            for count in (1, 5, 9):
                async with PostOffice(store, vault, clock, settings_of(server)).running():
                    await until(lambda count=count: len(server.taken) >= count)  # type: ignore[misc]

    with MailServer() as server:
        asyncio.run(days(server))
        assert max(Counter(envelope.rcpt_tos[0] for envelope in server.taken).values()) == 1


def settings_of(server: MailServer) -> MailSettings:
    """How mail goes out by it."""
    given = {name.removeprefix("smtp_"): value for name, value in server.settings.items()}
    return MailSettings(**given | ({"user": USER, "password": PASSWORD} if server.files else {}))


def fill(session: Session, vault: Vault, count: int) -> None:
    for number in range(count):
        content = outbox.Content(f"{number}@example.jp", "お知らせ", "本文", is_once=True)
        at = START - timedelta(seconds=count - number)  # the oldest goes first
        outbox.put(session, vault, content, f"{number}", at, until=START + timedelta(days=1))


def test_mail_follows_mail_over_one_connection(tmp_path: Path) -> None:
    with MailServer() as server:
        count = MAILS_OF_A_CONNECTION + 2
        assert sent(tmp_path, server, count) == {"sent": count}
        assert server.greetings == 2
        assert {envelope.rcpt_tos[0] for envelope in server.taken} == {
            f"{n}@example.jp" for n in range(count)
        }


def test_a_server_that_wants_no_second_mail_gets_it_over_a_new_connection(tmp_path: Path) -> None:
    with MailServer(is_impatient=True) as server:
        assert sent(tmp_path, server, 3) == {"sent": 3}
        assert server.greetings == 3 and len(server.taken) == 3


def test_an_address_that_is_refused_costs_the_next_mail_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = self_signed(tmp_path, (), datetime.now(UTC))
    monkeypatch.setenv("SSL_CERT_FILE", str(files.certificate))
    with MailServer(files, refusals=["550 no such user"]) as server:
        assert sent(tmp_path, server, 3) == {"failed": 1, "sent": 2}
        assert [envelope.rcpt_tos[0] for envelope in server.taken] == ["1@example.jp", "2@example.jp"]


def test_what_was_withdrawn_while_it_failed_is_not_tried_again(store: Store, tmp_path: Path) -> None:
    vault = open_vault(tmp_path)
    store.write_now(lambda session: fill(session, vault, 1))
    [claimed] = store.write_now(lambda session: [outbox.claim(session, START)])
    assert claimed is not None
    store.write_now(lambda session: outbox.withdraw(session, "0", START))
    store.write_now(
        lambda session: outbox.failed(session, claimed.id, "recipient_451", START, for_good=False)
    )
    later = START + timedelta(hours=2)
    assert store.write_now(lambda session: outbox.claim(session, later)) is None
    [row] = store.read_now(lambda session: outbox.about(session, ["0"]))
    assert (row.state, row.reason) == ("failed", "withdrawn")
