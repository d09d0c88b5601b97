"""A published track: what the publisher announced (AddTrack), and the record others see (`TrackInfo`).

The hard part is that announcement and media arrive separately and in any order, named by ids that clients
change on the way; `Publications` joins them. Follows `livekit_models.proto` and the reference server's
matching order. Sans-IO.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

from livekit.protocol.models import (
    AudioTrackFeature,
    Encryption,
    SimulcastCodecInfo,
    TrackInfo,
    TrackSource,
    TrackType,
    VideoLayer,
    VideoQuality,
)
from livekit.protocol.rtc import AddTrackRequest, SimulcastCodec, UpdateTrackSettings

from media import Producer, ReceiveOptions, SendingSection

MAX_PENDING_TRACKS = 20
MAX_TRACKS = 64  # of one participant; each costs the SFU sources and every viewer a section
PUBLISH_CODECS = ("video/VP8", "video/H264", "video/VP9", "video/AV1", "audio/opus")

_MIME_TYPES = {mime.split("/")[1].lower(): mime for mime in PUBLISH_CODECS}
_SPATIAL_CODECS = ("video/VP9", "video/AV1")
_SOURCE_LETTERS = {
    TrackSource.CAMERA: "C",
    TrackSource.MICROPHONE: "M",
    TrackSource.SCREEN_SHARE: "S",
    TrackSource.SCREEN_SHARE_AUDIO: "s",
}
# Low to high; clients call their layers by one of these two families of names.
_RID_ORDERS = (("q", "h", "f"), ("2", "1", "0"))
_RID_NAMES = _RID_ORDERS[0]


@dataclass(slots=True, eq=False)
class Track:
    """One track of one participant, from AddTrack to unpublish."""

    info: TrackInfo
    cid: str
    codec_cids: tuple[str, ...] = ()
    is_codec_named: bool = True
    producer: Producer | None = None
    mid: str = ""
    was_subscribed: bool = False

    @property
    def sid(self) -> str:
        """The track's identifier in the room, also its producer's."""
        return self.info.sid

    @property
    def kind(self) -> str:
        """`audio` or `video`."""
        return "video" if self.info.type == TrackType.VIDEO else "audio"


class Publications:
    """The tracks of one participant: announced (pending) and carrying media (published)."""

    def __init__(self) -> None:
        self.pending: list[Track] = []
        self.published: dict[str, Track] = {}
        self._unclaimed: dict[str, SendingSection] = {}

    @property
    def is_full(self) -> bool:
        """Whether one participant may announce no further track."""
        return (
            len(self.pending) >= MAX_PENDING_TRACKS or len(self.pending) + len(self.published) >= MAX_TRACKS
        )

    def find(self, sid: str) -> Track | None:
        """The track with this sid, pending or published."""
        return self.published.get(sid) or next((track for track in self.pending if track.sid == sid), None)

    def infos(self) -> list[TrackInfo]:
        """Records of the published tracks, in order of publication."""
        return [track.info for track in self.published.values()]

    def by_mids(self, mids: Iterable[str]) -> list[Track]:
        """Published tracks that travel in these sections."""
        wanted = set(mids)
        return [track for track in self.published.values() if track.mid in wanted]

    def offered(self, sections: Iterable[SendingSection]) -> None:
        """The client's latest offer sends in these sections; those not yet bound wait for their track."""
        self._unclaimed = {section.mid: section for section in sections if section.producer is None}

    def republished(self, sections: Iterable[SendingSection]) -> list[Track]:
        """Published tracks whose section the client now means for a new track with the same cid."""
        cids = {track.cid for track in self.pending}
        live = {section.mid for section in sections if section.producer is not None}
        return [track for track in self.published.values() if track.cid in cids and track.mid in live]

    def free(self, section: SendingSection) -> None:
        """A bound section lost its track and waits for another."""
        self._unclaimed[section.mid] = section

    def claims(self) -> list[tuple[Track, SendingSection]]:
        """Pairs of pending track and waiting section that belong together; both stop waiting."""
        matches: list[tuple[Track, SendingSection]] = []
        for rank in (_same_cid, _same_codec_cid, _same_kind):
            for section in list(self._unclaimed.values()):
                track = next((track for track in self.pending if rank(track, section)), None)
                if track is not None:
                    self.pending.remove(track)
                    del self._unclaimed[section.mid]
                    matches.append((track, section))
        return matches


def _same_cid(track: Track, section: SendingSection) -> bool:
    return track.kind == section.kind and track.cid == section.track_id


def _same_codec_cid(track: Track, section: SendingSection) -> bool:
    return track.kind == section.kind and section.track_id in track.codec_cids


def _same_kind(track: Track, section: SendingSection) -> bool:
    return track.kind == section.kind


def track_sid_prefix(request: AddTrackRequest) -> str:
    """`TR_` and two letters that tell kind and source, the way the reference server names tracks."""
    kind = "V" if request.type == TrackType.VIDEO else "A"
    return f"TR_{kind}{_SOURCE_LETTERS.get(request.source, 'U')}"


