"""How rooms behave on this node, and how one room differs from the default. Sans-IO."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from livekit.protocol.room import RoomConfiguration

from signaling.rtc.ice_servers import TurnSettings


@dataclass(frozen=True, slots=True)
class RoomLimits:
    """Limits of one room; 0 participants means no limit."""

    empty_timeout_s: int = 300
    departure_timeout_s: int = 20
    max_participants: int = 0
    metadata: str = ""

    def configured(self, config: RoomConfiguration | None) -> RoomLimits:
        """These limits with what a token's `roomConfig` or a CreateRoom request says; zero means default."""
        if config is None:
            return self
        return replace(
            self,
            empty_timeout_s=config.empty_timeout or self.empty_timeout_s,
            departure_timeout_s=config.departure_timeout or self.departure_timeout_s,
            max_participants=config.max_participants or self.max_participants,
            metadata=config.metadata or self.metadata,
        )


@dataclass(frozen=True, slots=True)
class RoomSettings:
    """Everything rooms need to know about this node. `keys` maps API key to secret; the first one signs.

    A participant from whom nothing arrives on any way is kept for `absence_timeout_s`: longer than a tunnel.
    `may_simulate` lets participants ask for faults (`simulate`), which only developers want.
    """

    keys: Mapping[str, str] = field(default_factory=dict, repr=False)
    limits: RoomLimits = RoomLimits()
    auto_create: bool = True
    join_timeout_s: float = 60.0
    absence_timeout_s: float = 60.0
    max_participants_on_node: int = 0
    may_simulate: bool = False
    may_unmute_remotely: bool = False
    node_id: str = "ND_genba"
    region: str = ""
    turn: TurnSettings = field(default_factory=TurnSettings)
