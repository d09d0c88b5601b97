"""Joining and leaving leaves nothing behind, however it ends: no room, path, task, file or memory."""

from __future__ import annotations

import asyncio

import pytest

from tests.node_process import node_process
from tests.visits import visits

pytestmark = pytest.mark.long

WARM_UP = 20  # calls; caches and allocator pools grow with the first ones
CALLS = 30  # two joins each
# Allocator noise is half a megabyte either way; a leaked participant is a third of one, sixty are twenty.
MAX_GROWTH_BYTES = 3 << 20


def test_sixty_joins_and_leaves_leave_nothing_behind() -> None:
    async def scene() -> None:
        async with node_process("--short-timeouts") as node:
            fresh = await node.usage()
            before = await visits(node, range(WARM_UP), fresh["files"])

            after = await visits(node, range(WARM_UP, WARM_UP + CALLS), fresh["files"])

            assert after.tasks == before.tasks
            assert after.memory_bytes - before.memory_bytes < MAX_GROWTH_BYTES

    asyncio.run(scene())
