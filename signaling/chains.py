"""The hash chains of an installation, access log, decisions and redactions: examined, exported, heads noted.

A chain shows every change but one: that its tail was cut off. So once a day (in Japan) all heads are written
to a file in the data directory, and mailed where an address outside is configured; whoever examines the
chains later finds every noted head in them again, or learns from which row on something is gone.
"""

import asyncio
import json
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Literal

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from field_assist import (
    JST,
    RedactionRow,
    Session,
    Store,
    chain_rows,
    decision_chain,
    decisions,
    redactions,
    seals,
)
from signaling.accounts import access_log
from signaling.accounts.vault import Vault
from signaling.clock import Clock
from signaling.mail import outbox

FOLDER = "heads"
Chain = Literal["access-log", "decisions", "redactions"]
Write = Callable[[str], object]
Head = tuple[int, str]
"""How many rows there were, and the last one's hash."""
WORDS = {
    decision_chain.What.MISSING: "is missing",
    decision_chain.What.MOVED: "is not in its place",
    decision_chain.What.CHANGED: "was changed",
    decision_chain.What.FORGED: "is no row of this installation, or approves what could not be",
    decision_chain.What.CLOCK: "is older than the row before it",
}
_LINE = re.compile(r"(access-log|decisions|redactions) ([0-9]+):([0-9a-f]{64})")
_MAILED_FOR = timedelta(days=7)


def examine_access_log(session: Session, heads: list[Head]) -> tuple[bool, str]:
    """Whether it is whole and holds these heads, and a sentence that says so."""
    result = access_log.verify(session)
    for rows, digest in heads:
        if result.bad is None:
            result = access_log.expect(session, result, rows, digest)
    if result.bad is not None:
        return False, f"access log: row {result.bad.seq} {result.bad.reason}"
    return True, f"access log: {result.rows} rows, chain intact, head {result.rows}:{result.head}"


def examine_decisions(session: Session, key: Ed25519PublicKey, heads: list[Head]) -> tuple[bool, str]:
    """The same of the decisions; rows before which the clock was set back are named, and are no fault."""
    verdict = chain_rows.expect(session, decisions.DecisionRow, decisions.verify(session, key), heads)
    if verdict.fault is not None:
        return False, f"decisions: row {verdict.fault.seq} {WORDS[verdict.fault.what]}"
    known = f"decisions: {verdict.rows} rows, chain intact, head {verdict.rows}:{verdict.head}"
    back = "".join(f"; clock set back before row {seq}" for seq in verdict.set_back)
    return True, f"{known}, key {seals.fingerprint(key)}{back}"


def examine_redactions(session: Session, key: Ed25519PublicKey, heads: list[Head]) -> tuple[bool, str]:
    """The same of what is hidden in records, and whether the hidden lines stand as they did then."""
    verdict, compared = redactions.verify(session, key)
    verdict = chain_rows.expect(session, RedactionRow, verdict, heads)
    if verdict.fault is not None:
        return False, f"redactions: row {verdict.fault.seq} {WORDS[verdict.fault.what]}"
    if compared.changed:
        return False, f"redactions: what row {compared.changed[0]} hid was changed since"
    known = f"redactions: {verdict.rows} rows, chain intact, head {verdict.rows}:{verdict.head}"
    return True, f"{known}, {compared.same} hidden lines as they were, {compared.gone} deleted since"


def examine_restored(session: Session) -> list[tuple[bool, str]]:
    """The same of decisions that came from elsewhere, for each key that sealed some."""
    found = []
    for key, verdict in decisions.verify_restored(session).items():
        words = f"{verdict.rows} rows whole"
        if verdict.fault is not None:
            words = f"row {verdict.fault.seq} {WORDS[verdict.fault.what]}"
        fingerprint = seals.fingerprint(seals.read(key))
        found.append((verdict.fault is None, f"restored decisions: {words}, key {fingerprint}"))
    return found


def noted(data_dir: Path, chain: Chain) -> list[Head]:
    """The heads of a chain that were noted in the data directory, oldest first."""
    found = []
    for file in sorted((data_dir / FOLDER).glob("*.txt")):
        for name, rows, digest in _LINE.findall(file.read_text(encoding="utf-8")):
            if name == chain and int(rows):
                found.append((int(rows), digest))
    return found


def export(
    links: Iterable[decision_chain.Link],
    key: Ed25519PublicKey,
    write: Write,
    part: str = "",
    *,
    kind: Literal["decisions", "redactions"] = "decisions",
) -> int:
    """Rows as JSON lines, those of decisions for tools/verify_decisions.py; answers how many there were.

    `part` says of what they are all, where others are left out.
    """
    about = {"genba": kind, "public_key": seals.written(key), "v": 1, "part": part}
    rows = 0
    write(_line(about))
    for link in links:
        rows += 1
        write(_line({"seq": link.seq, "record": link.record, "hash": link.hash, "seal": link.seal}))
    return rows


async def note_daily(store: Store, vault: Vault, clock: Clock, data_dir: Path, mail_to: str) -> bool:
    """Once a day: write the heads to a file, and mail them; False where today's are written."""
    at = clock.wall()
    day = at.astimezone(JST).date()
    path = data_dir / FOLDER / f"{day.isoformat()}.txt"
    if await asyncio.to_thread(path.exists):
        return False
    words = "\n".join(await store.read(lambda session: list(_heads(session, vault, day)))) + "\n"
    await asyncio.to_thread(_write, path, words)
    if mail_to:
        content = outbox.Content(mail_to, f"Genba 記録の末尾 {day.isoformat()}", words)
        about = f"heads-{day.isoformat()}"
        await store.write(
            lambda session: outbox.put(session, vault, content, about, at, until=at + _MAILED_FOR)
        )
    return True


def _heads(session: Session, vault: Vault, day: date) -> Iterator[str]:
    key = vault.signing_key.public_key()
    log, decided = access_log.head(session), decisions.head(session)
    yield f"Genba {day.isoformat()}"
    yield f"access-log {log.seq}:{log.hash}" if log else f"access-log 0:{access_log.GENESIS}"
    yield f"decisions {decided.seq}:{decided.hash}" if decided else f"decisions 0:{decision_chain.GENESIS}"
    hidden = redactions.head(session)
    yield f"redactions {hidden.seq}:{hidden.hash}" if hidden else f"redactions 0:{decision_chain.GENESIS}"
    yield f"key {seals.fingerprint(key)}"


def _write(path: Path, words: str) -> None:
    """All of the file or nothing."""
    path.parent.mkdir(exist_ok=True, mode=0o700)
    draft = path.with_suffix(".draft")
    draft.write_text(words, encoding="utf-8")
    draft.replace(path)


def _line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"
