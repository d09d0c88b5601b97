"""The table of outcomes: which exception becomes which HTTP status and message key under /api.

An exception is defined where it is raised and carries facts as attributes; what it means to the caller
stands here and nowhere else. The client translates the key; `reference` is on every log line of the
request. A test fails when an exception of ours is in neither table.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from field_assist import (
    AlreadyLifted,
    AppointmentOver,
    AppointmentUnknown,
    ArrivalDamaged,
    ArrivalElsewhere,
    ArrivalTaken,
    BallotOver,
    BallotUnknown,
    CallClosed,
    CallUnknown,
    CaseChanged,
    CaseClosed,
    CaseUnknown,
    ConsultationOver,
    ConsultationUnknown,
    DecisionChanged,
    DecisionUnknown,
    DeviceKeysFull,
    DeviceKeyUnknown,
    DocumentUnknown,
    DocumentWithdrawn,
    HandOverOver,
    HandOverUnknown,
    KeyRefused,
    LetterOver,
    LettersFull,
    LetterUnknown,
    LineChanged,
    LineUnheard,
    LineUnknown,
    LinkedElsewhere,
    MarkMalformed,
    MarksFull,
    MessageUnknown,
    MinutesChanged,
    MinutesUnknown,
    NobodyAnswered,
    NobodyElse,
    NotAConversationPartner,
    NotesFull,
    NoteUnknown,
    NothingTaken,
    NotThen,
    OrganisationExists,
    OrganisationUnknown,
    OwnNoStands,
    QuestionsFull,
    QuestionUnknown,
    RecapChanged,
    RedactionUnknown,
    ShareUnknown,
    StaffExists,
    StaffUnknown,
    StepRefused,
    StillsFull,
    StillUnknown,
    StoreUnavailable,
    SurfaceUnknown,
    concierge,
)
from recordings import catalogue
from signaling.accounts.credentials import ResetYourself
from signaling.accounts.invitations import (
    GuestSessionEnded,
    InvitationExpired,
    InvitationRevoked,
    InvitationUnknown,
)
from signaling.accounts.sign_in import OtpUsed, OtpWrong, SignedOut, SignInFailed, SignInLocked
from signaling.accounts.vault import VaultSealed
from signaling.api.auth import CsrfMismatch, EnrolmentNeeded, OtpNeeded, WrongStage
from signaling.api.ballot_desk import BallotClosed, ProofMissing, ProofWrong
from signaling.api.bundle_desk import BundleOutdated, BundleUnknown
from signaling.api.call_desk import Forbidden
from signaling.api.catalogue_desk import ConciergeOff
from signaling.api.consent_desk import ParticipantUnknown
from signaling.api.decision_writer import NobodyApproves, NotAnApprover
from signaling.api.document_desk import FileBroken, FileTooLarge, StorageFull
from signaling.api.law_desk import LawMeansNobody
from signaling.api.notice_desk import NotConfirmed, NotFollowable, NotProxied, ProxyUnknown
from signaling.api.push_desk import PushDeviceUnknown
from signaling.api.recap_desk import LetterNotPersonal, MailNotSetUp
from signaling.api.recording_desk import RecordingLocked
from signaling.api.redaction_desk import CallGoesOn
from signaling.api.sharing_desk import EntryNotShareable
from signaling.api.slot_desk import FeedAddressRefused
from signaling.api.staff_list_routes import TooManyNew, WouldRunInCircles
from signaling.api.still_desk import PhotoRefused, StillRefused
from signaling.api.supervisor_desk import ListeningOff, NotInCall
from signaling.library.gallery import PageUnreadable
from signaling.mail.outbox import OutboxFull
from signaling.pictures import NoPicture
from signaling.push.endpoints import EndpointRefused
from signaling.rate_limits import RateLimited
from signaling.rtc.line_check import LineCheckBusy, OfferRefused


@dataclass(frozen=True, slots=True)
class Outcome:
    """Status, message key, and the exception's attributes the message needs."""

    status: int
    key: str
    params: tuple[str, ...] = ()


