"""Benchmarks: ``make bench`` or ``python -m tests.benchmarks [--scale 1.0] [--only NAME ...]``.

Each row of the design's table of speed is measured by a module of this package and written to ``docs/benchmarks.md``
and ``docs/benchmarks.json``. Nothing here belongs to the test run but a smoke test at a thousandth of the size.
"""
