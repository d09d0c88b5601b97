"""What the push routes take and answer."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, StringConstraints

from signaling.api.schema import Request
from signaling.push.endpoints import MAX_ENDPOINT

Key = Annotated[str, StringConstraints(min_length=20, max_length=100, pattern=r"^[A-Za-z0-9_-]+$")]


class PushDevice(BaseModel):
    """A device of one's own that is woken by rings; `used_at` is when it took a push last."""

    id: str
    label: str
    added_at: datetime
    used_at: datetime | None


class PushAnswer(BaseModel):
    """GET /api/push: what to subscribe with (base64url), and one's own devices, the last one used first."""

    public_key: str
    devices: list[PushDevice]


class PushDeviceRequest(Request):
    """What the browser's subscription says, and how its owner will recognise the device."""

    endpoint: Annotated[str, StringConstraints(min_length=10, max_length=MAX_ENDPOINT)]
    p256dh: Key
    auth: Key
    language: Literal["ja", "en"] = "ja"
    label: Annotated[str, StringConstraints(strip_whitespace=True, max_length=80)] = ""