OUTCOMES: Mapping[type[Exception], Outcome] = MappingProxyType(
    {
        SignedOut: Outcome(401, "signed_out"),
        GuestSessionEnded: Outcome(401, "guest.ended"),
        OtpNeeded: Outcome(403, "otp.needed"),
        EnrolmentNeeded: Outcome(403, "enrolment.needed"),
        WrongStage: Outcome(409, "sign_in.wrong_stage"),
        CsrfMismatch: Outcome(403, "csrf"),
        SignInFailed: Outcome(401, "sign_in.failed"),
        SignInLocked: Outcome(429, "sign_in.locked", ("retry_after_s",)),
        OtpWrong: Outcome(422, "otp.wrong", ("attempts_left",)),
        OtpUsed: Outcome(422, "otp.used"),
        RateLimited: Outcome(429, "rate_limited", ("retry_after_s",)),
        Forbidden: Outcome(403, "forbidden"),
        ListeningOff: Outcome(403, "listening.off"),
        NotInCall: Outcome(409, "call.not_in_it"),
        ResetYourself: Outcome(409, "otp.reset_yourself"),
        CallUnknown: Outcome(404, "call.unknown"),
        CallClosed: Outcome(409, "call.closed"),
        ConsultationUnknown: Outcome(404, "consultation.unknown"),
        ConsultationOver: Outcome(409, "consultation.over"),
        NobodyElse: Outcome(409, "hold.nobody_else"),
        HandOverUnknown: Outcome(404, "hand_over.unknown"),
        HandOverOver: Outcome(409, "hand_over.over"),
        ParticipantUnknown: Outcome(404, "participant.unknown"),
        OwnNoStands: Outcome(409, "consent.own_no"),
        NothingTaken: Outcome(409, "consent.nothing_taken"),
        CaseUnknown: Outcome(404, "case.unknown"),
        BundleUnknown: Outcome(404, "case.bundle_unknown"),
        BundleOutdated: Outcome(409, "case.bundle_outdated"),
        CaseClosed: Outcome(409, "case.closed"),
        CaseChanged: Outcome(409, "case.changed"),
        LinkedElsewhere: Outcome(409, "case.linked_elsewhere"),
        ShareUnknown: Outcome(404, "case.share_unknown"),
        EntryNotShareable: Outcome(409, "case.entry_not_shareable"),
        OrganisationUnknown: Outcome(404, "organisation.unknown"),
        OrganisationExists: Outcome(409, "organisation.exists"),
        DecisionUnknown: Outcome(404, "decision.unknown"),
        DecisionChanged: Outcome(409, "decision.changed"),
        StepRefused: Outcome(409, "decision.step"),
        NobodyApproves: Outcome(409, "decision.nobody_approves"),
        NotAnApprover: Outcome(409, "decision.not_an_approver"),
        BallotUnknown: Outcome(404, "ballot.unknown"),
        BallotOver: Outcome(410, "ballot.over"),
        BallotClosed: Outcome(409, "ballot.closed"),
        ProofMissing: Outcome(422, "ballot.code_over"),
        ProofWrong: Outcome(422, "ballot.code_wrong", ("attempts_left",)),
        concierge.circumstances.AnswerUnfit: Outcome(422, "eligibility.answer", ("name",)),
        DocumentUnknown: Outcome(404, "document.unknown"),
        DocumentWithdrawn: Outcome(409, "document.withdrawn"),
        FileTooLarge: Outcome(413, "document.too_large", ("max_mb",)),
        FileBroken: Outcome(400, "document.broken"),
        StorageFull: Outcome(503, "document.storage_full"),
        PageUnreadable: Outcome(409, "document.page_unreadable"),
        NotAConversationPartner: Outcome(409, "call.not_a_partner"),
        NoteUnknown: Outcome(404, "note.unknown"),
        ArrivalTaken: Outcome(409, "arrival.taken"),
        ArrivalElsewhere: Outcome(409, "arrival.elsewhere", ("offset",)),
        ArrivalDamaged: Outcome(409, "arrival.damaged"),
        NotesFull: Outcome(409, "note.full"),
        StillUnknown: Outcome(404, "still.unknown"),
        StillsFull: Outcome(409, "still.full"),
        PhotoRefused: Outcome(409, "consent.no_photo"),
        StillRefused: Outcome(422, "still.refused", ("what",)),
        NoPicture: Outcome(422, "still.no_picture"),
        DeviceKeyUnknown: Outcome(409, "device_key.unknown"),
        DeviceKeysFull: Outcome(409, "device_key.full"),
        KeyRefused: Outcome(422, "device_key.refused"),
        AppointmentUnknown: Outcome(404, "appointment.unknown"),
        AppointmentOver: Outcome(409, "appointment.over"),
        NotThen: Outcome(409, "appointment.not_then"),
        MessageUnknown: Outcome(404, "not_found"),
        QuestionUnknown: Outcome(404, "question.unknown"),
        QuestionsFull: Outcome(409, "question.full"),
        SurfaceUnknown: Outcome(404, "surface.unknown"),
        MarkMalformed: Outcome(422, "request.invalid"),
        MarksFull: Outcome(409, "mark.full"),
        LineUnknown: Outcome(404, "transcript.unknown"),
        LineChanged: Outcome(409, "transcript.changed"),
        LineUnheard: Outcome(422, "transcript.unheard"),
        RecapChanged: Outcome(409, "recap.changed"),
        MinutesChanged: Outcome(409, "minutes.changed"),
        MinutesUnknown: Outcome(404, "minutes.unknown"),
        NobodyAnswered: Outcome(409, "return.nobody"),
        RedactionUnknown: Outcome(404, "redaction.unknown"),
        AlreadyLifted: Outcome(409, "redaction.lifted"),
        CallGoesOn: Outcome(409, "redaction.call_goes_on"),
        LetterUnknown: Outcome(404, "letter.unknown"),
        LetterOver: Outcome(410, "letter.over"),
        LetterNotPersonal: Outcome(404, "letter.not_personal"),
        LettersFull: Outcome(409, "letter.full"),
        concierge.subscribers.SubscriberUnknown: Outcome(404, "notices.unknown"),
        concierge.subscribers.FollowUnknown: Outcome(404, "notices.follow_unknown"),
        concierge.subscribers.FollowsFull: Outcome(409, "notices.full"),
        NotFollowable: Outcome(422, "notices.not_followable"),
        NotConfirmed: Outcome(409, "notices.not_confirmed"),
        NotProxied: Outcome(422, "notices.not_proxied"),
        ProxyUnknown: Outcome(404, "notices.proxy_unknown"),
        concierge.subscribers.ProxiesFull: Outcome(409, "notices.proxies_full"),
        MailNotSetUp: Outcome(409, "mail.not_set_up"),
        OutboxFull: Outcome(503, "mail.full"),
        catalogue.RecordingUnknown: Outcome(404, "recording.unknown"),
        RecordingLocked: Outcome(403, "recording.locked"),
        catalogue.RecordingHeld: Outcome(409, "recording.held"),
        catalogue.RecordingRunning: Outcome(409, "recording.running"),
        ConciergeOff: Outcome(404, "not_found"),
        concierge.catalogue.ListUnknown: Outcome(404, "not_found"),
        concierge.catalogue.EntryUnknown: Outcome(404, "not_found"),
        concierge.cards.SourceMissing: Outcome(409, "card.no_source"),
        concierge.showings.CardUnknown: Outcome(404, "card.unknown"),
        concierge.showings.CardsFull: Outcome(409, "card.full"),
        concierge.proposals.ProposalUnknown: Outcome(404, "not_found"),
        concierge.proposals.ProposalDecided: Outcome(409, "recap.changed"),
        concierge.intake.ListFaulty: Outcome(422, "request.invalid"),
        concierge.intake.ManyWouldGo: Outcome(409, "request.invalid"),
        concierge.intake.ListChangedMeanwhile: Outcome(409, "recap.changed"),
        concierge.law_notices.LawUnknown: Outcome(404, "not_found"),
        concierge.law_notices.LawSent: Outcome(409, "law.sent"),
        concierge.law_notices.LawReachesFewer: Outcome(409, "law.reaches_fewer"),
        LawMeansNobody: Outcome(422, "law.means_nobody"),
        concierge.slot_lists.FeedUnknown: Outcome(404, "not_found"),
        concierge.slot_lists.FeedExists: Outcome(409, "slots.exists"),
        concierge.slot_lists.FeedIsFetched: Outcome(409, "slots.is_fetched"),
        concierge.slot_lists.FeedIsBrought: Outcome(409, "slots.is_brought"),
        FeedAddressRefused: Outcome(422, "slots.address_refused"),
        EndpointRefused: Outcome(422, "push.refused"),
        PushDeviceUnknown: Outcome(404, "push.unknown"),
        StaffUnknown: Outcome(404, "staff.unknown"),
        TooManyNew: Outcome(409, "staff.too_many_new", ("allowed",)),
        WouldRunInCircles: Outcome(409, "staff.circle"),
        StaffExists: Outcome(409, "staff.exists"),
        InvitationUnknown: Outcome(404, "invitation.unknown"),
        InvitationExpired: Outcome(410, "invitation.expired"),
        InvitationRevoked: Outcome(410, "invitation.revoked"),
        OfferRefused: Outcome(422, "check.offer"),
        LineCheckBusy: Outcome(503, "check.busy"),
        StoreUnavailable: Outcome(503, "server.busy"),
        VaultSealed: Outcome(503, "server.key_missing"),
    }
)

PLAIN_STATUS: Mapping[int, str] = MappingProxyType(
    {404: "not_found", 405: "method_not_allowed", 413: "request.too_large", 422: "request.invalid"}
)
"""Keys for what the framework refuses by itself."""


def params(error: Exception, outcome: Outcome) -> dict[str, str | int | float | bool | None]:
    """The message's parameters, read from the exception's attributes."""
    return {name: getattr(error, name) for name in outcome.params}
