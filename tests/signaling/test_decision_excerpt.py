"""The twenty seconds a decision was proposed in: there for who may hear the recording, gone with it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from field_assist import transcripts
from recordings import catalogue
from tests.installation import Browser, Installation, Json, play
from tests.signaling.recorded_track import recorded
from tests.signaling.test_bundle import host_of
from tests.signaling.test_decisions_http import Scene


async def read(browser: Browser, decision: Json) -> Json:
    found: Json = (await browser.get(f"/decisions/{decision['id']}")).json()
    return found


def test_who_approves_hears_the_seconds_around_the_proposal(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        here = await Scene.begin(genba)
        host, store = await host_of(genba), genba.services.store
        before = await here.propose()
        assert before["excerpt"] is None, "nothing was recorded"

        genba.clock.forward(seconds=60)
        journal = await recorded(genba, here.call_id, host)
        began = (await genba.services.recording_desk.state(host, here.call_id)).sheet.call.started_at
        at_ms = (genba.clock.at - began) // timedelta(milliseconds=1)
        speech = transcripts.Speech(host.identity, host.name, "ja", at_ms + 3000, at_ms + 5000)
        words = transcripts.Words("いちばん太い所で0.4ミリです", "tiny", 0.9, is_doubtful=False)
        line = await store.write(
            lambda session: transcripts.write(session, here.call_id, speech, words, genba.clock.at)
        )
        genba.clock.forward(seconds=4)
        around = await here.propose()
        cited = await here.propose(cites=[line.line_id])
        genba.clock.forward(seconds=600)
        late = await here.propose()

        assert around["excerpt"] == {"from_ms": at_ms + 4000 - 15_000, "to_ms": at_ms + 4000 + 5_000}
        assert cited["excerpt"] == {"from_ms": at_ms + 1000, "to_ms": at_ms + 21_000}
        assert late["excerpt"] is None, "the recording was over"
        assert (await read(here.chief, cited))["excerpt"] == cited["excerpt"]

        path = f"/calls/{here.call_id}/recording"
        opened = await here.chief.post(f"{path}/open", {"code": here.code("S3001")})
        assert opened.status_code == 200, opened.text
        span = {"from_ms": cited["excerpt"]["from_ms"], "to_ms": cited["excerpt"]["to_ms"]}
        assert (await here.chief.get(f"{path}/tracks/{journal.stem}", **span)).status_code == 200
        judged = await here.judge(here.chief, cited, "approved", here.code("S3001"))
        assert judged.status_code == 200, "the next code approves"

        await genba.services.recording_desk.stop(host, here.call_id, "")
        row = await store.read(lambda session: catalogue.kept_of_call(session, here.call_id))
        await store.write(lambda session: catalogue.dispose(session, row, None, "満了", genba.clock.at))
        assert (await read(here.chief, cited))["excerpt"] is None

    play(tmp_path, scene)


def test_who_may_not_hear_the_call_is_offered_nothing(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        here = await Scene.begin(genba)
        other = await genba.signed_in("X2003")  # votes, and has no part in the call
        await recorded(genba, here.call_id, await host_of(genba))
        ask = {"voter_ids": [await here.id_of(other), await here.id_of(here.chief)], "quorum": 2}
        until = (genba.clock.at + timedelta(hours=1)).isoformat()
        circulated = await here.propose(ask=ask | {"until": until})

        assert circulated["excerpt"] is not None
        seen = await read(other, circulated)
        assert (seen["can"], seen["excerpt"]) == (["vote"], None)

    play(tmp_path, scene)
