"""Search of the library over HTTP: what is answered to whom, and that the index follows every change."""

from __future__ import annotations

from pathlib import Path

from field_assist import Disclosure, Session, documents, staff
from field_assist.documents import Particulars
from tests.field_assist.library_shelf import shelve
from tests.installation import Browser, Installation, Json, play

SECRET = "門外不出の覚え書き"


async def _found(browser: Browser, typed: str = "", **wanted: str) -> Json:
    answer = await browser.get("/documents", q=typed, **wanted)
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


async def _shelve(made: Installation, staff_no: str, new: Particulars, *pages: str) -> str:
    def work(session: Session) -> str:
        owner = staff.by_number(session, staff_no)
        assert owner is not None
        return shelve(session, owner.person(), new, pages).id

    return await made.services.store.write(work)


def test_a_hit_says_where_and_how_much_there_is(tmp_path: Path) -> None:
    async def scene(made: Installation) -> None:
        new = Particulars("高欄の手引", "手引", Disclosure.PUBLIC, tags=["高欄"])
        await _shelve(made, "F1001", new, "目次だけの頁", "塗膜の割れを調べる。", "塗膜を塗り直す。")
        browser = await made.signed_in("X2002")

        found = await _found(browser, "塗膜")

        assert (found["total"], found["total_places"], found["missing_terms"]) == (1, 2, 0)
        document = found["documents"][0]
        assert document["title"] == "高欄の手引"
        assert document["version"]["pages"] == 3
        assert [place["page"] for place in document["places"]] == [2, 3]
        assert document["snippets"][0]["text"] == "塗膜の割れを調べる。"
        assert document["snippets"][0]["marks"] == [[0, 2]]
        assert document["may_change"] is False
        assert found["facets"]["kind"] == [{"value": "手引", "count": 1}]
        assert found["took_ms"] > 0

    play(tmp_path, scene)


def test_what_is_for_few_is_in_nothing_that_others_are_answered(tmp_path: Path) -> None:
    async def scene(made: Installation) -> None:
        before = await _found(await made.signed_in("F1002"))
        new = Particulars(SECRET, SECRET[:8], Disclosure.STAFF, sensitivity=3, tags=[SECRET])
        await _shelve(made, "X2002", new, f"{SECRET}の中身")

        assert (await _found(await made.signed_in("X2002"), SECRET))["total"] == 1
        for staff_no in ("F1001", "F1002", "X2001", "S3001"):
            browser = await made.signed_in(staff_no)
            for found in (await _found(browser, SECRET), await _found(browser)):
                assert "門外不出" not in str(found["documents"]) + str(found["facets"])
            assert (await _found(browser, SECRET))["total"] == 0
            assert (await _found(browser))["total"] == before["total"]
        for staff_no in ("A9001", "O8001"):
            found = await _found(await made.signed_in(staff_no))
            assert (found["total"], found["documents"], found["facets"]["kind"]) == (0, [], [])

    play(tmp_path, scene)


def test_shown_to_residents_leaves_staff_only_documents_out_of_everything(tmp_path: Path) -> None:
    async def scene(made: Installation) -> None:
        for disclosure in Disclosure:
            new = Particulars(f"塗膜 {disclosure.value}", disclosure.value, disclosure)
            await _shelve(made, "F1001", new, "塗膜の話")
        browser = await made.signed_in("F1001")

        found = await _found(browser, "塗膜", audience="guests")

        assert found["total"] == found["total_places"] == 2
        assert {value["value"] for value in found["facets"]["disclosure"]} == {"public", "presentable"}
        assert "staff" not in {document["kind"] for document in found["documents"]}

    play(tmp_path, scene)


def test_a_new_title_a_case_and_withdrawing_are_found_at_once(tmp_path: Path) -> None:
    async def scene(made: Installation) -> None:
        document_id = await _shelve(made, "F1001", Particulars("仮の名"), "頁")
        browser = await made.signed_in("F1001")
        path = f"/documents/{document_id}"
        case = next(
            each for each in (await browser.get("/cases")).json()["cases"] if "川辺橋" in each["title"]
        )

        await _patch(browser, path, {"title": "支承の交換計画", "tags": ["沓"]})
        assert (await _found(browser, "仮の名"))["total"] == 0
        assert (await _found(browser, "支承"))["total"] == (await _found(browser, "沓"))["total"] == 1

        assert (await browser.post(f"{path}/cases/{case['id']}")).status_code == 200
        assert (await _found(browser, case["number"]))["documents"][0]["id"] == document_id
        assert (await _found(browser, case=case["id"]))["total"] == 1

        await _patch(browser, path, {"withdrawn": True})
        assert (await _found(browser, "支承"))["total"] == 0
        assert (await _found(browser, "支承", withdrawn="true"))["total"] == 1
        assert (await _found(await made.signed_in("X2002"), "支承", withdrawn="true"))["total"] == 0

    play(tmp_path, scene)


async def _patch(browser: Browser, path: str, body: Json) -> None:
    headers = {"Origin": browser.origin, "Sec-Fetch-Site": "same-origin", "X-CSRF-Token": browser.csrf}
    answer = await browser.client.patch(f"/api{path}", json=body, headers=headers)
    assert answer.status_code == 200, answer.text


def test_reindexing_finds_what_an_older_server_left_behind(tmp_path: Path) -> None:
    async def scene(made: Installation) -> None:
        document_id = await _shelve(made, "F1001", Particulars("伸縮装置の図"), "遊間を測る。")
        browser = await made.signed_in("F1001")

        count = await made.services.store.write(lambda session: documents.reindex(session, document_id))

        assert count == 1
        assert (await _found(browser, "遊間"))["total"] == (await _found(browser, "伸縮装置"))["total"] == 1

    play(tmp_path, scene)


def test_hostile_words_and_values_are_refused_or_find_nothing(tmp_path: Path) -> None:
    async def scene(made: Installation) -> None:
        browser = await made.signed_in("F1001")
        for typed in ('"', "')--", "NEAR(", "a* OR b", "{title}:x", "&|!<->", "\x00橋", "%_", "🙂" * 50):
            assert (await browser.get("/documents", q=typed)).status_code == 200
        for wanted in ({"offset": "-1"}, {"audience": "all"}, {"q": "長" * 401}, {"case": "x" * 27}):
            assert (await browser.get("/documents", **wanted)).status_code == 422
        assert (await _found(browser, kind="' OR 1=1 --", tag='%"'))["total"] == 0

    play(tmp_path, scene)
