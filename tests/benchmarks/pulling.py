"""Pulling a whole community: connector and writer against a bare loop over the same pages; polls that find nothing."""

import json
import logging
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import requests

from moderation.ports import CommunityRow
from sync.connector import Connection
from sync.mirror import Indexer, MirrorKnown, MirrorWriter
from sync.vault import Vault
from tests.benchmarks.filling.recipe import KEY
from tests.benchmarks.measures import Measure, Setting
from tests.benchmarks.sample import Sample, sample

PARALLEL = 4
SERVICE_MS = 40.0
HORIZON = timedelta(days=4000)
_PAIRS = 3


class _Requested(logging.Handler):
    """Notes the path of every request that urllib3 makes."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.paths: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if isinstance(record.args, tuple) and len(record.args) == 8 and record.args[3] == "GET":
            self.paths.append(str(record.args[4]))


@contextmanager
def _listening() -> Iterator[list[str]]:
    logger, handler = logging.getLogger("urllib3.connectionpool"), _Requested()
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    try:
        yield handler.paths
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)


@contextmanager
def pulled(place: Sample, home: Path) -> Iterator[tuple[MirrorWriter, Connection, MirrorKnown]]:
    """What a pull needs: the writer of a new mirror, a connection, and what the mirror knows."""
    vault = Vault(home, KEY)
    writer, connection = MirrorWriter(vault), place.connect()
    writer.put_community(
        CommunityRow(place.name, place.url, connection.info(), connection.identify(),
                     frozenset(str(each) for each in connection.capabilities))
    )  # fmt: skip
    known = MirrorKnown(vault, place.name)
    try:
        yield writer, connection, known
    finally:
        known.close()
        connection.close()
        writer.close()


def pull_everything(writer: MirrorWriter, connection: Connection, known: MirrorKnown, name: str) -> None:
    """The walk and one poll, each batch written before the next is asked for; as the engine does it."""
    for batch in connection.catch_up(known, datetime.now(UTC) - HORIZON):
        writer.apply(batch, name)
    for batch in connection.poll(known):
        writer.apply(batch, name)


def bare_loop(place: Sample, paths: list[str]) -> None:
    """The same pages, as few lines as can be: a session a thread, bodies read and decoded, nothing kept."""
    here = threading.local()

    def get(path: str) -> None:
        if not hasattr(here, "session"):
            here.session = requests.Session()
            here.session.headers["Authorization"] = f"Bearer {place.token}"
        answer = here.session.get(place.url + path, timeout=30)
        if "json" in answer.headers.get("Content-Type", ""):
            answer.json()

    with ThreadPoolExecutor(PARALLEL) as pool:
        list(pool.map(get, paths))


def run_alone(kind: str, place: Sample, home: Path, paths: list[str]) -> dict[str, float]:
    """One timed run in a process of its own; gives ``seconds`` and what else that kind tells."""
    facts = {"kind": kind, "home": str(home), "paths": paths,
             "place": {name: getattr(place, name) for name in Sample.__dataclass_fields__}}  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.pulling"],
        input=json.dumps(facts), capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    result: dict[str, float] = json.loads(done.stdout)
    return result


def bench_sync(setting: Setting) -> list[Measure]:
    """Ours and the bare loop by turns, over the same pages."""
    reports = max(40, min(1_000, int(10_000 * setting.scale)))
    with sample(reports=reports, service_ms=SERVICE_MS if not setting.quick else 1.0) as place:
        with pulled(place, setting.scratch / "first") as parts, _listening() as paths:
            pull_everything(*parts, place.name)
            totals = parts[0].totals(place.name)
        ours, bare = [], []
        for turn in range(1 if setting.quick else _PAIRS):
            ours.append(run_alone("ours", place, setting.scratch / f"turn{turn}", []))
            bare.append(run_alone("bare", place, setting.scratch, list(paths)))
    ratios = [mine["seconds"] / other["seconds"] for mine, other in zip(ours, bare, strict=True)]
    mine, other = (statistics.median(run["seconds"] for run in runs) for runs in (ours, bare))
    ideal = len(paths) * SERVICE_MS / 1000 / PARALLEL
    what = f"{len(paths):,} requests: " + ", ".join(f"{count:,} {name}" for name, count in totals.items() if count)
    return [
        Measure("sync", "connector and writer over a bare loop", round((statistics.median(ratios) - 1) * 100, 1), "%",
                25, f"median of {len(ratios)} pairs; {PARALLEL} at once, {SERVICE_MS:g} ms service time"),
        Measure("sync", "connector and writer", round(mine, 2), "s", note=what),
        Measure("sync", "bare loop", round(other, 2), "s", note=f"service time alone: {ideal:.1f} s"),
        Measure("sync", "processor time, connector and writer", round(ours[-1]["cpu"], 2), "s"),
        Measure("sync", "processor time, bare loop", round(bare[-1]["cpu"], 2), "s"),
        Measure("sync", "full text fed after it", round(ours[-1]["feed_s"], 2), "s",
                note=f"{ours[-1]['feed']:,.0f} posts, titles and items; 200 a commit, no pauses"),
    ]  # fmt: skip


def bench_poll(setting: Setting) -> list[Measure]:
    """Requests of a poll that finds nothing new, at two sizes of the community."""
    return _polls(setting, "poll", "nodebb", 8)


def bench_discourse_poll(setting: Setting) -> list[Measure]:
    """The same of a Discourse."""
    return _polls(setting, "discourse_poll", "discourse", 1)


def _polls(setting: Setting, bench: str, face: str, goal: int) -> list[Measure]:
    found = []
    for reports in (100, 200) if setting.quick else (200, 4_000):
        with sample(reports=reports, face=face) as place, pulled(place, setting.scratch / str(reports)) as parts:
            pull_everything(*parts, place.name)
            requests_, changed, took = _quiet_poll(*parts, place)
            note = f"{changed} rows changed; {took:.0f} ms"
            name = f"requests of a quiet poll, {reports:,} open reports"
            found.append(Measure(bench, name, requests_, "requests", goal, note))
    return found


def _quiet_poll(
    writer: MirrorWriter, connection: Connection, known: MirrorKnown, place: Sample
) -> tuple[int, int, float]:
    """The second of two polls: requests counted by the server, changed rows, milliseconds."""
    [writer.apply(batch, place.name) for batch in connection.poll(known)]
    place.order("requests", reset=True)
    started = time.perf_counter()
    records = [record for batch in connection.poll(known) for record in writer.apply(batch, place.name)]
    took = (time.perf_counter() - started) * 1000
    return int(place.order("requests")["total"]), sum(len(record.ids) for record in records), took


def _alone(facts: dict[str, Any]) -> dict[str, float]:
    place, home = Sample(**facts["place"]), Path(facts["home"])
    if facts["kind"] == "bare":
        started = time.perf_counter()
        bare_loop(place, facts["paths"])
        return {"seconds": time.perf_counter() - started, "cpu": time.process_time()}
    with pulled(place, home) as parts:
        started, cpu = time.perf_counter(), time.process_time()
        pull_everything(*parts, place.name)
        seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
    return {"seconds": seconds, "cpu": cpu, **_feed(home)}


def _feed(home: Path) -> dict[str, float]:
    indexer = Indexer(Vault(home, KEY))
    started, fed = time.perf_counter(), 0
    while done := indexer.feed(200):
        fed += done
    indexer.close()
    return {"feed": fed, "feed_s": time.perf_counter() - started}


if __name__ == "__main__":
    print(json.dumps(_alone(json.loads(sys.stdin.read()))))
