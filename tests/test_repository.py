"""The repository's own promises: nothing of one machine or registry in it, locks complete, targets real."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MADE_HERE = frozenset(
    ".git .venv node_modules dist build data .mypy_cache .ruff_cache .pytest_cache .hypothesis screenshots"
    " __pycache__ genba.egg-info".split()
)
# Written in pieces so that this file does not find itself.
MACHINE_PATHS = re.compile(
    "|".join(["(?<![\\w.$}])/" + folder + "/" for folder in ("work", "root", "home/[a-z]+", "Users")])
)
REGISTRY_HOSTS = re.compile(
    "|".join(["registry\\.npm" + "js", "files\\.python" + "hosted", "py" + "pi\\.org", "deb\\.deb" + "ian"])
)
LOCKS = sorted((ROOT / "requirements").glob("*.lock"))


def _texts() -> list[tuple[str, str]]:
    """Every committed text file with its content."""
    texts = []
    for path in sorted(ROOT.rglob("*")):
        relative = path.relative_to(ROOT)
        if MADE_HERE.isdisjoint(relative.parts) and path.is_file() and not path.is_symlink():
            try:
                texts.append((relative.as_posix(), path.read_text(encoding="utf-8")))
            except UnicodeDecodeError:
                continue  # a picture or a capture
    return texts


@pytest.mark.parametrize(
    ("pattern", "advice"),
    [
        (MACHINE_PATHS, "a path of one machine: make it relative or a setting"),
        (
            REGISTRY_HOSTS,
            "a package registry's address: name the package only, its client knows where to ask",
        ),
    ],
)
def test_nothing_of_one_machine_is_committed(pattern: re.Pattern[str], advice: str) -> None:
    failures = [
        f"{name}:{number} holds {advice}: {line.strip()[:80]}"
        for name, text in _texts()
        if pattern.search(text)
        for number, line in enumerate(text.splitlines(), start=1)
        if pattern.search(line)
    ]

    if failures:
        pytest.fail("\n".join(failures), pytrace=False)


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_locked_package_has_a_version_and_hashes(lock: Path) -> None:
    blocks = re.split(r"\n(?=\w)", re.sub(r"(?m)^\s*#.*\n", "", lock.read_text(encoding="utf-8")).strip())

    assert blocks
    for block in blocks:
        assert re.match(r"[\w.-]+==[\w.+]+ ", block), (
            f"{lock.name}: no exact version in {block[:60]!r}; run make lock."
        )
        assert "--hash=sha256:" in block, f"{lock.name}: no hash for {block[:60]!r}; run make lock."


def test_every_dependency_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = {
        "run.lock": [
            *project["project"]["dependencies"],
            *project["project"]["optional-dependencies"]["doctor"],
            *project["project"]["optional-dependencies"]["postgresql"],
        ],
        "dev.lock": [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]],
    }

    for name, requirements in wanted.items():
        locked = _names((ROOT / "requirements" / name).read_text(encoding="utf-8"))
        missing = {_normalised(requirement) for requirement in requirements} - locked
        assert not missing, (
            f"requirements/{name} lacks {', '.join(sorted(missing))}: run make lock and commit it."
        )


def test_every_lock_agrees_with_the_smaller_one() -> None:
    run, dev = (
        set(_pins((ROOT / "requirements" / name).read_text(encoding="utf-8")))
        for name in ("run.lock", "dev.lock")
    )

    assert run <= dev, f"tested versions differ from served ones: {sorted(run - dev)}; run make lock."


def test_the_npm_lock_is_of_this_package_file() -> None:
    package, lock = (
        json.loads((ROOT / "web_client" / name).read_text(encoding="utf-8"))
        for name in ("package.json", "package-lock.json")
    )
    root = lock["packages"].pop("")

    for kind in ("dependencies", "devDependencies"):
        assert package[kind] == root[kind], (
            f"{kind}: run scripts/web.sh npm install and commit package-lock.json."
        )
    unsure = [
        name
        for name, entry in lock["packages"].items()
        if not (entry.get("version") and entry.get("integrity"))
    ]
    assert not unsure, f"without version or hash in package-lock.json: {', '.join(unsure)}"


def test_every_target_names_scripts_that_exist() -> None:
    named = set(re.findall(r"scripts/[\w./-]+\.(?:sh|py)", (ROOT / "Makefile").read_text(encoding="utf-8")))

    assert named
    for script in named:
        assert (ROOT / script).stat().st_mode & 0o100, f"{script} is not executable."


def test_the_dependencies_say_what_they_are_for() -> None:
    lines = (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    listed = [line for line in lines if re.match(r'    "[a-z][\w\[\]-]*[>=]=', line)]

    assert listed
    assert [line for line in listed if " # " not in line] == []


def _pins(text: str) -> list[str]:
    return re.findall(r"(?m)^[\w.-]+==[\w.]+", text)


def _names(text: str) -> set[str]:
    return {_normalised(pin) for pin in _pins(text)}


def _normalised(requirement: str) -> str:
    found = re.match(r"[\w.-]+", requirement)
    assert found
    return re.sub(r"[-_.]+", "-", found.group()).lower()
