"""Offer and answer for one peer connection, as a machine over plain descriptions (RFC 9429, RFC 8843).

Two roles share it. Where the client offers (LiveKit's publisher connection, and the single one), a
section on which the client sends is received, and a section on which it would receive waits for an
outgoing track. Where the server offers (LiveKit's subscriber connection), sections are added as tracks
come and reused when they go. Everything is one bundle on one transport. Sans-IO.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Literal

from . import capabilities
from .capabilities import ReceiveOptions
from .sdp import Codec, Description, Kind, MediaSection, SdpError

MAX_MESSAGE_SIZE = 65536
SCTP_PORT = 5000
Setup = Literal["actpass", "active", "passive"]
VIDEO_WITH_DESCRIPTOR = ("video/av1", "video/vp9")


@dataclass(slots=True)
class LocalTransport:
    """Our side of ICE and DTLS; ``ufrag`` and ``pwd`` change when the client restarts ICE."""

    ufrag: str
    pwd: str
    fingerprints: tuple[tuple[str, str], ...]
    candidates: tuple[str, ...]
    session_id: int


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One track to send: what its section will say."""

    kind: Kind
    stream_id: str
    track_id: str
    ssrc: int
    rtx_ssrc: int


@dataclass(slots=True)
class Slot:
    """One ``m=`` section over its life."""

    mid: str
    kind: Kind
    remote: MediaSection | None = None
    options: ReceiveOptions = field(default_factory=ReceiveOptions)
    outgoing: Outgoing | None = None
    was_used: bool = False
    sounded: str = ""  # track id in the last description; a section rests once before its next track
    rejected: bool = False

    @property
    def client_sends(self) -> bool:
        """Whether the client's last description sends media here."""
        remote = self.remote
        return remote is not None and not remote.rejected and remote.direction in ("sendrecv", "sendonly")

    @property
    def client_receives(self) -> bool:
        """Whether the client's last description would only receive media here."""
        remote = self.remote
        return remote is not None and not remote.rejected and remote.direction == "recvonly"


@dataclass(frozen=True, slots=True)
class Parameters:
    """What was agreed for one section and direction."""

    mid: str
    codecs: tuple[Codec, ...]
    extensions: tuple[tuple[int, str], ...]

    @property
    def transport_cc(self) -> int:
        """Number of the extension for transport-wide congestion control, 0 unless both sides want it."""
        if not any("transport-cc" in codec.feedback for codec in self.codecs):
            return 0
        return next((number for number, uri in self.extensions if uri == capabilities.TRANSPORT_CC), 0)


