"""Pictures from outside, made fit to be shown: decoded in a process of their own that may fail.

What is shown is never what was sent: copies are encoded anew, upright, without EXIF or anything else hidden
in the file. The original stays as it came.
"""

import asyncio
import json
import sys
from dataclasses import dataclass
from pathlib import Path

_WORKER = Path(__file__).with_name("picture_worker.py")
_WITHIN_S = 120
"""For one picture on a busy machine; its processor time is limited in the worker."""

EDGES_PX = (2560, 1280, 360)
"""Longest edges of the copies: to look closely, to fill a screen, for a list."""


class NoPicture(Exception):
    """These bytes are no JPEG, PNG or WebP picture that can be shown."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """The original's upright size in pixels and what it is."""

    width: int
    height: int
    media_type: str


class PictureDecoder:
    """Makes copies, one picture at a time: a decoder takes a whole core and much memory."""

    def __init__(self) -> None:
        self._turn = asyncio.Semaphore(1)

    async def decode(self, original: Path) -> Decoded:
        """Write the copies beside the original (`copy_of`); raises NoPicture."""
        wishes = [word for edge in EDGES_PX for word in (str(edge), str(copy_of(original, edge)))]
        async with self._turn:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-I", str(_WORKER), str(original), *wishes),
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
            )
            try:
                async with asyncio.timeout(_WITHIN_S):
                    answer, _ = await process.communicate()
            except TimeoutError:
                raise NoPicture from None
            finally:
                if process.returncode is None:
                    process.kill()
                    await process.wait()
        if process.returncode != 0:
            raise NoPicture
        found = json.loads(answer)
        return Decoded(found["width"], found["height"], f"image/{found['format'].lower()}")


def copy_of(original: Path, edge_px: int) -> Path:
    """Where the copy of this size is."""
    return original.with_name(f"{original.name}.{edge_px}.webp")


def fitting_edge(width_px: int) -> int:
    """The smallest copy that is not smaller than asked, or the largest there is."""
    return min((edge for edge in EDGES_PX if edge >= width_px), default=EDGES_PX[0])
