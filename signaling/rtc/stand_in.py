"""Clients that speak no LiveKit, each stood in for by a client that does: WHIP publishers, WHEP viewers.

WHIP (RFC 9725) and WHEP (draft-ietf-wish-whep) say everything in one HTTP exchange. A stand-in has the
conversation such a client cannot have: fed with the server's signal messages it answers with requests, as a
LiveKit client on a single peer connection would. So a room knows one kind of participant, and nothing of it
waits in an outbox. When a viewer's picture comes from somebody else from now on, the stand-in offers the same
description again, and the viewer is not asked: its sections name no SSRC, so that one may follow another.
Sans-IO.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from livekit.protocol.models import (
    ParticipantInfo,
    TrackInfo,
    TrackSource,
    TrackType,
    VideoLayer,
    VideoQuality,
)
from livekit.protocol.rtc import (
    AddTrackRequest,
    LeaveRequest,
    SessionDescription,
    SignalRequest,
    SignalResponse,
    UpdateSubscription,
)

from media import SdpError, SdpSection, read_offer

FIELD_ROLE = ("genba.role", "field")
STREAM = "genba"
_QUALITIES = (VideoQuality.LOW, VideoQuality.MEDIUM, VideoQuality.HIGH)
_UFRAG = re.compile(r"[A-Za-z0-9+/]{4,256}")  # RFC 8839 section 5.4
_MID = " urn:ietf:params:rtp-hdrext:sdes:mid"
_PWD = re.compile(r"[A-Za-z0-9+/]{22,256}")

Role = Literal["publisher", "viewer"]


class Unprocessable(Exception):
    """A description or fragment that can be read, but not be served; the message says why."""


class StandIn:
    """One client's side of the signalling. Raises `Unprocessable` for an offer that does not fit its role."""

    def __init__(self, role: Role, offer: str, *, watched_identity: str = "") -> None:
        self._role = role
        self._offer = offer
        self._sections = _checked(role, offer)
        self._choice = Choice(watched_identity)
        self._offer_id = 0
        self.answer = ""

    def begin(self) -> list[SignalRequest]:
        """What to say once the JoinResponse was heard; the answer comes after it."""
        if self._role == "viewer":
            return [*self._choice.changes(), self._again()]
        return [*(SignalRequest(add_track=_announced(section)) for section in self._sections), self._again()]

    def hear(self, response: SignalResponse) -> list[SignalRequest]:
        """What to say to one message of the server."""
        match response.WhichOneof("message"):
            case "answer":
                sdp = response.answer.sdp
                self.answer = for_any_source(sdp) if self._role == "viewer" else sdp
            case "join":
                self._choice.learn(response.join.other_participants)
            case "update" if self._role == "viewer":
                self._choice.learn(response.update.participants)
                return self._choice.changes()
            case "media_sections_requirement" if self._role == "viewer":
                return [self._again()]
        return []

    def restart(self, fragment: Fragment) -> list[SignalRequest]:
        """Restart ICE under the client's new credentials. Raises `Unprocessable`."""
        if not _UFRAG.fullmatch(fragment.ufrag) or not _PWD.fullmatch(fragment.pwd):
            raise Unprocessable("an ICE restart needs a new ice-ufrag and ice-pwd")
        lines = self._offer.replace("\r\n", "\n").split("\n")
        self._offer = "\r\n".join(_with_credentials(line, fragment) for line in lines)
        return [self._again()]

    @property
    def ufrag(self) -> str:
        """The client's current ICE user name fragment."""
        return read_fragment(self._offer).ufrag

    def _again(self) -> SignalRequest:
        self._offer_id += 1
        return SignalRequest(offer=SessionDescription(type="offer", sdp=self._offer, id=self._offer_id))


LEAVE = SignalRequest(leave=LeaveRequest())


