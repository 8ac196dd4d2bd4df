"""Which posts of a plan are reported, by whom and why, and what was decided."""

import random
from itertools import accumulate

from sync.sandbox.content import people
from sync.sandbox.content.plan import PlannedPost, PlannedThread
from sync.sandbox.content.size import Size
from sync.sandbox.content.words import Table, Words, load
from sync.sandbox.state.records import GLOBAL_MODERATORS, Report
from sync.sandbox.state.store import State

_MINUTE = 60_000
_HOUR = 60 * _MINUTE


class Reviews:
    """Adds troublesome posts with reports to a plan."""

    def __init__(self, state: State, chance: random.Random, size: Size) -> None:
        self._chance, self._size = chance, size
        self._now = state.clock.now()
        trouble = load("trouble")
        self._words = Words(chance, trouble["fill"])
        self._kinds: list[Table] = trouble["kinds"]
        self._shares = list(accumulate(kind["share"] for kind in self._kinds))
        self._authors = {language: [m.id for m in people.without_office(state, language)] for language in ("en", "ja")}
        self._moderators = list(state.tables.groups[GLOBAL_MODERATORS].members)
        self._watcher = state.by_name("quillwatch").id

    def add(self, threads: list[PlannedThread]) -> None:
        """Report enough posts that the wanted number of items is open and of the past."""
        places = [t for t in threads if self._is_open_to_trouble(t)]
        reported = [post for thread in threads for post in thread.posts if post.reports]
        for _ in range(max(0, self._size.reports - len(reported))):
            self._trouble(places, decided=False)
        for _ in range(self._size.decided):
            self._trouble(places, decided=True)

    def _is_open_to_trouble(self, thread: PlannedThread) -> bool:
        closed = load("forums")["forums"][thread.forum - 1].get("close")
        return not closed and thread.at < self._now - 5 * _HOUR

    def _trouble(self, places: list[PlannedThread], decided: bool) -> None:
        chance = self._chance
        thread = chance.choice(places)
        kind = chance.choices(self._kinds, cum_weights=self._shares)[0]
        japanese = thread.language == "ja"
        text = self._words.pick(kind["ja" if japanese else "posts"])
        at = max(thread.at + _MINUTE, self._now - self._age(decided))
        post = PlannedPost(at, chance.choice(self._authors[thread.language]), text, thread)
        post.reports = self._reports(post, kind, thread.language)
        if decided:
            post.state = chance.choice(("resolved", "resolved", "dismissed"))
        elif chance.random() < 0.05:
            post.state = "in_progress"
        if post.state != "open" and chance.random() < 0.6:
            post.assignee = str(chance.choice(self._moderators))
        thread.posts.append(post)

    def _age(self, decided: bool) -> int:
        """Open ones are mostly of the last day, past ones of the last weeks."""
        if decided:
            return int(self._chance.uniform(1.2, 25) * 24 * _HOUR)
        return int((3.3 + self._chance.expovariate(1 / 12)) * _HOUR)

    def _reports(self, post: PlannedPost, kind: Table, language: str) -> tuple[Report, ...]:
        chance = self._chance
        reasons = kind["reasons_ja" if language == "ja" else "reasons"]
        several = chance.choices((1, 2, 3, 5), (70, 19, 8, 3))[0]
        at = min(self._now - 2 * _MINUTE, post.at + int(chance.expovariate(1 / 20) * _MINUTE) + _MINUTE)
        filed: dict[int, Report] = {}
        while len(filed) < several:
            reason = chance.choice(reasons)
            automatic = reason.startswith(("contact data", "known spam"))
            by = self._watcher if automatic else chance.choice(self._authors[language])
            if by != post.by and by not in filed:
                filed[by] = Report(by, reason, at)
                at = min(self._now - _MINUTE, at + int(chance.expovariate(1 / 15) * _MINUTE) + 1)
            elif automatic:
                several -= 1
        return tuple(sorted(filed.values(), key=lambda report: report.at))
