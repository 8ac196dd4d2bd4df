"""Writes ``docs/benchmarks.json`` and, from it, ``docs/benchmarks.md``."""

import json
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.benchmarks.measures import Measure

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
_WORDS = Path(__file__).with_name("report.toml")


def merge(old: Sequence[Measure], new: Sequence[Measure], order: Sequence[str]) -> list[Measure]:
    """What was measured now takes the place of the same benchmark's older numbers; sorted as they are run."""
    fresh = {measure.bench for measure in new}
    kept = [measure for measure in old if measure.bench not in fresh and measure.bench in order]
    return sorted([*kept, *new], key=lambda measure: order.index(measure.bench))


def read(folder: Path = DOCS) -> list[Measure]:
    """The measures as they were last written."""
    file = folder / "benchmarks.json"
    return [Measure.of(each) for each in json.loads(file.read_text(encoding="utf-8"))] if file.exists() else []


def write(measures: Sequence[Measure], folder: Path = DOCS) -> None:
    """Both files."""
    documents = ",\n".join(" " + json.dumps(measure.document(), ensure_ascii=False) for measure in measures)
    (folder / "benchmarks.json").write_text(f"[\n{documents}\n]\n", encoding="utf-8")
    (folder / "benchmarks.md").write_text(page(measures, _words()), encoding="utf-8")


def _words() -> dict[str, Any]:
    return tomllib.loads(_WORDS.read_text(encoding="utf-8"))


def page(measures: Sequence[Measure], words: Mapping[str, Any]) -> str:
    """The page: how, the tables with the machine of each, what is not reached and why."""
    parts = [words["head"].strip(), _machines(measures)]
    for bench in dict.fromkeys(measure.bench for measure in measures):
        about = words["benches"][bench]
        rows = [measure for measure in measures if measure.bench == bench]
        where = f", on machine {_letters(measures)[rows[0].machine]}"
        parts.append(f"## {about['title']}\n\n{about['text'].strip()}\n\n{_command(rows)}{where}\n\n{_table(rows)}")
    parts.append(f"## Goals not reached, and why\n\n{_missed(measures, words['reasons'])}")
    parts.append(words["tail"].strip())
    return "\n\n".join(parts) + "\n"


def _letters(measures: Sequence[Measure]) -> dict[str, str]:
    """A letter for each machine, in the order in which they come."""
    machines = dict.fromkeys(measure.machine for measure in measures)
    return dict(zip(machines, "ABCDEFGH", strict=False))


def _machines(measures: Sequence[Measure]) -> str:
    return "\n".join(f"- Machine {letter}: {machine}." for machine, letter in _letters(measures).items())


def _command(rows: Sequence[Measure]) -> str:
    return f"`make bench ARGS='--only {rows[0].bench} --scale {rows[0].scale:g}'`"


def _table(rows: Iterable[Measure]) -> str:
    lines = ["| what | value | goal | met | |", "| --- | ---: | ---: | --- | --- |"]
    for row in rows:
        goal = "" if row.goal is None else f"≤ {row.goal:g} {row.unit}"
        met = {None: "", True: "yes", False: "**no**"}[row.met]
        lines.append(f"| {row.name} | {_number(row.value)} {row.unit} | {goal} | {met} | {row.note} |")
    return "\n".join(lines)


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 1000 or value == int(value) else f"{value:g}"


def _missed(measures: Sequence[Measure], reasons: Mapping[str, str]) -> str:
    missed = [measure for measure in measures if measure.met is False]
    if not missed:
        return "None."
    by_reason: dict[str, list[Measure]] = {}
    for measure in missed:
        reason = reasons.get(measure.name, reasons.get(measure.bench, "not looked into yet.")).strip()
        by_reason.setdefault(reason, []).append(measure)
    lines = [f"- {'; '.join(map(_short, rows))}: {reason}" for reason, rows in by_reason.items()]
    return "\n".join(lines)


def _short(measure: Measure) -> str:
    """A measure with its goal, in one phrase."""
    return f"**{measure.name}** ({_number(measure.value)} {measure.unit}, goal {measure.goal:g})"
