"""How well the test model knows its sentences: `python -m tests.tiny_whisper.measure` (needs espeak-ng).

Renderings it never heard, at other speeds, pitches and bit rates, with noise; then what must stay empty.
"""

from __future__ import annotations

import numpy as np

from signaling.speech.guards import Kind, judge
from signaling.speech.voice_activity import Samples, Segmenter
from signaling.speech.whisper_recogniser import WhisperRecogniser
from tests.tiny_whisper.spoken import PHRASES, RATE, say, through_opus
from tests.tiny_whisper.train import WEIGHTS

_EACH = 6
_VOICES = ("ja", "ja+f2", "ja+f4", "ja+m3", "ja+m1")
_OTHERS = (
    "きのう やまで さかなを たべた",
    "となりの ひとと はなす",
    "あしたの よていわ まだ わからない",
    "いぬが はしる",
    "にわに はなが さく",
    "はしの したに はなが さく",
    "しゃしんを みせて ください",
    "どうろを かくにん します",
)


def main() -> None:
    """Print the figures."""
    engine, random = WhisperRecogniser(WEIGHTS, threads=1), np.random.default_rng(99)
    right = 0
    for text, kana in PHRASES.items():
        for _ in range(_EACH):
            voice, wpm, pitch = str(random.choice(_VOICES)), *map(int, random.integers((140, 30), (186, 71)))
            spoken = through_opus(say(kana, voice, wpm, pitch), int(random.choice((24_000, 48_000))))
            around = np.zeros(RATE, np.float32)
            wave = np.concatenate((around, spoken * 0.6, around))
            noisy = wave + random.normal(0, 10 ** random.uniform(-4.5, -2.6), len(wave))
            heard = _lines(engine, (np.clip(noisy, -1, 1) * 32767).astype(np.int16))
            right += heard == [text]
            if heard != [text]:
                print(f"  {text} ({voice} {wpm} {pitch}): {heard}")
    print(f"right: {right} of {_EACH * len(PHRASES)}")
    silent = sum(
        _lines(engine, random.normal(0, level, 4 * RATE).astype(np.int16), cut=False) == []
        for level in np.geomspace(1, 8000, 30)
    )
    print(f"noise that stays empty, also without the voice gate: {silent} of 30")
    for kana in _OTHERS:
        print(f"  {kana}: {_lines(engine, (say(kana) * 20_000).astype(np.int16))}")


def _lines(engine: WhisperRecogniser, samples: Samples, *, cut: bool = True) -> list[str]:
    segmenter = Segmenter()
    parts = [each.samples for each in (*segmenter.push(samples), *segmenter.flush()) if each.is_final]
    answers = [engine.recognise(part, "ja", "") for part in (parts if cut else [samples])]
    return [answer.text for answer in answers if judge(answer).kind is not Kind.NOTHING]


if __name__ == "__main__":
    main()
