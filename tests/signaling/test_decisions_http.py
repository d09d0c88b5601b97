"""Decisions over HTTP: proposed in a call, approved by a fresh code, returned, noted aloud, circulated."""

from __future__ import annotations

import csv
import shutil
import subprocess
import sys
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Self

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from field_assist import decision_chain, decisions, seals, transcripts
from signaling import chains
from signaling.mail import outbox
from tests.installation import Browser, Installation, Json, key_of, play

TOOL = Path(__file__).resolve().parents[2] / "tools" / "verify_decisions.py"
PROPOSAL: Json = {
    "kind": "traffic",
    "what": "P2の巻立て作業を止め、ひび割れに計測器を付ける",
    "reason": "いちばん太い所で0.4ミリ",
    "rejected": [{"option": "全面通行止め", "why": "耐力への影響は小さい"}],
    "basis": [{"law": "道路法第42条"}],
    "due": "今日 12時まで",
}


@dataclass
class Scene:
    """F1001 in a call of a case of theirs; S3001 is the head of their office, X2001 the head's deputy."""

    genba: Installation
    host: Browser
    chief: Browser
    case_id: str
    call_id: str

    @classmethod
    async def begin(cls, genba: Installation) -> Self:
        """Everybody signed in."""
        host, chief = await genba.signed_in("F1001"), await genba.signed_in("S3001")
        case = (await host.post("/cases", {"title": "川辺橋"})).json()["id"]
        call = (await host.post("/calls", {"topic": "road", "case_id": case})).json()["call"]["id"]
        return cls(genba, host, chief, case, call)

    async def propose(self, **more: object) -> Json:
        """Proposed in the call and handed in."""
        body = PROPOSAL | {"call_id": self.call_id, "ask": {}} | more
        answer = await self.host.post("/decisions", body)
        assert answer.status_code == 201, answer.text
        found: Json = answer.json()
        return found

    def code(self, staff_no: str) -> str:
        """A code that was not used yet."""
        self.genba.clock.forward(seconds=30)
        return self.genba.code(staff_no)

    async def judge(
        self, browser: Browser, decision: Json, verdict: str, code: str, words: str = ""
    ) -> httpx.Response:
        """What somebody says to a decision as they read it."""
        body = {"seen": decision["hash"], "verdict": verdict, "words": words, "code": code}
        return await browser.post(f"/decisions/{decision['id']}/judge", body)

    async def id_of(self, browser: Browser) -> str:
        """Whose browser it is."""
        found: str = (await browser.get("/me")).json()["person"]["id"]
        return found


def _checked(file: Path, *more: str) -> tuple[int, str]:
    """What the separate program answers."""
    done = subprocess.run([sys.executable, str(TOOL), str(file), *more], capture_output=True, text=True)
    return done.returncode, done.stdout


async def whole(genba: Installation) -> int:
    """How many rows the chain has, all of them whole."""
    key = genba.services.vault.signing_key.public_key()
    verdict = await genba.services.store.read(lambda session: decisions.verify(session, key))
    assert verdict.fault is None
    return verdict.rows


