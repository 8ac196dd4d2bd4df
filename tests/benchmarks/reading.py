"""Reading the large mirror as the window does: filter changes, pages, the whole order, search, cancelling."""

import itertools
import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from moderation.errors import StoreError
from moderation.ids import Kind
from moderation.items import ItemState
from moderation.queries import QueueQuery
from sync.mirror import MirrorReader
from sync.vault import Vault
from tests.benchmarks.filling.recipe import FORUMS, HERE, KEY
from tests.benchmarks.filling.texts import Texts
from tests.benchmarks.filling.words import ABSENT_JA, COMMON_EN, COMMON_JA, RARE_EN, RARE_JA, SHORT_JA
from tests.benchmarks.measures import Measure, Setting, milliseconds, quantile, spread

_PAGE = 100


def searches() -> dict[str, tuple[str, ...]]:
    """Searches by kind, as a person would type them; words without a name here are taken from the texts."""
    pool = Texts.seeded().pool
    words = [word.lower().strip(".") for place in range(0, 900, 90) for word in pool.english[place].split()]
    short = next(word for word in words if len(word) == 2)
    longer = [word for word in words if len(word) >= 6]
    phrase = " ".join(pool.english[450].split()[2:5])
    return {
        "English, common word": (COMMON_EN, short, *longer[:2]),
        "English, rare word": (RARE_EN, "#1003457", "#1000123"),
        "English, two words": (f"{COMMON_EN} {longer[2]}", f"{longer[3]} {longer[4]}"),
        "English, phrase": (f'"{phrase}"',),
        "English, made of common pieces, absent": ("cadibefusa", "rangitenbo", "kikopalene"),
        "Japanese, common, two characters": (SHORT_JA, "人", "です"),
        "Japanese, common, longer": (COMMON_JA, "パスワード", "アップデート"),
        "Japanese, rare or absent, two characters": (RARE_JA, ABSENT_JA),
        "Japanese, phrase": (pool.japanese[450][3:12],),
        "Japanese, made of common pieces, absent": ("人中年月電", "機無料回日"),
    }


@contextmanager
def reader_of(setting: Setting) -> Iterator[MirrorReader]:
    """A reader of the large home."""
    reader = MirrorReader(Vault(setting.home, KEY))
    try:
        yield reader
    finally:
        reader.close()


def filters() -> list[QueueQuery]:
    """Filters that the sidebar and the filter box can set, from everything to a handful of rows."""
    member = f"{HERE}:member:"
    forums = [QueueQuery(forums=(f"{HERE}:forum:{number}",)) for number in range(1, FORUMS + 1)]
    states = [QueueQuery(states=(state,)) for state in ItemState if state is not ItemState.GONE]
    return [
        QueueQuery(),
        *forums,
        *states,
        QueueQuery(kinds=(Kind.HELD,)),
        QueueQuery(assignees=(f"{member}7",)),
        QueueQuery(communities=(HERE,), states=(ItemState.OPEN, ItemState.RESOLVED)),
        QueueQuery(forums=(f"{HERE}:forum:2", f"{HERE}:forum:9"), states=(ItemState.OPEN,)),
        QueueQuery(forums=(f"{HERE}:forum:24",), assignees=(f"{member}9", f"{member}11")),
    ]


def bench_filter(setting: Setting) -> list[Measure]:
    """First page and count after a filter change; pages further down."""
    chance = random.Random(1)
    with reader_of(setting) as reader:

        def change(query: QueueQuery) -> None:
            reader.page(query, limit=_PAGE)
            reader.count(query)

        cold = milliseconds(lambda: change(QueueQuery()))
        warm = [milliseconds(lambda: change(chance.choice(filters()))) for _ in range(setting.times(2_000))]
        deeper = _deep_pages(reader, setting.times(1_000))
        counts = [milliseconds(lambda: reader.counts(QueueQuery())) for _ in range(setting.times(200))]
    note = f"{len(filters())} filters by chance, {_PAGE} rows"
    return [
        *spread("filter", "first page and count after a filter change", warm, p99=50, note=note),
        Measure("filter", "first page and count, first read of a process", round(cold, 2), "ms"),
        *spread("filter", "page further down", deeper, note=f"keyset, {_PAGE} rows, at places by chance"),
        *spread("filter", "all numbers of the sidebar", counts),
    ]


