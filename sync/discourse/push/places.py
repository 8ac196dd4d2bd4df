"""The private message of a case: beginning it once, who reads it, and saying more there.

With a key of the site it has the case's key as its ``external_id``, by which the server refuses a second one; with any
key the case's key stands in its title, by which it is found among the messages that this account has begun. The
customer is let in by its creation. Before anything more is said there, its readers are read.
"""

from collections.abc import Mapping
from typing import Any

from moderation.actions import Action
from moderation.errors import MarqueeError, NotAllowedError, PayloadError, RefusedError, UnclearError
from moderation.ids import Kind, Ref
from moderation.intents import Intent, Receipt
from sync.connector import Answer, Before, Evidence, Standing, Urgency
from sync.discourse import endpoints
from sync.discourse.canonical import same_text
from sync.discourse.decode import maybe_utc, utc
from sync.discourse.decoders import CREATED, TOPIC, TOPIC_PAGE, TOPICS, USER, USER_ANSWER
from sync.discourse.payloads import TopicPageP, UserP
from sync.discourse.push.readers import PRIVATE, change, readers_of
from sync.discourse.push.reply import Reply
from sync.discourse.push.tools import Tools, needed
from sync.discourse.reading import set_aside
from sync.parts.answers import Read
from sync.parts.intents import Taken, on

_MOST_PAGES = 5


