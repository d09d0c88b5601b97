"""The command line: demo, user, verify, migrate, openapi; each in-process, against real files."""

from __future__ import annotations

import io
import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from signaling import demo, migrations
from signaling.__main__ import main


@pytest.fixture(autouse=True)
def cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """argon2 at its cheapest, by settings as an operator would."""
    monkeypatch.setenv("GENBA_PASSWORD_TIME_COST", "1")
    monkeypatch.setenv("GENBA_PASSWORD_MEMORY_KIB", "32")


def _add(data: Path, monkeypatch: pytest.MonkeyPatch, staff_no: str, password: str) -> int:
    monkeypatch.setattr("sys.stdin", io.StringIO(password + "\n"))
    return main(["user", "add", staff_no, "--name", "沢口 恵", "--role", "admin", "--data", str(data)])


def test_demo_prints_every_role_and_can_be_repeated(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(2):
        assert main(["demo", "--data", str(tmp_path)]) == 0
    told = capsys.readouterr().out

    for staff_no in ("F1001", "X2001", "S3001", "A9001", "O8001"):
        assert told.count(staff_no) == 2
        assert demo.secret_of(staff_no) in told
    assert demo.PASSWORD in told


def test_demo_passwords_stay_out_of_a_database_with_real_staff(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _add(tmp_path, monkeypatch, "a1", "a long enough password") == 0

    assert main(["demo", "--data", str(tmp_path)]) == 1

    assert "real staff" in capsys.readouterr().err


def test_users_are_added_listed_unlocked_reset_and_disabled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _add(tmp_path, monkeypatch, "a1", "short") == 1
    assert _add(tmp_path, monkeypatch, "a1", "a long enough password") == 0
    assert _add(tmp_path, monkeypatch, "A1", "a long enough password") == 1
    for act in ("unlock", "reset-otp", "disable"):
        assert main(["user", act, "a1", "--data", str(tmp_path)]) == 0
    assert main(["user", "disable", "a1", "--data", str(tmp_path)]) == 1
    assert main(["user", "unlock", "nobody", "--data", str(tmp_path)]) == 1
    capsys.readouterr()

    assert main(["user", "list", "--data", str(tmp_path)]) == 0

    line = capsys.readouterr().out
    assert "A1" in line and "沢口 恵" in line and "disabled" in line
    assert main(["verify", "--data", str(tmp_path)]) == 0
    assert "4 rows" in capsys.readouterr().out


def test_a_staff_list_is_taken_in_whole_or_not_at_all(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, names, first = tmp_path / "data", tmp_path / "list.csv", tmp_path / "first.csv"
    take_in = ["user", "import", str(names), "--data", str(data)]
    heading = "職員番号,氏名,役割,所属,上司,代理\n"
    names.write_text(heading + "A1,沢口 恵,管理者,情報政策課,,\nB2,森 係長,責任者,道路課,C3,\n")
    assert main([*take_in, "--passwords", str(first)]) == 1
    assert "line 3: 上司 「C3」 is nobody" in capsys.readouterr().err
    assert not first.exists()

    names.write_text(heading + "A1,沢口 恵,管理者,情報政策課,,\nB2,森 係長,責任者,道路課,A1,A1\n")
    assert main(take_in) == 1
    assert main([*take_in, "--check"]) == 0
    assert main([*take_in, "--passwords", str(first)]) == 0
    assert "2 added, 0 changed" in capsys.readouterr().out
    assert [line.split(",")[0] for line in first.read_text().splitlines()] == ["A1", "B2"]
    assert first.stat().st_mode & 0o077 == 0

    names.write_text(heading + "A1,沢口 恵,管理者,情報政策課,,\nB2,森 課長,責任者,道路課,,\n")
    assert main(take_in) == 0
    assert "0 added, 1 changed, 1 as they were" in capsys.readouterr().out
    assert main(["verify", "--data", str(data)]) == 0


def test_verify_names_the_row_somebody_changed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["demo", "--data", str(tmp_path)])
    main(["verify", "--data", str(tmp_path)])
    told = capsys.readouterr().out.splitlines()
    head = next(line for line in told if line.startswith("access log:")).split()[-1]
    database = sqlite3.connect(tmp_path / "genba.sqlite3")
    database.execute("DROP TRIGGER access_log_no_update")
    database.execute("UPDATE access_log SET actor = 'S-somebody' WHERE seq = 4")
    database.commit()
    database.close()

    assert main(["verify", "--data", str(tmp_path)]) == 1
    assert capsys.readouterr().err == "access log: row 4 was changed\n"
    assert main(["verify", "--data", str(tmp_path), "--head", "nonsense"]) == 1
    assert head.startswith("14:")


def test_openapi_is_the_schema_the_client_is_made_from(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["openapi"]) == 0

    printed = json.loads(capsys.readouterr().out)
    assert printed["paths"]["/sign-in"]["post"]["operationId"] == "sign_in"
    refused = printed["paths"]["/me"]["get"]["responses"]["401"]
    assert refused["content"]["application/json"]["schema"]["$ref"].endswith("/ErrorAnswer")


def test_migrate_says_the_revision(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["migrate", "--data", str(tmp_path)]) == 0

    assert f"revision {migrations.newest()}" in capsys.readouterr().out


def test_wrong_settings_are_told_and_end_with_a_status(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GENBA_IDLE_S", "1")

    assert main(["migrate", "--data", str(tmp_path)]) == 1

    assert "idle_s" in capsys.readouterr().err


def test_nothing_heavy_is_imported_before_the_door_opens() -> None:
    """A server that starts again lets clients wait at its door; what that needs is a tenth of a second."""
    heavy = "{'field_assist', 'sqlalchemy', 'aiortc'}"
    code = f"import sys, signaling.__main__; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_verify_walks_both_chains_and_finds_the_noted_heads_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing was decided yet: the log alone has rows, and a head of one that is gone."""
    assert main(["demo", "--data", str(tmp_path)]) == 0
    assert main(["verify", "--data", str(tmp_path)]) == 0
    told = capsys.readouterr().out
    assert "decisions: 0 rows, chain intact" in told

    (tmp_path / "heads").mkdir()
    (tmp_path / "heads" / "2026-11-24.txt").write_text(f"decisions 3:{'a' * 64}\n", encoding="utf-8")

    assert main(["verify", "--data", str(tmp_path)]) == 1
    assert "decisions: row 3 is missing" in capsys.readouterr().err
