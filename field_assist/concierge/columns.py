"""By which headings the columns of municipal lists are known, for each kind of entry. Sans-IO.

Names follow 自治体標準オープンデータセット (A-01 公共施設, A-12 イベント, B 支援制度) and, for works and
licences, for which no standard exists, GIF 455-05 and our own. Lists are read by heading, never by
position; `x_` marks columns of our own.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from field_assist.concierge.cells import heading
from field_assist.concierge.entries import Kind

Headings = tuple[str, ...]

_CODE = ("全国地方公共団体コード", "都道府県コード又は市区町村コード", "市区町村コード", "団体コード")
_ID = ("ID", "NO", "No.", "番号", "制度番号")
_OWNER = ("地方公共団体名", "地方公共団体の名称")
_ADDRESS = ("所在地_連結表記", "住所", "所在地")
_LATITUDE, _LONGITUDE = ("緯度",), ("経度",)
_URL = ("URL",)
_PHONE = ("連絡先電話番号", "電話番号")
_EXTRAS: Mapping[str, Headings] = {
    "needs": ("お困りごと", "x_こんなとき"),
    "title_en": ("x_英語名", "名称_英語", "イベント名_英語"),
    "english": ("x_英語説明",),
    "easy": ("x_やさしい日本語",),
    "life_events": ("ライフステージ分類", "【人生の制度】ライフステージ分類", "x_ライフイベント"),
    "keywords": ("キーワード",),
}


@dataclass(frozen=True, slots=True)
class Columns:
    """One kind of list. `roles`: where a field of an entry stands, by any of several headings.

    `first` roles take the first column that says something, `all_of` roles what all of them say together.
    """

    kind: Kind
    marks: Headings
    """A list with one of these headings is of this kind."""
    first: Mapping[str, Headings]
    all_of: Mapping[str, Headings]
    dates: Headings = ()
    """All columns that are dates, whether they are a role or not."""
    starts_at: Headings = ()
    """Times of the day at which something begins, each with the column of its day where there is one."""
    ends_at: Headings = ()
    spans: tuple[tuple[str, str], ...] = ()
    """Pairs of dates of which the second is not before the first."""


PROGRAMMES = Columns(
    Kind.PROGRAMME,
    marks=("タイトル（制度名）", "制度名", "支援制度名"),
    first={
        "code": _CODE,
        "id": _ID,
        "owner": ("地方公共団体の名称", "地方公共団体名"),
        "title": ("タイトル（制度名）", "制度名", "支援制度名", "タイトル"),
        "summary": ("制度概要", "概要"),
        "starts": ("受付開始日", "公募開始日"),
        "ends": ("受付終了日", "公募終了日"),
        "contact": ("実施組織・支援機関", "問い合わせ先", "連絡先名称"),
        "phone": _PHONE,
        "url": _URL,
        "updated": ("最終更新日",),
    },
    all_of={
        **_EXTRAS,
        "also_called": ("サブタイトル（通称名）", "サブタイトル（通称）"),
        "body": (
            "対象者",
            "用途・対象費",
            "内容",
            "給付金額",
            "補助率",
            "利用・申請方法",
            "手続書類",
            "根拠法令",
        ),
        "categories": ("支援制度種別",),
    },
    dates=("受付開始日", "公募開始日", "受付終了日", "公募終了日", "公開日", "最終更新日"),
    spans=(("受付開始日", "受付終了日"), ("公募開始日", "公募終了日")),
)
FACILITIES = Columns(
    Kind.FACILITY,
    marks=("名称", "施設名称", "施設名"),
    first={
        "code": _CODE,
        "id": _ID,
        "owner": _OWNER,
        "title": ("名称", "施設名称", "施設名"),
        "title_kana": ("名称_カナ", "施設名称_カナ"),
        "summary": ("説明",),
        "place": _ADDRESS,
        "latitude": _LATITUDE,
        "longitude": _LONGITUDE,
        "contact": ("連絡先名称", "名称"),
        "phone": ("電話番号", "連絡先電話番号"),
        "url": _URL,
        "updated": ("最終更新日",),
    },
    all_of={
        **_EXTRAS,
        "also_called": ("名称_通称",),
        "body": ("利用可能曜日", "利用可能時間特記事項", "利用可能日時特記事項"),
        "categories": ("カテゴリー", "分類", "施設種別"),
    },
    dates=("最終更新日",),
    starts_at=("開始時間",),
    ends_at=("終了時間",),
)
EVENTS = Columns(
    Kind.EVENT,
    marks=("イベント名",),
    first={
        "code": _CODE,
        "id": _ID,
        "owner": _OWNER,
        "title": ("イベント名",),
        "title_kana": ("イベント名_カナ",),
        "summary": ("説明",),
        "starts": ("開始日",),
        "ends": ("終了日", "開始日"),
        "latitude": _LATITUDE,
        "longitude": _LONGITUDE,
        "contact": ("連絡先名称", "主催者"),
        "phone": ("連絡先電話番号", "電話番号"),
        "url": _URL,
        "updated": ("最終更新日",),
    },
    all_of={
        **_EXTRAS,
        "body": ("開始日時特記事項", "参加条件", "料金(基本)", "料金(詳細)", "参加申込方法", "アクセス方法"),
        "categories": ("カテゴリー",),
        "place": ("場所名称", *_ADDRESS),
        "related": ("x_施設ID", "x_関連制度ID", "x_関連資格ID"),
    },
    dates=("開始日", "終了日", "参加申込開始日", "参加申込終了日", "公開日", "最終更新日"),
    starts_at=("開始時間",),
    ends_at=("終了時間", "参加申込終了時間"),
    spans=(("開始日", "終了日"),),
)
WORKS = Columns(
    Kind.WORK,
    marks=("工事名",),
    first={
        "code": _CODE,
        "id": _ID,
        "owner": _OWNER,
        "title": ("工事名",),
        "summary": ("住民向け説明",),
        "starts": ("工期_開始日",),
        "ends": ("工期_終了日",),
        "latitude": _LATITUDE,
        "longitude": _LONGITUDE,
        "contact": ("連絡先名称", "所管"),
        "phone": _PHONE,
        "url": _URL,
        "updated": ("最終更新日", "進捗基準日"),
    },
    all_of={
        **_EXTRAS,
        "keywords": ("路線名", "規制種別", "キーワード"),
        "body": ("規制理由", "規制種別", "迂回路", "生活への影響", "所管"),
        "categories": ("工事種別",),
        "place": ("規制場所始点", "規制場所終点"),
        "related": ("x_施設ID", "x_関連制度ID"),
    },
    dates=("工期_開始日", "工期_終了日", "進捗基準日", "規制開始日", "規制終了日", "最終更新日"),
    starts_at=("規制開始時間",),
    ends_at=("規制終了時間",),
    spans=(("工期_開始日", "工期_終了日"), ("規制開始日", "規制終了日")),
)
LICENCES = Columns(
    Kind.LICENCE,
    marks=("資格・免許名",),
    first={
        "code": _CODE,
        "id": _ID,
        "owner": _OWNER,
        "title": ("資格・免許名",),
        "summary": ("更新・届出の要件",),
        "contact": ("所管課",),
        "phone": _PHONE,
        "url": _URL,
        "updated": ("最終確認日", "最終更新日"),
    },
    all_of={
        **_EXTRAS,
        "also_called": ("通称",),
        "body": ("有効期間", "受付開始", "受付終了", "その他の届出", "注意喚起・制度改正", "根拠法令"),
        "categories": ("区分",),
    },
    dates=("最終確認日", "最終更新日"),
)
DOCUMENTS = Columns(
    Kind.DOCUMENT,
    marks=("文書名", "資料名"),
    first={
        "id": ("ID", "番号", "資料番号"),
        "title": ("文書名", "資料名"),
        "contact": ("作成課", "所管課"),
        "updated": ("最終更新日", "更新日"),
    },
    all_of={**_EXTRAS, "body": ("本文",), "categories": ("文書種別", "種別")},
    dates=("最終更新日", "更新日"),
)
DECISIONS = Columns(
    Kind.DECISION,
    marks=("決定内容",),
    first={
        "id": _ID,
        "title": ("件名",),
        "summary": ("決定内容",),
        "contact": ("組織",),
        "updated": ("決定日時",),
    },
    all_of={
        **_EXTRAS,
        "body": ("判断の理由", "採らなかった案と理由", "根拠", "証拠"),
        "related": ("使用文書ID",),
    },
    dates=("決定日時",),
)

ALL = (PROGRAMMES, EVENTS, WORKS, LICENCES, DOCUMENTS, DECISIONS, FACILITIES)
"""Facilities last: 「名称」 stands in many lists."""
BY_KIND = {columns.kind: columns for columns in ALL}
PERSONAL = frozenset({"営業の種類", "許可満了日", "許可番号"})
"""A list with two of these names the holders of permits; it never becomes open data."""


def known(columns: Columns) -> dict[str, str]:
    """Every heading of a kind of list as it is compared, to the way the standard writes it."""
    several = [*columns.first.values(), *columns.all_of.values(), columns.dates]
    return {
        heading(name): name
        for names in (*several, columns.starts_at, columns.ends_at, _MORE)
        for name in names
    }


_MORE = (
    "料金(基本)",
    "料金(詳細)",
    "建物名等(方書)",
    "連絡先備考（その他、SNSなど）",
    "利用可能曜日",
    "都道府県名",
    "市区町村名",
)
