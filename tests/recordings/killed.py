"""A process that records until it is killed, for test_writer.py; says "ready" once it begins."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from recordings.journal import Opening
from recordings.writer import Writer

TRACKS = 12


def opening(number: int, began_us: int) -> Opening:
    """One of many tracks."""
    return Opening(f"TR_{number}", "call", "staff:1", "camera", "video", "video/VP8", 90000, -1, began_us)


def main(folder: Path) -> None:
    """Record for ever."""
    with Writer(folder) as writer:
        now_us = time.time_ns() // 1000
        open_ones = [
            writer.open(folder / f"{number}.journal", opening(number, now_us), lambda written: None)
            for number in range(TRACKS)
        ]
        for number, one in enumerate(open_ones):
            one.packet(now_us, b"%d %d " % (number, now_us) * 40)
        writer.settle()
        print("ready", flush=True)
        while True:
            now_us = time.time_ns() // 1000
            for number, one in enumerate(open_ones):
                one.packet(now_us, b"%d %d " % (number, now_us) * 40)
            time.sleep(0.005)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
