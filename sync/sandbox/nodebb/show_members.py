"""Members as NodeBB 4.15.1 describes them in its different places (recordings)."""

import html

from sync.sandbox.nodebb.wire import Json, iso
from sync.sandbox.state import rights
from sync.sandbox.state.records import ADMINS, GLOBAL_MODERATORS, Group, Member
from sync.sandbox.state.store import State

_FOREVER = "[[user:info.banned-permanently]]"
_BACKGROUNDS = ("#f44336", "#e91e63", "#9c27b0", "#673ab7", "#3f51b5", "#2196f3", "#009688", "#1b5e20")
_NOBODY = {
    "uid": 0,
    "username": "[[global:former-user]]",
    "userslug": "",
    "picture": "",
    "icon:bgColor": "#aaa",
    "displayname": "[[global:former-user]]",
    "isLocal": True,
    "icon:text": "?",
}


def display_name(state: State, member: Member) -> str:
    """The full name where the community shows full names, else the account's name."""
    shown = member.fullname if state.settings.show_fullnames and member.fullname else member.name
    return html.escape(shown)


def brief(state: State, uid: int) -> Json:
    """The few fields beside a report, a note, a line of history, a teaser."""
    member = state.tables.members.get(uid)
    if member is None:
        return dict(_NOBODY)
    name = display_name(state, member)
    return {
        "uid": member.id,
        "username": member.name,
        "userslug": member.slug,
        "picture": None,
        "icon:bgColor": member.colour,
        "displayname": name,
        "isLocal": True,
        "icon:text": name[:1].upper(),
    }


def with_status(state: State, uid: int) -> Json:
    """Brief, and whether online."""
    return brief(state, uid) | {"status": status(state, uid)}


def reporter(state: State, uid: int) -> Json:
    """Brief, and reputation."""
    member = state.tables.members.get(uid)
    return brief(state, uid) | {"reputation": member.reputation if member else 0}


def held_author(state: State, uid: int) -> Json:
    """Beside a held post."""
    member = state.member(uid)
    counts = {"joindate": member.joined, "postcount": member.posts, "reputation": member.reputation}
    return brief(state, uid) | counts | {"joindateISO": iso(member.joined)}


def thread_author(state: State, uid: int) -> Json:
    """Beside a topic in a list."""
    member = state.tables.members.get(uid)
    if member is None:
        return dict(_NOBODY)
    counts = {"reputation": member.reputation, "postcount": member.posts}
    return with_status(state, uid) | counts | _ban(state, member)


def post_author(state: State, uid: int) -> Json:
    """Beside a post in a topic."""
    member = state.tables.members.get(uid)
    if member is None:
        return dict(_NOBODY)
    muted = member.muted_until is not None
    return thread_author(state, uid) | {
        "topiccount": member.threads,
        "signature": "",
        "banned:expire": member.banned_until or 0,
        "lastonline": member.last_online,
        "lastonlineISO": iso(member.last_online),
        "groupTitle": _group_title(member),
        "groupTitleArray": _title_groups(member),
        "muted": muted,
        "mutedUntil": member.muted_until or 0,
        "selectedGroups": [_badge(state, name) for name in _title_groups(member)],
        "custom_profile_info": [],
    }


def group_member(state: State, uid: int, group: Group) -> Json:
    """In a group's list."""
    member = state.member(uid)
    shown = with_status(state, uid) | _ban(state, member) | _times(member)
    shown |= {
        "postcount": member.posts,
        "reputation": member.reputation,
        "email": "",
        "email:confirmed": int(bool(member.email)),
        "flags": member.reported,
        "banned:expire": member.banned_until or 0,
        "fullname": member.fullname,
    }
    return shown | ({"isOwner": True} if uid in group.owners else {})


def full(state: State, member: Member) -> Json:
    """All common fields: an account looked up by id, an assignee, the one who is logged in."""
    muted = member.muted_until is not None
    return (
        with_status(state, member.id)
        | _ban(state, member)
        | _times(member)
        | _unset()
        | {
            "email": "",
            "email:confirmed": int(bool(member.email)),
            "fullname": member.fullname or None,
            "aboutme": member.about or None,
            "reputation": member.reputation,
            "postcount": member.posts,
            "topiccount": member.threads,
            "lastposttime": member.last_post,
            "banned:expire": member.banned_until or 0,
            "flags": member.reported,
            "groupTitle": _group_title(member),
            "groupTitleArray": _title_groups(member),
            "muted": muted,
            "mutedUntil": member.muted_until or 0,
            "mutedReason": member.mute_reason or None,
        }
    )


def former(uid: int) -> Json:
    """An id that belongs to nobody: still 200, with an empty account."""
    empty = dict.fromkeys(("joindate", "lastonline", "reputation", "postcount", "topiccount", "lastposttime"), 0)
    return (
        _NOBODY
        | _unset()
        | empty
        | {
            "email": "",
            "email:confirmed": 0,
            "fullname": "[[global:guest]]",
            "aboutme": None,
            "status": "offline",
            "flags": 0,
            "banned": False,
            "banned:expire": 0,
            "banned_until": 0,
            "banned_until_readable": _FOREVER,
            "groupTitle": "",
            "groupTitleArray": [],
            "muted": False,
            "mutedUntil": 0,
            "mutedReason": None,
            "joindateISO": "",
            "lastonlineISO": "",
            "oldUid": uid,
        }
    )


