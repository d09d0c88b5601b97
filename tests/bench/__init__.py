"""Benches: each module here measures one thing, beside the tests that prove it.

A bench module has

    def run() -> dict[str, float | str]  # metric -> value {"forward_us_n10": 31.2}, or why it has none
    def quick() -> dict[str, float | str]  # optional: a short form, once, for `--quick`
    IS_ALONE = True                      # optional: runs only when named
    RUNS = 5                             # optional: how often (default 3); the median counts
    BUDGETS = {"forward_us_n10": 40}     # optional: upper bounds, shown beside the figure, never asserted
    AT_LEAST = {"packets_per_s": 2000}   # optional: lower bounds, likewise

`python -m tests.bench` runs each in a process of its own, prints a table and, as its last line, the figures
of `HEADLINES` as one JSON object (null where not measured); build/bench.json keeps everything.
"""
