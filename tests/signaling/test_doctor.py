"""The doctor's parts that need no server: the tone, the picture, the candidate filter, words, storage."""

from __future__ import annotations

import array
import json
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from livekit.protocol.rtc import SessionDescription, SignalResponse, SpeakersChanged

from field_assist import Store
from signaling.doctor import patterns
from signaling.doctor.candidate_filter import filtered
from signaling.doctor.findings import exit_status, green, json_of, not_checked, red, summary
from signaling.doctor.storage import check_storage


def _noise(level: int) -> list[int]:
    source = random.Random(7)
    return [source.randrange(-level, level + 1) for _ in range(patterns.WINDOW)]


@pytest.mark.parametrize("frequency_hz", [440.0, 523.25, 997.3, 1480.0])
def test_frequency_of_a_tone_is_found_within_a_hertz_under_noise(frequency_hz: float) -> None:
    samples = array.array("h", patterns.tone(frequency_hz, 12_345, patterns.WINDOW))

    heard_hz, purity = patterns.loudest_frequency(
        [a + b for a, b in zip(samples, _noise(1000), strict=True)], patterns.TONE_RATE_HZ
    )

    assert heard_hz == pytest.approx(frequency_hz, abs=1.0)
    assert purity > 0.9


def test_noise_is_not_taken_for_a_tone() -> None:
    _, purity = patterns.loudest_frequency(_noise(8000), patterns.TONE_RATE_HZ)

    assert purity < 0.2


def test_tone_continues_from_block_to_block() -> None:
    whole = patterns.tone(700, 0, 1920)

    assert whole == patterns.tone(700, 0, 960) + patterns.tone(700, 960, 960)


@given(st.integers(0, patterns.CODES - 1))
def test_every_number_is_read_back_from_its_picture(code: int) -> None:
    frame = patterns.picture(code)

    assert len(frame) == patterns.WIDTH * patterns.HEIGHT * 3 // 2
    assert patterns.read_picture(frame, patterns.WIDTH, patterns.HEIGHT) == code


@pytest.mark.parametrize("luma", [0, 16, 128, 235, 255])
def test_plain_picture_carries_no_number(luma: int) -> None:
    assert patterns.read_picture(bytes((luma,)) * (64 * 48), 64, 48) is None


def test_number_is_read_from_a_smaller_noisy_picture() -> None:
    source = random.Random(3)
    full = patterns.picture(2026)
    small = bytearray()
    for y in range(0, patterns.HEIGHT, 2):
        row = full[y * patterns.WIDTH : (y + 1) * patterns.WIDTH : 2]
        small += bytes(max(0, min(255, value + source.randrange(-40, 41))) for value in row)

    assert patterns.read_picture(small, patterns.WIDTH // 2, patterns.HEIGHT // 2) == 2026


def test_filter_leaves_candidates_of_one_protocol_only() -> None:
    lines = [
        "v=0",
        "a=candidate:1 1 udp 2130706431 192.0.2.1 7882 typ host",
        "a=candidate:101 1 tcp 1526726655 192.0.2.1 7882 typ host tcptype passive",
        "a=mid:0",
        "",
    ]
    answer = SignalResponse(answer=SessionDescription(type="answer", sdp="\r\n".join(lines), id=7))

    response = SignalResponse.FromString(filtered(answer.SerializeToString(), "tcp"))

    assert response.answer.sdp == "\r\n".join([lines[0], *lines[2:]])
    assert response.answer.id == 7


def test_filter_passes_other_messages_on_untouched() -> None:
    frame = SignalResponse(speakers_changed=SpeakersChanged()).SerializeToString()

    assert filtered(frame, "tcp") == frame


def test_one_red_function_makes_the_whole_examination_red() -> None:
    findings = [
        green("http", "answers"),
        not_checked("storage", "elsewhere"),
        red("udp", "no way", "Open it."),
    ]

    assert exit_status(findings) == 1
    assert "udp" in summary(findings)
    assert exit_status(findings[:2]) == 0
    assert "1 could not be looked at" in summary(findings[:2])


def test_finding_reads_as_a_line_and_as_json() -> None:
    finding = red("udp", "media does not come through", "Open the port.", lost=0.123456)

    line = finding.line(is_coloured=False)
    report = json.loads(json_of("http://genba.example.jp", [finding]))

    assert line.split("\n")[0].split() == ["udp", "red", "media", "does", "not", "come", "through"]
    assert line.endswith("→ Open the port.")
    assert report["ok"] is False
    assert report["functions"][0]["figures"] == {"lost": 0.123}


def test_storage_that_takes_a_write_is_green(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'genba.sqlite3'}"
    Store(url).write_now(lambda session: None)

    finding = check_storage(tmp_path, url)

    assert finding.verdict == "green", finding.says
    assert finding.figures["free_gib"] > 0


def test_storage_says_when_the_database_is_none(tmp_path: Path) -> None:
    (tmp_path / "genba.sqlite3").write_bytes(b"this is a letter, not a database" * 100)

    finding = check_storage(tmp_path, f"sqlite:///{tmp_path / 'genba.sqlite3'}")

    assert finding.verdict == "red"
    assert "not a database" in finding.says


def test_storage_makes_no_database_where_there_is_none(tmp_path: Path) -> None:
    finding = check_storage(tmp_path, f"sqlite:///{tmp_path / 'genba.sqlite3'}")

    assert finding.verdict == "red"
    assert not (tmp_path / "genba.sqlite3").exists()


def test_storage_elsewhere_is_not_checked(tmp_path: Path) -> None:
    finding = check_storage(tmp_path / "none", "sqlite:///nowhere.sqlite3")

    assert finding.verdict == "not checked"
