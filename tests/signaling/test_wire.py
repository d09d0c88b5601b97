"""Signal frames: both forms, and nothing but WireError for whatever else arrives."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from livekit.protocol.rtc import MuteTrackRequest, Ping, SignalRequest, SignalResponse

from signaling.rtc.wire import MAX_FRAME_BYTES, SignalCodec, WireError


def test_answers_come_in_the_form_of_the_questions() -> None:
    codec = SignalCodec()
    response = SignalResponse(pong=1_800_000_000_000)

    assert codec.encode(response) == response.SerializeToString()

    request = codec.decode('{"pingReq": {"timestamp": "123"}, "fromTheFuture": 1}')
    assert request == SignalRequest(ping_req=Ping(timestamp=123))
    assert codec.encode(response) == '{"pong": "1800000000000"}'

    assert codec.decode(SignalRequest(ping=1).SerializeToString()).ping == 1
    assert codec.encode(response) == response.SerializeToString()


@pytest.mark.parametrize(
    ("frame", "reason"),
    [
        (b"\x00" * (MAX_FRAME_BYTES + 1), "signal message too large"),
        ("x" * (MAX_FRAME_BYTES + 1), "signal message too large"),
        (b"\xff\xff\xff", "malformed signal message"),
        ("{", "malformed signal message"),
        ('{"mute": 5}', "malformed signal message"),
        ("[" * 100_000, "malformed signal message"),
        ('{"ping": "12345678901234567890123"}', "malformed signal message"),
    ],
)
def test_bad_frames_are_refused(frame: bytes | str, reason: str) -> None:
    with pytest.raises(WireError, match=reason):
        SignalCodec().decode(frame)


def test_unknown_variant_decodes_to_nothing() -> None:
    assert SignalCodec().decode(b"\xfa\x3f\x01x").WhichOneof("message") is None


@given(st.binary(max_size=300) | st.text(max_size=300))
def test_any_frame_is_read_or_refused(frame: bytes | str) -> None:
    try:
        SignalCodec().decode(frame)
    except WireError:
        pass


@given(st.text(max_size=50), st.booleans())
def test_requests_survive_both_forms(sid: str, muted: bool) -> None:
    request = SignalRequest(mute=MuteTrackRequest(sid=sid, muted=muted))
    codec = SignalCodec()

    assert codec.decode(request.SerializeToString()) == request
