"""What was said and seen in calls: journals of packets, written without decoding, read as media."""

from recordings import journal
from recordings.journal import JournalDamaged, Opening
from recordings.writer import Journal, Writer, Written

__all__ = ["Journal", "JournalDamaged", "Opening", "Writer", "Written", "journal"]
