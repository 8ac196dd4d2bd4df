"""What the Coverage screen reads, off the window's thread."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from moderation.content import Forum
from moderation.coverage.doors import Asked, Door, asked
from moderation.coverage.overview import TREND_WEEKS, Overview
from moderation.desk import Desk
from moderation.desk.coverage import Seen
from moderation.ids import Kind, Ref
from moderation.ports import CommunityRow
from views.communities import in_order

DAYS = (7, 30, 90, 365)


@dataclass(frozen=True, slots=True)
class Choice:
    """What is looked at: a community (empty: the first), one of its forums (an id; empty: all), so many days back, and
    whether times are working time.
    """

    community: str = ""
    forum: str = ""
    days: int = 30
    working: bool = False


@dataclass(frozen=True)
class Shown:
    """What was read for a choice. Without ``seen`` there is no community; without ``view`` nobody has confirmed the
    staff. ``forums`` are those of all communities that can be chosen.
    """

    choice: Choice
    communities: Sequence[CommunityRow] = ()
    forums: Sequence[Forum] = ()
    seen: Seen | None = None
    view: Overview | None = None


@dataclass(frozen=True, slots=True)
class Head:
    """What is known of a thread here: empty where it is not kept any more."""

    title: str = ""
    url: str = ""


def read_coverage(desk: Desk, choice: Choice) -> Shown:
    """Figures and everything beside them."""
    rows = in_order(desk.communities())
    named = {row.name for row in rows}
    if not rows:
        return Shown(choice)
    community = choice.community if choice.community in named else rows[0].name
    forums = [one for row in rows for one in desk.mirror.forums(row.name) if one.private is False and not one.elsewhere]
    only = [one.id for one in forums if str(one.id) == choice.forum and one.id.community == community]
    since = desk.clock.now() - timedelta(days=choice.days)
    seen = desk.coverage.see(community, since, forums=only, compare=True, weeks=TREND_WEEKS)
    chosen = Choice(community, str(only[0]) if only else "", choice.days, choice.working)
    return Shown(chosen, rows, forums, seen, seen.view(working=choice.working) if seen.confirmed else None)


def read_rows(desk: Desk, seen: Seen, door: Door) -> list[Asked]:
    """The threads behind a number, of the figures that are shown."""
    del desk
    return asked(seen.spans, door)


def read_heads(desk: Desk, community: str, threads: Sequence[str]) -> dict[str, Head]:
    """Titles and addresses of threads (native ids)."""
    found = {}
    for native in threads:
        thread = desk.mirror.thread(Ref(community, Kind.THREAD, native))
        found[native] = Head(thread.title, thread.url or "") if thread is not None else Head()
    return found
