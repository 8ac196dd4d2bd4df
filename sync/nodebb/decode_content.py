"""Categories, topics, posts and users of NodeBB as forums, threads, posts and members."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from moderation.content import Forum, Mark, Member, Notification, Post, Thread
from moderation.ids import Kind, Ref
from sync.nodebb.decode import maybe_moment, moment, title_of, unescaped
from sync.nodebb.decode_items import name_of
from sync.nodebb.ids import CHATS, WORLD, Namer, Native
from sync.nodebb.payloads import CategoryP, MessageP, NotificationP, PostP, RoomP, TopicP, UserP


class Decoder:
    """Turns payloads of one community into content."""

    def __init__(self, names: Namer, base_url: str) -> None:
        self.names = names
        self._base = base_url.rstrip("/")

    def member(self, user: UserP) -> Member:
        """A member; ``None`` where this endpoint does not tell."""
        groups = user.groupTitleArray if isinstance(user.groupTitleArray, list) else []
        return Member(
            id=self.names.ref(Kind.MEMBER, user.uid),
            name=name_of(user) or str(user.uid),
            slug=user.userslug,
            joined_at=maybe_moment(user.joindate),
            last_seen=maybe_moment(user.lastonline),
            post_count=user.postcount,
            thread_count=user.topiccount,
            reputation=user.reputation,
            report_count=user.flags,
            banned=user.banned,
            banned_until=maybe_moment(user.banned_until) if user.banned else None,
            muted=user.muted,
            muted_until=maybe_moment(user.mutedUntil) if user.muted else None,
            groups=tuple(name for name in groups if isinstance(name, str)),
            url=self._url(f"/user/{quote(user.userslug)}") if user.userslug else None,
        )

    def forum(self, category: CategoryP, *, private: bool | None, moderators: tuple[Ref, ...] | None) -> Forum:
        """A category."""
        return Forum(
            id=self.names.ref(Kind.FORUM, category.cid),
            name=unescaped(category.name),
            parent=self.names.maybe(Kind.FORUM, category.parentCid),
            description=unescaped(category.description or ""),
            position=category.order or 0,
            private=private,
            thread_count=category.topic_count or 0,
            post_count=category.post_count or 0,
            moderators=moderators,
            url=self._url(f"/category/{quote(category.slug)}") if category.slug else None,
            elsewhere=str(category.cid) == WORLD,
        )

    def thread(self, topic: TopicP, *, complete: bool = False, permitted: tuple[str, ...] | None = None) -> Thread:
        """A topic's head."""
        author = topic.user or topic.author
        return Thread(
            id=self.names.ref(Kind.THREAD, topic.tid),
            forum=self.names.maybe(Kind.FORUM, topic.cid),
            title=title_of(topic),
            author=self.names.member(topic.uid),
            author_name=name_of(author),
            created_at=moment(topic.timestamp, "$.timestamp"),
            last_post_at=maybe_moment(topic.lastposttime),
            post_count=topic.postcount,
            view_count=topic.viewcount,
            first_post=self.names.maybe(Kind.POST, topic.mainPid),
            locked=topic.locked,
            pinned=topic.pinned,
            hidden=topic.deleted,
            complete=complete,
            permitted=permitted,
            url=self._url(f"/topic/{quote(str(topic.slug or topic.tid))}"),
        )

    def post(self, post: PostP, *, forum: Ref | None, position: int, raw: bool = False) -> Post:
        """A post. ``raw``: its content is what the author typed (``/api/v3/posts``), else it is rendered."""
        editor = post.editor.get("uid") if isinstance(post.editor, dict) else post.editor
        text = post.content or ""
        return Post(
            id=self.names.ref(Kind.POST, post.pid),
            thread=self.names.maybe(Kind.THREAD, post.tid),
            forum=forum,
            author=self.names.member(post.uid),
            author_name=name_of(post.user),
            created_at=moment(post.timestamp, "$.timestamp"),
            body_html="" if raw else text,
            body=text if raw else None,
            edited_at=maybe_moment(post.edited),
            editor=self.names.member(editor if isinstance(editor, int | str) else None),
            reply_to=self.names.maybe(Kind.POST, post.toPid),
            position=position,
            hidden=post.deleted,
            votes=post.votes or 0,
            url=self._url(f"/post/{quote(str(post.pid), safe='')}"),
            marks=(Mark.AUTOMATIC,) if str(post.uid).startswith("-") else (),
        )

    def chats(self) -> Forum:
        """The place of chat rooms, which are in no category."""
        ref = self.names.ref(Kind.FORUM, CHATS)
        url = self._url("/chats")
        return Forum(ref, "Chats", position=1_000_000, private=True, moderators=(), url=url, messages=True)

    def room(self, room: RoomP, lines: Sequence[Post]) -> Thread:
        """A chat room as a thread of its lines; all of them, as far as this account may read them."""
        at = [line.created_at for line in lines]
        return Thread(
            id=self.names.room(room.roomId or 0),
            forum=self.names.ref(Kind.FORUM, CHATS),
            title=unescaped(room.roomName or ""),
            author=None,
            author_name=None,
            created_at=moment(room.timestamp, "$.timestamp"),
            last_post_at=max(at, default=None),
            post_count=len(lines),
            first_post=lines[0].id if lines else None,
            complete=True,
            url=self._url(f"/chats/{room.roomId}"),
        )

    def line(self, room: Native, message: MessageP, position: int) -> Post:
        """A line in a chat room as a post."""
        return Post(
            id=self.names.line(room, message.mid or 0),
            thread=self.names.room(room),
            forum=self.names.ref(Kind.FORUM, CHATS),
            author=self.names.member(message.fromuid),
            author_name=name_of(message.fromUser),
            created_at=moment(message.timestamp, "$.timestamp"),
            body_html=message.content or "",
            edited_at=maybe_moment(message.edited),
            position=position,
            hidden=message.deleted,
            url=self._url(f"/chats/{room}"),
        )

    def notification(self, told: NotificationP) -> Notification:
        """A notification and what it is about."""
        return Notification(told.nid, told.type or "", moment(told.datetime, "$.datetime"), self._about(told))

    def _about(self, told: NotificationP) -> Ref | None:
        path = (told.path or "").strip("/").split("/")
        if len(path) >= 2 and path[0] == "flags" and path[1].isdigit():
            return self.names.ref(Kind.FLAG, path[1])
        if len(path) >= 2 and path[0] == "post-queue":
            return self.names.ref(Kind.HELD, path[1])
        return self.names.maybe(Kind.POST, told.pid) or self.names.maybe(Kind.THREAD, told.tid)

    def _url(self, path: str) -> str:
        return self._base + path


_PERMITTED: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("topics:reply", ("reply",)),
    ("isAdminOrMod", ("hide", "restore", "edit", "lock", "unlock", "pin", "x:unpin", "move")),
    ("purge", ("purge",)),
)


def permitted_in_thread(privileges: Mapping[str, Any]) -> tuple[str, ...]:
    """Slugs of what the reading account may do in a thread, from the ``privileges`` of its page."""
    return tuple(slug for right, slugs in _PERMITTED if privileges.get(right) is True for slug in slugs)
