"""What a thousand joins and leaves leave behind, in every way clients leave: memory, tasks, files.

The bounded twin in tests/test_leaks.py gates; this one shows the slope.
"""

from __future__ import annotations

import asyncio

from tests.node_process import node_process
from tests.visits import visits

RUNS = 1
WARM_UP = 1200  # calls: seen flat from about 1,600 joins on, when the allocator is at its high-water mark
CALLS = 500  # two joins each
BUDGETS = {"memory_kib_per_100_joins": 256, "tasks_left": 0, "files_left": 0, "rooms_left": 0}


def run() -> dict[str, float]:
    """One long run against one node; fails when the node does not forget everybody."""
    return asyncio.run(_measure())


async def _measure() -> dict[str, float]:
    async with node_process("--short-timeouts") as node:
        fresh = await node.usage()
        before = await visits(node, range(WARM_UP), fresh["files"])
        after = await visits(node, range(WARM_UP, WARM_UP + CALLS), fresh["files"])
        usage = await node.usage()
    joins = 2 * CALLS
    return {
        "joins": joins,
        "memory_kib_per_100_joins": round((after.memory_bytes - before.memory_bytes) / 1024 / joins * 100, 1),
        "memory_mib_at_the_end": round(after.memory_bytes / 2**20, 1),
        "tasks_left": after.tasks - before.tasks,
        "files_left": after.files - fresh["files"],
        "rooms_left": usage["rooms"],
    }
