"""The product: people helping people on site.

`people` decides who may do what, `staff` is the directory, `presence` where they are, `work_hours` when;
`calls` keeps calls and their chat, `notes` what is left for a call without a line, `topics` names what one
can ask about, `questions` what residents asked,
`recaps` what came of calls; all rows live in a `Store`.
"""

from field_assist import (
    appointments,
    call_backs,
    calls,
    consultations,
    duty,
    notes,
    people,
    presence,
    questions,
    queueing,
    recaps,
    staff,
    staff_list,
    topics,
)
from field_assist.appointments import Appointment, AppointmentOver, AppointmentUnknown, NotThen
from field_assist.calls import CallClosed, CallSheet, CallUnknown, MessageUnknown, NotAConversationPartner
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
from field_assist.people import CallFacts, Guest, NewStaff, Person, Role
from field_assist.presence import Presence, Status
from field_assist.questions import Question, QuestionsFull, QuestionUnknown
from field_assist.recaps import Letter, LetterOver, LettersFull, LetterUnknown, Outcome, Recap, RecapChanged
from field_assist.staff import Staff, StaffExists, StaffUnknown
from field_assist.store import Session, Store, StoreUnavailable, UtcDateTime, create_store_engine, exclusive
from field_assist.work_hours import JST, WorkHours

__all__ = [
    "CROCKFORD",
    "JST",
    "Appointment",
    "AppointmentOver",
    "AppointmentUnknown",
    "CallClosed",
    "CallFacts",
    "CallSheet",
    "CallUnknown",
    "Consultation",
    "ConsultationOver",
    "ConsultationState",
    "ConsultationUnknown",
    "Guest",
    "Letter",
    "LetterOver",
    "LetterUnknown",
    "LettersFull",
    "MessageUnknown",
    "NewNote",
    "NewStaff",
    "NotAConversationPartner",
    "NotThen",
    "Note",
    "NoteDamaged",
    "NoteElsewhere",
    "NoteKind",
    "NoteTaken",
    "NoteUnknown",
    "NotesFull",
    "Outcome",
    "Person",
    "Presence",
    "Question",
    "QuestionUnknown",
    "QuestionsFull",
    "Recap",
    "RecapChanged",
    "Role",
    "Session",
    "Staff",
    "StaffExists",
    "StaffUnknown",
    "Status",
    "Store",
    "StoreUnavailable",
    "UtcDateTime",
    "WorkHours",
    "appointments",
    "call_backs",
    "calls",
    "consultations",
    "create_store_engine",
    "duty",
    "exclusive",
    "new_id",
    "notes",
    "people",
    "presence",
    "questions",
    "queueing",
    "recaps",
    "staff",
    "staff_list",
    "topics",
]
