"""Benches: each module here measures one thing, beside the tests that prove it.

A bench module has

    def run() -> dict[str, float]        # metric named with its unit -> value: {"cpu_per_packet_us": 31.2}
    RUNS = 5                             # optional: how often (default 3); the median counts
    BUDGETS = {"cpu_per_packet_us": 40}  # optional: upper bounds, shown beside the figure, never asserted
    AT_LEAST = {"packets_per_s": 2000}   # optional: lower bounds, likewise

`python -m tests.bench` runs each in a process of its own, prints a table and writes build/bench.json.
"""
