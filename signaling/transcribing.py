"""`genba transcribe`: whether this machine can recognise for the nodes of an installation, and doing so."""

import asyncio

from signaling import event_log
from signaling.accounts.vault import MASTER_KEY_FILE, open_vault
from signaling.doctor.transcription import check_transcription
from signaling.settings import Settings
from signaling.speech.parcels import Parcels, speech_key
from signaling.speech.remote_worker import work
from signaling.speech.workers import Plan


class CannotTranscribe(Exception):
    """Something is missing here; the text says what to do."""


def key(settings: Settings) -> str:
    """What the nodes seal utterances with, for GENBA_TRANSCRIPTION_KEY; raises CannotTranscribe."""
    if not settings.transcription_key.reveal() and not (settings.data_dir / MASTER_KEY_FILE).is_file():
        raise CannotTranscribe(
            f"{settings.data_dir} is no node's data directory. On another machine set"
            " GENBA_TRANSCRIPTION_KEY to what `genba transcribe --show-key` prints at a node."
        )
    return speech_key(settings, open_vault(settings.data_dir))


def run(settings: Settings) -> None:
    """Recognise until a signal; raises CannotTranscribe."""
    url, checkpoint = settings.redis_url.reveal(), settings.transcription_checkpoint
    finding = check_transcription(settings)
    if checkpoint is None or finding.verdict != "green":
        raise CannotTranscribe(f"{finding.says}\n{finding.advice}")
    if not url:
        raise CannotTranscribe("GENBA_REDIS_URL is not set: the nodes are reached over their Redis.")
    parcels = Parcels(key(settings))
    event_log.configure(settings.log_level)
    plan = Plan(checkpoint, settings.transcription_threads)
    asyncio.run(work(plan, max(1, settings.transcription_workers), url, parcels))
