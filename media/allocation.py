"""Who gets what of one subscriber's bandwidth: a layer, sharp stills, or a pause for each video copy.

Everybody's lowest layer comes first, by urgency; then steps up, by urgency, and evenly among equals. Where
the lowest layer does not fit, a key frame every few seconds may ("stills"): a sharp picture that stands
still says more than none. `allocate` is a pure function of the moment; `Allocator` adds the patience that
keeps a wobbling estimate from showing: down at once but for a dip, up only with headroom, and after some
seconds.
Audio is not dealt with here: its share is taken off the estimate before. Sans-IO.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from math import ceil, inf
from typing import Literal, NamedTuple

# An upgrade must fit with this much to spare: estimates wobble by a tenth, and a step up that has to be
# taken back costs a key frame each way.
HEADROOM = 1.15
# A little too much for a moment is no reason either: an estimate dips when one of our own probes or key
# frames makes a queue, and is back a second later. Until then the pacer holds back the difference.
DIP, DIP_S = 1.25, 1.5
UPGRADE_AFTER_S = 2.0  # for so long an upgrade must have been affordable; three rungs still take under 10 s
# An upgrade taken back within FAILED_S was a mistake; the next one waits twice as long, up to LONGEST_WAIT_S.
# Headroom alone cannot settle an estimate that swings slowly: 0.9 to 1.1 is 22 %. It was none when the line
# itself collapsed meanwhile, and is forgotten when there is clearly more than there was.
FAILED_S = 30.0
LONGEST_WAIT_S = 60.0
COLLAPSED, CLEARLY_MORE = 0.25, 1.3
COLLAPSES_WITHIN_S = 5.0  # a line that gets narrow is seen to in steps
SHORTEST_STILL_S, LONGEST_STILL_S = 2, 10  # below, it would be video; above, nobody believes it is live
STILL_SHARE = 0.7  # of what is left over: a still that fills the line hides that it carries a moving picture

# LiveKit's UpdateTrackSettings.priority: 1 is the highest, 0 unset. What unset means depends on the class.
_DEFAULT_PRIORITY = (1, 128, 255)


class Rank(IntEnum):
    """The class of a video copy, most urgent first."""

    SCREEN = 0
    SPEAKER = 1
    VIDEO = 2


class Layer(NamedTuple):
    """One way to send a video: everything up to this layer, and what that costs with all overhead."""

    quality: int  # 0 low, 1 medium, 2 high: simulcast encoding or spatial layer
    temporal: int  # 0 fewest frames
    bps: int


@dataclass(frozen=True, slots=True)
class Demand:
    """One video copy. Layers that are not sent now may be listed with what they would cost.

    ``wanted`` is the best (quality, temporal) of use to the client. Without ``may_pause`` (LiveKit's
    allow_pause) the copy gets at least the cheapest thing there is, whatever the estimate says.
    ``key_frame_bytes`` by quality, as far as known, make stills possible.
    """

    id: str
    layers: tuple[Layer, ...]
    wanted: tuple[int, int] = (2, 3)
    rank: Rank = Rank.VIDEO
    priority: int = 0
    may_pause: bool = True
    key_frame_bytes: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Choice:
    """What one copy gets, and the bits per second it takes.

    ``quality`` is that of the layer or of the stills, -1 in a pause; ``interval_s`` is between stills.
    """

    id: str
    mode: Literal["layer", "stills", "paused"]
    bps: int = 0
    quality: int = -1
    temporal: int = -1
    interval_s: int = 0


_Worth = tuple[int, int, int]  # mode, quality, then temporal layer or minus the interval: greater is better
_ANYTHING: _Worth = (3, 0, 0)
_SMOOTHEST = 7  # above every temporal layer


def allocate(available_bps: float, demands: Sequence[Demand]) -> list[Choice]:
    """One choice for each demand, in their order, within the bandwidth.

    It is exceeded only by what may not be paused. More bandwidth never makes the sum of all choices
    smaller, nor anybody's worse but for somebody more urgent.
    """
    return _allocate(available_bps, demands, {})


def wanted_bps(demands: Sequence[Demand]) -> int:
    """What all of them would take if there were no limit: worth probing for."""
    return sum(ladder[-1].bps for demand in demands if (ladder := _ladder(demand, _ANYTHING)))


class Allocator:
    """The same with a memory, for one subscriber; call ``update`` a few times a second."""

    __slots__ = ("_copies", "_short_since")

    def __init__(self) -> None:
        self._copies: dict[str, _Copy] = {}
        self._short_since = inf  # since when somebody should have got less than before

    def update(self, now: float, available_bps: float, demands: Sequence[Demand]) -> list[Choice]:
        """One choice for each demand. A copy seen for the first time starts with what fits now."""
        safe = {choice.id: _worth(choice) for choice in allocate(available_bps / HEADROOM, demands)}
        copies = self._copies
        caps = {
            d.id: copies[d.id].cap(now, available_bps, d.wanted, safe[d.id])
            for d in demands
            if d.id in copies
        }
        choices = _allocate(available_bps, demands, caps)
        if not self._is_short(choices):
            self._short_since = inf
        else:
            self._short_since = min(self._short_since, now)
            if now - self._short_since < DIP_S:
                held = {copy: min(cap, copies[copy].worth) for copy, cap in caps.items()}
                kept = _allocate(DIP * available_bps, demands, held)
                choices = choices if self._is_smaller(kept) else kept
        self._copies = {}
        for demand, choice in zip(demands, choices, strict=True):
            if not demand.layers:
                continue  # on credit: no experience to hold on to
            copy = copies.get(demand.id)
            if copy is None:
                copy = _Copy(_worth(choice), demand.wanted)
            else:
                copy.settle(now, available_bps, demand, _worth(choice))
            self._copies[demand.id] = copy
        return choices

    def _is_short(self, choices: Sequence[Choice]) -> bool:
        copies = self._copies
        return any(_worth(choice) < copies[choice.id].worth for choice in choices if choice.id in copies)

    def _is_smaller(self, choices: Sequence[Choice]) -> bool:
        """The same, but to lose frames for a moment is no change that anybody sees as one."""
        copies = self._copies
        return any(
            _worth(choice)[:2] < copies[choice.id].worth[:2] for choice in choices if choice.id in copies
        )


class _Copy:
    """How one copy's choice came about."""

    __slots__ = (
        "_failed",
        "_failed_at",
        "_next",
        "_since",
        "_upgraded_at",
        "_upgraded_bps",
        "_wait_s",
        "_wanted",
        "worth",
    )

    def __init__(self, worth: _Worth, wanted: tuple[int, int]) -> None:
        self.worth = worth
        self._wanted = wanted
        self._next: _Worth | None = None  # the best that has been safe ever since
        self._since = 0.0
        self._wait_s = UPGRADE_AFTER_S
        self._upgraded_at = inf  # of the choice that stands; inf when it was no upgrade
        self._upgraded_bps = 0.0  # what there was at the last upgrade
        self._failed: _Worth | None = None  # the choice that had to be taken back
        self._failed_at = -inf

    def cap(self, now: float, available_bps: float, wanted: tuple[int, int], safe: _Worth) -> _Worth:
        """The best choice allowed now, where ``safe`` would leave headroom."""
        if now - self._failed_at < COLLAPSES_WITHIN_S and available_bps < COLLAPSED * self._upgraded_bps:
            self._wait_s, self._failed = UPGRADE_AFTER_S, None  # it was the line
        if safe <= self.worth:
            self._next = None
            return self.worth
        if wanted[0] > self._wanted[0] or wanted[1] > self._wanted[1]:
            return safe  # somebody enlarged the picture and waits for it to become sharp
        if self._next is None:
            self._next, self._since = safe, now
        self._next = min(self._next, safe)
        waited_s = now - self._since
        if waited_s < UPGRADE_AFTER_S:
            return self.worth
        if available_bps > CLEARLY_MORE * self._upgraded_bps:
            self._wait_s, self._failed = UPGRADE_AFTER_S, None  # it was another line
        if self._failed is None or waited_s >= self._wait_s or self._next < self._failed:
            return self._next
        mode, quality, step = self._failed
        if (quality, step) == (0, 0):
            return self.worth
        below = (mode, quality, step - 1) if step else (mode, quality - 1, _SMOOTHEST)
        return max(self.worth, below)  # what failed waits longer, what is below it need not

    def settle(self, now: float, available_bps: float, demand: Demand, worth: _Worth) -> None:
        """Note what it became, and whether that takes back an upgrade."""
        old, self.worth = self.worth, worth
        self._wanted = demand.wanted
        if worth > old:
            self._upgraded_at, self._upgraded_bps = now, available_bps
            self._next = None
        elif worth == old:
            if now - self._upgraded_at >= FAILED_S:
                self._wait_s, self._failed = UPGRADE_AFTER_S, None
        else:
            is_collapse = available_bps < COLLAPSED * self._upgraded_bps
            is_recent = 0 <= now - self._upgraded_at < FAILED_S
            if is_recent and not is_collapse and old[0] == 2 and _is_on_offer(demand, old):
                self._wait_s = min(2 * self._wait_s, LONGEST_WAIT_S)
                self._failed, self._failed_at = old, now
            self._upgraded_at = inf


