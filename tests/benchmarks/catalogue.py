"""All benchmarks by name, in the order in which they are run and printed."""

from dataclasses import dataclass

from tests.benchmarks.coverage import bench_coverage
from tests.benchmarks.decoding import bench_decoding
from tests.benchmarks.filling.home import large_home
from tests.benchmarks.following import bench_following
from tests.benchmarks.journal import bench_journal
from tests.benchmarks.measures import Bench, Measure, Setting
from tests.benchmarks.pulling import bench_discourse_poll, bench_poll, bench_sync
from tests.benchmarks.reading import bench_filter, bench_index, bench_search
from tests.benchmarks.window import bench_discourse_keys, bench_keys, bench_memory, bench_start


@dataclass(frozen=True, slots=True)
class Entry:
    """A benchmark; ``large``: it needs the large home."""

    run: Bench
    large: bool = True


def bench_fill(setting: Setting) -> list[Measure]:
    """What building the large home took."""
    _, built = large_home(setting.scale)
    posts, items = f"{built.posts:,} posts in {built.threads:,} threads", f"{built.items:,} items"
    return [
        Measure("fill", "size on disk", round(built.bytes / 1e9, 2), "GB", note=f"{posts}, {items}"),
        Measure("fill", "threads and posts, bulk", built.content_s, "s", note=posts),
        Measure("fill", "full text, bulk", built.index_s, "s", note=posts),
        Measure("fill", "items, through the mirror's writer", built.items_s, "s", note=items),
    ]


BENCHES: dict[str, Entry] = {
    "fill": Entry(bench_fill),
    "keys": Entry(bench_keys),
    "filter": Entry(bench_filter),
    "index": Entry(bench_index),
    "search": Entry(bench_search),
    "start": Entry(bench_start),
    "memory": Entry(bench_memory),
    "sync": Entry(bench_sync, large=False),
    "poll": Entry(bench_poll, large=False),
    "decoding": Entry(bench_decoding, large=False),
    "discourse_poll": Entry(bench_discourse_poll, large=False),
    "discourse_keys": Entry(bench_discourse_keys),
    "journal": Entry(bench_journal, large=False),
    "coverage": Entry(bench_coverage, large=False),
    "following": Entry(bench_following, large=False),
}
