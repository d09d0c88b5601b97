"""The product: people helping people on site.

`people` decides who may do what, `staff` is the directory, `presence` where they are, `work_hours` when;
`calls` keeps calls and their chat, `holds` who waits in them and how they change hands, `supervision` what
their supervisors do, `notes` what is left for a call without a line, `questions` what residents asked,
`recaps` what came of calls, `minutes` what stands of them in the official form, `presentations` which
`surfaces` were looked at together, `marks` what was drawn there by the rules of `drawing`, `stills` what was
photographed as `evidence`, `consents` who agreed to what by the rules of `agreement`, `transcripts` what was
said, of which `masking` proposes what should not be read `redactions` hide what may not leave the house
and `transcript_keeping` says for how long;
`cases` keeps what several calls belong to, `sharing` who outside reads of that; `decisions` keeps what was
decided as a chain of `decision_steps`; `documents` is the library. `topics` names what one can ask about;
`queueing` and `wall` decide who is rung and what a supervisor sees first. All rows live in a `Store`.
"""

from field_assist import (
    agreement,
    appointments,
    arrivals,
    bundles,
    call_backs,
    calls,
    cases,
    concierge,
    consent_texts,
    consents,
    consultations,
    decision_chain,
    decision_people,
    decision_rules,
    decision_steps,
    decisions,
    document_index,
    document_list,
    document_search,
    documents,
    drawing,
    duty,
    evidence,
    holds,
    leases,
    marks,
    masking,
    minutes,
    minutes_draft,
    notes,
    people,
    presence,
    presentations,
    questions,
    queueing,
    recaps,
    record_people,
    redaction_chain,
    redactions,
    returns,
    rings,
    seals,
    sharing,
    staff,
    staff_list,
    stills,
    supervision,
    surfaces,
    topics,
    transcript_keeping,
    transcripts,
    wall,
)
from field_assist.agreement import (
    Agreement,
    ConsentEvent,
    ConsentState,
    ConsentStep,
    NothingTaken,
    OwnNoStands,
    Purpose,
    Standing,
)
from field_assist.appointments import Appointment, AppointmentOver, AppointmentUnknown, NotThen
from field_assist.arrivals import ArrivalDamaged, ArrivalElsewhere, ArrivalTaken
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
from field_assist.consents import Consent
from field_assist.consultations import Consultation, ConsultationOver, ConsultationUnknown
from field_assist.consultations import State as ConsultationState
from field_assist.decision_chain import StepRefused
from field_assist.decision_people import DecisionFacts
from field_assist.decision_rules import Kind as DecisionKind
from field_assist.decision_rules import Rule as DecisionRule
from field_assist.decision_steps import Act as DecisionAct
from field_assist.decision_steps import Record as DecisionRecord
from field_assist.decision_steps import State as DecisionState
from field_assist.decisions import DecisionChanged, DecisionUnknown
from field_assist.decisions import Kept as KeptDecision
from field_assist.documents import (
    Document,
    DocumentSheet,
    DocumentUnknown,
    DocumentVersion,
    DocumentWithdrawn,
)
from field_assist.drawing import Audience, Mark, MarkMalformed, MarksFull
from field_assist.evidence import KeyRefused
from field_assist.holds import HandOver, HandOverOver, HandOverState, HandOverUnknown, NobodyElse
from field_assist.identifiers import CROCKFORD, new_id
from field_assist.marks import MarkRow
from field_assist.minutes import Minutes, MinutesChanged, MinutesUnknown
from field_assist.notes import (
    NewNote,
    Note,
    NoteKind,
    NotesFull,
    NoteUnknown,
)
from field_assist.people import CallFacts, CaseFacts, Disclosure, DocumentFacts, Guest, Person, Role
from field_assist.presence import Presence, Status
from field_assist.presentations import Paper, Presentation, SurfaceView
from field_assist.questions import Question, QuestionsFull, QuestionUnknown
from field_assist.recaps import Letter, LetterOver, LettersFull, LetterUnknown, Outcome, Recap, RecapChanged
from field_assist.redaction_chain import AlreadyLifted
from field_assist.redaction_chain import Reason as RedactionReason
from field_assist.redaction_chain import Record as RedactionRecord
from field_assist.redaction_chain import Span as HiddenSpan
from field_assist.redactions import RedactionRow, RedactionUnknown
from field_assist.returns import NobodyAnswered, Returned
from field_assist.sharing import (
    CaseShare,
    Organisation,
    OrganisationExists,
    OrganisationKind,
    OrganisationUnknown,
    ShareUnknown,
)
from field_assist.staff import Staff, StaffExists, StaffUnknown
from field_assist.staff_list import NewStaff
from field_assist.stills import (
    DeviceKey,
    DeviceKeysFull,
    DeviceKeyUnknown,
    NewStill,
    Still,
    StillKind,
    StillsFull,
    StillUnknown,
)
from field_assist.store import (
    Session,
    Store,
    StoreUnavailable,
    UtcDateTime,
    add_missing,
    create_store_engine,
    exclusive,
    matching,
)
from field_assist.supervision import Announcement
from field_assist.surfaces import Surface, SurfaceKind, SurfaceUnknown
from field_assist.transcripts import LineChanged, LineState, LineUnheard, LineUnknown, TranscriptLine
from field_assist.work_hours import JST, WorkHours

