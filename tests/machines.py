"""Machines that recognise speech for others: `genba transcribe` as a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.services import stop

ROOT = Path(__file__).resolve().parent.parent
TINY_MODEL = ROOT / "tests" / "tiny_whisper" / "phrases.pt"


@contextmanager
def transcribing(redis_url: str, folder: Path, **settings: str) -> Iterator[subprocess.Popen[bytes]]:
    """One worker with the tiny Whisper; `folder` is its data directory, a node's or nobody's."""
    command = [sys.executable, "-m", "signaling", "transcribe", "--data", str(folder)]
    chosen = {"GENBA_REDIS_URL": redis_url, "GENBA_TRANSCRIPTION_THREADS": "1"}
    process = subprocess.Popen(
        [*command, "--model", str(TINY_MODEL)], cwd=ROOT, env=os.environ | chosen | settings
    )
    try:
        yield process
    finally:
        stop(process)
