"""How the staff follow forums: one request a person, for nothing lists the watchers of a category.

A member who never chose follows each category by the site's default, and NodeBB does not tell the two apart.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from moderation.content import Following as Follows
from moderation.content import Level, Unreadable
from moderation.errors import NotAllowedError, PayloadError
from moderation.ids import Kind
from moderation.records import Batch, Records
from sync.connector import Known, Urgency
from sync.nodebb import endpoints
from sync.nodebb.context import Context
from sync.nodebb.decoders import WATCHES
from sync.nodebb.payloads import WatchP
from sync.nodebb.pull.groups import Groups
from sync.parts.staff import ASKED, NOT_THERE, PAGE_UNFIT, RIGHT_MISSING, asked_since, people_wanted

TODO, GROUPS_READ = "following.todo", "groups.read"
STAFF_GROUPS = ("administrators", "global-moderators")
_EVERY, _AT_ONCE = timedelta(hours=6), 40
_MAY_LOOK = frozenset({"administrator", "moderator"})


@dataclass(frozen=True, slots=True)
class Told:
    """What a member's page says; no records where it may not be read: unknown, which is not the same as nothing.
    ``why`` names what stood in the way.
    """

    records: tuple[Records, ...] = ()
    ignored: tuple[str, ...] = ()
    why: str = ""


class Following:
    """Reads members' pages of categories, fifty categories a page."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._groups = Groups(context)

    def of(self, slug: str, urgency: Urgency) -> Told:
        """How one member follows all forums; their own ones anybody may ask for, others' ones only those above them."""
        watches: list[WatchP] = []
        page, pages, path = 0, 1, endpoints.user_page(slug, "categories")
        while page < pages:
            page += 1
            try:
                read = self._context.reader.get(endpoints.query(path, page=page), WATCHES, urgency)
            except NotAllowedError:
                return Told(why=RIGHT_MISSING)
            except PayloadError as error:
                return Told(why=NOT_THERE if error.code == "endpoint_missing" else PAGE_UNFIT)
            watches += read.value.categories
            pages = read.value.pagination.pageCount
        ignored = tuple(str(one.cid) for one in watches if one.isIgnored)
        who = self._context.names.member(read.value.uid)
        if who is None:
            return Told((), ignored, PAGE_UNFIT)
        seen, forum = read.server_time or self._context.now(), self._context.names.ref
        rows = tuple(Follows(who, forum(Kind.FORUM, one.cid), _level(one), seen) for one in watches)
        return Told((Records(read.seq, followers=(who,), following=rows),), ignored)

    def staff(self, known: Known, moderators: list[str]) -> Iterator[Batch]:
        """Groups, then some of the staff, some at a time; nothing where everybody was read lately, unless a person has
        asked for everything since: then all of them. ``moderators`` are slugs of those who look after some category;
        who is in the team's roster is read too, at once when new there.
        """
        yield from self._read_groups(known)
        wanted = people_wanted(known)
        if not self._context.rights().identity.roles & _MAY_LOOK:
            return
        at, left, uids = self._turn(known, wanted) or ("", [], {})
        whole = not at and known.cursor(ASKED) is not None
        if not at:
            at = self._context.now().isoformat()
            left, uids = self._staff(moderators, wanted)
            yield Batch((), _kept(at, left, uids, wanted))
        for slug in left if whole else left[:_AT_ONCE]:
            left = left[1:]
            yield Batch(self._one(slug, uids.get(slug)), _kept(at, left, uids, wanted))

    def _one(self, slug: str, uid: str | None) -> tuple[Records, ...]:
        told = self.of(slug, Urgency.BACKGROUND)
        if told.records or uid is None:
            return told.records
        who = self._context.names.ref(Kind.MEMBER, uid)
        unreadable = Unreadable(who, told.why, self._context.now())
        return (Records(self._context.reader.client.asked, unreadable=(unreadable,)),)

    def _turn(self, known: Known, wanted: dict[str, str]) -> tuple[str, list[str], dict[str, str]] | None:
        """When the turn under way began, who is left of it, and their ids; ``None`` when a new one is to begin."""
        kept = json.loads(known.cursor(TODO) or "null")
        if kept is None:
            return None
        at, left = str(kept["at"]), [str(slug) for slug in kept["left"]]
        uids = {str(slug): str(uid) for slug, uid in kept.get("uids", {}).items()}
        over = not timedelta() <= self._context.now() - datetime.fromisoformat(at) < _EVERY
        new = set(wanted.values()) - set(kept.get("wanted", ()))
        return None if (over or new or asked_since(known, at)) and not left else (at, left, uids)

    def _read_groups(self, known: Known) -> Iterator[Batch]:
        """Now and then; any member may read a group that is not hidden, so a team lead without further rights too."""
        read, now = known.cursor(GROUPS_READ), self._context.now()
        if read is None or not timedelta() <= now - datetime.fromisoformat(read) < _EVERY:
            yield from self._groups.batches()
            yield Batch((), {GROUPS_READ: now.isoformat()})

    def _staff(self, moderators: list[str], wanted: dict[str, str]) -> tuple[list[str], dict[str, str]]:
        """Slugs of whom to read, and the ids that are known of them."""
        found: dict[str, str] = {slug: uid for uid, slug in wanted.items()}
        for group in STAFF_GROUPS:
            for user in self._groups.members(group) or ():
                if user.userslug:
                    found.setdefault(user.userslug, str(user.uid))
        return list(dict.fromkeys((*moderators, *found))), found


def _level(one: WatchP) -> Level:
    if one.isIgnored:
        return Level.MUTED
    if one.isWatched:
        return Level.WATCHING
    return Level.TRACKING if one.isTracked else Level.NORMAL


def _kept(at: str, left: list[str], uids: dict[str, str], wanted: dict[str, str]) -> dict[str, str | None]:
    """The cursor: what is left of a turn with the ids of those, and for whom of the roster it was begun."""
    ids = {slug: uids[slug] for slug in left if slug in uids}
    kept = {"at": at, "left": left, "uids": ids, "wanted": sorted(wanted.values())}
    return {TODO: json.dumps(kept, separators=(",", ":"))}
