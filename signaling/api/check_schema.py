"""The words of the line check: what `schema` is for the rest."""

from typing import Annotated, Literal

from pydantic import BaseModel, StringConstraints

from signaling.api.schema import Request


class RelayServer(BaseModel):
    """A TURN server, as RTCPeerConnection takes it; its credentials are good for minutes."""

    urls: list[str]
    username: str
    credential: str


class LineCheckPlan(BaseModel):
    """GET /api/check: which ways in there are to try, and the reference to read out afterwards."""

    reference: str
    ways: list[Literal["udp", "tcp", "relay"]]
    relays: list[RelayServer]
    organisation: str
    office_phone: str


class LineCheckOffer(Request):
    """One data channel, to be tried on one way in."""

    way: Literal["udp", "tcp", "relay"]
    sdp: Annotated[str, StringConstraints(max_length=16_384)]
    reference: Annotated[str, StringConstraints(pattern=r"^[0-9A-Z]{4}-[0-9A-Z]{2}$")]


class LineCheckAnswer(BaseModel):
    """The answer with the candidates of that way alone."""

    sdp: str
