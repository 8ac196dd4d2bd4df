"""Everything the window shows of one item, read and worded in one go off the window's thread."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from moderation.actions import Action
from moderation.content import Forum, Member
from moderation.desk import Desk
from moderation.desk.permissions import PermittedAction
from moderation.desk.triage import ItemContext
from moderation.findings import Audience, audience_of
from moderation.ids import ITEM_KINDS, Kind, Ref
from moderation.items import HistoryEntry, Item
from moderation.ports import CommunityRow
from moderation.privacy.dismissals import Found
from moderation.queries import Level, QueueRow
from moderation.text import neutralise, one_line
from resources.policies import Policy, touched
from views.communities import Badge, badges
from views.item.page import Look, Page, PageWriter, Unfolded, about_member
from views.item.pictures import PictureNow
from views.words import Language, Words

_SHOWN_REPORTS = 3
_SERVER_KEY = re.compile(r"\[\[(?:[\w-]+:)?([\w-]+)\]\]=?")  # a server's own name for a text that it did not translate


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table or the drawer: left (strong where it is a name), middle, right, maybe an icon."""

    left: str
    right: str = ""
    middle: str = ""
    icon: str | None = None
    face: str | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the drawer; ``note`` is a staff note in full."""

    title: str
    lines: tuple[Line, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Why:
    """The table of reports: head line and who reported it. ``more`` reports are not among the lines."""

    head: str
    since: str
    level: str
    reason: str
    lines: tuple[Line, ...]
    more: int


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """An item, ready to be shown. Texts are words of the window's language; ``title`` and names are neutralised.

    ``forum`` is where it stands: its forum, after its community where there are several; ``stranger`` its author where
    only the name is known yet.
    """

    ref: Ref
    version: str
    kind: Kind
    title: str
    forum: str
    audience: Audience | None
    readers: str
    holder: str
    mine: bool
    why: Why
    page: Page
    author: str
    author_since: str
    author_figures: tuple[str, ...]
    drawer: tuple[Section, ...]
    permitted: Mapping[Action, PermittedAction]
    offered: frozenset[str]
    thread: Ref | None
    url: str | None
    report_count: int
    policy: Policy | None
    tells_author: bool
    history: tuple[Line, ...]
    reports: tuple[Line, ...]
    capabilities: frozenset[str]
    has_thread: bool
    body: str | None
    post: Ref | None
    row: QueueRow | None = field(compare=False)
    complete: bool
    around: frozenset[str]
    stranger: Ref | None = None
    found: Found | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """How to read and word an item: language, look, the time now, what is unfolded, and pictures by address."""

    language: Language
    look: Look
    now: datetime
    unfolded: Unfolded = field(default_factory=Unfolded)
    pictures: Mapping[str, PictureNow] = field(default_factory=dict)


def read_item(desk: Desk, ref: Ref, reading: Reading) -> ItemFacts | None:
    """An item with everything around it, ``None`` when it is not known."""
    with desk.mirror.together():
        context = desk.triage.context(ref)
        if context is None:
            return None
        communities = desk.communities()
        forums = {forum.id: forum for forum in desk.mirror.forums(ref.community)}
        row = next(iter(desk.triage.find([str(ref)])), None)
    community = next(known for known in communities if known.name == ref.community)
    badge = badges(communities).get(ref.community, Badge())
    return _Writer(context, community, badge, forums, row, reading).facts()


class _Writer:
    """Words an item for one reading."""

    def __init__(
        self,
        context: ItemContext,
        community: CommunityRow,
        badge: Badge,
        forums: Mapping[Ref, Forum],
        row: QueueRow | None,
        reading: Reading,
    ) -> None:
        self._context = context
        self._item: Item = context.item
        self._community = community
        self._badge = badge
        thread = context.thread
        place = self._item.forum or (thread.forum if thread else None)
        self._forum = forums.get(place) if place else None
        self._row = row
        self._words = Words(reading.language)
        self._reading = reading

    def facts(self) -> ItemFacts:
        item, context, words = self._item, self._context, self._words
        audience, readers = self._audience()
        why = self._row.why if self._row else ()
        policy = touched(why, self._reading.language)
        holder, mine = self._holder()
        base = self._community.url.rstrip("/") + "/"
        reading = self._reading
        page = PageWriter(words, reading.look, base, reading.now, reading.pictures).write(
            context, policy, reading.unfolded
        )
        author = neutralise(item.author_name or (context.author.name if context.author else "")) or "?"
        return ItemFacts(
            ref=item.id,
            version=item.version,
            kind=item.kind,
            title=self._title(),
            forum=self._place(),
            audience=audience,
            readers=words.say(readers),
            holder=holder,
            mine=mine,
            why=self._why(),
            page=page,
            author=author,
            author_since=self._since(context.author),
            author_figures=self._figures(context.author),
            drawer=self._drawer(),
            permitted={entry.action: entry for entry in context.permitted},
            offered=frozenset(str(entry.action) for entry in context.permitted if entry.offer is not None),
            thread=item.thread,
            url=self._url(base),
            report_count=item.report_count,
            policy=policy,
            tells_author="message" in self._community.capabilities,
            history=tuple(self._history_line(entry) for entry in item.history),
            reports=tuple(self._report_lines()),
            capabilities=frozenset(str(name) for name in self._community.capabilities),
            has_thread=context.thread is not None,
            body=item.body if item.post is None else self._typed(),
            post=item.post,
            row=self._row,
            complete=item.detail and (item.thread is None or context.thread is not None),
            around=frozenset(str(ref) for ref in (item.thread, item.post, item.author, item.forum) if ref is not None),
            found=context.found.get(str(self._looked_at())),
            stranger=None if context.author is not None and context.author.joined_at is not None else item.author,
        )

    def _looked_at(self) -> Ref | None:
        """The post (or title) that is looked at for private data."""
        return self._item.id if self._item.kind is Kind.THREAD else self._item.post

    def _typed(self) -> str | None:
        """The post as its author typed it, ``None`` while nobody has told."""
        return next((post.body for post in self._context.posts if post.id == self._item.post), self._item.body)

    def _place(self) -> str:
        """Its forum, after its community where there are several."""
        forum = neutralise(self._forum.name) if self._forum else ""
        return " › ".join(part for part in (self._badge.name, forum) if part)

    def _title(self) -> str:
        thread = self._context.thread
        title = (thread.title if thread else None) or self._item.thread_title
        if title:
            return one_line(title, 300)
        name = neutralise(self._item.author_name or "")
        named = self._words.say("title_member" if about_member(self._item) else "title_by", name=name) if name else ""
        return one_line(self._item.body or "", 120) or named or str(self._item.id.native)

    def _audience(self) -> tuple[Audience | None, str]:
        if about_member(self._item):
            return None, "reads_member"
        audience = audience_of(self._forum)
        if audience is Audience.PUBLIC and (self._forum is None or self._forum.private is None):
            return audience, "reads_unknown"
        return audience, f"reads_{audience}"

    def _holder(self) -> tuple[str, bool]:
        """Who has it, in words, and whether that is the person at the desk."""
        words, item, claim = self._words, self._item, self._context.claim
        me = str(self._community.identity.member)
        if claim is not None:
            seconds, mine = (self._reading.now - claim[2]).total_seconds(), claim[0] == me
            if seconds < 60:
                return words.say("assigned_to_me" if mine else "assigned_to", name=claim[1]), mine
            since = words.span(seconds, parts=1)
            return words.say("held_by_me" if mine else "held_by", name=claim[1], span=since), mine
        if item.assignee is not None:
            mine = str(item.assignee) == me
            name = item.assignee_name or item.assignee.native
            return words.say("assigned_to_me" if mine else "assigned_to", name=name), mine
        return words.say("held_by_nobody"), False

    def _url(self, base: str) -> str | None:
        thread = self._context.thread
        if self._item.post is not None:
            post = next((post for post in self._context.posts if post.id == self._item.post), None)
            if post is not None and post.url:
                return post.url
        return (thread.url if thread else None) or (base if thread else None)

    # -- who reported it -------------------------------------------------------------------------------------------
    def _why(self) -> Why:
        words, item, row = self._words, self._item, self._row
        if item.kind not in ITEM_KINDS:
            return self._why_exposed()
        lines = tuple(self._report_lines())
        count = max(item.report_count, len(lines))
        first = min((report.at for report in item.reports if report.at), default=item.created_at)
        level = row.level if row else Level.NORMAL
        held = item.kind is Kind.HELD
        head = words.say("why_head_held") if held else words.count("why_head", count)
        since = words.ago((self._reading.now - first).total_seconds())
        return Why(
            head=head,
            since=words.say("why_since_held" if held else "why_since", ago=since),
            level=words.level(level),
            reason=words.why(row.why) if row else "",
            lines=lines[: _SHOWN_REPORTS if len(lines) <= _SHOWN_REPORTS else _SHOWN_REPORTS - 1],
            more=0 if len(lines) <= _SHOWN_REPORTS else count - (_SHOWN_REPORTS - 1),
        )

    def _why_exposed(self) -> Why:
        """What was found in a public post, the gravest first."""
        words, row, found = self._words, self._row, self._context.found.get(str(self._looked_at()))
        spots = sorted(found.standing if found is not None else (), key=lambda spot: -spot.gravity)
        lines = tuple(
            Line(
                words.say(f"private_kind_{spot.kind.value}"),
                words.say(f"private_sure_{spot.sureness.value}"),
                words.say(f"private_reason_{spot.reason}"),
                icon="alert-triangle",
            )
            for spot in spots
        )
        shown = lines[: _SHOWN_REPORTS if len(lines) <= _SHOWN_REPORTS else _SHOWN_REPORTS - 1]
        since = words.ago((self._reading.now - self._item.created_at).total_seconds())
        return Why(
            head=words.count("why_head_exposed", len(lines)),
            since=words.say("why_since_exposed", ago=since),
            level=words.level(row.level if row else Level.NORMAL),
            reason=words.why(row.why) if row else "",
            lines=shown,
            more=len(lines) - len(shown),
        )

    def _report_lines(self) -> list[Line]:
        made = []
        for report in self._item.reports:
            name = neutralise(report.reporter_name or "") or self._words.say("reporter_unknown")
            said = one_line(report.text, 240)
            quoted = self._words.say("quoted", text=said) if said else ""
            ago = self._words.ago((self._reading.now - report.at).total_seconds()) if report.at else ""
            made.append(Line(name, ago, quoted, face=name))
        return made

    def _history_line(self, entry: HistoryEntry) -> Line:
        said = (self._words.say(f"history_{what}", value=self._value(what, v)) for what, v in entry.changes.items())
        changes = ", ".join(each.rstrip(" :：") for each in said)
        when = self._words.moment(entry.at, self._reading.now)
        return Line(neutralise(entry.by_name or ""), when, changes, icon="history")

    def _value(self, what: str, value: str) -> str:
        if what == "state" and value:
            return self._words.say(f"item_{value}")
        return neutralise(_SERVER_KEY.sub(lambda found: f"{found[1].replace('-', ' ')}: ", value))

    # -- the author ------------------------------------------------------------------------------------------------
    def _since(self, author: Member | None) -> str:
        if author is None:
            return self._words.say("author_unknown")
        if author.joined_at is None:
            return one_line(author.title or ", ".join(author.groups[:2]), 60)
        age = (self._reading.now - author.joined_at).total_seconds()
        if age < 86400 * 2:
            return self._words.say("author_new", span=self._words.span(age, parts=1))
        return self._words.say("author_since", month=self._words.month(author.joined_at))

    def _figures(self, author: Member | None) -> tuple[str, ...]:
        """For the author's line of a narrow window."""
        if author is None:
            return ()
        words = self._words
        made = [words.count("author_posts", author.post_count)] if author.post_count is not None else []
        if author.report_count:
            made.append(words.count("author_reported", author.report_count))
        if author.banned or author.muted:
            made.append(self._penalty(author))
        return tuple(made)

    def _penalty(self, author: Member) -> str:
        words = self._words
        named = "penalty_banned" if author.banned else "penalty_muted" if author.muted else "penalty_none"
        until = author.banned_until if author.banned else author.muted_until
        said = words.say(named)
        return said if until is None else words.say("penalty_until", penalty=said, day=words.day(until))

    def _drawer(self) -> tuple[Section, ...]:
        sections = [Section("", self._author_lines())]
        if decided := self._decided_before():
            sections.append(Section(self._words.say("drawer_decided"), decided))
        if threads := self._author_threads():
            sections.append(Section(self._words.say("drawer_threads"), threads))
        sections += self._notes()
        return tuple(sections)

    def _author_lines(self) -> tuple[Line, ...]:
        author, words = self._context.author, self._words
        if author is None:
            return ()
        made = []
        if author.post_count is not None:
            made.append(Line(words.say("author_row_posts"), words.number(author.post_count)))
        if author.reputation is not None:
            made.append(Line(words.say("author_row_reputation"), words.number(author.reputation)))
        if author.report_count is not None:
            made.append(Line(words.say("author_row_reported"), words.number(author.report_count)))
        made.append(Line(words.say("author_row_penalties"), self._penalty(author)))
        return tuple(made)

    def _decided_before(self) -> tuple[Line, ...]:
        """How often items of this author ended in which way."""
        rows = [row for row in self._context.author_items if row.id != str(self._item.id)]
        icons = {"resolved": "circle-check", "dismissed": "check", "gone": "trash", "held": "clock"}
        counted: dict[str, int] = {}
        for row in rows:
            counted[str(row.state)] = counted.get(str(row.state), 0) + 1
        return tuple(
            Line(self._words.say(f"drawer_state_{state}"), str(n), icon=icons.get(state, "inbox"))
            for state, n in sorted(counted.items(), key=lambda pair: -pair[1])
        )

    def _author_threads(self) -> tuple[Line, ...]:
        return tuple(
            Line(one_line(thread.title, 120), self._words.day(thread.created_at, self._reading.now))
            for thread in self._context.author_threads
            if thread.id != self._item.thread
        )[:4]

    def _notes(self) -> list[Section]:
        title = self._words.say("drawer_notes")
        notes = [(n.at, n.author_name or "", n.text) for n in self._item.notes]
        notes += [(n.at, n.author_name, n.text) for n in self._context.team_notes]
        if not notes:
            key = self._reading.look.keys.get("note", "")
            return [Section(title, (Line(self._words.say("drawer_no_notes", key=key)),))]
        made: list[Section] = []
        for at, name, text in sorted(notes, key=lambda note: note[0], reverse=True)[:4]:
            by = f"{neutralise(name)} · {self._words.day(at, self._reading.now)}"
            made.append(Section(title if not made else "", (Line(by),), note=neutralise(text[:600])))
        return made