class Negotiation:
    """The sections of one peer connection. Methods raise SdpError for what a client may not ask."""

    def __init__(self, local: LocalTransport, *, reuse_sections: bool = True) -> None:
        self._local = local
        self._reuse = reuse_sections
        self._slots: dict[str, Slot] = {}
        self._waiting: dict[str, Outgoing] = {}  # by track id, in order of arrival
        self._version = 0
        self._offered: Description | None = None  # ours, without an answer yet
        self._next_mid = 0
        self.remote: Description | None = None
        self.needs_negotiation = False

    # -- outgoing tracks ---------------------------------------------------------------------------

    def add(self, outgoing: Outgoing) -> None:
        """Queue a track; it gets a section with the next description."""
        self._waiting[outgoing.track_id] = outgoing
        self.needs_negotiation = True

    def remove(self, track_id: str) -> None:
        """Stop a track; its section falls silent with the next description."""
        if self._waiting.pop(track_id, None) is not None:
            return
        for slot in self._slots.values():
            if slot.outgoing is not None and slot.outgoing.track_id == track_id:
                slot.outgoing = None
                self.needs_negotiation = True

    def shortage(self, kind: Kind) -> int:
        """How many waiting tracks of a kind find no free section in the client's last offer."""
        waiting = sum(outgoing.kind == kind for outgoing in self._waiting.values())
        free = sum(slot.client_receives and self._is_free(slot, kind) for slot in self._slots.values())
        return max(0, waiting - free)

    def sending(self) -> Iterator[tuple[Outgoing, Parameters]]:
        """Tracks whose section both sides agree on, with the client's numbers."""
        for slot in self._slots.values():
            remote = slot.remote
            if slot.outgoing is None or remote is None or not slot.client_receives:
                continue
            codecs = capabilities.accepted(slot.kind, remote.codecs)
            yield slot.outgoing, Parameters(slot.mid, codecs, remote.extensions)

    def track_ids(self) -> dict[str, str]:
        """Section to track, for every section that carries an outgoing track."""
        return {s.mid: s.outgoing.track_id for s in self._slots.values() if s.outgoing is not None}

    # -- incoming tracks ---------------------------------------------------------------------------

    def receive(self, mid: str, options: ReceiveOptions) -> Parameters:
        """Accept what the client sends on a section, with signalling's knowledge of it."""
        slot = self._slots.get(mid)
        if slot is None or slot.remote is None or not slot.client_sends:
            raise SdpError(f"nothing is sent on section {mid!r}")
        slot.options = options
        codecs = capabilities.accepted(slot.kind, slot.remote.codecs, options)
        return Parameters(mid, codecs, self._received_extensions(slot))

    def section(self, mid: str) -> MediaSection:
        """The client's last words about a section; KeyError when there is none."""
        remote = self._slots[mid].remote
        if remote is None:
            raise KeyError(mid)
        return remote

    # -- the client offers -------------------------------------------------------------------------

    def set_remote_offer(self, offer: Description) -> tuple[MediaSection, ...]:
        """Take an offer; returns the sections on which the client sends."""
        if self._offered is not None:
            raise SdpError("an offer of ours is still unanswered")
        if not offer.sections or not offer.ice_ufrag or not offer.ice_pwd or not offer.fingerprints:
            raise SdpError("offer without section, ICE credentials or fingerprint")
        slots: dict[str, Slot] = {}
        for section in offer.sections:
            slot = self._slots.get(section.mid) or Slot(section.mid, section.kind)
            if slot.kind != section.kind:
                raise SdpError(f"section {section.mid!r} changed its kind")
            slot.remote = section
            if section.rejected and slot.outgoing is not None:
                self._waiting[slot.outgoing.track_id] = slot.outgoing
                slot.outgoing = None
            slots[section.mid] = slot
        for gone in self._slots.keys() - slots.keys():
            if (outgoing := self._slots[gone].outgoing) is not None:
                self._waiting[outgoing.track_id] = outgoing
        self._slots = slots
        self.remote = offer
        return tuple(s.remote for s in slots.values() if s.remote is not None and s.client_sends)

    def answer(self) -> Description:
        """Answer the last offer, giving free sections to waiting tracks."""
        if self.remote is None:
            raise SdpError("there is no offer to answer")
        for slot in self._slots.values():
            if slot.client_receives:
                self._assign(slot)
        sections = tuple(self._answer_section(slot) for slot in self._slots.values())
        setup: Setup = "active" if self.remote.setup == "passive" else "passive"
        self.needs_negotiation = bool(self._waiting)
        self._described()
        offered_bundle = self.remote.bundle
        bundle = tuple(s.mid for s in sections if not s.rejected and s.mid in offered_bundle)
        return self._describe(sections, setup, bundle)

    def _answer_section(self, slot: Slot) -> MediaSection:
        remote = slot.remote
        if remote is None or remote.rejected:
            return MediaSection(kind=slot.kind, mid=slot.mid, rejected=True)
        if slot.kind == "application":
            return self._data_section(slot.mid)
        sent = slot.client_sends
        codecs = capabilities.accepted(slot.kind, remote.codecs, slot.options)
        if not codecs:
            return MediaSection(kind=slot.kind, mid=slot.mid, rejected=True, codecs=remote.codecs[:1])
        if sent:
            return MediaSection(
                kind=slot.kind,
                mid=slot.mid,
                direction="recvonly",
                codecs=codecs,
                extensions=self._received_extensions(slot),
                rids=remote.rids,
            )
        section = MediaSection(
            kind=slot.kind,
            mid=slot.mid,
            codecs=codecs,
            # All that we know, also those only a sender needs: libwebrtc offers no extension on a later
            # section that the first answer left out, and simulcast then fails for want of its rid.
            extensions=capabilities.extensions(slot.kind, remote.extensions),
        )
        return section if slot.outgoing is None else _with_outgoing(section, slot.outgoing)

    def _received_extensions(self, slot: Slot) -> tuple[tuple[int, str], ...]:
        """A descriptor on VP8 would tie a receiver to one layer's frame numbers: not asked for."""
        found = capabilities.extensions(slot.kind, slot.remote.extensions if slot.remote else ())
        if (slot.options.mime_type or "").lower() in VIDEO_WITH_DESCRIPTOR:
            return found
        return tuple((n, uri) for n, uri in found if uri != capabilities.DEPENDENCY_DESCRIPTOR)

    # -- the server offers -------------------------------------------------------------------------

    def open_data(self) -> None:
        """Add the data section to our next offer."""
        if all(slot.kind != "application" for slot in self._slots.values()):
            self._new_slot("application")

    def offer(self) -> Description:
        """Describe everything we would send. One offer at a time: raises SdpError while one is out.

        An offer that restarts ICE replaces one that is out: its answer may have been lost on the way.
        """
        if self._offered is not None and self._offered.ice_ufrag == self._local.ufrag:
            raise SdpError("an offer of ours is still unanswered")
        for outgoing in tuple(self._waiting.values()):
            free = (s for s in self._slots.values() if self._is_free(s, outgoing.kind))
            slot = next(free, None) or self._new_slot(outgoing.kind)
            self._assign(slot)
        sections = tuple(self._offer_section(slot) for slot in self._slots.values())
        self.needs_negotiation = False
        bundle = tuple(s.mid for s in sections if not s.rejected)
        self._offered = self._describe(sections, "actpass", bundle)
        self._described()
        return self._offered

    def set_remote_answer(self, answer: Description) -> None:
        """Take the client's answer to our offer."""
        if self._offered is None:
            raise SdpError("there is no offer to be answered")
        offered = self._offered.sections
        if [s.mid for s in answer.sections] != [s.mid for s in offered]:
            raise SdpError("answer does not match the offer's sections")
        if not answer.ice_ufrag or not answer.fingerprints:
            raise SdpError("answer without ICE credentials or fingerprint")
        self._offered = None
        self.remote = answer
        for section in answer.sections:
            slot = self._slots[section.mid]
            slot.remote = section
            slot.rejected = section.rejected

    def _offer_section(self, slot: Slot) -> MediaSection:
        if slot.rejected:
            return MediaSection(kind=slot.kind, mid=slot.mid, rejected=True)
        if slot.kind == "application":
            return self._data_section(slot.mid)
        section = MediaSection(
            kind=slot.kind,
            mid=slot.mid,
            codecs=capabilities.OFFERED[slot.kind],
            extensions=capabilities.offered_extensions(slot.kind),
        )
        return section if slot.outgoing is None else _with_outgoing(section, slot.outgoing)

    def _new_slot(self, kind: Kind) -> Slot:
        slot = Slot(str(self._next_mid), kind)
        self._next_mid += 1
        self._slots[slot.mid] = slot
        self.needs_negotiation = True
        return slot

    # -- both --------------------------------------------------------------------------------------

    def _is_free(self, slot: Slot, kind: Kind) -> bool:
        if slot.kind != kind or slot.outgoing is not None or slot.rejected:
            return False
        # A client takes a section whose track changes from one description to the next for the old track
        # still: it must have seen the section silent in between.
        return not slot.sounded and (self._reuse or not slot.was_used)

    def _described(self) -> None:
        for slot in self._slots.values():
            slot.sounded = slot.outgoing.track_id if slot.outgoing is not None else ""

    def _assign(self, slot: Slot) -> None:
        if not self._is_free(slot, slot.kind):
            return
        for track_id, outgoing in self._waiting.items():
            if outgoing.kind == slot.kind:
                del self._waiting[track_id]
                slot.outgoing, slot.was_used = outgoing, True
                return

    def _data_section(self, mid: str) -> MediaSection:
        return MediaSection(
            kind="application", mid=mid, sctp_port=SCTP_PORT, max_message_size=MAX_MESSAGE_SIZE
        )

    def _describe(
        self,
        sections: tuple[MediaSection, ...],
        setup: Setup,
        bundle: tuple[str, ...],
    ) -> Description:
        self._version += 1
        local = self._local
        return Description(
            sections=sections,
            ice_ufrag=local.ufrag,
            ice_pwd=local.pwd,
            fingerprints=local.fingerprints,
            setup=setup,
            is_ice_lite=True,
            candidates=local.candidates,
            bundle=bundle,
            session_id=local.session_id,
            version=self._version,
        )


def _with_outgoing(section: MediaSection, outgoing: Outgoing) -> MediaSection:
    has_rtx = any(codec.is_rtx for codec in section.codecs)
    return replace(
        section,
        direction="sendonly",
        stream_id=outgoing.stream_id,
        track_id=outgoing.track_id,
        ssrcs=(outgoing.ssrc,),
        rtx_ssrcs=((outgoing.ssrc, outgoing.rtx_ssrc),) if has_rtx else (),
    )
