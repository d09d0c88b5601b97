"""Hold and hand-over over HTTP: who is apart from whom, when it ends by itself, the note, a restart."""

from __future__ import annotations

import json
from pathlib import Path

from field_assist.queueing import RING_S
from signaling.api.hold_desk import LEFT_GRACE_S, HoldDesk
from signaling.api.ring_leader import JOIN_GRACE
from tests.installation import Browser, Installation, Json, key_of, play
from tests.waiting import until

RESIDENT = "G-someone"


async def person(browser: Browser) -> Json:
    return dict((await browser.get("/me")).json()["person"])


def is_held(genba: Installation, call: str) -> bool:
    """Whether the room keeps staff and guests apart, and says so to everybody in it."""
    rule, metadata = genba.rooms.audiences.get(call, (None, ""))
    if rule is None:
        assert metadata == ""
        return False
    assert rule("S-1", "S-2", "audio") and rule(RESIDENT, "G-other", "video")
    assert not rule("S-1", RESIDENT, "audio") and not rule("S-1", RESIDENT, "video")
    assert not rule(RESIDENT, "S-1", "audio") and not rule("S-1", "EG_recorder", "audio")
    assert json.loads(metadata)["hold"]["since"]
    return True


class Call:
    """A call hosted by F1001 with a specialist beside her."""

    def __init__(self, genba: Installation, host: Browser, colleague: Browser) -> None:
        self.genba, self.host, self.colleague = genba, host, colleague
        self.id, self.people = "", dict[str, Json]()

    @classmethod
    async def begin(cls, genba: Installation) -> Call:
        made = cls(genba, await genba.signed_in("F1001"), await genba.signed_in("X2001"))
        started = await made.host.post("/calls", {"title": "相談"})
        made.id = str(started.json()["call"]["id"])
        made.people = {"host": await person(made.host), "colleague": await person(made.colleague)}
        return made

    def here(self, *who: str) -> None:
        """Who is in the room now, beside the resident."""
        identities = [f"S-{self.people[each]['id']}" for each in who]
        self.genba.rooms.present[self.id] = [RESIDENT, *identities]
        self.genba.rooms.happen("participant_left", self.id, "whoever")

    async def hand_over(self) -> Json:
        body = {"staff_id": self.people["colleague"]["id"], "note": "橋の件です", "agreed": "写真を送る"}
        answer = await self.host.post(f"/calls/{self.id}/hand-overs", body)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    async def accept(self) -> int:
        [ring] = (await self.colleague.get("/rings")).json()["rings"]
        assert (ring["hand_over"]["note"], ring["hand_over"]["agreed"]) == ("橋の件です", "写真を送る")
        answer = await self.colleague.post(f"/consultations/{ring['consultation']['id']}/accept")
        return answer.status_code

    async def state(self) -> str:
        return str((await self.host.get(f"/calls/{self.id}/hand-overs")).json()[-1]["state"])

    async def host_name(self) -> str:
        return str((await self.host.get(f"/calls/{self.id}")).json()["host"]["name"])


