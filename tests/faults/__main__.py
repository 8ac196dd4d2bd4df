"""Long fault runs: ``python -m tests.faults --runs 20000 --seed 1``; a seed that breaks is printed and ends with 1."""

import argparse
import sys
import time
from collections.abc import Callable
from multiprocessing import Pool

from tests.faults.whole_system import one


def main() -> int:
    """Run them on all processors."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--runs", type=int, default=1000, help="how many runs, each with the next seed")
    parser.add_argument("--seed", type=int, default=1, help="seed of the first run")
    parser.add_argument("--workers", type=int, default=2, help="processes")
    parser.add_argument("--story", action="store_true", help="tell what happens, one run after the other")
    asked = parser.parse_args()
    seeds = range(asked.seed, asked.seed + asked.runs)
    started, broken = time.monotonic(), 0
    if asked.story:
        found = map(_told, seeds)
        broken = sum(_said(outcome) for outcome in found)
    else:
        with Pool(asked.workers) as pool:
            for number, outcome in enumerate(pool.imap_unordered(_quiet, seeds, chunksize=5), 1):
                broken += _said(outcome)
                if number % 100 == 0:
                    rate = number / (time.monotonic() - started)
                    print(f"{number} runs, {broken} broken, {rate:.1f} a second", file=sys.stderr, flush=True)
    print(f"{asked.runs} runs from seed {asked.seed}: {broken} broken")
    return 1 if broken else 0


def _quiet(seed: int) -> str | None:
    return _outcome(seed, lambda line: None)


def _outcome(seed: int, tell: Callable[[str], None]) -> str | None:
    try:
        one(seed, tell)
    except Exception as error:  # noqa: BLE001 - whatever breaks is told with its seed, and the other runs go on
        return f"seed {seed}: {type(error).__name__}: {error}"
    return None


def _told(seed: int) -> str | None:
    return _outcome(seed, print)


def _said(outcome: str | None) -> bool:
    if outcome is not None:
        print(outcome, flush=True)
    return outcome is not None


if __name__ == "__main__":
    sys.exit(main())
