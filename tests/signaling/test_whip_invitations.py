"""An invitation's code as the bearer token of an encoder: personal, logged, revocable, and hard to guess."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import httpx

from field_assist import Person, Role, calls, staff
from signaling.accounts.access_log import Action
from signaling.accounts.invitations import Invitation, NewInvitation, code_of, new_code
from signaling.api.wrong_codes import WRONG_CODES
from tests.installation import Installation, play
from tests.signaling.test_stand_in import RECEIVED, SENT

SDP = {"Content-Type": "application/sdp"}


class Body:
    """A call with one invitation, and the body camera that holds it."""

    def __init__(self, genba: Installation, host: Person, call: str, link: Invitation) -> None:
        self.genba, self.host, self.call, self.link = genba, host, call, link
        self.code = code_of(genba.services.vault, link)
        self.http = genba.browser().client

    @classmethod
    async def of(cls, genba: Installation, expires_in_s: int = 3600) -> Body:
        """Made by the demo's field worker."""
        rows = await genba.services.store.read(staff.everybody)
        host = next(row.person() for row in rows if row.staff_no == "F1001")
        desk = genba.services.call_desk
        call = (await desk.start(host, calls.NewCall("", "road"), "")).sheet.call.id
        new = NewInvitation("胸のカメラ", Role.PARTNER, expires_in_s=expires_in_s)
        return cls(genba, host, call, await desk.invite(host, call, new, ""))

    async def post(self, code: str = "", offer: str = SENT, kind: str = "whip") -> httpx.Response:
        """One POST with the code as bearer token."""
        headers = {"Authorization": f"Bearer {code or self.code}"} | SDP
        return await self.http.post(f"/{kind}/v1", content=offer, headers=headers)

    @property
    def present(self) -> list[tuple[str, str]]:
        """Identity and name of everybody in the room."""
        return [(one.identity, one.name) for one in self.genba.services.rooms.participants(self.call)]


def _play(folder: Path, scene: object) -> None:
    play(folder, scene, has_media=True, at=datetime.now(UTC))  # type: ignore[arg-type]  # a scene of Installation


def test_a_code_lets_its_guest_in_and_says_so_in_the_log(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        camera = await Body.of(genba)

        answer = await camera.post()

        assert answer.status_code == 201, answer.text
        identity = f"G-{camera.link.id}"
        assert camera.present == [(identity, "胸のカメラ")]
        uses = [row for row in await genba.log() if row.action == Action.INVITATION_REDEEMED]
        assert [(row.actor, row.object, row.detail) for row in uses] == [
            (identity, camera.link.id, camera.call)
        ]
        gone = await camera.http.delete(
            answer.headers["location"], headers={"Authorization": f"Bearer {camera.code}"}
        )
        assert (gone.status_code, camera.present) == (200, [])

    _play(tmp_path, scene)


def test_a_revoked_code_ends_its_session_and_opens_nothing_more(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        camera = await Body.of(genba)
        await camera.post(offer=RECEIVED, kind="whep")
        assert len(camera.present) == 1

        await genba.services.call_desk.revoke(camera.host, camera.link.id, "")

        assert camera.present == []
        assert (await camera.post()).status_code == 403

    _play(tmp_path, scene)


def test_an_ended_call_ends_its_sessions(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        camera = await Body.of(genba)
        await camera.post()

        await genba.services.call_desk.end(camera.host, camera.call, "")

        assert camera.present == []
        assert (await camera.post()).status_code == 409

    _play(tmp_path, scene)


def test_an_expired_code_opens_nothing(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        camera = await Body.of(genba, expires_in_s=60)
        genba.clock.forward(seconds=61)

        assert (await camera.post()).status_code == 403

    _play(tmp_path, scene)


def test_guessing_stops_soon_also_for_the_right_code(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        camera = await Body.of(genba)

        statuses = [(await camera.post(new_code())).status_code for _ in range(WRONG_CODES.burst + 1)]

        assert statuses == [401] * WRONG_CODES.burst + [429]
        assert (await camera.post()).status_code == 429
        refused = [row for row in await genba.log() if row.action == Action.INVITATION_REFUSED]
        assert len(refused) == WRONG_CODES.burst

    _play(tmp_path, scene)


def test_strangers_learn_nothing_about_offers(tmp_path: Path) -> None:
    """Reading an offer takes time, so it is read for those who hold a token or code alone."""

    async def scene(genba: Installation) -> None:
        camera = await Body.of(genba)

        assert (await camera.post(new_code(), offer="garbage")).status_code == 401
        assert (await camera.post("no token", offer="garbage")).status_code == 401
        assert (await camera.post(offer="garbage")).status_code == 422
        assert camera.present == []

    _play(tmp_path, scene)


def test_a_token_does_not_outlive_its_reason(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        camera = await Body.of(genba)
        token = genba.services.call_desk.room_token(camera.host, camera.call)
        assert (await camera.post(token)).status_code == 201

        await genba.services.call_desk.end(camera.host, camera.call, "")

        assert (await camera.post(token)).status_code == 401

    _play(tmp_path, scene)