def test_staff_talk_among_themselves_until_one_of_them_brings_the_guests_back(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        call = await Call.begin(genba)
        call.here("host")
        await call.colleague.post(f"/calls/{call.id}/join")
        await call.host.post(f"/calls/{call.id}/members", {"staff_id": call.people["colleague"]["id"]})
        assert key_of(await call.host.post(f"/calls/{call.id}/hold")) == (409, "hold.nobody_else")
        assert not is_held(genba, call.id)

        call.here("host", "colleague")
        assert (await call.host.post(f"/calls/{call.id}/hold")).status_code == 204
        assert is_held(genba, call.id)
        assert (await call.host.post(f"/calls/{call.id}/hold")).status_code == 204, "again is the same"
        assert (await call.colleague.post(f"/calls/{call.id}/hold/release")).status_code == 204

        assert not is_held(genba, call.id)
        actions = [row.action for row in await genba.log()]
        assert actions.count("call.held") == actions.count("call.released") == 1

    play(tmp_path, scene)


def test_a_hold_ends_by_itself_when_nobody_is_left_to_talk_to(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        call = await Call.begin(genba)
        await call.host.post(f"/calls/{call.id}/members", {"staff_id": call.people["colleague"]["id"]})
        call.here("host", "colleague")
        await call.host.post(f"/calls/{call.id}/hold")
        await genba.services.hold_desk.look_after()

        call.here("host")
        await genba.services.hold_desk.look_after()
        genba.clock.forward(seconds=LEFT_GRACE_S - 1)
        await genba.services.hold_desk.look_after()
        assert is_held(genba, call.id), "a phone may change its network"
        genba.clock.forward(seconds=1)
        await genba.services.hold_desk.look_after()

        assert not is_held(genba, call.id)

    play(tmp_path, scene)


def test_a_call_is_handed_over_with_its_note(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        call = await Call.begin(genba)
        call.here("host")
        started = await call.hand_over()
        assert started["state"] == "ringing"
        assert not is_held(genba, call.id), "the talk goes on while it rings"

        assert await call.accept() == 200
        assert is_held(genba, call.id), "before the colleague is in the room"
        call.here("host", "colleague")
        assert (await call.colleague.get(f"/calls/{call.id}/hand-overs")).json()[0]["note"] == "橋の件です"
        done = await call.host.post(f"/hand-overs/{started['id']}/complete")

        assert done.json()["state"] == "done"
        assert not is_held(genba, call.id)
        assert await call.host_name() == call.people["colleague"]["name"]
        again = await call.colleague.post(f"/hand-overs/{started['id']}/cancel")
        assert key_of(again) == (409, "hand_over.over")
        actions = [row.action for row in await genba.log()]
        assert "hand_over.started" in actions and "hand_over.done" in actions

    play(tmp_path, scene)


def test_a_colleague_in_the_call_needs_no_ring(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        call = await Call.begin(genba)
        await call.host.post(f"/calls/{call.id}/members", {"staff_id": call.people["colleague"]["id"]})
        call.here("host", "colleague")

        assert (await call.hand_over())["state"] == "talking"
        assert is_held(genba, call.id)

    play(tmp_path, scene)


def test_cancelling_leaves_the_call_where_it_was(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        call = await Call.begin(genba)
        call.here("host")
        ringing = await call.hand_over()
        assert (await call.host.post(f"/hand-overs/{ringing['id']}/cancel")).json()["state"] == "cancelled"
        assert (await call.colleague.get("/rings")).json()["rings"] == []

        await call.hand_over()
        await call.accept()
        call.here("host", "colleague")
        assert (await call.host.post(f"/calls/{call.id}/hold/release")).status_code == 204

        assert await call.state() == "cancelled" and not is_held(genba, call.id)
        assert await call.host_name() == call.people["host"]["name"]

    play(tmp_path, scene)


def test_whoever_stays_has_the_call(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        call = await Call.begin(genba)
        for stays, state in (("host", "cancelled"), ("colleague", "done")):
            call.here("host")
            genba.clock.forward(seconds=JOIN_GRACE.total_seconds())  # or they would not ring
            await call.hand_over()
            await call.accept()
            call.here("host", "colleague")
            await genba.services.hold_desk.look_after()
            call.here(stays)
            await genba.services.hold_desk.look_after()
            genba.clock.forward(seconds=LEFT_GRACE_S)
            await genba.services.hold_desk.look_after()

            assert await call.state() == state and not is_held(genba, call.id)
            assert await call.host_name() == call.people[stays]["name"]

    play(tmp_path, scene)


def test_nobody_answers_and_the_giver_is_told(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        call = await Call.begin(genba)
        call.here("host")
        await call.hand_over()
        genba.clock.forward(seconds=RING_S + 1)

        async def is_over() -> bool:
            genba.services.directory.changed()
            await genba.services.hold_desk.look_after()
            return await call.state() == "unanswered"

        await until(is_over)
        assert not is_held(genba, call.id)

    play(tmp_path, scene)


def test_ringing_at_a_third_person_keeps_nobody_on_hold(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        call, third = await Call.begin(genba), await genba.signed_in("X2002")
        await call.host.post(f"/calls/{call.id}/members", {"staff_id": call.people["colleague"]["id"]})
        call.here("host", "colleague")
        await call.host.post(f"/calls/{call.id}/hold")
        body = {"staff_id": (await person(third))["id"]}
        await call.host.post(f"/calls/{call.id}/hand-overs", body)
        await genba.services.hold_desk.look_after()
        assert is_held(genba, call.id) and await call.state() == "ringing"

        call.here("host")
        await genba.services.hold_desk.look_after()
        genba.clock.forward(seconds=LEFT_GRACE_S)
        await genba.services.hold_desk.look_after()

        assert await call.state() == "cancelled" and not is_held(genba, call.id)

    play(tmp_path, scene)


def test_taking_the_ring_back_cancels_the_hand_over(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        call = await Call.begin(genba)
        call.here("host")
        await call.hand_over()

        await call.host.post(f"/calls/{call.id}/consultation/withdraw")
        await genba.services.hold_desk.look_after()

        assert await call.state() == "cancelled"

    play(tmp_path, scene)


def test_a_restart_keeps_a_hold_and_ends_it_when_nobody_comes_back(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        call, parts = await Call.begin(genba), genba.services
        call.here("host")
        await call.hand_over()
        await call.accept()
        call.here("host", "colleague")
        genba.rooms.audiences.clear()
        genba.rooms.present.clear()

        desks = (parts.call_desk, parts.consultation_desk)
        async with HoldDesk(parts.store, desks, genba.rooms, parts.hub, parts.clock).running() as restarted:
            assert is_held(genba, call.id), "before anybody can be heard"
            await restarted.look_after()
            genba.clock.forward(seconds=JOIN_GRACE.total_seconds() - 1)
            await restarted.look_after()
            assert is_held(genba, call.id)
            genba.clock.forward(seconds=1)
            await restarted.look_after()

            assert not is_held(genba, call.id)
        assert await call.state() == "cancelled"

    play(tmp_path, scene)


def test_ending_the_call_ends_its_hold(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        call = await Call.begin(genba)
        call.here("host")
        await call.hand_over()
        await call.accept()

        await call.host.post(f"/calls/{call.id}/end")
        await genba.services.hold_desk.look_after()

        assert not is_held(genba, call.id)
        assert (await call.colleague.get(f"/calls/{call.id}/hand-overs")).json()[0]["state"] == "cancelled"

    play(tmp_path, scene)
