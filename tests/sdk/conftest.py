"""What the SDK tests share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest


@pytest.fixture(params=[False, True], ids=["dual", "single"])
def is_single(request: pytest.FixtureRequest) -> Iterator[bool]:
    """Both protocol modes."""
    yield request.param
