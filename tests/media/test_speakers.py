"""Active speakers from audio levels."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.speakers import Speakers


def talk(
    speakers: Speakers,
    producer_id: str,
    *,
    start: float = 0.0,
    seconds: float = 1.0,
    dbov: int = 20,
    voice: bool = True,
    packet_s: float = 0.02,
) -> None:
    for index in range(round(seconds / packet_s)):
        speakers.level(start + index * packet_s, producer_id, dbov, voice)


def ids(speakers: Speakers, now: float) -> list[str]:
    return [speaker.producer_id for speaker in speakers.active(now)]


def test_nobody_speaks_in_an_empty_room() -> None:
    assert Speakers().active(1.0) == []


@pytest.mark.parametrize(("dbov", "expected"), [(0, ["a"]), (35, ["a"]), (36, []), (126, []), (127, [])])
def test_a_speaker_is_louder_than_the_threshold(dbov: int, expected: list[str]) -> None:
    speakers = Speakers()

    talk(speakers, "a", dbov=dbov)

    assert ids(speakers, 1.0) == expected


@pytest.mark.parametrize("packet_s", [0.01, 0.02, 0.04, 0.06, 0.12])
@pytest.mark.parametrize(("loud_s", "expected"), [(0.24, ["a"]), (0.12, [])])
def test_two_fifths_of_the_window_must_be_loud(packet_s: float, loud_s: float, expected: list[str]) -> None:
    speakers = Speakers()
    talk(speakers, "a", start=0.0, seconds=0.48, dbov=127, packet_s=packet_s)

    talk(speakers, "a", start=0.48, seconds=loud_s, packet_s=packet_s)
    talk(speakers, "a", start=0.48 + loud_s, seconds=0.48 - loud_s, dbov=90, packet_s=packet_s)

    assert ids(speakers, 0.96) == expected


def test_packets_that_jitter_bunches_count_for_their_time() -> None:
    speakers = Speakers()
    for index in range(60):
        speakers.level(index // 5 * 0.1, "a", 20, True)

    assert ids(speakers, 1.2) == ["a"]


def test_the_loudest_is_first() -> None:
    speakers = Speakers()
    for producer_id, dbov in (("quiet", 30), ("loud", 10), ("middle", 20)):
        talk(speakers, producer_id, dbov=dbov)

    assert ids(speakers, 1.0) == ["loud", "middle", "quiet"]


def test_the_level_grows_smoothly_to_the_linear_loudness() -> None:
    speakers = Speakers()
    levels = []
    for window in range(6):
        talk(speakers, "a", start=window * 0.4, seconds=0.4, dbov=20)
        levels += [speaker.level for speaker in speakers.active(window * 0.4 + 0.4)]

    assert levels == sorted(levels)
    assert levels[0] == pytest.approx(0.1 * 2 / 3, rel=0.1)
    assert levels[-1] == pytest.approx(0.1, rel=0.01)


def test_a_sentence_outranks_an_equally_loud_cough() -> None:
    speakers = Speakers()
    talk(speakers, "cough", seconds=0.2, dbov=20)
    talk(speakers, "cough", start=0.2, seconds=0.2, dbov=100)
    talk(speakers, "sentence", seconds=0.4, dbov=20)

    assert ids(speakers, 0.41) == ["sentence", "cough"]


def test_silence_ends_the_activity() -> None:
    speakers = Speakers()
    talk(speakers, "a", seconds=0.4)
    assert ids(speakers, 0.4) == ["a"]

    talk(speakers, "a", start=0.4, seconds=0.42, dbov=127)

    assert ids(speakers, 0.82) == []


def test_a_stream_that_stops_ends_the_activity() -> None:
    speakers = Speakers()
    talk(speakers, "a", seconds=0.4)

    assert ids(speakers, 0.4) == ["a"]
    assert ids(speakers, 0.8) == []


def test_a_pause_without_polling_ends_the_activity_too() -> None:
    speakers = Speakers()
    talk(speakers, "a", seconds=0.8)

    talk(speakers, "a", start=10.0, seconds=0.1, dbov=20)

    assert ids(speakers, 10.1) == []


def test_the_packets_of_discontinuous_transmission_do_not_speak() -> None:
    speakers = Speakers()
    for index in range(10):
        speakers.level(index * 0.4, "a", 30, True)

    assert ids(speakers, 4.0) == []


def test_noise_is_ignored_where_the_client_detects_voice() -> None:
    speakers = Speakers()
    talk(speakers, "a", seconds=0.1, voice=True)

    talk(speakers, "a", start=0.1, seconds=0.9, voice=False)

    assert ids(speakers, 1.0) == []


def test_a_client_without_voice_detection_is_heard() -> None:
    speakers = Speakers()

    talk(speakers, "a", voice=False)

    assert ids(speakers, 1.0) == ["a"]


def test_who_is_forgotten_does_not_speak() -> None:
    speakers = Speakers()
    talk(speakers, "a")

    speakers.forget("a")
    speakers.forget("never seen")

    assert speakers.active(1.0) == []


@given(
    st.lists(
        st.tuples(st.floats(0, 0.5), st.sampled_from("abc"), st.integers(0, 127), st.booleans()), max_size=200
    )
)
def test_levels_stay_between_zero_and_one_and_in_order(
    packets: list[tuple[float, str, int, bool]],
) -> None:
    speakers = Speakers()
    now = 0.0
    for gap, producer_id, dbov, voice in packets:
        now += gap
        speakers.level(now, producer_id, dbov, voice)
        levels = [speaker.level for speaker in speakers.active(now)]
        assert levels == sorted(levels, reverse=True)
        assert all(0 < level <= 1 for level in levels)
