"""What was said and seen in calls: journals of packets, written without decoding, read as media.

`journal` is the format, `writer` the thread that writes it, `sink` what stands between a tap and a journal;
`timing`, `frames` and `remux` read it again, `remuxer` beside the server, `export` into one file. `catalogue`
knows what there is, `retention` for how long.
"""

from recordings import catalogue, journal
from recordings.catalogue import (
    Ended,
    RecordedTrack,
    Recording,
    RecordingHeld,
    RecordingRunning,
    RecordingUnknown,
)
from recordings.export import Job, Layout, Part
from recordings.journal import JournalDamaged, Opening
from recordings.remux import Media, NothingThere, Outline
from recordings.remuxer import Remuxer
from recordings.retention import Retention
from recordings.sink import TrackSink
from recordings.writer import Journal, Writer, Written

__all__ = [
    "Ended",
    "Job",
    "Journal",
    "JournalDamaged",
    "Layout",
    "Media",
    "NothingThere",
    "Opening",
    "Outline",
    "Part",
    "RecordedTrack",
    "Recording",
    "RecordingHeld",
    "RecordingRunning",
    "RecordingUnknown",
    "Remuxer",
    "Retention",
    "TrackSink",
    "Writer",
    "Written",
    "catalogue",
    "journal",
]
