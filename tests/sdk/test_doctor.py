"""`genba doctor` against a real node: all green, or red with the right word when something is not."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import uvloop

from media import MediaSettings
from tests.livekit_node import API_KEY, API_SECRET, LiveKitNode

pytestmark = pytest.mark.sdk

TIMEOUT_S = 60
PLAYED = ("join", "data", "audio", "video", "udp", "tcp")
WITHOUT_SDK = (
    "import sys; sys.modules['livekit.rtc'] = None; from signaling.__main__ import main; sys.exit(main())"
)


async def doctor(
    url: str, data: Path, *options: str, program: str = "", environment: Mapping[str, str] | None = None
) -> tuple[int, dict[str, Any]]:
    """Exit status, and findings by function."""
    how = ("-c", program) if program else ("-m", "signaling")
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *how,
        "doctor",
        "--url",
        url,
        "--data",
        str(data),
        "--json",
        *options,
        stdout=asyncio.subprocess.PIPE,
        env=dict(os.environ if environment is None else environment),
    )
    async with asyncio.timeout(TIMEOUT_S):
        output, _ = await process.communicate()
    assert process.returncode is not None
    findings = {finding["function"]: finding for finding in json.loads(output)["functions"]}
    return process.returncode, findings


def verdicts(findings: dict[str, Any]) -> dict[str, str]:
    return {function: finding["verdict"] for function, finding in findings.items()}


def examine(
    data: Path, *options: str, media: MediaSettings | None = None, program: str = ""
) -> tuple[int, dict[str, Any]]:
    """Against a node of its own."""

    async def scene() -> tuple[int, dict[str, Any]]:
        async with LiveKitNode(media=media) as node:
            outcome = await doctor(node.url, data, *options, program=program)
            assert node.rooms.rooms() == []
            return outcome

    outcome: tuple[int, dict[str, Any]] = uvloop.run(scene())
    return outcome


def test_everything_is_green_on_a_healthy_server(tmp_path: Path) -> None:
    status, findings = examine(tmp_path / "none")

    found = verdicts(findings)
    assert found.pop("storage") == "not checked"
    assert set(found.values()) == {"green"}, findings
    assert set(PLAYED) <= set(found)
    assert status == 0
    audio = findings["audio"]["figures"]
    assert audio["heard_hz"] == pytest.approx(audio["sent_hz"], abs=5)
    assert findings["data"]["figures"]["lossy_lost"] < 0.2


def test_refused_udp_is_red_and_calls_still_work_over_tcp(tmp_path: Path) -> None:
    status, findings = examine(tmp_path, media=MediaSettings(host="127.0.0.1", port=0, udp=False))

    found = verdicts(findings)
    assert status == 1
    assert found["udp"] == "red"
    assert "TCP" in findings["udp"]["says"]
    assert "UDP" in findings["udp"]["advice"]
    assert {found[function] for function in PLAYED if function != "udp"} == {"green"}, findings


def test_refused_tcp_is_red_alone(tmp_path: Path) -> None:
    status, findings = examine(tmp_path / "none", media=MediaSettings(host="127.0.0.1", port=0, tcp=False))

    found = verdicts(findings)
    assert status == 1
    assert [function for function, verdict in found.items() if verdict == "red"] == ["tcp"], findings
    assert "TCP" in findings["tcp"]["advice"]


def test_wrong_keys_are_said_and_nothing_is_played(tmp_path: Path) -> None:
    status, findings = examine(tmp_path, "--api-key", "APIother", "--api-secret", "x" * 32)

    assert status == 1
    assert findings["token"]["verdict"] == "red"
    assert "APIother" in findings["token"]["says"]
    assert "--api-key" in findings["token"]["advice"]
    assert {findings[function]["verdict"] for function in PLAYED} == {"not checked"}


def test_key_kept_in_the_data_directory_is_found(tmp_path: Path) -> None:
    (tmp_path / "api.key").write_text(f"{API_KEY} {API_SECRET}\n")

    _, findings = examine(tmp_path, program=WITHOUT_SDK)

    assert findings["token"]["verdict"] == "green"


def test_missing_sdk_is_said_with_the_way_to_get_it(tmp_path: Path) -> None:
    status, findings = examine(tmp_path / "none", program=WITHOUT_SDK)

    assert status == 0
    assert findings["http"]["verdict"] == findings["token"]["verdict"] == "green"
    assert "pip install" in findings["rooms"]["advice"]
    assert findings["audio"]["verdict"] == "not checked"


def test_dead_server_is_said_in_words(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"

    status, findings = uvloop.run(doctor(url, tmp_path / "none"))

    assert status == 1
    assert findings["http"]["verdict"] == "red"
    assert url in findings["http"]["says"]
    assert "genba serve" in findings["http"]["advice"]
    assert {findings[function]["verdict"] for function in PLAYED} == {"not checked"}
