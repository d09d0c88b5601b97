"""What a journal holds is played as it was: the right sounds and pictures at the right moments."""

from __future__ import annotations

import io
import random
from pathlib import Path

import av
import numpy as np
import pytest

from recordings.remux import Media, NothingThere, outline, span, whole
from tests.recordings import studio
from tests.recordings.studio import BEGAN_US, Came


def samples(media: Media) -> np.ndarray:
    """What it sounds like, at 48 kHz, mono."""
    with av.open(io.BytesIO(media.content), "r") as container:
        frames = [frame.to_ndarray().reshape(-1) for frame in container.decode(audio=0)]
    return np.concatenate(frames)


def loudest_hz(sound: np.ndarray) -> float:
    """Its strongest frequency."""
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound))))
    return float(np.argmax(spectrum) * 48000 / len(sound))


def at_ms(media: Media, moment_ms: float, length_ms: float = 100) -> np.ndarray:
    """The samples of a moment of the call."""
    first = int((moment_ms - media.start_ms) * 48)
    return samples(media)[first : first + int(length_ms * 48)]


def greys(media: Media) -> list[tuple[float, int]]:
    """Each picture's moment in milliseconds of the call and its grey, in the steps of `studio.pictures`."""
    with av.open(io.BytesIO(media.content), "r") as container:
        found: list[tuple[float, int]] = []
        for frame in container.decode(video=0):
            assert frame.time is not None
            grey = frame.to_ndarray(format="rgb24").mean()
            found.append((round(media.start_ms + frame.time * 1000), round((float(grey) - 20) / 2)))
    return found


@pytest.fixture(scope="module")
def two_tones() -> list[bytes]:
    return studio.tone(440, 3) + studio.tone(1000, 3)


def voice(tmp_path: Path, came: list[Came]) -> Path:
    return studio.write(tmp_path / "voice.journal", "audio", "audio/opus", came)


def test_a_span_sounds_as_the_call_did_then(tmp_path: Path, two_tones: list[bytes]) -> None:
    path = voice(tmp_path, studio.voice_packets(two_tones))
    media = span(path, BEGAN_US, 2000, 4000)
    assert media.media_type == "audio/webm"
    assert 1845 <= media.start_ms <= 1870
    assert loudest_hz(at_ms(media, 2800)) == pytest.approx(440, abs=10)
    assert loudest_hz(at_ms(media, 3100)) == pytest.approx(1000, abs=10)
    assert len(samples(media)) == pytest.approx((4000 - media.start_ms) * 48, abs=960)


def test_order_of_arrival_does_not_matter(tmp_path: Path, two_tones: list[bytes]) -> None:
    came = studio.voice_packets(two_tones)
    path = voice(tmp_path, came)
    wanted = span(path, BEGAN_US, 0, 6000)
    chance = random.Random(5)
    disordered = sorted(came, key=lambda entry: entry[0] + chance.randint(-200_000, 200_000))
    mixed = [(BEGAN_US + n * 20_000, data) for n, (_, data) in enumerate(disordered)]
    path = tmp_path / "mixed.journal"
    studio.write(path, "audio", "audio/opus", mixed, [studio.report(0, 7, -9600)])
    assert span(path, BEGAN_US, 0, 6000).content == wanted.content


def test_what_one_packet_lost_the_next_one_repeats(tmp_path: Path, two_tones: list[bytes]) -> None:
    came = studio.voice_packets(two_tones, red=True)
    whole = span(voice(tmp_path, came), BEGAN_US, 0, 6000)
    thinned = [entry for n, entry in enumerate(came) if n % 2 == 0 or n == len(came) - 1]
    path = studio.write(tmp_path / "thin.journal", "audio", "audio/opus", thinned)
    assert span(path, BEGAN_US, 0, 6000).content == whole.content


