"""Demo data: the staff of the fictional あまね県, with passwords and one-time secrets everybody knows.

Safe to run again: people who exist get their demo password and secret back. A database with real staff is
refused, and one with demo data says so (`demo` in GET /api/public).
"""

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from field_assist import NewStaff, OrganisationKind, Person, Role, Session, calls, cases, sharing, staff
from signaling.accounts import credentials, one_time_codes
from signaling.accounts.access_log import COMMAND_LINE
from signaling.accounts.credentials import Credential, Installation
from signaling.accounts.passwords import Passwords
from signaling.accounts.vault import Vault

PASSWORD = "genba-demo-2026"  # noqa: S105 - known to everybody on purpose
EAST = "東部土木事務所"

HEAD_OFFICE = "県庁本庁"
ALWAYS = "月-日 0:00-0:00"  # a demo rings at any hour; one specialist keeps office hours

PEOPLE = (
    NewStaff("F1001", "早瀬 美咲", "はやせ みさき", Role.FIELD, "現場技師", "道路維持課", EAST, (), ALWAYS),
    NewStaff("F1002", "川上 拓也", "かわかみ たくや", Role.FIELD, "現場技師", "河川砂防課", EAST),
    NewStaff(
        "X2001",
        "小野寺 健",
        "おのでら けん",
        Role.SPECIALIST,
        "専門職員（橋梁）",
        "道路建設課",
        HEAD_OFFICE,
        ("road", "slope"),
        ALWAYS,
    ),
    NewStaff(
        "X2002",
        "桐野 由紀",
        "きりの ゆき",
        Role.SPECIALIST,
        "専門職員（福祉）",
        "地域福祉課",
        HEAD_OFFICE,
        ("welfare",),
        ALWAYS,
    ),
    NewStaff(
        "X2003",
        "大沢 誠",
        "おおさわ まこと",
        Role.SPECIALIST,
        "専門職員（建築・農業）",
        "建築指導課",
        HEAD_OFFICE,
        ("building", "farm"),
    ),
    NewStaff(
        "X2004",
        "水野 リナ",
        "みずの りな",
        Role.SPECIALIST,
        "通訳員",
        "国際交流課",
        HEAD_OFFICE,
        ("interpreting",),
        ALWAYS,
    ),
    NewStaff(
        "S3001", "藤代 正和", "ふじしろ まさかず", Role.SUPERVISOR, "所長", "東部土木事務所", EAST, (), ALWAYS
    ),
    NewStaff("A9001", "沢口 恵", "さわぐち めぐみ", Role.ADMIN, "監査担当", "情報政策課", HEAD_OFFICE),
    NewStaff("O8001", "守谷 亮", "もりや りょう", Role.OPERATOR, "運用担当", "情報政策課", HEAD_OFFICE),
)


CASES = {
    "road": (
        cases.Particulars(
            "川辺橋 P2橋脚 ひび割れ", "damage", "road", "あまね市川辺一丁目 県道12号", 33.481, 136.647
        ),
        (
            "P2橋脚の上流側に幅0.3mmのひび割れ。長さ約1.2m。水のしみ出しはない。",
            "巻立て作業は止め、計測器を2台付ける。0.05mm広がったら すぐ相談。",
        ),
    ),
    "slope": (
        cases.Particulars(
            "県道12号 落石防護柵の変形", "damage", "slope", "つづら川市みなみ谷", 33.43, 136.74
        ),
        ("支柱1本が道路側へ15cm傾いている。落石はない。", "片側交互通行にして、支柱を取り替える。"),
    ),
    "river": (
        cases.Particulars(
            "天川 護岸復旧工事（令和8年8月豪雨）", "disaster", "", "あまね市若草から川辺", 33.506, 136.62
        ),
        ("左岸の遊歩道を通行止め。積み直しは12%まで進んだ。",),
    ),
    "hole": (
        cases.Particulars("県道19号文化町の陥没跡", "damage", "road", "あまね市文化町"),
        ("舗装の穴（深さ7cm）を常温合材で仮復旧した。路面下空洞探査は12月2日。",),
    ),
}
"""What the demo's cases are about, and what was written on them; after the works of あまね県."""

ORGANISATIONS = (
    ("あまね市 道路課", OrganisationKind.MUNICIPALITY),
    ("つづら川市 建設課", OrganisationKind.MUNICIPALITY),
    ("あまね橋梁補修 株式会社", OrganisationKind.COMPANY),
)


class RealStaffThere(Exception):
    """The database holds people who are no demo: known passwords must not get in among them."""


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """A row of the table `genba demo` prints."""

    staff_no: str
    name: str
    role: Role
    post: str
    secret: str
    code: str


