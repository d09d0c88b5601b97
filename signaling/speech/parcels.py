"""How utterances and answers lie in a Redis that nodes and workers of one installation share.

`work` is a stream with one group of consumers, an entry says which utterance of which node is to be
recognised; `alive` are the workers with the time each was heard of last. The utterance itself lies beside it
for a moment (`LEASE_MS`), which its node prolongs while it waits: sound outlives neither its answer nor its
node. Answers go to a stream of the node that asked. Utterances and answers are sealed (AES-256-GCM) for
their place, by a key that nodes have from the installation's vault, so whoever reads or writes in that Redis
can neither hear, read, invent nor exchange any.
"""

import hashlib
import secrets
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from signaling.accounts.vault import Vault
from signaling.settings import Settings
from signaling.speech.messages import HEAD, Message, PipeBroken, decode, sizes

GROUP: Final = "workers"
LEASE_MS: Final = 30_000
ANSWER_MS: Final = 60_000
"""How long an answer waits for a node that is cut off; later it is asked again."""
DEAD_MS: Final = 6_000
"""A worker that was not heard of for so long is dead: three times its beat."""
BEAT_S: Final = 2.0
CONNECT_S: Final = 2.0
SOCKET_S: Final = 6.0
RETRY_S: Final = 1.0
_NONCE_BYTES: Final = 12


def speech_key(settings: Settings, vault: Vault) -> str:
    """What nodes and those who recognise for them seal with: given, or the vault's; 64 hexadecimal digits."""
    return settings.transcription_key.reveal() or vault.digest("key", "speech")


class Parcels:
    """Places and seals of an installation; `key` is 64 hexadecimal digits. Raises ValueError."""

    def __init__(self, key: str) -> None:
        raw = bytes.fromhex(key)
        self._sealing = AESGCM(raw)
        place = hashlib.blake2s(raw, person=b"speech").hexdigest()[:32]
        self._place = f"genba.{place}.speech"
        self.work = f"{self._place}.work"
        self.alive = f"{self._place}.alive"

    def sound(self, number: str) -> str:
        """Where the utterance of this number lies."""
        return f"{self._place}.sound.{number}"

    def answers(self, node: str) -> str:
        """The stream of answers to a node."""
        return f"{self._place}.answers.{node}"

    def seal(self, message: Message, place: str) -> bytes:
        """The message, for this place only."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._sealing.encrypt(nonce, message.encode(), place.encode())

    def open(self, sealed: bytes, place: str) -> Message:
        """What `seal` made for the same place; raises PipeBroken."""
        try:
            plain = self._sealing.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], place.encode())
        except (InvalidTag, ValueError) as error:
            raise PipeBroken from error
        facts_bytes, _ = sizes(plain[: HEAD.size])
        split = HEAD.size + facts_bytes
        return decode(plain[HEAD.size : split], plain[split:])
