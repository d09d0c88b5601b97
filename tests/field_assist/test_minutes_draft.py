"""The draft of minutes: each sentence stands on a second, in its part of the form, as it was said."""

from datetime import UTC, date, datetime

from field_assist.minutes_draft import Asked, Judged, Origin, Part, Said, Seen, held, moment, sentences

DECISION = Judged(
    id="d1",
    at_ms=60_000,
    number="R8-道-判0001",
    what="片側通行にする",
    proposer="早瀬 美咲",
    approver="所長 藤代 正和",
    due="今日12時",
    is_decided=True,
    is_dropped=False,
)


def test_talk_stands_in_the_order_of_the_call_whatever_it_was_made_from() -> None:
    said = [Said("l2", 90_000, "田中", "はい"), Said("l1", 1_000, "早瀬 美咲", "見えますか")]
    seen = [
        Seen("still-1", 30_000, "早瀬 美咲", "", is_still=True),
        Seen("page:1", 45_000, "早瀬 美咲", "一般図（第2版）"),
    ]

    found = [each for each in sentences(said, seen, [DECISION], []) if each.part is Part.TALK]

    assert [(each.at_ms, each.speaker, each.text) for each in found] == [
        (1_000, "早瀬 美咲", "見えますか"),
        (30_000, "早瀬 美咲", "静止画を撮影した。"),
        (45_000, "早瀬 美咲", "「一般図（第2版）」を示した。"),
        (60_000, "早瀬 美咲", "判断R8-道-判0001「片側通行にする」を起案した。"),
        (90_000, "田中", "はい"),
    ]
    assert found[0].origin is Origin.LINE and found[0].source == "l1"


def test_what_was_decided_and_what_is_owed_have_parts_of_their_own() -> None:
    open_one = Judged("d2", 5_000, "R8-道-判0002", "計測する", "早瀬 美咲", "", "", False, False)
    dropped = Judged("d3", 6_000, "R8-道-判0003", "止める", "早瀬 美咲", "", "", False, True)
    asked = Asked("q1", 70_000, "いつ直りますか", "田中", "佐伯 健", date(2026, 12, 1))

    found = sentences([], [], [DECISION, open_one, dropped], [asked])

    assert [each.text for each in found if each.part is Part.DECIDED] == [
        "片側通行にする（判断R8-道-判0001）（所長 藤代 正和承認）"
    ]
    assert [each.text for each in found if each.part is Part.OWED] == [
        "判断R8-道-判0002「計測する」の決裁を受ける。",
        "判断R8-道-判0001「片側通行にする」を行う。期限：今日12時",
        "「いつ直りますか」に答える。（担当：佐伯 健、期限：令和8年12月1日）",
    ]


def test_times_are_written_as_offices_write_them() -> None:
    begin = datetime(2026, 11, 24, 1, 8, tzinfo=UTC)
    assert held(begin, None) == "令和8年11月24日（火）10時8分から"
    assert (
        held(begin, datetime(2026, 11, 24, 1, 30, tzinfo=UTC))
        == "令和8年11月24日（火）10時8分から10時30分まで"
    )
    late = held(begin, datetime(2026, 11, 24, 15, 1, tzinfo=UTC))
    assert late == "令和8年11月24日（火）10時8分から令和8年11月25日（水）0時1分まで"
    assert moment(751_900) == "00:12:31"
