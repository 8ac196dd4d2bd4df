"""Building a large home, and keeping it for the next benchmark."""

import hashlib
import json
import os
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from moderation.queries import QueueQuery
from sync.mirror import MirrorReader, MirrorWriter, schema
from sync.vault import StoreFile, Vault
from tests.benchmarks.filling.content import fill_content
from tests.benchmarks.filling.index import fill_index
from tests.benchmarks.filling.items import fill_items, reported_places
from tests.benchmarks.filling.people import fill_people
from tests.benchmarks.filling.recipe import KEY, NOW_MS, VERSION, Recipe
from tests.benchmarks.filling.texts import Texts
from tests.benchmarks.filling.threads import Plan, Planned

_FACTS = "built.json"


@dataclass(frozen=True, slots=True)
class Built:
    """What a large home holds and how long each part took (seconds); ``bytes`` are those of its stores."""

    items: int
    posts: int
    threads: int
    bytes: int
    content_s: float
    items_s: float
    index_s: float


def cache_folder() -> Path:
    """Where built homes are kept: ``MARQUEE_BENCH_CACHE``, or a folder beside the machine's temporary files."""
    return Path(os.environ.get("MARQUEE_BENCH_CACHE") or Path(tempfile.gettempdir()) / "marquee-benchmarks")


def large_home(scale: float, folder: Path | None = None) -> tuple[Path, Built]:
    """A home of this scale, built unless it is there already. It is shared: work on a :func:`copy`."""
    home = (folder or cache_folder()) / f"home-{scale:g}-{_shape()}"
    if not (home / _FACTS).exists():
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir(parents=True, mode=0o700)
        built = _build(home, Recipe(scale))
        (home / _FACTS).write_text(json.dumps(asdict(built)), encoding="utf-8")
    return home, Built(**json.loads((home / _FACTS).read_text(encoding="utf-8")))


def _shape() -> str:
    """Changes with the tables and with the recipe, so that a home of another shape is not used."""
    return hashlib.sha256(repr((VERSION, schema.MAIN, schema.PRIVATE)).encode()).hexdigest()[:8]


def copy(home: Path, to: Path) -> Path:
    """The same home elsewhere, to be worked on and thrown away."""
    return Path(shutil.copytree(home, to, ignore=shutil.ignore_patterns(_FACTS, "run", "logs")))


def _build(home: Path, recipe: Recipe) -> Built:
    vault, texts, plan = Vault(home, KEY), Texts.seeded(), Plan(recipe, random.Random(5))
    writer = MirrorWriter(vault, now_ms=lambda: NOW_MS)
    fill_people(writer, recipe)
    writer.close()
    content_s = _timed("threads and posts", lambda: fill_content(vault, recipe, plan, texts))
    writer = MirrorWriter(vault, now_ms=lambda: NOW_MS)
    items_s = _timed("items", lambda: fill_items(writer, recipe, _threads_of(recipe), texts))
    writer.close()
    index_s = _timed("full text", lambda: fill_index(vault))
    _check(vault, recipe)
    size = sum(store.path(home).stat().st_size for store in (StoreFile.MIRROR, StoreFile.PRIVATE))
    return Built(
        recipe.pending + recipe.decided, recipe.posts, len(plan.threads), size, content_s, items_s, index_s
    )  # fmt: skip


def _threads_of(recipe: Recipe) -> dict[int, Planned]:
    """Threads of the reported places: the plan is drawn again, because it tells them only while it is drawn."""
    wanted = set(reported_places(recipe))
    return {place: thread for place, thread in Plan(recipe, random.Random(5)).posts() if place in wanted}


def _timed(what: str, work: Callable[[], object]) -> float:
    print(f"  filling: {what} ...", file=sys.stderr, flush=True)
    started = time.perf_counter()
    work()
    return round(time.perf_counter() - started, 2)


def _check(vault: Vault, recipe: Recipe) -> None:
    """The counts of the finished mirror are what the recipe says, and nothing waits for the index."""
    reader = MirrorReader(vault)
    try:
        waiting = reader.counts(QueueQuery()).open
        if waiting < recipe.pending * 0.97 or reader.index_lag():
            raise RuntimeError(f"the home came out wrong: {waiting} pending items, {reader.index_lag()} unindexed")
    finally:
        reader.close()
