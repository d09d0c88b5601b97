"""What a stand-in says for a client that cannot: choices, checks, fragments. No media, no HTTP."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from livekit.protocol.models import ParticipantInfo, TrackInfo, TrackSource, TrackType
from livekit.protocol.rtc import (
    JoinResponse,
    MediaSectionsRequirement,
    ParticipantUpdate,
    SessionDescription,
    SignalRequest,
    SignalResponse,
)

from signaling.rtc.stand_in import (
    Choice,
    Fragment,
    PreconditionFailed,
    PreconditionRequired,
    Role,
    StandIn,
    Unprocessable,
    answer_fragment,
    for_any_source,
    patch_kind,
    read_fragment,
)

UFRAG, PWD = "abcd", "a-password-of-24-characters".replace("-", "+")
HEAD = f"v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=ice-ufrag:{UFRAG}\r\na=ice-pwd:{PWD}\r\n"
HEAD += "a=fingerprint:sha-256 AA:BB\r\na=setup:actpass\r\n"
GONE = ParticipantInfo.State.DISCONNECTED


def section(kind: str, mid: str, direction: str, rids: tuple[str, ...] = ()) -> str:
    """One m= section."""
    codec = "opus/48000/2" if kind == "audio" else "VP8/90000"
    lines = [f"m={kind} 9 UDP/TLS/RTP/SAVPF 96", f"a=mid:{mid}", f"a={direction}", f"a=rtpmap:96 {codec}"]
    lines += [f"a=msid:stream {kind}-track"]
    if rids:
        lines += [f"a=rid:{rid} send" for rid in rids] + ["a=simulcast:send " + ";".join(rids)]
    return "\r\n".join(lines) + "\r\n"


SENT = HEAD + section("audio", "0", "sendonly") + section("video", "1", "sendonly")
RECEIVED = HEAD + section("audio", "0", "recvonly") + section("video", "1", "recvonly")


def person(identity: str, *, video: bool = True, role: str = "", sid: str = "") -> ParticipantInfo:
    """Somebody with a microphone, and perhaps a camera."""
    tracks = [TrackInfo(sid=f"A-{identity}", type=TrackType.AUDIO, source=TrackSource.MICROPHONE)]
    if video:
        screen = TrackInfo(sid=f"S-{identity}", type=TrackType.VIDEO, source=TrackSource.SCREEN_SHARE)
        camera = TrackInfo(sid=f"V-{identity}", type=TrackType.VIDEO, source=TrackSource.CAMERA)
        tracks += [screen, camera]
    attributes = {"genba.role": role} if role else {}
    return ParticipantInfo(
        identity=identity, sid=sid or f"P-{identity}", tracks=tracks, attributes=attributes
    )


def said(requests: list[SignalRequest]) -> list[tuple[bool, list[str]]]:
    """Subscriptions among the requests."""
    return [
        (one.subscription.subscribe, list(one.subscription.track_sids))
        for one in requests
        if one.WhichOneof("message") == "subscription"
    ]


def kinds(requests: list[SignalRequest]) -> list[str | None]:
    return [one.WhichOneof("message") for one in requests]


def test_a_publisher_announces_what_it_sends_and_then_offers() -> None:
    offer = HEAD + section("audio", "0", "sendonly") + section("video", "1", "sendonly", ("q", "h", "f"))

    requests = StandIn("publisher", offer).begin()

    assert kinds(requests) == ["add_track", "add_track", "offer"]
    audio, video = (one.add_track for one in requests[:2])
    assert (audio.cid, audio.source) == ("audio-track", TrackSource.MICROPHONE)
    assert (video.cid, video.source, len(video.layers)) == ("video-track", TrackSource.CAMERA, 3)


@pytest.mark.parametrize(
    ("role", "offer"),
    [
        ("publisher", "hello"),
        ("publisher", ""),
        ("publisher", RECEIVED),
        ("viewer", SENT),
        ("viewer", HEAD + section("video", "0", "sendrecv")),
        ("publisher", HEAD),
        ("publisher", SENT + section("video", "2", "sendonly")),
        ("publisher", SENT.replace("a=ice-pwd", "a=ice-lost")),
        ("publisher", SENT.replace("a=fingerprint", "a=lost")),
        ("publisher", SENT + section("video", "1", "sendonly")),
    ],
)
def test_an_offer_that_does_not_fit_is_refused(role: Role, offer: str) -> None:
    with pytest.raises(Unprocessable):
        StandIn(role, offer)


@given(st.text() | st.text().map(lambda tail: SENT + tail))
def test_any_text_is_an_offer_or_unprocessable(text: str) -> None:
    try:
        StandIn("publisher", text).begin()
    except Unprocessable:
        pass


def test_a_viewer_follows_the_site_then_whoever_came_first() -> None:
    choice = Choice("")
    steps = [
        ([person("quiet", video=False)], []),
        ([person("a"), person("b")], [(True, ["A-a", "V-a"])]),
        ([person("c")], []),
        (
            [ParticipantInfo(identity="a", sid="P-a", state=GONE)],
            [(False, ["A-a", "V-a"]), (True, ["A-b", "V-b"])],
        ),
        ([person("f", role="field")], [(False, ["A-b", "V-b"]), (True, ["A-f", "V-f"])]),
        ([person("a")], []),
        ([person("f", role="field", video=False)], [(False, ["A-f", "V-f"]), (True, ["A-b", "V-b"])]),
        ([ParticipantInfo(identity="b", sid="an earlier stay", state=GONE)], []),
    ]
    for people, expected in steps:
        choice.learn(people)
        assert said(choice.changes()) == expected


def test_a_viewer_who_chose_waits_for_the_chosen() -> None:
    stand_in = StandIn("viewer", RECEIVED, watched_identity="b")
    stand_in.hear(SignalResponse(join=JoinResponse(other_participants=[person("a")])))

    assert kinds(stand_in.begin()) == ["offer"]
    came = SignalResponse(update=ParticipantUpdate(participants=[person("b", video=False)]))
    assert said(stand_in.hear(came)) == [(True, ["A-b"])]


def test_a_viewer_asked_for_sections_offers_the_same_again() -> None:
    stand_in = StandIn("viewer", RECEIVED)
    [first] = stand_in.begin()

    required = MediaSectionsRequirement(num_videos=1)
    [again] = stand_in.hear(SignalResponse(media_sections_requirement=required))

    assert again.offer.sdp == first.offer.sdp == RECEIVED
    assert again.offer.id == first.offer.id + 1


def test_a_viewers_answer_names_nobody() -> None:
    answer = (
        "v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:0\r\na=inactive\r\n"
        "a=extmap:1 urn:ietf:params:rtp-hdrext:sdes:mid\r\n"
        "m=video 9 UDP/TLS/RTP/SAVPF 97\r\na=sendonly\r\na=msid:x y\r\na=ssrc-group:FID 1 2\r\n"
        "a=ssrc:1 cname:c\r\n"
        "m=video 0 UDP/TLS/RTP/SAVPF 97\r\na=inactive\r\n"
    )

    assert for_any_source(answer) == (
        "v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:0\r\na=sendonly\r\na=msid:genba audio\r\n"
        "m=video 9 UDP/TLS/RTP/SAVPF 97\r\na=sendonly\r\na=msid:genba video\r\n"
        "m=video 0 UDP/TLS/RTP/SAVPF 97\r\na=inactive\r\n"
    )


def test_a_restart_offers_with_the_new_credentials_and_without_old_candidates() -> None:
    stand_in = StandIn("publisher", SENT + "a=candidate:1 1 udp 1 192.0.2.1 9 typ host\r\n")

    [request] = stand_in.restart(Fragment("new1", PWD[::-1]))

    assert read_fragment(request.offer.sdp) == Fragment("new1", PWD[::-1])
    assert stand_in.ufrag == "new1"
    assert "candidate" not in request.offer.sdp
    with pytest.raises(Unprocessable):
        stand_in.restart(Fragment("new2\r\na=x", PWD))


def test_an_answers_fragment_says_where_to_go_and_no_more() -> None:
    stand_in = StandIn("publisher", SENT)
    answer = (
        "v=0\r\na=group:BUNDLE 0 1\r\nm=audio 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:0\r\na=ice-ufrag:s\r\n"
        "a=ice-pwd:p\r\n"
        "a=candidate:1 1 udp 1 192.0.2.1 9 typ host\r\na=end-of-candidates\r\na=rtpmap:96 opus/48000/2\r\n"
        "m=video 9 UDP/TLS/RTP/SAVPF 97\r\na=mid:1\r\n"
    )

    stand_in.hear(SignalResponse(answer=SessionDescription(type="answer", sdp=answer)))

    assert answer_fragment(stand_in.answer).splitlines() == [
        "a=ice-lite",
        "a=ice-options:trickle ice2",
        "a=group:BUNDLE 0 1",
        "m=audio 9 UDP/TLS/RTP/SAVPF 96",
        "a=mid:0",
        "a=ice-ufrag:s",
        "a=ice-pwd:p",
        "a=candidate:1 1 udp 1 192.0.2.1 9 typ host",
        "a=end-of-candidates",
    ]


@pytest.mark.parametrize(
    ("if_match", "ufrag", "expected"),
    [
        ('"e1"', "mine", "trickle"),
        ('"e1"', "", "trickle"),
        ("*", "mine", "trickle"),
        ("*", "new", "restart"),
        ('"*"', "new", "restart"),
        (None, "new", PreconditionRequired),
        ('"e0"', "mine", PreconditionFailed),
        ('"e1"', "new", Unprocessable),
    ],
)
def test_what_a_patch_asks_for(if_match: str | None, ufrag: str, expected: str | type[Exception]) -> None:
    if isinstance(expected, str):
        assert patch_kind(if_match, '"e1"', Fragment(ufrag, PWD), "mine") == expected
    else:
        with pytest.raises(expected):
            patch_kind(if_match, '"e1"', Fragment(ufrag, PWD), "mine")
