"""Processes beside the server, for what computes: polite to everything else, and gone when the server is."""

import os
import threading
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context, parent_process


def polite_processes(most: int, nice: int) -> ProcessPoolExecutor:
    """So many at most, begun when there is something to do; `nice` is added to their niceness."""
    context = get_context("spawn")
    return ProcessPoolExecutor(most, mp_context=context, initializer=_begin, initargs=(nice,))


def _begin(nice: int) -> None:
    os.nice(nice)
    threading.Thread(target=_end_with_server, daemon=True).start()


def _end_with_server() -> None:
    if (server := parent_process()) is not None:
        server.join()
    os._exit(1)  # killed, it could not tell; nothing here is worth finishing
