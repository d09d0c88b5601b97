"""The words of mail to residents, in Japanese, easy Japanese and English. Sans-IO.

Plain text of short lines: it is read on old phones, and read out. What staff wrote stands in it as it is.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import cast

from field_assist import JST, Letter, concierge, days


@dataclass(frozen=True, slots=True)
class LetterWords:
    """The fixed sentences around a letter; `{}` takes the value."""

    subject: str
    opening: str
    agreed: str
    next_step: str
    due: str
    questions: str
    no_answer_yet: str
    contact: str
    telephone: str
    link: str
    closing: str
    cards: str


LETTER: Mapping[str, LetterWords] = MappingProxyType(
    {
        "ja": LetterWords(
            subject="お話で決まったこと（{}）",
            opening="{} のお話で決まったことをお知らせします。",
            agreed="■ 決まったこと",
            next_step="■ 次にすること",
            due="{} まで",
            questions="■ ご質問",
            no_answer_yet="これからお答えします。",
            contact="■ わからないとき",
            telephone="電話 {}",
            link="同じ内容を、次の画面でも見られます（{} まで）。",
            closing="このメールに返信しても届きません。お電話ください。",
            cards="■ お見せした案内",
        ),
        "ja-easy": LetterWords(
            subject="話して 決まった こと（{}）",
            opening="{} に 話して 決まった ことを 書きました。",
            agreed="■ 決まった こと",
            next_step="■ つぎに する こと",
            due="{} までに して ください。",
            questions="■ あなたの しつもん",
            no_answer_yet="あとで 答えます。",
            contact="■ わからない とき",
            telephone="電話 {}",
            link="ここでも 同じ ことを 読めます（{} まで）。",
            closing="この メールに 返事を しても とどきません。電話を して ください。",
            cards="■ 見せた あんない",
        ),
        "en": LetterWords(
            subject="What we agreed ({})",
            opening="This is what we agreed when we spoke on {}.",
            agreed="What we agreed",
            next_step="What to do next",
            due="By {}",
            questions="Your questions",
            no_answer_yet="We will answer this later.",
            contact="If anything is unclear",
            telephone="Telephone {}",
            link="You can also read this here until {}:",
            closing="We do not receive replies to this mail. Please telephone.",
            cards="Services we showed you",
        ),
    }
)


def letter_mail(
    letter: Letter, talked_at: datetime, organisation: str, phone: str, url: str
) -> tuple[str, str]:
    """A letter as mail: subject and text."""
    words, language = LETTER[letter.language], letter.language
    day = days.day_words(talked_at.astimezone(JST).date(), language)
    due = (words.due.format(days.day_words(letter.due_on, language)),) if letter.due_on else ()
    parts = [
        (words.opening.format(day),),
        (words.agreed, *(f"・{line}" for line in points(letter.agreed))) if letter.agreed else (),
        (words.next_step, *due, letter.next_step) if letter.next_step or due else (),
        _questions(letter, words),
        *_cards(letter, words),
        (words.contact, letter.contact, organisation, words.telephone.format(phone) if phone else ""),
        (words.link.format(days.day_words(letter.expires_at.astimezone(JST).date(), language)), url),
        (words.closing,),
    ]
    return words.subject.format(organisation), _text(parts)


def points(text: str) -> list[str]:
    """One point a line; empty lines are none."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def _questions(letter: Letter, words: LetterWords) -> tuple[str, ...]:
    if not letter.questions:
        return ()
    lines = [words.questions]
    for asked in letter.questions:
        due = date.fromisoformat(asked["due"]) if asked["due"] else None
        answer = asked["answer"] or words.no_answer_yet
        until = "" if due is None else f" {words.due.format(days.day_words(due, letter.language))}"
        lines += [f"・{asked['text']}", f"　{answer}{until}"]
    return tuple(lines)


def _cards(letter: Letter, words: LetterWords) -> Iterable[tuple[str, ...]]:
    """Each with its source, which the card would not exist without."""
    if not letter.cards:
        return
    yield (words.cards,)
    for card in letter.cards:
        shown = concierge.cards.text(
            cast(concierge.cards.Card, card), concierge.cards.Language(letter.language)
        )
        yield (shown,)


def _text(parts: Iterable[tuple[str, ...]]) -> str:
    blocks = ["\n".join(line for line in part if line) for part in parts]
    return "\n\n".join(block for block in blocks if block) + "\n"
