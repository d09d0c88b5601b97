"""What a field worker can ask about: the tiles of the field home, and who answers for them.

A topic's key is also a specialist's skill, which is how a call finds its people. Sans-IO.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from field_assist.people import Person, Role


@dataclass(frozen=True, slots=True)
class Topic:
    """One tile: `icon` names a picture of the web client."""

    key: str
    label: str
    label_en: str
    department: str
    icon: str


TOPICS = (
    Topic("road", "橋・道路", "Bridges and roads", "道路建設課", "bridge"),
    Topic("slope", "がけ・斜面", "Cliffs and slopes", "砂防課", "slope"),
    Topic("building", "建物", "Buildings", "建築指導課", "building"),
    Topic("farm", "農地・家畜", "Farmland and livestock", "農業技術課", "farm"),
    Topic("welfare", "福祉", "Welfare", "地域福祉課", "welfare"),
    Topic("interpreting", "通訳", "Interpreting", "国際交流課", "interpreter"),
)

TOPIC_KEYS = frozenset(topic.key for topic in TOPICS)


def label(key: str, language: str) -> str:
    """What a topic is called; "" for none of them."""
    found = next((topic for topic in TOPICS if topic.key == key), None)
    if found is None:
        return ""
    return found.label_en if language == "en" else found.label


def named(word: str) -> list[str]:
    """Keys of the topics whose label, in Japanese or English, or whose department has this word."""
    word = word.casefold()
    return [
        topic.key
        for topic in TOPICS
        if any(word in text.casefold() for text in (topic.label, topic.label_en, topic.department))
    ]


def available(topic: Topic, present: Iterable[Person]) -> int:
    """How many of those present are specialists for the topic."""
    return sum(1 for person in present if person.role is Role.SPECIALIST and topic.key in person.skills)