def _deep_pages(reader: MirrorReader, times: int) -> list[float]:
    everything = QueueQuery()
    order = reader.index(everything)
    places = [order.keys[place] for place in random.Random(2).choices(range(len(order)), k=times)]
    starts = [reader.rows([key])[0].page_key for key in places]
    return [milliseconds(lambda: reader.page(everything, after=start, limit=_PAGE)) for start in starts]  # noqa: B023


def bench_index(setting: Setting) -> list[Measure]:
    """The whole order of the queue, as the window reads it in the background."""
    with reader_of(setting) as reader:
        order = reader.index(QueueQuery())
        whole = [milliseconds(lambda: reader.index(QueueQuery())) for _ in range(setting.times(1_000) // 100 or 1)]
        two = QueueQuery(forums=(f"{HERE}:forum:2", f"{HERE}:forum:9"))
        part = [milliseconds(lambda: reader.index(two)) for _ in range(setting.times(1_000) // 100 or 1)]
    return [
        Measure("index", "whole id list", round(quantile(whole, 0.5) / 1000, 3), "s", 1.0,
                f"{len(order):,} rows, median of {len(whole)}; worst {max(whole):.0f} ms"),
        Measure("index", "whole id list of two forums", round(quantile(part, 0.5) / 1000, 3), "s", 1.0),
    ]  # fmt: skip


def bench_search(setting: Setting) -> list[Measure]:
    """The full text, unfiltered; then the filters over text, and cancelling."""
    with reader_of(setting) as reader:
        found: list[Measure] = []
        everything: list[float] = []
        for name, texts in searches().items():
            took = _rotating(texts, setting.times(400), reader.search)
            everything += took
            found.append(
                Measure("search", f"search: {name}, p99", round(quantile(took, 0.99), 2), "ms", 50, " · ".join(texts))
            )
        return [
            *spread("search", "unfiltered search, English and Japanese", everything, p99=50),
            *found,
            *_filtered(reader, setting),
            *_cancelled(reader, setting),
        ]


def _rotating(texts: Sequence[str], times: int, look: Callable[[str], object]) -> list[float]:
    return [milliseconds(lambda: look(text)) for text in itertools.islice(itertools.cycle(texts), times)]  # noqa: B023


def _filtered(reader: MirrorReader, setting: Setting) -> list[Measure]:
    """Search in one community, private forums too; the queue's own text filter, which looks at rows one by one."""
    texts = [text for texts in searches().values() for text in texts]
    narrow = _rotating(texts, setting.times(400), lambda text: reader.search(text, communities=(HERE,), private=True))
    often = _rotating(("ca", COMMON_EN, SHORT_JA), setting.times(200), lambda text: _page(reader, text))
    seldom = _rotating((RARE_EN, RARE_JA, "not there"), setting.times(200), lambda text: _page(reader, text))
    count = _rotating((COMMON_EN, SHORT_JA, "not there"), setting.times(200), lambda text: _count(reader, text))
    return [
        Measure("search", "search in one community with its private forums, p99", _p99(narrow), "ms", 300),
        Measure("search", "queue filtered by a common text, first page, p99", _p99(often), "ms", 300),
        Measure("search", "queue filtered by a rare or absent text, first page, p99", _p99(seldom), "ms", 300),
        Measure("search", "queue filtered by a text, count, p99", _p99(count), "ms", 300),
    ]


def _page(reader: MirrorReader, text: str) -> object:
    return reader.page(QueueQuery(text=text), limit=_PAGE)


def _count(reader: MirrorReader, text: str) -> object:
    return reader.count(QueueQuery(text=text))


def _p99(values: Sequence[float]) -> float:
    return round(quantile(values, 0.99), 2)


def _cancelled(reader: MirrorReader, setting: Setting) -> list[Measure]:
    """From asking a running read to stop until it has stopped."""
    took = []
    for _ in range(setting.times(60)):
        waited = _cancel_once(reader)
        if waited is not None:
            took.append(waited)
    if not took:
        return []
    return [Measure("search", "filtered search cancelled, worst", round(max(took), 2), "ms", 300, f"{len(took)} times")]


def _cancel_once(reader: MirrorReader) -> float | None:
    """Milliseconds until a count by text, interrupted on its way, gave up; ``None`` where it was done before."""
    ended: list[float] = []

    def work() -> None:
        try:
            _count(reader, "not there")
        except StoreError as error:
            if error.code != "read_cancelled":
                raise
            ended.append(time.perf_counter())

    thread = threading.Thread(target=work)
    thread.start()
    time.sleep(0.005)
    asked = time.perf_counter()
    reader.interrupt()
    thread.join()
    return (ended[0] - asked) * 1000 if ended else None
