"""One MP4 of a recording: every voice and picture at its moment, and whose it is."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import av
import numpy as np
import pytest

from recordings.captions import Caption
from recordings.export import HEIGHT, WIDTH, export
from recordings.export_job import Job, Layout, Part
from tests.recordings import studio
from tests.recordings.studio import BEGAN_US

FIRST_HZ, SECOND_HZ = 440.0, 1000.0


def parts(folder: Path) -> tuple[Part, ...]:
    """Two people: the first speaks for 2 s, the second from 3 s on; the second's picture is VP9."""
    made = []
    for number, (hz, mime_type) in enumerate(((FIRST_HZ, "video/vp8"), (SECOND_HZ, "video/vp9"))):
        shift_us = number * 3_000_000
        voice = [(at + shift_us, data) for at, data in studio.voice_packets(studio.tone(hz, 2))]
        pictures = studio.picture_packets(mime_type, studio.pictures(mime_type, 5))
        for kind, mime, came in (("audio", "audio/opus", voice), ("video", mime_type, pictures)):
            path = studio.write(folder / f"{number}.{kind}", kind, mime, came)
            made.append(Part(str(path), f"S-{number}", "早瀬 Hayase", kind, mime))
    return tuple(made)


def strength(samples: np.ndarray, hz: float) -> float:
    wave = np.exp(-2j * np.pi * hz * np.arange(len(samples)) / 48000)
    return float(2 * np.abs(np.mean(samples * wave)))


@pytest.mark.parametrize("layout", ["grid", "speaker"])
def test_everybody_is_heard_and_seen_when_they_were(tmp_path: Path, layout: Layout) -> None:
    target = tmp_path / "made.mp4"
    job = Job(str(target), BEGAN_US, layout, "F1001 2026-11-27", parts(tmp_path))
    job.write(tmp_path / "job.json")
    command = [sys.executable, "-m", "recordings.export", str(tmp_path / "job.json")]
    told = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout.split()
    assert float(told[-1]) == 1.0
    assert [float(each) for each in told] == sorted(float(each) for each in told)

    with av.open(str(target), "r") as container:
        pictures = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    with av.open(str(target), "r") as container:
        sound = np.concatenate([frame.to_ndarray().reshape(-1) for frame in container.decode(audio=0)])
    assert strength(sound[24_000:72_000], FIRST_HZ) > 0.2
    assert strength(sound[24_000:72_000], SECOND_HZ) < 0.02
    assert strength(sound[168_000:216_000], SECOND_HZ) > 0.2
    assert pictures[0].shape == (HEIGHT, WIDTH, 3)
    halves = (pictures[20][200:500, 100:500], pictures[20][200:500, 1060:1240])
    grey = 20 + 2 * 20
    assert abs(float(halves[0].mean()) - grey) < 12
    if layout == "grid":
        assert abs(float(halves[1].mean()) - grey) < 12


@pytest.mark.parametrize("burnt_in", [False, True])
def test_what_was_said_is_a_track_and_stands_in_the_picture_on_wish(tmp_path: Path, burnt_in: bool) -> None:
    target = tmp_path / "made.mp4"
    said = (
        Caption(500, 2500, "早瀬：ひび割れが\n広がる{\\b1}"),
        Caption(2000, 4000, "川上：止めましょう（自動）"),
    )
    job = Job(str(target), BEGAN_US, "grid", "F1001", parts(tmp_path), captions=said, burnt_in=burnt_in)
    job.write(tmp_path / "job.json")
    for _ in export(Job.read(tmp_path / "job.json")):
        pass

    with av.open(str(target), "r") as container:
        [track] = container.streams.subtitles
        assert track.metadata["language"] == "jpn"
        found = [(packet.pts, bytes(packet)[2:].decode()) for packet in container.demux(track) if packet.size]
    shown = [(at, words) for at, words in found if words]
    assert shown == [
        (500, "早瀬：ひび割れが 広がる｛＼b1｝"),
        (2000, "早瀬：ひび割れが 広がる｛＼b1｝\n川上：止めましょう（自動）"),
        (2500, "川上：止めましょう（自動）"),
    ]
    with av.open(str(target), "r") as container:
        pictures = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    foot = pictures[10][HEIGHT - 130 : HEIGHT - 44, WIDTH // 2 - 100 : WIDTH // 2 + 100]
    assert bool((foot > 200).any()) == burnt_in
    assert not (pictures[45][HEIGHT - 130 : HEIGHT - 44, WIDTH // 2 - 100 : WIDTH // 2 + 100] > 200).any()
