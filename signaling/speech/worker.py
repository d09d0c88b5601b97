"""The process that recognises: loads the model once, then answers one utterance after another.

It gets a checkpoint and samples, nothing else of ours, and may die at any moment: what it had is given to
another.
"""

import json
import os
import sys
import time
from dataclasses import asdict
from pathlib import Path

import numpy as np

from signaling.speech.messages import Message
from signaling.speech.pipes import read, write
from signaling.speech.whisper_recogniser import WhisperRecogniser


def main(argument: str) -> None:
    """Answer utterances until standard input ends; the argument is the plan as JSON."""
    os.nice(10)  # calls go first
    plan = json.loads(argument)
    recogniser = WhisperRecogniser(Path(plan["checkpoint"]), int(plan["threads"]))
    write(sys.stdout.buffer, Message({"engine": recogniser.name}))
    while (message := read(sys.stdin.buffer)) is not None:
        began = time.monotonic()
        samples = np.frombuffer(message.content, np.int16)
        answer = recogniser.recognise(samples, message.facts["language"], message.facts["words"])
        took_s = time.monotonic() - began
        facts = {**asdict(answer), "engine": recogniser.name, "took_s": took_s}
        write(sys.stdout.buffer, Message(facts))
