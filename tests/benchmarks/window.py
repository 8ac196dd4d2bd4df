"""The window from outside: key presses, cold starts, memory; each in processes of their own."""

import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from console.demo.throwaway import end_engine
from console.home import Home
from sync.engine.lock import holder
from tests.benchmarks import display
from tests.benchmarks.filling.home import copy
from tests.benchmarks.filling.recipe import KEY
from tests.benchmarks.held import held
from tests.benchmarks.measures import Measure, Setting, spread
from tests.benchmarks.sample import Sample, sample

_OFFSCREEN = {"QT_QPA_PLATFORM": "offscreen"}
_SYNCED_REPORTS = 20_000
_DISCOURSE_REPORTS = 10_000
_QUICK_REPORTS = 60
_SERVICE_MS = 40.0
_UNHURRIED_MS = 100
"""Between two keys where platforms are compared: a pace that a slow machine keeps up beside an engine that pulls."""


def _environment(more: Mapping[str, str]) -> dict[str, str]:
    return {**os.environ, "MARQUEE_STORE_KEY": KEY.hex(), "PYTHONWARNINGS": "ignore", **more}


def _run(module: str, arguments: list[str], more: Mapping[str, str]) -> str:
    """What a module of this package prints."""
    done = subprocess.run(
        [sys.executable, "-m", f"tests.benchmarks.{module}", *arguments],
        env=_environment(more), capture_output=True, text=True, timeout=1800, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"{module}: {done.stderr[-2000:]}")
    return done.stdout


@contextmanager
def _working_copy(setting: Setting, name: str) -> Iterator[Path]:
    home = copy(setting.home, setting.scratch / name)
    try:
        yield home
    finally:
        end_engine(Home(home.resolve()))
        shutil.rmtree(home, ignore_errors=True)


def connect(home: Path, place: Sample) -> None:
    """Connect the sample to a home, as a person does on the command line; its token stays in the environment."""
    done = subprocess.run(
        [sys.executable, "-m", "console", "--home", str(home), "connect", place.url, "--user", place.user,
         "--token-stdin"],
        input=place.token, env=_environment({}), capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])


def bench_keys(setting: Setting) -> list[Measure]:
    """Offscreen and under X, with a quiet engine and while it pulls another community into the same mirror."""
    found = _keys(setting, "offscreen", _OFFSCREEN, busy=False)
    found += _keys(setting, "offscreen", _OFFSCREEN, busy=True)
    if display.available():
        with display.x_server() as environment:
            found += _keys(setting, "under X", environment, busy=False)
            found += _keys(setting, "under X", environment, busy=True)
    return found


def _keys(setting: Setting, where: str, environment: Mapping[str, str], *, busy: bool) -> list[Measure]:
    presses = {
        "next item": ("next", setting.times(1_000), 40),
        "next item after a decision": ("decide", setting.times(200), 100),
    }
    name = f"{where}, while the engine syncs" if busy else where
    result = _pressed(setting, presses, environment, busy=busy)
    found: list[Measure] = []
    for what, (_, _, every) in presses.items():
        told = result[what]
        note = f"a key each {every} ms; {told['unready']} not prepared, {told['late']} due while the window was busy"
        if told["decided"]:
            note += f"; {told['decided']} decisions, each committed"
        if busy:
            note += f"; {result['pulled']:,} items and posts pulled meanwhile"
        found += spread("keys", f"{what} ({name})", told["took"], p99=16, p999=33, note=note)
    return found


def bench_discourse_keys(setting: Setting) -> list[Measure]:
    """Offscreen, while the engine pulls a queue of the same length from a Discourse and from a NodeBB.

    Keys go on being pressed until all of the queue is here: from a Discourse that answers at once and without its
    limits, and from a NodeBB that does. Within the limits of a key, as they are, there is no waiting for that.
    """
    reports = _QUICK_REPORTS if setting.quick else _DISCOURSE_REPORTS
    whole = {"until": reports, "service_ms": 0.0, "reports": reports}
    runs: tuple[tuple[str, dict[str, Any]], ...] = (
        ("a Discourse", {"face": "discourse", "lifted": True, **whole}),
        ("a Discourse, within a key's limits", {"face": "discourse", "reports": reports}),
        ("a NodeBB", whole),
    )
    found: list[Measure] = []
    for name, how in runs:
        presses = {"next item": ("next", setting.times(1_000), _UNHURRIED_MS)}
        result = _pressed(setting, presses, _OFFSCREEN, busy=True, **how)
        told = result["next item"]
        pulled = f"{told['pulled'][-1]:,} items" if told["pulled"] else f"{result['pulled']:,} items and posts"
        late = f"{told['unready']} not prepared, {told['late']} due while the window was busy"
        note = f"a key each {_UNHURRIED_MS} ms; {late}; {pulled} pulled meanwhile"
        found += spread("discourse_keys", f"next item while {name} is pulled", told["took"], p99=16, p999=33, note=note)
        if "until" in how:
            part = f"next item while {name} is pulled, items here"
            found.append(Measure("discourse_keys", part, told["pulled"][-1], "items", note=f"of {reports:,} reports"))
    return found