def fill(session: Session, vault: Vault, passwords: Passwords, at: datetime) -> list[DemoAccount]:
    """Make or repair the demo data; raises RealStaffThere."""
    if staff.everybody(session) and not credentials.is_demo(session):
        raise RealStaffThere
    session.merge(Installation(id=1, is_demo=True))
    password_hash = passwords.hash_now(PASSWORD)
    for new in PEOPLE:
        member = staff.by_number(session, new.staff_no)
        if member is None:
            member = credentials.add(session, new, password_hash, COMMAND_LINE, at)
        credential = credentials.credential_of(session, member.id)
        _repair(vault, credential, password_hash, new.staff_no, at)
        session.add(credential)
    session.flush()
    _superiors(session)
    _earlier_calls(session, at)
    _other_cases(session, at)
    _helpers(session, at)
    return [
        DemoAccount(
            staff_no=new.staff_no,
            name=new.name,
            role=new.role,
            post=new.post,
            secret=secret_of(new.staff_no),
            code=one_time_codes.current_code(secret_of(new.staff_no), at),
        )
        for new in PEOPLE
    ]


def _superiors(session: Session) -> None:
    """The head of the eastern office is the superior of its field workers; a specialist stands in."""
    head, deputy = staff.by_number(session, "S3001"), staff.by_number(session, "X2001")
    if head is None or deputy is None:
        return
    staff.answer_to(session, head, None, [deputy.id])
    for number in ("F1001", "F1002"):
        if (member := staff.by_number(session, number)) is not None:
            staff.answer_to(session, member, head.id, [])


def secret_of(staff_no: str) -> str:
    """The fixed base32 secret of a demo account."""
    return base64.b32encode(hashlib.sha256(f"genba demo {staff_no}".encode()).digest()[:20]).decode()


def _repair(vault: Vault, credential: Credential, password_hash: str, staff_no: str, at: datetime) -> None:
    credential.password_hash = password_hash
    credential.otp_secret = vault.seal(secret_of(staff_no), credentials.otp_context(credential.staff_id))
    credential.pending_otp_secret = None
    credential.enrolled_at = credential.enrolled_at or at


def _earlier_calls(session: Session, at: datetime) -> None:
    """Two calls that ended, so that the lists are not empty; only once."""
    host = staff.by_number(session, "F1001")
    specialist = staff.by_number(session, "X2001")
    if host is None or specialist is None or calls.visible(session, host.person(), at):
        return
    for minutes_ago, title, topic, place in (
        (95, "川辺橋 P2橋脚 施工前の確認", "road", "あまね市川辺一丁目"),
        (40, "県道12号 落石防護柵の変形", "slope", "つづら川市みなみ谷"),
    ):
        started_at = at - timedelta(minutes=minutes_ago)
        sheet = calls.start(session, host.person(), calls.NewCall(title, topic, place), started_at)
        calls.add_member(session, sheet.call.id, specialist.id, host.id, started_at)
        calls.end(session, sheet.call.id, started_at + timedelta(minutes=18))
        _earlier_case(session, host.person(), specialist.person(), sheet.call, at)


def _earlier_case(session: Session, owner: Person, expert: Person, call: calls.Call, at: datetime) -> None:
    """The case of a call that ended, some days old."""
    particulars, words = CASES[call.topic]
    case = cases.open_case(session, owner, particulars, at - timedelta(days=6, hours=2)).case
    cases.happened(session, case, cases.EventKind.COMMENT, owner, at - timedelta(days=6), words[0])
    cases.change(session, case, owner, {"status": "watching"}, at - timedelta(days=2, hours=3))
    cases.link(session, case, call, owner, call.started_at)
    cases.happened(session, case, cases.EventKind.COMMENT, expert, at - timedelta(minutes=8), words[1])


def _helpers(session: Session, at: datetime) -> None:
    """Two organisations that help, and the case of the bridge shared with the first; only once."""
    head, owner = staff.by_number(session, "S3001"), staff.by_number(session, "F1001")
    if head is None or owner is None or sharing.everybody(session):
        return
    made = [sharing.add(session, name, kind, head.person(), at) for name, kind in ORGANISATIONS]
    wanted = cases.Wanted(words=("川辺橋",))
    for sheet in cases.visible(session, owner.person(), wanted):
        sharing.share(session, sheet.case, made[0], owner.person(), at, at + timedelta(days=30))
        cases.happened(session, sheet.case, cases.EventKind.SHARED, owner.person(), at, made[0].name)
        for event in cases.events(session, sheet.case.id)[:2]:
            sharing.mark(session, sheet.case, f"event.{event.id}", owner.person(), at)


def _other_cases(session: Session, at: datetime) -> None:
    """A case of another department of the office, and one that is closed; only once."""
    member, host = staff.by_number(session, "F1002"), staff.by_number(session, "F1001")
    if member is None or host is None or cases.visible(session, member.person(), cases.Wanted(status="all")):
        return
    river, hole = member.person(), host.person()
    case = cases.open_case(session, river, CASES["river"][0], at - timedelta(days=30)).case
    cases.change(session, case, river, {"status": "working"}, at - timedelta(days=29))
    cases.happened(
        session, case, cases.EventKind.COMMENT, river, at - timedelta(days=9), CASES["river"][1][0]
    )
    case = cases.open_case(session, hole, CASES["hole"][0], at - timedelta(days=9)).case
    cases.close(session, case, hole, CASES["hole"][1][0], at - timedelta(days=8, hours=20))
