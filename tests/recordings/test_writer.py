"""The writer loses nothing in silence: whatever is not in a file is a gap in it."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from recordings import journal
from recordings.journal import End, Gap
from recordings.writer import Journal, Writer, Written
from tests.recordings.killed import TRACKS, opening

KILLS = 6
MOST_LOST_S = 2.0


def packets_in(path: Path) -> list[tuple[int, bytes]]:
    """All packets of a file."""
    content = path.read_bytes()
    return list(journal.packets_between(content, journal.contents(content).packets, 0, 1 << 62))


class Ending:
    """Waits for a journal to be on the disk."""

    def __init__(self) -> None:
        self._event = threading.Event()
        self.written: Written

    def __call__(self, written: Written) -> None:
        self.written = written
        self._event.set()

    def wait(self) -> Written:
        assert self._event.wait(10)
        return self.written


def test_everything_taken_is_in_the_file_in_order(tmp_path: Path) -> None:
    ending = Ending()
    taken = [(1_000_000 + n * 1000, b"%d" % n) for n in range(20_000)]
    with Writer(tmp_path) as writer:
        one = writer.open(tmp_path / "call" / "a.journal", opening(1, 1_000_000), ending)
        for at_us, data in taken:
            one.packet(at_us, data)
        one.close(30_000_000, "ended")
        written = ending.wait()
    assert packets_in(written.path) == taken
    assert written.size_bytes == written.path.stat().st_size
    assert written.missing == 0
    found = journal.contents(written.path.read_bytes())
    assert found.notes == (End(30_000_000, "ended"),)


def test_a_slow_disk_leaves_a_gap_that_says_what_is_missing(tmp_path: Path) -> None:
    ending = Ending()
    writer = Writer(tmp_path, most_held=11)
    one = writer.open(tmp_path / "a.journal", opening(1, 0), ending)
    for n in range(30):  # nobody writes yet
        one.packet(n, bytes(100))
    with writer:
        one.close(99, "ended")
        written = ending.wait()
    assert len(packets_in(written.path)) == 11
    assert written.missing == 19
    gaps = journal.contents(written.path.read_bytes()).notes_that_are(Gap)
    assert gaps == [Gap(11, 29, 19, "slow disk")]


def test_a_disk_that_refuses_leaves_a_gap_and_is_asked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ending = Ending()
    refusing, refused = threading.Event(), threading.Event()
    write = os.write

    def stubborn(handle: int, content: memoryview) -> int:
        if refusing.is_set() and len(content) > 1:
            refused.set()
            raise OSError(28, "no space")
        return write(handle, content)

    with Writer(tmp_path) as writer:
        one = writer.open(tmp_path / "a.journal", opening(1, 0), ending)
        one.packet(1, b"before")
        _drain(writer, one)
        monkeypatch.setattr(os, "write", stubborn)
        refusing.set()
        one.packet(2, b"lost")
        writer.hurry()
        assert refused.wait(10)
        refusing.clear()
        one.packet(3, b"after")
        one.close(4, "ended")
        written = ending.wait()
    assert packets_in(written.path) == [(1, b"before"), (3, b"after")]
    assert journal.contents(written.path.read_bytes()).notes_that_are(Gap) == [Gap(2, 2, 1, "disk error")]
    assert written.missing == 1


def _drain(writer: Writer, one: Journal) -> None:
    deadline = time.monotonic() + 10
    while not (one.path.exists() and one.path.stat().st_size > 200 and writer.done):
        assert time.monotonic() < deadline
        writer.hurry()
        os.sched_yield()


def test_what_still_is_open_at_the_end_is_closed(tmp_path: Path) -> None:
    ending = Ending()
    with Writer(tmp_path) as writer:
        writer.open(tmp_path / "a.journal", opening(1, 0), ending).packet(5, b"x")
    [end] = journal.contents(ending.written.path.read_bytes()).notes_that_are(End)
    assert end.why == "server ended"


@pytest.mark.parametrize("attempt", range(KILLS))
def test_killed_at_any_moment_it_loses_at_most_two_seconds(tmp_path: Path, attempt: int) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.recordings.killed", str(tmp_path)], stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    moment_s = random.Random(attempt).uniform(0.3, 1.2)
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(moment_s)
    killed_us = time.time_ns() // 1000
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    files = sorted(tmp_path.glob("*.journal"))
    assert len(files) == TRACKS
    for file in files:
        found = packets_in(file)
        number = file.stem.encode()
        assert all(data == b"%s %d " % (number, at_us) * 40 for at_us, data in found)
        assert killed_us - found[-1][0] < MOST_LOST_S * 1e6
        assert not journal.contents(file.read_bytes()).notes_that_are(Gap)