def test_a_hole_is_silence_and_moves_nothing(tmp_path: Path, two_tones: list[bytes]) -> None:
    came = studio.voice_packets(two_tones)
    path = voice(tmp_path, came[:50] + came[200:])  # nothing from 1 s to 4 s
    media = span(path, BEGAN_US, 0, 6000)
    assert np.abs(at_ms(media, 2000, 1000)).max() < 0.01
    assert loudest_hz(at_ms(media, 4200)) == pytest.approx(1000, abs=10)
    with pytest.raises(NothingThere):
        span(path, BEGAN_US, 2000, 3000)


def test_neighbouring_spans_overlap_by_what_a_decoder_needs_to_begin(
    tmp_path: Path, two_tones: list[bytes]
) -> None:
    path = voice(tmp_path, studio.voice_packets(two_tones))
    one, other = span(path, BEGAN_US, 0, 2000), span(path, BEGAN_US, 2000, 4000)
    overlap = np.abs(at_ms(one, 1990, 9) - at_ms(other, 1990, 9)).max()
    assert overlap < 0.02
    assert one.start_ms + len(samples(one)) / 48 >= 1999


def test_the_publishers_clock_places_the_voice(tmp_path: Path, two_tones: list[bytes]) -> None:
    """The packets came in a burst, late; the reports know better, though that clock is an hour off."""
    sent = studio.voice_packets(two_tones[:100])
    came = [(BEGAN_US + 900_000 + n, data) for n, (_, data) in enumerate(sent)]
    reports = [
        studio.report(after, 7, after * 48 - 9600, clock_off_s=3600, late_ms=late)
        for after, late in ((500, 120), (1000, 20), (1500, 300))
    ]
    path = studio.write(tmp_path / "late.journal", "audio", "audio/opus", came, reports)
    media = span(path, BEGAN_US, 0, 4000)
    # The fastest report took 20 ms: everything seems so much later than it was.
    assert media.start_ms == pytest.approx(20 + 6.5, abs=1)


@pytest.mark.parametrize("mime_type", studio.ENCODERS)
def test_a_picture_is_seen_when_it_was_shown(tmp_path: Path, mime_type: str) -> None:
    encoded = studio.pictures(mime_type, 6)
    came = studio.picture_packets(mime_type, encoded, size=40)
    path = studio.write(tmp_path / "p.journal", "video", mime_type, came)
    found = outline(path, BEGAN_US)
    assert found.key_frames_ms == pytest.approx([0, 2000, 4000], abs=1)
    seen = greys(span(path, BEGAN_US, 2000, 4000))
    assert [moment for moment, _ in seen] == pytest.approx([2000 + 100 * n for n in range(20)], abs=2)
    assert [grey for _, grey in seen] == pytest.approx([20 + n for n in range(20)], abs=2)


def test_asked_for_a_moment_between_key_frames_it_begins_before(tmp_path: Path) -> None:
    came = studio.picture_packets("video/vp8", studio.pictures("video/vp8", 6))
    media = span(studio.write(tmp_path / "p.journal", "video", "video/vp8", came), BEGAN_US, 3100, 3900)
    assert media.start_ms == 2000
    assert greys(media)[-1][0] == 3800


def test_after_a_lost_packet_the_picture_stands_until_the_next_key_frame(tmp_path: Path) -> None:
    came = studio.picture_packets("video/vp8", studio.pictures("video/vp8", 6), size=20)
    lost = next(n for n, (at_us, _) in enumerate(came) if at_us >= BEGAN_US + 1_000_000)
    path = studio.write(tmp_path / "p.journal", "video", "video/vp8", came[:lost] + came[lost + 1 :])
    seen = [moment for moment, _ in greys(span(path, BEGAN_US, 0, 4000))]
    assert seen == [100 * n for n in range(10)] + [2000 + 100 * n for n in range(20)]


def test_another_encoding_takes_over_with_its_key_frame(tmp_path: Path) -> None:
    encoded = studio.pictures("video/vp8", 6)
    small = studio.picture_packets("video/vp8", encoded, ssrc=1)
    large = studio.picture_packets("video/vp8", encoded, ssrc=2)
    switch_us = BEGAN_US + 2_000_000
    came = [entry for entry in small if entry[0] < switch_us + 300_000]
    came += [entry for entry in large if entry[0] >= switch_us]
    path = studio.write(tmp_path / "p.journal", "video", "video/vp8", sorted(came))
    seen = [moment for moment, _ in greys(span(path, BEGAN_US, 0, 6000))]
    assert len(seen) == len(set(seen)) == 60


