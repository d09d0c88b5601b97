"""Lists of other organisations, fetched from a real server on loopback: due ones, and what fails stays."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from field_assist import Session, Store
from field_assist.concierge import catalogue
from signaling.__main__ import main
from tests.installation import template

GOOD = "ID,イベント名,開始日\r\nE1,朝市,2030-12-13\r\n".encode("cp932")
LICENSED = ("--licence", "PDL1.0", "--owner", "つづら川市", "--code", "992020")


class Published:
    """What the other organisation's server answers; None is 500."""

    content: bytes | None = GOOD
    leads_to = ""


@contextmanager
def server(published: Published) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content = published.content
            is_led = self.path == "/moved.csv"
            self.send_response(302 if is_led else 500 if content is None else 200)
            self.send_header("Location", published.leads_to)
            self.send_header("Content-Length", str(len(content or b"")))
            self.end_headers()
            self.wfile.write(content or b"")

        def log_message(self, *_: object) -> None:
            """Quietly."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        thread = Thread(target=listening.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.server_port}/events.csv"
        finally:
            listening.shutdown()
            thread.join()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data directory whose list of events was fetched 40 days ago."""
    folder = Path(shutil.copytree(template(), tmp_path / "data"))
    (tmp_path / "events.csv").write_bytes(GOOD)
    command = ["catalogue", "import", str(tmp_path / "events.csv"), "--data", str(folder), *LICENSED]
    assert main(command) == 0
    return folder


def changed(data: Path, **values: object) -> catalogue.CatalogueList:
    """The list, with these values from now on."""
    store = Store(f"sqlite:///{data}/genba.sqlite3")

    def work(session: Session) -> catalogue.CatalogueList:
        (row,) = catalogue.all_lists(session)
        for name, value in values.items():
            setattr(row, name, value)
        session.add(row)
        return row

    try:
        return store.write_now(work)
    finally:
        store.close()


def allow(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("GENBA_FEED_ORIGINS", address.rsplit("/", 1)[0])


def fetch(data: Path, *more: str) -> int:
    return main(["catalogue", "fetch", "--data", str(data), *more])


def test_a_list_is_fetched_when_it_is_due(
    data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    published = Published()
    with server(published) as address:
        allow(monkeypatch, address)
        changed(data, address=address)
        assert fetch(data) == 0
        assert "0件の一覧を取りに行きました" in capsys.readouterr().out

        before = changed(data, fetched_at=datetime.now(UTC) - timedelta(days=40))
        published.content = GOOD.replace("朝市".encode("cp932"), "夕市".encode("cp932"))
        assert fetch(data) == 0

    row = changed(data)
    assert (row.fetched_at > before.fetched_at, row.owner, row.licence) == (True, "つづら川市", "PDL1.0")


@pytest.mark.parametrize(
    ("content", "fault"),
    [(None, "unreachable"), (b"<html>not found</html>", "faulty"), (GOOD + b"E2,,\r\n", "faulty")],
)
def test_what_fails_stays_as_it_was_and_is_tried_again(
    data: Path, content: bytes | None, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    published = Published()
    published.content = content
    with server(published) as address:
        allow(monkeypatch, address)
        before = changed(data, address=address)
        assert fetch(data, "--all") == 1
        failed = changed(data)
        assert (failed.fault, failed.fetched_at, failed.digest) == (fault, before.fetched_at, before.digest)

        published.content = GOOD
        assert fetch(data) == 0
    assert changed(data).fault == ""


def test_nobody_is_called_whom_the_operator_did_not_name_nor_led_to(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    published = Published()
    with server(published) as address, server(published) as unnamed:
        changed(data, address=address)
        assert fetch(data, "--all") == 1
        assert changed(data).fault == "refused", "loopback, and not named in GENBA_FEED_ORIGINS"

        allow(monkeypatch, address)
        changed(data, address=address.replace("events.csv", "moved.csv"))
        published.leads_to = unnamed
        assert fetch(data, "--all") == 1
        assert changed(data).fault == "refused", "a portal leads elsewhere: looked at again"
        for metadata in ("http://169.254.169.254/latest", "https://10.0.0.1/x.csv", "file:///etc/passwd"):
            published.leads_to = metadata
            assert fetch(data, "--all") == 1
            assert changed(data).fault == "refused"

        published.leads_to = "/events.csv"
        assert fetch(data, "--all") == 0
        assert changed(data).fault == ""
