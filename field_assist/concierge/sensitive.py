"""Whether something said is of a sensitive topic: asked first, before anything is looked for.

A topic is known by its words and, where there is a model of meaning, by sentences that mean the same. Either
is enough: to be shown a desk without need costs little, to be passed over much.

Sans-IO.
"""

import re
import unicodedata
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from field_assist.concierge.sensitive_words import PATTERNS
from field_assist.concierge.topics import Topic

LIKE = 0.72
"""Cosine from which a question says the same as a sentence; ordinary questions stay well below."""

_PATTERNS = {topic: re.compile(pattern, re.IGNORECASE) for topic, pattern in PATTERNS.items()}


def topics_by_words(text: str) -> frozenset[Topic]:
    """Topics whose words a text holds."""
    plain = unicodedata.normalize("NFKC", text)
    return frozenset(topic for topic, pattern in _PATTERNS.items() if pattern.search(plain))


def topics_by_meaning(
    question: npt.NDArray[np.float32], sentences: Mapping[Topic, npt.NDArray[np.float32]]
) -> frozenset[Topic]:
    """Topics one of whose sentences means the same as one of the question's; rows of unit length."""
    return frozenset(topic for topic, rows in sentences.items() if float((rows @ question.T).max()) >= LIKE)
