"""Data packets from one participant to the others, with the sender's name written by the server.

Reliable packets carry the sender's sequence, which is never changed: what was seen before is dropped. A
receiver whose channels are not open yet gets the last moments replayed, so that nothing sent right after
"participant joined" is lost. Follows `DataPacket` in `livekit_models.proto`. Sans-IO.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from google.protobuf.message import DecodeError
from livekit.protocol.models import DataPacket, ParticipantInfo, Transcription, UserPacket

from signaling.rate_limits import Rate, RateLimiter
from signaling.rtc.audience import Audience
from signaling.rtc.members import Members
from signaling.rtc.participant import Participant

RELIABLE = "_reliable"
LOSSY = "_lossy"
HELD_S = 2.0
HELD_BYTES = 100_000
# Of one room, for those whose connection was lost for a while.
KEPT_S = 60.0
KEPT_BYTES = 2 << 20
MAX_PACKET_BYTES = 65_536
# Of one sender. Drawing needs 60 a second, a file in chunks of 15 kB a few hundred; each packet costs
# every receiver's share of the processor.
DATA_RATE = Rate(burst=2000, per_minute=30_000)
_NONCES = 100
# What comes on these is believed to come from the server, so nobody else is let speak there.
SERVER_TOPICS = frozenset({"genba.chat", "genba.shown", "genba.consents"})
# Pointers and lines being drawn: they go where their sender may be seen.
SEEN_TOPICS = frozenset({"genba.view"})


@dataclass(slots=True)
class _Held:
    """Reliable packets waiting for one receiver's channels."""

    packets: deque[tuple[float, bool, bytes]] = field(default_factory=deque)
    size_bytes: int = 0


@dataclass(frozen=True, slots=True)
class _Kept:
    """A reliable packet that may have to be sent again, with the sids of those it was for."""

    at: float
    sender_sid: str
    sequence: int
    receivers: frozenset[str]
    frame: bytes


