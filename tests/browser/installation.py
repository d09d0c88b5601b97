"""A real Genba in a process of its own, with demo data and the built web client, for real browsers."""

from __future__ import annotations

import asyncio
import atexit
import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from types import TracebackType
from typing import Self

from signaling import demo
from signaling.accounts import one_time_codes
from signaling.api.services import Services
from signaling.app import create_app
from signaling.clock import SYSTEM_CLOCK
from tests.installation import RecordedRooms, settings_for

ROOT = Path(__file__).resolve().parents[2]
READY = re.compile(r"Genba is ready: (http://\S+)")


class GenbaProcess:
    """Context manager around `genba demo` and `genba serve --dev`; `url` is where the pages are.

    `settings` are variables of the server's environment.
    """

    def __init__(self, folder: Path, **settings: str) -> None:
        self._folder = folder
        # The model would read the demo's thousands of sentences for a quarter of a minute beside each test.
        self._environment = os.environ | {"GENBA_CONCIERGE_MEANING": "0"} | settings
        self._server: subprocess.Popen[str] | None = None
        self.url = ""

    def __enter__(self) -> Self:
        self._check_pages()
        shutil.copytree(_demo_data(), self._folder, dirs_exist_ok=True)
        data = ["--data", str(self._folder)]
        listen = ["--host", "127.0.0.1", "--port", "0", "--media-port", "0"]
        log = (self._folder / "server.log").open("w", encoding="utf-8")
        with log:
            self._server = subprocess.Popen(
                [*_GENBA, "serve", "--dev", *listen, *data],
                cwd=ROOT,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                env=self._environment,
            )
        self.url = self._read_url(self._server)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is None:
            return
        self._server.terminate()
        self._server.communicate(timeout=20)

    @property
    def pid(self) -> int | None:
        """The server's process."""
        return self._server.pid if self._server is not None else None

    def log(self) -> str:
        """What the server wrote so far; shown when a browser test fails."""
        return (self._folder / "server.log").read_text(encoding="utf-8")

    @staticmethod
    def _check_pages() -> None:
        if not (ROOT / "web_client" / "dist" / "index.html").is_file():
            raise FileNotFoundError("the web client is not built: run `npm run build` in web_client/")

    def _read_url(self, server: subprocess.Popen[str]) -> str:
        assert server.stdout is not None
        for line in server.stdout:
            found = READY.search(line)
            if found:
                return found[1]
        raise RuntimeError(f"the server ended before it was ready:\n{self.log()}")


_GENBA = [sys.executable, "-m", "signaling"]


@cache
def _demo_data() -> Path:
    """What `genba demo` fills a folder with; every installation begins with a copy."""
    folder = Path(mkdtemp(prefix="genba-demo-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    subprocess.run([*_GENBA, "demo", "--data", str(folder)], cwd=ROOT, check=True, capture_output=True)
    with ThreadPoolExecutor(1) as apart:  # Playwright's own loop may run in this thread
        apart.submit(asyncio.run, _indexed(folder)).result()
    return folder


async def _indexed(folder: Path) -> None:
    """The catalogue is read once: every server would do it again beside its test, for some seconds."""
    app = create_app(settings_for(folder, concierge_meaning=False), SYSTEM_CLOCK, RecordedRooms())
    async with app.router.lifespan_context(app):
        services: Services = app.state.services
        await services.concierge.search.follow()


def code_now(staff_no: str, *, clock_ahead_s: int = 0) -> str:
    """What the authenticator of a demo person shows at this moment, or by a clock that is ahead of ours."""
    shown_at = datetime.now(UTC) + timedelta(seconds=clock_ahead_s)
    return one_time_codes.current_code(demo.secret_of(staff_no), shown_at)
