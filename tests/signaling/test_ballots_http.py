"""Members from outside vote over HTTP: a link and a code by real mail, a row of the chain, both checks."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path

import httpx

from field_assist import Person, Session, decision_chain, decisions, outside_members, seals, staff
from field_assist.decision_chain import Fault, Link, What
from signaling import chains
from tests import waiting
from tests.installation import ORIGIN, Browser, Installation, Json, key_of, play
from tests.mail_server import MailServer
from tests.papers import pdf, uploaded
from tests.signaling.test_decisions_http import PROPOSAL, TOOL, Scene, whole
from tests.still_maker import Stills

SAITO = {"name": "斎藤 教授", "post": "あまね大学", "address": "saito@example.ac.jp", "language": "ja"}
MORI = {"name": "Mori", "post": "Mori Law Office", "address": "mori@example.jp", "language": "en"}
until = partial(waiting.until, within_s=15)


class Circle(Scene):
    """A circulation with members from outside, and the mail server they are reached by."""

    server: MailServer
    decision: Json

    @classmethod
    async def sent(
        cls, genba: Installation, server: MailServer, outside: Sequence[Json] = (SAITO, MORI), **more: object
    ) -> Circle:
        """Proposed by the host to the chief and to these, who have their mail."""
        here = await cls.begin(genba)
        here.server = server
        ask = {"voter_ids": [await here.id_of(here.chief)], "quorum": 2, "outside": list(outside)}
        ask["until"] = (genba.clock.at + timedelta(days=3)).isoformat()
        here.decision = await here.propose(ask=ask | dict(more))
        await here.mails(len(outside))
        return here

    async def mails(self, count: int) -> None:
        """Wait until so many were taken."""
        await until(lambda: len(self.server.taken) >= count)

    def link_of(self, member: Json) -> str:
        """The newest link somebody got."""
        texts = [each.get_content() for each in self.server.messages() if each["To"] == member["address"]]
        return [found[1] for text in texts if (found := re.search(r"/m/(\w+)", text))][-1]

    async def code_for(self, member: Json, browser: Browser) -> str:
        """A fresh code, as the mail says it."""
        count = len(self.server.taken)
        answer = await browser.post(f"/ballot/{self.link_of(member)}/code")
        assert answer.status_code == 200, answer.text
        await self.mails(count + 1)
        message = self.server.messages()[-1]
        assert message["To"] == member["address"]
        found = re.search(r"\b(\d{6})\b", message.get_content())
        assert found is not None
        return found[1]

    async def vote(self, member: Json, vote: str, words: str = "", code: str = "") -> httpx.Response:
        """Prove it and say it, from a browser of their own."""
        browser = self.genba.browser("203.0.113.20")
        code = code or await self.code_for(member, browser)
        body = {"vote": vote, "words": words, "code": code}
        return await browser.post(f"/ballot/{self.link_of(member)}/vote", body)

    async def read(self) -> Json:
        """The decision as the host reads it."""
        found: Json = (await self.host.get(f"/decisions/{self.decision['id']}")).json()
        return found

    async def staff_votes(self, vote: str, words: str = "") -> httpx.Response:
        """The chief says this."""
        seen = (await self.chief.get(f"/decisions/{self.decision['id']}")).json()["hash"]
        body = {"seen": seen, "vote": vote, "words": words, "code": self.code("S3001")}
        return await self.chief.post(f"/decisions/{self.decision['id']}/vote", body)


def circulate(
    folder: Path,
    scene: Callable[[Circle], Awaitable[None]],
    outside: Sequence[Json] = (SAITO, MORI),
    **more: object,
) -> None:
    """Run a scene with a circulation that was sent."""
    with MailServer() as server:

        async def run(genba: Installation) -> None:
            await scene(await Circle.sent(genba, server, outside, **more))

        play(folder, run, public_url=ORIGIN, **server.settings)


def _person(session: Session, staff_no: str) -> Person:
    row = staff.by_number(session, staff_no)
    assert row is not None
    return row.person()


def test_a_professor_reads_proves_the_address_votes_and_sees_the_result(tmp_path: Path) -> None:
    async def scene(here: Circle) -> None:
        [invitation] = [each for each in here.server.messages() if each["To"] == SAITO["address"]]
        text = invitation.get_content()
        professor = here.genba.browser("203.0.113.20")
        path = f"/ballot/{here.link_of(SAITO)}"
        shown = (await professor.get(path)).json()
        code = await here.code_for(SAITO, professor)
        voted = await professor.post(
            f"{path}/vote", {"vote": "object", "words": "計測だけでは足りない", "code": code}
        )
        await here.vote(MORI, "agree")
        before = (await professor.get(path)).json()
        await here.staff_votes("agree")
        after = (await professor.get(path)).json()

        assert (invitation["To"], "斎藤 教授 様" in text, "2人以上" in text) == (SAITO["address"], True, True)
        assert "締切" in invitation["Subject"]
        assert PROPOSAL["what"] not in text, "what it is stands behind the link"
        assert (shown["what"], shown["name"]) == (PROPOSAL["what"], "斎藤 教授")
        assert shown["masked"] == "s…@example.ac.jp"
        assert (shown["voters"], shown["quorum"], shown["receipt"], shown["result"]) == (3, 2, None, None)
        assert voted.status_code == 200, voted.text
        assert (before["receipt"]["vote"], before["result"]) == ("object", None), "not before the close"
        result = after["result"]
        assert (result["state"], result["agreed"], result["objected"]) == ("approved", 2, 1)
        assert result["opinions"] == [{"vote": "object", "words": "計測だけでは足りない"}]
        decision = await here.read()
        entry = next(each for each in decision["people"] if each["act"] == "object")
        assert (entry["name"], entry["by_code"], entry["by_mail"]) == ("斎藤 教授", False, True)
        assert decision["way"] == "持ち回り"
        assert await whole(here.genba) == 6
        acts = {row.action for row in await here.genba.log()}
        assert {
            "ballot.invited",
            "ballot.opened",
            "ballot.code_sent",
            "ballot.voted",
            "decision.voted",
        } <= acts
        await here.mails(6)
        assert sum("結果" in str(each["Subject"]) for each in here.server.messages()) == 1

    circulate(tmp_path, scene)


def test_the_row_says_how_they_were_proved_and_never_the_address(tmp_path: Path) -> None:
    async def scene(here: Circle) -> None:
        await here.vote(SAITO, "agree")
        kept = await here.genba.services.store.read(lambda s: decisions.latest(s, here.decision["id"]))
        rows = await here.genba.services.store.read(
            lambda s: outside_members.of_decision(s, here.decision["id"])
        )

        entry, [chief, saito, _] = kept.record["people"][-1], kept.record["circulation"]["voters"]
        assert (entry["role"], entry["otp_at"], entry["id"]) == ("賛成", None, saito["id"])
        assert set(entry["mail"]) == {"to", "sent_at", "code_at"} and entry["mail"]["to"] == saito["mail"]
        assert "mail" not in chief
        secrets = [SAITO["address"], here.link_of(SAITO)]
        sealed = json.dumps([row.model_dump(mode="json") for row in rows])
        log = json.dumps([row.model_dump(mode="json") for row in await here.genba.log()])
        assert not [secret for secret in secrets for text in (kept.row.record, sealed, log) if secret in text]

    circulate(tmp_path, scene)


def test_a_code_is_mailed_fresh_counted_and_good_once(tmp_path: Path) -> None:
    async def scene(here: Circle) -> None:
        professor = here.genba.browser("203.0.113.20")
        none = await here.vote(SAITO, "agree", code="123456")
        await here.code_for(SAITO, professor)
        code = await here.code_for(SAITO, professor)
        wrong = "000000" if code != "000000" else "111111"
        answers = [await here.vote(SAITO, "agree", code=wrong) for _ in range(5)]
        dead = await here.vote(SAITO, "agree", code=code)
        late = await here.code_for(SAITO, professor)
        here.genba.clock.forward(seconds=901)
        expired = await here.vote(SAITO, "agree", code=late)
        theirs = await here.code_for(MORI, professor)
        borrowed = await here.vote(SAITO, "agree", code=theirs)
        voted = await here.vote(SAITO, "agree")
        again = await here.vote(SAITO, "object", "やはり反対", code="123456")

        assert key_of(none) == (422, "ballot.code_over")
        assert [key_of(each) for each in answers] == [(422, "ballot.code_wrong")] * 5
        assert [each.json()["error"]["params"]["attempts_left"] for each in answers] == [4, 3, 2, 1, 0]
        assert key_of(dead) == key_of(expired) == (422, "ballot.code_over")
        assert key_of(borrowed) == (422, "ballot.code_over"), "a code is one member's alone"
        assert voted.status_code == 200
        assert key_of(again) == (409, "ballot.closed")
        assert await whole(here.genba) == 3
        refused = [row for row in await here.genba.log() if row.action.startswith("ballot.code_wrong")]
        assert len(refused) == 9

    circulate(tmp_path, scene)


def test_nobody_is_flooded_with_codes_and_guessing_links_stops(tmp_path: Path) -> None:
    async def scene(here: Circle) -> None:
        professor, stranger = here.genba.browser("203.0.113.20"), here.genba.browser("198.51.100.9")
        path = f"/ballot/{here.link_of(SAITO)}/code"
        codes = [await here.code_for(SAITO, professor) for _ in range(7)]
        answers = [await professor.post(path) for _ in range(2)]
        await here.vote(MORI, "agree")
        await here.staff_votes("agree")
        voted = await here.vote(SAITO, "agree", code=codes[-1])
        guesses = [await stranger.get(f"/ballot/{'a' * 21}{digit}") for digit in "123456789ABC"]
        picture = await stranger.get(f"/ballot/{'a' * 22}/stills/6f9619ff-8b86-4d01-b42d-00cf4fc964ff")

        assert [key_of(each) for each in answers] == [(429, "rate_limited")] * 2
        assert voted.status_code == 200, "also as the last, who has had all their mail"
        assert (await here.read())["state"] == "approved"
        assert key_of(guesses[0]) == (404, "ballot.unknown")
        assert key_of(guesses[-1]) == key_of(picture) == (429, "rate_limited")
        assert {row.action for row in await here.genba.log()} >= {"ballot.refused"}

    circulate(tmp_path, scene)


def test_a_link_that_was_taken_back_is_dead_at_once_and_the_chain_says_so(tmp_path: Path) -> None:
    async def scene(here: Circle) -> None:
        professor = here.genba.browser("203.0.113.20")
        code = await here.code_for(SAITO, professor)
        [saito, _] = (await here.read())["circulation"]["outside"]
        path = f"/decisions/{here.decision['id']}/members/{saito['id']}/withdraw"
        by_other = await here.chief.post(path, {"seen": here.decision["hash"]})
        gone = await here.host.post(path, {"seen": here.decision["hash"]})
        again = await here.host.post(path, {"seen": gone.json()["hash"]})
        voted = await here.vote(SAITO, "agree", code=code)
        opened = await professor.get(f"/ballot/{here.link_of(SAITO)}")
        sent = await here.host.post(path.replace("withdraw", "send"))
        await here.staff_votes("agree")
        closed = await here.vote(MORI, "abstain")

        assert key_of(by_other) == (403, "forbidden")
        assert gone.status_code == 200, gone.text
        assert gone.json()["people"][-1]["act"] == "uninvite"
        assert gone.json()["circulation"]["outside"][0]["is_withdrawn"]
        assert key_of(again) == (404, "ballot.unknown")
        assert key_of(voted) == key_of(opened) == key_of(sent) == (410, "ballot.over")
        assert closed.status_code == 200
        assert (await here.read())["state"] == "approved", "nobody else is left to answer"
        assert await whole(here.genba) == 6

    circulate(tmp_path, scene)


def test_all_links_are_dead_when_the_proposal_is_taken_back(tmp_path: Path) -> None:
    async def scene(here: Circle) -> None:
        path = f"/decisions/{here.decision['id']}/withdraw"
        withdrawn = await here.host.post(path, {"seen": here.decision["hash"]})
        professor = here.genba.browser()
        opened = await professor.get(f"/ballot/{here.link_of(SAITO)}")
        coded = await professor.post(f"/ballot/{here.link_of(MORI)}/code")

        assert withdrawn.json()["state"] == "draft"
        assert key_of(opened) == key_of(coded) == (410, "ballot.over")

    circulate(tmp_path, scene)


def test_who_stands_back_is_neither_counted_nor_waited_for(tmp_path: Path) -> None:
    async def scene(here: Circle) -> None:
        stood_back = await here.vote(SAITO, "recuse", "施工者の顧問のため")
        await here.vote(MORI, "agree")
        await here.staff_votes("recuse")
        decision = await here.read()
        here.genba.clock.forward(seconds=3 * 86400)
        closed = await here.genba.services.decision_desk.close_due()

        assert stood_back.json()["receipt"]["vote"] == "recuse"
        assert decision["state"] == "review", "one vote is no quorum of two"
        assert closed == 0
        assert await whole(here.genba) == 5

    circulate(tmp_path, scene)


def test_after_the_deadline_nobody_votes_and_more_time_is_told(tmp_path: Path) -> None:
    async def scene(here: Circle) -> None:
        await here.vote(MORI, "agree")
        here.genba.clock.forward(seconds=3 * 86400 + 60)
        here.host, here.chief = await here.genba.signed_in("F1001"), await here.genba.signed_in("S3001")
        professor = here.genba.browser()
        late = await professor.post(f"/ballot/{here.link_of(SAITO)}/code")
        shown = (await professor.get(f"/ballot/{here.link_of(SAITO)}")).json()
        count, known = len(here.server.taken), await here.read()
        ask = {"voter_ids": [await here.id_of(here.chief)], "quorum": 2}
        ask["until"] = (here.genba.clock.at + timedelta(days=1)).isoformat()
        longer = await here.host.post(
            f"/decisions/{here.decision['id']}/hand-in", {"seen": known["hash"], "ask": ask}
        )
        await here.mails(count + 1)
        told = here.server.messages()[count:]
        voted = await here.vote(SAITO, "agree")

        assert key_of(late) == (409, "ballot.closed")
        assert (shown["is_over"], shown["result"]) == (True, None)
        assert longer.status_code == 200, longer.text
        assert [each["To"] for each in told] == [SAITO["address"]], "who answered is not asked again"
        assert voted.status_code == 200, voted.text

    circulate(tmp_path, scene)


def test_who_has_not_answered_is_reminded_once_a_day_before(tmp_path: Path) -> None:
    async def scene(here: Circle) -> None:
        await here.vote(MORI, "agree")
        desk, count = here.genba.services.ballot_desk, len(here.server.taken)
        early = await desk.remind_due()
        here.genba.clock.forward(seconds=2 * 86400 + 60)
        told, again = await desk.remind_due(), await desk.remind_due()
        await here.mails(count + 1)

        assert (early, told, again) == (0, 1, 0)
        assert here.server.messages()[-1]["To"] == SAITO["address"]
        assert (await here.genba.log())[-1].action == "ballot.reminded"

    circulate(tmp_path, scene)


def test_staff_see_who_opened_and_send_again(tmp_path: Path) -> None:
    async def scene(here: Circle) -> None:
        await here.genba.browser().get(f"/ballot/{here.link_of(SAITO)}")
        await here.vote(MORI, "agree")
        [saito, mori] = (await here.read())["circulation"]["outside"]
        path = f"/decisions/{here.decision['id']}/members/"
        count = len(here.server.taken)
        again = await here.host.post(f"{path}{saito['id']}/send")
        answered = await here.host.post(f"{path}{mori['id']}/send")
        other = await here.chief.post(f"{path}{saito['id']}/send")
        unknown = await here.host.post(f"{path}01AAAAAAAAAAAAAAAAAAAAAAAA/send")
        await here.mails(count + 1)

        assert (saito["opened_at"] is not None, saito["has_answered"]) == (True, False)
        assert (mori["has_answered"], mori["language"]) == (True, "en")
        assert again.status_code == 200 and "address" not in again.text
        assert key_of(answered) == (409, "ballot.closed")
        assert key_of(other) == (403, "forbidden")
        assert key_of(unknown) == (404, "ballot.unknown")

    circulate(tmp_path, scene)


def test_they_are_shown_what_was_cleared_for_them_and_nothing_else(tmp_path: Path) -> None:
    with MailServer() as server:

        async def scene(genba: Installation) -> None:
            here = await Circle.begin(genba)
            here.server = server
            services, host = genba.services, here.host
            papers = [await uploaded(host, pdf(2), f"{name}.pdf") for name in ("open", "kept")]
            open_one, kept_one = (each["current"]["id"] for each in papers)
            await host.patch(f"/documents/{papers[0]['id']}", {"disclosure": "public", "sensitivity": 1})
            person = await services.store.read(lambda s: _person(s, "F1001"))
            maker = Stills(services, person)
            stills = [await maker.arrived(here.call_id, complete=True) for _ in range(2)]
            leaning = {"version_ids": [open_one, kept_one], "still_ids": stills}
            ask = {"voter_ids": [await here.id_of(here.chief)], "quorum": 1, "outside": [SAITO]}
            ask["until"] = (genba.clock.at + timedelta(days=3)).isoformat()
            internal = await host.post(
                "/decisions",
                PROPOSAL | leaning | {"call_id": here.call_id, "ask": ask | {"shown_versions": [kept_one]}},
            )
            cleared = ask | {"shown_versions": [open_one], "shown_stills": stills[:1]}
            here.decision = await here.propose(ask=cleared, **leaning)
            await here.mails(1)
            path, professor = f"/ballot/{here.link_of(SAITO)}", genba.browser()
            shown = (await professor.get(path)).json()
            seen = [
                await professor.get(f"{path}/{each}")
                for each in (
                    f"pages/{open_one}/2",
                    f"stills/{stills[0]}",
                    f"pages/{kept_one}/1",
                    f"stills/{stills[1]}",
                    f"pages/{open_one}/3",
                )
            ]
            await host.post(f"/calls/{here.call_id}/end")
            span = {"from_ms": 0, "to_ms": 3_600_000, "reason": "personal"}
            hidden = await here.chief.post(f"/calls/{here.call_id}/redactions", span)
            gone = await professor.get(f"{path}/stills/{stills[0]}")
            await host.patch(f"/documents/{papers[0]['id']}", {"disclosure": "staff"})
            closed = await professor.get(f"{path}/pages/{open_one}/1")

            assert key_of(internal) == (404, "document.unknown")
            assert [each["version"] for each in shown["papers"]] == [open_one]
            assert shown["papers"][0]["pages"] == [1, 2]
            assert [each["id"] for each in shown["stills"]] == stills[:1]
            assert shown["withheld"] == 2
            assert [each.status_code for each in seen] == [200, 200, 404, 404, 404]
            assert (hidden.status_code, gone.status_code) == (201, 404), "不開示"
            assert closed.status_code == 404, "what is not for guests any more is not shown"

        play(tmp_path, scene, public_url=ORIGIN, **server.settings)


def test_without_a_mail_server_nobody_from_outside_is_asked(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        here = await Scene.begin(genba)
        ask = {"voter_ids": [await here.id_of(here.chief)], "quorum": 2, "outside": [SAITO]}
        ask["until"] = (genba.clock.at + timedelta(days=3)).isoformat()
        offered = (await here.host.get("/decision-approvers", kind="site", call_id=here.call_id)).json()
        refused = await here.host.post("/decisions", PROPOSAL | {"call_id": here.call_id, "ask": ask})

        assert offered["can_invite"] is False
        assert key_of(refused) == (409, "mail.not_set_up")
        assert await whole(genba) == 0

    play(tmp_path, scene)


def test_one_address_has_one_vote(tmp_path: Path) -> None:
    with MailServer() as server:

        async def scene(genba: Installation) -> None:
            here = await Scene.begin(genba)
            twice = [SAITO, SAITO | {"name": "斎藤", "address": "SAITO@example.ac.jp"}]
            ask = {"quorum": 2, "outside": twice, "until": (genba.clock.at + timedelta(days=3)).isoformat()}
            refused = await here.host.post("/decisions", PROPOSAL | {"call_id": here.call_id, "ask": ask})

            assert key_of(refused) == (409, "decision.step")
            assert await whole(genba) == 0 and server.taken == []

        play(tmp_path, scene, public_url=ORIGIN, **server.settings)


def test_addresses_and_links_are_forgotten_a_month_after_the_deadline(tmp_path: Path) -> None:
    async def scene(here: Circle) -> None:
        here.genba.clock.forward(seconds=34 * 86400)
        await here.genba.services.ballot_desk.forget_old()
        rows = await here.genba.services.store.read(
            lambda s: outside_members.of_decision(s, here.decision["id"])
        )
        here.host = await here.genba.signed_in("F1001")
        opened = await here.genba.browser().get(f"/ballot/{here.link_of(SAITO)}")

        assert rows == []
        assert key_of(opened) == (404, "ballot.unknown")
        assert (await here.read())["circulation"]["outside"][0]["invited_at"] is None

    circulate(tmp_path, scene)


def test_the_export_with_votes_from_outside_is_whole_and_a_deleted_one_is_named(tmp_path: Path) -> None:
    async def scene(here: Circle) -> None:
        await here.vote(SAITO, "object", "計測だけでは足りない")
        await here.vote(MORI, "agree")
        await here.staff_votes("agree")
        key = here.genba.services.vault.signing_key.public_key()
        lines: list[str] = []
        await here.genba.services.store.read(
            lambda session: chains.export(decisions.links(session), key, lines.append)
        )
        links = await here.genba.services.store.read(lambda session: list(decisions.links(session)))
        file = tmp_path / "decisions.jsonl"

        def both(kept: Sequence[str], rows: Sequence[Link]) -> tuple[str, Fault | None]:
            file.write_text("".join(kept), encoding="utf-8")
            done = subprocess.run([sys.executable, str(TOOL), str(file)], capture_output=True, text=True)
            return done.stdout, decision_chain.examine(rows, key).fault

        told, fault = both(lines, links)
        assert "whole" in told and "6 rows" in told and fault is None
        told, fault = both(lines[:3] + lines[4:], links[:2] + links[3:])
        assert "row 3 is missing" in told and fault == Fault(3, What.MISSING)
        swapped = [*links[:2], links[3], links[2], *links[4:]]
        told, fault = both([*lines[:3], lines[4], lines[3], *lines[5:]], swapped)
        assert "row 3 is not in its place" in told and fault == Fault(3, What.MOVED)
        edited = Link(links[2].seq, links[2].record.replace("反対", "賛成"), links[2].hash, links[2].seal)
        told, fault = both([each.replace("反対", "賛成") for each in lines], [*links[:2], edited, *links[3:]])
        assert "row 3 was changed" in told and fault == Fault(3, What.CHANGED)
        assert seals.fingerprint(key) in both(lines, links)[0]

    circulate(tmp_path, scene)
