"""The product: people helping people on site.

`people` decides who may do what, `staff` is the directory, `presence` where they are, `work_hours` when;
`calls` keeps calls and their chat, `cases` what several of them belong to, `sharing` who outside may read of
that, `notes` what is left for a call without a line, `topics` names what one can ask about; all rows live in
a `Store`.
"""

from field_assist import (
    calls,
    cases,
    consultations,
    notes,
    people,
    presence,
    queueing,
    sharing,
    staff,
    staff_list,
    topics,
)
from field_assist.calls import CallClosed, CallSheet, CallUnknown, NotAConversationPartner
from field_assist.cases import (
    Case,
    CaseChanged,
    CaseClosed,
    CaseEvent,
    CaseSheet,
    CaseUnknown,
    LinkedElsewhere,
)
from field_assist.consultations import Consultation, ConsultationOver, ConsultationUnknown
from field_assist.consultations import State as ConsultationState
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
from field_assist.people import CallFacts, CaseFacts, Guest, NewStaff, Person, Role
from field_assist.presence import Status
from field_assist.sharing import (
    CaseShare,
    Organisation,
    OrganisationExists,
    OrganisationKind,
    OrganisationUnknown,
    ShareUnknown,
)
from field_assist.staff import Staff, StaffExists, StaffUnknown
from field_assist.store import Session, Store, StoreUnavailable, UtcDateTime, create_store_engine, exclusive

__all__ = [
    "CROCKFORD",
    "CallClosed",
    "CallFacts",
    "CallSheet",
    "CallUnknown",
    "Case",
    "CaseChanged",
    "CaseClosed",
    "CaseEvent",
    "CaseFacts",
    "CaseShare",
    "CaseSheet",
    "CaseUnknown",
    "Consultation",
    "ConsultationOver",
    "ConsultationState",
    "ConsultationUnknown",
    "Guest",
    "LinkedElsewhere",
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
    "Organisation",
    "OrganisationExists",
    "OrganisationKind",
    "OrganisationUnknown",
    "Person",
    "Role",
    "Session",
    "ShareUnknown",
    "Staff",
    "StaffExists",
    "StaffUnknown",
    "Status",
    "Store",
    "StoreUnavailable",
    "UtcDateTime",
    "calls",
    "cases",
    "consultations",
    "create_store_engine",
    "exclusive",
    "new_id",
    "notes",
    "people",
    "presence",
    "queueing",
    "sharing",
    "staff",
    "staff_list",
    "topics",
]
