"""Password hashes: argon2id (RFC 9106) on worker threads, with the same cost for people who do not exist.

argon2 is slow and takes tens of megabytes on purpose, so only as many run at once as there are threads
here; the event loop never waits for one, and a flood of sign-ins cannot exhaust memory.
"""

import asyncio
import secrets
from concurrent.futures import ThreadPoolExecutor

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from signaling.accounts.policy import PasswordCost

PASSWORD_THREADS = 2


class Passwords:
    """Hashes and verifies; `close` it when done."""

    def __init__(self, cost: PasswordCost) -> None:
        self._hasher = PasswordHasher(cost.time_cost, cost.memory_kib, cost.parallelism)
        self._threads = ThreadPoolExecutor(PASSWORD_THREADS, thread_name_prefix="genba-password")
        self._nobodys_hash = self._threads.submit(self._hasher.hash, secrets.token_urlsafe(32))

    def close(self) -> None:
        """Waits for the hashes being computed."""
        self._threads.shutdown()

    def hash_now(self, password: str) -> str:
        """The hash to store; blocks."""
        return self._hasher.hash(password)

    async def verify(self, password_hash: str | None, password: str) -> bool:
        """Whether the password is right; None (nobody) takes the same time and is never right."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, self._verify_now, password_hash, password)

    def _verify_now(self, password_hash: str | None, password: str) -> bool:
        try:
            is_right = self._hasher.verify(password_hash or self._nobodys_hash.result(), password)
        except (VerificationError, InvalidHashError):
            return False
        return is_right and password_hash is not None
