"""Parts of an answer that is in memory: one range of bytes, as media players ask (RFC 9110 section 14)."""

import re

from starlette.requests import Request
from starlette.responses import Response

_ONE_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


def ranged(request: Request, content: bytes, media_type: str, headers: dict[str, str]) -> Response:
    """The content or the asked part of it (206); 416 where it has no such part. Several parts: all of it."""
    headers = headers | {"Accept-Ranges": "bytes"}
    found = _ONE_RANGE.fullmatch(request.headers.get("range", ""))
    if found is None or not any(found.groups()):
        return Response(content, media_type=media_type, headers=headers)
    first, last = found.groups()
    size = len(content)
    begin = int(first) if first else max(0, size - int(last))
    end = min(int(last), size - 1) if first and last else size - 1
    if begin > end:
        return Response(status_code=416, headers=headers | {"Content-Range": f"bytes */{size}"})
    headers |= {"Content-Range": f"bytes {begin}-{end}/{size}"}
    return Response(content[begin : end + 1], 206, headers, media_type)
