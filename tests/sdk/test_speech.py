"""Spoken into real microphones, read in the transcript: through Opus, the SFU's tap and a real Whisper.

The model knows eighteen sentences (`tests/tiny_whisper`): it proves the path, not the quality.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import numpy as np
import psutil
import pytest

from tests.installation import Browser, Json
from tests.machines import transcribing
from tests.sdk.guests import until
from tests.sdk.speaking import ROOT, SAMPLE_RATE_HZ, TINY, Server, Talker, recorded, server, talking

pytestmark = pytest.mark.sdk

CRACK, PICTURE = "橋の下にひび割れがあります", "写真を撮ってください"
CLOSED, SAFE = "通行止めにしてください", "家族は全員無事です"
LONG_S = 40.0
PATIENT_S = 90.0
CHECKPOINT = {"GENBA_TRANSCRIPTION_MODEL": str(TINY / "phrases.pt"), "GENBA_TRANSCRIPTION_THREADS": "1"}
Script = Callable[[Server, str, Talker, Talker], Awaitable[None]]


async def transcript(browser: Browser, call: str) -> Json:
    answer = await browser.get(f"/calls/{call}/transcript")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def until_so(browser: Browser, call: str, is_so: Callable[[Json], bool], within_s: float) -> Json:
    """The transcript, once it is like this."""
    async with asyncio.timeout(within_s):
        while not is_so(found := await transcript(browser, call)):  # noqa: ASYNC110  # what is awaited is far away
            await asyncio.sleep(0.1)  # between two looks, of which each is a request
    return found


async def until_lines(browser: Browser, call: str, count: int, within_s: float = LONG_S) -> list[Json]:
    """The lines, once there are so many."""
    found = await until_so(browser, call, lambda found: len(found["lines"]) >= count, within_s)
    return list(found["lines"])


def said(found: list[Json]) -> list[tuple[str, str]]:
    return [(line["name"], line["text"]) for line in found]


def play(folder: Path, script: Script) -> None:
    """A field worker and a specialist in a call, both asked and agreed; then the script."""

    async def run() -> None:
        with server(folder, CHECKPOINT) as genba:
            field, specialist = await genba.signed_in("F1001"), await genba.signed_in("X2001")
            call = (await field.post("/calls", {"topic": "road"})).json()["call"]["id"]
            async with talking(genba, field, call) as one, talking(genba, specialist, call) as other:
                await one.agree(call)
                await other.agree(call)
                await until(lambda: genba.logged("voice_taken") == 2, "both are listened to")
                await script(genba, call, one, other)
            await field.client.aclose()
            await specialist.client.aclose()

    asyncio.run(run())


def test_what_is_said_is_written_down_under_the_right_name(tmp_path: Path) -> None:
    async def script(genba: Server, call: str, one: Talker, other: Talker) -> None:
        await one.say(recorded("crack"))
        [first] = await until_lines(one.browser, call, 1)
        assert first["text"] == CRACK
        assert first["state"] == "automatic" and first["engine"] == "whisper phrases"
        assert 1500 < first["ended_ms"] - first["started_ms"] < 4000

        async with asyncio.TaskGroup() as tasks:  # at the same time
            tasks.create_task(one.say(recorded("closed")))
            tasks.create_task(other.say(recorded("picture")))
        found = await until_lines(one.browser, call, 3)

        names = {(await who.browser.get("/me")).json()["person"]["name"]: who for who in (one, other)}
        assert len(names) == 2
        field, specialist = names
        assert sorted(said(found)) == sorted([(field, CRACK), (field, CLOSED), (specialist, PICTURE)])
        finals = [(text, for_good) for _, text, for_good in other.captions if for_good and text]
        await until(lambda: len([c for c in one.captions if c[2] and c[1]]) >= 3, "three captions")
        assert {text for text, _ in finals} <= {CRACK, CLOSED, PICTURE}

        hiss = np.random.default_rng(2).normal(0, 2500, 2 * SAMPLE_RATE_HZ).astype(np.int16)
        await one.say(hiss)
        await one.say(np.zeros(SAMPLE_RATE_HZ, np.int16))
        await one.say(recorded("safe"))
        found = await until_lines(one.browser, call, 4)
        assert said(found)[3:] == [(field, SAFE)], "silence and noise are no lines"

    play(tmp_path, script)


def test_a_killed_process_loses_no_line_and_who_takes_consent_back_is_not_heard(tmp_path: Path) -> None:
    async def script(genba: Server, call: str, one: Talker, other: Talker) -> None:
        await one.say(recorded("safe"))
        await until_lines(one.browser, call, 1)

        speaking = asyncio.create_task(one.say(recorded("crack")))
        await asyncio.sleep(1.0)  # in the middle of the sentence
        assert genba.kill("listener") and genba.kill("worker")
        await speaking
        found = await until_lines(one.browser, call, 2)
        assert [line["text"] for line in found] == [SAFE, CRACK]

        await one.agree(call, yes=False)
        await one.say(recorded("closed"))
        await other.say(recorded("picture"))
        found = await until_lines(one.browser, call, 3)
        assert [line["text"] for line in found] == [SAFE, CRACK, PICTURE]

    play(tmp_path, script)


def test_the_doctor_says_what_a_model_makes_of_a_recording_and_how_fast(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "signaling", "doctor", "--data", str(tmp_path), "--json"]
    command += ["--transcribe", str(TINY / "crack.flac"), "--model", str(TINY / "phrases.pt")]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    found = json.loads(answer.stdout)

    assert [line["text"] for line in found["lines"]] == [CRACK]
    assert found["engine"] == "whisper phrases" and found["speed_factor"] > 0

    missing = subprocess.run([*command[:-1], "small"], cwd=ROOT, capture_output=True, text=True)
    assert missing.returncode == 1 and "the model's file is not there" in missing.stdout


def test_what_a_crash_of_the_server_took_is_heard_again_from_the_recording(tmp_path: Path) -> None:
    async def run() -> None:
        with server(tmp_path, CHECKPOINT) as genba:
            field = await genba.signed_in("F1001")
            call = (await field.post("/calls", {"topic": "road"})).json()["call"]["id"]
            async with talking(genba, field, call) as talker:
                await talker.agree(call, "transcript", "recording")
                assert (await field.post(f"/calls/{call}/recording/start")).status_code == 200
                await until(lambda: genba.logged("voice_taken") == 1, "somebody is listened to")
                await talker.say(recorded("safe"))
                await until_lines(field, call, 1)
                genba.halt("worker")
                await talker.say(recorded("crack"))
                await talker.say(np.zeros(2 * SAMPLE_RATE_HZ, np.int16))  # by then it is in the journal
                genba.crash()
        with server(tmp_path, CHECKPOINT, int(genba.url.rpartition(":")[2])):
            found = await until_lines(field, call, 2)
            assert [line["text"] for line in found] == [SAFE, CRACK]
            assert found[0]["ended_ms"] <= found[1]["started_ms"]
        await field.client.aclose()

    asyncio.run(run())


@pytest.mark.service
def test_another_machine_recognises_for_the_node_and_one_that_is_killed_costs_no_line(
    tmp_path: Path, redis_url: str
) -> None:
    async def scene(genba: Server, field: Browser, call: str) -> None:
        specialist = await genba.signed_in("X2001")
        async with talking(genba, field, call) as one, talking(genba, specialist, call) as other:
            await one.agree(call)
            await until(lambda: genba.logged("voice_taken") == 1, "somebody is listened to")
            assert (await transcript(field, call))["engine"] == "no_worker"

            with transcribing(redis_url, tmp_path / "data") as machine:
                await until_so(field, call, lambda found: found["engine"] == "ready", PATIENT_S)
                pause = np.zeros(SAMPLE_RATE_HZ // 10, np.int16)  # too short to end the sentence
                await one.say(np.concatenate((recorded("crack"), pause, recorded("picture"))))
                await until_lines(field, call, 1)
                who = one.room.local_participant.identity
                await until(lambda: (who, CRACK, True) in other.captions, "it stays")
                shown = [(text, is_final) for _, text, is_final in other.captions if text]
                assert shown[0] == (CRACK, False), "it was shown while it was said"
                assert shown[-1] == (CRACK, True) and shown.count((CRACK, True)) == 1

                [model] = psutil.Process(machine.pid).children()
                model.suspend()
                await one.say(recorded("safe"))
                machine.kill()
            model.kill()
            with transcribing(redis_url, tmp_path / "data"):
                found = await until_lines(field, call, 2, PATIENT_S)
            assert [line["text"] for line in found] == [CRACK, SAFE]
            assert {line["engine"] for line in found} == {"whisper phrases"}
        await specialist.client.aclose()

    async def run() -> None:
        settings = {"GENBA_TRANSCRIPTION_WORKERS": "0", "GENBA_REDIS_URL": redis_url}
        with server(tmp_path, settings) as genba:
            field = await genba.signed_in("F1001")
            call = (await field.post("/calls", {"topic": "road"})).json()["call"]["id"]
            await scene(genba, field, call)
            await field.client.aclose()

    asyncio.run(run())
