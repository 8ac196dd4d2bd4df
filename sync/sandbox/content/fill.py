"""Fills an empty community: people, forums, threads, posts, items, held posts, notices."""

import gc
import random

from sync.sandbox.content import people
from sync.sandbox.content.plan import PlannedPost, PlannedThread, Planner
from sync.sandbox.content.reviews import Reviews
from sync.sandbox.content.size import Size
from sync.sandbox.content.words import Table, load
from sync.sandbox.state import items, notices
from sync.sandbox.state.ordered import OrderedIds
from sync.sandbox.state.records import Entry, Held, Item, Note, Post, Report, Revision, Thread
from sync.sandbox.state.store import State, slug_of

_MINUTE = 60_000
_NOTES = ("Second report this week", "Author told by message", "本人に連絡済み", "Checked with legal, may stay")


def fill(state: State, seed: int, size: Size) -> None:
    """The whole community; the same for the same seed, size and time of the clock."""
    collecting = gc.isenabled()
    gc.disable()  # millions of records are made and none thrown away: looking for garbage takes a third of the time
    try:
        _fill(state, seed, size)
    finally:
        if collecting:
            gc.enable()


def _fill(state: State, seed: int, size: Size) -> None:
    chance = random.Random(seed)  # noqa: S311 - invented content
    people.add_groups(state)
    people.add_people(state, chance, size.members)
    people.add_forums(state)
    people.give_roles(state)
    planned = Planner(state, chance, size).plan()
    Reviews(state, chance, size).add(planned)
    _store_threads(state, planned)
    posts = _store_posts(state, planned)
    _finish_threads(state, chance, planned)
    _store_items(state, chance, posts)
    _report_members(state, chance)
    _hold(state, chance, size.held)
    _notify(state)
    state.effects.clear()


def _store_threads(state: State, planned: list[PlannedThread]) -> None:
    for thread in planned:
        thread.posts.sort(key=lambda post: post.at)
        thread.id = ident = state.number("thread")
        slug = f"{ident}/{slug_of(thread.title) or 'topic'}"
        stored = Thread(ident, thread.forum, thread.by, thread.title, slug, thread.at, thread.at, [])
        stored.views = thread.views
        state.tables.threads[ident] = stored
        state.member(thread.by).threads += 1


def _store_posts(state: State, planned: list[PlannedThread]) -> list[tuple[int, PlannedPost]]:
    """Ids rise with time across all threads. Gives the reported ones with their ids."""
    tables = state.tables
    ordered = sorted((post for thread in planned for post in thread.posts), key=lambda post: post.at)
    reported: list[tuple[int, PlannedPost]] = []
    for planned_post in ordered:
        thread = tables.threads[planned_post.thread.id]
        ident = state.number("post")
        reply_to = thread.posts[-1] if planned_post.answers and thread.posts else 0
        text = planned_post.text
        if reply_to and ident % 3 == 0:
            text = f"{quoted(tables.posts[reply_to].text)}\n\n{text}"
        post = Post(ident, thread.id, planned_post.by, planned_post.at, text, reply_to)
        if planned_post.edited:
            _edit(post, planned_post)
        if reply_to:
            parent = tables.posts[reply_to]
            parent.answers = (*parent.answers, ident)
        tables.posts[ident] = post
        thread.posts.append(ident)
        _count(state, post)
        if planned_post.reports:
            reported.append((ident, planned_post))
    tables.recent_posts = OrderedIds((post.at, post.id) for post in tables.posts.values())
    return reported


def quoted(text: str) -> str:
    """The first lines as a quote; what was a quote already becomes one level deeper."""
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n")[:6])


def _edit(post: Post, planned: PlannedPost) -> None:
    post.edited_at, post.edited_by = planned.edited, planned.by
    post.revisions = (Revision(planned.edited, planned.by, planned.before, None),)


def _count(state: State, post: Post) -> None:
    author = state.tables.members[post.author]
    author.posts += 1
    author.last_post = max(author.last_post, post.at)
    author.last_online = max(author.last_online, post.at)
    state.tables.forums[state.tables.threads[post.thread].forum].posts += 1


