"""OpenAI's Whisper, from a checkpoint in its own format; on a GPU where torch sees one.

Greedy and without time stamps: an utterance is one line and its times are known. End of text may be the
first token, so that an empty answer is possible where nobody spoke.
"""

from pathlib import Path

import numpy as np
import torch
import whisper
from whisper.audio import N_SAMPLES, log_mel_spectrogram, pad_or_trim
from whisper.decoding import DecodingOptions, DecodingResult, decode
from whisper.tokenizer import LANGUAGES

from signaling.speech.recogniser import Recognised
from signaling.speech.voice_activity import Samples


class WhisperRecogniser:
    """A loaded checkpoint."""

    def __init__(self, checkpoint: Path, threads: int = 0) -> None:
        if threads:
            torch.set_num_threads(threads)
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        self._model = whisper.load_model(str(checkpoint), device=self.device)
        self.name = f"whisper {checkpoint.stem}"

    def recognise(self, samples: Samples, language: str, words: str) -> Recognised:
        """As `Recogniser` has it."""
        wave = torch.from_numpy(samples.astype(np.float32) / 32768)
        mel = log_mel_spectrogram(pad_or_trim(wave, N_SAMPLES), self._model.dims.n_mels)
        options = DecodingOptions(
            language=language if language in LANGUAGES and self._model.is_multilingual else "en",
            temperature=0.0,
            prompt=words or None,
            without_timestamps=True,
            suppress_blank=False,
            length_penalty=0.0,  # there is one candidate; by its length an empty one would divide by 0
            fp16=self.device == "cuda",
        )
        result: DecodingResult = decode(self._model, mel.to(self.device), options)
        return Recognised(
            text=result.text.strip(),
            confidence=float(np.exp(min(0.0, result.avg_logprob))),
            no_speech=float(result.no_speech_prob),
            compression=float(result.compression_ratio),
        )
