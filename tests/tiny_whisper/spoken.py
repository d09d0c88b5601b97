"""The eighteen sentences the test model knows, and a voice that says them (espeak-ng).

espeak-ng reads no kanji: it is given kana with spaces between phrases and particles as they sound (は as わ).
The sentences are chosen far apart from each other.
"""

from __future__ import annotations

import io
import subprocess
import wave
from typing import Final

import av
import numpy as np
from numpy.typing import NDArray

RATE: Final = 16_000

PHRASES: Final = {
    "橋の下にひび割れがあります": "はしの したに ひびわれが あります",
    "写真を撮ってください": "しゃしんを とって ください",
    "水位は二メートルです": "すいいわ に めーとる です",
    "承認します": "しょうにん します",
    "通行止めにしてください": "つうこうどめに して ください",
    "救急車を呼んでください": "きゅうきゅうしゃを よんで ください",
    "危険ですから下がってください": "きけん ですから さがって ください",
    "図面を見せてください": "ずめんを みせて ください",
    "もう一度お願いします": "もう いちど おねがい します",
    "聞こえますか": "きこえますか",
    "避難所は小学校です": "ひなんじょわ しょうがっこう です",
    "道路が陥没しています": "どうろが かんぼつ して います",
    "了解しました": "りょうかい しました",
    "雨が強くなってきました": "あめが つよく なって きました",
    "堤防を確認します": "ていぼうを かくにん します",
    "土砂が流れています": "どしゃが ながれて います",
    "家族は全員無事です": "かぞくわ ぜんいん ぶじ です",
    "担当者に代わります": "たんとうしゃに かわります",
}


def say(kana: str, voice: str = "ja", words_per_minute: int = 160, pitch: int = 50) -> NDArray[np.float32]:
    """The kana spoken: mono samples at 16 kHz between -1 and 1, with espeak's own short silences around."""
    spoken = subprocess.run(
        ["espeak-ng", "-v", voice, "-s", str(words_per_minute), "-p", str(pitch), "--stdout", kana],
        check=True,
        capture_output=True,
    ).stdout
    with wave.open(io.BytesIO(spoken)) as file:
        rate = file.getframerate()
        samples = np.frombuffer(file.readframes(file.getnframes()), np.int16)
    frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="s16", layout="mono")
    frame.sample_rate = rate
    resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE)
    parts = [part.to_ndarray()[0] for piece in (frame, None) for part in resampler.resample(piece)]
    return np.concatenate(parts).astype(np.float32)


def through_opus(samples: NDArray[np.float32], bit_rate: int) -> NDArray[np.float32]:
    """What a call leaves of the samples: Opus there and back, 20 ms frames at 48 kHz."""
    encoder = av.AudioCodecContext.create("libopus", "w")
    encoder.sample_rate, encoder.layout, encoder.format = 48_000, "mono", "flt"
    encoder.bit_rate = bit_rate
    encoder.options = {"application": "voip"}
    decoder = av.AudioCodecContext.create("opus", "r")
    up = av.AudioResampler(format="flt", layout="mono", rate=48_000, frame_size=960)
    down = av.AudioResampler(format="flt", layout="mono", rate=RATE)
    frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="flt", layout="mono")
    frame.sample_rate = RATE
    packets = [p for piece in (frame, None) for part in up.resample(piece) for p in encoder.encode(part)]
    packets += encoder.encode(None)
    heard = [part for packet in packets for part in decoder.decode(packet)]
    parts = [part.to_ndarray()[0] for piece in (*heard, None) for part in down.resample(piece)]
    return np.concatenate(parts).astype(np.float32)