class Choice:
    """Which audio and which video a viewer gets: one participant's, that of the site if there is one.

    Without a `watched_identity` a field worker's camera comes first, then whoever has video and came first;
    a picture that is on stays on until it ends or the site's comes.
    """

    def __init__(self, watched_identity: str) -> None:
        self._watched = watched_identity
        self._people: dict[str, ParticipantInfo] = {}
        self._current = ""
        self._subscribed: list[str] = []

    def learn(self, people: Iterable[ParticipantInfo]) -> None:
        """Records of others, new, changed or gone."""
        for person in people:
            if person.state != ParticipantInfo.State.DISCONNECTED:
                self._people[person.identity] = person
            elif person.sid == self._people.get(person.identity, person).sid:
                self._people.pop(person.identity, None)

    def changes(self) -> list[SignalRequest]:
        """What to ask for, and what to ask to be spared, after what was learned."""
        chosen = self._chosen()
        self._current = chosen.identity if chosen is not None else ""
        wanted = _tracks(chosen) if chosen is not None else []
        gone = [sid for sid in self._subscribed if sid not in wanted]
        new = [sid for sid in wanted if sid not in self._subscribed]
        self._subscribed = wanted
        return [
            SignalRequest(subscription=UpdateSubscription(track_sids=sids, subscribe=is_wanted))
            for sids, is_wanted in ((gone, False), (new, True))
            if sids
        ]

    def _chosen(self) -> ParticipantInfo | None:
        if self._watched:
            return self._people.get(self._watched)
        visible = [person for person in self._people.values() if _video(person) is not None]
        name, value = FIELD_ROLE
        at_site = [person for person in visible if person.attributes.get(name) == value]
        eligible = at_site or visible
        current = (person for person in eligible if person.identity == self._current)
        return next(current, None) or next(iter(eligible), None)


def _tracks(person: ParticipantInfo) -> list[str]:
    return [track.sid for track in (_audio(person), _video(person)) if track is not None]


def _audio(person: ParticipantInfo) -> TrackInfo | None:
    return _best(person, TrackType.AUDIO, TrackSource.MICROPHONE)


def _video(person: ParticipantInfo) -> TrackInfo | None:
    return _best(person, TrackType.VIDEO, TrackSource.CAMERA)


def _best(person: ParticipantInfo, kind: TrackType, source: TrackSource) -> TrackInfo | None:
    tracks = [track for track in person.tracks if track.type == kind]
    return next((track for track in tracks if track.source == source), None) or next(iter(tracks), None)


def _checked(role: Role, offer: str) -> Sequence[SdpSection]:
    """The offer's media sections, at most one per kind, in the role's direction."""
    try:
        sections = read_offer(offer)
    except SdpError as error:
        raise Unprocessable(str(error)) from error
    credentials = read_fragment(offer)
    if not (_UFRAG.fullmatch(credentials.ufrag) and _PWD.fullmatch(credentials.pwd)):
        raise Unprocessable("the offer has no usable ICE credentials")
    if "\na=fingerprint:" not in offer:
        raise Unprocessable("the offer has no certificate fingerprint")
    media = [section for section in sections if section.kind != "application" and not section.rejected]
    sends = role == "publisher"
    fitting = ("sendonly", "sendrecv") if sends else ("recvonly", "sendrecv")
    used = [section for section in media if section.direction in fitting]
    if not used:
        raise Unprocessable(
            f"the offer has no section on which the client {'sends' if sends else 'receives'}"
        )
    if len({section.kind for section in used}) != len(used):
        raise Unprocessable("at most one audio and one video section")
    if not sends and any(section.direction != "recvonly" for section in used):
        raise Unprocessable("a viewer's sections must be recvonly")
    return used


def _announced(section: SdpSection) -> AddTrackRequest:
    """What a LiveKit client would have said about this section."""
    if section.kind == "audio":
        return AddTrackRequest(
            cid=section.track_id, type=TrackType.AUDIO, source=TrackSource.MICROPHONE, name="microphone"
        )
    qualities = _QUALITIES[: len(section.rids)] if len(section.rids) > 1 else ()
    return AddTrackRequest(
        cid=section.track_id,
        type=TrackType.VIDEO,
        source=TrackSource.CAMERA,
        name="camera",
        layers=[VideoLayer(quality=quality) for quality in qualities],
    )


