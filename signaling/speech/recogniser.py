"""What turns an utterance into text: the shape every engine has, and what it says of its answer. Sans-IO."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # the server itself does without numpy
    from signaling.speech.voice_activity import Samples


@dataclass(frozen=True, slots=True)
class Recognised:
    """An engine's answer. Likelihoods are between 0 and 1.

    `compression` is how well the text compresses (text that goes round in circles does so well);
    `no_speech` how likely it is that nobody spoke at all.
    """

    text: str
    confidence: float
    no_speech: float
    compression: float


class Recogniser(Protocol):
    """An engine with its model loaded."""

    @property
    def name(self) -> str:
        """Engine and model, as kept beside every line."""

    def recognise(self, samples: "Samples", language: str, words: str) -> Recognised:
        """The text of up to 30 s in this language (ISO 639-1); `words` are names that may occur."""
