"""Evidence stills over HTTP: signed, whole, untouched, and for the people they concern."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from field_assist import Purpose, evidence
from tests.installation import Browser, Installation, play
from tests.still_maker import Device, picture

Json = dict[str, Any]  # what an answer holds is the test's business
SECRET = "35.2345678 the resident's garden"


class Scene:
    """F1001 in a fresh call with a registered device."""

    def __init__(self, genba: Installation, host: Browser, call: Json, staff_id: str) -> None:
        self.genba = genba
        self.host = host
        self.call = call
        self.staff_id = staff_id
        self.device = Device()

    @classmethod
    async def begin(cls, genba: Installation) -> Scene:
        """A call about roads."""
        host = await genba.signed_in("F1001")
        call = (await host.post("/calls", {"topic": "road", "title": "川辺橋"})).json()["call"]
        me = (await host.get("/me")).json()["person"]
        scene = cls(genba, host, call, me["id"])
        assert (await scene.register(scene.device)).status_code == 200
        return scene

    async def guest(self) -> Browser:
        """A resident who came by a link of the call."""
        made = await self.host.post(f"/calls/{self.call['id']}/invitations", {"name": "田中"})
        resident = self.genba.browser()
        joined = await resident.post(f"/join/{made.json()['url'].rpartition('/')[2]}", {})
        assert joined.status_code == 200, joined.text
        return resident

    async def register(self, device: Device, browser: Browser | None = None) -> Any:
        """Let a device sign."""
        body = {"public_key": device.public_key.hex(), "label": "現場タブレット 3"}
        return await (browser or self.host).post("/device-keys", body)

    def manifest(self, content: bytes, **changed: Any) -> Json:
        """True of this call and this person, but for what is changed."""
        call = {"id": self.call["id"], "number": self.call["number"]}
        mine = {"call": call, "by": {"id": self.staff_id, "name": "川上 拓也"}}
        return self.device.manifest(content, **{**mine, **changed})

    async def announce(self, manifest: Json, **changed: str) -> Any:
        """The first step; answers what the server said."""
        text = evidence.canonical(manifest)
        body = {"manifest": text.decode(), "signature": self.device.sign(text).hex()}
        return await self.host.post(f"/calls/{self.call['id']}/stills", body | changed)

    async def send(self, content: bytes, piece: int = 100_000, **changed: Any) -> tuple[Json, Any]:
        """All steps in order; answers the manifest and what came of the last one."""
        manifest = self.manifest(content, **changed)
        at = (await self.announce(manifest)).json()["received_bytes"]
        while at < len(content):
            path = f"/stills/{manifest['id']}/bytes?offset={at}"
            at = (await self.host.put(path, content[at : at + piece])).json()["received_bytes"]
        return manifest, await self.host.post(f"/stills/{manifest['id']}/complete")


def test_a_still_arrives_in_pieces_untouched_and_is_verified_by_its_export(tmp_path: Path) -> None:
    async def play_it(genba: Installation) -> None:
        scene = await Scene.begin(genba)
        genba.rooms.present[scene.call["id"]] = [f"S-{scene.staff_id}", "G-resident"]
        content = picture(text=SECRET)

        manifest, done = await scene.send(content, piece=500)
        again = await scene.host.post(f"/stills/{manifest['id']}/complete")
        path = f"/stills/{manifest['id']}"
        original = await scene.host.get(f"{path}/original")
        exported = await scene.host.get(f"{path}/export")
        image = await scene.host.get(f"{path}/image", width=300)

        assert done.status_code == 200 and done.json() == again.json()
        assert done.json()["manifest"] == manifest
        assert original.content == content and SECRET.encode() in original.content
        assert evidence.examine_archive("still.zip", exported.content).is_whole
        assert image.headers["content-type"] == "image/webp" and image.headers["cache-control"] == "no-store"
        assert SECRET.encode() not in image.content
        assert (await scene.host.get(f"{path}/manifest")).content == evidence.canonical(manifest)
        assert genba.rooms.sent[-1] == (scene.call["id"], {"id": manifest["id"]}, "genba.stills")
        rows = [(row.action, row.object) for row in await genba.log() if row.action.startswith("still.")]
        acts = ["still.taken", "still.downloaded", "still.exported"]  # a small copy is no row
        assert rows == [(act, manifest["id"]) for act in acts]
        await scene.host.get(f"{path}/image", width=2000)
        assert (await genba.log())[-1].action == "still.seen"

    play(tmp_path, play_it)


def test_a_lost_line_costs_nothing(tmp_path: Path) -> None:
    async def play_it(genba: Installation) -> None:
        scene = await Scene.begin(genba)
        content = picture()
        manifest = scene.manifest(content)
        path = f"/stills/{manifest['id']}"
        await scene.announce(manifest)
        await scene.host.put(f"{path}/bytes?offset=0", content[:300])

        twice = await scene.host.put(f"{path}/bytes?offset=0", content[:300])
        beyond = await scene.host.put(f"{path}/bytes?offset=300", content[300:] + b"x")
        early = await scene.host.post(f"{path}/complete")
        unseen = await scene.host.get(path)
        resumed = await scene.announce(manifest)
        await scene.host.put(f"{path}/bytes?offset=300", content[300:])
        done = await scene.host.post(f"{path}/complete")

        for answer in (twice, beyond, early):
            assert answer.status_code == 409 and answer.json()["error"]["params"] == {"offset": 300}
        assert unseen.status_code == 404
        assert resumed.json() == {"id": manifest["id"], "received_bytes": 300, "complete": False}
        assert done.status_code == 200

    play(tmp_path, play_it)


def test_what_arrives_is_what_was_signed_or_begins_anew(tmp_path: Path) -> None:
    async def play_it(genba: Installation) -> None:
        scene = await Scene.begin(genba)
        content = picture()
        manifest = scene.manifest(content)
        path = f"/stills/{manifest['id']}"
        await scene.announce(manifest)
        await scene.host.put(f"{path}/bytes?offset=0", content[:-1] + b"\x00")

        refused = await scene.host.post(f"{path}/complete")
        resumed = await scene.announce(manifest)

        assert (refused.status_code, refused.json()["error"]["key"]) == (409, "arrival.damaged")
        assert resumed.json()["received_bytes"] == 0

    play(tmp_path, play_it)


WRONG = [
    ({"call": {"id": "another", "number": "R8-0001"}}, "call"),
    ({"by": {"id": "somebody", "name": "川上"}}, "by"),
    ({"taken_at": "2026-13-45T99:00:00.000+09:00"}, "taken_at"),
    ({"taken_at": "2026-11-24T10:21:07Z"}, "taken_at"),
    ({"heading_cdeg": 36_000}, "heading_cdeg"),
    ({"heading_cdeg": 90.5}, "heading_cdeg"),
    ({"consent": "refused"}, "consent"),
    ({"more": 1}, "more"),
    ({"v": 2}, "v"),
]


@pytest.mark.parametrize(("changed", "what"), WRONG)
def test_a_manifest_that_is_not_ours_is_refused_with_the_part(
    changed: Json, what: str, tmp_path: Path
) -> None:
    async def play_it(genba: Installation) -> None:
        scene = await Scene.begin(genba)

        refused = await scene.announce(scene.manifest(picture(), **changed))

        assert refused.status_code == 422
        assert refused.json()["error"]["key"] == "still.refused"
        assert refused.json()["error"]["params"] == {"what": what}

    play(tmp_path, play_it)


def test_only_the_own_registered_key_signs(tmp_path: Path) -> None:
    async def play_it(genba: Installation) -> None:
        scene = await Scene.begin(genba)
        content, admin = picture(), await genba.signed_in("A9001")
        colleague = await genba.signed_in("X2001")
        known, registered = scene.device, await scene.register(scene.device)

        stolen = await scene.register(known, colleague)
        forged = await scene.announce(scene.manifest(content), signature="0" * 128)
        spaced = evidence.canonical(scene.manifest(content)).replace(b",", b", ")
        spaced_too = {"manifest": spaced.decode(), "signature": known.sign(spaced).hex()}
        written = await scene.host.post(f"/calls/{scene.call['id']}/stills", spaced_too)
        scene.device = Device()
        unknown = await scene.announce(scene.manifest(content))
        scene.device = known
        before, _ = await scene.send(content)
        fingerprint = registered.json()["id"]
        listed = (await admin.get("/admin/device-keys")).json()["keys"]
        revoked = await admin.post(f"/admin/device-keys/{fingerprint}/revoke")
        after = await scene.announce(scene.manifest(content))
        kept = await scene.host.get(f"/stills/{before['id']}/export")

        assert fingerprint == sha256(known.public_key).hexdigest() == listed[0]["id"]
        assert listed[0]["person"]["staff_no"] == "F1001" and revoked.json()["revoked_at"] is not None
        for answer in (stolen, unknown, after):
            assert (answer.status_code, answer.json()["error"]["key"]) == (409, "device_key.unknown")
        assert forged.json()["error"]["params"] == {"what": "signature"}
        assert written.json()["error"]["params"] == {"what": "manifest"}
        assert evidence.examine_archive("still.zip", kept.content).is_whole
        acts = [row.action for row in await genba.log() if row.action.startswith("device_key.")]
        assert acts == ["device_key.added", "device_key.listed", "device_key.revoked"]

    play(tmp_path, play_it)


def test_hostile_pictures_are_refused_and_leave_no_copy(tmp_path: Path) -> None:
    async def play_it(genba: Installation) -> None:
        scene = await Scene.begin(genba)
        Image.new("1", (20_000, 20_000)).save(tmp_path / "bomb.png", "PNG")
        bomb = (tmp_path / "bomb.png").read_bytes()
        content = picture()
        base = scene.manifest(content)["picture"]

        async def refused(bytes_: bytes, **changed: Any) -> str:
            facts = {"size_bytes": len(bytes_), "sha256": sha256(bytes_).hexdigest()}
            _, done = await scene.send(bytes_, picture=base | facts | changed)
            assert done.status_code == 422
            return str(done.json()["error"]["key"])

        png = {"file": "original.png", "media_type": "image/png"}
        assert await refused(bomb, **png, width=20_000, height=20_000) == "still.no_picture"
        assert await refused(content[: len(content) // 2]) == "still.no_picture"
        assert await refused(b"<svg onload=alert(1)>" * 20) == "still.no_picture"
        assert await refused(b"MZ\x90\x00" + bytes(500)) == "still.no_picture"
        assert await refused(picture(kind="GIF")) == "still.no_picture"
        assert await refused(content, **png) == "still.refused"
        assert await refused(content, width=4_000, height=3_000) == "still.refused"
        assert (await scene.host.get(f"/calls/{scene.call['id']}/stills")).json() == {"stills": []}
        assert list(genba.services.still_desk.files.path("").glob("*.webp")) == []

    play(tmp_path, play_it)


def test_what_a_tablet_wrote_lying_down_is_shown_upright(tmp_path: Path) -> None:
    async def play_it(genba: Installation) -> None:
        scene = await Scene.begin(genba)
        content = picture(orientation=6)  # turned by 90 degrees: 48 x 64 as it is looked at
        base = scene.manifest(content)["picture"]

        manifest, done = await scene.send(content, picture=base | {"width": 48, "height": 64})
        image = await scene.host.get(f"/stills/{manifest['id']}/image")

        assert done.status_code == 200
        (tmp_path / "copy.webp").write_bytes(image.content)
        with Image.open(tmp_path / "copy.webp") as shown:
            assert shown.size == (48, 64) and not shown.getexif()
            red, _, blue = shown.convert("RGB").getpixel((24, 8))  # type: ignore[misc]  # RGB has three
            assert red > blue

    play(tmp_path, play_it)


def test_a_case_shows_the_stills_of_its_calls(tmp_path: Path) -> None:
    async def play_it(genba: Installation) -> None:
        scene = await Scene.begin(genba)
        opened = await scene.host.post("/cases", {"title": "ひび割れ", "call_id": scene.call["id"]})
        case_id = opened.json()["id"]
        manifest, _ = await scene.send(picture())

        timeline = (await scene.host.get(f"/cases/{case_id}")).json()["timeline"]
        listed = (await scene.host.get(f"/cases/{case_id}/stills")).json()["stills"]

        [line] = [entry for entry in timeline if entry["kind"] == "still"]
        assert line["still_id"] == manifest["id"] == listed[0]["id"]
        assert line["actor_role"] == "field"

    play(tmp_path, play_it)


def test_a_resident_sees_a_still_once_it_is_presented_and_not_before(tmp_path: Path) -> None:
    async def play_it(genba: Installation) -> None:
        scene = await Scene.begin(genba)
        call = scene.call["id"]
        other = (await scene.host.post("/calls", {"topic": "road"})).json()["call"]["id"]
        resident = await scene.guest()
        manifest, _ = await scene.send(picture())
        path = f"/calls/{call}/stills/{manifest['id']}/image"

        before = await resident.get(path)
        elsewhere = await scene.host.post(
            f"/calls/{other}/view/present", {"surface": f"still:{manifest['id']}"}
        )
        presented = await scene.host.post(
            f"/calls/{call}/view/present", {"surface": f"still:{manifest['id']}"}
        )
        after = await resident.get(path)
        directly = await resident.get(f"/stills/{manifest['id']}/image")
        listed = await resident.get(f"/calls/{call}/stills")

        assert before.status_code == 404 and elsewhere.status_code == 404
        assert presented.status_code == 200, presented.text
        assert after.status_code == 200 and after.headers["content-type"] == "image/webp"
        assert directly.status_code == 401 and listed.status_code == 401

    play(tmp_path, play_it)


def test_who_is_photographed_is_asked_and_their_own_no_stands(tmp_path: Path) -> None:
    async def play_it(genba: Installation) -> None:
        scene = await Scene.begin(genba)
        resident = await scene.guest()
        path = f"/calls/{scene.call['id']}/consents"
        own = (await resident.get(path)).json()["own"]["identity"]
        of_guest = {"camera": scene.manifest(picture())["camera"] | {"of": own}, "consent": "given"}

        await scene.send(picture(), consent="given")
        await scene.send(picture(), **of_guest)
        await scene.send(picture(), **of_guest)
        rows = [row.detail for row in await genba.log() if row.action == "consent.given"]
        assert rows == ["photo site", f"photo {own}"], "what a guest has said stands for the call"
        assert genba.services.consent_desk.allows(scene.call["id"], own, Purpose.PHOTO)

        said = {"purposes": ["photo"], "yes": False, "text_version": "1"}
        assert (await resident.post(f"{path}/answer", said)).status_code == 200
        before = scene.manifest(picture(), **of_guest, taken_at="2026-11-24T10:08:10.000+09:00")
        refused = await scene.announce(scene.manifest(picture(), **of_guest))
        assert (await scene.announce(before)).status_code == 200, "it was taken before they said no"
        assert (refused.status_code, refused.json()["error"]["key"]) == (409, "consent.no_photo")

    play(tmp_path, play_it)
