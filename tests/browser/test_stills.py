"""Evidence stills in real Chromium windows, from a fake camera whose every square is known."""

from __future__ import annotations

import io
import re
import sqlite3
import zipfile
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Route, expect, sync_playwright

from signaling.__main__ import main
from tests.browser import coded_camera
from tests.browser.installation import GenbaProcess
from tests.browser.test_field_call import sign_in
from tests.browser.windows import DESK, ENGLISH_BY_HAND, TABLET, WAIT_MS, Desk, Window, chromium

pytestmark = pytest.mark.browser
expect.set_options(timeout=WAIT_MS)

FIELD, SPECIALIST = "F1001", "X2001"


@pytest.fixture(params=ENGLISH_BY_HAND)
def coded(request: pytest.FixtureRequest, genba: GenbaProcess, tmp_path: Path) -> Iterator[Desk]:
    """Windows whose cameras show the known picture."""
    film = coded_camera.write(tmp_path / "camera.y4m")
    camera = f"--use-file-for-fake-video-capture={film}"
    with sync_playwright() as playwright, chromium(playwright, camera) as browser:
        yield Desk(browser, genba.url, request.param)


def test_a_still_arrives_whole_although_the_line_is_cut_and_the_voice_goes_on(
    coded: Desk, tmp_path: Path
) -> None:
    field, specialist = _two_in_a_call(coded)
    field.page.context.grant_permissions(["geolocation"])
    field.page.context.set_geolocation({"latitude": 35.2345678, "longitude": 135.4852471, "accuracy": 8})
    pieces = _lose_the_line_in_the_second_piece(field)

    _take(field)
    specialist.hears(_identity(field))
    specialist.sees(_identity(field))
    shown = specialist.page.get_by_role("button", name=re.compile("ひび割れ"))
    expect(shown).to_be_visible()

    assert len(pieces) > 2
    [row] = _rows(tmp_path, "SELECT id, sha256, width, height, manifest FROM still WHERE completed_at > ''")
    content = (tmp_path / "stills" / row[0]).read_bytes()
    assert sha256(content).hexdigest() == row[1]
    assert f"{row[2]}x{row[3]}" == "{}x{}".format(*coded_camera.SIZE)
    assert Image.open(io.BytesIO(content)).size == coded_camera.SIZE
    assert coded_camera.wrong_squares(content) == 0
    assert '"latitude_e7":352345678' in row[4] and '"accuracy_cm":800' in row[4]
    field.check_accessibility("taking a still")
    shown.click()
    expect(specialist.page.get_by_text("0.4 mm", exact=True)).to_be_visible()
    specialist.check_accessibility("a still looked at closely")
    _the_export_is_verified_and_one_byte_is_noticed(specialist, tmp_path)


def _two_in_a_call(coded: Desk, camera_js: str = "") -> tuple[Window, Window]:
    field = coded.open("/sign-in", TABLET)
    if camera_js:
        field.page.add_init_script(camera_js)
        field.page.reload()
    sign_in(field, FIELD)
    field.page.get_by_role("button", name=re.compile(field.words("橋・道路", "Bridges and roads"))).click()
    field.page.wait_for_url("**/calls/*")
    specialist = coded.open("/sign-in", DESK)
    sign_in(specialist, SPECIALIST)
    entry = re.compile(specialist.words("^(入る|応答)", "^(Enter|Answer)"))
    specialist.page.get_by_role("button", name=entry).first.click()
    specialist.sees(_identity(field))
    return field, specialist


def _identity(window: Window) -> str:
    me = window.page.evaluate("async () => (await (await fetch('/api/me')).json()).person.id")
    return f"S-{me}"


