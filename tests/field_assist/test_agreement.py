"""Who agreed to what, folded from what was asked and said."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict

import pytest

from field_assist import (
    Agreement,
    ConsentEvent,
    ConsentState,
    ConsentStep,
    NothingTaken,
    OwnNoStands,
    Purpose,
    consent_texts,
)
from field_assist.agreement import AT_SITE, EVERYBODY
from tests.clock import START

STAFF, GUEST, LATE = "S-1", "G-1", "G-2"
ASKED, GIVEN = ConsentStep.ASKED, ConsentStep.GIVEN
REFUSED, WITHDRAWN = ConsentStep.REFUSED, ConsentStep.WITHDRAWN
RECORDING, PHOTO = Purpose.RECORDING, Purpose.PHOTO


def after(*steps: tuple[str, ConsentStep, str], purpose: Purpose = RECORDING) -> Agreement:
    return Agreement(ConsentEvent(whom, purpose, step, by, START) for whom, step, by in steps)


def state(found: Agreement, whom: str, purpose: Purpose = RECORDING) -> ConsentState:
    return found.of(whom, purpose).state


def test_nobody_has_agreed_before_they_said_so() -> None:
    asked = after((EVERYBODY, ASKED, STAFF))

    assert state(after(), GUEST) is ConsentState.NONE
    assert state(asked, GUEST) is ConsentState.ASKED
    assert asked.given() == {}


def test_each_purpose_stands_for_itself() -> None:
    found = after((GUEST, GIVEN, GUEST))

    assert found.given() == {GUEST: frozenset({RECORDING})}
    assert state(found, GUEST, PHOTO) is ConsentState.NONE


def test_late_joiners_are_asked_and_those_who_said_no_are_not_asked_again() -> None:
    found = after((GUEST, REFUSED, GUEST), (EVERYBODY, ASKED, STAFF))

    assert state(found, LATE) is ConsentState.ASKED
    assert state(found, GUEST) is ConsentState.REFUSED
    assert not found.is_news(EVERYBODY, RECORDING)
    assert found.is_news(GUEST, RECORDING), "by name they can be asked again"
    assert state(found, AT_SITE) is ConsentState.NONE


def test_a_yes_taken_back_is_withdrawn_and_a_no_before_any_yes_is_refused() -> None:
    assert after().answer(GUEST, RECORDING, is_yes=False, by=GUEST) is REFUSED
    assert after((GUEST, GIVEN, GUEST)).answer(GUEST, RECORDING, is_yes=False, by=GUEST) is WITHDRAWN
    assert after((GUEST, REFUSED, GUEST)).answer(GUEST, RECORDING, is_yes=False, by=GUEST) is None
    assert after((GUEST, GIVEN, GUEST)).answer(GUEST, RECORDING, is_yes=True, by=GUEST) is None


def test_nobody_else_enters_a_yes_over_a_no_of_the_own_hand() -> None:
    own = after((GUEST, REFUSED, GUEST), (GUEST, ASKED, STAFF))
    with pytest.raises(OwnNoStands):
        own.answer(GUEST, RECORDING, is_yes=True, by=STAFF)

    assert own.answer(GUEST, RECORDING, is_yes=True, by=GUEST) is GIVEN
    aloud = after((GUEST, REFUSED, STAFF))
    assert aloud.answer(GUEST, RECORDING, is_yes=True, by=STAFF) is GIVEN
    again = after((GUEST, REFUSED, GUEST), (GUEST, GIVEN, GUEST), (GUEST, WITHDRAWN, STAFF))
    assert again.answer(GUEST, RECORDING, is_yes=True, by=STAFF) is GIVEN


def test_what_was_taken_is_kept_or_deleted_only_after_a_withdrawal_and_deleting_stands() -> None:
    with pytest.raises(NothingTaken):
        after((GUEST, REFUSED, GUEST)).may_wish(GUEST, RECORDING, ConsentStep.DELETE)

    steps = ((GUEST, GIVEN, GUEST), (GUEST, WITHDRAWN, GUEST))
    assert after(*steps).may_wish(GUEST, RECORDING, ConsentStep.DELETE)
    kept = after(*steps, (GUEST, ConsentStep.KEEP, GUEST))
    assert kept.may_wish(GUEST, RECORDING, ConsentStep.DELETE), "one may change one's mind towards less"
    deleted = after(*steps, (GUEST, ConsentStep.DELETE, GUEST))
    assert not deleted.may_wish(GUEST, RECORDING, ConsentStep.KEEP)
    assert deleted.of(GUEST, RECORDING).wish is ConsentStep.DELETE


def test_a_text_that_was_ever_asked_is_never_changed() -> None:
    digests = {
        version: hashlib.sha256(
            json.dumps(
                {
                    language: {purpose.value: asdict(text) for purpose, text in texts.items()}
                    for language, texts in languages.items()
                },
                sort_keys=True,
            ).encode()
        ).hexdigest()[:16]
        for version, languages in consent_texts.TEXTS.items()
    }

    assert digests == {"1": "31cd7d36a71a47c7"}, "a new wording is a new version"


def test_every_text_asks_in_every_language() -> None:
    for languages in consent_texts.TEXTS.values():
        assert set(languages) == {"ja", "ja-easy", "en"}
        for texts in languages.values():
            assert set(texts) == set(Purpose)
