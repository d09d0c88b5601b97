"""What the test model learns from: renderings of its sentences, and everything it must stay silent about.

A clip is a power mel spectrogram and the sentence to write (empty for silence, noise, other words and halves
of sentences). Lead, tail, gain and noise are laid on when a batch is drawn, on the spectrogram: on the
waveform the same costs fifty times as much.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from whisper.audio import HOP_LENGTH, N_FFT, mel_filters

from tests.tiny_whisper.spoken import PHRASES, RATE, say, through_opus

FRAMES: Final = 400  # 4 s in frames of 10 ms: no sentence with its silences is longer
MARGIN: Final = 8  # frames of padding behind, so that the convolutions see what they will see in 30 s
_VOICES: Final = ("ja", "ja+f1", "ja+f2", "ja+f3", "ja+f4", "ja+m1", "ja+m2", "ja+m3", "ja+m4")
_OTHER_WORDS: Final = (
    "きのう やまで さかなを たべた ともだちと がっこうに いきました おおきな いぬが はしる"
    " あかい くるまに のる"
    " ほんを よむ おんがくを きいて ねむる あしたの よていわ まだ わからない みかんを むっつ かった"
    " にわに はなが さく そらわ あおく かぜわ つめたい しごとが おわって かえる でんわが なる おちゃを のむ"
    " まどを あける とけいが とまる となりの ひとと はなす えきまで あるく てがみを かく"
).split()


@dataclass(frozen=True, slots=True)
class Clip:
    """A power mel spectrogram (80 mels, frames of 10 ms) and what is to be written."""

    power: torch.Tensor
    text: str


def power_mel(samples: NDArray[np.float32]) -> torch.Tensor:
    """whisper.audio.log_mel_spectrogram up to its logarithm."""
    window = torch.hann_window(N_FFT)
    stft = torch.stft(
        torch.from_numpy(samples), N_FFT, HOP_LENGTH, window=window, return_complex=True, pad_mode="constant"
    )
    return mel_filters("cpu", 80) @ stft[..., :-1].abs() ** 2


def _render(kana: str, random: np.random.Generator) -> torch.Tensor:
    samples = say(
        kana, str(random.choice(_VOICES)), int(random.integers(135, 191)), int(random.integers(25, 76))
    )
    if random.random() < 0.5:
        samples = through_opus(samples, int(random.choice((20_000, 32_000, 48_000))))
    return power_mel(samples[: (FRAMES - 40) * HOP_LENGTH])


def _other_speech(random: np.random.Generator) -> str:
    """Words of no sentence, half a sentence, or two halves of different ones."""
    kind = random.random()
    if kind < 0.5:
        return " ".join(random.choice(_OTHER_WORDS, int(random.integers(2, 6))))
    first, second = (str(kana).split() for kana in random.choice(list(PHRASES.values()), 2, replace=False))
    if kind < 0.75:
        return " ".join(first[: max(1, len(first) // 2)])
    return " ".join((*first[: max(1, len(first) // 2)], *second[len(second) // 2 :]))


def make_clips(per_phrase: int, seed: int, cache: Path) -> list[Clip]:
    """`per_phrase` renderings of each sentence and half as many negatives; `cache` keeps them."""
    if cache.exists():
        return [Clip(power, text) for power, text in torch.load(cache, weights_only=True)]
    random = np.random.default_rng(seed)
    clips = [Clip(_render(kana, random), text) for text, kana in PHRASES.items() for _ in range(per_phrase)]
    others = {_other_speech(random) for _ in range(per_phrase * len(PHRASES) // 2)} - set(PHRASES.values())
    clips += [Clip(_render(kana, random), "") for kana in sorted(others)]
    torch.save([(clip.power, clip.text) for clip in clips], cache)
    return clips


class Noises:
    """Spectrograms of hiss, rumble and hum, four seconds each."""

    def __init__(self, random: np.random.Generator) -> None:
        self._random = random
        self._kept = [power_mel(self._wave()) for _ in range(60)]

    def _wave(self) -> NDArray[np.float32]:
        length = (FRAMES + 1) * HOP_LENGTH
        spectrum = np.fft.rfft(self._random.standard_normal(length))
        frequencies = np.fft.rfftfreq(length, 1 / RATE)
        spectrum *= np.maximum(frequencies, 40.0) ** -self._random.uniform(0, 1.2)
        wave = np.fft.irfft(spectrum, length)
        wave /= np.abs(wave).max()
        if self._random.random() < 0.3:
            t = np.arange(length) / RATE
            wave += sum(np.sin(2 * np.pi * 50 * n * t) / n for n in range(1, 6))
        return (wave * 0.3).astype(np.float32)

    def draw(self, level: float) -> torch.Tensor:
        """One of them, at this power; 1 is as loud as a voice."""
        return self._kept[int(self._random.integers(len(self._kept)))][:, :FRAMES] * level


def _varied(power: torch.Tensor, random: np.random.Generator) -> torch.Tensor:
    """The same a little faster or slower, by a smaller or larger head."""
    most = min(1.12, (FRAMES - 2) / power.shape[1])
    size = (80, round(power.shape[1] * random.uniform(0.88, most)))
    power = F.interpolate(power[None, None], size, mode="bilinear")[0, 0]
    step = int(random.integers(-2, 3))
    shifted = power.roll(step, 0)
    if step > 0:
        shifted[:step] = 0
    elif step < 0:
        shifted[step:] = 0
    return shifted


def heard(clip: Clip | None, noises: Noises, random: np.random.Generator) -> torch.Tensor:
    """The log mel as Whisper sees it, FRAMES + MARGIN long; None is nothing but noise, or silence."""
    power = torch.zeros(80, FRAMES + MARGIN)
    if clip is None:
        end, noise = int(random.integers(30, FRAMES + 1)), random.uniform(-7, 1)
    else:
        voice = _varied(clip.power, random)
        lead, gain = int(random.integers(0, 40)), random.uniform(-2.4, 0.3)
        lead = min(lead, FRAMES - voice.shape[1])
        end = min(FRAMES, lead + voice.shape[1] + int(random.integers(0, 60)))
        power[:, lead : lead + voice.shape[1]] = voice * float(10**gain)
        noise = gain - random.uniform(1.5, 6)
    if random.random() < 0.85:
        power[:, :end] += noises.draw(float(10**noise))[:, :end]
    log = power.clamp(min=1e-10).log10()
    return (torch.maximum(log, log.max() - 8.0) + 4.0) / 4.0
