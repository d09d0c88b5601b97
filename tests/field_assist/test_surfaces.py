"""Keys of what is looked at together."""

from __future__ import annotations

import pytest

from field_assist import SurfaceUnknown, surfaces


@pytest.mark.parametrize(
    ("key", "subject"),
    [
        ("page:01ARZ3NDEKTSV4RRFFQ69G5FAV:12", "page:01ARZ3NDEKTSV4RRFFQ69G5FAV"),
        ("board:01ARZ3NDEKTSV4RRFFQ69G5FAV:1", "board:01ARZ3NDEKTSV4RRFFQ69G5FAV"),
        ("still:01ARZ3NDEKTSV4RRFFQ69G5FAV", "still:01ARZ3NDEKTSV4RRFFQ69G5FAV"),
        ("video:S-01ARZ3:TR_cam", "video:S-01ARZ3"),
        ("screen:G-01ARZ3:TR_screen", "screen:G-01ARZ3"),
    ],
)
def test_a_key_and_its_surface_are_one(key: str, subject: str) -> None:
    surface = surfaces.parse(key)

    assert (surface.key, surface.subject) == (key, subject)


@pytest.mark.parametrize(
    "key",
    [
        "",
        "page",
        "page:V",
        "page:V:0",
        "page:V:01",
        "page:V:1:2",
        "page:V:12345",
        "page:../x:1",
        "page::1",
        "board:B:51",
        "still:S:1",
        "video:S-1",
        "desk:D:1",
        "page:V:1\n",
        "page:" + "V" * 120 + ":1",
    ],
)
def test_anything_else_is_no_surface(key: str) -> None:
    with pytest.raises(SurfaceUnknown):
        surfaces.parse(key)