def _allocate(available_bps: float, demands: Sequence[Demand], caps: Mapping[str, _Worth]) -> list[Choice]:
    """Steps in a fixed order, each taken when it fits and the one before it was taken: hence the monotony.

    At the first step that more bandwidth decides otherwise it is taken and was not before; so the sum
    exceeds the former bandwidth, and with it the former sum.
    """
    copies = [_Share(demand, caps.get(demand.id, _ANYTHING)) for demand in demands]
    by_urgency = sorted(copies, key=lambda copy: copy.urgency)
    spare = available_bps - sum(copy.floor_bps for copy in copies)
    for copy in by_urgency:
        spare = copy.begin(spare)

    steps = [(copy, level) for copy in by_urgency for level in range(1, max(2, len(copy.ladder)))]
    steps.sort(key=lambda step: (step[0].urgency[:2], step[1]))  # stable: equals stay in order
    for copy, level in steps:
        spare = copy.climb(level, spare)
    return [copy.choice() for copy in copies]


class _Share:
    """What one copy has got so far."""

    __slots__ = ("_cap", "_demand", "_level", "_still", "_stills", "floor_bps", "ladder", "urgency")

    def __init__(self, demand: Demand, cap: _Worth) -> None:
        self._demand = demand
        self._cap = cap
        self._level = -1
        self._stills = _still_sizes(demand, cap)
        self._still = self._cheapest_still()
        self.ladder = _ladder(demand, cap)
        if not self.ladder and not self._still and not demand.may_pause:
            self.ladder = _ladder(demand, _ANYTHING)[:1]
        self.urgency = (demand.priority or _DEFAULT_PRIORITY[demand.rank], demand.rank, demand.id)
        self.floor_bps = 0  # what it gets at any rate
        if not demand.may_pause:
            cheapest = [still.bps for still in (self._still,) if still] + [x.bps for x in self.ladder[:1]]
            self.floor_bps = min(cheapest, default=0)

    def begin(self, spare: float) -> float:
        """Take the lowest layer, or a still, or the floor; the bandwidth left over."""
        budget = spare + self.floor_bps
        at_least = max(budget, self.floor_bps)
        if self.ladder and self.ladder[0].bps <= at_least:
            self._level = 0
            return budget - self.ladder[0].bps
        if self._still and self._still.bps <= at_least:
            return budget - self._still.bps
        self._still = None
        return budget

    def climb(self, level: int, spare: float) -> float:
        """Take this step up the ladder if it is the next one and fits; stills become as good as may be."""
        if self._level == level - 1 and level < len(self.ladder):
            extra = self.ladder[level].bps - self.ladder[level - 1].bps
            if extra <= spare:
                self._level = level
                return spare - extra
        elif self._level < 0 and level == 1 and self._still:
            budget = spare + self._still.bps
            self._still = self._best_still(budget) or self._still
            return budget - self._still.bps
        return spare

    def choice(self) -> Choice:
        """The result."""
        demand = self._demand
        if self._level >= 0:
            layer = self.ladder[self._level]
            return Choice(demand.id, "layer", layer.bps, layer.quality, layer.temporal)
        if not demand.layers:  # nothing measured yet: begin at the bottom, on credit
            return Choice(demand.id, "layer", 0, 0, demand.wanted[1])
        return self._still or Choice(demand.id, "paused")

    def _cheapest_still(self) -> Choice | None:
        """The smallest key frame, as seldom as may be."""
        if not self._stills:
            return None
        bits, quality = min((bits, quality) for quality, bits in self._stills)
        return Choice(self._demand.id, "stills", ceil(bits / LONGEST_STILL_S), quality, -1, LONGEST_STILL_S)

    def _best_still(self, budget: float) -> Choice | None:
        """The sharpest key frame within a budget, as often as it allows."""
        for quality, bits in self._stills:
            if bits <= STILL_SHARE * budget * LONGEST_STILL_S:
                interval = max(SHORTEST_STILL_S, ceil(bits / (STILL_SHARE * budget)))
                if self._cap[:2] == (1, quality):
                    interval = max(interval, -self._cap[2])
                return Choice(self._demand.id, "stills", ceil(bits / interval), quality, -1, interval)
        return None


