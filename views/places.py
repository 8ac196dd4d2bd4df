"""Where one can be: the lists of the sidebar, the filter on them, and the query that they stand for."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from moderation.ids import Kind
from moderation.items import PENDING_STATES, ItemState
from moderation.ports import CommunityRow, CommunityStatus
from moderation.queries import QueueCounts, QueueQuery
from views.communities import Badge, badges, title
from views.sidebar.model import DO, Entry
from views.words import Words

ALL, MINE, HELD, LATER, OUTBOX = "queue:all", "queue:mine", "queue:held", "queue:later", "outbox"
EXPOSED = "queue:exposed"
CASES = "cases"
FOLLOWING = "following"
COVERAGE = "coverage"
_STATES = {HELD: (ItemState.HELD,), LATER: (ItemState.LATER,)}
_TITLES = {
    MINE: "place_mine",
    HELD: "place_held",
    LATER: "place_later",
    EXPOSED: "place_exposed",
    OUTBOX: "place_outbox",
    CASES: "place_cases",
    FOLLOWING: "place_following",
    COVERAGE: "place_coverage",
}
COMMUNITY = "community:"


@dataclass(frozen=True, slots=True)
class Filter:
    """What the person narrowed the list down to, beside the place itself."""

    text: str = ""
    forums: tuple[str, ...] = ()
    kind: Kind | None = None

    @property
    def empty(self) -> bool:
        """True when nothing is filtered."""
        return not self.text and not self.forums and self.kind is None

    def said(self, words: Words) -> str:
        """The filter in words."""
        parts = [words.say("filter_text", text=self.text)] if self.text else []
        if self.forums:
            parts.append(words.count("filter_forums", len(self.forums)))
        if self.kind is not None:
            parts.append(words.say("filter_held" if self.kind is Kind.HELD else "filter_reports"))
        return words.say("list_comma").join(parts)


@dataclass(frozen=True, slots=True)
class Where:
    """A place, the community it is limited to (all without one), and the filter."""

    place: str = ALL
    community: str = ""
    filter: Filter = Filter()

    def query(self, me: frozenset[str]) -> QueueQuery:
        """The query behind the list; nothing is ``mine`` while nobody is known."""
        found = QueueQuery(
            states=_STATES.get(self.place, PENDING_STATES),
            communities=(self.community,) if self.community else (),
            assignees=tuple(sorted(me)) or ("",) if self.place == MINE else (),
            exposed=self.place == EXPOSED,
        )
        if self.filter.empty:
            return found
        kinds = (self.filter.kind,) if self.filter.kind is not None else ()
        return replace(found, text=self.filter.text, forums=self.filter.forums, kinds=kinds)

    def title(self, words: Words) -> str:
        """Name of the list."""
        return words.say(_TITLES.get(self.place, "place_all"))


def entries(where: Where, counts: QueueCounts, outbox: int, words: Words, cases: int = 0, gaps: int = 0) -> list[Entry]:
    """The upper part of the sidebar; ``gaps``: forums that nobody covers."""

    def place(name: str, icon: str, label: str, count: int) -> Entry:
        return Entry(name, words.say(label), icon, words.number(count), current=where.place == name)

    return [
        Entry(label=words.say("heading_queue")),
        place(ALL, "inbox", "place_all", counts.open),
        place(MINE, "user-circle", "place_mine", counts.mine),
        place(HELD, "clock-pause", "place_held", counts.held),
        place(LATER, "clock", "place_later", counts.later),
        place(EXPOSED, "alert-triangle", "place_exposed", counts.exposed),
        Entry(label=words.say("heading_work")),
        place(CASES, "users", "place_cases", cases),
        place(OUTBOX, "send", "place_outbox", outbox),
        Entry(label=words.say("heading_team")),
        Entry(
            FOLLOWING,
            words.say("place_following"),
            "grid-dots",
            words.count("following_gaps", gaps) if gaps else "",
            current=where.place == FOLLOWING,
            warns=gaps > 0,
        ),
        Entry(COVERAGE, words.say("place_coverage"), "chart-histogram", current=where.place == COVERAGE),
    ]


def community_entries(
    where: Where,
    communities: Sequence[CommunityRow],
    statuses: Sequence[CommunityStatus],
    counts: QueueCounts,
    words: Words,
    *,
    adds: bool = False,
) -> list[Entry]:
    """The lower part: each community with its state and count; with ``adds`` what signs in again, and in anew."""
    if not communities and not adds:
        return []
    states = {status.community: status.state for status in statuses}
    made = [Entry(label=words.say("heading_communities"))]
    marks = badges(communities)
    for row in communities:
        count = counts.by_community.get(row.name, 0)
        badge = marks.get(row.name, Badge())
        made.append(
            Entry(
                f"{COMMUNITY}{row.name}",
                title(row),
                count=words.number(count),
                dot=states.get(row.name, "unknown"),
                current=where.community == row.name and len(communities) > 1,
                mark=badge.letter,
                tip=badge.name,
            )
        )
        if adds and states.get(row.name) == "sign_in":
            again = words.say("connect_sidebar_again")
            made.append(Entry(f"{DO}sign_in:{row.name}", again, "key", grave=True))
    if adds:
        made.append(Entry(f"{DO}add_community", words.say("connect_sidebar_add"), "plus"))
    return made


def community_title(where: Where, communities: Sequence[CommunityRow], words: Words) -> str:
    """What stands at the top left: the one community, or all."""
    chosen = [row for row in communities if not where.community or row.name == where.community]
    if len(chosen) == 1:
        return title(chosen[0])
    return words.say("all_communities") if communities else "Marquee"


def person(where: Where, communities: Sequence[CommunityRow], words: Words) -> tuple[str, str]:
    """Name and role of who sits at the desk."""
    row = next((row for row in communities if not where.community or row.name == where.community), None)
    if row is None:
        return "", ""
    for role in ("administrator", "moderator", "forum_moderator"):
        if role in row.identity.roles:
            return row.identity.name, words.say(f"role_{role}")
    return row.identity.name, words.say("role_member")
