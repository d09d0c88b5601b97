"""Two participants talk through the server: data there and back, a tone, a picture, over UDP and over TCP.

Importing this needs the `doctor` extra.
"""

from __future__ import annotations

import array
import asyncio
import itertools
import random
import statistics
import time
import warnings
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from jwt.warnings import InsecureKeyLengthWarning
from livekit import api, rtc
from livekit.rtc.participant import PublishDataError, PublishTrackError

from signaling.doctor import patterns
from signaling.doctor.candidate_filter import only_candidates
from signaling.doctor.findings import Finding, green, not_checked, red
from signaling.doctor.participants import Guest, JoinFailed, joined
from signaling.doctor.relay import check_relay
from signaling.doctor.server_checks import Subject

Tell = Callable[[Finding], object]

RELIABLE_MESSAGES = 20
LOSSY_MESSAGES = 50
MESSAGE_TIMEOUT_S = 5.0
LOSSY_TIMEOUT_S = 1.0
MAX_LOSS = 0.2
PUBLISH_TIMEOUT_S = 10.0
PATH_TIMEOUT_S = 3.0
TCP_JOIN_TIMEOUT_S = 8.0  # the other two are in by then, so the server is quick enough
LISTEN_TIMEOUT_S = 10.0
LISTEN_RATE_HZ = 16000
MAX_DETUNE_HZ = 5.0
MIN_PURITY = 0.8
PICTURES = 15  # read correctly before video counts as working
PICTURE_INTERVAL_S = 1 / 15
MAX_CLOCK_OFFSET_S = 10.0  # one-time passwords allow 30 s
ROOM_EMPTY_TIMEOUT_S = 30
TOPIC = "genba.doctor"
BLOCK = 960  # samples: 20 ms
PLAYED = ("audio", "video", "udp", "tcp")  # what needs a tone or a picture
OPEN_PORT = "Let the media port (--media-port, 7882 if not set) through every firewall for {}"
ADVERTISE = "; behind NAT set GENBA_MEDIA_ADVERTISED to the address clients reach."


class PublishFailed(Exception):
    """The server took no track; the message is the SDK's."""


async def check_all(subject: Subject, relay_urls: tuple[str, ...], tell: Tell) -> None:
    """Everything that needs the SDK; the relay only when there is one."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", InsecureKeyLengthWarning)  # a development server's well-known secret
        await check_rooms(subject, tell)
        try:
            await check_media(subject, tell)
            if relay_urls:
                await check_relay(subject, relay_urls, tell)
        finally:
            await delete_room(subject)


async def check_rooms(subject: Subject, tell: Tell) -> None:
    """The server API makes and lists a room; its clock is read off the room's birth."""
    async with api.LiveKitAPI(subject.url, subject.api_key, subject.api_secret) as server:
        try:
            before_s = time.time()
            request = api.CreateRoomRequest(name=subject.room, empty_timeout=ROOM_EMPTY_TIMEOUT_S)
            room = await server.room.create_room(request)
            after_s = time.time()
            listed = await server.room.list_rooms(api.ListRoomsRequest(names=[subject.room]))
        except (api.TwirpError, OSError, TimeoutError) as error:
            advice = "genba serve's log has the reason; a proxy in between must pass /twirp on."
            tell(red("rooms", f"the server API does not answer ({error})", advice))
            return
    took_ms = (after_s - before_s) * 1000
    if [found.sid for found in listed.rooms] != [room.sid]:
        tell(red("rooms", "a room that was just made is not listed", "genba serve's log has the reason."))
    else:
        tell(green("rooms", f"a room was made in {took_ms:.0f} ms and is listed", create_ms=took_ms))
    offset_s = room.creation_time_ms / 1000 - (before_s + after_s) / 2
    says = f"the server's clock is {abs(offset_s):.2f} s {'ahead of' if offset_s > 0 else 'behind'} this one"
    if abs(offset_s) > MAX_CLOCK_OFFSET_S:
        advice = "Set both clocks by NTP: one-time passwords and tokens stop working when they part."
        tell(red("clock", says, advice, offset_s=offset_s))
    else:
        tell(green("clock", says, offset_s=offset_s))