def _still_sizes(demand: Demand, cap: _Worth) -> list[tuple[int, int]]:
    """Quality and bits of the key frames that may be sent, the sharpest first."""
    return sorted(
        (
            (quality, 8 * size)
            for quality, size in demand.key_frame_bytes.items()
            if demand.layers
            and quality <= demand.wanted[0]
            and size > 0
            and (1, quality, -LONGEST_STILL_S) <= cap
        ),
        reverse=True,
    )


def _ladder(demand: Demand, cap: _Worth) -> list[Layer]:
    """The layers worth sending, low to high, each dearer than the one before.

    A sharper picture always counts more than a smoother one, but a camera's may lose only half of its
    frames for it: people who move at a quarter of the frames look worse than smaller people. What shows a
    screen may lose all it can, because small writing cannot be read at any frame rate.
    """
    if cap[0] < 2:
        return []
    quality, temporal = demand.wanted
    best = max(quality, min((layer.quality for layer in demand.layers), default=0))
    usable = [layer for layer in demand.layers if layer.quality <= best and layer.temporal <= temporal]
    usable = usable or [layer for layer in demand.layers if layer.quality <= best]
    lowest = min((layer.quality for layer in usable), default=0)
    smoothest = max((layer.temporal for layer in usable), default=0)
    choppy = smoothest - 1 if demand.rank is not Rank.SCREEN else 0
    ladder: list[Layer] = []
    for layer in sorted(usable, reverse=True):
        is_allowed = _worth_of(layer) <= cap and (layer.temporal >= choppy or layer.quality == lowest)
        if is_allowed and (not ladder or layer.bps < ladder[-1].bps):
            ladder.append(layer)
    ladder.reverse()
    return ladder or sorted(usable, key=lambda layer: layer.bps)[:1]


def _is_on_offer(demand: Demand, worth: _Worth) -> bool:
    """Whether the client still wants this layer and the publisher still sends it."""
    _, quality, temporal = worth
    is_wanted = quality <= demand.wanted[0] and temporal <= demand.wanted[1]
    return is_wanted and any(_worth_of(layer) == worth for layer in demand.layers)


def _worth_of(layer: Layer) -> _Worth:
    return 2, layer.quality, layer.temporal


def _worth(choice: Choice) -> _Worth:
    if choice.mode == "layer":
        return 2, choice.quality, choice.temporal
    return (1, choice.quality, -choice.interval_s) if choice.mode == "stills" else (0, 0, 0)
