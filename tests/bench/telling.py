"""A Tuesday of 5,000 subscribers: every due notice told once, though the server is killed in the middle.

A real database (SQLite), a real mail server on loopback and the product's own round and post office in a
process that is ended by SIGKILL twice, without a word, and started again. Then a night in which nothing may
come, and people who stop by the address in a mail's header (RFC 8058), whom the next day's notices pass by.

Not part of `make bench`: `python -m tests.bench telling`; tests/signaling/test_notice_day.py is its twin.
The mail server is Python in the bench's own process, on the same cores: a real one is faster.
"""

from __future__ import annotations

import asyncio
import math
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import httpx
from sqlalchemy import insert
from sqlmodel import SQLModel, col, func, select

from field_assist import Session, Store, new_id
from field_assist.concierge import notices, subscribers
from field_assist.concierge.following import Change, FieldChange, Follow, Topic, draft
from field_assist.concierge.notice_plan import Urgency
from field_assist.concierge.notices import Mailing
from field_assist.concierge.subscribers import FollowRow, Notice, NoticeState, Subscriber
from signaling import migrations
from signaling.accounts.access_log import AccessLogRow, Action
from signaling.accounts.vault import Vault, open_vault
from signaling.api.notice_round import Keys, address_context
from signaling.app import create_app
from signaling.clock import SYSTEM_CLOCK
from tests.installation import ORIGIN, RecordedRooms, settings_for
from tests.mail_server import MailServer
from tests.subscribers import BRIDGE, HOME

ROOT = Path(__file__).resolve().parent.parent.parent
IS_ALONE = True  # only when named
RUNS = 1
PEOPLE, QUICK_PEOPLE = 5_000, 100
KILLED_AT = (0.3, 0.7)
"""Shares of the day's mails after which the process dies."""
FEW, STOPPED = 100, 20
MONDAY = datetime(2026, 11, 30, 3, tzinfo=UTC)
PATIENCE_S = 1_800.0
BUDGETS = {
    "telling_doubles": 0,
    "telling_missing": 0,
    "telling_at_night": 0,
    "telling_after_stop": 0,
    "telling_unaudited": 0,
    "telling_memory_mb": 250,
}
HOUSE_FOLLOW = Follow(Topic.WORKS, HOME, "川辺", latitude=33.4815, longitude=136.6475, radius_m=1000)


def run() -> dict[str, float | str]:
    """The whole day."""
    return _day(PEOPLE)


def quick() -> dict[str, float | str]:
    """A hundred people, to see that it runs."""
    return _day(QUICK_PEOPLE)


@dataclass
class _Process:
    """The product's notices, killed when told; `memory_mb` is the most it ever took."""

    folder: Path
    port: int
    memory_mb: float = 0.0

    @contextmanager
    def living(self, hour: int) -> Iterator[subprocess.Popen[bytes]]:
        """From `hour` of that Tuesday until the end of the block."""
        command = [sys.executable, "-m", "tests.notice_day", str(self.folder), str(self.port), str(hour)]
        process = subprocess.Popen(command, cwd=ROOT)
        try:
            yield process
            self.memory_mb = max(self.memory_mb, _peak_mb(process.pid))
        finally:
            process.kill()
            process.wait()


def _day(people: int) -> dict[str, float | str]:
    with TemporaryDirectory() as folder, MailServer() as server:
        path = Path(folder)
        store, vault = Store(f"sqlite:///{path}/genba.sqlite3"), open_vault(path)
        try:
            migrations.upgrade(store.engine)
            due = _fill(store, vault, people)
            process = _Process(path, int(server.settings["smtp_port"]))
            rates = _take_the_day(process, store, server, due)
            told = Counter(envelope.rcpt_tos[0] for envelope in server.taken)
            states = store.read_now(lambda s: Counter(row.state for row in s.exec(select(Mailing))))
            lost = _not_told(store, server, due)
            unaudited = store.read_now(_unaudited)
            at_night = _night(process, store, server)
            after_stop = _after_stop(process, store, server)
        finally:
            store.close()
        rounds = sorted(float(line) for line in (path / "rounds").read_text().split())
    return {
        "telling_people": people,
        "telling_mails_due": due,
        "telling_mails_per_s": round(sum(count for count, _ in rates) / sum(s for _, s in rates), 1),
        "telling_round_s_p95": rounds[math.ceil(len(rounds) * 0.95) - 1],
        "telling_round_s_most": rounds[-1],
        "telling_memory_mb": round(process.memory_mb, 1),
        "telling_doubles": sum(count - 1 for count in told.values()),
        "telling_missing": lost,
        "telling_unclear": states["unclear"],
        "telling_at_night": at_night,
        "telling_after_stop": after_stop,
        "telling_unaudited": unaudited,
    }


