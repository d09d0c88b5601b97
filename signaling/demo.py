"""Demo data: the staff of the fictional あまね県, with passwords and one-time secrets everybody knows.

Safe to run again: people who exist get their demo password and secret back. A database with real staff is
refused, and one with demo data says so (`demo` in GET /api/public).
"""

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from field_assist import NewStaff, Role, Session, calls, staff
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
