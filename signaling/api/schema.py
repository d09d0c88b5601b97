"""The words of the REST interface: every request and response body under /api as a pydantic model.

The web client's TypeScript types are printed from these (`genba openapi`), so a name here is a promise.
Models carry limits (lengths, ranges): input is validated once, here, and trusted inside.
"""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from field_assist import WorkHours, notes

StaffRole = Literal["field", "specialist", "supervisor", "admin", "operator"]
GuestKind = Literal["resident", "partner", "interpreter"]
SenderRole = Literal[
    "field", "specialist", "supervisor", "admin", "operator", "resident", "partner", "interpreter"
]
Language = Literal["ja", "ja-easy", "en"]
PresenceStatus = Literal["office", "trip", "home", "satellite", "busy", "absent"]
Stage = Literal["otp", "enrol", "full"]
InvitationState = Literal["open", "used", "expired", "revoked"]

MAX_EXPIRY_S = 7 * 24 * 3600
"""An invitation lives a week at most: a link in an old message must not open anything."""


def _no_control_characters(value: str) -> str:
    if any((ord(character) < 32 and character not in "\n\t") or ord(character) == 127 for character in value):
        raise ValueError("control characters are not text")
    return value


Text = Annotated[str, AfterValidator(_no_control_characters)]
Line = Annotated[Text, StringConstraints(strip_whitespace=True, max_length=120, pattern=r"^[^\n\t]*$")]
Name = Annotated[
    Text, StringConstraints(strip_whitespace=True, min_length=1, max_length=60, pattern=r"^[^\n\t]*$")
]


def _work_hours(value: str) -> str:
    """「月-金 8:30-17:15」 as it is kept; NotWorkHours is a ValueError, so it is refused like any other."""
    return str(WorkHours.parse(value)) if value else ""


WorkHoursText = Annotated[str, StringConstraints(max_length=60), AfterValidator(_work_hours)]


class Request(BaseModel):
    """What all request bodies share: unknown fields are refused, so a misspelt option is noticed."""

    model_config = ConfigDict(extra="forbid")


class ErrorBody(BaseModel):
    """A message key, its parameters and the reference that is also in the log."""

    key: str
    params: dict[str, str | int | float | bool | None] = Field(default_factory=dict)
    reference: str


class ErrorAnswer(BaseModel):
    """Every refusal under /api."""

    error: ErrorBody


class Person(BaseModel):
    """A member of staff as colleagues see them."""

    id: str
    staff_no: str
    name: str
    kana: str
    role: StaffRole
    post: str
    department: str
    office: str
    skills: list[str]


class StaffEntry(Person):
    """A directory row: `present` means signed in and seen within the last minutes.

    `status` is what is shown of where they are, `said` what they said themselves; `hours` their working
    hours in words, `here_from` when those begin again, null while they last.
    """

    present: bool
    status: PresenceStatus
    said: PresenceStatus | None
    hours: str
    here_from: datetime | None


class PresenceRequest(Request):
    """Where somebody is, by their own word; 対応中 is told by the call."""

    status: Literal["office", "trip", "home", "satellite", "absent"]


class SignInRequest(Request):
    """Staff number and password, the first of two factors."""

    staff_no: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=32)]
    password: Annotated[str, StringConstraints(min_length=1, max_length=256)]


class SignInAnswer(BaseModel):
    """What the person has to do next; never says who they are before the second factor."""

    next: Literal["otp", "enrol"]


class CodeRequest(Request):
    """A one-time code or a recovery code as typed; spaces, hyphens and full-width digits are accepted."""

    code: Annotated[str, StringConstraints(min_length=1, max_length=64)]


class Me(BaseModel):
    """Who is signed in, how far, until when, and the token that unsafe requests carry."""

    stage: Stage
    person: Person | None
    csrf_token: str
    expires_at: datetime


class RecoveredMe(Me):
    """The answer to a recovery code: how many are left."""

    recovery_codes_left: int


class Enrolment(BaseModel):
    """What an authenticator app needs: the secret in base32, as an otpauth URI and as a QR code (SVG)."""

    secret: str
    otpauth_uri: str
    qr_svg: str


