"""Changes of the law: written with a source, looked at, sent once by mail, withdrawn."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from field_assist import JST, Session
from field_assist.concierge import law_notices, subscribers
from field_assist.concierge.following import entry_key
from signaling.api import notice_round
from tests import waiting
from tests.installation import ORIGIN, Browser, Installation, Json, key_of, play
from tests.mail_server import MailServer
from tests.subscribers import BUILDERS, Listed, Person, subscribed

until = partial(waiting.until, within_s=15)
LAWS = "/admin/law-notices"
LAW: Json = {
    "title": "建設業許可の届出の様式が変わります",
    "text": "決算変更届の様式が新しくなります。\n1月以降に出す方は、新しい様式で出してください。",
    "title_en": "The form of a report for construction businesses changes",
    "text_en": "Please use the new form from January.",
    "in_force_on": "2027-01-01",
    "basis": "建設業法施行規則の一部を改正する省令（令和8年国土交通省令第99号）",
    "source": "国土交通省",
    "source_url": "https://law.example/r8-99",
    "source_on": "2026-11-20",
    "contact": "建設業課",
    "phone": "000-000-1910",
    "licences": [entry_key(BUILDERS)],
    "categories": ["住まい"],
}
HOLDS = {"topic": "licence", "key": entry_key(BUILDERS), "expires_on": "2028-03-31"}
LIVES = {"topic": "category", "key": "住まい", "area": "992011"}
Scene = Callable[[Installation, Browser, MailServer], Awaitable[None]]


def play_laws(folder: Path, scene: Scene) -> None:
    with MailServer() as server:

        async def inside(genba: Installation) -> None:
            genba.services.concierge.notices.rounds.source = Listed()
            await scene(genba, await genba.signed_in("A9001"), server)

        play(folder, inside, **server.settings, public_url=ORIGIN)


async def who_follows(genba: Installation, name: str, *follows: Json, language: str = "ja") -> Person:
    person = await subscribed(genba, f"{name}@mail.example.jp", language)
    for follow in follows:
        answer = await genba.browser().post(f"/notices/{person.code}/follows", follow)
        assert answer.status_code == 201, answer.text
    return person


async def written(admin: Browser, **other: object) -> str:
    answer = await admin.post(LAWS, LAW | other)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def the_one(admin: Browser) -> Json:
    (found,) = (await admin.get(LAWS)).json()["notices"]
    law: Json = found
    return law


async def switched_off(genba: Installation, person: Person, *topics: str) -> None:
    chosen = {"language": "ja", "per_week": 3, "quiet_from": 20, "quiet_until": 8}
    answer = await genba.browser().post(
        f"/notices/{person.code}/choices", chosen | {"switched_off": list(topics)}
    )
    assert answer.status_code == 200, answer.text


def to_digest(genba: Installation) -> None:
    """The next Tuesday at ten and a minute: no sooner is anything of January told."""
    tuesday = datetime(2026, 12, 1, 10, 1, tzinfo=JST)
    genba.clock.forward(seconds=(tuesday - genba.clock.at).total_seconds())


def test_a_change_of_the_law_reaches_whom_it_concerns_once_in_their_language(tmp_path: Path) -> None:
    async def scene(genba: Installation, admin: Browser, server: MailServer) -> None:
        both = await who_follows(genba, "both", HOLDS, LIVES)
        await who_follows(genba, "english", HOLDS, language="en")
        elsewhere = await who_follows(genba, "elsewhere", LIVES | {"area": "992020"})
        nothing = await who_follows(genba, "nothing", HOLDS)
        await switched_off(genba, nothing, "licence")
        still = await who_follows(genba, "still", HOLDS, LIVES)
        await switched_off(genba, still, "licence")

        law = await written(admin, area="992011")
        preview = (await admin.get(f"{LAWS}/{law}/preview")).json()
        assert preview["people"] == 3
        assert [(each["people"], each["is_written"]) for each in preview["readers"]] == [
            (2, True),
            (0, False),
            (1, True),
        ]
        assert preview["shown"][0]["title"] == preview["shown"][1]["title"] == LAW["title"]
        assert preview["shown"][2]["title"] == LAW["title_en"]
        assert "いつから：2027年1月1日" in "".join(preview["shown"][0]["lines"]).replace("（金）", "")
        assert server.taken == []

        sent = (await admin.post(f"{LAWS}/{law}/send", {"previewed": 3})).json()["notices"][0]
        assert sent["state"] in ("sending", "sent")
        rounds = genba.services.concierge.notices.rounds
        await rounds.turn()
        for _ in range(2):
            await rounds.turn()
        told = await the_one(admin)
        assert (told["state"], told["reached"], told["waiting"], told["gone_out"]) == ("sent", 3, 3, 0)
        assert key_of(await admin.post(f"{LAWS}/{law}/send", {"previewed": 3})) == (409, "law.sent")

        to_digest(genba)
        await rounds.turn()
        await until(lambda: len(server.taken) == 3)
        await rounds.turn()
        subjects = sorted(str(message["Subject"]) for message in server.messages())
        assert subjects == sorted([LAW["title"], LAW["title"], LAW["title_en"]])
        body = server.messages()[0].get_body(("plain",))
        assert body is not None
        for words in ("r8-99", "国土交通省"):
            assert words in body.get_content()
        page = (await genba.browser().get(f"/notices/{both.code}")).json()
        assert [(each["topic"], each["url"]) for each in page["told"]] == [("licence", LAW["source_url"])]
        page = (await genba.browser().get(f"/notices/{still.code}")).json()
        assert page["told"][0]["reason"] == "分野「住まい」を登録しているため"
        for person in (elsewhere, nothing):
            assert (await genba.browser().get(f"/notices/{person.code}")).json()["told"] == []

        admin = await genba.signed_in("A9001")
        told = await the_one(admin)
        assert (told["reached"], told["waiting"], told["gone_out"]) == (3, 0, 3)
        actions = [each.action for each in await genba.log() if each.action.startswith("law")]
        assert actions == ["law_notice.written", "law_notice.sent"]

    play_laws(tmp_path, scene)


def test_what_waits_can_be_withdrawn_and_what_is_in_force_soon_does_not_wait(tmp_path: Path) -> None:
    async def scene(genba: Installation, admin: Browser, server: MailServer) -> None:
        await who_follows(genba, "holder", HOLDS)
        law = await written(admin)
        assert key_of(await admin.post(f"{LAWS}/{law}/withdraw")) == (409, "law.sent")
        await admin.post(f"{LAWS}/{law}/send", {"previewed": 1})
        rounds = genba.services.concierge.notices.rounds
        await rounds.turn()
        assert (await the_one(admin))["waiting"] == 1
        gone = (await admin.post(f"{LAWS}/{law}/withdraw")).json()["notices"][0]
        assert (gone["state"], gone["waiting"]) == ("withdrawn", 0)
        assert key_of(await admin.post(f"{LAWS}/{law}/withdraw")) == (409, "law.sent")

        soon = await written(admin, in_force_on=str((genba.clock.at + timedelta(days=5)).date()))
        await admin.post(f"{LAWS}/{soon}/send", {"previewed": 1})
        await rounds.turn()
        await until(lambda: len(server.taken) == 1)
        to_digest(genba)
        await rounds.turn()
        assert len(server.taken) == 1, "what was withdrawn never leaves"

    play_laws(tmp_path, scene)


def test_nothing_is_kept_without_a_source_nor_sent_to_fewer_than_was_said(tmp_path: Path) -> None:
    async def scene(genba: Installation, admin: Browser, server: MailServer) -> None:
        for wrong in (
            {"basis": " "},
            {"source": ""},
            {"source_url": ""},
            {"source_url": "javascript:alert(1)"},
            {"source_on": None},
            {"in_force_on": "いつか"},
            {"text": "  "},
        ):
            assert (await admin.post(LAWS, LAW | wrong)).status_code == 422, wrong
        nobodies: list[Json] = [{"licences": [], "categories": []}, {"licences": ["licence/1/L9"]}]
        for nobody in [*nobodies, {"categories": ["x"]}]:
            assert key_of(await admin.post(LAWS, LAW | nobody)) == (422, "law.means_nobody"), nobody

        person = await who_follows(genba, "holder", HOLDS)
        await who_follows(genba, "other", HOLDS)
        law = await written(admin)
        assert (await admin.get(f"{LAWS}/{law}/preview")).json()["people"] == 2
        assert (await genba.browser().post(f"/notices/{person.code}/stop")).status_code == 204
        assert key_of(await admin.post(f"{LAWS}/{law}/send", {"previewed": 2})) == (409, "law.reaches_fewer")
        assert (await the_one(admin))["state"] == "draft"

        changed = await admin.post(f"{LAWS}/{law}", LAW | {"title": "様式が変わります"})
        assert changed.json() == {"id": law}
        assert (await the_one(admin))["title"] == "様式が変わります"
        assert (await admin.delete(f"{LAWS}/{law}")).json()["notices"] == []
        assert key_of(await admin.delete(f"{LAWS}/{law}")) == (404, "not_found")

    play_laws(tmp_path, scene)


def test_a_round_that_is_interrupted_goes_on_after_whom_it_told_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notice_round, "FOLLOWS_AT_A_TIME", 2)

    async def scene(genba: Installation, admin: Browser, server: MailServer) -> None:
        people = [await who_follows(genba, f"p{number}", HOLDS, LIVES) for number in range(5)]
        law = await written(admin)
        store, rounds = genba.services.store, genba.services.concierge.notices.rounds

        def first_page(session: Session) -> list[str]:
            row = law_notices.by_id(session, law)
            return [person.id for person, _ in law_notices.page(session, row, 2)]

        assert await store.read(first_page) == sorted(person.id for person in people)[:2]
        await admin.post(f"{LAWS}/{law}/send", {"previewed": 5})
        await store.write(lambda session: rounds._tell_law(session, law))
        await rounds.turn()
        assert ((found := await the_one(admin))["reached"], found["state"]) == (5, "sent")

        def told(session: Session) -> list[int]:
            return [len(subscribers.waiting(session, person.id)) for person in people]

        assert await store.read(told) == [1] * 5

    play_laws(tmp_path, scene)
