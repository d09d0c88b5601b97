"""What the paper of a bundle is made of, and the door to what sets it, for a process beside the server.

Neither side loads what it does not need: the server starts without what sets pages (`case_paper`), and that
process without the product.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from signaling.case_page import Json

NAME = "case.pdf"


@dataclass(frozen=True, slots=True)
class Paper:
    """What `case.json` says, SHA-256 and bytes of the bundle's other files, pictures by their path there."""

    said: Json
    files: Mapping[str, tuple[str, int]]
    pictures: Mapping[str, Path] = field(default_factory=dict)


def pdf(paper: Paper) -> bytes:
    """The case as PDF. Takes seconds."""
    from signaling import case_paper

    return case_paper.pdf(paper)