class Enrolled(BaseModel):
    """Recovery codes, shown this once, and the person who is now fully signed in."""

    recovery_codes: list[str]
    me: Me


class MapSource(BaseModel):
    """Where the tiles of maps come from (a URL with {z}, {x} and {y}), and whose they are."""

    tiles: str
    attribution: str
    attribution_url: str


class Public(BaseModel):
    """What anybody may know of this installation; without a `map` places are shown in words.

    `captions`: what is said can be written down here, by whoever agrees. `concierge`: public services are
    looked up here, and given out as open data.
    """

    organisation: str
    office_phone: str
    version: str
    demo: bool
    captions: bool
    concierge: bool
    map: MapSource | None


class Topic(BaseModel):
    """A tile on the field home: what to ask about, and how many specialists are present for it now."""

    key: str
    label: str
    label_en: str
    department: str
    icon: str
    available: int


class CallMemberEntry(BaseModel):
    """A member of staff in a call's list; `joined` = connected to the room now."""

    person: Person
    joined: bool


class CallGuestEntry(BaseModel):
    """An invited guest in a call's list; revoked and expired invitations are left out unless joined."""

    invitation_id: str
    name: str
    kind: GuestKind
    joined: bool


class Call(BaseModel):
    """One call (会議室), which is one LiveKit room of the same name as `id`."""

    id: str
    number: str
    title: str
    topic: str
    place: str
    state: Literal["open", "closed"]
    started_at: datetime
    ended_at: datetime | None
    host: Person
    members: list[CallMemberEntry]
    guests: list[CallGuestEntry]
    live_count: int


class CallsAnswer(BaseModel):
    """GET /api/calls: live ones first, then today's, newest first."""

    calls: list[Call]


class StartCallRequest(Request):
    """All optional: two taps start a call, words can come later.

    A topic rings at its specialists, `superior` at the caller's superior (上司); else nobody is rung. With
    `case_id` the call belongs to that case.
    """

    topic: Line = ""
    superior: bool = False
    case_id: Annotated[str, StringConstraints(min_length=1, max_length=40)] | None = None
    title: Line = ""
    place: Line = ""


class Connection(BaseModel):
    """What a client needs to enter the room: `url` "" means same origin (build ws URL from location)."""

    call: Call
    url: str
    token: str
    identity: str


class GuestConnection(Connection):
    """POST /api/join/{code}: the guest's way into the room, and the token for unsafe requests.

    The call in it is cut to what a guest may know: no staff numbers or skills, no other guest.
    """

    csrf_token: str


class Rung(BaseModel):
    """Somebody who is or was rung for a request, and how far that came.

    "ringing": told to a page of theirs; "pushed": on its way to a device; "shown": a page or a device shows
    it; "declined" and "later" are their own words; "stopped": not rung any more.
    """

    person: Person
    state: Literal["ringing", "pushed", "shown", "declined", "later", "stopped"]


class Consultation(BaseModel):
    """How the request for help of a call stands.

    While it waits: who is rung, which place it has among those who wait for the same people, how long that
    may take (seconds, null where nobody is there), and who is rung next, after how many seconds. `here_from`:
    when somebody is on duty again, where nobody is.
    """

    id: str
    state: Literal["waiting", "answered", "withdrawn", "ticket", "called_back", "closed"]
    asked_at: datetime
    ended_at: datetime | None
    rung: list[Person]
    rings: list[Rung]
    position: int
    expected_wait_s: float | None
    next_circle: list[Person]
    next_in_s: float | None
    here_from: datetime | None = None


class HandOver(BaseModel):
    """引き継ぎ: a call on its way from one member of staff to another, or how that ended."""

    id: str
    state: Literal["ringing", "talking", "done", "cancelled", "unanswered"]
    giver: Person
    taker: Person
    note: str
    agreed: str
    started_at: datetime
    ended_at: datetime | None


