"""The catalogue over HTTP: an administrator's lists, open data for everybody, the switch off."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

from signaling.demo_catalogue import FILES
from tests.installation import Browser, Installation, Json, key_of, play

LIST = "/admin/catalogue?name=facilities&owner=あまね県&owner_code=990001"
TERMS = "&licence=CC BY 4.0"
FACILITIES = (FILES / "facilities.csv").read_bytes()


async def bring(admin: Browser, content: bytes, more: str = TERMS) -> Json:
    answer = await admin.put(f"{LIST}{more}&check=false", content)
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


def test_a_list_is_looked_at_then_taken_in_and_the_same_again_changes_nothing(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        admin = await genba.signed_in("A9001")

        looked = (await admin.put(f"{LIST}{TERMS}", FACILITIES)).json()
        assert (looked["kind"], looked["added"], looked["taken"]) == ("facility", 52, False)
        assert (await admin.get("/admin/catalogue")).json() == {"lists": []}

        assert (await bring(admin, FACILITIES))["taken"]
        again = await bring(admin, FACILITIES, "")
        assert (again["added"], again["same"], again["taken"]) == (0, 52, True)
        (row,) = (await admin.get("/admin/catalogue")).json()["lists"]
        assert (row["owner"], row["licence"], row["rows"], row["stale"], row["open"]) == (
            "あまね県",
            "CC BY 4.0",
            52,
            False,
            True,
        )
        assert [each.action for each in await genba.log()].count("catalogue.taken") == 2

    play(tmp_path, scene)


def test_what_is_wrong_and_what_is_missing_is_told_and_nothing_taken(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        admin = await genba.signed_in("A9001")
        assert not (unlicensed := await bring(admin, FACILITIES, ""))["taken"]
        assert unlicensed["needs_licence"]

        broken = FACILITIES.replace("中央公民館,".encode(), b",", 1)
        told = await bring(admin, broken)
        assert (told["taken"], told["fault_count"]) == (False, 1)
        fault = told["findings"][0]
        assert (fault["remark"], fault["weight"], fault["column"]) == ("empty", "fault", "名称")

        await bring(admin, FACILITIES)
        short = b"\r\n".join(FACILITIES.split(b"\r\n" if b"\r\n" in FACILITIES else b"\n")[:4])
        assert (shrunk := await bring(admin, short))["many_gone"] and not shrunk["taken"]
        assert (await bring(admin, short, f"{TERMS}&may_shrink=true"))["taken"]

    play(tmp_path, scene)


def test_a_list_that_contradicts_another_one_says_so(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        admin = await genba.signed_in("A9001")
        await bring(admin, FACILITIES)
        event = "ID,イベント名,開始日,x_施設ID\nE1,まつり,2030-12-05,F99\n".encode()
        looked = (await admin.put("/admin/catalogue?name=events&owner_code=990001", event)).json()

        (found,) = [one for one in looked["contradictions"] if one["who"]["entry_id"] == "E1"]
        assert (found["clash"], found["words"]) == ("no_such_facility", "F99")

    play(tmp_path, scene)


def test_where_a_list_comes_from_is_changed_by_hand_and_fields_have_a_history(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        admin = await genba.signed_in("A9001")
        await bring(admin, FACILITIES)
        (row,) = (await admin.get("/admin/catalogue")).json()["lists"]
        change = {"owner": "つづら川市", "owner_code": "992020", "licence": "PDL1.0", "every_days": 7}
        path = f"/admin/catalogue/{row['id']}"
        assert (await admin.post(path, change)).status_code == 204
        odd = await admin.post(path, change | {"address": "file:///etc/passwd"})
        assert odd.status_code == 422
        genba.clock.forward(seconds=9 * 86400)
        admin = await genba.signed_in("A9001")
        (row,) = (await admin.get("/admin/catalogue")).json()["lists"]
        assert (row["owner"], row["every_days"], row["stale"]) == ("つづら川市", 7, True)

        await bring(admin, FACILITIES.replace("月曜休館、土日は17:00まで".encode(), "無休".encode()), "")
        (changed,) = (await admin.get(f"{path}/changes")).json()["changes"]
        assert (changed["entry_id"], changed["field"]) == ("F016", "利用可能時間特記事項")
        assert changed["before"].startswith("月曜休館、土日は17:00まで")
        assert changed["after"].startswith("無休")

    play(tmp_path, scene)


def test_open_data_goes_out_as_it_came_in_every_shape(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        await bring(await genba.signed_in("A9001"), FACILITIES)
        anybody = genba.browser()
        (listed,) = (await anybody.get("/open-data")).json()["lists"]
        assert (listed["rows"], listed["licence"]) == (52, "CC BY 4.0")
        assert [shape["shape"] for shape in listed["shapes"]] == ["csv", "json", "geojson"]

        answer = await anybody.get("/open-data/facilities.csv")
        assert answer.headers["cache-control"] == "public, max-age=300"
        assert answer.headers["access-control-allow-origin"] == "*"
        given = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
        brought = list(csv.DictReader(io.StringIO(FACILITIES.decode("utf-8-sig"))))
        assert given == brought
        tag = {"If-None-Match": answer.headers["etag"]}
        again = await anybody.client.get("/api/open-data/facilities.csv", headers=tag)
        assert (again.status_code, again.content) == (304, b"")

        rows = (await anybody.get("/open-data/facilities.json")).json()
        assert [row["名称"] for row in rows] == [row["名称"] for row in brought]
        places = (await anybody.get("/open-data/facilities.geojson")).json()
        assert (places["type"], len(places["features"])) == ("FeatureCollection", 52)
        first = places["features"][0]
        assert first["geometry"] == {"type": "Point", "coordinates": [136.6, 33.5]}
        assert first["properties"]["名称"] == "あまね県庁"

    play(tmp_path, scene)


def test_harvesters_find_lists_as_in_a_ckan(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        await bring(await genba.signed_in("A9001"), FACILITIES)
        anybody = genba.browser()

        async def ask(act: str, **params: str | int) -> Json:
            answer: Json = (await anybody.get(f"/3/action/{act}", **params)).json()
            return answer

        assert (await ask("package_list"))["result"] == ["facilities"]
        shown = (await ask("package_show", id="facilities"))["result"]
        assert (shown["license_id"], shown["num_resources"], shown["isopen"]) == ("cc-by-4.0", 3, True)
        url = shown["resources"][0]["url"]
        assert url == "https://genba.test/api/open-data/facilities.csv"
        assert (await anybody.client.get(url)).status_code == 200
        found = (await ask("package_search", q="公共施設 あまね"))["result"]
        assert (found["count"], found["results"][0]["name"]) == (1, "facilities")
        assert (await ask("package_search", q="火星"))["result"]["count"] == 0

        async def rows_of(**params: str | int) -> Json:
            return await ask("datastore_search", resource_id="facilities-csv", **params)

        rows = (await rows_of(limit=2, offset=1))["result"]
        assert (rows["total"], [row["ID"] for row in rows["records"]]) == (52, ["F002", "F003"])
        wanted = json.dumps({"名称": "県立図書館"}, ensure_ascii=False)
        rows = (await rows_of(filters=wanted))["result"]
        assert [row["ID"] for row in rows["records"]] == ["F016"]
        assert (await rows_of(q="化石"))["result"]["total"] == 1
        assert (await rows_of(filters="[]"))["error"]["__type"] == "Validation Error"
        missing = await anybody.get("/3/action/package_show", id="nothing")
        assert (missing.status_code, missing.json()["success"]) == (404, False)

    play(tmp_path, scene)


def test_a_list_under_other_terms_is_not_given_out(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        await bring(await genba.signed_in("A9001"), FACILITIES, "&licence=庁内限り")
        anybody = genba.browser()

        assert (await anybody.get("/open-data")).json() == {"lists": []}
        assert key_of(await anybody.get("/open-data/facilities.csv")) == (404, "catalogue.list_unknown")

    play(tmp_path, scene)


def test_whoever_asks_too_often_waits(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        anybody = genba.browser()
        for _ in range(120):
            assert (await anybody.get("/open-data")).status_code == 200
        assert key_of(await anybody.get("/3/action/package_list")) == (429, "rate_limited")

    play(tmp_path, scene)


def test_with_the_switch_off_there_is_none_of_it(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        admin = await genba.signed_in("A9001")
        assert (await admin.get("/public")).json()["concierge"] is False
        assert key_of(await admin.get("/admin/catalogue")) == (404, "not_found")
        assert key_of(await genba.browser().get("/open-data")) == (404, "not_found")
        assert key_of(await genba.browser().get("/3/action/package_list")) == (404, "not_found")

    play(tmp_path, scene, concierge=False)
