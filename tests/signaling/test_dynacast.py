"""What nobody watches is not sent: a publisher hears which layers are wanted, more at once and less later."""

from __future__ import annotations

from livekit.protocol.models import VideoLayer, VideoQuality
from livekit.protocol.rtc import UpdateTrackSettings

from tests.signaling.scripted_room import Client, Script

LAYERS = [
    VideoLayer(quality=quality, width=320 * 2**index, height=180 * 2**index)
    for index, quality in enumerate((VideoQuality.LOW, VideoQuality.MEDIUM, VideoQuality.HIGH))
]


def publish(client: Client) -> str:
    """A camera in three layers; its sid."""
    sid = client.add_track("camera", is_video=True, width=1280, height=720, layers=LAYERS)
    client.offer("send video 0 camera q h f")
    return sid


def wanted(client: Client) -> list[int]:
    """How many layers the publisher was told to send, each time it was told."""
    told = client.told("subscribed_quality_update")
    return [sum(entry.enabled for entry in update.subscribed_qualities) for update in told]


def show(client: Client, sid: str, quality: VideoQuality | None) -> None:
    """The viewer shows a track in this quality, or not at all."""
    settings = UpdateTrackSettings(track_sids=[sid], disabled=quality is None)
    if quality is not None:
        settings.quality = quality
    client.say(track_setting=settings)


def test_less_is_told_after_a_while_and_more_at_once() -> None:
    script = Script()
    publisher, viewer = script.joined("publisher"), script.joined("viewer")
    sid = publish(publisher)
    script.elapse(10)
    wanted(publisher)

    show(viewer, sid, VideoQuality.LOW)
    assert wanted(publisher) == []
    script.elapse(6)
    assert wanted(publisher) == [1]

    show(viewer, sid, VideoQuality.HIGH)
    assert wanted(publisher) == [3]


def test_the_most_demanding_viewer_decides_and_nobody_costs_nothing() -> None:
    script = Script()
    publisher = script.joined("publisher")
    one, other = script.joined("one"), script.joined("other")
    sid = publish(publisher)
    show(one, sid, VideoQuality.LOW)
    show(other, sid, VideoQuality.MEDIUM)
    script.elapse(10)
    assert wanted(publisher)[-1] == 2

    show(one, sid, None)
    show(other, sid, None)
    script.elapse(10)
    assert wanted(publisher)[-1] == 0


def test_a_publisher_that_resumes_is_told_again() -> None:
    script = Script()
    publisher, viewer = script.joined("publisher"), script.joined("viewer")
    sid = publish(publisher)
    show(viewer, sid, VideoQuality.LOW)
    script.elapse(10)
    wanted(publisher)

    publisher.lose_socket()
    again = publisher.resume()

    assert again is not None and wanted(again)[-1] == 1
