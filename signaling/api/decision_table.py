"""判断記録 as CSV, as offices keep it: UTF-8 with a mark and CRLF, so that a spreadsheet opens it as it is.

A cell that a spreadsheet would take for a formula is quoted (OWASP, "CSV Injection").
"""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime

from field_assist import DecisionRecord, decision_steps
from signaling.api.decision_schema import approver
from signaling.api.decision_sheets import DecisionSheet

COLUMNS = (
    "番号,件名,決定内容,理由,採らなかった案,根拠,起案者,承認者,承認区分,状態,決定日時,使用資料,証拠ハッシュ,"
    "直前ハッシュ,ハッシュ"
).split(",")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def written(sheets: Iterable[DecisionSheet]) -> bytes:
    """The table, one decision a row as it stands."""
    target = io.StringIO()
    table = csv.writer(target, lineterminator="\r\n")
    table.writerow(COLUMNS)
    for sheet in sheets:
        table.writerow([plain(cell) for cell in _cells(sheet)])
    return target.getvalue().encode("utf-8-sig")


def _cells(sheet: DecisionSheet) -> Sequence[str]:
    record = sheet.kept.record
    by = approver(record)
    return (
        record["no"],
        sheet.case.case.title if sheet.case else "",
        record["what"],
        record["reason"],
        "／".join(_rejected(each["option"], each["why"]) for each in record["rejected"]),
        "／".join(each["law"] for each in record["basis"]),
        _named(decision_steps.proposer(record)),
        _named(by) if by else _voters(record),
        decision_steps.way(record),
        record["state"],
        _time(record["decided_at"]),
        "／".join(f"{each['title']}（{each['ver']}）" for each in record["docs"]),
        "／".join(each["sha256"] for each in record["evidence"]),
        record["prev"],
        sheet.kept.row.hash,
    )


def _rejected(option: str, why: str) -> str:
    return f"{option}（{why}）" if why else option


def _named(entry: decision_steps.Entry) -> str:
    return f"{entry['name']}（{entry['post']}）" if entry["post"] else str(entry["name"])


def _voters(record: DecisionRecord) -> str:
    return "／".join(f"{_named(vote)} {vote['role']}" for vote in decision_steps.votes(record))


def _time(written_at: str | None) -> str:
    """令和8年11月23日 10:42: dates on records name the era (令和 began in 2019)."""
    if written_at is None:
        return ""
    at = datetime.fromisoformat(written_at)
    return f"令和{at.year - 2018}年{at.month}月{at.day}日 {at:%H:%M}"


def plain(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
