"""Every screen and its states, one after another, at three sizes and in each language: nothing axe finds.

Run by hand, with pictures to look at: `pytest tests/browser/test_screens.py --pictures=FOLDER`. A walk goes
on after a fault and tells all of them at its end. Between screens the REST interface does what is not to be
seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from signaling.accounts import one_time_codes
from tests.browser.installation import GenbaProcess
from tests.browser.test_field_call import sign_in
from tests.browser.windows import DESK, PHONE, TABLET, WAIT_MS, Desk, Language, Window

pytestmark = [pytest.mark.browser, pytest.mark.by_hand]
expect.set_options(timeout=WAIT_MS)

CSV = "職員番号,氏名,かな,役割,役職,所属,事務所\n"
NEW_STAFF = CSV + "F1009,千田 実,せんだ みのる,現場職員,現場技師,道路維持課,東部土木事務所\n"
BAD_STAFF = CSV + "F1009,千田 実,せんだ みのる,社長,現場技師,道路維持課,東部土木事務所\n,,,,,,\n"
# A call's stage is drawn when its pictures are; a still page has nothing on the way.
DRAWN_JS = "() => [...document.images].every((image) => image.complete) && document.fonts.status === 'loaded'"


class Walk:
    """Opens windows, looks at screens, and keeps what is wrong until the end."""

    def __init__(self, desk: Desk, language: Language) -> None:
        self.desk, self.language = desk, language
        self.faults: list[str] = []

    def words(self, ja: str, en: str) -> str:
        return ja if self.language == "ja" else en

    def open(self, path: str, size: tuple[int, int] = DESK) -> Window:
        return self.desk.open(path, size)

    def signed_in(self, staff_no: str, size: tuple[int, int] = DESK) -> Window:
        window = self.open("/sign-in", size)
        sign_in(window, staff_no)
        return window

    def look(self, window: Window, screen: str, *, at: str | None = None) -> None:
        """At the screen there is, or the one of an address."""
        if at is not None:
            window.page.goto(at)
        expect(window.page.get_by_role("heading", level=1)).to_be_attached()
        expect(window.page.locator("[data-state=loading], [aria-busy=true]")).to_have_count(0)
        window.page.wait_for_function(DRAWN_JS)
        try:
            window.check_accessibility(screen)
        except AssertionError as fault:
            self.faults.append(str(fault))

    def press(self, window: Window, ja: str, en: str) -> None:
        """The first button or link whose name begins with this."""
        name = re.compile(f"^{re.escape(self.words(ja, en))}")
        found = window.page.get_by_role("button", name=name).or_(window.page.get_by_role("link", name=name))
        found.first.click()

    def tab(self, window: Window, ja: str, en: str) -> None:
        window.page.get_by_role("tab", name=self.words(ja, en), exact=True).click()

    def back(self, window: Window) -> None:
        window.page.keyboard.press("Escape")
        expect(window.page.locator("dialog[open]")).to_have_count(0)


@pytest.fixture(params=["ja", "en"])
def walk(request: pytest.FixtureRequest, tmp_path: Path, browser: Browser) -> Iterator[Walk]:
    """A walk in each language, which fails at its end."""
    language: Language = request.param
    with (
        GenbaProcess(tmp_path, GENBA_WAIT_LIMIT_S="1") as genba,
        Desk(browser, genba.url, language) as desk,
    ):
        made = Walk(desk, language)
        yield made
        assert not made.faults, "\n".join(made.faults)


@contextmanager
def said_in(window: Window, ja: str, en: str) -> Iterator[None]:
    """Until the page says so."""
    yield
    expect(window.page.get_by_text(window.words(ja, en)).first).to_be_visible(timeout=3 * WAIT_MS)


def test_the_doors_of_staff(walk: Walk) -> None:
    door = walk.open("/sign-in")
    walk.look(door, "sign-in")
    walk.press(door, "次へ", "Next")
    walk.look(door, "sign-in, nothing written")
    door.page.get_by_label(walk.words("職員番号", "Staff number"), exact=True).fill("F1002")
    door.page.get_by_label(walk.words("パスワード", "Password"), exact=True).fill("guessed")
    with said_in(door, "職員番号かパスワードが違います", "is not right"):
        walk.press(door, "次へ", "Next")
    walk.look(door, "sign-in, wrong password")
    door.page.get_by_label(walk.words("パスワード", "Password"), exact=True).fill("genba-demo-2026")
    with said_in(door, "確認コードを入力してください", "Enter the confirmation code"):
        walk.press(door, "次へ", "Next")
    walk.look(door, "sign-in, code")
    code = door.page.get_by_label(walk.words("確認コード（6けた）", "Confirmation code (6 digits)"))
    with said_in(door, "数字が違います", "These digits are not right"):
        code.press_sequentially("000000")
    walk.look(door, "sign-in, wrong code")
    walk.press(door, "数字が出ないとき", "No digits?")
    walk.look(door, "sign-in, help")
    walk.back(door)
    walk.press(door, "予備コードを使う", "Use a recovery code")
    walk.look(door, "sign-in, recovery")
    walk.look(walk.open("/enrol"), "enrolment, not now")
    walk.look(walk.open("/nothing-here"), "not found")


def test_administration_and_a_first_sign_in(walk: Walk) -> None:
    admin = walk.signed_in("A9001")
    walk.look(admin, "administration, staff")
    walk.press(admin, "小野寺 健さんの名簿を直す", "Change 小野寺 健")
    walk.look(admin, "administration, change one")
    walk.back(admin)
    walk.press(admin, "小野寺 健さんの確認コード", "Let 小野寺 健")
    walk.look(admin, "administration, register again")
    walk.back(admin)
    admin.page.get_by_role("searchbox").fill("だれでもない")
    walk.look(admin, "administration, nobody found")
    walk.tab(admin, "名簿の取り込み", "Staff list")
    walk.look(admin, "staff list")
    file = admin.page.locator("input[type=file]")
    with said_in(admin, "直すところ", "To put right"):
        file.set_input_files({"name": "a.csv", "mimeType": "text/csv", "buffer": BAD_STAFF.encode()})
    walk.look(admin, "staff list, faults")
    with said_in(admin, "1人分を読みました", "Read: 1"):
        file.set_input_files({"name": "b.csv", "mimeType": "text/csv", "buffer": NEW_STAFF.encode()})
    walk.look(admin, "staff list, checked")
    walk.press(admin, "取り込む", "Take it in")
    passwords = admin.page.get_by_role("table", name=walk.words("はじめのパスワード", "First passwords"))
    password = passwords.get_by_role("row", name="F1009").get_by_role("cell").last.inner_text()
    walk.look(admin, "staff list, taken in")
    walk.tab(admin, "アクセスログ", "Access log")
    walk.look(admin, "access log")
    walk.look(walk.signed_in("O8001"), "operator")
    _enrol(walk, password)


def _enrol(walk: Walk, password: str) -> None:
    fresh = walk.open("/sign-in", PHONE)
    fresh.page.get_by_label(walk.words("職員番号", "Staff number"), exact=True).fill("F1009")
    fresh.page.get_by_label(walk.words("パスワード", "Password"), exact=True).fill(password)
    with said_in(fresh, "QRコードを読み取る", "Scan the QR code"):
        walk.press(fresh, "次へ", "Next")
    walk.look(fresh, "enrolment")
    fresh.page.get_by_text(walk.words("QRコードを読み取れないとき", "If you cannot scan the QR code")).click()
    walk.look(fresh, "enrolment by hand")
    secret = re.sub(r"\s", "", fresh.page.locator("code").first.inner_text())
    fresh.page.get_by_label(
        walk.words("確認コード（6けた）", "Confirmation code (6 digits)")
    ).press_sequentially(one_time_codes.current_code(secret, datetime.now(UTC)))
    with said_in(fresh, "予備コードを保管してください", "Keep your recovery codes"):
        pass
    walk.look(fresh, "recovery codes")


def test_the_days_of_staff(walk: Walk) -> None:
    field = walk.signed_in("F1001", TABLET)
    walk.look(field, "home, field")
    walk.press(field, "予約を入れる", "Book")
    walk.look(field, "appointment being booked")
    walk.back(field)
    appointment = _book(field)
    walk.look(field, "home, field, with an appointment", at="/")
    walk.press(field, "田中 茂さんとの予約を変える", "Change the appointment")
    walk.look(field, "appointment being moved")
    walk.back(field)
    walk.press(field, "田中 茂さんとの予約を取り消す", "Cancel the appointment")
    walk.look(field, "appointment being cancelled")
    walk.back(field)
    walk.look(field, "notifications", at="/notifications")
    walk.look(field, "cases", at="/cases")
    field.page.get_by_role("searchbox").fill("どこにもない")
    with said_in(field, "あてはまる案件はありません", "No case matches"):
        pass
    walk.look(field, "cases, nothing found")
    walk.look(field, "case being opened", at="/cases/new")
    walk.press(field, "案件を作る", "Open the case")
    walk.look(field, "case without a title")
    _a_case(walk, field)
    call = field.ask("/calls")["calls"][-1]["id"]
    walk.look(field, "recap, empty", at=f"/calls/{call}/recap")
    walk.look(walk.signed_in("F1002", PHONE), "home, field, nothing yet")
    walk.look(walk.signed_in("X2002"), "home, specialist, nothing yet")
    supervisor = walk.signed_in("S3001")
    walk.look(supervisor, "home, supervisor")
    walk.look(supervisor, "wall, empty", at="/wall")
    walk.press(supervisor, "全員に一言伝える", "Tell everybody")
    walk.look(supervisor, "announcement being written")
    walk.back(supervisor)
    supervisor.ask("/announcements", {"text": "14時に県道12号を通行止めにします。"})
    walk.look(supervisor, "wall, with an announcement", at="/wall")
    walk.look(field, "home, with an announcement", at="/")
    _appointment_pages(walk, field, appointment)


def _book(field: Window) -> dict[str, Any]:
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    body = {"starts_at": tomorrow, "title": "みどり橋の手すり", "name": "田中 茂"}
    return dict(field.ask("/appointments", body))


def _appointment_pages(walk: Walk, field: Window, appointment: dict[str, Any]) -> None:
    path = str(appointment["url"])[str(appointment["url"]).index("/a/") :]
    resident = walk.open(path, PHONE)
    _residents(walk, resident, "appointment")
    field.ask(f"/appointments/{appointment['id']}/cancel", {"reason": ""})
    walk.look(resident, "appointment, cancelled", at=path)
    walk.look(resident, "appointment, unknown", at="/a/unknown")


def _a_case(walk: Walk, field: Window) -> None:
    page = field.page
    found = field.ask("/cases")["cases"]
    case = next(each for each in found if "川辺橋" in each["title"])
    walk.look(field, "case", at=f"/cases/{case['id']}")
    walk.press(field, "内容を直す", "Edit")
    walk.look(field, "case being edited")
    walk.back(field)
    walk.press(field, "終了する", "Close the case")
    walk.look(field, "case being closed")
    walk.back(field)
    walk.press(field, "相手を加える", "Share with")
    walk.look(field, "case being shared")
    walk.back(field)
    walk.press(field, "相手の見え方", "See what they see")
    walk.look(field, "case as the partner sees it")
    page.goto("/cases/unknown")
    walk.look(field, "case, unknown")


def _residents(walk: Walk, window: Window, screen: str) -> None:
    """In easy Japanese too, where the walk is in Japanese."""
    walk.look(window, screen)
    if walk.language == "ja":
        easy = window.page.get_by_role("button", name="やさしい日本語").first
        easy.click()
        walk.look(window, f"{screen}, easy")
        easy.click()


def test_the_pages_of_residents(walk: Walk) -> None:
    check = walk.open("/check", PHONE)
    _residents(walk, check, "check")
    with said_in(check, "映像も声も使えます", "Picture and sound work"):
        walk.press(check, "確かめる", "Check now")
    _residents(walk, check, "check, done")
    _residents(walk, walk.open("/j/unknown", PHONE), "invitation, unknown")
    _residents(walk, walk.open("/l/unknown", PHONE), "letter, unknown")
    field = walk.signed_in("F1001", TABLET)
    call = field.ask("/calls", {"title": "みどり橋の手すりのさび"})["call"]["id"]
    link = _invitation(field, call, walk.language)
    resident = walk.open(link, PHONE)
    _residents(walk, resident, "landing")
    walk.press(resident, "話す", "Talk")
    with said_in(resident, "声が届いています", "We can hear you"):
        pass
    walk.look(resident, "devices")
    walk.press(resident, "カメラを入れる", "Turn camera on")
    walk.press(resident, "話しはじめる", "Start talking")
    with said_in(resident, "まもなく職員が入ります", "Somebody will be with you shortly"):
        pass
    walk.look(resident, "resident alone")
    walk.press(resident, "電話をもらう", "Call me back")
    walk.look(resident, "call back being asked")
    resident.page.get_by_label(walk.words("電話番号", "Telephone number")).fill("090-0000-1234")
    with said_in(resident, "あとで職員がお電話します", "We will call you later"):
        resident.page.get_by_role("dialog").get_by_role(
            "button", name=walk.words("電話をもらう", "Call me back")
        ).click()
    walk.look(resident, "call back asked")
    walk.look(field, "home, a call is owed", at="/")
    field.ask(f"/calls/{call}/end", {})
    walk.look(resident, "after the talk")


def _invitation(staff: Window, call: str, language: str, **more: str) -> str:
    body = {"name": "田端 和子", "kind": "resident", "language": language, **more}
    url = str(staff.ask(f"/calls/{call}/invitations", body)["url"])
    return url[url.index("/j/") :]


def _enter(walk: Walk, resident: Window) -> None:
    walk.press(resident, "話す", "Talk")
    with said_in(resident, "声が届いています", "We can hear you"):
        pass
    walk.press(resident, "カメラを入れる", "Turn camera on")
    walk.press(resident, "話しはじめる", "Start talking")
    expect(resident.page.get_by_role("button", name=walk.words("終わる", "End"))).to_be_visible()


@pytest.mark.parametrize("walk", ["ja"], indirect=True)
def test_a_call_in_easy_japanese(walk: Walk) -> None:
    field = walk.signed_in("F1001", TABLET)
    call = field.ask("/calls", {"title": "みどり橋の手すりのさび"})["call"]["id"]
    resident = walk.open(_invitation(field, call, "ja"), PHONE)
    page = resident.page
    page.get_by_role("button", name="やさしい日本語").first.click()
    _easy(page, "話す").click()
    expect(_easy(page, "話しはじめる", "カメラなしで 話す")).to_be_visible(timeout=2 * WAIT_MS)
    walk.look(resident, "devices, easy")
    _easy(page, "カメラを 入れる").click()
    _easy(page, "話しはじめる").click()
    expect(_easy(page, "電話を もらう")).to_be_visible(timeout=2 * WAIT_MS)
    walk.look(resident, "resident alone, easy")
    _easy(page, "電話を もらう").click()
    walk.look(resident, "call back being asked, easy")
    walk.back(resident)
    field.page.goto(f"/calls/{call}")
    expect(_easy(page, "電話を もらう")).to_have_count(0, timeout=2 * WAIT_MS)
    walk.look(resident, "call of the resident, easy")
    for name, screen in (
        ("文字で 話す", "resident writes"),
        ("聞こえない", "no sound"),
        ("おわる", "leaving"),
    ):
        _easy(page, name).click()
        expect(page.locator("dialog[open]")).to_be_visible()
        walk.look(resident, f"{screen}, easy")
        walk.back(resident)
    field.ask(f"/calls/{call}/end", {})
    expect(page.get_by_text("マイクと").first).to_be_visible(timeout=2 * WAIT_MS)
    walk.look(resident, "after the talk, easy")


def _easy(page: Page, *names: str) -> Locator:
    """A button by its words, written here without the readings above them."""
    spoken = (r"[ぁ-ん\s]*".join(name.replace(" ", "")) for name in names)
    return page.get_by_role("button", name=re.compile(f"^({'|'.join(spoken)})")).first


def test_the_calls(walk: Walk) -> None:
    field, specialist = walk.signed_in("F1001", TABLET), walk.signed_in("X2001")
    supervisor = walk.signed_in("S3001")
    walk.press(field, "橋・道路", "Bridges and roads")
    expect(specialist.page.get_by_role("button", name=re.compile("応答|Answer")).first).to_be_visible()
    walk.look(specialist, "ringing")
    walk.look(field, "calling")
    with said_in(supervisor, "待ち時間が目安を超えました", "The wait is over its limit"):
        supervisor.page.goto("/wall")
    walk.look(supervisor, "wall, a red tile")
    walk.press(supervisor, "人を呼ぶ", "Call staff")
    walk.look(supervisor, "wall, calling somebody")
    walk.back(supervisor)
    call = field.page.url.rsplit("/", 1)[1]
    _panels(walk, field)
    resident = walk.open(_invitation(field, call, walk.language), PHONE)
    _enter(walk, resident)
    walk.press(specialist, "応答する", "Answer")
    walk.look(field, "call with a resident")
    walk.look(specialist, "call of the specialist")
    _residents_tools(walk, resident)
    _supervision(walk, supervisor, field)
    _hold(walk, field, specialist, resident)
    _partner(walk, field, call)
    _leaving(walk, field, specialist, resident)


def _panels(walk: Walk, field: Window) -> None:
    dialog = field.page.locator("dialog[open]")
    field.page.keyboard.press("?")
    expect(dialog).to_be_visible()
    walk.look(field, "call, shortcuts")
    walk.back(field)
    tools = (
        ("招く", "Invite"),
        ("回線", "Line"),
        ("メモ", "Notes"),
        ("引き継ぎ", "Hand over"),
        ("終わる", "End"),
    )
    for ja, en in tools:
        walk.press(field, ja, en)
        expect(dialog).to_be_visible()
        walk.look(field, f"call, {en.lower()}")
        if en == "Invite":
            walk.tab(field, "職員を呼ぶ", "Staff")
            walk.look(field, "call, invite staff")
        walk.back(field)


def _residents_tools(walk: Walk, resident: Window) -> None:
    walk.look(resident, "call of the resident")
    walk.press(resident, "文字で話す", "Write")
    walk.look(resident, "resident writes")
    walk.back(resident)


def _supervision(walk: Walk, supervisor: Window, field: Window) -> None:
    with said_in(supervisor, "通話中", "In the call"):
        supervisor.page.goto("/wall")
    walk.look(supervisor, "wall, live")
    walk.press(supervisor, "聞く", "Listen")
    with said_in(supervisor, "あなたが聞いていることは", "Everybody can see that you listen"):
        pass
    walk.look(supervisor, "listening")
    walk.press(supervisor, "話に加わる", "Take part")
    with said_in(supervisor, "責任者として入っています", "You are here as the supervisor"):
        pass
    walk.look(supervisor, "supervisor in the call")
    with said_in(supervisor, "職員にだけ聞こえています", "Only staff can hear you"):
        walk.press(supervisor, "職員にだけ話す", "Speak to staff only")
    walk.look(supervisor, "whispering")
    supervisor.ask("/announcements", {"text": "14時に県道12号を通行止めにします。"})
    with said_in(field, "14時に県道12号を通行止めにします。", "14時に県道12号を通行止めにします。"):
        pass
    walk.look(field, "call with an announcement")
    walk.press(field, "読みました", "Read")
    supervisor.page.goto("/")


def _hold(walk: Walk, field: Window, specialist: Window, resident: Window) -> None:
    walk.press(field, "職員だけ", "Staff only")
    with said_in(resident, "少しお待ちください", "One moment, please"):
        pass
    walk.look(resident, "hold")
    walk.look(field, "staff only")
    walk.press(field, "住民に戻る", "Back to guests")


def _partner(walk: Walk, field: Window, call: str) -> None:
    cases = field.ask("/cases")["cases"]
    case = next(each["id"] for each in cases if "川辺橋" in each["title"])
    field.ask(f"/cases/{case}/calls", {"call_id": call})
    organisation = next(
        each["id"] for each in field.ask("/organisations") if each["name"] == "あまね市 道路課"
    )
    more = {"name": "西村 浩", "kind": "partner", "organisation_id": organisation}
    partner = walk.open(_invitation(field, call, walk.language, **more), TABLET)
    _enter(walk, partner)
    walk.look(partner, "call of a partner")
    walk.look(partner, "shared cases", at="/partner")
    walk.look(partner, "shared case", at=f"/partner/{case}")
    walk.look(partner, "shared case, unknown", at="/partner/unknown")
    partner.page.context.close()


def _leaving(walk: Walk, field: Window, specialist: Window, resident: Window) -> None:
    field.page.keyboard.press("Escape")
    walk.press(field, "終わる", "End")
    walk.press(field, "会議室を閉じる", "End for everyone")
    walk.look(field, "ending for everybody")
    field.page.get_by_role("dialog").get_by_role(
        "button", name=walk.words("会議室を閉じる", "End for everyone")
    ).click()
    with said_in(field, "会議室は終わりました", "The room has ended"):
        pass
    walk.look(field, "after the call")
    walk.look(specialist, "after the call of the specialist")
    walk.look(resident, "after the talk")
    field.page.goto("/")
    field.ask("/calls", {"topic": "road"})
    expect(specialist.page.get_by_role("heading").first).to_be_visible()
    specialist.page.goto("/")
    ring = specialist.page.get_by_role("button", name=re.compile(walk.words("^次の人へ", "^Next person")))
    expect(ring.or_(specialist.page.get_by_role("heading")).first).to_be_visible()
    for each in field.ask("/calls")["calls"]:
        if each["state"] == "open":
            field.ask(f"/calls/{each['id']}/end", {})
    walk.look(specialist, "home, a missed call", at="/")
