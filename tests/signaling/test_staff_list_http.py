"""The staff list over HTTP: looked at with every fault in its place, taken in at once or not at all."""

from __future__ import annotations

from pathlib import Path

from tests.installation import Installation, key_of, play

GOOD = """職員番号,氏名,役割,所属,得意分野,上司,勤務時間
N9,新田 進,専門職員,道路建設課,橋・道路,S3001,月-金 9:00-17:00
X2001,小野寺 健,専門職員,道路建設課,橋・道路,,
"""
BAD = """職員番号,氏名,役割,上司
N9,,専門職員,Q1
"""


def test_a_list_is_looked_at_before_it_is_taken_in_and_first_passwords_are_told_once(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        admin = await genba.signed_in("A9001")

        looked = (await admin.put("/admin/staff-list?check=true", GOOD.encode())).json()
        assert (looked["rows"], looked["new"], looked["first_passwords"]) == (2, 1, [])
        assert [(row["staff_no"], row["is_new"]) for row in looked["shown"]] == [
            ("N9", True),
            ("X2001", False),
        ]
        staff = (await admin.get("/admin/staff")).json()["staff"]
        assert "N9" not in [each["staff_no"] for each in staff]

        taken = (await admin.put("/admin/staff-list?check=false", GOOD.encode("cp932"))).json()
        assert taken["new"] == 1
        [first] = taken["first_passwords"]
        signed = await genba.browser().post("/sign-in", {"staff_no": "N9", "password": first["password"]})
        assert signed.json() == {"next": "enrol"}
        assert first["password"] not in "".join(str(row) for row in await genba.log())

    play(tmp_path, scene)


def test_with_one_fault_nothing_is_taken_in(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        admin = await genba.signed_in("A9001")

        refused = (await admin.put("/admin/staff-list?check=false", BAD.encode())).json()

        assert {(fault["line"], fault["reason"]) for fault in refused["faults"]} == {
            (2, "empty"),
            (2, "nobody"),
        }
        staff = (await admin.get("/admin/staff")).json()["staff"]
        assert "N9" not in [each["staff_no"] for each in staff]

    play(tmp_path, scene)


def test_superior_deputies_hours_and_skills_are_changed_by_hand(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        admin = await genba.signed_in("A9001")
        ids = {each["staff_no"]: each["id"] for each in (await admin.get("/admin/staff")).json()["staff"]}
        path = f"/admin/staff/{ids['X2002']}"
        change = {"boss_id": ids["S3001"], "deputy_ids": [ids["X2003"]], "skills": ["farm"]}

        changed = (await admin.post(path, change | {"hours": "月水金 9:00-15:00"})).json()

        assert (changed["hours"], changed["skills"]) == ("月水金 9:00-15:00", ["farm"])
        assert (changed["boss_id"], changed["deputy_ids"]) == (ids["S3001"], [ids["X2003"]])
        circle = await admin.post(f"/admin/staff/{ids['S3001']}", {"boss_id": ids["X2002"]})
        assert key_of(circle) == (409, "staff.circle")
        odd = await admin.post(path, change | {"hours": "いつでも"})
        assert odd.status_code == 422

    play(tmp_path, scene)
