"""Offer and answer in both roles, and descriptions under hostile hands."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from media import sdp
from media.capabilities import DEPENDENCY_DESCRIPTOR, TRANSPORT_CC, ReceiveOptions, payload_types
from media.negotiation import LocalTransport, Negotiation, Outgoing
from media.sdp import SdpError

FINGERPRINT = "sha-256 " + ":".join(["AB"] * 32)
HEAD = f"""v=0
o=- 1 2 IN IP4 127.0.0.1
s=-
t=0 0
a=group:BUNDLE {{mids}}
a=ice-ufrag:UUUU
a=ice-pwd:PPPPPPPPPPPPPPPPPPPPPPPP
a=fingerprint:{FINGERPRINT}
a=setup:actpass
"""
VIDEO = """m=video 9 UDP/TLS/RTP/SAVPF 96 97 103 104 35 36 98 99
c=IN IP4 0.0.0.0
a=mid:{mid}
a={direction}
a=msid:{stream} {track}
a=extmap:1 urn:ietf:params:rtp-hdrext:toffset
a=extmap:4 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01
a=extmap:9 urn:ietf:params:rtp-hdrext:sdes:mid
a=extmap:10 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id
a=extmap:11 urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id
a=extmap:13 https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension
a=extmap:3 urn:3gpp:video-orientation
a=rtcp-mux
a=rtpmap:96 VP8/90000
a=rtcp-fb:96 goog-remb
a=rtcp-fb:96 transport-cc
a=rtcp-fb:96 ccm fir
a=rtcp-fb:96 nack
a=rtcp-fb:96 nack pli
a=rtpmap:97 rtx/90000
a=fmtp:97 apt=96
a=rtpmap:103 H264/90000
a=fmtp:103 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42001f
a=rtpmap:104 rtx/90000
a=fmtp:104 apt=103
a=rtpmap:35 AV1/90000
a=fmtp:35 level-idx=5;profile=0;tier=0
a=rtpmap:36 rtx/90000
a=fmtp:36 apt=35
a=rtpmap:98 ulpfec/90000
a=rtpmap:99 flexfec-03/90000
a=rid:q send
a=rid:h send
a=rid:f send
a=simulcast:send q;h;~f
"""
AUDIO = """m=audio 9 UDP/TLS/RTP/SAVPF 111 63 0
c=IN IP4 0.0.0.0
a=mid:{mid}
a={direction}
a=msid:{stream} {track}
a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level
a=rtpmap:111 opus/48000/2
a=rtcp-fb:111 transport-cc
a=fmtp:111 minptime=10;useinbandfec=1
a=rtpmap:63 red/48000/2
a=fmtp:63 111/111
a=rtpmap:0 PCMU/8000
a=ssrc:1234 cname:x
"""
DATA = """m=application 9 UDP/DTLS/SCTP webrtc-datachannel
c=IN IP4 0.0.0.0
a=mid:{mid}
a=sctp-port:5000
a=max-message-size:262144
"""


def offer(*sections: str) -> str:
    mids = " ".join(str(index) for index in range(len(sections)))
    return HEAD.format(mids=mids) + "".join(s.replace("{mid}", str(i)) for i, s in enumerate(sections))


def media(template: str, direction: str, track: str = "cid") -> str:
    return template.replace("{direction}", direction).replace("{stream}", "stream").replace("{track}", track)


def local_transport() -> LocalTransport:
    return LocalTransport(
        "uuuu", "p" * 32, (("sha-256", "CD:EF"),), ("1 1 udp 1 192.0.2.1 7882 typ host",), 5
    )


def negotiation(*, reuse_sections: bool = True) -> Negotiation:
    return Negotiation(local_transport(), reuse_sections=reuse_sections)


def outgoing(kind: sdp.Kind, number: int) -> Outgoing:
    return Outgoing(kind, f"PA_1|TR_{number}", f"TR_{number}", number * 10, number * 10 + 1)


def answered(machine: Negotiation, text: str) -> sdp.Description:
    machine.set_remote_offer(sdp.parse(text))
    return sdp.parse(sdp.write(machine.answer(), "cname"))


def test_sent_track_is_answered_with_known_codecs_feedback_and_simulcast() -> None:
    machine = negotiation()
    machine.set_remote_offer(sdp.parse(offer(media(VIDEO, "sendonly"))))
    machine.receive("0", ReceiveOptions(mime_type="video/VP8", rids=("q", "h", "f")))
    text = sdp.write(machine.answer(), "cname")
    section = sdp.parse(text).sections[0]

    assert section.direction == "recvonly"
    assert [c.name for c in section.codecs] == ["VP8", "rtx", "H264", "rtx", "AV1", "rtx"]
    assert section.codecs[0].feedback == ("transport-cc", "ccm fir", "nack", "nack pli")
    assert "a=rid:f recv" in text and "a=simulcast:recv q;h;f" in text
    assert TRANSPORT_CC in dict(section.extensions).values()
    assert DEPENDENCY_DESCRIPTOR not in dict(section.extensions).values()
    assert "video-orientation" not in text


def test_preferred_codec_comes_first_and_av1_keeps_its_descriptor() -> None:
    machine = negotiation()
    machine.set_remote_offer(sdp.parse(offer(media(VIDEO, "sendonly"))))
    agreed = machine.receive("0", ReceiveOptions(mime_type="video/AV1"))

    assert agreed.codecs[0].name == "AV1"
    assert DEPENDENCY_DESCRIPTOR in dict(agreed.extensions).values()


def test_an_offer_that_restarts_ice_replaces_one_without_an_answer() -> None:
    local = local_transport()
    machine = Negotiation(local)
    machine.add(outgoing("audio", 1))
    lost = machine.offer()
    with pytest.raises(sdp.SdpError):
        machine.offer()

    local.ufrag, local.pwd = "vvvv", "q" * 32
    machine.add(outgoing("video", 2))
    again = machine.offer()

    assert [section.mid for section in again.sections][: len(lost.sections)] == [
        section.mid for section in lost.sections
    ]
    assert [section.track_id for section in again.sections] == ["TR_1", "TR_2"]
    assert again.version > lost.version and again.ice_ufrag == "vvvv"


def test_opus_is_taken_in_stereo_where_the_publisher_said_so() -> None:
    machine = negotiation()
    machine.set_remote_offer(sdp.parse(offer(media(AUDIO, "sendonly"))))
    machine.receive("0", ReceiveOptions(mime_type="audio/opus", stereo=True, dtx=False))

    (codec,) = [c for c in machine.answer().sections[0].codecs if c.name == "opus"]
    assert codec.parameter("stereo") == "1"
    assert codec.parameter("usedtx") != "1"


def test_opus_is_asked_for_discontinuous_transmission_and_for_repetitions() -> None:
    section = answered(negotiation(), offer(media(AUDIO, "sendonly"))).sections[0]

    assert [c.name for c in section.codecs] == ["red", "opus"]
    assert section.codecs[1].parameter("usedtx") == "1"
    assert {c.channels for c in section.codecs} == {2}


@pytest.mark.parametrize("options", [ReceiveOptions(red=False), ReceiveOptions(is_encrypted=True)])
def test_repetitions_are_not_asked_for_where_they_are_not_wanted(options: ReceiveOptions) -> None:
    machine = negotiation()
    machine.set_remote_offer(sdp.parse(offer(media(AUDIO, "sendonly"))))

    agreed = machine.receive("0", options)

    assert [c.name for c in agreed.codecs] == ["opus"]


def test_red_of_another_codec_is_not_taken() -> None:
    text = offer(media(AUDIO, "sendonly")).replace("a=fmtp:63 111/111", "a=fmtp:63 0/0")

    assert [c.name for c in answered(negotiation(), text).sections[0].codecs] == ["opus"]


def test_single_connection_gives_free_sections_to_waiting_tracks() -> None:
    machine = negotiation()
    machine.add(outgoing("video", 1))
    machine.add(outgoing("video", 2))
    text = offer(DATA, media(VIDEO, "recvonly"), media(AUDIO, "recvonly"))

    description = answered(machine, text)

    assert [s.direction for s in description.sections[1:]] == ["sendonly", "inactive"]
    assert description.sections[1].track_id == "TR_1"
    assert description.sections[1].rtx_ssrcs == ((10, 11),)
    assert machine.track_ids() == {"1": "TR_1"}
    assert (machine.shortage("video"), machine.shortage("audio")) == (1, 0)
    assert machine.needs_negotiation


def test_idle_sections_keep_the_extensions_a_later_simulcast_needs() -> None:
    description = answered(negotiation(), offer(media(VIDEO, "recvonly")))

    assert (
        "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id" in dict(description.sections[0].extensions).values()
    )


def test_free_section_offered_before_is_no_shortage() -> None:
    machine = negotiation()
    answered(machine, offer(DATA, media(AUDIO, "recvonly")))

    machine.add(outgoing("audio", 1))

    assert machine.shortage("audio") == 0
    assert machine.needs_negotiation


@pytest.mark.parametrize(("reuse", "direction"), [(True, "sendonly"), (False, "inactive")])
def test_section_of_an_ended_track_is_reused_only_where_clients_notice(reuse: bool, direction: str) -> None:
    machine = negotiation(reuse_sections=reuse)
    machine.add(outgoing("audio", 1))
    text = offer(media(AUDIO, "recvonly"))
    answered(machine, text)
    machine.remove("TR_1")
    machine.add(outgoing("audio", 2))

    assert machine.shortage("audio") == 1
    assert answered(machine, text).sections[0].direction == "inactive"
    assert answered(machine, text).sections[0].direction == direction


def test_stopped_section_gives_its_track_back_to_the_queue() -> None:
    machine = negotiation()
    machine.add(outgoing("audio", 1))
    answered(machine, offer(media(AUDIO, "recvonly")))
    stopped = offer(media(AUDIO, "recvonly")).replace("m=audio 9", "m=audio 0")

    description = answered(machine, stopped)

    assert description.sections[0].rejected
    assert machine.shortage("audio") == 1


def test_server_offer_answer_round_trip_and_reuse() -> None:
    machine = negotiation()
    machine.open_data()
    machine.add(outgoing("video", 1))
    first = sdp.parse(sdp.write(machine.offer(), "cname"))
    machine.set_remote_answer(sdp.parse(offer(DATA, media(VIDEO, "recvonly"))))
    [(sent, parameters)] = list(machine.sending())
    machine.remove("TR_1")
    machine.add(outgoing("video", 2))
    second = sdp.parse(sdp.write(machine.offer(), "cname"))
    machine.set_remote_answer(sdp.parse(offer(DATA, media(VIDEO, "recvonly"), media(VIDEO, "recvonly"))))
    machine.add(outgoing("video", 3))
    third = sdp.parse(sdp.write(machine.offer(), "cname"))

    assert [s.kind for s in first.sections] == ["application", "video"]
    assert first.is_ice_lite and first.setup == "actpass"
    assert sent.track_id == "TR_1"
    assert parameters.codecs[0].name == "VP8"
    assert [s.track_id for s in second.sections] == ["", "", "TR_2"]
    assert [s.track_id for s in third.sections] == ["", "TR_3", "TR_2"]


def test_only_one_server_offer_is_out_at_a_time() -> None:
    machine = negotiation()
    machine.open_data()
    machine.offer()

    with pytest.raises(SdpError):
        machine.offer()


def test_answer_to_nothing_or_to_something_else_is_refused() -> None:
    machine = negotiation()
    text = offer(media(AUDIO, "recvonly"))
    with pytest.raises(SdpError):
        machine.set_remote_answer(sdp.parse(text))
    machine.open_data()
    machine.offer()
    with pytest.raises(SdpError):
        machine.set_remote_answer(sdp.parse(offer(DATA, media(AUDIO, "recvonly"))))


@pytest.mark.parametrize(
    "damage",
    [
        ("a=ice-ufrag:UUUU\n", ""),
        ("a=fingerprint:", "a=nothing:"),
        ("m=video 9", "m=image 9"),
        ("a=rtpmap:96 VP8/90000", "a=rtpmap:96 VP8"),
        ("a=rtpmap:96 VP8/90000", "a=rtpmap:x VP8/90000"),
        ("v=0", "v=1"),
        ("a=extmap:1 ", "a=extmap:a "),
    ],
)
def test_damaged_offers_are_refused(damage: tuple[str, str]) -> None:
    text = offer(media(VIDEO, "sendonly")).replace(*damage)

    with pytest.raises(SdpError):
        negotiation().set_remote_offer(sdp.parse(text))


def test_section_without_any_codec_of_ours_is_rejected() -> None:
    text = offer(media(AUDIO, "sendonly").replace("opus", "speex"))

    description = answered(negotiation(), text)

    assert description.sections[0].rejected


def test_hostile_lines_do_not_travel() -> None:
    machine = negotiation()
    machine.set_remote_offer(
        sdp.parse(offer(media(AUDIO, "sendonly") + "a=x-evil:1\n", media(VIDEO, "recvonly")))
    )

    assert "evil" not in sdp.write(machine.answer(), "cname")


def test_h264_matches_constrained_baseline_across_clients() -> None:
    publisher = (sdp.Codec(103, "H264", 90000, 1, "packetization-mode=1;profile-level-id=42e01f"),)
    subscriber = (
        sdp.Codec(108, "H264", 90000, 1, "packetization-mode=0;profile-level-id=42001f"),
        sdp.Codec(109, "H264", 90000, 1, "packetization-mode=1;profile-level-id=42001f"),
    )

    assert payload_types(publisher, subscriber) == {103: 109}


@given(st.text(max_size=400))
def test_any_text_is_read_or_refused(text: str) -> None:
    for candidate in (text, "v=0\n" + text, offer(media(VIDEO, "sendonly")) + text):
        try:
            sdp.parse(candidate)
        except SdpError:
            pass


@settings(max_examples=200)
@given(st.integers(0, 3000), st.integers(0, 60), st.text(alphabet="a=m:0 \n;/9", max_size=12))
def test_mutated_offers_are_answered_or_refused(start: int, length: int, replacement: str) -> None:
    whole = offer(DATA, media(VIDEO, "sendonly"), media(AUDIO, "recvonly"))
    text = whole[:start] + replacement + whole[start + length :]
    machine = negotiation()
    try:
        machine.set_remote_offer(sdp.parse(text))
        answer = machine.answer()
    except SdpError:
        return
    sdp.parse(sdp.write(answer, "cname"))
