"""Asks one route as one kind of caller, about a call, a case and a document made for the question."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from hashlib import sha256
from uuid import uuid4

import httpx

from field_assist import (
    NewNote,
    NewStaff,
    NoteKind,
    OrganisationKind,
    Outcome,
    Person,
    Role,
    appointments,
    calls,
    cases,
    new_id,
    recaps,
    redaction_chain,
    redactions,
    staff,
    transcripts,
)
from signaling import demo
from signaling.accounts import credentials
from signaling.accounts.access_log import COMMAND_LINE
from signaling.accounts.invitations import NewInvitation, code_of
from signaling.api.auth import GUEST_COOKIE
from signaling.api.decision_writer import Ask, Draft
from signaling.api.recap_desk import Mailer
from tests.installation import Browser, Installation
from tests.papers import pdf, uploaded
from tests.still_maker import Device, Stills
from tests.subscribers import Listed, follows_home, subscribed

Bodies = Mapping[str, dict[str, object]]
LIVE = "video:S-01:TR_camera"
SPOKEN = b"OggS and a voice"
OF_A_CALL = ("POST /decisions", "GET /decision-approvers", "GET /decision-papers", "POST /transcript/confirm")
"""Their call is in what is asked, not in the path."""
PROPOSED: dict[str, object] = {
    "kind": "site",
    "amount_yen": None,
    "what": "通行を止める",
    "reason": "",
    "rejected": [],
    "basis": [],
    "due": "",
    "cites": [],
}


def _announced(note_id: str, size_bytes: int) -> dict[str, object]:
    return {
        "id": note_id,
        "kind": "text",
        "size_bytes": size_bytes,
        "sha256": "0" * 64,
        "recorded_at": "2026-11-24T01:00:00Z",
    }


class Walk:
    """Asks a route as every kind of caller, each time about a fresh call and link."""

    def __init__(self, genba: Installation, staff_browsers: dict[str, Browser], bodies: Bodies) -> None:
        self._genba = genba
        self._bodies = bodies
        self._browsers = staff_browsers
        self._people: dict[str, Person] = {}
        self._organisations: dict[str, str] = {}
        self._document_names: dict[str, str] = {}

    @classmethod
    async def begin(cls, genba: Installation, bodies: Bodies) -> Walk:
        """Sign everybody in who signs in."""
        numbers = {
            "host": "F1001",
            "colleague": "F1002",
            "specialist": "X2001",
            "unskilled": "X2002",
            "supervisor": "S3001",
            "admin": "A9001",
            "operator": "O8001",
        }
        browsers = {caller: await genba.signed_in(number) for caller, number in numbers.items()}
        browsers |= {"nobody": genba.browser(), "half": await genba.half_signed_in("X2004")}
        walk = cls(genba, browsers, bodies)
        await walk._add_people()
        genba.services.concierge.notices.rounds.source = Listed()
        browsers["enrolling"] = genba.browser()
        await browsers["enrolling"].post("/sign-in", {"staff_no": "N1", "password": demo.PASSWORD})
        return walk

    async def ask(self, row: str, caller: str) -> httpx.Response:
        """One request; its calls are over afterwards, so that the last row is as quick as the first."""
        if "{" not in row and caller in self._browsers and row not in OF_A_CALL:
            return await self._answer(self._browsers[caller], row, {})
        before = await self._open_calls()
        answer = await self._request(row, caller)
        at, store = self._genba.clock.at, self._genba.services.store
        for call_id in await self._open_calls() - before:
            await store.write(lambda session, call_id=call_id: calls.end(session, call_id, at))  # type: ignore[misc]
        return answer

    async def _open_calls(self) -> set[str]:
        found = await self._genba.services.store.read(calls.still_open)
        return {sheet.call.id for sheet in found}

    async def _request(self, row: str, caller: str) -> httpx.Response:
        desk, host = self._genba.services.call_desk, self._people["F1001"]
        call = (await desk.start(host, calls.NewCall("", "road"), "")).sheet.call.id
        names = {
            "call_id": call,
            "consultation_id": await self._consultation(call, row),
            **await self._link(call, row),
            "staff_id": self._people["X2003"].id,
            "device_id": "01AAAAAAAAAAAAAAAAAAAAAAAA",
            "key": LIVE,
            "bundle_id": "01AAAAAAAAAAAAAAAAAAAAAAAA",
            "member_id": "01AAAAAAAAAAAAAAAAAAAAAAAA",
            **{"version_id": "01AAAAAAAAAAAAAAAAAAAAAAAA", "number": "1", "still_id": str(uuid4())},
            "note_id": await self._note(call, row),
            "hand_over_id": await self._hand_over(call, row),
            **await self._case(call, row),
            "track_id": "01AAAAAAAAAAAAAAAAAAAAAAAA",
            "layout": "grid",
            **{"service_id": "992011-P1", "event": "none", "kind": "none"},
            "card_id": "01AAAAAAAAAAAAAAAAAAAAAAAA",
            "proposal_id": "01AAAAAAAAAAAAAAAAAAAAAAAA",
            "law_id": "01AAAAAAAAAAAAAAAAAAAAAAAA",
            "feed_id": "01AAAAAAAAAAAAAAAAAAAAAAAA",
            **{"name": "facilities", "shape": "csv", "list_id": "01AAAAAAAAAAAAAAAAAAAAAAAA"},
        }
        if "/recording/" in row and "start" not in row:
            await self._genba.services.recording_desk.start(host, call, "")
            await self._genba.services.recording_desk.stop(host, call, "")
        if "/stills" in row or "key_id" in row:
            maker = Stills(self._genba.services, host)
            is_seen = row.startswith("GET")
            names["still_id"] = await maker.arrived(call, complete=is_seen)
            names["key_id"] = maker.key_id()
        if "{question_id}" in row:
            noted = await self._genba.services.question_desk.ask(host, call, "いつ直りますか", None, "")
            names["question_id"] = noted.questions[0].id
        if "{redaction_id}" in row:
            names["redaction_id"] = await self._redaction(call)
        if "/transcript/" in row:
            names["line_id"] = await self._line(call)
        if "decision" in row and "{case_id}" not in row:
            names |= await self._decision(call)
        if "/appointment" in row and "{" in row:
            names |= await self._appointment()
        if "/documents/" in row:
            names |= await self._document()
        if "/notice" in row:
            person = await subscribed(self._genba, f"{uuid4()}@example.jp")
            names |= {"code": person.code, "subscriber_id": person.id, "token": person.stop_token}
            names["proxy_id"] = "01AAAAAAAAAAAAAAAAAAAAAAAA"
            names["follow_id"] = await follows_home(self._genba, person)
        if "letter" in row:
            names |= await self._letter(call)
        browser = self._browsers.get(caller)
        if browser is None:
            if caller not in ("guest", "partner"):
                call = (await desk.start(host, calls.NewCall(), "")).sheet.call.id
            browser = await self._guest(call, self._organisations.get(caller))
        return await self._answer(browser, row, names)

    async def _answer(self, browser: Browser, row: str, names: Mapping[str, str]) -> httpx.Response:
        method, path = row.split(" ")
        if method == "GET":
            asked = {"surface": LIVE} if path.endswith("/marks") else {}
            asked |= {"subject": "board:01"} if path.endswith("/marks/pages") else {}
            asked |= {"words": "橋"} if path in ("/transcript", "/decisions") else {}
            if path == "/decision-approvers":
                asked = {"kind": "site", "call_id": names["call_id"]}
            if path == "/decision-papers":
                asked = {"call_id": names["call_id"]}
            return await browser.get(path.format(**names), **asked)
        body = self._bodies.get(row)
        if path.endswith(("/members", "/hand-overs")):
            body = {"staff_id": self._people["X2003"].id}
        if "{question_id}" in path:
            body = {"text": "いつ", "owner_id": self._people["X2001"].id, "state": "open"}
        if path == "/transcript/confirm":
            body = {"lines": [{"id": names["line_id"], "revision": 1}]}
        if path.endswith("/shares"):
            body = {"organisation_id": self._organisations["rival"]}
        if path == "/organisations":
            body = {"name": f"協力機関 {uuid4()}", "kind": "npo"}
        if path.endswith("/{case_id}/calls"):
            body = {"call_id": names["call_id"]}
        if "{decision_id}" in path:
            body = {"seen": names["seen"]} | (body or {})
        if path.endswith("/oral"):
            body = (body or {}) | {"approver_id": self._people["S3001"].id}
        if path == "/decision-rules":
            body = {"rules": []}
        if path == "/decisions":
            body = {"what": "通行を止める", "call_id": names["call_id"]}
        if path.endswith("{appointment_id}"):
            body = {"starts_at": self._soon(), "host_id": self._people["X2001"].id}
        if "{list_id}" in path:
            body = {"owner": "あまね県", "licence": "CC BY 4.0", "every_days": 31}
        if path.endswith("/notes"):
            body = _announced(str(uuid4()), len(SPOKEN))
        if path == "/device-keys":
            body = {"public_key": Device().public_key.hex(), "label": "tablet"}
        if path.endswith("/{call_id}/stills"):
            body = await Stills(self._genba.services, self._people["F1001"]).body(names["call_id"])
        if row == "PUT /admin/staff-list":
            return await browser.put(path, "職員番号,氏名,役割\n".encode())
        if row == "PUT /admin/catalogue":
            return await browser.put(f"{path}?name=events", "ID,イベント名\n".encode())
        if method == "PATCH":
            return await browser.patch(path.format(**names), body or {})
        if method == "DELETE":
            return await browser.delete(path.format(**names))
        if path.endswith("/content"):
            return await browser.put(f"{path.format(**names)}?name=a.pdf", pdf())
        if method == "PUT":
            return await browser.put(f"{path.format(**names)}?offset=0", SPOKEN)
        return await browser.post(path.format(**names), body)

    async def _hand_over(self, call: str, row: str) -> str:
        """A hand-over by the host, where the row needs one."""
        if "hand_over_id" not in row:
            return ""
        desk, taker = self._genba.services.hold_desk, self._people["X2003"].id
        return (await desk.hand_over(self._people["F1001"], call, taker, ("", ""), "")).row.id

    async def _link(self, call: str, row: str) -> dict[str, str]:
        """A resident's way into the call, for rows about one."""
        if "{code}" not in row and "{invitation_id}" not in row:
            return {}
        desk, host = self._genba.services.call_desk, self._people["F1001"]
        link = await desk.invite(host, call, NewInvitation("田中", Role.RESIDENT), "")
        return {"invitation_id": link.id, "code": code_of(self._genba.services.vault, link)}

    async def _consultation(self, call: str, row: str) -> str:
        """A request for help of the call, for rows about one: hundreds that ring slow each other down."""
        if "consultation" not in row:
            return ""
        desk, host = self._genba.services.consultation_desk, self._people["F1001"]
        await desk.ask(host, await self._genba.services.call_desk.read(host, call))
        asked = await desk.of_call(host, call)
        assert asked is not None
        return asked.row.id

    async def _case(self, call: str, row: str) -> dict[str, str]:
        """A case of the host with the call in it, shared with the partner, for rows about one."""
        if "{case_id}" not in row and not row.endswith("/case"):
            return {}
        desk, host = self._genba.services.case_desk, self._people["F1001"]
        case = (await desk.open(host, cases.Particulars("ひび割れ"), call, "")).sheet.case.id
        sharing_desk = self._genba.services.sharing_desk
        opened = await sharing_desk.share(host, case, self._organisations["partner"], 30, "")
        return {
            "case_id": case,
            "share_id": opened.shares[0].share.id,
            "entry_id": next(f"event.{each.id}" for each in opened.sources.events if each.kind == "opened"),
        }

    async def _document(self) -> dict[str, str]:
        """One of the host with a page that was drawn: read once, since each reading is a process."""
        if not self._document_names:
            added = await uploaded(self._browsers["host"], pdf(), "a.pdf")
            self._document_names = {"document_id": added["id"], "version_id": added["current"]["id"]}
        return self._document_names | {"number": "1"}

    async def _decision(self, call: str) -> dict[str, str]:
        """One of the call, laid before the supervisor by the host."""
        desk, host = self._genba.services.decision_desk, self._people["F1001"]
        draft = Draft(dict(PROPOSED))
        sheet = await desk.propose(host, (None, call), draft, Ask(), "")
        row = sheet.kept.row
        return {"decision_id": row.decision_id, "seen": row.hash, "still_id": str(uuid4())}

    async def _note(self, call: str, row: str) -> str:
        """A voice note of the host, as far as the row needs it."""
        desk, host, note_id = self._genba.services.note_desk, self._people["F1001"], str(uuid4())
        if "{note_id}" in row:
            digest = sha256(SPOKEN).hexdigest()
            new = NewNote(note_id, NoteKind.VOICE, len(SPOKEN), digest, 1000, self._genba.clock.at)
            await desk.begin(host, call, new)
            if not row.endswith("/bytes"):
                await desk.add(host, call, note_id, 0, SPOKEN)
            if row.endswith("/sound"):
                await desk.complete(host, call, note_id, "")
        return note_id

    def _soon(self) -> str:
        return (self._genba.clock.at + timedelta(minutes=5)).isoformat()

    async def _appointment(self) -> dict[str, str]:
        """Of X2001, booked by the host for five minutes from now, and the code of its link."""
        desk, at = self._genba.services.appointment_desk, self._genba.clock.at + timedelta(minutes=5)
        plan = appointments.Plan(at, 30, "橋", "road", self._people["X2001"].id)
        mailer = Mailer("", "", "")
        booked = await desk.book(self._people["F1001"], (plan, "田中", "ja", None), "", mailer, "")
        code = desk.url(booked.appointment, "").rpartition("/")[2]
        return {"appointment_id": booked.appointment.id, "code": code}

    async def _line(self, call: str) -> str:
        """Something the host said in the call."""
        host, at = self._people["F1001"], self._genba.clock.at
        speech = transcripts.Speech(host.identity, host.name, "ja", 1000, 3000)
        words = transcripts.Words("橋の下です", "test", 0.9, False)
        store = self._genba.services.store
        row = await store.write(lambda session: transcripts.write(session, call, speech, words, at))
        return row.line_id

    async def _redaction(self, call: str) -> str:
        """Something that is hidden in the call."""
        by = redaction_chain.By("S", "藤代", "所長")
        span, reason = redaction_chain.Span(0, 1000), redaction_chain.Reason.PERSONAL
        order = redaction_chain.Order(
            new_id(self._genba.clock.at), call, "R8-1", span, reason, "", by, {}, "00"
        )
        at, key = self._genba.clock.at, self._genba.services.vault.signing_key
        row = await self._genba.services.store.write(lambda s: redactions.hide(s, order, at, key))
        return row.redaction_id

    async def _letter(self, call: str) -> dict[str, str]:
        """A letter of the host about the call, and the code of its link."""
        desk, host = self._genba.services.recap_desk, self._people["F1001"]
        new = recaps.NewLetter("田中", "ja", Outcome("水曜に見に行く"), host.id)
        [(letter, _)] = (await desk.write(host, call, new, "")).letters
        return {"letter_id": letter.id, "code": desk.url(letter, "").rpartition("/")[2]}

    async def _guest(self, call: str, organisation: str | None) -> Browser:
        desk, guests = self._genba.services.call_desk, self._genba.services.guest_desk
        kind = Role.PARTNER if organisation else Role.RESIDENT
        new = NewInvitation("鈴木", kind, organisation_id=organisation)
        link = await desk.invite(self._people["F1001"], call, new, "")
        redeemed = await guests.redeem(code_of(self._genba.services.vault, link), "", "")
        browser = self._genba.browser()
        browser.client.cookies.set(GUEST_COOKIE, redeemed.token)
        browser.csrf = guests.csrf_token(redeemed.token)
        return browser

    async def _add_people(self) -> None:
        parts, at = self._genba.services, self._genba.clock.at
        password_hash = parts.passwords.hash_now(demo.PASSWORD)
        new = NewStaff("N1", "新人", "しんじん", Role.FIELD)
        await parts.store.write(lambda s: credentials.add(s, new, password_hash, COMMAND_LINE, at))
        rows = await parts.store.read(staff.everybody)
        self._people = {row.staff_no: row.person() for row in rows}
        for caller, name in (("partner", "みなと市 道路課"), ("rival", "やまと町 建設課")):
            added = await parts.sharing_desk.add_organisation(
                self._people["S3001"], name, OrganisationKind.MUNICIPALITY, ""
            )
            self._organisations[caller] = added.id
