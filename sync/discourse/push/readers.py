"""Who may read a message: inviting, removing, and making a public thread private.

Converting lets in every author of the thread, bystanders too, and beyond the limit of the site nobody but the caller,
not even the asker. So it ends with a repair: who should read it and does not is invited, who should not and does is
removed. The whole is one act that may be sent again: what is done already is not done twice.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from moderation.actions import Action
from moderation.cases import WAS_PUBLIC
from moderation.errors import MarqueeError, RefusedError, UnclearError
from moderation.ids import Kind, Ref
from moderation.intents import Intent
from moderation.records import Records
from sync.connector import Before, Evidence, Standing, Urgency
from sync.discourse import endpoints
from sync.discourse.decode import utc
from sync.discourse.decoders import GROUP, USER
from sync.discourse.payloads import PostP, TopicPageP
from sync.discourse.pull.threads import CHUNK
from sync.discourse.push.tools import Tools, needed
from sync.discourse.reading import set_aside
from sync.parts.answers import Read
from sync.parts.intents import Taken, closed_first, joined, on

PRIVATE = "private_message"
_MADE_PRIVATE = "private_topic"
"""The small post that a conversion leaves."""
_REGULAR = 1
_GRACE = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Readers:
    """Who may read a message: members by id with their names, groups by name."""

    members: dict[str, str]
    groups: frozenset[str]


def readers_of(page: TopicPageP, tools: Tools) -> Readers:
    """Those that the server names."""
    users, _ = set_aside(page.details.allowed_users, USER, lambda one: one, "")
    groups, _ = set_aside(page.details.allowed_groups, GROUP, lambda one: one.name, "")
    tools.context.people.learn(users)
    return Readers({str(user.id): user.username for user in users}, frozenset(groups))


class Invite:
    """Let a member or a group into a message, or remove them."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def before(self, intent: Intent) -> Before:
        """Who may read it now."""
        page = self._page(intent).value
        if page is None:
            return Before(Standing.GONE, {})
        if page.archetype != PRIVATE:
            raise RefusedError("not_a_message", thread=str(intent.target))
        standing = Standing.ALREADY if self._stands(intent, page) else Standing.CLEAR
        return Before(standing, {})

    def send(self, intent: Intent, before: Before) -> dict[str, Any]:
        """Invite or remove once."""
        who, group = _who(intent)
        change(self._tools, intent.target, intent.action is Action.INVITE, who, group)
        return {"done": True}

    def look(self, intent: Intent, hints: Mapping[str, Any], taken: Taken) -> Evidence:
        """Happened when the list of readers is as wanted."""
        read = self._page(intent)
        done = read.value is not None and self._stands(intent, read.value)
        at = self._tools.time_of(read.server_time)
        who, group = _who(intent)
        effect = f"{intent.action.value.removeprefix('x:')}.{who.native if who is not None else group}"
        receipt = self._tools.receipt(intent.target, effect, at, taken) if done else None
        return self._tools.evidence(intent, receipt, where="readers")

    def _page(self, intent: Intent) -> Read[TopicPageP | None]:
        return self._tools.threads.head(on(intent, Kind.THREAD), Urgency.FLUSH)

    def _stands(self, intent: Intent, page: TopicPageP) -> bool:
        readers, (who, group) = readers_of(page, self._tools), _who(intent)
        inside = who.native in readers.members if who is not None else group in readers.groups
        return inside is (intent.action is Action.INVITE)


