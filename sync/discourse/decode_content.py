"""Categories, topics, posts and users of Discourse as forums, threads, posts and members."""

import re
from typing import Any
from urllib.parse import quote

from moderation.content import Deed, Forum, Mark, Member, Post, Thread, ThreadEvent
from moderation.ids import Kind, Ref
from sync.discourse.decode import maybe_utc, plain, utc
from sync.discourse.ids import Namer
from sync.discourse.payloads import CategoryP, PostP, TopicP, TopicPageP, UserP
from sync.discourse.rights import permitted_in_thread

_PUBLIC_TYPES, _NOTE, _WHISPER = frozenset({1, 2}), 2, 4
"""Regular posts and a moderator's remarks. Small actions say nothing that anybody wrote."""
_LIKE = 2
_DEEDS = {
    "closed.enabled": Deed.CLOSED,
    "autoclosed.enabled": Deed.CLOSED,
    "closed.disabled": Deed.OPENED,
    "autoclosed.disabled": Deed.OPENED,
    "private_topic": Deed.PRIVATE,
}
"""Small actions that coverage is computed from (Discourse ``config/locales/client.en.yml``, ``action_codes``)."""


def shown(post: PostP) -> bool:
    """True for what somebody wrote: posts, and whispers among the staff."""
    return counted(post) or post.post_type == _WHISPER


def counted(post: PostP) -> bool:
    """True for posts that are part of the public conversation."""
    return post.post_type in _PUBLIC_TYPES


class Decoder:
    """Turns payloads of one community into content."""

    def __init__(self, names: Namer, base_url: str) -> None:
        self.names = names
        self._base = base_url.rstrip("/")

    def member(self, user: UserP) -> Member | None:
        """A member; ``None`` where this endpoint does not tell. No member for accounts of the software itself."""
        ref = self.names.member(user.id)
        if ref is None:
            return None
        return Member(
            id=ref,
            name=user.username or str(user.id),
            slug=user.username or None,
            title=plain(user.title, 120) or None,
            joined_at=maybe_utc(user.created_at),
            last_seen=maybe_utc(user.last_seen_at),
            post_count=user.post_count,
            thread_count=user.topic_count,
            report_count=user.flags_received_count if user.flags_received_count is not None else user.flags_agreed,
            banned=_since(user.suspended_at, user.suspended_till),
            banned_until=maybe_utc(user.suspended_till),
            muted=_since(user.silenced_at, user.silenced_till),
            muted_until=maybe_utc(user.silenced_till),
            groups=_names(user.groups),
            url=self._url(f"/u/{quote(user.username)}") if user.username else None,
            extra=_extra(user),
        )

    def forum(self, category: CategoryP) -> Forum:
        """A category; one with restricted reading is private."""
        return Forum(
            id=self.names.ref(Kind.FORUM, category.id),
            name=category.name,
            parent=self.names.maybe(Kind.FORUM, category.parent_category_id),
            description=plain(category.description_text or category.description),
            position=category.position or 0,
            private=category.read_restricted,
            thread_count=category.topic_count or 0,
            post_count=category.post_count or 0,
            url=self._url(f"/c/{quote(category.slug or '-')}/{category.id}"),
        )

    def messages(self) -> Forum:
        """The place of private messages, which are in no category."""
        url = self._url("/my/messages")
        return Forum(self.names.messages, "Messages", position=1_000_000, private=True, url=url, messages=True)

    def thread(
        self, topic: TopicP, *, author: UserP | None = None, first_post: int | None = None, complete: bool = False
    ) -> Thread:
        """A topic's head; ``author`` is who opened it, where that is known."""
        opened = author.id if author is not None else opener(topic)
        details = topic.details if isinstance(topic, TopicPageP) else None
        return Thread(
            id=self.names.ref(Kind.THREAD, topic.id),
            forum=self.names.forum(topic.category_id, topic.archetype),
            title=topic.title,
            author=self.names.member(opened),
            author_name=author.username or None if author is not None else None,
            created_at=utc(topic.created_at),
            last_post_at=maybe_utc(topic.last_posted_at),
            post_count=topic.posts_count,
            view_count=topic.views,
            first_post=self.names.maybe(Kind.POST, first_post),
            locked=topic.closed or topic.archived,
            pinned=topic.pinned or topic.pinned_globally,
            hidden=not topic.visible or topic.deleted_at is not None,
            complete=complete,
            permitted=permitted_in_thread(details, marks=offers_mark(topic)) if details is not None else None,
            url=self._url(f"/t/{quote(topic.slug or '-')}/{topic.id}"),
        )

    def post(self, post: PostP, *, forum: Ref | None, thread: Ref | None = None, reply_to: int | None = None) -> Post:
        """A post. One that is hidden or deleted, which only staff can read, is hidden here; whatever is not certainly
        for all is for the staff alone.
        """
        edited = post.version > 1 and post.updated_at is not None
        return Post(
            id=self.names.ref(Kind.POST, post.id),
            thread=thread or self.names.maybe(Kind.THREAD, post.topic_id),
            forum=forum,
            author=self.names.member(post.user_id),
            author_name=post.username or None,
            created_at=utc(post.created_at),
            body_html=post.cooked,
            body=post.raw,
            edited_at=maybe_utc(post.updated_at) if edited else None,
            reply_to=self.names.maybe(Kind.POST, reply_to),
            position=post.post_number,
            hidden=post.hidden or post.user_deleted or post.deleted_at is not None,
            votes=_likes(post.actions_summary),
            url=self._url(f"/t/{quote(post.topic_slug or '-')}/{post.topic_id}/{post.post_number}"),
            staff_only=not counted(post),
            marks=_marks(post),
        )

    def event(self, post: PostP, thread: Ref) -> ThreadEvent | None:
        """What a small action says was done to its thread, where that matters here."""
        deed = _DEEDS.get(post.action_code or "")
        return ThreadEvent(thread, deed, utc(post.created_at)) if deed is not None and not shown(post) else None

    def _url(self, path: str) -> str:
        return self._base + path


