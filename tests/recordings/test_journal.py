"""A journal is whole up to its last whole block, wherever its file ends and whatever byte of it is wrong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recordings import journal
from recordings.journal import End, Gap, JournalDamaged, KeyFrame, Note, Opening, Report

OPENING = Opening(
    track_id="TR_AM1",
    call_id="call",
    identity="staff:1",
    source="microphone",
    kind="audio",
    mime_type="audio/opus",
    clock_rate_hz=48000,
    red_type=63,
    began_us=1_000_000,
)
NOTES: list[Note] = [
    Report(1_500_000, 7, 1 << 40, 9),
    KeyFrame(1_600_000, 7, 9),
    Gap(1_700_000, 1_800_000, 3, "disk"),
]


def packet(number: int) -> tuple[int, bytes]:
    """One that can be told from all others."""
    return 1_000_000 + number * 20_000, b"packet %d" % number + journal._MAGIC * (number % 3)


def written(count: int, each: int = 4) -> tuple[bytes, list[int]]:
    """A journal of so many packets, and where each block of packets ends."""
    content = journal.opening_block(OPENING)
    ends = []
    for first in range(0, count, each):
        content += journal.packets_block([packet(n) for n in range(first, min(first + each, count))])
        ends.append(len(content))
        content += journal.notes_block(NOTES)
    return content, ends


def read(content: bytes) -> list[tuple[int, bytes]]:
    """All packets."""
    found = journal.contents(content)
    return list(journal.packets_between(content, found.packets, 0, 1 << 62))


def test_what_was_written_is_read() -> None:
    content, _ = written(10)
    found = journal.contents(memoryview(content + journal.notes_block([End(2_000_000, "ended")])))
    assert found.opening == OPENING
    assert found.notes == (*NOTES * 3, End(2_000_000, "ended"))
    assert found.end_us == 2_000_000
    assert read(content) == [packet(n) for n in range(10)]


@given(st.data())
def test_a_torn_end_costs_the_last_block_and_nothing_before_it(data: st.DataObject) -> None:
    content, ends = written(40)
    first = len(journal.opening_block(OPENING))
    cut = data.draw(st.integers(first, len(content)))
    whole = 4 * sum(end <= cut for end in ends)
    assert read(content[:cut]) == [packet(n) for n in range(whole)]


@given(st.data())
def test_one_wrong_byte_costs_one_block(data: st.DataObject) -> None:
    content, _ = written(40)
    at = data.draw(st.integers(len(journal.opening_block(OPENING)), len(content) - 1))
    wrong = bytearray(content)
    wrong[at] ^= data.draw(st.integers(1, 255))
    found = read(bytes(wrong))
    assert len(found) >= 36
    assert set(found) <= {packet(n) for n in range(40)}


@given(st.binary(max_size=200))
def test_anything_else_is_refused_or_empty(noise: bytes) -> None:
    with pytest.raises(JournalDamaged):
        journal.contents(noise)
    assert read(journal.opening_block(OPENING) + noise) == []


def test_only_the_wanted_span_is_read() -> None:
    content, _ = written(40)
    found = journal.contents(content)
    came = list(journal.packets_between(content, found.packets, packet(10)[0], packet(13)[0]))
    assert came == [packet(10), packet(11), packet(12)]
