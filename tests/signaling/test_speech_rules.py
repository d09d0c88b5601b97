"""Cutting, guarding and dispatching of speech, and the voice that forgets nothing: pure logic."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from media import RtpPacket, SdpCodec
from media.packets import build_rtp, parse_rtp
from signaling.speech.dispatch import MOST_TRIES, Dispatch, Work
from signaling.speech.guards import Kind, judge
from signaling.speech.messages import RATE, TICKS_PER_S
from signaling.speech.recogniser import Recognised
from signaling.speech.voice import Heard, Reason, Speaker, Unheard, Voice
from signaling.speech.voice_activity import FRAME, Samples, Segmenter, Utterance


def noise(seconds: float, level: float = 30) -> Samples:
    return np.random.default_rng(3).normal(0, level, round(seconds * RATE)).astype(np.int16)


def voice(seconds: float) -> Samples:
    """Syllables of a buzz: five a second, as people speak."""
    t = np.arange(round(seconds * RATE)) / RATE
    wave = sum(np.sin(2 * np.pi * 140 * n * t) / n for n in range(1, 20))
    return (wave * 4000 * np.clip(np.sin(2 * np.pi * 5 * t) + 0.6, 0, 1)).astype(np.int16) + noise(seconds)


def cut(*parts: Samples) -> list[Utterance]:
    segmenter = Segmenter()
    return [*segmenter.push(np.concatenate(parts)), *segmenter.flush()]


def finals(found: list[Utterance]) -> list[tuple[float, float]]:
    return [(each.start / RATE, each.end / RATE) for each in found if each.is_final]


def test_silence_and_steady_noise_are_nobody_speaking() -> None:
    assert cut(np.zeros(5 * RATE, np.int16)) == []
    for level in (10, 100, 1000, 6000):
        assert cut(noise(10, level)) == []


def test_an_utterance_has_its_quiet_beginnings_and_ends_after_a_pause() -> None:
    found = cut(noise(2), voice(1.5), noise(2), voice(1.0), noise(1))

    [one, other] = finals(found)
    assert one == pytest.approx((1.75, 3.7), abs=0.2)
    assert other == pytest.approx((5.25, 6.7), abs=0.2)


def test_a_click_is_no_utterance() -> None:
    click = noise(0.06, 8000)

    assert cut(noise(1), click, noise(2)) == []


def test_a_long_one_is_shown_as_it_grows_and_cut_before_a_recogniser_would_cut_it() -> None:
    found = cut(noise(1), voice(30), noise(1))

    lengths = [end - start for start, end in finals(found)]
    assert max(lengths) <= 18.1 and sum(lengths) == pytest.approx(30, abs=1)
    interims = [each for each in found if not each.is_final]
    assert len(interims) > 10
    assert {each.start for each in interims} <= {each.start for each in found if each.is_final}


@given(st.lists(st.integers(1, 4000), min_size=1, max_size=60))
def test_it_is_cut_alike_however_the_samples_arrive(sizes: list[int]) -> None:
    samples = np.concatenate((noise(0.5), voice(1.0), noise(0.8), voice(0.4), noise(0.8)))
    segmenter, found, at = Segmenter(), list[Utterance](), 0
    for size in sizes:
        found += segmenter.push(samples[at : at + size])
        at += size
    found += segmenter.push(samples[at:])

    assert finals(found) == finals(Segmenter().push(samples))
    assert segmenter.done % FRAME == 0


@pytest.mark.parametrize(
    ("answer", "kind", "is_doubtful"),
    [
        (Recognised("橋の下です", 0.9, 0.01, 0.8), Kind.LINE, False),
        (Recognised("", 0.9, 0.01, 0.0), Kind.NOTHING, False),
        (Recognised("。", 0.9, 0.01, 0.0), Kind.NOTHING, False),
        (Recognised("はい", 0.3, 0.7, 0.8), Kind.NOTHING, False),
        (Recognised("はい", 0.5, 0.99, 0.8), Kind.NOTHING, False),
        (Recognised("はい", 0.9, 0.7, 0.8), Kind.LINE, True),
        (Recognised("はいはいはいはいはいはい", 0.8, 0.1, 4.0), Kind.UNCLEAR, False),
        (Recognised("ご視聴ありがとうございました", 0.95, 0.1, 0.9), Kind.LINE, True),
    ],
)
def test_what_an_engine_says_is_judged(answer: Recognised, kind: Kind, is_doubtful: bool) -> None:
    verdict = judge(answer)

    assert (verdict.kind, verdict.is_doubtful) == (kind, is_doubtful)


def a_voice(reports: list[Heard | Unheard] | None = None) -> Voice:
    heard = [] if reports is None else reports
    made = Voice("one", Speaker("ja", heard.append))
    made.understand((SdpCodec(111, "opus", 48_000, 2),))
    return made


def work(of: Voice, start: int, *, is_final: bool = True, since: float = 0.0) -> Work:
    return Work(of, start, start + 100, bytes(100), is_final, since)


def test_finished_utterances_come_first_and_in_order() -> None:
    dispatch, one, other = Dispatch(), a_voice(), a_voice()
    dispatch.add(work(one, 1, is_final=False))
    dispatch.add(work(other, 2))
    dispatch.add(work(one, 3))

    taken = [dispatch.take(0.1), dispatch.take(0.1), dispatch.take(0.1)]
    assert [each.start for each in taken if each is not None] == [2, 3], "its interim went with the final"


def test_where_finished_ones_had_to_wait_the_others_are_not_shown_for_a_while() -> None:
    dispatch, one, other = Dispatch(), a_voice(), a_voice()
    dispatch.add(work(one, 1, since=0.0))
    dispatch.add(work(other, 2, is_final=False))

    assert dispatch.take(2.0) is not None
    assert dispatch.take(2.1) is None
    assert dispatch.take(12.1) is not None


def test_one_whose_worker_died_is_given_to_another_before_all_others() -> None:
    dispatch, one = Dispatch(), a_voice()
    first, second = work(one, 1), work(one, 2)
    dispatch.add(first)
    dispatch.add(second)

    for _ in range(MOST_TRIES):
        taken = dispatch.take(0.0)
        assert taken is first
        dispatch.failed(taken)
    assert dispatch.take(0.0) is second
    assert dispatch.given_up == [first]


def spoken(number: int) -> RtpPacket:
    return parse_rtp(
        build_rtp(
            payload_type=111,
            marker=False,
            sequence_number=number,
            timestamp=number * 960,
            ssrc=1,
            extensions=(),
            payload=b"\x78a",
        )
    )


def test_a_voice_is_sent_again_to_the_next_listener_from_where_the_last_one_was_done() -> None:
    heard = a_voice()
    for number in range(10):
        heard.handle_packet(number * 0.02, spoken(number))
    first = heard.poll(0.2)
    heard.done(4 * 960)
    heard.send_again()
    again = heard.poll(0.2)

    assert first is not None and again is not None
    assert len(again.content) == len(first.content) * 6 // 10


def test_a_withheld_or_forgotten_voice_takes_nothing() -> None:
    heard = a_voice()
    heard.is_withheld = True
    heard.handle_packet(0.0, spoken(0))
    assert heard.poll(0.1) is None

    heard.is_withheld = False
    heard.handle_packet(0.02, spoken(1))
    heard.forget()
    closing = heard.poll(0.1)
    assert closing is not None and closing.facts["do"] == "close" and closing.content == b""


def test_what_no_listener_takes_for_a_minute_is_marked_as_unheard() -> None:
    reports: list[Heard | Unheard] = []
    heard = a_voice(reports)
    for number in range(61 * 50 + 2):
        heard.handle_packet(number * 0.02, spoken(number & 0xFFFF))

    [report] = reports
    assert isinstance(report, Unheard) and report.reason is Reason.FAILED
    assert report.ended_at - report.began_at == pytest.approx(10, abs=0.1)
    assert heard.time_of(TICKS_PER_S) == pytest.approx(1.0, abs=0.05)