def _pressed(
    setting: Setting,
    presses: Mapping[str, Any],
    environment: Mapping[str, str],
    *,
    busy: bool,
    reports: int = _SYNCED_REPORTS,
    face: str = "nodebb",
    lifted: bool = False,
    until: int = 0,
    service_ms: float = _SERVICE_MS,
) -> dict[str, Any]:
    """One run of the window; ``busy``: the engine pulls a sample community from another process meanwhile.

    ``lifted``: without the limits that its platform sets. ``until``: keys are pressed until that many items are here.
    """
    facts = {"presses": presses, "settle_s": 1.0 if setting.quick or until else 5.0, "until": until}
    with _working_copy(setting, "home") as home:
        if not busy:
            return dict(json.loads(_run("window_child", [str(home), json.dumps(facts)], environment)))
        reports = _QUICK_REPORTS if setting.quick else reports
        with sample(reports=reports, service_ms=service_ms, busy=2.0, face=face) as place:
            connect(home, place)
            with_token = {**environment, "MARQUEE_TOKEN": place.token}
            before = held(home)
            if lifted:
                _lifted_engine(home, with_token)
            result = dict(json.loads(_run("window_child", [str(home), json.dumps(facts)], with_token)))
            result["pulled"] = held(home) - before
            return result


def _lifted_engine(home: Path, environment: Mapping[str, str]) -> None:
    """Start an engine that keeps no limits, in place of one that connecting started; the window finds it."""
    end_engine(Home(home.resolve()))
    command = [sys.executable, "-m", "tests.benchmarks.lifted_engine", str(home)]
    output = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.Popen(command, env=_environment(environment), start_new_session=True, **output)
    ends = time.monotonic() + 30
    while holder(home.resolve()) is None:
        if time.monotonic() > ends:
            raise RuntimeError("the engine did not start")
        time.sleep(0.05)


def bench_memory(setting: Setting) -> list[Measure]:
    """Resident memory of window and engine after work, the sample being pulled meanwhile."""
    presses = {"next item": ("next", setting.times(1_000), 60)}
    result = _pressed(setting, presses, _OFFSCREEN, busy=True)
    rows = f"{result['rows']:,} rows in the list"
    found = []
    for name, goal in (("window", 200), ("engine", 150)):
        memory = result[name]
        if memory:
            note = f"{rows}; of its own (PSS) {memory.get('pss', 0):.0f} MB, at its peak {memory['hwm']:.0f} MB"
            found.append(Measure("memory", f"{name}, resident", round(memory["rss"], 1), "MB", goal, note))
    return found


def bench_start(setting: Setting) -> list[Measure]:
    """Pairs of a cold start and an empty window, in turn; each from the start of its process."""
    rows, items, empty = [], [], []
    with _working_copy(setting, "home") as home:
        for turn in range(2 if setting.quick else 16):
            started = time.monotonic()
            bare = float(_run("empty_window", [], _OFFSCREEN)) - started
            started = time.monotonic()
            seen = json.loads(_run("cold_start", [str(home)], _OFFSCREEN))
            if turn:  # the first pair fills the file caches
                empty.append(bare)
                rows.append(seen["rows"] - started)
                items.append(seen["item"] - started)
    ratios = [mine / bare for mine, bare in zip(rows, empty, strict=True)]
    note = f"median of {len(ratios)} pairs"
    return [
        Measure("start", "first rows over an empty window", round(statistics.median(ratios), 2), "times", 2, note),
        Measure("start", "first rows painted", round(statistics.median(rows), 3), "s"),
        Measure("start", "first item painted in full", round(statistics.median(items), 3), "s"),
        Measure("start", "empty PySide6 window painted", round(statistics.median(empty), 3), "s"),
    ]
