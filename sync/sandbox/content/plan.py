"""What is said where and when, before ids are given: a plan of threads and posts in the order of time."""

import random
from bisect import bisect_left
from dataclasses import dataclass, field
from itertools import accumulate

from sync.sandbox.content import office, people
from sync.sandbox.content.size import Size
from sync.sandbox.content.words import Table, Words, load
from sync.sandbox.state.records import Report
from sync.sandbox.state.store import State

_HOUR = 3_600_000
_DAY = 24 * _HOUR


@dataclass(slots=True)
class PlannedPost:
    """A post to come. `reports` are newest last; `state` is that of the item about it."""

    at: int
    by: int
    text: str
    thread: "PlannedThread"
    answers: bool = False
    before: str = ""
    edited: int = 0
    reports: tuple[Report, ...] = ()
    state: str = "open"
    assignee: str | None = None


@dataclass(slots=True)
class PlannedThread:
    """A thread to come; its first post opens it."""

    at: int
    by: int
    forum: int
    title: str
    language: str
    views: int = 0
    id: int = 0
    posts: list[PlannedPost] = field(default_factory=list)


class Planner:
    """Invents threads and posts for one community."""

    def __init__(self, state: State, chance: random.Random, size: Size) -> None:
        self._state, self._chance, self._size = state, chance, size
        self._now = state.clock.now()
        texts = load("threads")
        self._texts = texts
        self._words = Words(chance, texts["fill"])
        self._rows: list[Table] = load("forums")["forums"]
        self._customers = {language: [m.id for m in people.customers(state, language)] for language in ("en", "ja")}
        self._staff = {language: people.staff(state, language) for language in ("en", "ja")}
        self.threads: list[PlannedThread] = []

    def plan(self) -> list[PlannedThread]:
        """All threads with their posts, hand-written scenes included where they are wanted."""
        if self._size.scenes:
            self._scenes()
        by_hand = len(self.threads)
        while len(self.threads) < self._size.threads:
            self.threads.append(self._thread())
        invented = self.threads[by_hand:]
        self.threads.sort(key=lambda thread: thread.at)
        self._fill_up()
        if self._size.office:
            self._answer_in_office(invented)
        return self.threads

    def _answer_in_office(self, threads: list[PlannedThread]) -> None:
        """The team answers first where customers ask in public."""
        public = [one for one in threads if not self._rows[one.forum - 1].get("close")]
        words = Words(random.Random("office"), self._texts["fill"])  # noqa: S311 - invented content
        for number, post in enumerate(office.answer(public, self._size.office, self._now - 120_000)):
            team = self._staff[post.thread.language]
            topic = self._texts[self._rows[post.thread.forum - 1]["topic"]]
            post.by, post.text = team[number % len(team)], words.pick(topic["staff"])

    def _scenes(self) -> None:
        forums = {forum.name: forum for forum in self._state.tables.forums.values()}
        for scene in load("scenes")["scenes"]:
            forum, posts = forums[scene["forum"]], scene["posts"]
            first = posts[0]
            opened = self._ago(first["ago"])
            thread = PlannedThread(opened, self._uid(first["by"]), forum.id, scene["title"], forum.language)
            thread.views = scene["views"]
            thread.posts = [self._scene_post(thread, post) for post in posts]
            self.threads.append(thread)

    def _scene_post(self, thread: PlannedThread, post: Table) -> PlannedPost:
        planned = PlannedPost(self._ago(post["ago"]), self._uid(post["by"]), post["text"], thread)
        planned.before, planned.edited = post.get("before", ""), self._ago(post["edited"]) if "edited" in post else 0
        planned.reports = tuple(
            Report(self._uid(r["by"]), r["reason"], self._ago(r["ago"])) for r in post.get("reports", ())
        )
        if post.get("assignee"):
            planned.state, planned.assignee = "in_progress", str(self._uid(post["assignee"]))
        return planned

    def _thread(self) -> PlannedThread:
        chance, row = self._chance, self._chance.choices(self._rows, [row["weight"] for row in self._rows])[0]
        forum = self._rows.index(row) + 1
        language = row.get("language", "en")
        topic = self._texts[row["topic"]]
        age = self._size.days * chance.random() ** 1.6 * _DAY
        at = self._now - int(max(age, 40 * 60_000))
        if self._size.office:
            at = office.awake(at, self._now - 40 * 60_000)
        inside = row.get("close") or row.get("opens") == "staff"
        by = chance.choice(self._staff[language] if inside else self._customers[language])
        title, text = self._words.pick_start(topic["starts"])
        thread = PlannedThread(at, by, forum, title, language, chance.randint(5, 900))
        thread.posts.append(PlannedPost(at, by, text, thread))
        return thread

    def _fill_up(self) -> None:
        """Replies until the wanted number of posts; busy threads get more of them."""
        missing = self._size.posts - sum(len(thread.posts) for thread in self.threads)
        open_threads = [t for t in self.threads if t.at < self._now - _HOUR and not t.views > 1000] or self.threads
        weights = list(accumulate(self._chance.paretovariate(1.4) for _ in open_threads))
        for _ in range(max(0, missing)):
            place = bisect_left(weights, self._chance.random() * weights[-1])
            thread = open_threads[place]
            thread.posts.append(self._reply(thread))

    def _reply(self, thread: PlannedThread) -> PlannedPost:
        chance = self._chance
        topic = self._texts[self._rows[thread.forum - 1]["topic"]]
        at = min(self._now - 120_000, thread.at + 60_000 + int(chance.expovariate(1 / 14) * _HOUR))
        inside = bool(self._rows[thread.forum - 1].get("close"))
        roll = chance.random()
        if inside or roll < 0.2:
            return PlannedPost(
                at, chance.choice(self._staff[thread.language]), self._words.pick(topic["staff"]), thread
            )
        if roll < 0.32:
            return PlannedPost(at, thread.by, self._words.pick(topic["thanks"]), thread)
        by = chance.choice(self._customers[thread.language])
        return PlannedPost(at, by, self._words.pick(topic["answer"]), thread, answers=chance.random() < 0.3)

    def _ago(self, minutes: float) -> int:
        return self._now - int(minutes * 60_000)

    def _uid(self, name: str) -> int:
        return self._state.by_name(name).id