__all__ = [
    "CROCKFORD",
    "JST",
    "Agreement",
    "AlreadyLifted",
    "Announcement",
    "Appointment",
    "AppointmentOver",
    "AppointmentUnknown",
    "ArrivalDamaged",
    "ArrivalElsewhere",
    "ArrivalTaken",
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
    "Consent",
    "ConsentEvent",
    "ConsentState",
    "ConsentStep",
    "Consultation",
    "ConsultationOver",
    "ConsultationState",
    "ConsultationUnknown",
    "DecisionAct",
    "DecisionChanged",
    "DecisionFacts",
    "DecisionKind",
    "DecisionRecord",
    "DecisionRule",
    "DecisionState",
    "DecisionUnknown",
    "DeviceKey",
    "DeviceKeyUnknown",
    "DeviceKeysFull",
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
    "HiddenSpan",
    "KeptDecision",
    "KeyRefused",
    "Letter",
    "LetterOver",
    "LetterUnknown",
    "LettersFull",
    "LineChanged",
    "LineState",
    "LineUnheard",
    "LineUnknown",
    "LinkedElsewhere",
    "Mark",
    "MarkMalformed",
    "MarkRow",
    "MarksFull",
    "MessageUnknown",
    "Minutes",
    "MinutesChanged",
    "MinutesUnknown",
    "NewNote",
    "NewStaff",
    "NewStill",
    "NobodyAnswered",
    "NobodyElse",
    "NotAConversationPartner",
    "NotThen",
    "Note",
    "NoteKind",
    "NoteUnknown",
    "NotesFull",
    "NothingTaken",
    "Organisation",
    "OrganisationExists",
    "OrganisationKind",
    "OrganisationUnknown",
    "Outcome",
    "OwnNoStands",
    "Paper",
    "Person",
    "Presence",
    "Presentation",
    "Purpose",
    "Question",
    "QuestionUnknown",
    "QuestionsFull",
    "Recap",
    "RecapChanged",
    "RedactionReason",
    "RedactionRecord",
    "RedactionRow",
    "RedactionUnknown",
    "Returned",
    "Role",
    "Session",
    "ShareUnknown",
    "Staff",
    "StaffExists",
    "StaffUnknown",
    "Standing",
    "Status",
    "StepRefused",
    "Still",
    "StillKind",
    "StillUnknown",
    "StillsFull",
    "Store",
    "StoreUnavailable",
    "Surface",
    "SurfaceKind",
    "SurfaceUnknown",
    "SurfaceView",
    "TranscriptLine",
    "UtcDateTime",
    "WorkHours",
    "add_missing",
    "agreement",
    "appointments",
    "arrivals",
    "bundles",
    "call_backs",
    "calls",
    "cases",
    "concierge",
    "consent_texts",
    "consents",
    "consultations",
    "create_store_engine",
    "decision_chain",
    "decision_people",
    "decision_rules",
    "decision_steps",
    "decisions",
    "document_index",
    "document_list",
    "document_search",
    "documents",
    "drawing",
    "duty",
    "evidence",
    "exclusive",
    "holds",
    "leases",
    "marks",
    "masking",
    "matching",
    "minutes",
    "minutes_draft",
    "new_id",
    "notes",
    "people",
    "presence",
    "presentations",
    "questions",
    "queueing",
    "recaps",
    "record_people",
    "redaction_chain",
    "redactions",
    "returns",
    "rings",
    "seals",
    "sharing",
    "staff",
    "staff_list",
    "stills",
    "supervision",
    "surfaces",
    "topics",
    "transcript_keeping",
    "transcripts",
    "wall",
]
