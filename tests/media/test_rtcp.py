"""RTCP values from and to the wire, and what happens to broken compounds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.packets import is_rtcp
from media.rtcp import (
    Bye,
    FullIntraRequest,
    Nack,
    PictureLossIndication,
    ReceiverReport,
    Remb,
    ReportBlock,
    RtcpPacket,
    SenderReport,
    SourceDescription,
    TransportFeedback,
    compose,
    parse_compound,
)

REPORT = ReportBlock(0xBC5E9A40, 64, -2, 0x0001_1234, 906, 0x9F66AF45, 65536)
REPORT_BYTES = "bc5e9a40 40fffffe 00011234 0000038a 9f66af45 00010000"
WIRE: list[tuple[RtcpPacket, str]] = [
    (
        SenderReport(0x1AEA1D91, 0xDA8BD1FCDDDDA05A, 0xAAF4EDD5, 14, 13660, (REPORT,)),
        "81c8000c 1aea1d91 da8bd1fcdddda05a aaf4edd5 0000000e 0000355c" + REPORT_BYTES,
    ),
    (SenderReport(1, 2, 3, 4, 5), "80c80006 00000001 0000000000000002 00000003 00000004 00000005"),
    (ReceiverReport(0x1AEA1D91, (REPORT,)), "81c90007 1aea1d91" + REPORT_BYTES),
    (ReceiverReport(7), "80c90001 00000007"),
    (SourceDescription(0xBF1D3A6F, "{63f459ea}"), "81ca0005 bf1d3a6f 010a 7b36336634353965617d 00000000"),
    (SourceDescription(1, "ab"), "81ca0003 00000001 01026162 00000000"),
    (SourceDescription(1, "abc"), "81ca0003 00000001 01036162 63000000"),
    (Bye((0xBC5E9A40, 2)), "82cb0002 bc5e9a40 00000002"),
    (Bye(()), "80cb0000"),
    (Nack(1, 2, (12, 13, 28, 40)), "81cd0004 00000001 00000002 000c8001 00280000"),
    (Nack(1, 2, (65535, 0, 15)), "81cd0003 00000001 00000002 ffff8001"),
    (PictureLossIndication(0x54508E65, 0x230133B9), "81ce0002 54508e65 230133b9"),
    (
        FullIntraRequest(1, ((2, 5), (3, 255))),
        "84ce0006 00000001 00000000 00000002 05000000 00000003 ff000000",
    ),
    (
        Remb(1, 4160000, (0x6F47182B, 2)),
        "8fce0006 00000001 00000000 52454d42 0213f7a0 6f47182b 00000002",
    ),
    (Remb(1, 0, ()), "8fce0004 00000001 00000000 52454d42 00000000"),
    (
        # Sequence 65534 to 2: arrived, lost, arrived late (a large negative delta), arrived, arrived.
        TransportFeedback(1, 2, 65534, 64 * 0x0123, 9, (16, None, -4, 300, 255)),
        "8fcd0006 00000001 00000002 fffe0005 00012309 d290 10 fffc 012c ff",
    ),
    (
        TransportFeedback(1, 2, 0, -64, 255, (0,) * 20 + (None,) * 3),
        "8fcd000a 00000001 00000002 00000017 ffffffff 2014 0003" + "00" * 20,
    ),
]

u8, u16, u32 = st.integers(0, 0xFF), st.integers(0, 0xFFFF), st.integers(0, 0xFFFFFFFF)
reports = st.lists(
    st.builds(ReportBlock, u32, u8, st.integers(-0x800000, 0x7FFFFF), u32, u32, u32, u32), max_size=31
).map(tuple)
deltas = st.lists(st.one_of(st.none(), st.integers(0, 255), st.integers(-0x8000, 0x7FFF)), max_size=60)
packets: st.SearchStrategy[RtcpPacket] = st.one_of(
    st.builds(SenderReport, u32, st.integers(0, 2**64 - 1), u32, u32, u32, reports),
    st.builds(ReceiverReport, u32, reports),
    st.builds(SourceDescription, u32, st.text(st.characters(codec="utf-8"), max_size=60)),
    st.builds(Bye, st.lists(u32, max_size=31).map(tuple)),
    st.builds(PictureLossIndication, u32, u32),
    st.builds(FullIntraRequest, u32, st.lists(st.tuples(u32, u8), max_size=9).map(tuple)),
    st.builds(Remb, u32, st.integers(0, 0x3FFFF), st.lists(u32, max_size=255).map(tuple)),
    st.builds(
        TransportFeedback,
        u32,
        u32,
        u16,
        st.integers(-0x800000, 0x7FFFFF).map(lambda unit: unit * 64),
        u8,
        deltas.map(tuple),
    ),
)


@pytest.mark.parametrize(("packet", "wire"), WIRE)
def test_each_packet_reads_and_writes_these_bytes(packet: RtcpPacket, wire: str) -> None:
    data = bytes.fromhex(wire)
    data += bytes(-len(data) % 4)

    assert parse_compound(data) == [packet]
    assert compose([packet]) == data
    assert is_rtcp(data)


def test_a_compound_keeps_its_order() -> None:
    every = [packet for packet, _ in WIRE]

    assert parse_compound(compose(every)) == every


@given(st.lists(packets, min_size=1, max_size=5))
def test_what_is_composed_is_what_is_parsed(every: list[RtcpPacket]) -> None:
    assert parse_compound(compose(every)) == every


@given(start=u16, steps=st.lists(st.integers(1, 400), max_size=60))
def test_lost_sequence_numbers_survive_in_order(start: int, steps: list[int]) -> None:
    lost = [start]
    for step in steps:
        lost.append((lost[-1] + step) & 0xFFFF)

    (parsed,) = parse_compound(compose([Nack(1, 2, tuple(lost))]))

    assert isinstance(parsed, Nack)
    assert parsed.lost == tuple(lost)


@given(st.lists(u16, max_size=60).map(tuple))
def test_lost_sequence_numbers_in_any_order_are_all_asked_for(lost: tuple[int, ...]) -> None:
    (parsed,) = parse_compound(compose([Nack(1, 2, lost)]))

    assert isinstance(parsed, Nack)
    assert set(parsed.lost) == set(lost)


@given(st.integers(0, 2**81 - 1))
def test_remb_loses_no_more_than_its_mantissa(bitrate: int) -> None:
    (parsed,) = parse_compound(compose([Remb(1, bitrate, ())]))

    assert isinstance(parsed, Remb)
    assert parsed.bitrate_bps <= bitrate
    assert bitrate - parsed.bitrate_bps <= bitrate >> 17


@given(st.binary(max_size=120))
def test_parsing_anything_raises_only_value_error(data: bytes) -> None:
    try:
        parse_compound(data)
    except ValueError:
        assert len(data) < 4 or data[0] >> 6 != 2 or len(data) < 4 + 4 * int.from_bytes(data[2:4], "big")


@given(
    st.integers(0, 0x3F), st.sampled_from([200, 201, 202, 203, 204, 205, 206, 207]), st.binary(max_size=96)
)
def test_parsing_any_body_never_raises(bits: int, kind: int, body: bytes) -> None:
    body += bytes(-len(body) % 4)
    header = bytes([0x80 | bits, kind]) + (len(body) // 4).to_bytes(2, "big")
    tail = compose([PictureLossIndication(1, 2)])

    assert parse_compound(header + body + tail)[-1] == PictureLossIndication(1, 2)


@given(st.data())
def test_a_compound_cut_anywhere_keeps_its_leading_packets(draw: st.DataObject) -> None:
    every = [packet for packet, _ in WIRE]
    data = compose(every)
    cut = draw.draw(st.integers(4, len(data)))
    try:
        kept = parse_compound(data[:cut])
    except ValueError:
        assert cut < len(compose(every[:1]))
        return
    assert kept == every[: len(kept)]


@pytest.mark.parametrize("data", ["", "81", "81ce00", "41ce0002 0000000100000002", "81ce0002 00000001"])
def test_a_broken_first_header_is_a_value_error(data: str) -> None:
    with pytest.raises(ValueError, match="RTCP"):
        parse_compound(bytes.fromhex(data))


@pytest.mark.parametrize(
    "skipped",
    [
        "80cc0002 00000001 74657374",  # application-defined
        "80cf0001 00000001",  # extended report
        "83cd0002 00000001 00000002",  # a transport-layer format we do not know
        "8fce0003 00000001 00000000 00000000",  # application feedback that is not REMB
        "82ce0002 00000001 00000002",  # slice loss
        "81c80005 0000000100000001000000010000000100000001",  # sender report cut off
        "81c80006 000000010000000100000001000000010000000100000001",  # its report block missing
        "80c90000",
        "81c90001 00000001",
        "81ca0000",
        "81ca0001 00000001",  # a chunk without items
        "81ca0002 00000001 0105 6162",  # an item longer than the packet
        "81ca0002 00000001 02010201",  # ends inside an item's head
        "82ca0002 00000001 02000000",  # the second chunk is missing
        "82cb0001 00000001",
        "81cd0001 00000001",
        "81ce0001 00000001",
        "8fcd0003 00000001 00000002 00000001",  # transport feedback without its head
        "8fcd0004 00000001 00000002 00000001 00000000",  # and without its chunks
        "8fce0003 00000001 00000000 52454d42",  # REMB without a rate
        "8fce0004 00000001 00000000 52454d42 01000001",  # without its SSRC
        "a1ce0002 00000001 000000ff",  # padding longer than the packet
    ],
)
def test_an_unknown_or_contradictory_packet_is_skipped(skipped: str) -> None:
    known = PictureLossIndication(1, 2)

    assert parse_compound(bytes.fromhex(skipped) + compose([known])) == [known]


def test_padding_of_the_last_packet_is_not_read() -> None:
    data = bytes.fromhex("a1cd0004 00000001 00000002 000c0000 00000004")

    assert parse_compound(data) == [Nack(1, 2, (12,))]


def test_a_source_description_may_have_several_chunks_and_items() -> None:
    data = bytes.fromhex("82ca0006 00000001 0201ff 0102 6162 00 00000002 0101 63 00 00000000")

    assert parse_compound(data) == [SourceDescription(1, "ab"), SourceDescription(2, "c")]


def test_a_canonical_name_that_is_not_utf8_is_still_read() -> None:
    data = bytes.fromhex("81ca0002 00000001 0101ff00")

    assert parse_compound(data) == [SourceDescription(1, "\N{REPLACEMENT CHARACTER}")]


def test_a_loss_total_beyond_its_field_stays_at_the_limit() -> None:
    report = ReceiverReport(1, (ReportBlock(1, 0, 1 << 30, 0, 0, 0, 0),))

    (parsed,) = parse_compound(compose([report]))

    assert isinstance(parsed, ReceiverReport)
    assert parsed.reports[0].packets_lost == 0x7FFFFF


@pytest.mark.parametrize(
    "packet",
    [
        SenderReport(1 << 32, 0, 0, 0, 0),
        SenderReport(1, 1 << 64, 0, 0, 0),
        ReceiverReport(1, (REPORT,) * 32),
        ReceiverReport(1, (ReportBlock(1, 256, 0, 0, 0, 0, 0),)),
        ReceiverReport(1, (ReportBlock(1, 0, 0, -1, 0, 0, 0),)),
        SourceDescription(1, "あ" * 86),
        Bye((1,) * 32),
        Nack(1, 2, (70000,)),
        Nack(1, 2, tuple(range(0, 65536, 17)) * 18),
        FullIntraRequest(1, ((1, 256),)),
        Remb(1, -1, ()),
        Remb(1, 1 << 81, ()),
        Remb(1, 1, (1,) * 256),
        TransportFeedback(1, 2, 3, 4, 256, (0,)),
        TransportFeedback(1, 2, 1 << 16, 4, 0, (0,)),
        TransportFeedback(1, 2, 3, 4, 0, (1 << 15,)),
    ],
)
def test_composing_refuses_what_does_not_fit(packet: RtcpPacket) -> None:
    with pytest.raises(ValueError, match=r".+"):
        compose([packet])