class DataRelay:
    """Data of one room."""

    def __init__(self, members: Members, audience: Audience) -> None:
        self._members = members
        self._audience = audience
        self._last_sequence: dict[str, int] = {}
        self._held: dict[str, _Held] = {}
        self._kept: deque[_Kept] = deque()
        self._kept_bytes = 0
        self._listeners: dict[str, Callable[[DataPacket], None]] = {}
        self._nonces: deque[bytes] = deque(maxlen=_NONCES)
        self._rate = RateLimiter(DATA_RATE)

    def receive(self, sender: Participant, label: str, payload: bytes, now: float) -> bool:
        """A frame from the sender's channel; what is not a permitted data packet is dropped.

        False when the sender floods its reliable channel, which may not drop anything: end it.
        """
        if self._rate.take(sender.identity, now) > 0:
            return label != RELIABLE
        if label not in (RELIABLE, LOSSY) or not sender.permission.can_publish_data:
            return True
        if len(payload) > MAX_PACKET_BYTES:
            return True
        try:
            packet = DataPacket.FromString(payload)
        except DecodeError:
            return True
        self._forward(sender, label, packet, now)
        return True

    def _forward(self, sender: Participant, label: str, packet: DataPacket, now: float) -> None:
        if packet.WhichOneof("value") is None or not self._is_new(sender, label, packet):
            return
        if packet.WhichOneof("value") == "transcription" and sender.grants.kind != ParticipantInfo.Kind.AGENT:
            return
        if packet.user.topic in SERVER_TOPICS:
            return
        packet.kind = DataPacket.Kind.RELIABLE if label == RELIABLE else DataPacket.Kind.LOSSY
        _sign(packet, sender)
        _unify_destinations(packet)
        for identity in packet.destination_identities:
            if identity in self._listeners:
                self._listeners[identity](packet)
                return
        receivers = self._receivers(packet.destination_identities, packet.user.destination_sids)
        frame = packet.SerializeToString()
        receivers = [r for r in receivers if r is not sender and self._reaches(sender, r, packet)]
        if label == RELIABLE and packet.sequence > 0:
            sids = frozenset(receiver.sid for receiver in receivers)
            self._keep(_Kept(now, sender.sid, packet.sequence, sids, frame))
        for receiver in receivers:
            self._deliver(receiver, label, frame, now, is_sequenced=packet.sequence > 0)

    def _reaches(self, sender: Participant, receiver: Participant, packet: DataPacket) -> bool:
        """Files, stills, texts, pointers go where the sender may be seen, a transcript where the voice may.

        Other user packets pass: with them clients tell each other the state of their lines.
        """
        match packet.WhichOneof("value"):
            case "user" if packet.user.topic not in SEEN_TOPICS:
                return True
            case "transcription":
                speaker = packet.transcription.transcribed_participant_identity or sender.identity
                return self._audience.reaches(speaker, receiver.identity, "audio")
        return self._audience.reaches(sender.identity, receiver.identity, "video")

    def send(self, user: UserPacket, kind: DataPacket.Kind, now: float) -> None:
        """A packet from the server itself, to everybody or to the destinations named in it."""
        if user.nonce and user.nonce in self._nonces:
            return
        if user.nonce:
            self._nonces.append(user.nonce)
        packet = DataPacket(kind=kind, user=user, destination_identities=user.destination_identities)
        label = RELIABLE if kind == DataPacket.Kind.RELIABLE else LOSSY
        frame = packet.SerializeToString()
        for receiver in self._receivers(user.destination_identities, user.destination_sids):
            self._deliver(receiver, label, frame, now, is_sequenced=False)

    def caption(self, said: Transcription, now: float) -> None:
        """What somebody said, in words, to everybody who may hear them, and to themselves."""
        speaker = said.transcribed_participant_identity
        packet = DataPacket(kind=DataPacket.Kind.RELIABLE, transcription=said)
        packet.participant_identity = speaker
        frame = packet.SerializeToString()
        for receiver in self._members:
            if receiver.identity == speaker or self._audience.reaches(speaker, receiver.identity, "audio"):
                self._deliver(receiver, RELIABLE, frame, now, is_sequenced=False)

    def deliver(self, receiver: Participant, packet: DataPacket, now: float) -> None:
        """A reliable packet of the server's own making; it waits until the receiver's channels are open."""
        self._deliver(receiver, RELIABLE, packet.SerializeToString(), now, is_sequenced=False)

    @contextmanager
    def listening(self, identity: str, hear: Callable[[DataPacket], None]) -> Iterator[None]:
        """Packets addressed to `identity`, which is nobody's, go to the server itself."""
        self._listeners[identity] = hear
        try:
            yield
        finally:
            del self._listeners[identity]

    def channels_open(self, receiver: Participant, now: float) -> None:
        """The receiver's channels opened: replay what waited for them."""
        receiver.peer.has_data_channels = True
        held = self._held.pop(receiver.sid, None)
        if held is None:
            return
        _expire(held, now)
        for _, _, frame in held.packets:
            receiver.peer.send_data(RELIABLE, frame)

    def replay(self, receiver: Participant, received: Mapping[str, int], now: float) -> None:
        """Send again what the receiver says it has not got: it knows each sender's packets up to a number.

        What is on its way after all arrives twice, and the client drops the second by its number.
        """
        for kept in self._kept:
            is_missing = kept.sequence > received.get(kept.sender_sid, 0)
            if is_missing and receiver.sid in kept.receivers and kept.at >= now - KEPT_S:
                receiver.peer.send_data(RELIABLE, kept.frame)

    def _keep(self, kept: _Kept) -> None:
        self._kept.append(kept)
        self._kept_bytes += len(kept.frame)
        while self._kept_bytes > KEPT_BYTES or self._kept[0].at < kept.at - KEPT_S:
            self._kept_bytes -= len(self._kept.popleft().frame)

    def last_sequence(self, sender: Participant) -> int:
        """The last reliable packet of `sender` that arrived; all before it did too."""
        return self._last_sequence.get(sender.sid, 0)

    def left(self, member: Participant) -> None:
        """Forget a member."""
        self._held.pop(member.sid, None)
        self._last_sequence.pop(member.sid, None)

    def _is_new(self, sender: Participant, label: str, packet: DataPacket) -> bool:
        if label != RELIABLE or packet.sequence == 0:
            return True
        if packet.sequence <= self._last_sequence.get(sender.sid, 0):
            return False
        self._last_sequence[sender.sid] = packet.sequence
        return True

    def _receivers(self, identities: Iterable[str], sids: Iterable[str]) -> list[Participant]:
        by_identity, by_sid = set(identities), set(sids)
        if not by_identity and not by_sid:
            return list(self._members)
        return [m for m in self._members if m.identity in by_identity or m.sid in by_sid]

    def _deliver(
        self, receiver: Participant, label: str, frame: bytes, now: float, *, is_sequenced: bool
    ) -> None:
        with self._members.isolated(receiver):
            if receiver.peer.has_data_channels:
                receiver.peer.send_data(label, frame)
            elif label == RELIABLE:
                self._hold(receiver, frame, now, is_sequenced=is_sequenced)

    def _hold(self, receiver: Participant, frame: bytes, now: float, *, is_sequenced: bool) -> None:
        held = self._held.setdefault(receiver.sid, _Held())
        held.packets.append((now, is_sequenced, frame))
        held.size_bytes += len(frame)
        _expire(held, now)
        while held.size_bytes > HELD_BYTES:
            held.size_bytes -= len(held.packets.popleft()[2])


def _expire(held: _Held, now: float) -> None:
    """Participants' packets older than `HELD_S` go; the server's own wait as long as there is room."""
    fresh = deque(entry for entry in held.packets if not entry[1] or entry[0] >= now - HELD_S)
    held.packets = fresh
    held.size_bytes = sum(len(frame) for _, _, frame in fresh)


def _sign(packet: DataPacket, sender: Participant) -> None:
    identity, sid = ("", "") if sender.is_hidden else (sender.identity, sender.sid)
    packet.participant_identity = identity
    packet.participant_sid = sid
    if packet.WhichOneof("value") == "user":
        packet.user.participant_identity = identity
        packet.user.participant_sid = sid


def _unify_destinations(packet: DataPacket) -> None:
    """Old clients name destinations inside the user packet, new ones outside: both, for every receiver."""
    if packet.WhichOneof("value") != "user":
        return
    if packet.destination_identities:
        del packet.user.destination_identities[:]
        packet.user.destination_identities.extend(packet.destination_identities)
    else:
        packet.destination_identities.extend(packet.user.destination_identities)