async def delete_room(subject: Subject) -> None:
    """Leave nothing behind."""
    async with api.LiveKitAPI(subject.url, subject.api_key, subject.api_secret) as server:
        try:
            await server.room.delete_room(api.DeleteRoomRequest(room=subject.room))
        except (api.TwirpError, OSError, TimeoutError):
            pass  # it closes by itself when empty


async def check_media(subject: Subject, tell: Tell) -> None:
    """Everything that needs two participants."""
    started = time.monotonic()
    url = subject.signal_url
    try:
        async with (
            joined(url, subject.token("doctor-speaker"), is_single=True) as speaker,
            joined(url, subject.token("doctor-listener"), is_single=False) as listener,
        ):
            took_ms = (time.monotonic() - started) * 1000
            says = f"two participants joined in {took_ms:.0f} ms, on one and on two peer connections"
            tell(green("join", says, join_ms=took_ms))
            tell(await _check_data(speaker, listener))
            tone_hz = random.uniform(500, 1500)  # noqa: S311  # recognisable, not secret
            async with _playing(speaker, tone_hz) as sent_at:
                tell(await _check_audio("audio", listener, tone_hz))
                tell(await _check_video(listener, sent_at))
                tell(await _check_udp(speaker, listener))
                tell(await _check_tcp(subject, tone_hz))
    except JoinFailed as failure:
        advice = OPEN_PORT.format("UDP and TCP") + ADVERTISE
        tell(red("join", f"the LiveKit SDK cannot join: {failure}", advice))
        for function in ("data", *PLAYED):
            tell(not_checked(function, "nobody could join"))
    except PublishFailed as failure:
        tell(red("audio", f"a track cannot be published: {failure}", "genba serve's log has the reason."))
        for function in PLAYED[1:]:
            tell(not_checked(function, "nothing could be published"))


# -- data


async def _check_data(speaker: Guest, listener: Guest) -> Finding:
    async with asyncio.TaskGroup() as tasks:
        echo = tasks.create_task(_echo(listener))
        try:
            reliable_ms = await _round_trips(speaker, RELIABLE_MESSAGES, reliable=True)
            lossy_ms = await _round_trips(speaker, LOSSY_MESSAGES, reliable=False)
        finally:
            echo.cancel()
    lost = 1 - len(lossy_ms) / LOSSY_MESSAGES
    if len(reliable_ms) < RELIABLE_MESSAGES or lost > MAX_LOSS:
        return red(
            "data",
            f"{len(reliable_ms)} of {RELIABLE_MESSAGES} reliable and {len(lossy_ms)} of {LOSSY_MESSAGES}"
            " lossy messages came back",
            "Chat and captions travel here. The network loses packets, or the server is overloaded: look"
            " at its CPU first.",
            reliable_returned=len(reliable_ms),
            lossy_returned=len(lossy_ms),
        )
    reliable_median, lossy_median = statistics.median(reliable_ms), statistics.median(lossy_ms)
    return green(
        "data",
        f"there and back in {reliable_median:.1f} ms reliably, {lossy_median:.1f} ms lossily"
        f" ({lost:.0%} lost)",
        reliable_ms=reliable_median,
        reliable_max_ms=max(reliable_ms),
        lossy_ms=lossy_median,
        lossy_lost=lost,
    )


async def _echo(guest: Guest) -> None:
    while True:
        message = await guest.messages.get()
        await guest.room.local_participant.publish_data(
            message, reliable=message.startswith(b"reliable"), topic=TOPIC
        )


async def _round_trips(guest: Guest, count: int, *, reliable: bool) -> list[float]:
    """Milliseconds of every message that came back."""
    times_ms: list[float] = []
    timeout_s = MESSAGE_TIMEOUT_S if reliable else LOSSY_TIMEOUT_S
    for number in range(count):
        message = f"{'reliable' if reliable else 'lossy'} {number}".encode()
        started = time.monotonic()
        try:
            async with asyncio.timeout(timeout_s):
                await guest.room.local_participant.publish_data(message, reliable=reliable, topic=TOPIC)
                while await guest.messages.get() != message:
                    pass
        except (TimeoutError, PublishDataError):
            if reliable:
                break
            continue
        times_ms.append((time.monotonic() - started) * 1000)
    return times_ms


