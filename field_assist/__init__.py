"""The product: people helping people on site.

`people` decides who may do what, `staff` is the directory, `calls` keeps calls and their chat, `topics` names
what one can ask about; all rows live in a `Store`.
"""

from field_assist import calls, people, staff, topics
from field_assist.calls import CallClosed, CallSheet, CallUnknown, NotAConversationPartner
from field_assist.identifiers import CROCKFORD, new_id
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
    "NewStaff",
    "NotAConversationPartner",
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
    "people",
    "staff",
    "topics",
]
