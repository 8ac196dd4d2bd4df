"""From the bytes of a Discourse's answers to records: processor time a record, without network and store."""

import statistics
import time
from collections.abc import Callable
from typing import Any

import requests

from moderation.intents import Identities
from sync.connector import Account, Urgency
from sync.discourse import endpoints, open_connection
from sync.discourse.context import Context
from sync.discourse.decoders import REVIEW
from sync.discourse.pull.feed import Feed
from sync.discourse.pull.queue import PAGE, ReviewQueue
from sync.discourse.reading import Reader
from sync.http import Answer
from tests.benchmarks.measures import Measure, Setting
from tests.benchmarks.sample import Sample, sample

_PAGES, _ROUNDS = 30, 15
_GOAL = 50.0
"""Microseconds a record: 20,000 records a second on a core."""
_BESIDE = (
    "users", "topics", "reviewable_scores", "score_types", "bundled_actions", "actions", "reviewable_notes",
    "reviewable_histories", "claimed_bies", "reviewable_conversations", "conversation_posts",
)  # fmt: skip


class _Recorded:
    """A client that gives answers which were read before."""

    def __init__(self, place: Sample) -> None:
        self._place = place
        self.answers: dict[str, Answer] = {}

    def record(self, path: str) -> Any:
        """Read once; gives the document."""
        answer = requests.get(self._place.url + path, headers={"User-Api-Key": self._place.token}, timeout=30)
        answer.raise_for_status()
        self.answers[path] = Answer(200, path, 1, answer.content, "application/json; charset=utf-8")
        return answer.json()

    def read(self, path: str, urgency: Urgency) -> Answer:
        """The answer to a path."""
        return self.answers[path]


def bench_decoding(setting: Setting) -> list[Measure]:
    """Pages of the review queue, of the feed of posts, and of threads' heads, as the connector reads them."""
    pages = 3 if setting.quick else _PAGES
    with sample(reports=pages * PAGE * 2, face="discourse") as place:
        client = _Recorded(place)
        context = _context(client)
        queue, feed = ReviewQueue(context), Feed(context)
        offsets = [page * PAGE for page in range(pages)]
        items, beside = _record_queue(client, offsets)
        befores, posts = _record_posts(client, pages)
        heads = sum(len(client.record(endpoints.latest(page, "activity"))["topic_list"]["topics"]) for page in range(5))
        context.rights()
    took = {
        "queue": _took(setting, lambda: [queue._page(offset, Urgency.POLL) for offset in offsets]),
        "posts": _took(setting, lambda: [feed._post_records(feed._page(one, Urgency.POLL)) for one in befores]),
        "heads": _took(setting, lambda: [_heads(feed, page) for page in range(5)]),
    }
    every = items + beside + posts + heads
    whole = sum(took.values()) / every
    return [
        _measure("a record, of all kinds", whole, f"{1e6 / whole:,.0f} records a second; {every:,} records", _GOAL),
        _measure(
            "a record of the review queue", took["queue"] / (items + beside), f"{items + beside:,} records", _GOAL
        ),
        _measure("a post of the feed, with its author", took["posts"] / posts, f"{posts:,} posts", _GOAL),
        _measure("a thread's head, with who opened it", took["heads"] / heads, f"{heads:,} heads", _GOAL),
        _measure(
            "an item under review with everything beside it",
            took["queue"] / items,
            f"{items:,} items, each with {beside / items:.0f} records: actions, bundles, complaints, members, history",
        ),
    ]


def _context(client: _Recorded) -> Context:
    context = open_connection("http://localhost", "sample", Account(Identities.ME, "key"))._context
    context.reader = context.identity._reader = Reader(client)  # type: ignore[arg-type]
    client.record(endpoints.SESSION)
    return context


def _record_queue(client: _Recorded, offsets: list[int]) -> tuple[int, int]:
    """Items, and the records that stand beside them."""
    items = beside = 0
    for offset in offsets:
        path = endpoints.review(offset=offset)
        client.record(path)
        answer = REVIEW.decode(client.answers[path].body)
        items += len(answer.reviewables)
        beside += sum(len(getattr(answer, name)) for name in _BESIDE)
    return items, beside


def _record_posts(client: _Recorded, pages: int) -> tuple[list[str | None], int]:
    befores: list[str | None] = []
    before: str | None = None
    posts = 0
    for _ in range(pages):
        rows = client.record(endpoints.posts_before(before))["latest_posts"]
        if not rows:
            break
        befores.append(before)
        posts += len(rows)
        before = str(min(row["id"] for row in rows))
    return befores, posts


def _heads(feed: Feed, page: int) -> object:
    found = feed.heads(page, Urgency.POLL)
    return feed._head_records(found, found.topics, False)


def _took(setting: Setting, work: Callable[[], object]) -> float:
    """Processor time of one round in microseconds, the median of some."""
    rounds = []
    for _ in range(2 if setting.quick else _ROUNDS):
        started = time.process_time()
        work()
        rounds.append((time.process_time() - started) * 1e6)
    return statistics.median(rounds)


def _measure(name: str, value: float, note: str, goal: float | None = None) -> Measure:
    return Measure("decoding", name, round(value, 1), "µs", goal, note)
