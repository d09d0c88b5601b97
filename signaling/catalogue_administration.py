"""What the command line does to the catalogue: `genba catalogue import` and `fetch`."""

# ruff: noqa: T201 - a command line prints

import argparse
import re
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from field_assist import JST, Store, concierge
from signaling import catalogue_intake
from signaling.accounts.access_log import COMMAND_LINE

_FAULTS = {
    "": "取り込みました",
    "unreachable": "取りに行けませんでした",
    "refused": "取りに行かないアドレスです（https:// の公開のもの、または GENBA_FEED_ORIGINS のもの）",
    "faulty": "直すところがあります。「genba catalogue import --dry-run」で確かめてください",
    "shrunk": "半分より多くが消えるため、取り込みません",
}
_NAME = re.compile(r"[\w-]{1,60}")
"""What a list may be called: its name stands in addresses."""


class NotTaken(Exception):
    """Something was not taken in; the sentence says why."""


def take_in(options: argparse.Namespace, store: Store, organisation: str) -> int:
    """Each list of a folder, or one; all of a list or nothing of it. Raises NotTaken."""
    at = datetime.now(UTC)
    noted = concierge.consistency.Consistency()
    refused = []
    with ExitStack() as stack:
        compared: list[tuple[str, concierge.intake.Prepared]] = []
        for path in _lists(options.path):
            origin = _origin(options, store, path.stem, organisation, at)
            prepared = catalogue_intake.compare(store, path.stem, path.read_bytes(), origin, noted)
            compared.append((path.stem, stack.enter_context(prepared)))
            for line in concierge.report.of_list(path.name, prepared.kind, prepared.counts, prepared.remarks):
                print(line)
        catalogue_intake.note_others(store, noted, [name for name, _ in compared])
        for line in concierge.report.of_contradictions(noted.contradictions(at.astimezone(JST).date())):
            print(line)
        for name, prepared in compared:
            if prepared.remarks.fault_count or (prepared.counts.many_gone and not options.may_shrink):
                refused.append(name)
            elif not options.dry_run:
                _write(store, name, prepared, at, may_shrink=options.may_shrink)
    if refused:
        raise NotTaken(f"取り込めない一覧: {'、'.join(refused)}（何も変えていません）")
    print("試しに読みました。何も変えていません。" if options.dry_run else "取り込みました。")
    return 0


def fetch(options: argparse.Namespace, store: Store, allowed: tuple[str, ...]) -> int:
    """Lists with an address, those that are due or all; `allowed`: see `fetching`. Raises NotTaken."""
    from signaling import catalogue_feeds  # no other command waits for an HTTP client

    at = datetime.now(UTC)
    rows = store.read_now(concierge.catalogue.all_lists)
    chosen = [row for row in rows if row.address] if options.all else catalogue_feeds.due(rows, at)
    failed = []
    for row, fault in catalogue_feeds.fetch(store, chosen, at, allowed):
        print(f"{row.name}: {_FAULTS[fault]}")
        failed += [row.name] * bool(fault)
    if failed:
        raise NotTaken(f"取り込めなかった一覧: {'、'.join(failed)}（前のまま残しています）")
    print(f"{len(chosen)}件の一覧を取りに行きました。")
    return 0


def _write(
    store: Store, name: str, prepared: concierge.intake.Prepared, at: datetime, *, may_shrink: bool
) -> None:
    store.write_now(
        lambda session: catalogue_intake.take_in(
            session, name, prepared, COMMAND_LINE, at, may_shrink=may_shrink
        )
    )


def _lists(path: Path) -> Iterator[Path]:
    found = sorted(path.glob("*.csv")) if path.is_dir() else [path]
    if not found or not all(each.is_file() for each in found):
        raise NotTaken(f"{path}: CSVの一覧がありません")
    for each in found:
        if not _NAME.fullmatch(each.stem):
            raise NotTaken(f"{each.name}: ファイル名は60字までの文字・数字・「-」「_」にしてください")
    yield from found


def _origin(
    options: argparse.Namespace, store: Store, name: str, organisation: str, at: datetime
) -> concierge.lists.Origin:
    """What the options say, else what was said of this list before."""
    row = store.read_now(lambda session: concierge.catalogue.by_name(session, name))
    licence = options.licence or (row.licence if row else "")
    if not licence:
        raise NotTaken(f"{name}: 初めての一覧です。--licence で利用条件（「CC BY 4.0」など）を決めてください")
    return concierge.lists.Origin(
        owner=options.owner or (row.owner if row else organisation),
        licence=licence,
        fetched_at=at,
        owner_code=options.code or (row.owner_code if row else ""),
    )
