"""The shape of the repository, executable: who may import whom, what stays pure, how long things may grow.

Each failure is a sentence for somebody who has not read the rules yet. A module is *sans-IO* (plain logic fed
with inputs and `now`; no clock, socket, file, task or randomness inside) when its docstring says "sans-IO";
in `media` every module is, but for the edges named below. For the web: test_web_architecture.py.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("media", "field_assist", "recordings", "signaling")  # a package imports from those on its left
MEDIA_EDGES = frozenset({"__init__", "batch", "router", "secure", "server", "sockets", "transport", "taps"})
NOT_SANS_IO = frozenset(
    "asyncio concurrent multiprocessing os random secrets select selectors shutil signal socket sqlite3 ssl"
    " subprocess tempfile threading time uuid".split()
)
ENVIRONMENT_READERS = frozenset({"signaling/settings.py"})
# The websockets library reads WEBSOCKETS_MAX_LINE_LENGTH when imported, so the command line sets it before.
ENVIRONMENT_WRITERS = {"signaling/__main__.py": "WEBSOCKETS_MAX_LINE_LENGTH"}
AIORTC_EDGES = frozenset({"media/secure.py"})
SQL_MODULES = frozenset(
    """field_assist/store.py field_assist/staff.py field_assist/calls.py field_assist/notes.py
    field_assist/presence.py field_assist/consultations.py field_assist/rings.py field_assist/leases.py
    field_assist/cases.py field_assist/holds.py field_assist/supervision.py field_assist/recaps.py
    field_assist/decisions.py field_assist/chain_rows.py field_assist/minutes.py field_assist/redactions.py
    field_assist/outside_members.py
    field_assist/returns.py
    field_assist/questions.py field_assist/call_backs.py field_assist/sharing.py
    field_assist/appointments.py field_assist/documents.py field_assist/document_index.py
    field_assist/document_search.py field_assist/document_rules.py field_assist/index_questions.py
    field_assist/marks.py field_assist/presentations.py
    field_assist/stills.py field_assist/consents.py field_assist/transcripts.py
    field_assist/transcript_keeping.py
    field_assist/concierge/catalogue.py field_assist/concierge/intake.py
    field_assist/concierge/search.py field_assist/concierge/search_index.py field_assist/concierge/follow.py
    field_assist/concierge/listed.py field_assist/concierge/subscribers.py field_assist/concierge/notices.py
    field_assist/concierge/view_days.py
    field_assist/concierge/slot_lists.py field_assist/concierge/law_notices.py
    field_assist/concierge/showings.py field_assist/concierge/proposals.py
    recordings/catalogue.py
    signaling/accounts/access_log.py signaling/accounts/credentials.py signaling/accounts/invitations.py
    signaling/accounts/sign_in.py signaling/mail/outbox.py signaling/push/devices.py""".split()
)
PRINTERS = frozenset(
    f"signaling/{name}.py"
    for name in (
        *("__main__", "administration", "catalogue_administration", "document_administration"),
        *("slot_administration", "restoration"),
    )
)
FORBIDDEN_NAMES = frozenset({"utils", "util", "helpers", "helper", "common", "misc", "base", "manager"})
MAX_FILE_LINES = 500
MAX_FUNCTION_LINES = 60


class Module:
    """One source file, parsed once."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = path.relative_to(ROOT).as_posix()
        self.package = self.name.split("/", 1)[0]
        self.text = path.read_text(encoding="utf-8")
        self.tree = ast.parse(self.text)

    @property
    def is_sans_io(self) -> bool:
        """Whether it promised, or its package promises for it, to touch nothing outside."""
        if self.package == "media" and self.path.parent.name == "media":
            return self.path.stem not in MEDIA_EDGES
        return "sans-io" in (ast.get_docstring(self.tree) or "").lower()

    def imports(self) -> Iterator[tuple[int, str, str]]:
        """Line, module and name of every import; the name is empty for a whole module."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from ((node.lineno, alias.name, "") for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield from ((node.lineno, self._absolute(node), alias.name) for alias in node.names)

    def _absolute(self, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        parents = self.name.removesuffix(".py").split("/")[: -node.level]
        return ".".join([*parents, *([node.module] if node.module else [])])


def _sources(*folders: str) -> list[Module]:
    paths = (path for folder in folders for path in sorted((ROOT / folder).rglob("*.py")))
    return [Module(path) for path in paths if "versions" not in path.parts]  # Alembic prints those itself


MODULES = _sources(*PACKAGES)
BY_NAME = {module.name.removesuffix(".py").replace("/", "."): module for module in MODULES}


def _report(failures: list[str]) -> None:
    if failures:
        pytest.fail("\n".join(dict.fromkeys(failures)), pytrace=False)


def test_packages_import_only_leftwards_and_through_the_front_door() -> None:
    failures = []
    for module in MODULES:
        for line, origin, name in module.imports():
            target, _, inside = origin.partition(".")
            if target not in PACKAGES or target == module.package:
                continue
            where = f"{module.name}:{line}"
            if PACKAGES.index(target) > PACKAGES.index(module.package):
                failures.append(
                    f"{where} imports {origin}, but {module.package} lies left of {target}: turn it round."
                )
            elif inside or (f"{target}.{name}" in BY_NAME and name not in _exports(target)):
                failures.append(
                    f"{where} reaches into {target}: import what its __init__ exports, or export it there."
                )
    _report(failures)


def _exports(package: str) -> set[str]:
    """What the package's front door offers: the names in its `__all__`."""
    for node in BY_NAME[f"{package}.__init__"].tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return set(ast.literal_eval(node.value))
    return set()


