"""What a proposal leans on: documents at hand in the call, at the page that is open."""

from __future__ import annotations

from pathlib import Path

from tests.installation import Installation, key_of, play
from tests.papers import pdf, uploaded
from tests.signaling.test_decisions_http import Scene


def test_the_page_that_is_open_in_the_call_is_chosen_for_a_proposal(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        here = await Scene.begin(genba)
        plan = await uploaded(here.host, pdf(3), "図面.pdf", title="一般図")
        rules = await uploaded(here.host, pdf(), "基準.pdf", title="点検要領")
        secret = await uploaded(here.host, pdf(), "機密.pdf", title="機密", sensitivity=3)
        for each in (rules, secret):
            await here.host.post(f"/documents/{each['id']}/cases/{here.case_id}")
        version, other = plan["current"]["id"], rules["current"]["id"]
        for page in (1, 2):
            shown = {"surface": f"page:{version}:{page}"}
            assert (await here.host.post(f"/calls/{here.call_id}/view/present", shown)).status_code == 200

        offered = (await here.host.get("/decision-papers", call_id=here.call_id)).json()["papers"]
        found = [(each["title"], each["page"], each["is_open"]) for each in offered]
        assert found[0] == ("一般図", 2, True)
        assert sorted(found[1:]) == [("機密", None, False), ("点検要領", None, False)]
        await here.host.post(f"/calls/{here.call_id}/view/take-away")
        [shut, *_] = (await here.host.get("/decision-papers", call_id=here.call_id)).json()["papers"]
        assert (shut["page"], shut["is_open"]) == (2, False), "it was shown, and can be leaned on still"

        leaning = {"version_ids": [version, other], "pages": {version: 2}}
        proposed = await here.propose(**leaning)
        assert [(each["title"], each["page"]) for each in proposed["docs"]] == [
            ("一般図", 2),
            ("点検要領", None),
        ]
        body = {"kind": "site", "what": "x", "call_id": here.call_id, "version_ids": [version]}
        refused = await here.host.post("/decisions", body | {"pages": {version: 4}})
        assert key_of(refused) == (404, "document.unknown"), "it has three pages"
        stranger = await genba.signed_in("X2003")
        assert key_of(await stranger.get("/decision-papers", call_id=here.call_id)) == (404, "call.unknown")

    play(tmp_path, scene)
