"""The topics about which nothing is kept, and who listens to whom they concern.

Two degrees. *Grave*: life, violence, abuse, crime; instead of services the desks are pinned. *Private*:
debts, welfare, addiction; services are found as ever, with a desk beside them. Nothing is derived of
either: no history, no interest, no notice.

The numbers are those of national desks in Japan; an installation checks them before it opens.

Sans-IO.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple


class Topic(StrEnum):
    """What it is about, gravest first."""

    LIFE = "life"
    VIOLENCE = "violence"
    CHILD = "child"
    ABUSE = "abuse"
    SEXUAL = "sexual"
    CRIME = "crime"
    PREGNANCY = "pregnancy"
    ADDICTION = "addiction"
    DEBT = "debt"
    WELFARE = "welfare"


GRAVE = frozenset(Topic) - {Topic.ADDICTION, Topic.DEBT, Topic.WELFARE}


class Desk(NamedTuple):
    """Where a person listens; `phone` is empty where it differs from place to place."""

    name: str
    phone: str
    hours: str


_LISTENING = Desk("よりそいホットライン", "0120-279-338", "24時間")
_POLICE = Desk("警察相談専用電話", "#9110", "平日の昼間(急ぐときは110)")

DESKS: Mapping[Topic, tuple[Desk, ...]] = {
    Topic.LIFE: (
        _LISTENING,
        Desk("こころの健康相談統一ダイヤル", "0570-064-556", "都道府県により異なる"),
    ),
    Topic.VIOLENCE: (Desk("DV相談ナビ", "#8008", "最寄りの窓口につながります"), _POLICE, _LISTENING),
    Topic.CHILD: (Desk("児童相談所 虐待対応ダイヤル", "189", "24時間"),),
    Topic.ABUSE: (Desk("高齢者・障害者の虐待の相談", "", "お住まいの市町村"), _POLICE),
    Topic.SEXUAL: (Desk("性犯罪・性暴力被害者のためのワンストップ支援センター", "#8891", "24時間"), _POLICE),
    Topic.CRIME: (_POLICE, _LISTENING),
    Topic.PREGNANCY: (Desk("にんしんの相談(こども家庭センター)", "", "お住まいの市町村"), _LISTENING),
    Topic.ADDICTION: (Desk("依存の相談(精神保健福祉センター)", "", "平日"),),
    Topic.DEBT: (Desk("法テラス", "0570-078374", "平日9時〜21時、土曜9時〜17時"),),
    Topic.WELFARE: (Desk("福祉事務所", "", "お住まいの市町村、平日"),),
}


def desks_for(topics: frozenset[Topic]) -> tuple[Desk, ...]:
    """Where to turn, for the gravest topic first, each once."""
    return tuple(dict.fromkeys(desk for topic in Topic if topic in topics for desk in DESKS[topic]))
