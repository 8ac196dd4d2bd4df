"""Categories as NodeBB 4.15.1 describes them (recordings)."""

import html

from sync.sandbox.nodebb import show_threads
from sync.sandbox.nodebb.wire import Json
from sync.sandbox.state import following, rights
from sync.sandbox.state.records import IGNORING, NOT_WATCHING, TRACKING, WATCHING, Forum
from sync.sandbox.state.store import State


def full(state: State, forum: Forum) -> Json:
    """All fields of a category; counts of subforums are in the totals."""
    threads, posts = len(forum.created), forum.posts
    below = [state.tables.forums[ident] for ident in following.family(state, forum.id)]
    return {
        "cid": forum.id,
        "name": forum.name,
        "handle": forum.handle,
        "description": forum.description,
        "icon": forum.icon,
        "bgColor": forum.colour,
        "color": "#ffffff",
        "slug": forum.slug,
        "parentCid": forum.parent,
        "topic_count": threads,
        "post_count": posts,
        "disabled": int(forum.disabled),
        "order": forum.order,
        "link": forum.link,
        "numRecentReplies": 1,
        "class": "col-md-3 col-6",
        "imageClass": "cover",
        "isSection": 0,
        "subCategoriesPerPage": 10,
        "minTags": 0,
        "maxTags": state.settings.most_tags,
        "postQueue": 1,
        "totalPostCount": sum(f.posts for f in below),
        "totalTopicCount": sum(len(f.created) for f in below),
        "nickname": "",
        "url": "",
        "descriptionParsed": parsed(forum),
        "tagWhitelist": [],
    }


def of_topic(forum: Forum) -> Json:
    """Beside a topic in a list."""
    return {
        "cid": forum.id,
        "name": forum.name,
        "slug": forum.slug,
        "icon": forum.icon,
        "backgroundImage": None,
        "imageClass": "cover",
        "bgColor": forum.colour,
        "color": "#ffffff",
        "disabled": 0,
    }


def of_post(forum: Forum) -> Json:
    """Beside a single post."""
    shown = of_topic(forum) | {"parentCid": forum.parent}
    shown.pop("disabled")
    return shown


def with_teaser(state: State, forum: Forum, viewer: int, unread: frozenset[int]) -> Json:
    """In the list of all categories: children, newest post, whether it is among the `unread` forums."""
    shown = full(state, forum)
    shown["children"] = [with_teaser(state, child, viewer, unread) for child in children(state, forum, viewer)]
    fresh = forum.id in unread
    shown |= {"unread": fresh, "unread-class": "unread" if fresh else ""}
    shown["posts"] = newest_post(state, forum, viewer)
    if shown["posts"]:
        shown["teaser"] = _teaser(shown["posts"][0])
    return shown


def unread_forums(state: State, viewer: int) -> frozenset[int]:
    """Forums with something new for the viewer."""
    return frozenset(state.tables.threads[ident].forum for ident in following.unread(state, viewer))


def children(state: State, forum: Forum, viewer: int) -> list[Forum]:
    """Subforums that the viewer may find, in order."""
    return [f for f in ordered(state) if f.parent == forum.id and rights.may(state, viewer, f.id, "find")]


def ordered(state: State) -> list[Forum]:
    """All forums in their order."""
    return sorted(state.tables.forums.values(), key=lambda f: (f.order, f.id))


def tree(state: State, viewer: int) -> list[tuple[Forum, int]]:
    """Forums that the viewer may find with their depth, parents before children."""
    found: list[tuple[Forum, int]] = []

    def walk(parent: int, depth: int) -> None:
        for forum in ordered(state):
            if forum.parent == parent and rights.may(state, viewer, forum.id, "find"):
                found.append((forum, depth))
                walk(forum.id, depth + 1)

    walk(0, 0)
    return found


def newest_post(state: State, forum: Forum, viewer: int) -> list[Json]:
    """The newest post of the freshest readable thread, here or in a subforum, as a list of at most one."""
    threads = [state.tables.threads[t] for f in following.family(state, forum.id) for t in _fresh(state, f)]
    for thread in sorted(threads, key=lambda t: -t.last_at):
        teaser = show_threads.teaser(state, thread) if rights.readable(state, viewer, thread) else None
        if teaser is not None:
            topic = {"tid": thread.id, "slug": thread.slug, "title": thread.title}
            return [teaser | {"cid": thread.forum, "topic": topic}]
    return []


def watch(state: State, forum: int, member: int) -> Json:
    """The four booleans of a member's level."""
    level = following.level(state, member, forum)
    return {
        "isWatched": level == WATCHING,
        "isTracked": level == TRACKING,
        "isNotWatched": level == NOT_WATCHING,
        "isIgnored": level == IGNORING,
    }


def watched(state: State, forum: Forum, depth: int, member: int) -> Json:
    """In a member's list of categories."""
    return {
        "cid": forum.id,
        "name": forum.name,
        "level": "&nbsp;&nbsp;&nbsp;&nbsp;" * depth,
        "depth": depth,
        "icon": forum.icon,
        "parentCid": forum.parent,
        "color": "#ffffff",
        "bgColor": forum.colour,
        "imageClass": "cover",
        "descriptionParsed": parsed(forum),
        "slug": forum.slug,
        **watch(state, forum.id, member),
    }


def selected(state: State, idents: list[int], viewer: int) -> tuple[list[int], Json | None]:
    """The categories a list is filtered by: ids, and one description for all."""
    cids = [i for i in idents if i in state.tables.forums and rights.may(state, viewer, i, "find")]
    if len(cids) > 1:
        return cids, {"icon": "fa-plus", "name": "[[unread:multiple-categories-selected]]", "bgColor": "#ddd"}
    return cids, full(state, state.forum(cids[0])) if cids else None


def privileges(state: State, forum: int, viewer: int) -> Json:
    """What the viewer may do in the category."""
    rules = rights.rules(state, viewer, forum)
    names = ("topics:create", "topics:read", "topics:schedule", "topics:tag", "read", "posts:view_deleted")
    allowed = {name: rights.may(state, viewer, forum, name) for name in names}
    return allowed | {
        "cid": str(forum),
        "uid": viewer,
        "editable": rules,
        "view_deleted": rules or allowed["posts:view_deleted"],
        "view_scheduled": rules,
        "isAdminOrMod": rules,
        "disabled": 0,
    }


def parsed(forum: Forum) -> str:
    """The description as HTML."""
    return f'<p dir="auto">{html.escape(forum.description)}</p>\n'


def _teaser(post: Json) -> Json:
    keys = ("timestampISO", "pid", "tid", "index", "topic", "user")
    return {"url": f"/post/{post['pid']}"} | {key: post[key] for key in keys}


def _fresh(state: State, forum: int) -> list[int]:
    return state.tables.forums[forum].recent.newest(0, 20)