def _take_the_day(process: _Process, store: Store, server: MailServer, due: int) -> list[tuple[int, float]]:
    """Until everything is noted; answers mails and seconds of each of the process's lives."""
    rates = []
    for share in KILLED_AT:
        with process.living(10) as living:
            rates.append(_arriving(living, server, int(due * share)))
    with process.living(11) as living:  # what a killed process had claimed is free again by then
        rates.append(_arriving(living, server, due - len(KILLED_AT)))

        def is_settled(session: Session) -> bool:
            waits = select(func.count()).select_from(Notice).where(Notice.state == NoticeState.WAITING.value)
            out = select(func.count()).select_from(Mailing).where(Mailing.state == "out")
            return session.exec(waits).one() == 0 and session.exec(out).one() == 0

        _until(lambda: store.read_now(is_settled), living)
    return rates


def _arriving(living: subprocess.Popen[bytes], server: MailServer, count: int) -> tuple[int, float]:
    """Until so many mails are there; how many came and in how long, from the first of them."""
    before = len(server.taken)
    _until(lambda: len(server.taken) > before or len(server.taken) >= count, living)
    began, first = time.perf_counter(), len(server.taken)
    _until(lambda: len(server.taken) >= count, living)
    return len(server.taken) - first, time.perf_counter() - began


