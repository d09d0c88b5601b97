"""A process that decodes one picture somebody sent, and nothing else: run by `pictures`, one picture each.

Decoders are where hostile files bite, so this one has limits on memory, time and what it may write, knows
three formats only, and imports nothing of ours. It answers the upright size and the format as JSON, after
writing WebP copies without EXIF, upright, none wider or higher than asked. Any failure is an exit status.

    picture_worker.py SOURCE EDGE TARGET [EDGE TARGET]...
"""

import json
import resource
import sys

MAX_PIXELS = 130_000_000
MAX_MEMORY_BYTES = 2_500_000_000
MAX_CPU_S = 60
MAX_FILE_BYTES = 20_000_000
QUALITY = 84


def _limit() -> None:
    for what, most in (
        (resource.RLIMIT_AS, MAX_MEMORY_BYTES),
        (resource.RLIMIT_CPU, MAX_CPU_S),
        (resource.RLIMIT_FSIZE, MAX_FILE_BYTES),
        (resource.RLIMIT_NOFILE, 32),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def main(arguments: list[str]) -> None:
    """Write the copies, largest first, and answer on standard output."""
    from PIL import Image, ImageOps  # before the limits: nothing hostile yet, and it opens libraries

    _limit()
    source, *wishes = arguments
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS // 2  # the library refuses twice this
    with Image.open(source, formats=("JPEG", "PNG", "WEBP")) as opened:
        if opened.width * opened.height > MAX_PIXELS or getattr(opened, "n_frames", 1) != 1:
            raise SystemExit(3)
        width, height, kind = opened.width, opened.height, opened.format
        opened.draft("RGB", (max(map(int, wishes[0::2])),) * 2)  # JPEG: decode no larger than is needed
        upright = ImageOps.exif_transpose(opened).convert("RGB")
    if (upright.width > upright.height) != (width > height):
        width, height = height, width
    for edge, target in zip(wishes[0::2], wishes[1::2], strict=True):
        upright.thumbnail((int(edge), int(edge)))
        upright.save(target, "WEBP", quality=QUALITY, method=2, exif=b"", icc_profile=None)
    json.dump({"width": width, "height": height, "format": kind}, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1:])