def test_a_decision_is_proposed_in_a_call_and_approved_by_a_fresh_code(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        here = await Scene.begin(genba)
        proposed = await here.propose()
        assert (proposed["number"], proposed["state"]) == ("R8-道路維持課-判0001", "review")
        assert (proposed["asked"]["post"], proposed["rule"]) == ("所長", "所長")
        assert proposed["case_title"] == "川辺橋", "the call brings its case along"

        [owed] = (await here.chief.get("/decisions/waiting")).json()["waiting"]
        approved = await here.judge(here.chief, proposed, "approved", here.code("S3001"))

        assert (owed["why"], owed["decision"]["id"]) == ("approve", proposed["id"])
        assert approved.status_code == 200, approved.text
        decision = approved.json()
        assert (decision["state"], decision["way"], decision["approver"]["name"]) == (
            "approved",
            "決裁",
            "藤代 正和",
        )
        assert [(each["act"], each["by_code"]) for each in decision["people"]] == [
            ("propose", False),
            ("hand_in", False),
            ("approve", True),
        ]
        [listed] = (await here.host.get(f"/cases/{here.case_id}/decisions")).json()["decisions"]
        assert (listed["id"], listed["state"]) == (decision["id"], "approved")
        assert (await here.chief.get("/decisions/waiting")).json()["waiting"] == []
        assert await whole(genba) == 3
        acts = [row.action for row in await genba.log()]
        assert acts[-2:] == ["otp.fresh", "decision.approved"]

    play(tmp_path, scene)


def test_a_code_is_fresh_its_own_and_counted(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        here = await Scene.begin(genba)
        proposed = await here.propose()
        used = genba.code("S3001")

        wrong = await here.judge(here.chief, proposed, "approved", "000000")
        others = await here.judge(here.chief, proposed, "approved", here.code("F1001"))
        genba.clock.forward(seconds=-30)
        again = await here.judge(here.chief, proposed, "approved", used)

        assert key_of(wrong) == key_of(others) == (422, "otp.wrong")
        assert key_of(again) == (422, "otp.used"), "the one they signed in with"
        assert await whole(genba) == 2
        assert [row.action for row in await genba.log()][-1] == "otp.fresh"

    play(tmp_path, scene)


def test_nobody_approves_the_own_proposal_or_what_they_have_not_seen(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        here = await Scene.begin(genba)
        proposed = await here.propose()
        own = await here.judge(here.host, proposed, "approved", here.code("F1001"))
        withdrawn = await here.host.post(f"/decisions/{proposed['id']}/withdraw", {"seen": proposed["hash"]})
        path = f"/decisions/{proposed['id']}/revise"
        body = PROPOSAL | {"what": "全面通行止めにする", "seen": withdrawn.json()["hash"], "ask": {}}
        revised = await here.host.post(path, body)

        stale = await here.judge(here.chief, proposed, "approved", here.code("S3001"))

        assert key_of(own) == (403, "forbidden")
        assert revised.json()["what"] == "全面通行止めにする"
        assert key_of(stale) == (409, "decision.changed")

    play(tmp_path, scene)


def test_a_returned_decision_is_corrected_and_a_cancelled_one_proposed_anew(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        here = await Scene.begin(genba)
        proposed = await here.propose()
        silent = await here.judge(here.chief, proposed, "returned", here.code("S3001"))
        returned = await here.judge(here.chief, proposed, "returned", here.code("S3001"), "根拠が足りない")
        [owed] = (await here.host.get("/decisions/waiting")).json()["waiting"]
        body = PROPOSAL | {"seen": returned.json()["hash"], "ask": {}}
        revised = (await here.host.post(f"/decisions/{proposed['id']}/revise", body)).json()
        on_condition = await here.judge(
            here.chief, revised, "conditional", here.code("S3001"), "1時間ごとに測る"
        )
        cancelled = await here.judge(
            here.chief, on_condition.json(), "cancelled", here.code("S3001"), "状況が変わった"
        )
        body = PROPOSAL | {"what": "通行を再開する", "seen": cancelled.json()["hash"], "ask": {}}
        anew = await here.host.post(f"/decisions/{proposed['id']}/revise", body)

        assert key_of(silent) == (409, "decision.step"), "a reason is part of returning it"
        assert owed["why"] == "returned"
        assert on_condition.json()["people"][-1]["words"] == "1時間ごとに測る"
        assert (anew.json()["number"], anew.json()["state"]) == (proposed["number"], "review")
        assert await whole(genba) == 9

    play(tmp_path, scene)


def test_a_deputy_approves_in_somebodys_stead_and_it_says_so(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        here = await Scene.begin(genba)
        deputy = await genba.signed_in("X2001")
        proposed = await here.propose()
        [owed] = (await deputy.get("/decisions/waiting")).json()["waiting"]

        approved = await here.judge(deputy, proposed, "approved", here.code("X2001"), "所長は出張中")

        assert owed["why"] == "stand_in"
        assert approved.json()["way"] == "代決"
        assert approved.json()["people"][-1]["stead"]["post"] == "所長"

    play(tmp_path, scene)


def test_an_oral_approval_is_confirmed_by_who_gave_it_or_is_an_alert_after_a_day(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        here = await Scene.begin(genba)
        proposed, chief_id = await here.propose(), await here.id_of(here.chief)
        path = f"/decisions/{proposed['id']}/oral"
        noted = await here.host.post(path, {"seen": proposed["hash"], "approver_id": chief_id})
        [owed] = (await here.chief.get("/decisions/waiting")).json()["waiting"]
        before = (await here.host.get("/decisions/waiting")).json()["waiting"]
        genba.clock.forward(seconds=24 * 3600 + 1)
        here.host, here.chief = await genba.signed_in("F1001"), await genba.signed_in("S3001")

        [alert] = (await here.host.get("/decisions/waiting")).json()["waiting"]
        confirmed = await here.judge(here.chief, noted.json(), "approved", here.code("S3001"))

        assert noted.json()["state"] == "oral"
        assert (owed["why"], before, alert["why"]) == ("confirm", [], "overdue")
        assert (confirmed.json()["state"], confirmed.json()["way"]) == ("approved", "口頭承認")
        assert confirmed.json()["decided_at"] == noted.json()["decided_at"], "it holds since it was said"

    play(tmp_path, scene)


def test_a_circulation_closes_at_its_deadline_with_the_minority_heard(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        here = await Scene.begin(genba)
        second, third = await genba.signed_in("X2001"), await genba.signed_in("X2002")
        voters = [await here.id_of(each) for each in (here.chief, second, third)]
        until = (genba.clock.at + timedelta(hours=1)).isoformat()
        proposed = await here.propose(ask={"voter_ids": voters, "quorum": 2, "until": until})

        async def vote(browser: Browser, staff_no: str, vote: str, words: str = "") -> httpx.Response:
            seen = (await browser.get(f"/decisions/{proposed['id']}")).json()["hash"]
            body = {"seen": seen, "vote": vote, "words": words, "code": here.code(staff_no)}
            return await browser.post(f"/decisions/{proposed['id']}/vote", body)

        by_one = await here.judge(here.chief, proposed, "approved", here.code("S3001"))
        await vote(here.chief, "S3001", "agree")
        twice = await vote(here.chief, "S3001", "agree")
        silent = await vote(second, "X2001", "object")
        heard = await vote(second, "X2001", "object", "費用が大きい")
        closed_early = await genba.services.decision_desk.close_due()
        genba.clock.forward(seconds=3600)
        here.host = await genba.signed_in("F1001")
        closed = await genba.services.decision_desk.close_due()

        decision = (await here.host.get(f"/decisions/{proposed['id']}")).json()
        assert key_of(by_one) == (403, "forbidden")
        assert key_of(twice) == key_of(silent) == (409, "decision.step")
        assert heard.status_code == 200
        assert (closed_early, closed) == (0, 1)
        assert (decision["state"], decision["people"][-2]["words"]) == ("returned", "費用が大きい"), (
            "one to one"
        )
        assert decision["people"][-1]["act"] == "close"
        assert await whole(genba) == 5

    play(tmp_path, scene)


def test_without_a_quorum_it_does_not_close_and_gets_more_time(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        here = await Scene.begin(genba)
        second = await genba.signed_in("X2001")
        voters = [await here.id_of(each) for each in (here.chief, second)]
        until = (genba.clock.at + timedelta(hours=1)).isoformat()
        ask = {"voter_ids": voters, "quorum": 2, "until": until}
        proposed = await here.propose(ask=ask)
        genba.clock.forward(seconds=4000)
        here.host = await genba.signed_in("F1001")

        closed = await genba.services.decision_desk.close_due()
        [owed] = (await here.host.get("/decisions/waiting")).json()["waiting"]
        ask["until"] = (genba.clock.at + timedelta(hours=1)).isoformat()
        longer = await here.host.post(
            f"/decisions/{proposed['id']}/hand-in", {"seen": proposed["hash"], "ask": ask}
        )

        assert (closed, owed["why"]) == (0, "no_quorum")
        assert longer.status_code == 200, longer.text

    play(tmp_path, scene)


def test_the_rules_say_whose_post_is_enough(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        here = await Scene.begin(genba)
        admin = await genba.signed_in("A9001")
        asked = {"kind": "spending", "case_id": here.case_id}

        small = (await here.host.get("/decision-approvers", amount_yen=90_000, **asked)).json()
        large = (await here.host.get("/decision-approvers", amount_yen=90_000_000, **asked)).json()
        refused = await here.host.post(
            "/decisions",
            PROPOSAL | {"kind": "spending", "amount_yen": 90_000_000, "case_id": here.case_id, "ask": {}},
        )
        rules = {"rules": [{"kind": "spending", "up_to_yen": None, "post": "所長"}]}
        changed = await admin.post("/decision-rules", rules)
        after = (await here.host.get("/decision-approvers", amount_yen=90_000_000, **asked)).json()

        assert (small["post"], [each["post"] for each in small["approvers"]]) == ("係長", ["所長"])
        assert (large["post"], large["approvers"]) == ("部長", [])
        assert key_of(refused) == (409, "decision.nobody_approves")
        assert changed.json() == rules
        assert [each["post"] for each in after["approvers"]] == ["所長"]

    play(tmp_path, scene)


def test_the_database_refuses_to_change_a_row_and_the_chain_names_one_that_was(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        here = await Scene.begin(genba)
        proposed = await here.propose()
        await here.judge(here.chief, proposed, "approved", here.code("S3001"))
        engine = genba.services.store.engine
        for statement in ("UPDATE decision SET state = '取消'", "DELETE FROM decision"):
            with pytest.raises(DBAPIError, match="append-only"), engine.begin() as connection:
                connection.execute(text(statement))

        with engine.begin() as connection:  # somebody who may do anything with the database
            for trigger in ("decision_no_update", "decision_append_only"):
                end = " ON decision" if engine.dialect.name == "postgresql" else ""
                connection.execute(text(f"DROP TRIGGER IF EXISTS {trigger}{end}"))
            connection.execute(text("UPDATE decision SET case_id = NULL WHERE seq = 2"))

        key = genba.services.vault.signing_key.public_key()
        verdict = await genba.services.store.read(lambda session: decisions.verify(session, key))
        assert verdict.fault == decision_chain.Fault(2, decision_chain.What.CHANGED)

    play(tmp_path, scene)


def test_cited_lines_are_proved_without_being_kept_for_ever(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        here = await Scene.begin(genba)
        speech = transcripts.Speech("S-1", "川上 拓也", "ja", 768_000, 771_000)
        words = transcripts.Words("いちばん太い所で0.4ミリです。", "test", 0.9, False)
        store, at = genba.services.store, genba.clock.at
        line = await store.write(lambda s: transcripts.write(s, here.call_id, speech, words, at))
        proposed = await here.propose(cites=[line.line_id])
        stranger = await genba.signed_in("X2003")
        refused = await stranger.post(
            "/decisions", PROPOSAL | {"call_id": here.call_id, "cites": [line.line_id]}
        )

        masked = transcripts.LineState.MASKED
        await store.write(lambda s: transcripts.revise(s, line, "＊＊＊", masked, "S-1", at))
        after = (await here.chief.get(f"/decisions/{proposed['id']}")).json()
        await store.write(lambda s: transcripts.forget(s, here.call_id, "S-1", at))
        gone = (await here.chief.get(f"/decisions/{proposed['id']}")).json()

        row = await store.read(lambda s: decisions.latest(s, proposed["id"]))
        assert (proposed["cites"][0]["text"], proposed["cites"][0]["is_same"]) == (words.text, True)
        assert (after["cites"][0]["text"], after["cites"][0]["is_same"]) == ("＊＊＊", False)
        assert (gone["cites"][0]["text"], gone["cites"][0]["call_id"]) == ("", None)
        assert words.text not in row.row.record
        assert key_of(refused) == (404, "call.unknown")
        assert await whole(genba) == 2

    play(tmp_path, scene)


def test_a_case_gives_its_decisions_as_a_table(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        here = await Scene.begin(genba)
        proposed = await here.propose(what="=HYPERLINK(0)")
        await here.judge(here.chief, proposed, "approved", here.code("S3001"))

        answer = await here.host.get(f"/cases/{here.case_id}/decisions.csv")

        heading, row = csv.reader(answer.content.decode("utf-8-sig").splitlines())
        table = dict(zip(heading, row, strict=True))
        assert answer.content.startswith(b"\xef\xbb\xbf") and answer.content.count(b"\r\n") == 2
        assert table["決定内容"] == "'=HYPERLINK(0)", "no formula for a spreadsheet"
        assert (table["起案者"], table["承認者"]) == ("早瀬 美咲（現場技師）", "藤代 正和（所長）")
        assert (table["承認区分"], table["状態"], table["採らなかった案"]) == (
            "決裁",
            "承認",
            "全面通行止め（耐力への影響は小さい）",
        )
        assert len(table["直前ハッシュ"]) == len(table["ハッシュ"]) == 64
        assert (await genba.log())[-1].action == "decision.exported"

    play(tmp_path, scene)


def test_the_heads_are_noted_daily_and_show_a_cut_tail(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        here = await Scene.begin(genba)
        proposed = await here.propose()
        parts, data = genba.services, genba.folder

        async def note() -> bool:
            return await chains.note_daily(parts.store, parts.vault, parts.clock, data, "audit@example.jp")

        shutil.rmtree(data / chains.FOLDER, ignore_errors=True)
        first, again = await note(), await note()
        genba.clock.forward(seconds=24 * 3600)
        await here.judge(await genba.signed_in("S3001"), proposed, "approved", here.code("S3001"))
        assert await note()

        heads, key = chains.noted(data, "decisions"), parts.vault.signing_key.public_key()
        is_whole, _ = await parts.store.read(lambda s: chains.examine_decisions(s, key, heads))
        cut = [*heads, (4, "0" * 64)]
        _, words = await parts.store.read(lambda s: chains.examine_decisions(s, key, cut))
        mails = await parts.store.read(lambda s: s.exec(select(outbox.Mail)).all())
        assert (first, again) == (True, False)
        assert [rows for rows, _ in heads] == [2, 3]
        assert is_whole and words == "decisions: row 4 is missing"
        assert len(mails) == 2
        assert await parts.store.read(
            lambda s: chains.examine_access_log(s, chains.noted(data, "access-log"))[0]
        )

    play(tmp_path, scene)


def test_the_export_is_checked_by_the_separate_program(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        here = await Scene.begin(genba)
        proposed = await here.propose()
        await here.judge(here.chief, proposed, "approved", here.code("S3001"))
        key = genba.services.vault.signing_key.public_key()
        lines: list[str] = []
        await genba.services.store.read(
            lambda session: chains.export(decisions.links(session), key, lines.append)
        )
        file = tmp_path / "decisions.jsonl"

        def checked(content: str, *more: str) -> tuple[int, str]:
            file.write_text(content, encoding="utf-8")
            return _checked(file, *more)

        status, told = checked("".join(lines), "--key", seals.fingerprint(key))
        changed = checked("".join(lines).replace("0.4ミリ", "0.1ミリ"))
        shorter = checked("".join(lines[:-1]), "--head", told.split("head ")[1].split(",")[0])
        database = genba.folder / "genba.sqlite3"
        public = seals.written(key)
        if genba.services.store.engine.dialect.name == "sqlite":
            assert _checked(database, "--public-key", public)[0] == 0

        assert status == 0 and "3 rows" in told
        assert changed[0] == 1 and "row 1 was changed" in changed[1]
        assert shorter[0] == 1 and "row 3 is missing" in shorter[1]

    play(tmp_path, scene)