class RingEntry(BaseModel):
    """A request somebody is rung for, with the hand-over it is for, missed, or could call back for.

    `call_back_name` and `call_back_phone` say whom a resident's ticket is to be called, and where.
    """

    consultation: Consultation
    call_id: str
    number: str
    title: str
    topic: str
    place: str
    host: Person
    hand_over: HandOver | None
    call_back_name: str = ""
    call_back_phone: str = ""


class RingsAnswer(BaseModel):
    """GET /api/rings: what rings here now, the open tickets, and what was missed."""

    rings: list[RingEntry]
    tickets: list[RingEntry]
    missed: list[RingEntry]


class DeclineRequest(Request):
    """`later` is 「5分後に」: rung again in five minutes, if it still waits."""

    later: bool = False


class AddMemberRequest(Request):
    """Who should join; appears in that person's list at once."""

    staff_id: Annotated[str, StringConstraints(min_length=1, max_length=40)]


class MessageRequest(Request):
    """One chat line."""

    text: Annotated[Text, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]


class Message(BaseModel):
    """A chat line; the same JSON travels to the room as a data packet of topic `genba.chat`."""

    id: str
    call_id: str
    sender_identity: str
    sender_name: str
    sender_role: SenderRole
    text: str
    sent_at: datetime
    note: "VoiceNote | None" = None


class VoiceNote(BaseModel):
    """What was spoken into a note; the sound is at /calls/{call_id}/notes/{id}/sound."""

    id: str
    duration_ms: int


class MessagesAnswer(BaseModel):
    """Oldest first; a POST answers with the one new message."""

    messages: list[Message]


NoteId = Annotated[UUID, Field(description="the sender's own, so that sending twice is sending once")]


class NoteRequest(Request):
    """A note that is going to be sent: what it is, its size and the SHA-256 of all of it."""

    id: NoteId
    kind: Literal["text", "voice"]
    size_bytes: Annotated[int, Field(ge=1, le=notes.MAX_VOICE_BYTES)]
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    duration_ms: Annotated[int, Field(ge=0, le=notes.MAX_DURATION_MS)] = 0
    recorded_at: AwareDatetime

    @model_validator(mode="after")
    def _text_is_short(self) -> "NoteRequest":
        if self.kind == "text" and self.size_bytes > notes.MAX_TEXT_BYTES:
            raise ValueError("a written note is at most 8000 bytes")
        return self


class NoteProgress(BaseModel):
    """How much of a note has arrived, and whether it is a line of the chat already."""

    id: str
    received_bytes: int
    complete: bool


class InviteRequest(Request):
    """A personal link: for whom, as what, in which language, for how long (default one day).

    A partner may be of an organisation (協力機関): then they may read the cases that are shared with it.
    """

    name: Name
    kind: GuestKind = "resident"
    language: Language = "ja"
    expires_in_s: Annotated[int, Field(ge=300, le=MAX_EXPIRY_S)] | None = None
    organisation_id: Annotated[str, StringConstraints(min_length=1, max_length=40)] | None = None

    @model_validator(mode="after")
    def _only_partners_are_of_organisations(self) -> "InviteRequest":
        if self.organisation_id is not None and self.kind != "partner":
            raise ValueError("only a partner comes from an organisation")
        return self


class Invitation(BaseModel):
    """A link as its call's staff see it; `url` and `qr_svg` are empty once it opens nothing any more."""

    id: str
    call_id: str
    url: str
    qr_svg: str
    name: str
    kind: GuestKind
    language: Language
    state: InvitationState
    created_at: datetime
    expires_at: datetime
    joined: bool


class InvitationHost(BaseModel):
    """Who is calling, as a guest may know them."""

    name: str
    kana: str
    post: str
    department: str
    office: str


class InvitationView(BaseModel):
    """GET /api/join/{code}: what the landing page shows before the guest decides."""

    call_title: str
    starts_at: datetime
    host: InvitationHost
    organisation: str
    office_phone: str
    guest_name: str
    kind: GuestKind
    language: Language
    state: InvitationState


class RedeemRequest(Request):
    """The guest may correct the name others will see."""

    name: Line | None = None
