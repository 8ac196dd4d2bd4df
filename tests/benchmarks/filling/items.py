"""Items of the large home: every few posts one is reported; in chunks through the mirror's own writer."""

import random
from collections.abc import Iterator
from datetime import timedelta

from moderation.ids import Kind, Ref
from moderation.items import Change, HistoryEntry, Item, ItemState, Note, Report
from moderation.records import Batch, Records
from sync.mirror import MirrorWriter
from sync.mirror.codec import sure_moment
from tests.benchmarks.filling.content import author_of
from tests.benchmarks.filling.people import STAFF, member_name, ref
from tests.benchmarks.filling.recipe import FIRST_POST, FIRST_THREAD, HERE, NOW_MS, Recipe
from tests.benchmarks.filling.texts import Texts
from tests.benchmarks.filling.threads import Planned

_AT_ONCE = 5_000
_REASONS = (
    "Spam", "Offensive language", "Off topic", "Duplicate", "スパム", "失礼な表現", "Phone number in the open",
    "This looks like a scam to me", "宣伝だと思います", "Low effort", "Wrong forum", "Insults another member",
)  # fmt: skip
_GRAVE = ("自傷をほのめかしています", "Threat of violence", "Password posted in public")
_ACTIONS = ("resolve", "dismiss", "take", "hide", "lock", "ban", "mute")
_STATES = ((0.86, ItemState.OPEN), (0.98, ItemState.IN_PROGRESS), (1.0, ItemState.HELD))


def fill_items(writer: MirrorWriter, recipe: Recipe, threads: dict[int, Planned], texts: Texts) -> None:
    """All items; ``threads`` gives the thread of each reported place, see :func:`reported_places`."""
    chance = random.Random(23)
    waiting: list[Item] = []
    for number, place in enumerate(reported_places(recipe)):
        waiting.append(_item(chance, recipe, number, place, threads[place], texts))
        if len(waiting) == _AT_ONCE:
            _apply(writer, waiting)
            waiting = []
    _apply(writer, waiting)


def reported_places(recipe: Recipe) -> Iterator[int]:
    """Places of the posts that were reported, in the order of time."""
    count = recipe.pending + recipe.decided
    return (number * recipe.posts // count for number in range(count))


def _apply(writer: MirrorWriter, items: list[Item]) -> None:
    writer.apply(Batch((Records(writer.next_seq(), items=tuple(items)),), {}), HERE)


def _state(chance: random.Random, number: int) -> ItemState:
    if number % 11 == 5:
        return chance.choice((ItemState.RESOLVED, ItemState.DISMISSED))
    roll = chance.random()
    return next(state for limit, state in _STATES if roll < limit)


def _item(chance: random.Random, recipe: Recipe, number: int, place: int, thread: Planned, texts: Texts) -> Item:
    state = _state(chance, number)
    kind = Kind.HELD if state is ItemState.HELD else Kind.FLAG
    created = min(recipe.post_ms(place) + 1_800_000 + number % 1_000, NOW_MS)
    reports = _reports(chance, created) if kind is Kind.FLAG else ()
    author = author_of(place, thread, recipe)
    taken = ref(Kind.MEMBER, STAFF + number % 12) if state is ItemState.IN_PROGRESS else None
    return Item(
        id=ref(kind, number + 1),
        state=state,
        created_at=sure_moment(created),
        version=f"{created}-{len(reports)}",
        report_count=len(reports),
        forum=ref(Kind.FORUM, thread.forum),
        thread=ref(Kind.THREAD, FIRST_THREAD + thread.number),
        post=ref(Kind.POST, FIRST_POST + place) if kind is Kind.FLAG else None,
        author=ref(Kind.MEMBER, author),
        author_name=member_name(author),
        thread_title=texts.title(thread.number, thread.japanese),
        body_html=texts.html(place, thread.japanese),
        assignee=taken,
        assignee_name=member_name(int(taken.native)) if taken else None,
        detail=True,
        reports=reports,
        notes=_notes(number, created),
        history=_history(reports, taken, created),
        actions=_ACTIONS,
    )


def _reports(chance: random.Random, created: int) -> tuple[Report, ...]:
    texts = _GRAVE if chance.random() < 0.01 else _REASONS
    count = 1 + (chance.random() < 0.3) + (chance.random() < 0.1) * chance.randint(1, 6)
    return tuple(
        Report(chance.choice(texts), *_person(chance.randrange(50)), sure_moment(created) + timedelta(minutes=7 * each))
        for each in range(count)
    )


def _person(number: int) -> tuple[Ref, str]:
    return ref(Kind.MEMBER, number), member_name(number)


def _notes(number: int, created: int) -> tuple[Note, ...]:
    if number % 9:
        return ()
    text = "本人に連絡済み" if number % 2 else "Second report this week"
    return (Note(str(created), *_person(STAFF), sure_moment(created), text),)


def _history(reports: tuple[Report, ...], taken: Ref | None, created: int) -> tuple[HistoryEntry, ...]:
    entries = [
        HistoryEntry(f"report:{place}", report.at or sure_moment(created), report.reporter, report.reporter_name,
                     {Change.REPORT: report.text})
        for place, report in enumerate(reports)
    ]  # fmt: skip
    if taken is not None:
        changes = {Change.STATE: ItemState.IN_PROGRESS.value, Change.ASSIGNEE: str(taken)}
        entries.append(HistoryEntry("taken", sure_moment(created), taken, member_name(int(taken.native)), changes))
    return tuple(entries)