def test_sans_io_modules_touch_nothing_outside() -> None:
    failures = []
    for module in (module for module in MODULES if module.is_sans_io):
        where = module.name
        for line, origin, name in module.imports():
            if origin.split(".")[0] in NOT_SANS_IO:
                failures.append(
                    f"{where}:{line} is sans-IO and imports {origin}: pass the value in from an edge."
                )
            for imported in (origin, f"{origin}.{name}"):
                if imported in BY_NAME and not BY_NAME[imported].is_sans_io:
                    failures.append(
                        f"{where}:{line} is sans-IO and imports {imported}, which is not: use an edge."
                    )
        failures += [
            f"{where}:{node.lineno} is sans-IO and waits: let an edge wait and feed it the result."
            for node in ast.walk(module.tree)
            if isinstance(node, ast.AsyncFunctionDef | ast.Await)
        ]
    _report(failures)


def test_environment_is_read_in_one_place() -> None:
    failures = []
    for module in MODULES:
        allowed = ENVIRONMENT_WRITERS.get(module.name)
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv", "putenv"}:
                statement = module.text.splitlines()[node.lineno - 1]
                if module.name not in ENVIRONMENT_READERS and not (allowed and allowed in statement):
                    failures.append(
                        f"{module.name}:{node.lineno} reads the environment: settings.py does, once, for all."
                    )
    _report(failures)


@pytest.mark.parametrize(
    ("libraries", "allowed", "advice"),
    [
        (
            {"aiortc", "pylibsrtp"},
            AIORTC_EDGES,
            "only media/secure.py knows aiortc, so a new version touches one file",
        ),
        (
            {"sqlmodel", "sqlalchemy", "alembic", "sqlite3", "psycopg"},
            SQL_MODULES,
            "SQL lives in the stores listed in this test, so another database touches only those",
        ),
    ],
)
def test_a_library_with_an_edge_of_its_own_stays_there(
    libraries: set[str], allowed: frozenset[str], advice: str
) -> None:
    _report(
        [
            f"{module.name}:{line} imports {origin}: {advice}."
            for module in MODULES
            if module.name not in allowed and "migrations" not in module.path.parts
            for line, origin, _ in module.imports()
            if origin.split(".")[0] in libraries
        ]
    )


def test_every_task_lives_in_a_task_group() -> None:
    failures = []
    for module in MODULES:
        for node in ast.walk(module.tree):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            owner, verb = node.func.value, node.func.attr
            is_loose = (
                isinstance(owner, ast.Name) and owner.id in {"asyncio", "loop"} and verb == "create_task"
            )
            if is_loose or verb in {"ensure_future", "gather", "run_coroutine_threadsafe"}:
                failures.append(
                    f"{module.name}:{node.lineno} calls {verb}: start it in a TaskGroup somebody owns."
                )
    _report(failures)


def test_nothing_grows_too_long() -> None:
    failures = []
    for module in [*MODULES, *_sources("tests", "scripts")]:
        lines = module.text.count("\n")
        if lines > MAX_FILE_LINES:
            failures.append(
                f"{module.name} has {lines} lines; past {MAX_FILE_LINES} it holds two ideas: part them."
            )
        for node in ast.walk(module.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > MAX_FUNCTION_LINES:
                    failures.append(
                        f"{module.name}:{node.lineno} {node.name} has {length} lines, more than"
                        f" {MAX_FUNCTION_LINES}: name its parts."
                    )
    _report(failures)


def test_modules_are_named_for_what_they_hold() -> None:
    _report(
        [
            f"{module.name}: this name attracts whatever has no home; name the module for its one idea."
            for module in [*MODULES, *_sources("tests", "scripts")]
            if module.path.stem in FORBIDDEN_NAMES
        ]
    )


def test_only_the_command_line_prints() -> None:
    _report(
        [
            f"{module.name}:{node.lineno} prints: a server logs events with fields; the command line prints."
            for module in MODULES
            if module.name not in PRINTERS
            for node in ast.walk(module.tree)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
        ]
    )


def test_everything_public_says_what_it_is() -> None:
    failures = []
    for module in MODULES:
        if not ast.get_docstring(module.tree):
            failures.append(f"{module.name} does not open with the idea it hides: give it a docstring.")
        for node in _public_definitions(module.tree):
            if not ast.get_docstring(node):
                failures.append(
                    f"{module.name}:{node.lineno} {node.name} is public and says nothing: a sentence, please."
                )
    _report(failures)


def _public_definitions(tree: ast.Module) -> Iterator[ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in tree.body:
        if isinstance(
            node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
        ) and not node.name.startswith("_"):
            yield node
