"""Renumbering: continuous outgoing sequence numbers, and back."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from media.renumber import Renumber, Shift


def out(line: Renumber[str], number: int) -> int | None:
    segment = line.forward(number)
    return None if segment is None else (number + segment.offset) & 0xFFFF


def test_first_packet_gets_the_chosen_number() -> None:
    line: Renumber[str] = Renumber()

    line.switch("a", 500, Shift(), first_out=7)

    assert [out(line, 500), out(line, 501), out(line, 503)] == [7, 8, 10]


def test_nothing_is_forwarded_before_a_source_is_chosen() -> None:
    line: Renumber[str] = Renumber()

    assert line.forward(1) is None
    assert line.original(1) is None
    assert line.last_out == -1


def test_dropped_padding_leaves_no_gap() -> None:
    line: Renumber[str] = Renumber()
    line.switch("a", 10, Shift(), first_out=100)

    sent = [out(line, 10)]
    line.drop(11)
    line.drop(12)
    sent.append(out(line, 13))

    assert sent == [100, 101]
    assert line.original(101) == (line.segment, 13)


def test_loss_before_a_dropped_packet_can_still_be_filled() -> None:
    line: Renumber[str] = Renumber()
    line.switch("a", 10, Shift(), first_out=100)
    out(line, 10)
    line.drop(12)  # 11 is late
    out(line, 13)

    assert out(line, 11) == 101
    assert out(line, 13) == 102


def test_late_or_repeated_drop_changes_nothing() -> None:
    line: Renumber[str] = Renumber()
    line.switch("a", 10, Shift(), first_out=100)
    out(line, 10)
    line.drop(11)
    line.drop(11)
    line.drop(9)

    assert out(line, 12) == 101


def test_switch_continues_and_refuses_older_packets_of_the_new_source() -> None:
    line: Renumber[str] = Renumber()
    line.switch("low", 10, Shift(), first_out=100)
    out(line, 10)

    line.switch("high", 9000, Shift(timestamp=5))

    assert out(line, 9000) == 101
    assert out(line, 8999) is None
    found = line.original(100)
    assert found is not None and (found[0].source, found[1]) == ("low", 10)


def test_original_of_a_number_never_sent_is_unknown() -> None:
    line: Renumber[str] = Renumber()
    line.switch("a", 10, Shift(), first_out=100)
    out(line, 10)

    assert line.original(101) is None
    assert line.original(99) is None


def test_segment_may_outlive_many_wraps() -> None:
    line: Renumber[str] = Renumber()
    line.switch("a", 65530, Shift(), first_out=3)
    for number in range(65530, 65530 + 200_000):
        assert out(line, number & 0xFFFF) == (number - 65530 + 3) & 0xFFFF

    last = 65530 + 199_999
    found = line.original((199_999 + 3) & 0xFFFF)
    assert found is not None and found[1] == last & 0xFFFF


@given(
    st.lists(st.sampled_from(["send", "drop", "lose", "switch"]), max_size=200),
    st.integers(0, 65535),
    st.integers(0, 65535),
)
def test_outgoing_is_continuous_except_for_losses_and_reversible(
    actions: list[str], start: int, first_out: int
) -> None:
    line: Renumber[int] = Renumber()
    source, number = 0, start
    line.switch(source, number, Shift(), first_out=first_out)
    expected = first_out
    sent: list[tuple[int, int, int]] = []
    for action in actions:
        if action == "send":
            got = out_of(line, number)
            assert got == expected & 0xFFFF
            sent.append((got, source, number))
            expected += 1
            number = (number + 1) & 0xFFFF
        elif action == "lose":
            expected += 1
            number = (number + 1) & 0xFFFF
        elif action == "drop":
            line.drop(number)
            number = (number + 1) & 0xFFFF
        else:
            source, number = source + 1, (number * 7 + 13) & 0xFFFF
            expected = line.last_out + 1
            line.switch(source, number, Shift())

    for got, from_source, original in sent:
        found = line.original(got)
        assert found is not None
        assert (found[0].source, found[1]) == (from_source, original)


def test_numbers_that_were_never_sent_are_given_again() -> None:
    line: Renumber[str] = Renumber()
    line.switch("a", 10, Shift(), first_out=100)
    assert [out(line, number) for number in (10, 11, 13, 14)] == [100, 101, 103, 104]  # 12 is late

    assert not line.rewind({101, 103, 104})  # 102 may yet be sent

    assert out(line, 12) == 102
    line.switch("b", 500, Shift())
    assert [out(line, 500), out(line, 501)] == [103, 104]
    assert line.original(103) == (line.segment, 500)
    assert line.original(100) is not None


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["forward", "lose", "late", "leave", "discard", "switch"]), st.integers(0, 9)
        ),
        max_size=200,
    ),
    st.integers(0, 65535),
)
def test_no_number_is_ever_sent_twice_however_often_what_waits_is_discarded(
    actions: list[tuple[str, int]], start: int
) -> None:
    line: Renumber[int] = Renumber()
    source, number = 0, start
    line.switch(source, number, Shift(), first_out=start)
    waiting: list[int] = []
    missing: list[int] = []
    sent: set[int] = set()
    for action, count in actions:
        if action in ("forward", "lose"):
            if action == "lose":
                missing.append(number)
            elif (got := out_of(line, number)) is not None:
                waiting.append(got)
            number = (number + 1) & 0xFFFF
        elif action == "late" and missing:
            if (got := out_of(line, missing.pop(count % len(missing)))) is not None:
                waiting.append(got)
        elif action == "leave":
            for got in waiting[:count]:
                assert got not in sent
                sent.add(got)
            del waiting[:count]
        elif action == "discard":  # as the downlink does: all but the first few
            line.rewind(set(waiting[count:]))
            del waiting[count:]
        elif action == "switch":
            source, number = source + 1, (number * 7 + 13) & 0xFFFF
            missing.clear()
            line.switch(source, number, Shift())


def out_of(line: Renumber[int], number: int) -> int | None:
    segment = line.forward(number)
    return None if segment is None else (number + segment.offset) & 0xFFFF
