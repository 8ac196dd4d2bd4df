"""That the benchmarks run and write what they promise; how fast anything is, is not looked at here."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.benchmarks import report
from tests.benchmarks.catalogue import BENCHES
from tests.benchmarks.measures import Measure

_QUICK_ONES = ("fill", "filter", "index", "search", "start", "decoding", "journal", "coverage", "following")


def test_a_thousandth_of_everything_is_measured_and_written_down(tmp_path: Path) -> None:
    only = [part for name in _QUICK_ONES for part in ("--only", name)]
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks", "--quick", "--scale", "0.001", "--docs", str(tmp_path), *only],
        cwd=report.ROOT,
        env={**os.environ, "MARQUEE_BENCH_CACHE": str(tmp_path / "cache")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    documents = json.loads((tmp_path / "benchmarks.json").read_text(encoding="utf-8"))
    assert all({"name", "value", "unit", "goal", "met"} <= document.keys() for document in documents)
    assert {document["bench"] for document in documents} == set(_QUICK_ONES)
    page = (tmp_path / "benchmarks.md").read_text(encoding="utf-8")
    assert all(document["name"] in page for document in documents)


def test_a_benchmark_that_is_run_alone_leaves_the_other_rows() -> None:
    old = [Measure("filter", "a", 1.0, "ms"), Measure("journal", "b", 2.0, "ms", goal=3.0)]
    merged = report.merge(old, [Measure("filter", "c", 9.0, "ms", goal=4.0)], list(BENCHES))
    assert [(measure.name, measure.met) for measure in merged] == [("c", False), ("b", True)]
    assert [Measure.of(measure.document()) for measure in merged] == merged


def test_every_benchmark_is_described() -> None:
    words = report._words()
    assert set(words["benches"]) == set(BENCHES)
    assert all(words["benches"][name]["title"] for name in BENCHES)


def test_a_missed_goal_is_listed_with_its_reason() -> None:
    rows = [Measure("start", "cold", 3.0, "times", goal=2.0), Measure("poll", "quiet", 8, "requests", goal=8)]
    words = report._words() | {"reasons": {"cold": "imports take long."}}
    page = report.page(rows, words)
    assert "- **cold** (3 times, goal 2): imports take long." in page
    assert "**no**" in page
