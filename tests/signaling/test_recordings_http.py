"""Recordings over HTTP: opened with a fresh code only, kept as long as they must be, gone when they go."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Awaitable, Callable
from pathlib import Path

import av
import httpx
import numpy as np
import pytest

from field_assist import Person, Purpose, calls, redaction_chain, redactions, staff, transcripts
from recordings import catalogue
from signaling.accounts.access_log import Action
from signaling.api.consent_desk import UNREAD, Answer
from tests.installation import Browser, Installation, Json, key_of, play
from tests.signaling.recorded_track import recorded
from tests.waiting import until

HOST, SUPERVISOR = "F1001", "S3001"


class Recorded:
    """A call that was recorded for six seconds, one voice, and is over."""

    def __init__(self, genba: Installation, call_id: str, host: Person, file: Path) -> None:
        self.genba = genba
        self.call_id = call_id
        self.host = host
        self.file = file
        self.path = f"/calls/{call_id}/recording"

    @classmethod
    async def make(cls, genba: Installation, *, is_over: bool = True) -> Recorded:
        """With a journal as the writer leaves it."""
        services, store = genba.services, genba.services.store
        member = await store.read(lambda session: staff.by_number(session, HOST))
        assert member is not None
        host = member.person()
        call_id = (await services.call_desk.start(host, calls.NewCall(), "")).sheet.call.id
        file = await recorded(genba, call_id, host)
        if is_over:
            await services.recording_desk.stop(host, call_id, "")
            await services.call_desk.end(host, call_id, "")
        return cls(genba, call_id, host, file)

    async def opened(self, browser: Browser, staff_no: str) -> Json:
        """Opened with a code that was not used yet."""
        self.genba.clock.forward(seconds=30)
        answer = await browser.post(f"{self.path}/open", {"code": self.genba.code(staff_no)})
        assert answer.status_code == 200, answer.text
        found: Json = answer.json()["recording"]
        return found

    async def actions(self) -> list[str]:
        """What the log says of it."""
        return [row.action for row in await self.genba.log() if row.action.startswith("recording.")]


def scene(folder: Path, what: Callable[[Recorded], Awaitable[None]], **chosen: bool) -> None:
    async def run(genba: Installation) -> None:
        await what(await Recorded.make(genba, **chosen))

    play(folder, run)


def test_it_opens_with_a_fresh_code_for_a_while_and_each_time_is_logged(tmp_path: Path) -> None:
    async def what(made: Recorded) -> None:
        host = await made.genba.signed_in(HOST)
        media = f"{made.path}/tracks/{made.file.stem}"
        assert (await host.get(made.path)).json()["recording"]["tracks"] == []
        assert key_of(await host.get(media)) == (403, "recording.locked")
        assert key_of(await host.post(f"{made.path}/open", {"code": "000000"})) == (422, "otp.wrong")
        used = made.genba.code(HOST)
        assert key_of(await host.post(f"{made.path}/open", {"code": used})) == (422, "otp.used")

        found = await made.opened(host, HOST)
        [track] = found["tracks"]
        assert (track["start_ms"], track["end_ms"]) == (0, 5980)
        assert found["watermark"].startswith("F1001 早瀬 美咲 20")
        answer = await host.get(media, from_ms=0, to_ms=3000)
        assert answer.headers["content-type"] == "audio/webm"
        assert float(answer.headers["genba-start-ms"]) == pytest.approx(6.5, abs=1)
        part = await host.client.get(f"/api{media}?from_ms=0&to_ms=3000", headers={"Range": "bytes=100-199"})
        assert part.status_code == 206
        assert part.content == answer.content[100:200]
        assert part.headers["content-range"] == f"bytes 100-199/{len(answer.content)}"

        other = await made.genba.signed_in(HOST)  # the same person, another session
        assert key_of(await other.get(media)) == (403, "recording.locked")
        made.genba.clock.forward(seconds=31 * 60)
        assert key_of(await host.get(media)) == (403, "recording.locked")
        assert (await made.actions()).count(Action.RECORDING_OPENED) == 1

    scene(tmp_path, what)


def test_what_is_due_goes_by_itself_and_leaves_its_record(tmp_path: Path) -> None:
    async def what(made: Recorded) -> None:
        desk = made.genba.services.recording_desk
        boss = await made.genba.signed_in(SUPERVISOR)
        confirmed = (await boss.post(f"{made.path}/confirm")).json()["recording"]
        assert confirmed["due_at"] > confirmed["confirmed_at"]
        made.genba.clock.forward(seconds=29 * 24 * 3600)
        await desk.tidy()
        assert made.file.exists()
        made.genba.clock.forward(seconds=2 * 24 * 3600)
        await desk.tidy()
        assert not made.file.exists()
        boss = await made.genba.signed_in(SUPERVISOR)
        gone = (await boss.get(made.path)).json()["recording"]
        assert gone["disposed_at"] is not None
        assert gone["disposal_reason"] == ""
        code = made.genba.code(SUPERVISOR)
        made.genba.clock.forward(seconds=30)
        code = made.genba.code(SUPERVISOR)
        assert key_of(await boss.post(f"{made.path}/open", {"code": code})) == (404, "recording.unknown")
        assert (await made.actions())[-1] == Action.RECORDING_DISPOSED

    scene(tmp_path, what)


def test_a_hold_outlasts_what_is_due_and_who_disposes_gives_a_code(tmp_path: Path) -> None:
    async def what(made: Recorded) -> None:
        desk, genba = made.genba.services.recording_desk, made.genba
        boss = await genba.signed_in(SUPERVISOR)
        host = await genba.signed_in(HOST)
        assert key_of(await host.post(f"{made.path}/hold", {"reason": "x"})) == (403, "forbidden")
        held = await boss.post(f"{made.path}/hold", {"reason": "係争中"})
        assert held.json()["recording"]["hold_reason"] == "係争中"
        genba.clock.forward(seconds=400 * 24 * 3600)
        await desk.tidy()
        assert made.file.exists()

        boss = await genba.signed_in(SUPERVISOR)
        genba.clock.forward(seconds=30)
        words = {"reason": "満了", "code": genba.code(SUPERVISOR)}
        assert key_of(await boss.post(f"{made.path}/dispose", words)) == (409, "recording.held")
        await boss.post(f"{made.path}/release")
        assert (await boss.post(f"{made.path}/retention", {"retention": "30y"})).status_code == 200
        await desk.tidy()
        assert made.file.exists()
        genba.clock.forward(seconds=30)
        words = {"reason": "本人の求め", "code": genba.code(SUPERVISOR)}
        assert (await boss.post(f"{made.path}/dispose", words)).status_code == 200
        assert not made.file.exists()

    scene(tmp_path, what)


def test_who_takes_their_consent_back_may_have_it_deleted(tmp_path: Path) -> None:
    async def what(made: Recorded) -> None:
        consents = made.genba.services.consent_desk
        for is_yes in (True, False):
            said = Answer((Purpose.RECORDING,), is_yes=is_yes, reading=UNREAD)
            await consents.answer(made.host, made.call_id, said, "")
        made.genba.clock.forward(seconds=10)
        wish = Answer((Purpose.RECORDING,), is_yes=False, reading=UNREAD)
        await consents.settle(made.host, made.call_id, wish, "")
        await made.genba.services.recording_desk.tidy()
        assert not made.file.exists()
        host = await made.genba.signed_in(HOST)
        [track] = (await made.opened(host, HOST))["tracks"]
        assert track["is_gone"]
        assert track["size_bytes"] > 0
        assert (await made.actions()).count(Action.RECORDING_WITHDRAWN) == 1

    scene(tmp_path, what, is_over=False)


def test_a_recording_ends_with_its_call(tmp_path: Path) -> None:
    async def what(made: Recorded) -> None:
        assert made.call_id in made.genba.rooms.recorded
        host = await made.genba.signed_in(HOST)
        await host.post(f"/calls/{made.call_id}/end")
        await made.genba.services.recording_desk.tidy()
        assert made.call_id not in made.genba.rooms.recorded
        assert (await host.get(made.path)).json()["recording"]["running"] is False

    scene(tmp_path, what, is_over=False)


def test_a_crash_leaves_a_track_that_ends_where_its_journal_does(tmp_path: Path) -> None:
    async def what(made: Recorded) -> None:
        store, recorder = made.genba.services.store, made.genba.services.recording_desk._recorder

        def interrupt(session: object) -> None:
            from sqlmodel import Session

            assert isinstance(session, Session)
            row = session.get(catalogue.RecordedTrack, made.file.stem)
            assert row is not None
            row.ended_at, row.size_bytes = None, 0
            session.add(row)

        await store.write(interrupt)
        made.file.write_bytes(made.file.read_bytes()[:-50] + b"torn")
        await recorder._recover()
        host = await made.genba.signed_in(HOST)
        [track] = (await made.opened(host, HOST))["tracks"]
        assert track["is_interrupted"]
        assert track["size_bytes"] == made.file.stat().st_size
        assert 4000 < track["end_ms"] <= 6000

    scene(tmp_path, what)


def test_one_file_is_made_of_it_and_goes_with_what_it_was_made_of(tmp_path: Path) -> None:
    async def what(made: Recorded) -> None:
        host = await made.genba.signed_in(HOST)
        exports = f"{made.path}/exports"
        assert key_of(await host.post(exports, {"layout": "grid"})) == (403, "recording.locked")
        await made.opened(host, HOST)
        assert (await host.post(exports, {"layout": "grid"})).status_code == 200
        async with asyncio.timeout(60):
            while (found := (await host.get(exports)).json()["exports"][0])["state"] != "ready":
                assert found["state"] != "failed"
                await asyncio.sleep(0.05)
        assert found["progress"] == 1.0
        answer = await host.get(f"{exports}/grid")
        assert answer.content[4:8] == b"ftyp"
        assert len(answer.content) == found["size_bytes"]
        assert (await made.actions())[-2:] == [Action.RECORDING_EXPORTED, Action.RECORDING_TAKEN]

        made.genba.clock.forward(seconds=200 * 24 * 3600)
        await made.genba.services.recording_desk.tidy()
        assert list(made.file.parent.iterdir()) == []

    scene(tmp_path, what)


def test_a_file_of_it_has_captions_and_goes_when_somebody_wants_their_words_deleted(tmp_path: Path) -> None:
    async def what(made: Recorded) -> None:
        services, genba = made.genba.services, made.genba
        speech = transcripts.Speech(made.host.identity, made.host.name, "ja", 1000, 3000)
        words = transcripts.Words("ひび割れが広がっています", "tiny", 0.9, is_doubtful=False)
        await services.store.write(
            lambda session: transcripts.write(session, made.call_id, speech, words, genba.clock.at)
        )
        await services.recording_desk.stop(made.host, made.call_id, "")
        host = await genba.signed_in(HOST)
        await made.opened(host, HOST)
        exports = f"{made.path}/exports"
        assert (await host.post(exports, {"layout": "grid", "burnt_in": True})).status_code == 200

        await until_ready(host, exports)
        file = await host.get(f"{exports}/grid")
        with av.open(io.BytesIO(file.content), "r") as container:
            [track] = container.streams.subtitles
            said = [bytes(packet)[2:].decode() for packet in container.demux(track) if packet.size]
        assert "早瀬 美咲：ひび割れが広がっています（自動）" in said

        [line] = (await host.get(f"/calls/{made.call_id}/transcript")).json()["lines"]
        masked = {"revision": 1, "text": "■■■", "state": "masked"}
        assert (await host.post(f"/transcript/lines/{line['id']}", masked)).status_code == 200
        assert [each["state"] for each in (await host.get(exports)).json()["exports"]] == ["outdated"]
        assert (await host.get(f"{exports}/grid")).status_code == 404
        assert (await host.post(exports, {"layout": "grid"})).status_code == 200
        await until_ready(host, exports)

        for is_yes in (True, False):
            answer = Answer((Purpose.TRANSCRIPT,), is_yes=is_yes, reading=UNREAD)
            await services.consent_desk.answer(made.host, made.call_id, answer, "")
        wish = Answer((Purpose.TRANSCRIPT,), is_yes=False, reading=UNREAD)
        await services.consent_desk.settle(made.host, made.call_id, wish, "")

        async def is_gone() -> bool:
            return not (await host.get(exports)).json()["exports"]

        await until(is_gone, within_s=10)

    scene(tmp_path, what, is_over=False)


def test_what_is_hidden_is_played_to_supervisors_alone_and_is_in_no_file(tmp_path: Path) -> None:
    async def what(made: Recorded) -> None:
        host, chief = await made.genba.signed_in(HOST), await made.genba.signed_in(SUPERVISOR)
        await made.opened(host, HOST)
        await made.opened(chief, SUPERVISOR)
        exports = f"{made.path}/exports"
        await host.post(exports, {"layout": "grid"})
        await until_ready(host, exports)

        hide = {"from_ms": 2000, "to_ms": 4000, "reason": "personal"}
        answer = await chief.post(f"/calls/{made.call_id}/redactions", hide)
        assert answer.status_code == 201, answer.text

        media = f"{made.path}/tracks/{made.file.stem}"
        whole = await loudness(await chief.get(media, from_ms=0, to_ms=6000), 2500, 3500)
        kept_back = await host.get(media, from_ms=0, to_ms=6000)
        assert await loudness(kept_back, 2500, 3500) < 0.001 < 0.05 < whole
        assert await loudness(kept_back, 500, 1500) > 0.05
        assert (await host.get(media, from_ms=2500, to_ms=3500)).status_code == 204
        assert (await host.get(exports)).json()["exports"] == []  # it was made before
        await chief.post(exports, {"layout": "grid"})
        await until_ready(chief, exports)
        file = await chief.get(f"{exports}/grid")
        assert await loudness(file, 2500, 3500) < 0.01 < 0.05 < await loudness(file, 4500, 5500)
        [row] = await made.genba.services.store.read(
            lambda session: redactions.of_call(session, made.call_id)
        )
        [track] = redaction_chain.read(row.link)["tracks"]
        assert track == {"id": made.file.stem, "sha256": "0" * 64}

    scene(tmp_path, what)


async def until_ready(browser: Browser, exports: str) -> None:
    """The file is there."""

    async def is_ready() -> bool:
        found = (await browser.get(exports)).json()["exports"]
        return [each["state"] for each in found] == ["ready"]

    await until(is_ready, within_s=60)


async def loudness(answer: httpx.Response, from_ms: int, to_ms: int) -> float:
    """The mean of the samples in a stretch of the call, between 0 and 1."""
    assert answer.status_code == 200, answer.text
    start_ms = float(answer.headers.get("genba-start-ms", 0))
    with av.open(io.BytesIO(answer.content), "r") as container:
        resampler = av.AudioResampler("flt", "mono", 48_000)
        frames = [each for frame in container.decode(audio=0) for each in resampler.resample(frame)]
    sound = np.concatenate([frame.to_ndarray().reshape(-1) for frame in frames])
    first, last = (int((moment - start_ms) * 48) for moment in (from_ms, to_ms))
    return float(np.abs(sound[first:last]).mean())
