"""What a benchmark gives: named numbers, each with its goal where the design has one."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Measure:
    """One number. ``goal`` is what it must not exceed, ``None`` where it is only reported.

    ``bench`` is the name for ``--only``; ``note`` says how it was measured, where that is not plain from the name, and
    ``machine`` on what class of machine.
    """

    bench: str
    name: str
    value: float
    unit: str
    goal: float | None = None
    note: str = ""
    scale: float = 1.0
    machine: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the goal is met, ``None`` without one."""
        return None if self.goal is None else self.value <= self.goal

    def document(self) -> dict[str, Any]:
        """For ``benchmarks.json``."""
        goal = None if self.goal is None else f"<= {self.goal:g}"
        return {"name": self.name, "value": self.value, "unit": self.unit, "goal": goal, "met": self.met,
                "bench": self.bench, "scale": self.scale, "note": self.note, "machine": self.machine}  # fmt: skip

    @classmethod
    def of(cls, document: dict[str, Any]) -> "Measure":
        """From ``benchmarks.json``."""
        facts = {name: document[name] for name in ("bench", "name", "value", "unit", "note", "scale", "machine")}
        goal = document["goal"]
        return cls(**facts, goal=None if goal is None else float(goal.removeprefix("<= ")))


@dataclass(frozen=True, slots=True)
class Setting:
    """What every benchmark gets: the large home (shared, not to be written to), a scratch folder, how much to do."""

    scale: float
    home: Path
    scratch: Path
    quick: bool = False

    def times(self, usual: int) -> int:
        """How often to do something: far fewer times in a smoke run."""
        return max(3, usual // 200) if self.quick else usual


Bench = Callable[[Setting], list[Measure]]


def milliseconds(work: Callable[[], object]) -> float:
    """How long this takes."""
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


def quantile(values: Sequence[float], share: float) -> float:
    """The value that this share of the values does not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def spread(
    bench: str,
    name: str,
    values: Sequence[float],
    *,
    p99: float | None = None,
    p999: float | None = None,
    note: str = "",
) -> list[Measure]:
    """Median, 99th percentile and worst of milliseconds; the 99.9th from a thousand values on."""
    count = f"{len(values):,} times" + (f"; {note}" if note else "")
    given = [
        Measure(bench, f"{name}, p50", round(quantile(values, 0.5), 2), "ms", note=count),
        Measure(bench, f"{name}, p99", round(quantile(values, 0.99), 2), "ms", p99, count),
    ]
    if len(values) >= 1000 or p999 is not None:
        given.append(Measure(bench, f"{name}, p99.9", round(quantile(values, 0.999), 2), "ms", p999, count))
    return [*given, Measure(bench, f"{name}, worst", round(max(values), 2), "ms", note=count)]
