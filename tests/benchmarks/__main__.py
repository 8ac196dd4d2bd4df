"""``python -m tests.benchmarks``: build the large home, measure, write the two documents."""

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from tests.benchmarks import report
from tests.benchmarks.catalogue import BENCHES
from tests.benchmarks.filling.home import large_home
from tests.benchmarks.machine import description, load
from tests.benchmarks.measures import Measure, Setting


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 0 when everything was measured, whether or not goals are met."""
    parsed = _parser().parse_args(arguments)
    missed = []
    with tempfile.TemporaryDirectory(prefix="marquee-bench-") as scratch:
        setting = Setting(parsed.scale, Path(), Path(scratch), parsed.quick)
        for name in parsed.only or list(BENCHES):
            measured = _measure(name, setting)
            missed += [measure.name for measure in measured if measure.met is False]
            if parsed.write:
                known = report.merge(report.read(parsed.docs), measured, list(BENCHES))
                report.write(known, parsed.docs)
    print(f"{len(missed)} goals missed{': ' if missed else ''}{'; '.join(missed)}", file=sys.stderr)
    return 0


def _measure(name: str, setting: Setting) -> list[Measure]:
    bench = BENCHES[name]
    home, _ = large_home(setting.scale) if bench.large else (setting.scratch / "none", None)
    scratch = setting.scratch / name
    scratch.mkdir()
    print(f"{name} (load {load()})", file=sys.stderr, flush=True)
    started = time.perf_counter()
    measured = bench.run(replace(setting, home=home, scratch=scratch))
    shutil.rmtree(scratch, ignore_errors=True)
    for measure in measured:
        print(f"  {measure.name}: {measure.value:g} {measure.unit}{_judged(measure)}", flush=True)
    print(f"  took {time.perf_counter() - started:.0f} s", file=sys.stderr, flush=True)
    return [replace(measure, scale=setting.scale, machine=description()) for measure in measured]


def _judged(measure: Measure) -> str:
    return "" if measure.goal is None else f"  (goal {measure.goal:g}: {'met' if measure.met else 'MISSED'})"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0, help="1.0: 550,000 items and 4,000,000 posts")
    parser.add_argument("--only", action="append", choices=list(BENCHES), metavar="NAME", help=", ".join(BENCHES))
    parser.add_argument("--quick", action="store_true", help="few repetitions: shows that it runs, not how fast")
    parser.add_argument("--docs", type=Path, default=report.DOCS, help="where the two documents go")
    parser.add_argument("--no-write", dest="write", action="store_false", help="print only")
    return parser


if __name__ == "__main__":
    sys.exit(main())
