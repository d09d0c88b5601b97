"""The page of a bundle (index.html): the case to read with a browser alone, without a network, on paper.

Plain HTML; pictures, media and files are beside it. Its one script plays the recordings of a call on one
timeline (`case_player.js`), and is the only one that may run: without it everything can be read and played
as well. What people wrote is escaped. Sans-IO.
"""

import base64
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from html import escape
from typing import Any

JST = timezone(timedelta(hours=9))
"""Said here again, as the process that sets pages loads nothing of the product."""
Json = Mapping[str, Any]  # JSON
KINDS = {
    "opened": "案件を受け付けた",
    "changed": "内容を直した",
    "closed": "案件を終了した",
    "reopened": "案件を再開した",
    "comment": "コメント",
    "call_linked": "相談を案件に入れた",
    "call_unlinked": "相談を案件から外した",
    "shared": "協力機関と共有した",
    "share_ended": "協力機関との共有を終えた",
    "doc_linked": "資料を付けた",
    "doc_unlinked": "資料を外した",
    "restored": "一式から受け入れた",
    "call": "相談",
    "note": "メモ",
    "still": "静止画",
    "decision": "判断記録",
    "consultation": "応援の依頼",
    "invitation": "招待",
    "service": "案内を見せた",
    "withdrawn": "同意の取消し",
}
PURPOSES = {
    "recording": "録音・録画",
    "transcript": "文字起こし",
    "photo": "写真",
    "concierge": "おすすめ",
}
LINE_STATES = {
    "automatic": "自動・未確認",
    "confirmed": "確認済",
    "masked": "確認済（伏せ）",
    "returned": "差し戻し",
}
STYLE = """
:root{color-scheme:light}body{margin:0 auto;max-width:60rem;padding:1.5rem;color:#1a1a1a;background:#fff;
font:1rem/1.8 "Noto Sans JP","BIZ UDPGothic","Yu Gothic","Hiragino Sans",sans-serif}
h1{font-size:1.75rem;line-height:1.4;margin:.2rem 0}
h2{font-size:1.25rem;border-bottom:2px solid #1a1a1a;margin-top:2.5rem}h3{font-size:1.1rem;margin:0}
article{border:1px solid #767676;border-radius:8px;padding:1rem;margin:1rem 0}
article,tr{break-inside:avoid}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.25rem 1rem;margin:.5rem 0}
dt{color:#595959}dd{margin:0}
img{max-width:100%;height:auto;border:1px solid #767676}table{border-collapse:collapse;width:100%}
th,td{border:1px solid #767676;padding:.4rem .6rem;text-align:left;vertical-align:top}th{background:#f2f2f2}
.pre{white-space:pre-line}.line{white-space:nowrap}
.hash{font:.8rem/1.5 monospace;overflow-wrap:anywhere;color:#595959}a{color:#00418f}
.tracks{display:grid;grid-template-columns:repeat(auto-fit,minmax(14rem,1fr));gap:.5rem;margin:.5rem 0}
.voices{display:flex;flex-wrap:wrap;gap:0 1.5rem}figure{margin:0}
figcaption{font-size:.875rem}video{width:100%;max-height:22rem;background:#1a1a1a}
audio[controls]{width:100%}.off{opacity:.35}
.bar{display:flex;flex-wrap:wrap;align-items:center;gap:.75rem;margin:.5rem 0}.bar input{flex:1 1 12rem}
button,select{min-height:44px;padding:0 .9rem;border:1px solid #767676;border-radius:8px;background:#fff;
font:inherit;color:inherit}.bar button{min-width:8rem;background:#00418f;color:#fff;border-color:#00418f}
td button{color:#00418f;padding:0 .5rem;border-color:transparent;text-decoration:underline}
label{display:inline-flex;align-items:center;gap:.4rem;min-height:44px}input[type=checkbox]{width:1.25rem;
height:1.25rem}
:focus-visible{outline:3px solid #00418f;outline-offset:2px}.said{background:#fff3c4}
.now{min-height:1.8em;margin:.5rem 0;font-weight:600}
@media(max-width:40rem){body{padding:1rem}.line{white-space:normal}
th,td{padding:.3rem .4rem;overflow-wrap:anywhere}dl{grid-template-columns:1fr}}
@media print{a{color:inherit}article{border-radius:0}.voices,.tracks,.bar,.now{display:none}}
"""
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' file: data:; media-src 'self' file:;"
    " script-src 'sha256-{script}'"
)
SOURCES = {"microphone": "声", "camera": "カメラ", "screen": "画面", "screen_audio": "画面の音"}