# -- sound and picture


@asynccontextmanager
async def _playing(guest: Guest, tone_hz: float) -> AsyncIterator[dict[int, float]]:
    """Publish a tone and numbered pictures; yields when each number was sent last."""
    sound = rtc.AudioSource(patterns.TONE_RATE_HZ, 1)
    pictures = rtc.VideoSource(patterns.WIDTH, patterns.HEIGHT)
    sent_at: dict[int, float] = {}
    try:
        await _publish(guest, sound, pictures)
        async with asyncio.TaskGroup() as tasks:
            players = (
                tasks.create_task(_play_tone(sound, tone_hz)),
                tasks.create_task(_play_pictures(pictures, sent_at)),
            )
            yield sent_at
            for player in players:
                player.cancel()
    finally:
        await sound.aclose()
        await pictures.aclose()


async def _publish(guest: Guest, sound: rtc.AudioSource, pictures: rtc.VideoSource) -> None:
    tone = rtc.LocalAudioTrack.create_audio_track("tone", sound)
    picture = rtc.LocalVideoTrack.create_video_track("picture", pictures)
    microphone, camera = rtc.TrackSource.SOURCE_MICROPHONE, rtc.TrackSource.SOURCE_CAMERA
    tone_options = rtc.TrackPublishOptions(source=microphone, dtx=False)
    picture_options = rtc.TrackPublishOptions(source=camera, simulcast=False)
    try:
        async with asyncio.timeout(PUBLISH_TIMEOUT_S):
            await guest.room.local_participant.publish_track(tone, tone_options)
            await guest.room.local_participant.publish_track(picture, picture_options)
    except (TimeoutError, PublishTrackError) as error:
        raise PublishFailed(str(error) or "no answer") from error


async def _play_tone(source: rtc.AudioSource, tone_hz: float) -> None:
    for first in itertools.count(0, BLOCK):
        samples = patterns.tone(tone_hz, first, BLOCK)
        await source.capture_frame(rtc.AudioFrame(samples, patterns.TONE_RATE_HZ, 1, BLOCK))


async def _play_pictures(source: rtc.VideoSource, sent_at: dict[int, float]) -> None:
    start = random.randrange(patterns.CODES)  # noqa: S311
    for number in itertools.count(start):
        code = number % patterns.CODES
        frame = rtc.VideoFrame(
            patterns.WIDTH, patterns.HEIGHT, rtc.VideoBufferType.I420, patterns.picture(code)
        )
        sent_at[code] = time.monotonic()
        source.capture_frame(frame)
        await asyncio.sleep(PICTURE_INTERVAL_S)


async def _check_audio(function: str, guest: Guest, tone_hz: float) -> Finding:
    heard_hz = 0.0
    started = time.monotonic()
    try:
        async with asyncio.timeout(LISTEN_TIMEOUT_S):
            track = await guest.track(rtc.TrackKind.KIND_AUDIO)
            async for heard_hz, purity in _frequencies(track):
                if abs(heard_hz - tone_hz) <= MAX_DETUNE_HZ and purity >= MIN_PURITY:
                    break
    except TimeoutError:
        return red(
            function,
            f"a tone of {tone_hz:.0f} Hz went in and "
            + (f"{heard_hz:.0f} Hz came out" if heard_hz else "nothing came out"),
            "Look at the udp and tcp lines; if both are green, genba serve's log has the reason.",
            sent_hz=tone_hz,
            heard_hz=heard_hz,
        )
    took_ms = (time.monotonic() - started) * 1000
    return green(
        function,
        f"a tone of {tone_hz:.1f} Hz went in, {heard_hz:.1f} Hz came out after {took_ms:.0f} ms",
        sent_hz=tone_hz,
        heard_hz=heard_hz,
        until_heard_ms=took_ms,
    )


