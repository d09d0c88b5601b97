"""The product: people helping people on site.

`people` decides who may do what, `staff` is the directory, `presence` where they are, `work_hours` when;
`calls` keeps calls and their chat, `holds` who waits in them and how they change hands, `supervision` what
their supervisors do, `notes` what is left for a call without a line, `questions` what residents asked,
`recaps` what came of calls, `presentations` which `surfaces` were looked at together, `marks` what was drawn
there by the rules of `drawing`; `cases` keeps what several calls belong to, `sharing` who outside may read
of that; `documents` is the library. `topics` names what one can ask about; `queueing` and `wall` decide who is
rung and what a supervisor sees first. All rows live in a `Store`.
"""

from field_assist import (
    appointments,
    call_backs,
    calls,
    cases,
    consultations,
    documents,
    drawing,
    duty,
    holds,
    leases,
    marks,
    notes,
    people,
    presence,
    presentations,
    questions,
    queueing,
    recaps,
    rings,
    sharing,
    staff,
    staff_list,
    supervision,
    surfaces,
    topics,
    wall,
)
from field_assist.appointments import Appointment, AppointmentOver, AppointmentUnknown, NotThen
from field_assist.calls import CallClosed, CallSheet, CallUnknown, MessageUnknown, NotAConversationPartner
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
from field_assist.documents import (
    Document,
    DocumentSheet,
    DocumentUnknown,
    DocumentVersion,
    DocumentWithdrawn,
)
from field_assist.drawing import Audience, Mark, MarkMalformed, MarksFull
from field_assist.holds import HandOver, HandOverOver, HandOverState, HandOverUnknown, NobodyElse
from field_assist.identifiers import CROCKFORD, new_id
from field_assist.marks import MarkRow
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
from field_assist.people import CallFacts, CaseFacts, Disclosure, DocumentFacts, Guest, NewStaff, Person, Role
from field_assist.presence import Presence, Status
from field_assist.presentations import Paper, Presentation, SurfaceView
from field_assist.questions import Question, QuestionsFull, QuestionUnknown
from field_assist.recaps import Letter, LetterOver, LettersFull, LetterUnknown, Outcome, Recap, RecapChanged
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
from field_assist.supervision import Announcement
from field_assist.surfaces import Surface, SurfaceKind, SurfaceUnknown
from field_assist.work_hours import JST, WorkHours

__all__ = [
    "CROCKFORD",
    "JST",
    "Announcement",
    "Appointment",
    "AppointmentOver",
    "AppointmentUnknown",
    "Audience",
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
    "Disclosure",
    "Document",
    "DocumentFacts",
    "DocumentSheet",
    "DocumentUnknown",
    "DocumentVersion",
    "DocumentWithdrawn",
    "Guest",
    "HandOver",
    "HandOverOver",
    "HandOverState",
    "HandOverUnknown",
    "Letter",
    "LetterOver",
    "LetterUnknown",
    "LettersFull",
    "LinkedElsewhere",
    "Mark",
    "MarkMalformed",
    "MarkRow",
    "MarksFull",
    "MessageUnknown",
    "NewNote",
    "NewStaff",
    "NobodyElse",
    "NotAConversationPartner",
    "NotThen",
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
    "Outcome",
    "Paper",
    "Person",
    "Presence",
    "Presentation",
    "Question",
    "QuestionUnknown",
    "QuestionsFull",
    "Recap",
    "RecapChanged",
    "Role",
    "Session",
    "ShareUnknown",
    "Staff",
    "StaffExists",
    "StaffUnknown",
    "Status",
    "Store",
    "StoreUnavailable",
    "Surface",
    "SurfaceKind",
    "SurfaceUnknown",
    "SurfaceView",
    "UtcDateTime",
    "WorkHours",
    "appointments",
    "call_backs",
    "calls",
    "cases",
    "consultations",
    "create_store_engine",
    "documents",
    "drawing",
    "duty",
    "exclusive",
    "holds",
    "leases",
    "marks",
    "new_id",
    "notes",
    "people",
    "presence",
    "presentations",
    "questions",
    "queueing",
    "recaps",
    "rings",
    "sharing",
    "staff",
    "staff_list",
    "supervision",
    "surfaces",
    "topics",
    "wall",
]