def html(bundle: Json, player: str) -> str:
    """The page; `bundle` is what case.json says, `player` the script that plays its recordings."""
    policy = POLICY.format(script=base64.b64encode(hashlib.sha256(player.encode()).digest()).decode())
    script = f"<script>{player}</script>" if bundle["recordings"] else ""
    case = bundle["case"]
    title = f"{case['number']} {case['title']}"
    parts = [
        _head(bundle),
        _section("判断記録", [_decision(each) for each in bundle["decisions"]]),
        _section("経過", [_timeline(bundle["timeline"])] if bundle["timeline"] else []),
        *(_minutes(each) for each in bundle["minutes"]),
        _section("録音・録画", [_recording(each) for each in bundle["recordings"]])
        if bundle["recordings"]
        else "",
        _section("文字起こし", [_transcript(bundle["transcript"])] if bundle["transcript"] else []),
        _section("静止画", [_still(each) for each in bundle["stills"]]),
        _section("資料", [_documents(bundle["documents"])] if bundle["documents"] else []),
        _foot(bundle),
    ]
    return (
        '<!doctype html><html lang="ja"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head><body><main>"
        f"{''.join(parts)}</main>{script}</body></html>\n"
    )


def _head(bundle: Json) -> str:
    case = bundle["case"]
    return (
        f"<p>{escape(case['number'])}</p><h1>{escape(case['title'])}</h1>{_facts(case_facts(bundle))}"
        '<p><a href="case.pdf">PDF（印刷・保管用）</a></p>'
    )


def _decision(decision: Json) -> str:
    facts = decision_facts(decision, "／")
    steps = "".join(f"<li class=pre>{escape(step_words(each))}</li>" for each in decision["people"])
    pictures = "".join(_picture(each) for each in decision["evidence"] if each["file"])
    number, what = escape(decision["no"]), escape(decision["what"])
    return (
        f"<article><p>{number}</p><h3 class=pre>{what}</h3>{_facts(facts)}"
        f"{pictures}<ol>{steps}</ol><p class=hash>{escape(decision['hash'])}</p></article>"
    )


def case_facts(bundle: Json, not_closed: str = "") -> list[tuple[str, str]]:
    """What heads a case: label and value, "" for what it has not."""
    case = bundle["case"]
    return [
        ("場所", case["place"]),
        ("担当", " ".join([case["office"], case["department"], case["owner"]]).strip()),
        ("受付", when(case["opened_at"])),
        ("終了", when(case["closed_at"]) if case["closed_at"] else not_closed),
        ("取り出し", f"{when(bundle['made_at'])} {bundle['made_by']['name']}"),
    ]


def decision_facts(decision: Json, between: str) -> list[tuple[str, str]]:
    """What is known of a decision, as `case_facts`; `between` parts the options that were not taken."""
    return [
        ("理由", decision["reason"]),
        (
            "採らなかった案",
            between.join(f"{each['option']} {each['why']}".strip() for each in decision["rejected"]),
        ),
        ("根拠", "、".join(each["law"] for each in decision["basis"])),
        ("期限", decision["due"]),
        ("状態", decision["state"]),
        ("決定", when(decision["decided_at"]) if decision["decided_at"] else ""),
        ("資料", "、".join(f"{each['title']}（{each['ver']}）" for each in decision["docs"])),
    ]


def minutes_facts(minutes: Json, space: str) -> list[tuple[str, str]]:
    """What heads minutes, as `case_facts`; `space` parts what is said of their version."""
    state = "確認済" if minutes["is_confirmed"] else "下書き・未確認"
    version = f"第{minutes['version']}版", minutes["author"], when(minutes["at"]), state
    return [
        ("件名", minutes["subject"]),
        ("日時", minutes["held"]),
        ("場所", minutes["place"]),
        ("出席者", minutes["attendees"]),
        ("版", space.join(version)),
    ]


def step_words(entry: Json) -> str:
    """Who did what to a decision, and when."""
    of = "の招待" if entry["role"] == "招待取消" else "に代わる"
    stead = f"（{entry['for']['name']}{of}）" if entry["for"] else ""
    code = "（確認コード）" if entry["otp_at"] else "（メールの確認コード）" if "mail" in entry else ""
    words = f"：{entry['words']}" if entry["words"] else ""
    who = " ".join(each for each in (entry["name"], entry["post"]) if each)
    return f"{when(entry['at'])} {who} {entry['role']}{stead}{code}{words}"


def _picture(proof: Json) -> str:
    source, taken = escape(f"stills/{proof['id']}/{proof['file']}"), when(proof["at"])
    return f'<img src="{source}" alt="証拠の静止画 {taken}">'


def _timeline(entries: Iterable[Json]) -> str:
    rows = "".join(
        f"<tr><td class=line>{when(each['at'])}</td><td>{KINDS.get(each['kind'], escape(each['kind']))}</td>"
        f"<td class=line>{escape(each['actor'])}</td><td class=pre>{escape(each['text'])}</td></tr>"
        for each in entries
    )
    heading = "<tr><th>時刻</th><th>こと</th><th>人</th><th>内容</th></tr>"
    return f"<table><thead>{heading}</thead><tbody>{rows}</tbody></table>"


