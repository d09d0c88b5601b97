"""Notes over HTTP: exactly once, whole or not at all, for the people of the call and nobody else."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from field_assist import notes
from tests.installation import Browser, Installation, play

WEBM = (
    b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\xf2\x81\x04B\xf3\x81\x08B\x82\x84webm"
    + bytes(range(256)) * 40
)
Json = dict[str, Any]  # what an answer holds is the test's business


def announced(content: bytes, kind: str = "voice", **changed: object) -> Json:
    """What a device says of a note before it sends it."""
    return {
        "id": str(uuid4()),
        "kind": kind,
        "size_bytes": len(content),
        "sha256": sha256(content).hexdigest(),
        "duration_ms": 48_000 if kind == "voice" else 0,
        "recorded_at": "2026-11-24T05:29:00Z",
        **changed,
    }


async def host_and_call(genba: Installation) -> tuple[Browser, str]:
    """F1001 in a fresh call."""
    host = await genba.signed_in("F1001")
    answer = await host.post("/calls", {"topic": "road", "title": "ナラ枯れ"})
    return host, answer.json()["call"]["id"]


async def send(browser: Browser, call: str, note: Json, content: bytes, piece: int = 4_000) -> Json:
    """All steps in order; answers the chat line."""
    path = f"/calls/{call}/notes"
    at = (await browser.post(path, note)).json()["received_bytes"]
    while at < len(content):
        answer = await browser.put(f"{path}/{note['id']}/bytes?offset={at}", content[at : at + piece])
        at = answer.json()["received_bytes"]
    line: Json = (await browser.post(f"{path}/{note['id']}/complete")).json()["messages"][0]
    return line


def test_a_note_becomes_a_line_of_the_chat_for_everybody_and_listening_is_logged(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        host, call = await host_and_call(genba)
        note = announced(WEBM)

        line = await send(host, call, note, WEBM)
        again = await host.post(f"/calls/{call}/notes/{note['id']}/complete")
        late = await genba.signed_in("X2001")
        read = (await late.get(f"/calls/{call}/messages")).json()["messages"]
        sound = await late.get(f"/calls/{call}/notes/{note['id']}/sound")

        assert line["note"] == {"id": note["id"], "duration_ms": 48_000} and line["text"] == ""
        assert read == [line] == again.json()["messages"]
        assert genba.rooms.sent[0] == (call, line, "genba.chat")
        assert sound.content == WEBM and sound.headers["content-type"] == "audio/webm"
        rows = [(row.action, row.object) for row in await genba.log() if row.action.startswith("note.")]
        assert rows == [("note.left", note["id"]), ("note.heard", note["id"])]

    play(tmp_path, scene)


def test_a_written_note_is_its_text(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        host, call = await host_and_call(genba)
        words = "直径45cmほど、根元に菌の跡".encode()

        line = await send(host, call, announced(words, "text"), words)

        assert (line["text"], line["note"]) == (words.decode(), None)

    play(tmp_path, scene)


def test_a_piece_at_the_wrong_place_is_told_the_right_one(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        host, call = await host_and_call(genba)
        note = announced(WEBM)
        path = f"/calls/{call}/notes/{note['id']}"
        await host.post(f"/calls/{call}/notes", note)
        await host.put(f"{path}/bytes?offset=0", WEBM[:4_000])

        twice = await host.put(f"{path}/bytes?offset=0", WEBM[:4_000])
        ahead = await host.put(f"{path}/bytes?offset=8000", WEBM[8_000:])
        beyond = await host.put(f"{path}/bytes?offset=4000", WEBM[4_000:] + b"more")
        early = await host.post(f"{path}/complete")
        resumed = await host.post(f"/calls/{call}/notes", note)

        for answer in (twice, ahead, beyond, early):
            assert answer.status_code == 409
            assert answer.json()["error"]["params"] == {"offset": 4_000}
        assert resumed.json()["received_bytes"] == 4_000

    play(tmp_path, scene)


@pytest.mark.parametrize(
    ("content", "claimed"),
    [
        (WEBM, b"something else of the same length"),
        (b"MZ\x90\x00 a program, not a voice", None),
        (b"<html><script>", None),
    ],
)
def test_what_was_not_announced_or_is_no_sound_begins_anew(
    content: bytes, claimed: bytes | None, tmp_path: Path
) -> None:
    async def scene(genba: Installation) -> None:
        host, call = await host_and_call(genba)
        note = announced(content, sha256=sha256(claimed or content).hexdigest())
        path = f"/calls/{call}/notes/{note['id']}"
        await host.post(f"/calls/{call}/notes", note)
        await host.put(f"{path}/bytes?offset=0", content)

        refused = await host.post(f"{path}/complete")

        assert (refused.status_code, refused.json()["error"]["key"]) == (409, "arrival.damaged")
        assert (await host.post(f"/calls/{call}/notes", note)).json()["received_bytes"] == 0
        assert (await host.get(f"/calls/{call}/messages")).json()["messages"] == []
        assert (await host.get(f"{path}/sound")).status_code == 404

    play(tmp_path, scene)


def test_an_identifier_belongs_to_its_sender(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        host, call = await host_and_call(genba)
        note = announced(WEBM)
        await host.post(f"/calls/{call}/notes", note)
        other = await genba.signed_in("X2001")

        taken = await other.post(f"/calls/{call}/notes", note)
        put = await other.put(f"/calls/{call}/notes/{note['id']}/bytes?offset=0", WEBM)
        changed = await host.post(f"/calls/{call}/notes", note | {"sha256": "0" * 64})

        assert [taken.status_code, put.status_code, changed.status_code] == [409, 404, 409]

    play(tmp_path, scene)


@pytest.mark.parametrize(("days", "wanted"), [(0, 200), (6.9, 200), (7.1, 409)])
def test_a_note_may_arrive_for_a_week_after_the_call(days: float, wanted: int, tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        host, call = await host_and_call(genba)
        await host.post(f"/calls/{call}/end")
        genba.clock.forward(days=days)
        host = await genba.signed_in("F1001")

        assert (await host.post(f"/calls/{call}/notes", announced(WEBM))).status_code == wanted

    play(tmp_path, scene)


@pytest.mark.parametrize(
    "wrong",
    [
        {"size_bytes": notes.MAX_VOICE_BYTES + 1},
        {"size_bytes": 0},
        {"kind": "text", "size_bytes": notes.MAX_TEXT_BYTES + 1},
        {"kind": "film"},
        {"id": "../../etc/passwd"},
        {"sha256": "A" * 64},
        {"duration_ms": notes.MAX_DURATION_MS + 1},
        {"recorded_at": "2026-11-24T05:29:00"},
    ],
)
def test_what_cannot_be_a_note_is_refused(wrong: Json, tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        host, call = await host_and_call(genba)

        assert (await host.post(f"/calls/{call}/notes", announced(WEBM, **wrong))).status_code == 422

    play(tmp_path, scene)


def test_a_call_holds_so_much_and_no_more(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        host, call = await host_and_call(genba)
        largest = notes.MAX_VOICE_BYTES
        answers = [
            (await host.post(f"/calls/{call}/notes", announced(WEBM, size_bytes=largest))).status_code
            for _ in range(notes.MAX_CALL_BYTES // largest + 1)
        ]

        assert answers == [200] * (len(answers) - 1) + [409]

    play(tmp_path, scene)


def test_a_request_without_the_token_of_its_session_leaves_nothing(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        host, call = await host_and_call(genba)
        note = announced(WEBM)
        await host.post(f"/calls/{call}/notes", note)
        host.csrf = "guessed"

        answer = await host.put(f"/calls/{call}/notes/{note['id']}/bytes?offset=0", WEBM)

        assert answer.status_code == 403

    play(tmp_path, scene)


@given(st.binary(max_size=80))
@settings(max_examples=300)
def test_only_sound_is_taken_for_sound(head: bytes) -> None:
    assert notes.sniff(head) in (None, "audio/webm", "audio/ogg", "audio/mp4")
    if notes.sniff(head) is None:
        assert not head.startswith(b"OggS")