class MakeMessage:
    """Begin the message of a case (``title``, ``text``; ``readers``, ids of members; ``groups``, names), or find it."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def before(self, intent: Intent) -> Before:
        """Is the customer there, and is there a message of this case, or one that waits for approval."""
        user = user_of(self._tools, on(intent, Kind.MEMBER), _hint(intent, intent.target))
        if user is None:
            return Before(Standing.GONE, {})
        end = maybe_utc(user.suspended_till)
        if end is not None and end > self._tools.context.now():
            raise RefusedError("customer_banned", member=str(intent.target))
        there = self._there(intent)
        if there is None and self._waits(intent):
            raise RefusedError("message_held", case=str(intent.payload["case"]))
        return Before(Standing.CLEAR, {"thread": str(there.id) if there is not None else None})

    def send(self, intent: Intent, before: Before) -> dict[str, Any]:
        """Begin it, unless it is there. A refusal because it is there already is success too."""
        if before.baseline.get("thread"):
            return {"thread": before.baseline["thread"]}
        body: dict[str, Any] = {
            "archetype": "private_message",
            "title": needed(intent, "title"),
            "raw": needed(intent, "text"),
            "target_recipients": ",".join([*self._names(intent), *groups_of(intent)]),
            "nested_post": True,
        }
        if self._tools.context.is_admin_key:
            body |= {"external_id": str(intent.payload["case"]), "auto_track": False}
        try:
            answer, _ = self._tools.writer.send("POST", endpoints.POSTS, body, CREATED)
        except RefusedError:
            there = self._there(intent)
            if there is None:
                raise
            return {"thread": str(there.id)}
        if answer.post is not None and answer.post.topic_id:
            return {"thread": str(answer.post.topic_id)}
        if answer.action == "enqueued":  # no message exists; it is found by its name once somebody has let it through
            raise RefusedError("message_held", case=str(intent.payload["case"]))
        raise UnclearError("answer_unfit", endpoint=endpoints.POSTS)

    def look(self, intent: Intent, hints: Mapping[str, Any], taken: Taken) -> Evidence:
        """Happened when the message is there; the receipt names its opening post."""
        where = ("messages",)
        try:
            page = self._page(str(hints["thread"])).value if hints.get("thread") else self._there(intent)
        except (NotAllowedError, PayloadError):
            return Evidence(Answer.UNCLEAR, where=where)
        if page is None:  # what the answer named was there
            return Evidence(Answer.UNCLEAR if hints.get("thread") else Answer.ABSENT, where=where)
        names = self._tools.context.names
        server_id = f"thread:{page.id}@post.{min(page.post_stream.stream, default=0)}"
        receipt = Receipt(server_id, str(self._tools.me), utc(page.created_at))
        if taken(server_id):
            thread = names.ref(Kind.THREAD, page.id)
            receipt = self._tools.receipt(thread, "message", self._tools.context.now(), taken)
        return Evidence(Answer.HAPPENED, receipt, where=where)

    def _names(self, intent: Intent) -> list[str]:
        """User names of the customer and of whom the payload names besides; this account is in by itself."""
        wanted = dict.fromkeys([intent.target, *(Ref.parse(one) for one in readers_in(intent))])
        found = []
        for one in wanted:
            if one == self._tools.me:
                continue
            user = user_of(self._tools, one, _hint(intent, one))
            if user is None:
                raise RefusedError("not_there", member=str(one))
            found.append(user.username)
        return found

    def _there(self, intent: Intent) -> TopicPageP | None:
        """The message of this case: by our id, else by the key in the title of one that this account has begun.

        Raises ``RefusedError`` ``place_taken`` where our id leads to something else.
        """
        key = str(intent.payload["case"])
        if self._tools.context.is_admin_key:
            path = endpoints.topic_named(key)
            page = self._tools.context.reader.find(path, TOPIC_PAGE, Urgency.FLUSH).value
            if page is not None and not self._fits(page, intent):
                raise RefusedError("place_taken", case=key, thread=str(page.id))
            return page
        for number in range(_MOST_PAGES):
            path = endpoints.query(endpoints.messages_sent(self._name()), page=number or None)
            read = self._tools.context.reader.get(path, TOPICS, Urgency.FLUSH)
            rows, _ = set_aside(read.value.topic_list.topics, TOPIC, lambda one: one, read.endpoint)
            for row in rows:
                page = self._page(str(row.id)).value if named(key, row.title) else None
                if page is not None and self._fits(page, intent):
                    return page
            if not rows or not read.value.topic_list.more_topics_url:
                break
        return None

    def _fits(self, page: TopicPageP, intent: Intent) -> bool:
        """A message of this account that its customer reads, or has read: nobody else can have made that."""
        own = page.user_id is None or str(page.user_id) == self._tools.me.native
        return page.archetype == PRIVATE and own and intent.target.native in readers_of(page, self._tools).members

    def _waits(self, intent: Intent) -> bool:
        """An own post with this text waits for approval; who may not look cannot tell."""
        rights = self._tools.context.rights(Urgency.FLUSH)
        if not rights.moderates:
            return False
        try:
            waiting = self._tools.queue.held_by(rights.username, Urgency.FLUSH)
        except MarqueeError:
            return False
        return any(same_text(item.body, str(intent.payload.get("text", ""))) for item in waiting)

    def _name(self) -> str:
        return self._tools.context.rights(Urgency.FLUSH).username

    def _page(self, thread: str) -> Read[TopicPageP | None]:
        ref = self._tools.context.names.ref(Kind.THREAD, thread)
        return self._tools.threads.head(ref, Urgency.FLUSH)


class AdmitToMessage:
    """Let a member into the message of the payload (``place``), or put them out. ``readers`` and ``groups`` of the
    payload, where it has any, are let in too, and anybody else in there is a stranger.
    """

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def before(self, intent: Intent) -> Before:
        """Who is in it; raises ``RefusedError`` ``place_shared`` where that is somebody else."""
        page = message(self._tools, _place(intent))
        if intent.action is Action.ADMIT:
            check_readers(self._tools, intent, page)
        return Before(Standing.CLEAR if self._wanted(intent, page) else Standing.ALREADY, {})

    def send(self, intent: Intent, before: Before) -> dict[str, Any]:
        """Bring in or put out, the customer first."""
        invite = intent.action is Action.ADMIT
        for who, group in self._wanted(intent, message(self._tools, _place(intent))):
            if who is not None:
                user_of(self._tools, who, _hint(intent, who))
            change(self._tools, _place(intent), invite, who, group)
        return {"done": True}

    def look(self, intent: Intent, hints: Mapping[str, Any], taken: Taken) -> Evidence:
        """Happened when the list of readers says so."""
        where = ("readers",)
        if self._wanted(intent, message(self._tools, _place(intent))):
            return Evidence(Answer.ABSENT, where=where)
        effect = f"{'admitted' if intent.action is Action.ADMIT else 'expelled'}.{_place(intent).native}"
        receipt = self._tools.receipt(intent.target, effect, self._tools.context.now(), taken)
        return Evidence(Answer.HAPPENED, receipt, where=where)

    def _wanted(self, intent: Intent, page: TopicPageP) -> list[tuple[Ref | None, str]]:
        """Whom to let in, or whom to put out."""
        found, members = readers_of(page, self._tools), [on(intent, Kind.MEMBER)]
        if intent.action is not Action.ADMIT:
            return [(one, "") for one in members if one.native in found.members]
        members += [Ref.parse(one) for one in readers_in(intent)]
        outside = [one for one in dict.fromkeys(members) if one.native not in found.members and one != self._tools.me]
        here = {name.casefold() for name in found.groups}
        groups = [name for name in groups_of(intent) if name.casefold() not in here]
        return [*((one, "") for one in outside), *((None, name) for name in groups)]


class SayInMessage:
    """Write into a message where only those are who should read it (``readers`` and ``groups`` of the payload)."""

    def __init__(self, tools: Tools, reply: Reply) -> None:
        self._tools = tools
        self._reply = reply

    def before(self, intent: Intent) -> Before:
        """Who reads it; then as any reply."""
        check_readers(self._tools, intent, message(self._tools, on(intent, Kind.THREAD)))
        return self._reply.before(intent)

    def send(self, intent: Intent, before: Before) -> dict[str, Any]:
        """As any reply."""
        return self._reply.send(intent, before)

    def look(self, intent: Intent, hints: Mapping[str, Any], taken: Taken) -> Evidence:
        """As any reply."""
        return self._reply.look(intent, hints, taken)


def user_of(tools: Tools, member: Ref, hint: str) -> UserP | None:
    """A member by id; the account of an ordinary member finds one by the name that is ``hint``, if the id is the same.
    Its name is remembered.
    """
    reader, found = tools.context.reader, None
    try:
        found = reader.find(endpoints.admin_user(member.native), USER, Urgency.FLUSH).value
    except NotAllowedError:
        found = None
    if found is None and hint:
        answer = reader.find(endpoints.user(hint), USER_ANSWER, Urgency.FLUSH).value
        found = answer.user if answer is not None else None
    if found is None or str(found.id) != member.native:
        return None
    tools.context.people.learn([found])
    return found


def message(tools: Tools, thread: Ref) -> TopicPageP:
    """A message now; raises ``RefusedError`` for one that is not there, and for a thread that is public."""
    page = tools.threads.head(thread, Urgency.FLUSH).value
    if page is None:
        raise RefusedError("not_there", thread=str(thread))
    if page.archetype != PRIVATE:
        raise RefusedError("not_a_message", thread=str(thread))
    return page


def check_readers(tools: Tools, intent: Intent, page: TopicPageP) -> None:
    """Raise ``RefusedError`` ``place_shared`` where somebody reads the message who is not named in the payload."""
    found, customer = readers_of(page, tools), str(intent.payload.get("customer") or intent.target)
    wanted = {tools.me.native, customer.rpartition(":")[2]} | {one.rpartition(":")[2] for one in readers_in(intent)}
    groups = {name.casefold() for name in groups_of(intent)}
    if found.members.keys() - wanted or {name.casefold() for name in found.groups} - groups:
        raise RefusedError("place_shared", forum=f"{page.id}")


def readers_in(intent: Intent) -> list[str]:
    """Members of the payload."""
    readers = intent.payload.get("readers")
    return [str(one) for one in readers] if isinstance(readers, list) else []


def groups_of(intent: Intent) -> list[str]:
    """Names of groups of the payload."""
    groups = intent.payload.get("groups")
    return [str(group) for group in groups] if isinstance(groups, list) else []


def named(key: str, title: str) -> bool:
    """True where a title carries exactly this key."""
    return f"({key})" in title


def _hint(intent: Intent, member: Ref) -> str:
    names = intent.payload.get("names")
    return str(names.get(str(member)) or "") if isinstance(names, dict) else ""


def _place(intent: Intent) -> Ref:
    return Ref.parse(str(intent.payload.get("place") or ""))
