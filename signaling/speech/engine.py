"""Whether this installation can write down what is said, and if not, why."""

import importlib.util
from enum import StrEnum
from pathlib import Path


class EngineState(StrEnum):
    """As pages and the doctor say it."""

    READY = "ready"
    NOT_SET_UP = "not_set_up"  # no model was chosen
    NOT_INSTALLED = "not_installed"  # the extra `transcription` is missing
    NO_MODEL = "no_model"  # its file is not there


def engine_state(checkpoint: Path | None) -> EngineState:
    """Blocks for a look at the disk; loads nothing."""
    if checkpoint is None:
        return EngineState.NOT_SET_UP
    if any(importlib.util.find_spec(name) is None for name in ("numpy", "torch", "whisper")):
        return EngineState.NOT_INSTALLED
    return EngineState.READY if checkpoint.is_file() else EngineState.NO_MODEL
