"""What the chosen model makes of a recording, and how fast: for whoever has to choose one for this machine.

The same cutting, guards and engine as in a call, one utterance after the other on this machine's own cores.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from signaling.doctor.findings import Finding, green, red
from signaling.settings import Settings
from signaling.speech.engine import EngineState, engine_state
from signaling.speech.guards import Kind, judge
from signaling.speech.messages import RATE

if TYPE_CHECKING:
    from signaling.speech.voice_activity import Samples

Say = Callable[[str], object]

_WHY_NOT = {
    EngineState.NOT_SET_UP: (
        "no model was chosen",
        "Put a Whisper checkpoint on this machine and name it in GENBA_TRANSCRIPTION_MODEL.",
    ),
    EngineState.NOT_INSTALLED: (
        "the libraries are not installed",
        "pip install 'genba[transcription]'; everything else works without.",
    ),
    EngineState.NO_MODEL: (
        "the model's file is not there",
        "GENBA_TRANSCRIPTION_MODEL is a path, or the name of a file in models/ of the data directory.",
    ),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One utterance of the recording; seconds since it began."""

    start_s: float
    end_s: float
    text: str
    confidence: float
    is_doubtful: bool


def check_transcription(settings: Settings) -> Finding:
    """Whether what is said in calls can be written down here, where that is wished."""
    is_elsewhere = settings.transcription_is_elsewhere
    state = engine_state(settings.transcription_checkpoint, is_elsewhere=is_elsewhere)
    if state is EngineState.READY and is_elsewhere:
        return green("captions", "`genba transcribe` makes them, wherever it runs")
    if state is EngineState.READY:
        return green("captions", f"the model {settings.transcription_model} is there")
    return red("captions", *_WHY_NOT[state])


def run(file: Path, settings: Settings, say: Say, *, as_json: bool) -> int:
    """Say what is in the recording and how long that took; answers the exit status."""
    checkpoint = settings.transcription_checkpoint
    state = engine_state(checkpoint)
    if checkpoint is None or state is not EngineState.READY:
        finding = check_transcription(settings)
        say(f"{finding.says}\n→ {finding.advice}")
        return 1
    from signaling.speech.voice_activity import Segmenter
    from signaling.speech.whisper_recogniser import WhisperRecogniser

    samples = _samples(file)
    began = time.monotonic()
    engine = WhisperRecogniser(checkpoint, settings.transcription_threads)
    loaded = time.monotonic()
    segmenter = Segmenter()
    lines, spoken_s = list[Line](), 0.0
    for utterance in [*segmenter.push(samples), *segmenter.flush()]:
        if not utterance.is_final:
            continue
        spoken_s += len(utterance.samples) / RATE
        words = " ".join(settings.transcription_words)
        answer = engine.recognise(utterance.samples, settings.transcription_language, words)
        verdict = judge(answer)
        if verdict.kind is not Kind.NOTHING:
            text = answer.text if verdict.kind is Kind.LINE else ""
            times = (utterance.start / RATE, utterance.end / RATE)
            lines.append(Line(*times, text, answer.confidence, verdict.is_doubtful))
            if not as_json:
                say(_shown(lines[-1]))
    took_s = time.monotonic() - loaded
    figures: dict[str, str | float] = {
        "engine": engine.name,
        "device": engine.device,
        "load_s": round(loaded - began, 2),
        "audio_s": round(len(samples) / RATE, 2),
        "speech_s": round(spoken_s, 2),
        "took_s": round(took_s, 2),
        "speed_factor": round(spoken_s / took_s, 2) if took_s else 0.0,
    }
    if as_json:
        say(json.dumps({**figures, "lines": [asdict(line) for line in lines]}, ensure_ascii=False))
    else:
        say(_summary(figures))
    return 0


def _shown(line: Line) -> str:
    mark = " ?" if line.is_doubtful else ""
    return f"{line.start_s:7.1f} s  {line.text or '(unclear)'}  ({line.confidence:.2f}{mark})"


def _summary(figures: dict[str, str | float]) -> str:
    return (
        "{engine} on {device}: {speech_s} s of speech in {audio_s} s of sound took {took_s} s,"
        " {speed_factor} times as fast as speaking; loading took {load_s} s.\n"
        "A worker keeps up with that many people who speak at the same time; below 1, take a smaller model."
    ).format(**figures)


def _samples(file: Path) -> Samples:
    """Any sound file, as recognisers hear it."""
    import av
    import numpy as np

    resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
    with av.open(str(file)) as opened:
        parts = [part for frame in opened.decode(audio=0) for part in resampler.resample(frame)]
        parts += resampler.resample(None)
    return np.concatenate([np.zeros(0, np.int16), *(part.to_ndarray()[0].astype(np.int16) for part in parts)])
