"""A catalogue that tests write, and residents who follow what is in it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from field_assist import Session
from field_assist.concierge import subscribers
from field_assist.concierge.entries import Entry, Kind, Source
from field_assist.concierge.following import Change, FieldChange, Follow, Topic, entry_key
from signaling.api.notice_round import Keys
from tests.clock import START
from tests.installation import ORIGIN, Installation

PREFECTURE = Source("あまね県", "990001", "CC BY 4.0", START, date(2026, 11, 20))
CITY = replace(PREFECTURE, owner="あまね市", owner_code="992011")

BRIDGE = Entry(
    Kind.WORK,
    "W001",
    PREFECTURE,
    "県道12号 川辺橋 耐震補強工事",
    title_en="Earthquake-proofing of Kawabe Bridge",
    summary="橋の脚を太くして地震に強くします。",
    ends=date(2027, 3, 19),
    latitude=33.481,
    longitude=136.647,
    contact="東部土木事務所",
    phone="000-000-1900",
    url="https://amane.example/koji/w001",
    facts={"生活への影響": "バス停「川辺橋西」を50m移設"},
)
BUILDERS = Entry(
    Kind.LICENCE,
    "L003",
    PREFECTURE,
    "建設業許可(知事)",
    title_en="Construction business licence",
    contact="建設業課",
    facts={
        "受付開始": "満了の3か月前(県運用)",
        "受付終了": "満了の30日前",
        "通知タイミング_期限前日数": "180;120;90;45;30",
        "更新・届出の要件": "毎事業年度の決算変更届がそろっていること",
        "根拠法令": "建設業法",
    },
)
HEARING = Entry(
    Kind.EVENT,
    "E017",
    CITY,
    "聞こえの相談会",
    categories=("健康",),
    starts=date(2027, 1, 14),
    ends=date(2027, 1, 14),
    summary="聞こえについて、専門の職員に相談できます。",
)
LIBRARY = Entry(
    Kind.FACILITY,
    "F040",
    CITY,
    "川辺公民館",
    latitude=33.4815,
    longitude=136.6475,
    facts={"所在地_市区町村": "あまね市", "所在地_町字": "川辺一丁目"},
)
EMPTY_HOUSES = Entry(
    Kind.PROGRAMME,
    "P035",
    CITY,
    "老朽危険空き家除却費補助",
    categories=("住まい",),
    ends=date(2026, 12, 25),
    summary="倒れるおそれのある空き家を取り壊す費用を補助します。",
)
HOME = "あまね市/川辺"


@dataclass
class Listed:
    """`EntrySource` of what a test put into it."""

    known: list[Entry] = field(default_factory=lambda: [BRIDGE, BUILDERS, HEARING, LIBRARY, EMPTY_HOUSES])
    changes: list[Change] = field(default_factory=list)

    def entries(self, session: Session, kinds: Collection[Kind]) -> Iterable[Entry]:
        """Those of these kinds."""
        return [entry for entry in self.known if entry.kind in kinds]

    def entry(self, session: Session, key: str) -> Entry | None:
        """The one with this key."""
        return next((entry for entry in self.known if entry_key(entry) == key), None)

    def changes_since(self, session: Session, since: datetime) -> Iterable[Change]:
        """Those after it."""
        return [change for change in self.changes if change.at > since]

    def version(self, session: Session) -> str:
        """Another one whenever something was put in."""
        return f"{len(self.known)}-{len(self.changes)}"

    def change(self, entry: Entry, at: datetime, name: str, before: str, after: str) -> None:
        """One column of an entry becomes different."""
        self.changes.append(Change(entry, at, fields=(FieldChange(name, before, after),)))


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who said yes: the code of their page, and the token that only stops."""

    id: str
    code: str
    stop_token: str


async def subscribed(genba: Installation, address: str, language: str = "ja") -> Person:
    """Somebody who asked and confirmed, without the mail between."""
    vault, at = genba.services.vault, genba.clock.at
    keys = Keys(vault, ORIGIN)

    def work(session: Session) -> Person:
        row = subscribers.ask(session, keys.new(address, at), language, "test", at)
        subscribers.confirm(session, row, at)
        return Person(row.id, keys.page(row).rpartition("/")[2], keys.stop_token(row.id))

    return await genba.services.store.write(work)


async def follows_home(genba: Installation, person: Person) -> str:
    """They follow works within a kilometre of Kawabe; the id of that."""
    home = Follow(Topic.WORKS, HOME, "あまね市川辺", latitude=33.4815, longitude=136.6475, radius_m=1000)

    def work(session: Session) -> str:
        row = subscribers.by_id(session, person.id)
        return subscribers.add_follow(session, row, home, genba.clock.at).id

    return await genba.services.store.write(work)
