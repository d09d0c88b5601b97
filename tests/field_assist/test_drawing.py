"""Marks merge the same way in any order, any number of times; nobody touches what somebody else drew."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from field_assist import Audience, Mark, MarkMalformed, drawing
from field_assist.drawing import Colour, Content, Tool

points = st.lists(st.integers(0, drawing.UNIT), min_size=4, max_size=4).map(tuple)
contents = st.builds(
    Content,
    st.sampled_from(Tool),
    st.sampled_from(Colour),
    st.integers(1, 40),
    points,
    st.sampled_from(["", "幅 0.4 mm", "𠮷", "～"]),
    st.sampled_from(Audience),
)
some_marks = st.lists(
    st.builds(Mark, st.sampled_from("abc"), st.sampled_from(["S-1", "G-2"]), st.integers(1, 6), contents),
    max_size=12,
)


@given(st.data(), some_marks)
def test_marks_merge_to_the_same_set_in_any_order_and_with_any_doubles(
    data: st.DataObject, sent: list[Mark]
) -> None:
    doubles = data.draw(st.lists(st.sampled_from(sent))) if sent else []
    arrived = data.draw(st.permutations(sent + doubles))
    cut = data.draw(st.integers(0, len(arrived)))

    at_once = drawing.merge(sent)
    in_parts = drawing.merge(drawing.merge(arrived[:cut]).values(), drawing.merge(arrived[cut:]).values())

    assert dict(in_parts) == dict(at_once)


@given(some_marks, some_marks)
def test_merging_never_loses_a_mark_nor_goes_back_in_its_history(old: list[Mark], new: list[Mark]) -> None:
    merged = drawing.merge(old, new)

    for mark in [*old, *new]:
        assert merged[mark.author, mark.id].revision >= mark.revision


LINE = Mark("line0001", "S-1", 1, Content(Tool.LINE, Colour.RED, 20, (0, 0, 5000, 5000), "", Audience.ALL))


def test_undo_is_a_higher_revision_and_a_late_copy_of_the_drawn_mark_does_not_bring_it_back() -> None:
    undone = replace(LINE, revision=2)

    [merged] = drawing.merge([undone], [LINE]).values()

    assert not merged.is_drawn
    assert replace(LINE, revision=3).is_drawn


def test_another_author_with_the_same_id_has_another_mark() -> None:
    forged = replace(LINE, author="G-2", revision=2)

    merged = drawing.merge([LINE], [forged])

    assert merged["S-1", "line0001"].is_drawn


@pytest.mark.parametrize(
    "content",
    [
        replace(LINE.content, points=(0, 0, 5000)),
        replace(LINE.content, points=(0, 0)),
        replace(LINE.content, points=(0, 0, 5000, drawing.UNIT + 1)),
        replace(LINE.content, points=(-1, 0, 5000, 5000)),
        replace(LINE.content, width=0),
        replace(LINE.content, width=drawing.MAX_WIDTH + 1),
        replace(LINE.content, text="a line has no words"),
        replace(LINE.content, tool=Tool.TEXT, points=(0, 0)),
        replace(LINE.content, tool=Tool.TEXT, points=(0, 0), text="あ" * (drawing.MAX_TEXT_CHARS + 1)),
        replace(LINE.content, tool=Tool.STAMP, text="済"),
        replace(LINE.content, tool=Tool.PEN, points=(0, 0) * (drawing.MAX_POINTS + 1)),
    ],
)
def test_what_is_no_mark_is_refused(content: Content) -> None:
    with pytest.raises(MarkMalformed):
        drawing.check(replace(LINE, content=content))


@pytest.mark.parametrize("name", ["", "short", "a" * 33, "with space", "../../etc", "päth0001"])
def test_an_id_is_a_plain_word(name: str) -> None:
    with pytest.raises(MarkMalformed):
        drawing.check(replace(LINE, id=name))