class Convert:
    """Make a public thread a message of the asker, this account, and whom the payload names (``readers``, ids of
    members; ``groups``, names).
    """

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def before(self, intent: Intent) -> Before:
        """May it be converted; ``already`` when it is private with exactly the readers that are wanted."""
        read = self._tools.threads.head(on(intent, Kind.THREAD), Urgency.FLUSH)
        page = read.value
        if page is None:
            return self._tools.beside_item(intent, Before(Standing.GONE, {}))
        if page.archetype != PRIVATE and not page.details.can_convert_topic:
            raise RefusedError("may_not_convert", thread=str(intent.target))
        there = page.archetype == PRIVATE and not self._repairs(intent, page)
        baseline = {"archetype": page.archetype, "forum": str(page.category_id or "")}
        return self._tools.beside_item(intent, Before(Standing.ALREADY if there else Standing.CLEAR, baseline))

    def send(self, intent: Intent, before: Before) -> dict[str, Any]:
        """Convert, then repair the readers. Whatever breaks off in the repair is unclear, so that a look tells: the
        thread has been converted by then.
        """
        if before.baseline.get("archetype") != PRIVATE:
            self._tools.writer.do("PUT", endpoints.topic_verb(intent.target.native, "convert-topic/private"), {})
        try:
            self._repair(intent)
        except UnclearError:
            raise
        except MarqueeError as error:
            raise UnclearError("readers_not_repaired", cause=error.code, thread=str(intent.target)) from error
        return {"done": True}

    def look(self, intent: Intent, hints: Mapping[str, Any], taken: Taken) -> Evidence:
        """Happened when it is private and read by exactly those who should."""
        read = self._tools.threads.head(intent.target, Urgency.FLUSH)
        page = read.value
        done = page is not None and page.archetype == PRIVATE and not self._repairs(intent, page)
        at = self._tools.time_of(read.server_time)
        receipt = self._tools.receipt(intent.target, "private", at, taken) if done else None
        records = [self._tools.threads.head_record(page, read.seq)] if page is not None else []
        return self._tools.evidence(intent, receipt, *records, where="thread")

    def _repair(self, intent: Intent) -> None:
        read = self._tools.threads.head(intent.target, Urgency.FLUSH)
        if read.value is None:
            raise UnclearError("answer_unfit", endpoint=read.endpoint)
        for invite, who, group in self._repairs(intent, read.value):
            change(self._tools, intent.target, invite, who, group)

    def _repairs(self, intent: Intent, page: TopicPageP) -> list[tuple[bool, Ref | None, str]]:
        """Invitations first, so that nobody who belongs there is left outside when it breaks off."""
        readers, names = readers_of(page, self._tools), self._tools.context.names
        wanted = {self._tools.me.native, *_natives(intent)} | ({str(page.user_id)} if page.user_id else set())
        missing = sorted(wanted - readers.members.keys())
        bystanders = sorted(readers.members.keys() - wanted)
        groups = [group for group in _groups(intent) if group not in readers.groups]
        return [
            *((True, names.ref(Kind.MEMBER, one), "") for one in missing),
            *((True, None, group) for group in groups),
            *((False, names.ref(Kind.MEMBER, one), "") for one in bystanders),
        ]


