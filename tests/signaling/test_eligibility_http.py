"""The eligibility check over HTTP: without an account, one question at a time, and nothing kept."""

from __future__ import annotations

import csv
import json
from datetime import timedelta
from pathlib import Path

import pytest

from field_assist import Session, concierge
from signaling import demo
from tests.clock import START
from tests.installation import Installation, Json, key_of, play

PROGRAMMES = Path(demo.__file__).parent / "demo_files" / "catalogue" / "programmes.csv"
LOCALES = Path(__file__).resolve().parents[2] / "web_client" / "src" / "locales"
HEADINGS = "全国地方公共団体コード,ID,地方公共団体の名称,タイトル（制度名）,x_対象条件"


async def bring(genba: Installation, content: bytes) -> None:
    """Take a list of programmes into the catalogue."""
    intake, store = concierge.intake, genba.services.store
    origin = concierge.lists.Origin("あまね県", "CC BY 4.0", START, "990001")

    def work(session: Session) -> None:
        kind = concierge.entries.Kind.PROGRAMME
        known = intake.known(session, kind)
        row = concierge.catalogue.by_name(session, "programmes")
        with intake.Prepared(content, origin, lambda _: known, row) as prepared:
            assert not prepared.remarks.fault_count
            intake.take_in(session, "programmes", prepared, START)

    await store.write(work)


async def ask(genba: Installation, service: str, **answers: object) -> Json:
    answer = await genba.browser().post(f"/services/{service}/check", {"answers": answers})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def test_a_stranger_is_asked_one_thing_at_a_time_and_told_papers_deadline_and_desk(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        await bring(genba, PROGRAMMES.read_bytes())
        answers: dict[str, object] = {}
        asked = []
        facts = {
            "lives_here": True,
            "age": 78,
            "hearing_loss": True,
            "disability": "none",
            "bought_already": False,
        }
        while (said := await ask(genba, "992011-P016", **answers))["question"]:
            assert said["verdict"] == "unsure"
            asked.append(said["question"]["name"])
            answers[asked[-1]] = facts[asked[-1]]

        assert asked == list(facts)
        assert (said["verdict"], said["desk"]) == ("likely", ["doctor", "budget"])
        service = said["service"]
        assert (service["papers"], service["ends"]) == (["意見書", "見積書"], "2027-02-26")
        assert (service["reception"], service["days_left"]) == ("open", 94)
        assert (service["owner"], service["contact"]) == ("あまね県あまね市", "長寿支援課")

        over = await ask(genba, "992011-P016", lives_here=True, age=60)
        assert (over["verdict"], over["question"]) == ("unlikely", None)
        assert [one["name"] for one in over["findings"] if one["holds"] is False] == ["age"]

    play(tmp_path, scene)


def test_a_day_of_ones_own_gives_a_last_day(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        await bring(genba, PROGRAMMES.read_bytes())
        bought = (START - timedelta(days=30)).date()

        said = await ask(genba, "992011-P067", lives_here=True, bought_on=bought.isoformat())

        assert said["verdict"] == "likely"
        assert len(said["own_deadlines"]) == 1

    play(tmp_path, scene)


def test_what_was_said_stands_in_no_table_and_no_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def scene(genba: Installation) -> None:
        await bring(genba, PROGRAMMES.read_bytes())
        rows_before = len(await genba.log())
        with caplog.at_level("DEBUG"):
            await ask(genba, "990001-P041", moved_on="2026-07-31")

        logged = " ".join(
            str(vars(record)) for record in caplog.records if record.name.startswith("signaling")
        )
        assert "2026-07-31" not in logged
        assert len(await genba.log()) == rows_before

    play(tmp_path, scene)


def test_hostile_input_gets_nothing(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        await bring(genba, PROGRAMMES.read_bytes())
        stranger = genba.browser()
        for service in ("992011-P999", "P016", "992020-P016", "-", "992011-" + "P" * 500):
            assert key_of(await stranger.post(f"/services/{service}/check", {})) == (
                404,
                "not_found",
            )
        for answers in ({"age": "many"}, {"age": True}, {"weather": True}, {"disability": "royal"}):
            refused = await stranger.post("/services/992011-P016/check", {"answers": answers})
            assert key_of(refused) == (422, "eligibility.answer")
        malformed: list[object] = [
            {f"a{number}": True for number in range(61)},
            {"age": 1.5},
            {"age": [1]},
            ["age"],
        ]
        for body in malformed:
            refused = await stranger.post("/services/992011-P016/check", {"answers": body})
            assert key_of(refused) == (422, "request.invalid")

    play(tmp_path, scene)


def test_a_rule_written_wrongly_sends_people_to_the_desk(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        await bring(genba, f'{HEADINGS}\n992011,P1,あまね県あまね市,補助,"{{""all"": [""rich""]}}"'.encode())

        said = await ask(genba, "992011-P1")

        assert (said["verdict"], said["has_rule"], said["question"]) == ("unsure", False, None)

    play(tmp_path, scene)


def test_every_programme_of_the_demo_has_a_rule_that_can_be_read() -> None:
    with PROGRAMMES.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))

    rules = {row["ID"]: concierge.eligibility.read(row[concierge.eligibility.COLUMN]) for row in rows}

    assert len(rules) == 76
    unasked = [
        name for name, rule in rules.items() if not concierge.eligibility.judge(rule, {}, START.date()).ask
    ]
    assert not unasked, "a rule that asks nothing says nothing"


@pytest.mark.parametrize("language", ["ja", "ja-easy", "en"])
def test_everything_that_is_asked_has_its_words(language: str) -> None:
    words = json.loads((LOCALES / language / "eligibility.json").read_text(encoding="utf-8"))
    circumstances = concierge.circumstances.CIRCUMSTANCES

    assert set(words["ask"]) == set(circumstances)
    assert set(words["check"]) == concierge.circumstances.DESK_CHECKS
    assert {name: set(said) for name, said in words["choice"].items()} == {
        name: set(one.choices) for name, one in circumstances.items() if one.choices
    }
