"""What the scripts say to somebody whose machine lacks something: the fact, and the command that helps."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

PLAIN_TOOLS = "bash cat cut dirname env grep rm sha256sum".split()


@pytest.fixture
def poor_machine(tmp_path: Path, repository: Path) -> Path:
    """A tree with our scripts, and `bin` holding the plainest tools alone."""
    for folder in ("scripts", "requirements"):
        shutil.copytree(repository / folder, tmp_path / folder)
    shutil.copy(repository / "pyproject.toml", tmp_path)
    (tmp_path / "bin").mkdir()
    for tool in PLAIN_TOOLS:
        found = shutil.which(tool)
        assert found
        (tmp_path / "bin" / tool).symlink_to(Path(found).resolve())
    return tmp_path


def _install(folder: Path, name: str, script: str) -> None:
    program = folder / "bin" / name
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)


def _said(folder: Path, *command: str) -> str:
    """What a script that must fail prints."""
    done = subprocess.run(
        command,
        cwd=folder,
        env={"PATH": str(folder / "bin")},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stderr


def test_a_machine_without_python_is_told_which_one(poor_machine: Path) -> None:
    said = _said(poor_machine, "scripts/python.sh")

    assert "needs Python 3.11 or newer; here is no python3 at all" in said
    assert "apt-get install python3 python3-venv" in said


def test_an_old_python_is_named(poor_machine: Path) -> None:
    _install(poor_machine, "python3", 'case "$1" in --version) echo Python 3.9.2;; *) exit 1;; esac')

    assert "needs Python 3.11 or newer; here is Python 3.9.2" in _said(poor_machine, "scripts/python.sh")


def test_a_python_without_venv_is_told_what_to_install(poor_machine: Path) -> None:
    _install(poor_machine, "python3", 'case "$2" in *venv*) exit 1;; esac')

    said = _said(poor_machine, "scripts/python.sh")

    assert "python3 has no venv module" in said
    assert "apt-get install python3-venv" in said


def test_an_ordinary_user_is_told_which_packages_the_tests_lack(poor_machine: Path) -> None:
    _install(poor_machine, "apt-get", "exit 1")
    _install(poor_machine, "id", "echo 1000")

    said = _said(poor_machine, "scripts/system.sh")

    assert "chromium fonts-noto-cjk fontconfig redis-server" in said
    assert "install them" in said.lower()