class Publish:
    """Make a message the public thread again that it was, in the category of the payload (``forum``).

    Everybody reads every reply then. So it is refused while something stands there that was said in private: that has
    to be taken out of sight first. Where the payload says so (``closed``), it is refused too while replies are taken.
    """

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def before(self, intent: Intent) -> Before:
        """Is it private still, and is nothing said there that was never public."""
        found = self._tools.threads.head(on(intent, Kind.THREAD), Urgency.FLUSH)
        page = found.value
        if page is None:
            return Before(Standing.GONE, {})
        if page.archetype != PRIVATE:
            there = str(page.category_id) == forum_in(intent)
            return Before(Standing.ALREADY if there else Standing.CLEAR, {"archetype": page.archetype})
        if not page.details.can_convert_topic:
            raise RefusedError("may_not_convert", thread=str(intent.target))
        if closed_first(intent) and not (page.closed or page.archived):
            still = RefusedError("thread_not_closed", thread=str(intent.target))
            head = self._tools.threads.head_record(page, found.seq)
            return Before(Standing.CLEAR, {"archetype": page.archetype}, records=head, refused=still)
        said, read = self._said_in_private(intent, page)
        refused, title = None, str(intent.payload.get("title") or "")
        if said:
            refused = RefusedError("private_words_there", thread=str(intent.target), count=said)
        elif title and title != page.title:
            refused = RefusedError("private_title_there", thread=str(intent.target), title=title)
        return Before(Standing.CLEAR, {"archetype": page.archetype}, records=joined(*read), refused=refused)

    def send(self, intent: Intent, before: Before) -> dict[str, Any]:
        """Convert into the category."""
        path = endpoints.topic_verb(intent.target.native, "convert-topic/public")
        self._tools.writer.do("PUT", path, {"category_id": int(forum_in(intent))})
        return {"done": True}

    def look(self, intent: Intent, hints: Mapping[str, Any], taken: Taken) -> Evidence:
        """Happened when it stands in that category."""
        read = self._tools.threads.head(intent.target, Urgency.FLUSH)
        page = read.value
        done = page is not None and page.archetype != PRIVATE and str(page.category_id) == forum_in(intent)
        at = self._tools.time_of(read.server_time)
        receipt = self._tools.receipt(intent.target, "public", at, taken) if done else None
        records = [self._tools.threads.head_record(page, read.seq)] if page is not None else []
        return self._tools.evidence(intent, receipt, *records, where="thread")

    def _said_in_private(self, intent: Intent, page: TopicPageP) -> tuple[int, list[Records]]:
        """How many posts can be read that came after the thread was made private the last time. Read from the end;
        where that does not come to the mark, all of them count. Where it is known which posts were public, all are
        read: others count wherever they stand, and so do those that were edited since. What was read comes along.
        """
        thread, stream, said, read = intent.target, page.post_stream.stream, 0, list[Records]()
        known, since = intent.payload.get(WAS_PUBLIC), None
        for end in range(len(stream), 0, -CHUNK):
            ids = stream[max(0, end - CHUNK) : end]
            posts, seq, aside = self._tools.threads.posts(thread, ids, Urgency.FLUSH)
            read.append(self._tools.threads.records(page, posts, seq))
            if aside or len(posts) < len(ids):
                raise RefusedError("private_words_there", thread=str(thread), count=len(ids))
            for post in sorted(posts, key=lambda one: one.post_number, reverse=True):
                if post.action_code == _MADE_PRIVATE and since is None:
                    since = utc(post.created_at)
                    if not isinstance(known, list):
                        return said, read
                shown = post.post_type == _REGULAR and not (post.hidden or post.user_deleted or post.deleted_at)
                said += shown and (since is None or not _was_public(post, known, since))
        return said, read


def _was_public(post: PostP, known: object, since: datetime) -> bool:
    """True for a post that was public as it stands now. Within an hour of its writing a post may be edited without a
    new version (``editing_grace_period``, 5 minutes by default).
    """
    if not isinstance(known, list) or str(post.id) not in known:
        return False
    written = utc(post.created_at)
    changed = utc(post.updated_at) if post.updated_at else written
    return changed <= since or (post.version == 1 and changed - written > _GRACE)


def forum_in(intent: Intent) -> str:
    """The native id of the payload's category."""
    found = needed(intent, "forum").rpartition(":")[2]
    if not found.isdigit():
        raise RefusedError("forum_unknown", forum=found)
    return found


def change(tools: Tools, thread: Ref, invite: bool, who: Ref | None, group: str) -> None:
    """Let somebody in or out, once."""
    if who is None:
        verb, body = ("invite-group", {"group": group, "should_notify": True}) if invite else (
            "remove-allowed-group", {"name": group})  # fmt: skip
    else:
        name = tools.context.username(who)
        if name is None:
            raise RefusedError("not_there", member=str(who))
        verb, body = ("invite", {"user": name}) if invite else ("remove-allowed-user", {"username": name})
    tools.writer.do("POST" if invite else "PUT", endpoints.topic_verb(thread.native, verb), body)


def _who(intent: Intent) -> tuple[Ref | None, str]:
    """A member or a group of the payload."""
    if group := str(intent.payload.get("group") or ""):
        return None, group
    wanted = needed(intent, "member")
    return (Ref.parse(wanted) if ":" in wanted else intent.target.sibling(Kind.MEMBER, wanted)), ""


def _natives(intent: Intent) -> list[str]:
    readers = intent.payload.get("readers")
    return [str(one).rpartition(":")[2] for one in readers] if isinstance(readers, list) else []


def _groups(intent: Intent) -> list[str]:
    groups = intent.payload.get("groups")
    return [str(group) for group in groups] if isinstance(groups, list) else []