def for_any_source(answer: str) -> str:
    """A viewer's answer that stays true whoever is shown: every section sends, none says which SSRC.

    Without the MID extension, which is not sent to clients, libwebrtc knows a section by its payload types.
    """
    lines: list[str] = []
    kind = ""
    for line in answer.replace("\r\n", "\n").split("\n"):
        if line.startswith("m="):
            kind = "" if line.split()[1] == "0" else line[2:].split()[0]
        if line.startswith(("a=ssrc:", "a=ssrc-group:", "a=msid:")) or line.endswith(_MID):
            continue
        if kind in ("audio", "video") and line in ("a=inactive", "a=sendonly"):
            lines += ["a=sendonly", f"a=msid:{STREAM} {kind}"]
        else:
            lines.append(line)
    return "\r\n".join(lines)


def is_refused(answer: str) -> bool:
    """Whether an answer takes none of the offered sections."""
    ports = [line.split()[1] for line in answer.split("\r\n") if line.startswith(("m=audio", "m=video"))]
    return all(port == "0" for port in ports)


# -- PATCH: trickle ICE and ICE restart (RFC 8840, RFC 9725 section 4.3)


@dataclass(frozen=True, slots=True)
class Fragment:
    """ICE credentials in an `application/trickle-ice-sdpfrag`; candidates mean nothing to a lite agent."""

    ufrag: str = ""
    pwd: str = ""


def read_fragment(text: str) -> Fragment:
    """The first credentials in a fragment or description; empty where there are none."""
    found: dict[str, str] = {}
    for line in text.replace("\r\n", "\n").split("\n"):
        name, _, value = line.partition(":")
        if name in ("a=ice-ufrag", "a=ice-pwd"):
            found.setdefault(name, value.strip())
    return Fragment(found.get("a=ice-ufrag", ""), found.get("a=ice-pwd", ""))


def answer_fragment(answer: str) -> str:
    """What of an answer tells a restarting client where to go: credentials and all candidates."""
    kept: list[str] = ["a=ice-lite", "a=ice-options:trickle ice2"]
    sections = 0
    for line in answer.replace("\r\n", "\n").split("\n"):
        sections += line.startswith("m=")
        is_first = sections == 1 and line.startswith(
            ("m=", "a=mid:", "a=ice-ufrag:", "a=ice-pwd:", "a=candidate:", "a=end-of-candidates")
        )
        if is_first or line.startswith("a=group:BUNDLE"):
            kept.append(line)
    return "\r\n".join(kept) + "\r\n"


def _with_credentials(line: str, fragment: Fragment) -> str:
    if line.startswith("a=ice-ufrag:"):
        return f"a=ice-ufrag:{fragment.ufrag}"
    if line.startswith("a=ice-pwd:"):
        return f"a=ice-pwd:{fragment.pwd}"
    return "" if line.startswith(("a=candidate:", "a=end-of-candidates")) else line


class PreconditionRequired(Exception):
    """The PATCH does not say which ICE session it is for."""


class PreconditionFailed(Exception):
    """The PATCH is for an ICE session that is over."""


def patch_kind(
    if_match: str | None, etag: str, fragment: Fragment, current_ufrag: str
) -> Literal["trickle", "restart"]:
    """What a PATCH asks for. Raises `PreconditionRequired`, `PreconditionFailed`, `Unprocessable`."""
    if if_match is None:
        raise PreconditionRequired
    is_same = fragment.ufrag in ("", current_ufrag)
    if if_match.strip() in ("*", '"*"'):
        return "trickle" if is_same else "restart"
    if if_match.strip().removeprefix("W/") != etag:
        raise PreconditionFailed
    if not is_same:
        raise Unprocessable("candidates of another ICE session; a restart needs If-Match: *")
    return "trickle"