def _until(is_so: Callable[[], bool], living: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not is_so():
        if living.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError("the process ended by itself, or the day takes too long")
        time.sleep(0.02)


def _fill(store: Store, vault: Vault, people: int) -> int:
    """So many people with one to three things that wait since Monday; one in fifty stopped before. How many
    mails are due.

    One of each language is made by the product's own acts, the others are its rows again.
    """
    keys, random = Keys(vault, ORIGIN), Random(8)
    models = store.write_now(lambda session: [_model(session, keys, language) for language in LANGUAGES])
    due = len(models)
    for first in range(len(models), people, 500):
        rows: dict[type[SQLModel], list[dict[str, object]]] = {Subscriber: [], FollowRow: [], Notice: []}
        for number in range(first, min(people, first + 500)):
            for row in _like(random.choice(models), keys, number, random):
                rows[type(row)].append(row.model_dump())
        due += len(rows[Subscriber])
        store.write_now(lambda session, rows=rows: _insert(session, rows))  # type: ignore[misc]
    return due - store.write_now(_some_stop)


LANGUAGES = ("ja", "ja-easy", "en")


def _model(session: Session, keys: Keys, language: str) -> tuple[Subscriber, FollowRow, list[Notice]]:
    asked_at = MONDAY - timedelta(days=1)
    row = subscribers.ask(session, keys.new(f"{language}@example.jp", asked_at), language, "bench", asked_at)
    subscribers.confirm(session, row, asked_at)
    kept = subscribers.add_follow(session, row, HOUSE_FOLLOW, asked_at)
    for change in range(3):
        _tell(session, row, kept.id, MONDAY + timedelta(minutes=change))
    return row, kept, subscribers.waiting(session, row.id)


def _like(
    model: tuple[Subscriber, FollowRow, list[Notice]], keys: Keys, number: int, random: Random
) -> Iterator[SQLModel]:
    """Somebody else with the same wish, one to three of its things, and quiet hours of their own."""
    (row, kept, told), key = model, keys.new(f"{number}@example.jp", MONDAY)
    mine: dict[str, object] = {
        "id": key.id,
        "address_digest": key.address[0],
        "address_sealed": key.address[1],
    }
    mine |= {"code_digest": key.code[0], "code_sealed": key.code[1], "per_week": random.choice((1, 2, 3))}
    quiet = {"quiet_from": random.choice((19, 20, 22)), "quiet_until": random.choice((6, 8, 9))}
    follow_id = new_id(MONDAY)
    yield Subscriber(**(row.model_dump() | mine | quiet))
    yield FollowRow(**(kept.model_dump() | {"id": follow_id, "subscriber_id": key.id}))
    for each in told[: random.randrange(1, 4)]:
        notice_id = new_id(MONDAY)
        ids = {"id": notice_id, "subscriber_id": key.id, "follow_id": follow_id, "once": notice_id}
        yield Notice(**(each.model_dump() | ids))


def _insert(session: Session, rows: dict[type[SQLModel], list[dict[str, object]]]) -> None:
    for kind, values in rows.items():
        session.exec(insert(kind), params=values)


def _some_stop(session: Session) -> int:
    ids = session.exec(select(Subscriber.id).order_by(col(Subscriber.id))).all()[::50]
    return sum(subscribers.stop(session, subscribers.by_id(session, each), MONDAY) for each in ids)


def _tell(
    session: Session,
    row: subscribers.Subscriber,
    follow_id: str,
    at: datetime,
    urgency: Urgency = Urgency.DIGEST,
) -> None:
    change = Change(BRIDGE, at, fields=(FieldChange("規制終了時間", "17:00", f"16:{at.minute:02}"),))
    made = draft(HOUSE_FOLLOW, change, row.language)
    if made is None:
        raise RuntimeError("the bench's own change concerns nobody")
    notices.tell(session, row, replace(made, urgency=urgency), follow_id)


def _not_told(store: Store, server: MailServer, due: int) -> int:
    """People who got nothing, though it is not unclear whether they did."""
    told = {envelope.rcpt_tos[0] for envelope in server.taken}
    unclear = store.read_now(
        lambda session: len(session.exec(select(Mailing).where(Mailing.state == "unclear")).all())
    )
    return max(0, due - len(told) - unclear)


def _unaudited(session: Session) -> int:
    """Mailings without their row in the access log."""
    noted = set(session.exec(select(AccessLogRow.object).where(AccessLogRow.action == Action.NOTICES_MAILED)))
    return sum(mailing not in noted for mailing in session.exec(select(Mailing.id)))


def _night(process: _Process, store: Store, server: MailServer) -> int:
    """How many mails come after 22:00, though some people have something new that cannot wait."""
    evening, before = datetime(2026, 12, 1, 13, 15, tzinfo=UTC), len(server.taken)

    def work(session: Session) -> None:
        query = select(subscribers.FollowRow).order_by(col(subscribers.FollowRow.id)).limit(FEW)
        for kept in session.exec(query).all():
            _tell(session, subscribers.by_id(session, kept.subscriber_id), kept.id, evening, Urgency.SOON)

    store.write_now(work)
    rounds = process.folder / "rounds"
    done = len(rounds.read_text().split()) + 20
    with process.living(22) as living:
        _until(lambda: len(rounds.read_text().split()) >= done, living)
    return len(server.taken) - before


def _after_stop(process: _Process, store: Store, server: MailServer) -> int:
    """How many mails of the next week come to people who stopped by the address in the header of theirs."""
    first = store.read_now(_waiting_addresses(process.folder))
    messages = [message for message in server.messages() if message["To"] in first][:STOPPED]
    gone = {str(message["To"]) for message in messages}
    asyncio.run(_stop(process.folder, [str(message["List-Unsubscribe"]) for message in messages]))
    before, awaited = len(server.taken), len(first) - len(gone)
    with process.living(7 * 24 + 12) as living:
        _until(lambda: len(server.taken) >= before + awaited, living)
    return sum(envelope.rcpt_tos[0] in gone for envelope in server.taken[before:])


def _waiting_addresses(folder: Path) -> Callable[[Session], set[str]]:
    def read(session: Session) -> set[str]:
        vault, query = open_vault(folder), select(Notice.subscriber_id)
        ids = set(session.exec(query.where(Notice.state == NoticeState.WAITING.value)))
        rows = (subscribers.by_id(session, each) for each in ids)
        return {vault.open(row.address_sealed, address_context(row.id)) for row in rows}

    return read


async def _stop(folder: Path, headers: list[str]) -> None:
    """One click in a mail program each: a POST to the address of the header, and nothing else."""
    app = create_app(settings_for(folder, public_url=ORIGIN), SYSTEM_CLOCK, RecordedRooms())
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app, client=("192.0.2.7", 40000))
        async with httpx.AsyncClient(transport=transport) as program:
            for header in headers:
                answer = await program.post(header.strip("<>"), data={"List-Unsubscribe": "One-Click"})
                answer.raise_for_status()


def _peak_mb(pid: int) -> float:
    """VmHWM of proc_pid_status(5)."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024