def _finish_threads(state: State, chance: random.Random, planned: list[PlannedThread]) -> None:
    tables = state.tables
    for thread in tables.threads.values():
        thread.last_at = max(tables.posts[ident].at for ident in thread.posts)
        thread.followers = frozenset(tables.posts[ident].author for ident in thread.posts[:3])
        for ident in chance.sample(thread.posts, min(2, len(thread.posts))):
            tables.posts[ident].up = chance.randint(0, 6)
    tables.recent_threads = OrderedIds((thread.last_at, thread.id) for thread in tables.threads.values())
    for forum in tables.forums.values():
        own = [thread for thread in tables.threads.values() if thread.forum == forum.id]
        forum.created = OrderedIds((thread.at, thread.id) for thread in own)
        forum.recent = OrderedIds((thread.last_at, thread.id) for thread in own)


def _store_items(state: State, chance: random.Random, reported: list[tuple[int, PlannedPost]]) -> None:
    reported.sort(key=lambda pair: pair[1].reports[0].at)
    handlers = [m for m in state.tables.members.values() if "Global Moderators" in m.groups]
    for ident, planned in reported:
        post = state.tables.posts[ident]
        first = planned.reports[0]
        forum = state.tables.threads[post.thread].forum
        item = Item(state.number("item"), "post", ident, post.author, forum, first.at, planned.state, first.at)
        history: tuple[Entry, ...] = (Entry(first.by, first.at, {"state": "open"}),)
        for further in planned.reports[1:]:
            history = (Entry(further.by, further.at, {"report": "added"}), *history)
            item.mark = "added"
        if planned.state != "open":
            history = (_decide(state, chance, item, planned, chance.choice(handlers).id), *history)
        items.adopt(state, item, planned.reports, history)
        state.tables.members[post.author].reported += 1
        _maybe_note(state, chance, item)
        if planned.state == "resolved" and chance.random() < 0.5:
            post.hidden, post.hidden_by = True, item.history[0].by


def _decide(state: State, chance: random.Random, item: Item, planned: PlannedPost, by: int) -> Entry:
    last = planned.reports[-1].at
    at = min(state.clock.now() - _MINUTE, last + int(chance.expovariate(1 / 90) * _MINUTE) + 1)
    item.entered = at
    changes: dict[str, str | None] = {"state": planned.state}
    if planned.assignee:
        item.assignee = planned.assignee
        changes["assignee"] = planned.assignee
        by = int(planned.assignee)
    return Entry(by, at, changes)


def _maybe_note(state: State, chance: random.Random, item: Item) -> None:
    if item.state == "open" or chance.random() > 0.2:
        return
    by, at = item.history[0].by, item.history[0].at + 30_000
    item.notes = (Note(by, chance.choice(_NOTES), at),)
    item.history = (Entry(by, at, {"notes": None}), *item.history)


def _report_members(state: State, chance: random.Random) -> None:
    """Two accounts are under review themselves; a banned one has a past."""
    reporter = state.by_name("liesel_underbough").id
    at = state.clock.now() - 7 * 60 * _MINUTE
    for name, reason in (("ysolde-marsh", "Only posts advertising"), ("corvin_brackwater", "Insults in every thread")):
        target = state.by_name(name).id
        item = Item(state.number("item"), "user", target, target, 0, at, "resolved", at + 40 * _MINUTE)
        by = state.by_name("dagny_pell").id
        item.assignee = str(by)
        closed = Entry(by, item.entered, {"state": "resolved", "assignee": item.assignee})
        opened = Entry(reporter, at, {"state": "open"})
        items.adopt(state, item, (Report(reporter, reason, at),), (closed, opened))
        at += 55 * _MINUTE


def _hold(state: State, chance: random.Random, count: int) -> None:
    rows: list[Table] = load("held")["held"]
    forums = {forum.name: forum for forum in state.tables.forums.values()}
    at = state.clock.now() - 9 * 60 * _MINUTE
    for n in range(count):
        row = rows[n % len(rows)]
        at += int(chance.uniform(0.5, 1.5) * 9 * 60 * _MINUTE / (count + 1))
        at = min(at, state.clock.now() - _MINUTE)
        forum, title = forums[row["forum"]], row.get("title", "")
        thread = 0 if title else chance.choice(forum.recent.newest(0, 12))
        kind = "topic" if title else "reply"
        ident = f"{kind}-{at + n}"
        author = state.by_name(row["by"]).id
        state.tables.held[ident] = Held(ident, author, forum.id, thread, at, title, row["text"])


def _notify(state: State) -> None:
    """The newest reports and all held posts, as moderators would find them."""
    for ident in reversed(state.tables.items_by_time.newest(0, 40)):
        item = state.tables.items[ident]
        newest = max(item.reports, key=lambda report: report.at)
        notices.new_report(state, item, newest.by, newest.at)
    for held in state.tables.held.values():
        notices.waiting(state, held)
