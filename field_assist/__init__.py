"""The product: people helping people on site.

`people` decides who may do what, `staff` is the directory, `calls` keeps calls and their chat, `notes` what
is left for a call without a line, `topics` names what one can ask about; all rows live in a `Store`.
"""

from field_assist import calls, notes, people, staff, topics
from field_assist.calls import CallClosed, CallSheet, CallUnknown, NotAConversationPartner
from field_assist.identifiers import CROCKFORD, new_id
from field_assist.notes import (
    NewNote,
    Note,
    NoteDamaged,
    NoteElsewhere,
    NoteKind,
    NotesFull,
    NoteTaken,
    NoteUnknown,
)
from field_assist.people import CallFacts, Guest, Person, Role
from field_assist.staff import NewStaff, Staff, StaffExists, StaffUnknown
from field_assist.store import Session, Store, StoreUnavailable, UtcDateTime, create_store_engine, exclusive

__all__ = [
    "CROCKFORD",
    "CallClosed",
    "CallFacts",
    "CallSheet",
    "CallUnknown",
    "Guest",
    "NewNote",
    "NewStaff",
    "NotAConversationPartner",
    "Note",
    "NoteDamaged",
    "NoteElsewhere",
    "NoteKind",
    "NoteTaken",
    "NoteUnknown",
    "NotesFull",
    "Person",
    "Role",
    "Session",
    "Staff",
    "StaffExists",
    "StaffUnknown",
    "Store",
    "StoreUnavailable",
    "UtcDateTime",
    "calls",
    "create_store_engine",
    "exclusive",
    "new_id",
    "notes",
    "people",
    "staff",
    "topics",
]
