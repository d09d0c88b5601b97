"""What was said and seen in calls: journals of packets, written without decoding, read as media.

`journal` is the format, `writer` the thread that writes it, `sink` what stands between a tap and a journal;
`timing`, `frames` and `remux` read it again, `remuxer` beside the server, `export` into one file, as an
`export_job` says. `catalogue` knows what there is, `retention` for how long. Tables and what they stand on
are not imported here, so that the processes that read start at once: `from recordings import catalogue` does.
"""

from recordings import journal
from recordings.captions import Caption
from recordings.export_job import Job, Layout, Part
from recordings.journal import JournalDamaged, Opening
from recordings.processes import polite_processes
from recordings.reading import UNREADABLE, mapped
from recordings.remux import Hidden, Media, NothingThere, Outline, Whole
from recordings.remuxer import Remuxer
from recordings.retention import AFTER_CONFIRMATION, Retention, due_at
from recordings.rewrite import NotOurs, Rewritten, rewrite
from recordings.sink import TrackSink
from recordings.typeface import JAPANESE
from recordings.writer import Journal, Writer, Written

__all__ = [
    "AFTER_CONFIRMATION",
    "JAPANESE",
    "UNREADABLE",
    "Caption",
    "Hidden",
    "Job",
    "Journal",
    "JournalDamaged",
    "Layout",
    "Media",
    "NotOurs",
    "NothingThere",
    "Opening",
    "Outline",
    "Part",
    "Remuxer",
    "Retention",
    "Rewritten",
    "TrackSink",
    "Whole",
    "Writer",
    "Written",
    "catalogue",
    "due_at",
    "journal",
    "mapped",
    "polite_processes",
    "rewrite",
]