def test_nothing_of_what_is_hidden_is_in_a_voice_and_nothing_moves(
    tmp_path: Path, two_tones: list[bytes]
) -> None:
    path = voice(tmp_path, studio.voice_packets(two_tones))
    open_, media = span(path, BEGAN_US, 0, 6000), span(path, BEGAN_US, 0, 6000, ((1000, 2000),))
    assert np.abs(at_ms(media, 1100, 800)).max() < 0.001
    assert loudest_hz(at_ms(media, 2500)) == pytest.approx(loudest_hz(at_ms(open_, 2500)), abs=5)
    with pytest.raises(NothingThere):
        span(path, BEGAN_US, 1200, 1800, ((1000, 2000),))
    taken = whole(path, BEGAN_US, tmp_path / "voice", ((1000, 2000),))
    copy = Media(taken.media_type, taken.start_ms, (tmp_path / "voice").read_bytes())
    assert np.abs(at_ms(copy, 1100, 800)).max() < 0.001
    assert loudest_hz(at_ms(copy, 2500)) == pytest.approx(loudest_hz(at_ms(open_, 2500)), abs=5)


@pytest.mark.parametrize("asked_from", [0, 2100, 3100])
def test_no_picture_of_what_is_hidden_is_there_even_to_begin_with(tmp_path: Path, asked_from: int) -> None:
    came = studio.picture_packets("video/vp8", studio.pictures("video/vp8", 6))
    path = studio.write(tmp_path / "p.journal", "video", "video/vp8", came)
    seen = [moment for moment, _ in greys(span(path, BEGAN_US, asked_from, 6000, ((1900, 3500),)))]
    assert seen and not [moment for moment in seen if 1900 <= moment < 3500]
    assert all(moment >= 3500 for moment in seen) or asked_from == 0


def test_all_of_a_voice_is_one_file(tmp_path: Path, two_tones: list[bytes]) -> None:
    came = studio.voice_packets(two_tones)
    path = voice(tmp_path, came[:50] + came[200:])  # nothing from 1 s to 4 s
    made = whole(path, BEGAN_US, tmp_path / "voice")
    media = Media(made.media_type, made.start_ms, (tmp_path / "voice").read_bytes())
    assert (made.suffix, made.start_ms, made.end_ms) == (".webm", 6.5, 6000)
    assert len(samples(media)) == pytest.approx(6000 * 48, abs=960)
    assert loudest_hz(at_ms(media, 500)) == pytest.approx(440, abs=10)
    assert np.abs(at_ms(media, 2000, 1000)).max() < 0.01
    assert loudest_hz(at_ms(media, 5000)) == pytest.approx(1000, abs=10)


@pytest.mark.parametrize("mime_type", studio.ENCODERS)
def test_all_of_a_picture_is_one_file_in_which_one_can_jump(tmp_path: Path, mime_type: str) -> None:
    encoded = studio.pictures(mime_type, 6)
    path = studio.write(
        tmp_path / "p.journal", "video", mime_type, studio.picture_packets(mime_type, encoded)
    )
    made = whole(path, BEGAN_US, tmp_path / "picture")
    media = Media(made.media_type, made.start_ms, (tmp_path / "picture").read_bytes())
    assert made.suffix == (".mp4" if mime_type == "video/h264" else ".webm")
    assert [at for at, _ in greys(media)] == pytest.approx([n * 100 for n in range(60)], abs=2)
    with av.open(str(tmp_path / "picture")) as container:
        assert container.duration is not None
        assert container.duration / 1000 == pytest.approx(6000, abs=150)
        container.seek(4_500_000)
        assert next(container.decode(video=0)).time == pytest.approx(4, abs=0.01)
