"""The words of the REST interface for evidence stills, and their manifest: what `schema` is for the rest.

The manifest is written by the device, signed, and stored as it came, so its model is strict: every field
known, no number with a fraction (units are chosen so that none is needed), nothing left out.
"""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from field_assist import stills
from signaling.api.schema import Person, Request, SenderRole, Text

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
MediaType = Literal["image/jpeg", "image/png", "image/webp"]
StillId = Annotated[UUID, Field(description="the device's own, so that sending twice is sending once")]
Written = Annotated[Text, StringConstraints(max_length=200)]
Id = Annotated[str, StringConstraints(min_length=1, max_length=40)]
Edge = Annotated[int, Field(ge=1, le=30_000)]
Instant = Annotated[
    str, StringConstraints(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+09:00$")
]  # RFC 3339 in Japan's time, as records are written


class Signed(BaseModel):
    """A part of the manifest."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Numbered(Signed):
    """A call or a case, by id and by the number people know."""

    id: Id
    number: Written


class Taker(Signed):
    """Who took it."""

    id: Id
    name: Written


class Device(Signed):
    """With which device."""

    key_sha256: Sha256
    label: Written


class Picture(Signed):
    """The original file; width and height as it is looked at, upright."""

    file: Written
    media_type: MediaType
    width: Edge
    height: Edge
    size_bytes: Annotated[int, Field(ge=1, le=stills.MAX_BYTES)]
    sha256: Sha256


class Camera(Signed):
    """How it was taken: a photograph of the sensor, a frame of the raised video, or a frame as it was.

    `of` is the identity of the participant whose camera it is, `max_width` what the device says it can.
    """

    way: Literal["photo", "frame", "canvas"]
    of: Id
    label: Written
    max_width: Annotated[int, Field(ge=0, le=30_000)]
    max_height: Annotated[int, Field(ge=0, le=30_000)]


class Place(Signed):
    """Where: WGS 84 in 10^-7 degrees, with the radius of 95 % certainty in centimetres."""

    latitude_e7: Annotated[int, Field(ge=-900_000_000, le=900_000_000)]
    longitude_e7: Annotated[int, Field(ge=-1_800_000_000, le=1_800_000_000)]
    accuracy_cm: Annotated[int, Field(ge=0, le=100_000_000)]


class Board(Signed):
    """The electronic chalkboard (電子小黒板).

    工事名・件名, 工種, 測点・場所, 立会者, 設計値, 実測値, 略図・備考; 撮影日 is `taken_at`.
    """

    work: Written
    work_type: Written
    spot: Written
    witness: Written
    designed: Written
    measured: Written
    note: Written


class Manifest(Signed):
    """What the device signed. `consent` answers whether those in the picture agreed, or nobody is in it."""

    v: Literal[1]
    kind: Literal["still", "frozen"]
    id: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
    taken_at: Instant
    call: Numbered
    case: Numbered | None
    by: Taker
    device: Device
    picture: Picture
    camera: Camera
    place: Place | None
    heading_cdeg: Annotated[int, Field(ge=0, lt=36_000)] | None
    board: Board
    consent: Literal["given", "nobody"]


class StillRequest(Request):
    """A still that is going to be sent: the manifest as it was signed (canonical JSON), and the signature."""

    manifest: Annotated[str, StringConstraints(min_length=2, max_length=stills.MAX_MANIFEST_BYTES)]
    signature: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{128}$")]


class StillProgress(BaseModel):
    """How much of a still has arrived, and whether it is complete."""

    id: str
    received_bytes: int
    complete: bool


class Still(BaseModel):
    """One complete still; `manifest` is what was signed, `received_at` when the server had all of it."""

    id: str
    call_id: str
    kind: Literal["still", "frozen"]
    taken_at: datetime
    received_at: datetime
    taker_name: str
    taker_role: SenderRole
    manifest: Manifest


class StillsAnswer(BaseModel):
    """In the order they were taken."""

    stills: list[Still]


class DeviceKeyRequest(Request):
    """The public half of a device's key, ECDSA P-256 as a DER SubjectPublicKeyInfo in hexadecimal."""

    public_key: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{180,184}$")]
    label: Annotated[Text, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]


class DeviceKey(BaseModel):
    """A key of one device; `id` is its SHA-256, the fingerprint that `genba verify` prints."""

    id: str
    label: str
    registered_at: datetime
    revoked_at: datetime | None


class OwnedKey(DeviceKey):
    """For the administration: whose it is."""

    person: Person


class DeviceKeysAnswer(BaseModel):
    """All keys, newest first."""

    keys: list[OwnedKey]
