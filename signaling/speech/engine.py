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
    NO_WORKER = "no_worker"  # others recognise (`genba transcribe`), and none was heard of


def engine_state(checkpoint: Path | None, *, is_elsewhere: bool = False) -> EngineState:
    """Blocks for a look at the disk; loads nothing. What is `is_elsewhere` needs no model here."""
    if checkpoint is None and not is_elsewhere:
        return EngineState.NOT_SET_UP
    needed = ("numpy",) if is_elsewhere else ("numpy", "torch", "whisper")
    if any(importlib.util.find_spec(name) is None for name in needed):
        return EngineState.NOT_INSTALLED
    if checkpoint is None or is_elsewhere:
        return EngineState.READY
    return EngineState.READY if checkpoint.is_file() else EngineState.NO_MODEL