def _take(field: Window) -> None:
    page = field.page
    field.press("静止画", "Still")
    expect(page.get_by_text(re.compile(field.words("位置あり（誤差8m）", "within 8 m")))).to_be_visible()
    page.get_by_text(re.compile(field.words("^電子小黒板", "^Site board"))).click()
    page.get_by_label(field.words("測点・場所", "Station or place")).fill("P2 上流側 ひび割れ")
    page.get_by_label(field.words("実測値", "Measured"), exact=True).fill("0.4 mm")
    field.press("人は写らない", "Nobody is in it")
    kept = field.words("静止画を端末に残しました", "The still is safe on this device")
    expect(page.get_by_text(kept)).to_be_visible()


def _lose_the_line_in_the_second_piece(field: Window) -> list[str]:
    pieces: list[str] = []

    def handle(route: Route) -> None:
        pieces.append(route.request.url)
        if len(pieces) == 2:
            route.abort()
        else:
            route.continue_()

    field.page.route(re.compile(r"/stills/[^/]+/bytes"), handle)
    return pieces


def _rows(folder: Path, query: str) -> list[tuple[str, ...]]:
    with sqlite3.connect(folder / "genba.sqlite3") as database:
        return database.execute(query).fetchall()


def _the_export_is_verified_and_one_byte_is_noticed(window: Window, folder: Path) -> None:
    with window.page.expect_download() as begun:
        window.page.get_by_role(
            "link", name=window.words("証拠の一式（ZIP）", "All the evidence (ZIP)")
        ).click()
    exported = folder / "still.zip"
    begun.value.save_as(exported)
    assert main(["verify", str(exported)]) == 0
    with zipfile.ZipFile(exported) as archive:
        archive.extractall(folder / "still")
    picture = next((folder / "still").glob("original.*"))
    changed = bytearray(picture.read_bytes())
    changed[len(changed) // 2] ^= 1
    picture.write_bytes(changed)
    assert main(["verify", str(folder / "still")]) == 1


@pytest.mark.parametrize("coded", ["ja"], indirect=True)
def test_what_is_marked_on_a_live_picture_is_there_on_every_screen_and_stays_when_frozen(
    coded: Desk, tmp_path: Path
) -> None:
    field, specialist = _two_in_a_call(coded)
    camera = f"{_identity(field)} camera"

    specialist.press("映像に書く", "Draw on it")
    specialist.page.get_by_role("button", name=specialist.words("形", "Shape"), exact=True).click()
    _draw_around(specialist, camera, (0.52, 0.55), (0.64, 0.77))
    for size in (TABLET, TABLET[::-1], (390, 844), DESK):
        field.page.set_viewport_size({"width": size[0], "height": size[1]})
        assert _drawn_around(field, camera) == pytest.approx((0.58, 0.66), abs=0.01), size
    specialist.check_accessibility("drawing on a live picture")
    specialist.press("書くのをやめる", "Stop drawing")
    _a_shared_screen_is_marked_where_it_is(field, specialist)
    _a_face_that_is_cut_and_mirrored_is_marked_where_it_is(field, specialist)

    _the_camera_is_lent_and_taken_back(field, specialist)
    specialist.press("画面を止めて書く", "Freeze and draw")
    specialist.press("人は写らない", "Nobody is in it")
    for window in (field, specialist):
        expect(window.page.locator('img[src*="/stills/"][src*="2560"]')).to_be_visible()
    kinds = _rows(tmp_path, "SELECT kind, manifest FROM still WHERE completed_at > '' ORDER BY taken_at")
    assert [row[0] for row in kinds] == ["still", "frozen"]
    assert f'"of":"{_identity(field)}"' in kinds[1][1]


def _a_face_that_is_cut_and_mirrored_is_marked_where_it_is(field: Window, specialist: Window) -> None:
    """Whoever is drawn on sees themselves, large, as the others do for as long as there are marks."""
    face = f"{_identity(specialist)} camera"
    own = specialist.page.locator(f'video[data-picture="{face}"]').first
    for window in (field, specialist):
        window.page.get_by_role("button", name=re.compile("小野寺 健 .*を大きく見る")).click()
    expect(own).to_have_css("scale", "-1 1")
    field.press("映像に書く", "Draw on it")
    field.page.get_by_role("button", name=field.words("形", "Shape"), exact=True).click()
    assert field.page.locator(f'video[data-picture="{face}"]').first.evaluate(_IS_CUT_JS) is True
    _draw_around(field, face, (0.55, 0.45), (0.65, 0.6))
    assert _drawn_around(specialist, face) == pytest.approx((0.6, 0.525), abs=0.01)
    expect(own).to_have_css("scale", "none")
    field.press("自分の書き込みを消す", "Wipe what I drew")
    expect(own).to_have_css("scale", "-1 1")
    field.press("書くのをやめる", "Stop drawing")
    specialist.page.get_by_role("button", name=re.compile("早瀬 美咲.*を大きく見る")).click()


def _a_shared_screen_is_marked_where_it_is(field: Window, specialist: Window) -> None:
    screen = f"{_identity(specialist)} screen"
    specialist.press("画面を見せる", "Share screen")
    for window in (field, specialist):
        window.page.wait_for_function(_HAS_SIZE_JS, arg=screen)
    specialist.page.get_by_role("button", name=re.compile("小野寺 健の画面を大きく見る")).click()
    field.press("映像に書く", "Draw on it")
    field.page.get_by_role("button", name=field.words("形", "Shape"), exact=True).click()
    _draw_around(field, screen, (0.2, 0.6), (0.4, 0.8))
    assert _drawn_around(specialist, screen) == pytest.approx((0.3, 0.7), abs=0.01)
    field.press("書くのをやめる", "Stop drawing")
    specialist.press("見せるのをやめる", "Stop sharing")


def _the_camera_is_lent_and_taken_back(field: Window, specialist: Window) -> None:
    """Stills at once, as long as the one at the camera lets it."""
    field.page.set_viewport_size({"width": TABLET[0], "height": TABLET[1]})
    specialist.press("カメラを借りる", "Borrow the camera")
    field.press("任せる（人は写らない）", "Yes (nobody is in it)")
    field.check_accessibility("the camera is lent")
    taken = re.compile(r"/stills/[^/]+/complete")
    with field.page.expect_response(taken):
        specialist.page.get_by_label(specialist.words("映像", "Pictures")).get_by_role(
            "button", name=specialist.words("静止画をとる", "Take a still"), exact=True
        ).click()
    field.press("やめる", "Stop")
    again = specialist.page.get_by_role(
        "button", name=specialist.words("カメラを借りる", "Borrow the camera")
    )
    expect(again).to_be_visible()


# What Chromium's fake camera lacks of a tablet's: a lamp and a zoom. Wishes for them are noted, and its focus
# stands for both, so that the track is under a tool's constraint as a real one. Not every tablet takes
# photographs beside the video: this one has to raise the video for one frame.
_TABLET_CAMERA_JS = """
delete window.ImageCapture;
window.driven = [];
const able = MediaStreamTrack.prototype.getCapabilities;
const apply = MediaStreamTrack.prototype.applyConstraints;
MediaStreamTrack.prototype.getCapabilities = function () {
  const tools = this.kind === 'video' ? { torch: true, zoom: { min: 1, max: 4 } } : {};
  return { ...able.call(this), ...tools };
};
MediaStreamTrack.prototype.applyConstraints = function (wish) {
  const tools = (wish?.advanced ?? []).filter((each) => 'torch' in each || 'zoom' in each);
  window.driven.push(...tools);
  return apply.call(this, tools.length > 0 ? { advanced: [{ focusDistance: 60 }] } : wish);
};
"""


@pytest.fixture
def tablets(genba: GenbaProcess) -> Iterator[Desk]:
    """Windows on devices with two cameras each."""
    with (
        sync_playwright() as playwright,
        chromium(playwright, "--use-fake-device-for-media-stream=fps=5,device-count=2") as browser,
    ):
        yield Desk(browser, genba.url, "ja")


def test_the_specialist_drives_the_camera_at_the_site_and_asks_for_a_still(
    tablets: Desk, tmp_path: Path
) -> None:
    field, specialist = _two_in_a_call(tablets, _TABLET_CAMERA_JS)
    # A device has its camera for itself: of two windows on one, neither gets more than the other asked for.
    specialist.press("カメラ 入", "Camera on")

    specialist.press("カメラを借りる", "Borrow the camera")
    field.press("任せる（静止画はそのつど）", "Yes (ask for each still)")
    specialist.press("ライト", "Light")
    expect(specialist.page.get_by_role("button", name="ライト", pressed=True)).to_be_visible()
    specialist.press("ズーム 1×", "Zoom 1×")
    expect(specialist.page.get_by_role("button", name="ズーム 2×")).to_be_visible()
    assert field.page.evaluate("window.driven") == [{"torch": True}, {"zoom": 2}]

    specialist.press("静止画を頼む", "Ask for a still")
    expect(field.page.get_by_text("小野寺 健さんが静止画を頼んでいます")).to_be_visible()
    field.check_accessibility("a still is asked for")
    with field.page.expect_response(re.compile(r"/stills/[^/]+/complete")):
        field.press("人は写らない", "Nobody is in it")
    [still] = _rows(tmp_path, "SELECT width, height, manifest FROM still WHERE completed_at > ''")
    assert (int(still[0]), int(still[1])) == _LARGEST and '"way":"frame"' in still[2]
    specialist.page.wait_for_function(_IS_WIDE_JS, arg=[f"{_identity(field)} camera", 1280])
    specialist.sees(_identity(field))


# Of Chromium's fake camera.
_LARGEST = (3840, 2160)
_IS_WIDE_JS = (
    "([name, width]) => document.querySelector(`video[data-picture='${name}']`)?.videoWidth <= width"
)
_HAS_SIZE_JS = "(name) => document.querySelector(`video[data-picture='${name}']`)?.videoWidth > 0"
_IS_CUT_JS = "(video) => getComputedStyle(video).objectFit === 'cover'"
_BOX_JS = """
(video) => {
  const { left, top, width, height } = video.getBoundingClientRect();
  const fits = getComputedStyle(video).objectFit === 'cover' ? Math.max : Math.min;
  const scale = fits(width / video.videoWidth, height / video.videoHeight);
  const [w, h] = [video.videoWidth * scale, video.videoHeight * scale];
  return [left + (width - w) / 2, top + (height - h) / 2, w, h];
}
"""


def _picture_box(window: Window, camera: str) -> tuple[float, float, float, float]:
    """Where the picture itself is on the screen, cropped or not: left, top, width, height."""
    video = window.page.locator(f'video[data-picture="{camera}"]').first
    left, top, width, height = video.evaluate(_BOX_JS)
    return left, top, width, height


def _draw_around(window: Window, camera: str, one: tuple[float, float], other: tuple[float, float]) -> None:
    paper = f'figure:has(video[data-picture="{camera}"]) [role=application]'
    expect(window.page.locator(paper)).to_be_visible()
    left, top, width, height = _picture_box(window, camera)
    mouse = window.page.mouse
    mouse.move(left + one[0] * width, top + one[1] * height)
    mouse.down()
    mouse.move(left + other[0] * width, top + other[1] * height, steps=4)
    mouse.up()


def _drawn_around(window: Window, camera: str) -> tuple[float, float]:
    """The middle of what is drawn, in the coordinates of the picture."""
    tile = window.page.locator(f'figure:has(video[data-picture="{camera}"])').first
    mark = tile.locator("[data-mark=rect]:not([opacity])").first  # not the line on its way
    expect(mark).to_be_visible()
    found = mark.bounding_box()
    assert found is not None
    left, top, width, height = _picture_box(window, camera)
    across, down = found["x"] + found["width"] / 2, found["y"] + found["height"] / 2
    return (across - left) / width, (down - top) / height