def announced_track(request: AddTrackRequest, sid: str) -> Track:
    """The pending track an AddTrack request describes."""
    is_video = request.type == TrackType.VIDEO
    codecs = [_codec_info(request, codec) for codec in request.simulcast_codecs]
    if not codecs:
        codecs = [_codec_info(request, SimulcastCodec(codec="opus", cid=request.cid))]
        if is_video:
            codecs[0].mime_type = ""  # known when the offer comes
    layers = codecs[0].layers
    features = list(request.audio_features)
    if request.stereo and AudioTrackFeature.TF_STEREO not in features:
        features.append(AudioTrackFeature.TF_STEREO)
    if request.disable_dtx and AudioTrackFeature.TF_NO_DTX not in features:
        features.append(AudioTrackFeature.TF_NO_DTX)
    info = TrackInfo(
        sid=sid,
        type=request.type,
        name=request.name,
        source=request.source,
        width=request.width,
        height=request.height,
        muted=request.muted,
        simulcast=is_video and len(layers) > 1 and codecs[0].mime_type not in _SPATIAL_CODECS,
        disable_dtx=AudioTrackFeature.TF_NO_DTX in features,
        stereo=AudioTrackFeature.TF_STEREO in features,
        disable_red=request.disable_red,
        layers=layers if is_video else [],
        mime_type=codecs[0].mime_type,
        codecs=codecs,
        encryption=request.encryption,
        stream=request.stream or _default_stream(request.source),
        audio_features=features,
        backup_codec_policy=request.backup_codec_policy,
        packet_trailer_features=request.packet_trailer_features,
    )
    return Track(
        info,
        request.cid,
        codec_cids=tuple(codec.cid for codec in request.simulcast_codecs if codec.cid),
        is_codec_named=bool(request.simulcast_codecs) or not is_video,
    )


def _codec_info(request: AddTrackRequest, codec: SimulcastCodec) -> SimulcastCodecInfo:
    is_video = request.type == TrackType.VIDEO
    name = codec.codec.lower().rpartition("/")[2]
    mime_type = _MIME_TYPES.get(name, "")
    # A codec we cannot forward is answered with one we can; the client then encodes that instead.
    if not mime_type.startswith("video/" if is_video else "audio/"):
        mime_type = "video/VP8" if is_video else "audio/opus"
    info = SimulcastCodecInfo(mime_type=mime_type, cid=codec.cid)
    if not is_video:
        return info
    is_spatial = mime_type in _SPATIAL_CODECS
    modes = VideoLayer.Mode
    info.video_layer_mode = codec.video_layer_mode or (
        modes.MULTIPLE_SPATIAL_LAYERS_PER_STREAM if is_spatial else modes.ONE_SPATIAL_LAYER_PER_STREAM
    )
    asked = sorted(codec.layers or request.layers, key=lambda layer: layer.quality)
    if not asked:
        asked = [VideoLayer(quality=VideoQuality.HIGH, width=request.width, height=request.height)]
    for index, layer in enumerate(asked[: len(_RID_NAMES)]):
        copy = info.layers.add()
        copy.CopyFrom(layer)
        copy.spatial_layer = index
        copy.rid = "" if is_spatial else _RID_NAMES[index]
    return info


def _default_stream(source: TrackSource) -> str:
    if source in (TrackSource.CAMERA, TrackSource.MICROPHONE):
        return "camera"
    if source in (TrackSource.SCREEN_SHARE, TrackSource.SCREEN_SHARE_AUDIO):
        return "screen"
    return ""


def receive_options(track: Track, section: SendingSection) -> ReceiveOptions:
    """How the SFU should receive `track`; without a named codec the client's first one is taken."""
    features = track.info.audio_features
    return ReceiveOptions(
        mime_type=track.info.mime_type if track.is_codec_named else None,
        rids=ordered_rids(section.rids),
        stereo=AudioTrackFeature.TF_STEREO in features,
        dtx=AudioTrackFeature.TF_NO_DTX not in features,
        red=not track.info.disable_red,
        is_encrypted=track.info.encryption != Encryption.Type.NONE,
    )


def ordered_rids(rids: tuple[str, ...]) -> tuple[str, ...]:
    """Layer ids from low to high; unknown names keep the client's order."""
    for order in _RID_ORDERS:
        if set(rids) <= set(order):
            return tuple(rid for rid in order if rid in rids)
    return rids


def bound(track: Track, section: SendingSection, producer: Producer) -> None:
    """Record that `track` now has media: section, ids and codec as negotiated."""
    track.producer = producer
    track.mid = track.info.mid = section.mid
    mime_type = producer.mime_type or track.info.mime_type
    track.info.mime_type = mime_type
    first = track.info.codecs[0]
    first.mime_type = mime_type
    first.mid = section.mid
    if section.track_id != track.cid:
        first.sdp_cid = section.track_id
    for layer, rid in zip(first.layers, ordered_rids(section.rids), strict=False):
        layer.rid = rid
    if first.layers:
        del track.info.layers[:]
        track.info.layers.extend(first.layers)


def wanted_quality(track: Track, settings: UpdateTrackSettings) -> int:
    """0 low, 1 medium, 2 high: the smallest layer that covers the wanted size, else the wanted quality."""
    if settings.width or settings.height:
        for layer in track.info.layers:
            if layer.width >= settings.width and layer.height >= settings.height:
                return cast(int, layer.quality)
        return int(VideoQuality.HIGH)
    return int(VideoQuality.HIGH) if settings.quality == VideoQuality.OFF else int(settings.quality)
