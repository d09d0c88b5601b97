"""An exported still is whole, or the changed file is named; by Genba and the separate program alike."""

from __future__ import annotations

import json
import runpy
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from field_assist import KeyRefused, evidence
from field_assist.evidence import Fault
from signaling.__main__ import main
from tests.still_maker import Device, picture

ROOT = Path(__file__).resolve().parents[2]
TOOL = ROOT / "tools" / "verify_still.py"
OTHER = runpy.run_path(str(TOOL))
DEVICE = Device()
CONTENT = picture()
FILES = DEVICE.exported(CONTENT)
VECTORS = json.loads((ROOT / "tests" / "wire" / "canonical_json.json").read_text(encoding="utf-8"))


def named_by_the_other(files: dict[str, bytes]) -> list[str]:
    """The files that the separate program finds at fault."""
    check: Callable[[dict[str, bytes]], tuple[list[tuple[str, str]], Any]] = OTHER["check_files"]
    return [name for name, _ in check(files)[0]]


def test_what_was_not_touched_is_whole() -> None:
    verdict = evidence.examine(FILES)

    assert verdict.is_whole and verdict.key_sha256 == evidence.sha256(DEVICE.public_key)
    assert verdict.manifest["board"]["measured"] == "0.4 mm"
    assert named_by_the_other(FILES) == []


@pytest.mark.parametrize("name", FILES)
def test_one_changed_byte_anywhere_names_its_file(name: str) -> None:
    for at in range(len(FILES[name])):
        for bit in (1, 128) if name != "original.jpg" else (1,):
            changed = bytearray(FILES[name])
            changed[at] ^= bit
            files = FILES | {name: bytes(changed)}
            assert evidence.examine(files).faults == (Fault(name, "changed"),), (at, bit)
            assert named_by_the_other(files) == [name], (at, bit)


@pytest.mark.parametrize("name", FILES)
def test_a_byte_more_or_less_names_its_file(name: str) -> None:
    for content in (FILES[name] + b"\n", FILES[name][:-1], b" " + FILES[name], b""):
        files = FILES | {name: content}
        assert evidence.examine(files).faults == (Fault(name, "changed"),)
        assert named_by_the_other(files) == [name]


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_named(name: str) -> None:
    files = {each: content for each, content in FILES.items() if each != name}
    expected = name.removesuffix(".jpg")

    assert evidence.examine(files).faults == (Fault(expected, "missing"),)
    assert named_by_the_other(files) == [expected]


def test_what_does_not_belong_is_named() -> None:
    files = FILES | {"more.txt": b"", "original.png": CONTENT}

    assert {fault.file for fault in evidence.examine(files).faults} == {"more.txt", "original.png"}
    assert set(named_by_the_other(files)) == {"more.txt", "original.png"}


def test_papers_of_another_still_do_not_fit() -> None:
    others = DEVICE.exported(picture(32, 32))

    for name in ("manifest.json", "signature.json"):
        files = FILES | {name: others[name]}
        assert not evidence.examine(files).is_whole
        assert named_by_the_other(files) != []


def test_a_flipped_byte_of_the_archive_is_never_overlooked() -> None:
    archive = evidence.packed(FILES)
    check = OTHER["check_archive"]
    assert evidence.examine_archive("still.zip", archive).is_whole and check("still.zip", archive)[0] == []
    inside = {name: archive.index(content) for name, content in FILES.items()}

    for at in range(len(archive)):
        changed = bytearray(archive)
        changed[at] ^= 4
        faults = evidence.examine_archive("still.zip", bytes(changed)).faults
        others = check("still.zip", bytes(changed))[0]
        assert faults and others, at
        for name, start in inside.items():
            if start <= at < start + len(FILES[name]):
                assert [fault.file for fault in faults] == [name] == [each for each, _ in others], at


@given(st.dictionaries(st.sampled_from([*FILES, "x"]), st.binary(max_size=60)))
def test_nonsense_is_never_whole_and_never_an_error(files: dict[str, bytes]) -> None:
    assert not evidence.examine(FILES | files).is_whole or not files
    assert named_by_the_other(FILES | files) != [] or not files


@given(st.binary(max_size=200))
def test_what_is_no_archive_is_no_error(content: bytes) -> None:
    assert evidence.examine_archive("still.zip", content).faults
    assert OTHER["check_archive"]("still.zip", content)[0]


@pytest.mark.parametrize("vector", VECTORS)
def test_canonical_json_is_that_of_the_browser(vector: dict[str, Any]) -> None:
    """The same file is read by the web client's test."""
    assert evidence.canonical(vector["value"]).decode() == vector["canonical"]
    assert OTHER["canonical_object"](evidence.canonical({"": vector["value"]})) == {"": vector["value"]}


def test_only_one_kind_of_key_is_taken() -> None:
    for refused in (b"", b"\x30\x59", DEVICE.public_key + b"\x00", DEVICE.public_key[:-1] + b"\x00"):
        with pytest.raises(KeyRefused):
            evidence.read_key(refused)


def test_the_command_line_and_the_separate_program_say_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole, folder = tmp_path / "whole.zip", tmp_path / "folder"
    whole.write_bytes(evidence.packed(FILES))
    folder.mkdir()
    for name, content in FILES.items():
        (folder / name).write_bytes(content)

    def asked(*paths: Path) -> tuple[int, str, str]:
        status = main(["verify", *map(str, paths)])
        other = subprocess.run([sys.executable, "-I", TOOL, *paths], capture_output=True, text=True)
        assert other.returncode == status, other.stderr
        return status, capsys.readouterr().out, other.stdout

    status, said, other = asked(whole, folder)
    assert status == 0 and said == other and said.count("whole  ") == 2
    (folder / "original.jpg").write_bytes(CONTENT[:-1] + b"\x00")
    status, said, other = asked(whole, folder, tmp_path / "nowhere")
    assert status == 1 and f"FAILED {folder}: original.jpg was changed\n" in said and said == other


def test_the_separate_program_can_demand_a_key(tmp_path: Path) -> None:
    path = tmp_path / "still.zip"
    path.write_bytes(evidence.packed(FILES))
    own, foreign = (evidence.sha256(device.public_key) for device in (DEVICE, Device()))

    for key, status in ((own, 0), (own.upper(), 0), (foreign, 1)):
        asked = subprocess.run([sys.executable, "-I", TOOL, path, "--key", key], capture_output=True)
        assert asked.returncode == status