async def _frequencies(track: rtc.Track) -> AsyncIterator[tuple[float, float]]:
    """Frequency and purity of every quarter of a second that is not silent."""
    stream = rtc.AudioStream.from_track(track=track, sample_rate=LISTEN_RATE_HZ, num_channels=1)
    samples: deque[int] = deque(maxlen=patterns.WINDOW)
    fresh = 0
    try:
        async for event in stream:
            block = array.array("h", bytes(event.frame.data))
            samples.extend(block)
            fresh += len(block)
            if len(samples) == patterns.WINDOW and fresh >= patterns.WINDOW // 2 and any(samples):
                fresh = 0
                yield patterns.loudest_frequency(list(samples), LISTEN_RATE_HZ)
    finally:
        await stream.aclose()


async def _check_video(guest: Guest, sent_at: dict[int, float]) -> Finding:
    delays_ms: list[float] = []
    unread = 0
    try:
        async with asyncio.timeout(LISTEN_TIMEOUT_S):
            track = await guest.track(rtc.TrackKind.KIND_VIDEO)
            async for code in _codes(track):
                if code is not None and code in sent_at:
                    delays_ms.append((time.monotonic() - sent_at[code]) * 1000)
                else:
                    unread += 1
                if len(delays_ms) >= PICTURES:
                    break
    except TimeoutError:
        return red(
            "video",
            f"numbered pictures went in; {len(delays_ms)} came out right, {unread} wrong",
            "Look at the udp and tcp lines; if both are green, genba serve's log has the reason.",
            pictures_read=len(delays_ms),
            pictures_unread=unread,
        )
    median_ms = statistics.median(delays_ms)
    return green(
        "video",
        f"{len(delays_ms)} numbered pictures came out right, {median_ms:.0f} ms later",
        pictures_read=len(delays_ms),
        pictures_unread=unread,
        delay_ms=median_ms,
    )


async def _codes(track: rtc.Track) -> AsyncIterator[int | None]:
    stream = rtc.VideoStream.from_track(track=track, format=rtc.VideoBufferType.I420, capacity=1)
    try:
        async for event in stream:
            frame = event.frame
            yield patterns.read_picture(frame.data, frame.width, frame.height)
    finally:
        await stream.aclose()


# -- network paths


async def _check_udp(*guests: Guest) -> Finding:
    async with asyncio.TaskGroup() as tasks:
        asked = [tasks.create_task(guest.paths("udp", PATH_TIMEOUT_S)) for guest in guests]
    paths = [path for task in asked for path in task.result()]
    slow = [path for path in paths if path.protocol != "udp"]
    if slow or not paths:
        return red(
            "udp",
            "media does not come through UDP"
            + ("; it fell back to TCP, which stutters on bad lines" if slow else ""),
            OPEN_PORT.format("UDP in both directions") + ADVERTISE,
        )
    round_trip_ms = max(path.round_trip_ms for path in paths)
    received = sum(path.bytes_received for path in paths)
    return green(
        "udp",
        f"media flows over UDP port {paths[0].port}, round trip {round_trip_ms:.0f} ms,"
        f" {received / 1000:.0f} kB received",
        port=paths[0].port,
        round_trip_ms=round_trip_ms,
        received_bytes=received,
    )


async def _check_tcp(subject: Subject, tone_hz: float) -> Finding:
    """A third participant that is shown no UDP candidate must hear the tone, too."""
    advice = OPEN_PORT.format("TCP") + ": clients behind strict firewalls have no other way."
    try:
        async with (
            only_candidates(subject.signal_url, "tcp") as url,
            joined(url, subject.token("doctor-tcp"), is_single=True, timeout_s=TCP_JOIN_TIMEOUT_S) as guest,
        ):
            heard = await _check_audio("tcp", guest, tone_hz)
            if heard.verdict == "red":
                return red("tcp", f"a participant without UDP joined, but {heard.says}", advice)
            paths = await guest.paths("tcp", PATH_TIMEOUT_S)
    except JoinFailed as failure:
        return red("tcp", f"a participant without UDP cannot join: {failure}", advice)
    protocols = {path.protocol for path in paths}
    if protocols != {"tcp"}:
        return red("tcp", f"media took {', '.join(sorted(protocols)) or 'no known path'} instead", advice)
    return green(
        "tcp",
        f"a participant without UDP heard the tone over TCP port {paths[0].port}",
        port=paths[0].port,
        round_trip_ms=max(path.round_trip_ms for path in paths),
    )
