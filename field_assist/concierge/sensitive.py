"""Topics about which nothing is recommended and nothing kept: there are people who listen, and their numbers.

Two degrees. *Grave*: life, violence, abuse, crime; instead of services the desks are pinned. *Private*: debts,
welfare, addiction; services are found as ever, with a desk beside them. Of both nothing is derived: no history, no
interest, no notice. A topic is known by its words and, where there is a model of meaning, by sentences that
mean the same; either is enough, because to be asked about by a person costs little and to be missed much.

The numbers are those of national desks in Japan; an installation checks and changes them (`GENBA_CONCIERGE_DESKS`).

Sans-IO.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]


class Topic(StrEnum):
    """What it is about."""

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
    """Where a person listens."""

    name: str
    phone: str
    hours: str


_LINE = Desk("よりそいホットライン", "0120-279-338", "24時間")
_LIFE = Desk("こころの健康相談統一ダイヤル", "0570-064-556", "都道府県による")
_VIOLENCE = Desk("DV相談ナビ", "#8008", "最寄りの相談窓口")
_CHILD = Desk("児童相談所 虐待対応ダイヤル", "189", "24時間")
_SEXUAL = Desk("性犯罪・性暴力 ワンストップ支援センター", "#8891", "24時間")
_POLICE = Desk("警察相談専用電話", "#9110", "平日昼間、急ぐときは110")
_AGED = Desk("高齢者・障害者虐待の相談(お住まいの市町村)", "", "市町村の窓口")
_PREGNANT = Desk("にんしんSOS・こども家庭センター", "", "お住まいの地域の窓口")
_DEBT = Desk("法テラス", "0570-078374", "平日9-21時、土曜9-17時")
_WELFARE = Desk("福祉事務所(お住まいの市町村)", "", "平日")
_ADDICTION = Desk("精神保健福祉センター", "", "平日")

DESKS: Mapping[Topic, tuple[Desk, ...]] = {
    Topic.LIFE: (_LINE, _LIFE),
    Topic.VIOLENCE: (_VIOLENCE, _POLICE, _LINE),
    Topic.CHILD: (_CHILD,),
    Topic.ABUSE: (_AGED, _POLICE),
    Topic.SEXUAL: (_SEXUAL, _POLICE),
    Topic.CRIME: (_POLICE, _LINE),
    Topic.PREGNANCY: (_PREGNANT, _LINE),
    Topic.ADDICTION: (_ADDICTION,),
    Topic.DEBT: (_DEBT,),
    Topic.WELFARE: (_WELFARE,),
}

_PARTNER = "夫|旦那|だんな|主人|妻|嫁|彼氏|彼女|彼が|パートナー|つれあい|同居|元夫|元カレ|交際相手|husband|boyfriend|wife|partner"
_CHILD_WORDS = "子ども|子供|こども|赤ちゃん|娘|息子|小さい子|幼い|わが子|うちの子|隣の家|となりの家|生徒|kid|child"
_HIT = "殴|なぐ|蹴|叩か|叩く|叩い|たたか|たたく|たたい|ぶたれ|ぶつ[。、]|手を(?:上|あ)げ|暴力|暴れ|首を(?:絞|し)め|怒鳴|どなる|どなら|脅|hit|beat"

_WORDS: Mapping[Topic, str] = {
    Topic.LIFE: (
        "死にたい|しにたい|死のう|死んでしま(?:い|え)たい|死んだ方が|死んだほうが|消えたい|消えてしまいたい|いなくなりたい|自殺|自死|"
        "生き(?:て|る|続)[^。]{0,14}(?:つら|辛|しんど|疲れ|意味が?(?:な|わか)|価値が?な|いや|嫌|たくな|やめ)|"
        "(?:何もかも|全部|すべて|人生を?)[^。]{0,6}(?:終わりに|終わらせ)|リストカット|自分を傷つけ|飛び降り|首を(?:吊|つ)|"
        "もう限界[^。]{0,12}(?:生き|いのち|命)|命を絶|遺書|suicid|kill myself|want to die|end my life"
    ),
    Topic.VIOLENCE: (
        rf"\bDV\b|ＤＶ|(?<![A-Za-z])DV(?![A-Za-z])|家庭内暴力|ドメスティック|(?:{_PARTNER})[^。]{{0,30}}(?:{_HIT})|"
        rf"(?:{_HIT})[^。]{{0,20}}(?:{_PARTNER})|殴られ|なぐられ|蹴られ|(?:{_PARTNER})[^。]{{0,12}}(?:こわい|怖い|逃げたい)|"
        "domestic violence|hits me|beats me"
    ),
    Topic.CHILD: (
        rf"虐待|ネグレクト|(?:{_CHILD_WORDS})[^。]{{0,24}}(?:殴|叩い|叩く|叩いて|たたい|たたく|ぶって|蹴っ|あざ|アザ|泣き叫|悲鳴|怒鳴)|"
        rf"(?:怒鳴り声|叩く音|泣き叫|悲鳴)[^。]{{0,24}}(?:{_CHILD_WORDS})|手を(?:上|あ)げて(?:しま|る)|叩いてしま|たたいてしま|child abuse"
    ),
    Topic.ABUSE: "(?:高齢者|障害者|年寄り|施設|介護)[^。]{0,10}虐待|(?:親|母|父|利用者)を[^。]{0,8}(?:叩い|殴っ|たたい)",
    Topic.SEXUAL: "性暴力|性被害|性的な?(?:被害|虐待|暴行)|レイプ|強姦|痴漢|盗撮|(?:無理やり|むりやり)[^。]{0,12}(?:され|触)|体を触られ|rape",
    Topic.CRIME: (
        "犯罪[^。]{0,3}被害|事件[^。]{0,6}被害|通り魔|刺され|襲われ|ストーカー|つきまと(?:い|わ)|強盗に|ひき逃げ|殺され|"
        "(?:家族|夫|妻|子|親|兄|弟|姉|妹)[^。]{0,6}を?殺|stalk"
    ),
    Topic.PREGNANCY: (
        "(?:1[0-7]歳|１[０-７]歳|中学|高校|未成年|十代|10代|学生)[^。]{0,40}(?:妊娠|生理が|おなかに|赤ちゃんが|陽性)|"
        "(?:妊娠|生理が|陽性)[^。]{0,40}(?:1[0-7]歳|中学|高校生|未成年|親に言え|だれにも言え|誰にも言え)|"
        "(?:予期|望ま)[^。]{0,4}ない妊娠|堕ろ|おろした[いほ]|中絶|(?:1[0-7]歳)[^。]{0,4}[。][^。]{0,20}(?:生理|妊娠)"
    ),
    Topic.ADDICTION: "依存症|アルコール依存|酒を?が?やめられ|ギャンブル|パチンコ[^。]{0,10}やめ|薬物|覚醒剤|覚せい剤|大麻",
    Topic.DEBT: "借金|多重債務|サラ金|ヤミ金|闇金|取り立て|自己破産|債務整理|カードローン",
    Topic.WELFARE: "生活保護|ナマポ",
}
_KNOWN = {topic: re.compile(words, re.IGNORECASE) for topic, words in _WORDS.items()}

SENTENCES: Mapping[Topic, tuple[str, ...]] = {
    Topic.LIFE: (
        "死にたい", "消えてしまいたい", "生きているのがつらい", "もう生きていたくない", "自分なんていないほうがいい",
        "楽になりたい、もう疲れた", "人生を終わりにしたい", "生きる意味がわからない", "I want to die", "友だちが死にたいと言っている",
    ),
    Topic.VIOLENCE: (
        "夫に殴られる", "彼に暴力をふるわれている", "パートナーが怖くて家に帰れない", "妻に物を投げられる",
        "夫から逃げたい", "旦那が生活費をくれず怒鳴る", "My husband hits me", "家で暴力を受けている", "おっとに たたかれます",
    ),
    Topic.CHILD: (
        "子どもを叩いてしまう", "近所の子どもが虐待されているかもしれない", "隣の家から子どもの悲鳴が聞こえる",
        "子どもの体にあざがある", "食事をもらえていない子がいる", "イライラして赤ちゃんに手を上げそう", "親に叩かれて家に帰りたくない",
    ),
    Topic.ABUSE: ("施設で母が乱暴に扱われている", "介護に疲れて親を叩いてしまった", "高齢者が家族に虐待されている"),
    Topic.SEXUAL: ("性的な被害を受けた", "無理やり体を触られた", "望まない性行為をされた", "レイプされた", "職場で体を触られた"),
    Topic.CRIME: ("犯罪の被害にあった", "家族が事件で亡くなった", "知らない人につきまとわれている", "元交際相手に待ち伏せされる", "暴行を受けてけがをした"),
    Topic.PREGNANCY: ("高校生だけど妊娠したかもしれない", "妊娠したが誰にも言えない", "望まない妊娠をした", "産むか迷っていて相談できる人がいない"),
}  # fmt: skip
"""What people say of grave topics, in words that the patterns may not know."""
LIKE = 0.72
"""Cosine from which a question says the same as one of these."""


def topics_by_words(text: str) -> frozenset[Topic]:
    """Topics whose words a text holds."""
    plain = unicodedata.normalize("NFKC", text)
    return frozenset(topic for topic, pattern in _KNOWN.items() if pattern.search(plain))


def topics_by_meaning(question: Floats, sentences: Mapping[Topic, Floats]) -> frozenset[Topic]:
    """Topics one of whose sentences means the same; both are rows of unit length."""
    return frozenset(
        topic for topic, rows in sentences.items() if len(rows) and float((rows @ question.T).max()) >= LIKE
    )


def desks_for(topics: frozenset[Topic]) -> tuple[Desk, ...]:
    """Where to turn, gravest first, each once."""
    ordered: Sequence[Topic] = [topic for topic in Topic if topic in topics]
    return tuple(dict.fromkeys(desk for topic in ordered for desk in DESKS[topic]))