def _minutes(minutes: Json) -> str:
    facts = minutes_facts(minutes, " ")
    parts = "".join(
        f"<h3>{escape(part['title'])}</h3><ul>{''.join(_sentence(each) for each in part['sentences'])}</ul>"
        for part in minutes["parts"]
    )
    return _section(f"会議録 {escape(minutes['call'])}", [f"<article>{_facts(facts)}{parts}</article>"])


def _sentence(sentence: Json) -> str:
    return f"<li class=pre>{escape(sentence_words(sentence))}</li>"


def sentence_words(sentence: Json) -> str:
    """A sentence of minutes with who said it and the second it cites."""
    who = f"{sentence['speaker']}　" if sentence["speaker"] else ""
    return f"{who}{sentence['text']}［{clock(sentence['at_ms'])}］"


def _recording(recording: Json) -> str:
    """The tracks of a call; times are milliseconds since it began."""
    voices, pictures = (
        "".join(_track(each) for each in recording["tracks"] if each["kind"] == kind)
        for kind in ("audio", "video")
    )
    number = escape(recording["call"])
    return (
        f'<section data-call="{number}"><h3>{number} {when(recording["at"])}</h3>'
        f"<div class=voices>{voices}</div><div class=tracks>{pictures}</div></section>"
    )


def _track(track: Json) -> str:
    tag = "video" if track["kind"] == "video" else "audio"
    words = f"{track['name']}（{SOURCES.get(track['source'], track['source'])}）"
    return (
        f'<figure><{tag} controls playsinline preload=metadata src="{escape(track["path"])}"'
        f' data-start="{track["start_ms"]:d}" data-end="{track["end_ms"]:d}" aria-label="{escape(words)}">'
        f"</{tag}><figcaption>{escape(words)}</figcaption></figure>"
    )


def _transcript(lines: Iterable[Json]) -> str:
    """Only what a person confirmed is the record; the rest says that a machine wrote it."""
    rows = "".join(
        f'<tr data-call="{escape(each["call"])}" data-start="{each["start_ms"]:d}"'
        f' data-end="{each["end_ms"]:d}">'
        f'<td class=line title="{when(each["at"])}">{escape(each["call"])} {clock(each["start_ms"])}</td>'
        f"<td class=line>{escape(each['name'])}</td><td class=pre>{escape(each['text'])}</td>"
        f"<td class=line>{LINE_STATES.get(each['state'], '')}</td></tr>"
        for each in lines
    )
    heading = "<tr><th>時刻</th><th>話した人</th><th>ことば</th><th>確認</th></tr>"
    return f"<table><thead>{heading}</thead><tbody>{rows}</tbody></table>"


def _still(still: Json) -> str:
    said = still_words(still)
    if not still["file"]:
        return f"<article><h3>{escape(said)}</h3></article>"
    source = escape(f"stills/{still['id']}/{still['file']}")
    return (
        f'<article><h3>{escape(said)}</h3><a href="{source}"><img src="{source}" alt="{escape(said)}"></a>'
        f"<p class=hash>{escape(still['sha256'])}</p></article>"
    )


def still_words(still: Json) -> str:
    """When a still was taken, by whom, of what; or that it is hidden."""
    taken = when(still["taken_at"]) if still["taken_at"] else ""
    return f"{taken} {still['taker']} {still['words']}".strip()


def _documents(documents: Iterable[Json]) -> str:
    rows = "".join(
        f'<li><a href="{escape(each["path"])}">{escape(each["title"])}（{escape(each["ver"])}）</a>'
        f" <span class=hash>{escape(each['sha256'])}</span></li>"
        if each["path"]
        else f"<li>{escape(each['title'])}</li>"
        for each in documents
    )
    return f"<ul>{rows}</ul>"


def _foot(bundle: Json) -> str:
    return (
        "<h2>この一式について</h2>"
        "<p>すべてのファイルの指紋（SHA-256）は bundle.json にあり、サーバーの鍵で封印されています。"
        "<code>genba verify ファイル名.zip</code> で、1バイトでも変わったファイルの名前がわかります。"
        "判断記録は decisions.jsonl を tools/verify_decisions.py でも確かめられます。"
        "封印は電子署名法の電子署名ではありません。</p>"
        f"<p class=hash>鍵 {escape(bundle['key'])}</p>"
    )


def _section(title: str, parts: Sequence[str]) -> str:
    return f"<h2>{title}</h2>{''.join(parts) or '<p>ありません。</p>'}"


def _facts(facts: Iterable[tuple[str, str]]) -> str:
    rows = "".join(f'<dt>{label}</dt><dd class="pre">{escape(value)}</dd>' for label, value in facts if value)
    return f"<dl>{rows}</dl>"


def clock(ms: int) -> str:
    """0:12:31 since the call began."""
    return f"{ms // 3_600_000}:{ms // 60_000 % 60:02}:{ms // 1000 % 60:02}"


def when(at: str) -> str:
    """令和8年11月23日 10:42, in Japan."""
    found = datetime.fromisoformat(at).astimezone(JST)
    return f"令和{found.year - 2018}年{found.month}月{found.day}日 {found:%H:%M}"
