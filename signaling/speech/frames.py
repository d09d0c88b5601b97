"""How Opus frames travel to the listener: ticks of 48 kHz, duration, and the bytes that follow."""

import struct
from typing import Final

FRAME_HEAD: Final = struct.Struct("!qHH")
TICKS_PER_S: Final = 48_000
TICKS_PER_SAMPLE: Final = 3  # of what recognisers hear, 16 kHz
