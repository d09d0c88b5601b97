"""What taking lists in would do, as sentences for the office that sent them, in Japanese. Sans-IO.

Each sentence says what was found, where, and what to do about it; faults first.
"""

from collections.abc import Iterable, Iterator

from field_assist.concierge.consistency import Clash, Contradiction
from field_assist.concierge.entries import Kind
from field_assist.concierge.remarks import Counts, Finding, Remark, Weight

KINDS = {
    Kind.PROGRAMME: "支援制度",
    Kind.FACILITY: "公共施設",
    Kind.EVENT: "イベント",
    Kind.WORK: "工事・規制",
    Kind.LICENCE: "資格・免許",
    Kind.DOCUMENT: "文書",
    Kind.DECISION: "判断記録",
}
_WEIGHTS = {
    Weight.FAULT: "直さないと取り込めません",
    Weight.DOUBT: "確かめてください（このまま取り込めます）",
    Weight.REPAIR: "こちらで直して読みました",
}
_REMARKS = {
    Remark.NOT_TEXT: "文字として読めません。UTF-8 か Shift_JIS の CSV で保存し直してください",
    Remark.NOT_A_LIST: "何の一覧か分かりません。「イベント名」などの見出しがあるか確かめてください",
    Remark.STAFF_ONLY: "文書や判断記録の一覧です。文書は資料の取り込みから入れてください",
    Remark.PERSONAL: "許可を受けた人の名前が載る一覧なので、取り込みません",
    Remark.TOO_MANY_ROWS: "行が多すぎます。分けてください",
    Remark.NEVER_ENDS: '引用符「"」が閉じていません',
    Remark.NO_ROWS: "見出しだけで、行がありません",
    Remark.EMPTY: "空です。必ず要ります",
    Remark.REPEATED: "同じ番号が2回あります",
    Remark.TOO_LONG: "長すぎます",
    Remark.TOO_MANY_CELLS: "見出しより列が多い行です。文の中の「,」を引用符で囲んでください",
    Remark.LOST_CHARACTERS: "文字化けか、見えない文字があります",
    Remark.BAD_CODE: "全国地方公共団体コードではありません（検査数字が合いません）",
    Remark.BAD_DATE: "日付として読めません。「2026-12-01」の形で書いてください",
    Remark.BAD_TIME: "時刻として読めません。「09:00」の形で書いてください",
    Remark.ENDS_BEFORE: "終わりが始まりより前です",
    Remark.ELSEWHERE: "同じ番号が別の一覧にもあります。どちらか一つにしてください",
    Remark.WORDS_FOR_DATE: "日付でなく言葉です。言葉のまま載せますが、期限では探せません",
    Remark.NO_CODE: "コードが空です",
    Remark.BAD_PLACE: "日本の緯度・経度ではありません。地図には載せません",
    Remark.HALF_PLACE: "緯度と経度の片方だけです。地図には載せません",
    Remark.SAME_HEADING: "同じ見出しが2つあります。左の列を読みました",
    Remark.NO_HEADING: "見出しのない列に文字があります。読みませんでした",
    Remark.BAD_ADDRESS: "https:// で始まるアドレスではありません。リンクにしません",
    Remark.BAD_RULE: "対象条件として読めません。「使えるか確かめる」では何もたずねません",
    Remark.PHONE_WITHOUT_ZERO: "先頭の0が落ちた電話番号かもしれません",
    Remark.LATE_HOURS: "24時を過ぎた時刻です。翌日の時刻なら書き方を確かめてください",
    Remark.HEADINGS_LOWER: "見出しの上に行がありました。その行は読みませんでした",
    Remark.ENCODING: "UTF-8 でない文字コードでした。公開するときは UTF-8 になります",
    Remark.LOST_ZERO: "先頭の0を補いました（検査数字で確かめました）",
    Remark.SWAPPED: "緯度と経度が逆でした。入れ替えました",
    Remark.SERIAL_DATE: "表計算の通し番号でした。日付に直しました",
    Remark.REWRITTEN_DATE: "日付を「2026-12-01」の形に直しました",
    Remark.REWRITTEN_TIME: "時刻を「09:00」の形に直しました",
    Remark.MIDNIGHT: "始まりの24:00を、翌日の00:00に直しました",
}
_CLASHES = {
    Clash.EVENT_WHILE_CLOSED: "会場が休みの間のイベントです",
    Clash.EVENT_OUT_OF_SEASON: "会場が開いていない季節のイベントです",
    Clash.EVENT_ON_CLOSED_DAY: "会場の休みの曜日のイベントです",
    Clash.DETOUR_CLOSED: "迂回路が通行止めです",
    Clash.DETOUR_NARROWED: "迂回路にも規制があります",
    Clash.NO_SUCH_FACILITY: "会場の施設IDが、施設の一覧にありません",
    Clash.NO_SUCH_ENTRY: "関連するIDが、一覧にありません",
    Clash.OTHER_NAME: "会場の名前が、施設の一覧と違います",
    Clash.DEADLINE_AFTER: "申込みの締切が、終わった後の日です",
    Clash.PAST: "もう終わっています",
}
_SHOWN = 5


def of_list(name: str, kind: Kind | None, counts: Counts, findings: Iterable[Finding]) -> Iterator[str]:
    """Lines about one list."""
    yield f"■ {name}" + (f"（{KINDS[kind]}） {counts.rows}件" if kind else "")
    weight = None
    for finding in findings:
        if finding.weight is not weight:
            weight = finding.weight
            yield f"  【{_WEIGHTS[weight]}】"
        column = f"「{finding.column}」" if finding.column else ""
        yield f"  ・{column}{_REMARKS[finding.remark]}{_places(finding)}"
    yield (
        f"  新しい {counts.added}件、変わった {counts.changed}件、同じ {counts.same}件、"
        f"一覧から消えた {counts.gone}件"
    )
    if counts.many_gone:
        yield "  【半分より多くが消えます。一覧が途中で切れていないか確かめてください】"


def of_contradictions(found: Iterable[Contradiction]) -> Iterator[str]:
    """Lines about all lists together; of each sort the first few."""
    by_clash: dict[Clash, list[str]] = {}
    counted: dict[Clash, int] = {}
    for one in found:
        counted[one.clash] = counted.get(one.clash, 0) + 1
        if counted[one.clash] <= _SHOWN:
            other = f" ／ {one.other.entry_id} {one.other.title}" if one.other else ""
            by_clash.setdefault(one.clash, []).append(
                f"    {one.who.entry_id} {one.who.title}{other}" + (f"（{one.words}）" if one.words else "")
            )
    if by_clash:
        yield "■ 一覧どうしの食い違い（確かめてください）"
    for clash in (clash for clash in Clash if clash in by_clash):
        yield f"  ・{_CLASHES[clash]} {counted[clash]}件"
        yield from by_clash[clash]


def _places(finding: Finding) -> str:
    words = []
    for place in finding.places[:_SHOWN]:
        became = f"→「{place.became}」" if place.became else ""
        value = f"「{place.value}」" if place.value else ""
        line = f"{place.line}行目" if place.line else ""
        if line or value:
            words.append(line + value + became)
    more = f" ほか{finding.count - _SHOWN}件" if finding.count > _SHOWN else ""
    return "。" + "、".join(words) + more if words else "。"
