"""The community's own life for a demo: members report and reply, newcomers are held, a colleague decides."""

import random
import threading
from collections.abc import Callable

from sync.sandbox.community import SampleCommunity
from sync.sandbox.content import people
from sync.sandbox.content.words import Table, Words, load
from sync.sandbox.state import items, notices, posting
from sync.sandbox.state.records import Held, Member, Thread
from sync.sandbox.state.refusal import Refused

_COLLEAGUE = "dagny_pell"


class Life:
    """Seeded events, one at a time: by `step()` in a test, by a thread of its own in a demo."""

    def __init__(self, community: SampleCommunity, seed: int = 7, mean_seconds: float = 6.0) -> None:
        self._community = community
        self._state = community.state
        self._chance = random.Random(f"life {seed}")  # noqa: S311 - invented events
        self._mean = mean_seconds
        self._texts, self._trouble = load("threads"), load("trouble")
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Let events come by themselves until `stop()`."""
        self._stop.clear()
        self._thread = threading.Thread(target=self._run, name="sample life", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """No further events."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(5)

    def step(self) -> str:
        """One event; gives its kind: `reply`, `report`, `decide`, `hold` or `nothing`."""
        kinds: list[Callable[[], str]] = [self._reply, self._report, self._decide, self._hold]
        with self._state.lock:
            happen = self._chance.choices(kinds, (45, 35, 14, 6))[0]
            try:
                return happen()
            except Refused:
                return "nothing"

    def _run(self) -> None:
        while not self._stop.wait(max(0.5, self._chance.expovariate(1 / self._mean))):
            self.step()

    def _reply(self) -> str:
        thread = self._busy_thread()
        topic = self._topic(thread)
        text = Words(self._chance, self._texts["fill"]).pick(topic["answer"])
        post = posting.add_post(self._state, self._customer(thread).id, thread, text, self._state.clock.tick())
        self._state.effect(post.author, "reply", f"thread:{thread.id}", post=post.id)
        notices.new_reply(self._state, thread, post)
        return "reply"

    def _report(self) -> str:
        """Somebody writes what will be reported, and somebody else reports it."""
        thread = self._busy_thread()
        kind: Table = self._chance.choice(self._trouble["kinds"])
        japanese = self._language(thread) == "ja"
        text = Words(self._chance, self._trouble["fill"]).pick(kind["ja" if japanese else "posts"])
        post = posting.add_post(self._state, self._customer(thread).id, thread, text, self._state.clock.tick())
        self._state.effect(post.author, "reply", f"thread:{thread.id}", post=post.id)
        reason = self._chance.choice(kind["reasons_ja" if japanese else "reasons"])
        items.report(self._state, self._customer(thread, but=post.author).id, "post", post.id, reason, limited=False)
        return "report"

    def _decide(self) -> str:
        """The colleague takes an open item, or finishes one of hers."""
        by = self._community.uid(_COLLEAGUE)
        waiting = self._state.tables.items_by_state.get("open")
        if waiting is None or len(waiting) == 0:
            return "nothing"
        ident = self._chance.choice(waiting.newest(0, 30))
        new = self._chance.choice(("in_progress", "resolved", "dismissed"))
        items.change(self._state, by, self._state.item(ident), new, str(by))
        return "decide"

    def _hold(self) -> str:
        row = self._chance.choice(load("held")["held"])
        member = self._state.by_name(row["by"])
        forums = {forum.name: forum for forum in self._state.tables.forums.values()}
        forum = forums[row["forum"]]
        now = self._state.clock.tick()
        title = row.get("title", "")
        thread = 0 if title else self._chance.choice(forum.recent.newest(0, 10))
        held = Held(f"{'reply' if thread else 'topic'}-{now}", member.id, forum.id, thread, now, title, row["text"])
        self._state.tables.held[held.id] = held
        self._state.effect(member.id, "hold", f"held:{held.id}", thread=thread, forum=forum.id)
        notices.waiting(self._state, held)
        return "hold"

    def _busy_thread(self) -> Thread:
        tables = self._state.tables
        rows = load("forums")["forums"]
        recent = [tables.threads[i] for i in tables.recent_threads.newest(0, 60)]
        public = [t for t in recent if not (t.hidden or t.locked or self._row(t, rows).get("close"))]
        return self._chance.choice(public)

    def _customer(self, thread: Thread, but: int = 0) -> Member:
        known = people.without_office(self._state, self._language(thread))
        return self._chance.choice([m for m in known if m.id != but and m.banned_until is None])

    def _topic(self, thread: Thread) -> Table:
        topic: Table = self._texts[self._row(thread, load("forums")["forums"]).get("topic", "router")]
        return topic

    def _language(self, thread: Thread) -> str:
        return self._state.tables.forums[thread.forum].language

    @staticmethod
    def _row(thread: Thread, rows: list[Table]) -> Table:
        return rows[thread.forum - 1] if thread.forum <= len(rows) else {"close": True}
