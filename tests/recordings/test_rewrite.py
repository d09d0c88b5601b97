"""What was taken along comes back as it was: the journal written again plays the same."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from recordings.journal import Opening
from recordings.remux import Whole, outline, span, whole
from recordings.rewrite import NotOurs, rewrite
from tests.recordings import studio
from tests.recordings.studio import BEGAN_US
from tests.recordings.test_remux import at_ms, greys, loudest_hz


def opening(mime_type: str) -> Opening:
    kind = mime_type.partition("/")[0]
    rate_hz = 48000 if kind == "audio" else 90000
    return Opening("T", "call", "S-1", "camera", kind, mime_type, rate_hz, -1, BEGAN_US)


def brought_back(path: Path, mime_type: str) -> tuple[Path, Whole]:
    taken, again = path.with_suffix(".taken"), path.with_suffix(".again")
    made = whole(path, BEGAN_US, taken)
    begin_us = BEGAN_US + round(made.start_ms * 1000)
    written = rewrite(taken, opening(mime_type), begin_us, again)
    assert written.size_bytes == again.stat().st_size
    return again, made


@pytest.mark.parametrize("fragment", [40, 30_000])
@pytest.mark.parametrize("mime_type", studio.ENCODERS)
def test_a_picture_comes_back_frame_by_frame(
    tmp_path: Path, mime_type: str, fragment: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.modules["recordings.rewrite"], "_FRAGMENT", fragment)
    came = studio.picture_packets(mime_type, studio.pictures(mime_type, 4))
    path = studio.write(tmp_path / "p.journal", "video", mime_type, came)
    again, _ = brought_back(path, mime_type)
    assert greys(span(again, BEGAN_US, 0, 4000)) == greys(span(path, BEGAN_US, 0, 4000))
    assert outline(again, BEGAN_US).key_frames_ms == pytest.approx(outline(path, BEGAN_US).key_frames_ms)


def test_a_voice_comes_back_at_its_moments(tmp_path: Path) -> None:
    came = studio.voice_packets(studio.tone(440, 3) + studio.tone(1000, 3))
    path = studio.write(tmp_path / "v.journal", "audio", "audio/opus", came[:50] + came[200:])
    again, _ = brought_back(path, "audio/opus")
    media = span(again, BEGAN_US, 0, 6000)
    assert loudest_hz(at_ms(media, 500)) == pytest.approx(440, abs=10)
    assert abs(at_ms(media, 2000, 1000)).max() < 0.01
    assert loudest_hz(at_ms(media, 4200)) == pytest.approx(1000, abs=10)
    assert outline(again, BEGAN_US).end_ms == pytest.approx(5980, abs=10)


def test_a_file_that_is_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"no media at all" * 100)
    with pytest.raises(NotOurs):
        rewrite(tmp_path / "x", opening("video/vp8"), BEGAN_US, tmp_path / "x.journal")