def account(state: State, member: Member, viewer: int) -> Json:
    """The account page's data; ranks are those of the viewer, not of the account."""
    above, admin = rights.is_above(state, viewer), rights.is_admin(state, viewer)
    own = viewer == member.id
    shown = full(state, member) | dict.fromkeys(("fullname", "birthday", "aboutme", "signature"), "")
    shown |= {"fullname": member.fullname, "aboutme": member.about, "email:confirmed": False}
    shown |= {"aboutmeParsed": f'<p dir="auto">{html.escape(member.about)}</p>\n' if member.about else "", "age": 0}
    shown |= _fixed()
    if above or own:
        shown["ips"] = [member.ip]
    groups = [group(state, state.tables.groups[name]) for name in member.groups]
    return shown | {
        "yourid": viewer,
        "theirid": member.id,
        "isTargetAdmin": ADMINS in member.groups and not own,
        "isAdmin": admin,
        "isGlobalModerator": rights.is_global_moderator(state, viewer),
        "isModerator": bool(rights.moderated_forums(state, viewer)),
        "isAdminOrGlobalModerator": above,
        "isAdminOrGlobalModeratorOrModerator": rights.is_privileged(state, viewer),
        "isSelfOrAdminOrGlobalModerator": above or own,
        "canEdit": above or own,
        "canBan": above and ADMINS not in member.groups,
        "canMute": admin and ADMINS not in member.groups,
        "canChangePassword": admin or own,
        "isSelf": own,
        "canChat": not own and viewer > 0 and not member.chat_closed,
        "showHidden": above or own,
        "groups": groups,
        "selectedGroup": groups[:1],
        "flagId": member.item or None,
        "profile_links": _links(member) if above or own else [],
        "counts": _counts(member, own),
    }


def group(state: State, group: Group) -> Json:
    """A group's own fields."""
    return {
        "name": group.name,
        "slug": group.slug,
        "createtime": group.created,
        "userTitle": group.title,
        "userTitleEnabled": 0 if group.system else 1,
        "description": group.description,
        "memberCount": len(group.members),
        "hidden": 0,
        "system": int(group.system),
        "private": 1,
        "disableJoinRequests": 1,
        "disableLeave": 0,
        "nameEncoded": group.name.replace(" ", "%20"),
        "displayName": group.name,
        "descriptionParsed": f'<p dir="auto">{html.escape(group.description)}</p>\n',
        "labelColor": "#000000",
        "textColor": "#ffffff",
        "icon": "",
        "createtimeISO": iso(group.created),
        "memberPostCids": "",
        "memberPostCidsArray": [],
        "cover:thumb:url": "/assets/images/cover-default.png",
        "cover:url": "/assets/images/cover-default.png",
        "cover:position": "50% 50%",
    }


def status(state: State, uid: int) -> str:
    """Online within the last five minutes counts."""
    member = state.tables.members.get(uid)
    fresh = member is not None and state.clock.now() - member.last_online < 300_000
    return "online" if fresh else "offline"


def _ban(state: State, member: Member) -> Json:
    until = member.banned_until or 0
    return {
        "banned": rights.is_banned(state, member.id),
        "banned_until": until,
        "banned_until_readable": iso(until) or _FOREVER,
    }


def _times(member: Member) -> Json:
    return {
        "joindate": member.joined,
        "joindateISO": iso(member.joined),
        "lastonline": member.last_online,
        "lastonlineISO": iso(member.last_online),
    }


def _unset() -> Json:
    return {
        "birthday": None,
        "signature": None,
        "uploadedpicture": None,
        "profileviews": 0,
        "followerCount": 0,
        "followingCount": 0,
        "cover:url": "/assets/images/cover-default.png",
        "cover:position": None,
    }


def _fixed() -> Json:
    return {
        "emailHidden": True,
        "emailClass": "",
        "isBlocked": False,
        "canFlag": True,
        "isFollowing": False,
        "isFollowPending": False,
        "hasPrivateChat": 0,
        "iconBackgrounds": list(_BACKGROUNDS),
        "allowProfilePicture": True,
        "allowCoverPicture": True,
        "allowProfileImageUploads": 1,
        "allowedProfileImageExtensions": ".png, .jpg, .bmp, .gif",
        "maximumProfileImageSize": 2048,
        "profileImageDimension": 200,
        "disableSignatures": False,
        "reputation:disabled": False,
        "downvote:disabled": False,
        "username:disableEdit": 0,
        "email:disableEdit": 0,
        "blocksCount": 0,
    }


def _title_groups(member: Member) -> list[str]:
    ranks = [name for name in member.groups if name in (ADMINS, GLOBAL_MODERATORS)]
    return (ranks or list(member.groups))[:1]


def _group_title(member: Member) -> str | None:
    titles = _title_groups(member)
    return f'["{titles[0]}"]' if titles else None


def _badge(state: State, name: str) -> Json:
    found = state.tables.groups[name]
    colours = {"labelColor": "#000000", "textColor": "#ffffff", "icon": ""}
    return {"name": found.name, "slug": found.slug, **colours, "userTitle": found.title}


def _counts(member: Member, own: bool) -> Json:
    counts = {"posts": member.posts, "topics": member.threads, "shares": 0, "groups": len(member.groups)}
    if own:
        watched = sum(level == 4 for level in member.watches.values())
        counts |= {"uploaded": 0, "categoriesWatched": watched, "tagsWatched": 0, "blocks": 0}
    return counts | {"following": 0, "followers": 0}


def _links(member: Member) -> list[Json]:
    return [_link(member, "info", "[[user:account-info]]", "fa-info", admin=True, info=True)]


def _link(member: Member, route: str, name: str, icon: str, *, admin: bool, info: bool) -> Json:
    nobody = dict.fromkeys(("self", "other", "moderator", "globalMod"), False)
    visibility = nobody | {"admin": admin, "canViewInfo": info}
    url = f"/user/{member.slug}/{route}"
    return {
        "id": route,
        "route": route,
        "name": name,
        "icon": icon,
        "visibility": visibility,
        "url": url,
        "public": True,
    }
