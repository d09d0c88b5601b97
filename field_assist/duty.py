"""当番: who is on duty at a moment, and when somebody will be again. Sans-IO.

On duty is whoever's working hours it is, and whoever said outside of them that they are there: that word
holds until their next hours begin. What was said during the hours does not: who says good-bye every evening?
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from field_assist.people import Person


@dataclass(frozen=True, slots=True)
class Word:
    """What somebody said of where they are, and when."""

    is_there: bool
    at: datetime


def is_on_duty(person: Person, word: Word | None, at: datetime) -> bool:
    """Whether it is right to ring this person now."""
    if person.hours.contains(at):
        return True
    if word is None or not word.is_there or person.hours.contains(word.at):
        return False
    begins = person.hours.next_start(word.at)
    return begins is None or begins > at


def next_on_duty(people: Iterable[Person], words: Mapping[str, Word], at: datetime) -> datetime | None:
    """When the first of these people is there again; None while somebody is, and where nobody can say."""
    found = list(people)
    if any(is_on_duty(person, words.get(person.id), at) for person in found):
        return None
    begins = (person.hours.next_start(at) for person in found)
    return min((begin for begin in begins if begin is not None), default=None)