_OFFERS_MARK = re.compile(rb'"can_accept_answer"\s*:\s*true')


def offers_mark(topic: TopicP) -> bool:
    """True where the account may mark an answer among the posts that came along (plugin Solved)."""
    posts = topic.post_stream.posts if isinstance(topic, TopicPageP) else ()
    return any(_OFFERS_MARK.search(bytes(post)) for post in posts)


def opener(topic: TopicP) -> int | None:
    """Who opened a topic: its page says so, a list names the posters, the opener first."""
    if isinstance(topic, TopicPageP):
        return topic.user_id
    first = topic.posters[0] if isinstance(topic.posters, list) and topic.posters else None
    found = first.get("user_id") if isinstance(first, dict) else None
    return found if isinstance(found, int) else None


def tags_of(topic: TopicP) -> tuple[str, ...]:
    """Names of a topic's tags: objects since 2026, plain strings before."""
    return _names(topic.tags)


def tag_ids(topic: TopicP) -> dict[str, int] | None:
    """Ids of a topic's tags by name; ``None`` on a release that knows tags as plain strings only."""
    tags = topic.tags if isinstance(topic.tags, list) else []
    if any(isinstance(tag, str) for tag in tags):
        return None
    named = [tag for tag in tags if isinstance(tag, dict) and isinstance(tag.get("id"), int)]
    return {str(tag.get("name")): tag["id"] for tag in named}


def _names(values: Any) -> tuple[str, ...]:
    names = (
        [value.get("name") if isinstance(value, dict) else value for value in values or ()] if _is_list(values) else []
    )
    return tuple(name for name in names if isinstance(name, str))


def _is_list(values: Any) -> bool:
    return isinstance(values, list)


def _marks(post: PostP) -> tuple[Mark, ...]:
    told = {
        Mark.NOTE: post.post_type == _NOTE,
        Mark.AUTOMATIC: post.user_id is not None and post.user_id <= 0,
        Mark.ANSWER: post.accepted_answer is True,
    }
    return tuple(mark for mark, so in told.items() if so)


def _since(at: Any, until: Any) -> bool | None:
    """Suspended or silenced: true with an end or a beginning; unknown where the server tells neither."""
    return True if at is not None or until is not None else None


def _likes(summary: Any) -> int:
    for one in summary if isinstance(summary, list) else ():
        if isinstance(one, dict) and one.get("id") == _LIKE and isinstance(one.get("count"), int):
            return int(one["count"])
    return 0


def _extra(user: UserP) -> dict[str, str]:
    known = {"full_name": user.name, "trust_level": user.trust_level, "silenced_count": user.silenced_count}
    known["suspended_count"] = user.suspended_count
    return {name: str(value) for name, value in known.items() if value not in (None, "")}
