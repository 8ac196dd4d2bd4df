"""How members and groups look on the wire."""

from dataclasses import dataclass
from typing import Any

from sync.sandbox.discourse.extras import extras
from sync.sandbox.discourse.wire import Json, iso, maybe_iso, until_iso, username
from sync.sandbox.state import rights
from sync.sandbox.state.records import ADMINS, GLOBAL_MODERATORS, STAFF, Member
from sync.sandbox.state.store import State

SYSTEM = -1
_TRUST = (1, 3, 50, 200)
_TEAM = 41


@dataclass(frozen=True, slots=True)
class GroupHere:
    """A group as this platform has it. `source` is the group's name in the community, empty for one made of others."""

    id: int
    name: str
    full: str
    automatic: bool
    source: str
    members: tuple[int, ...]
    owners: tuple[int, ...] = ()


def trust_level(state: State, member: Member) -> int:
    """0 to 4; staff and the team stand above."""
    if rights.is_above(state, member.id) or STAFF in member.groups:
        return 4
    return sum(member.reputation >= least for least in _TRUST[:3]) if member.posts else 0


def avatar(name: str) -> str:
    """The template of a picture's address."""
    return f"/letter_avatar_proxy/v4/letter/{name[:1].lower()}/ce7236/{{size}}.png"


def basic(state: State, uid: int) -> Json:
    """A byline."""
    member = state.tables.members.get(uid)
    if member is None:
        name = "system" if uid == SYSTEM else f"gone{uid}"
        return {"id": uid, "username": name, "name": name, "avatar_template": avatar(name)}
    name = username(member)
    return {"id": uid, "username": name, "name": member.fullname or None, "avatar_template": avatar(name)}


def reviewed(state: State, uid: int) -> Json:
    """The author of something under review, with counts."""
    member = state.tables.members.get(uid)
    if member is None:
        return basic(state, uid) | {"custom_fields": {}}
    held = sum(q.held.author == uid and q.status == 2 for q in extras(state).queued.values())
    return basic(state, uid) | {
        "can_delete_all_posts": member.posts < 20,
        "can_be_deleted": member.posts < 5,
        "post_count": member.posts,
        "topic_count": member.threads,
        "custom_fields": {},
        **_flag_counts(state, uid),
        "created_at": iso(member.joined),
        "trust_level": trust_level(state, member),
        **_penalty_counts(member),
        "rejected_posts_count": held,
    }


def rank(state: State, uid: int) -> Json:
    """The fields that say who belongs to the house."""
    member = state.tables.members.get(uid)
    if member is None:
        return {"moderator": True, "admin": True, "staff": True, "trust_level": 4}
    admin, moderator = rights.is_admin(state, uid), rights.is_global_moderator(state, uid)
    level = trust_level(state, member)
    return {"moderator": moderator, "admin": admin, "staff": admin or moderator, "trust_level": level}


def flair(state: State, uid: int) -> Json:
    """Primary group and flair: the team's, or none."""
    member = state.tables.members.get(uid)
    team = member is not None and STAFF in member.groups
    return {
        "primary_group_name": team_name() if team else None,
        "flair_name": team_name() if team else None,
        "flair_url": "shield-halved" if team else None,
        "flair_bg_color": "0088CC" if team else None,
        "flair_color": "FFFFFF" if team else None,
        "flair_group_id": _TEAM if team else None,
    }


def title(state: State, uid: int) -> str | None:
    """The title beside the name."""
    member = state.tables.members.get(uid)
    return state.tables.groups[STAFF].title if member is not None and STAFF in member.groups else None


def team_name() -> str:
    """The name of the team's group; `staff` is taken by the platform itself."""
    return "quillby_team"


def groups(state: State) -> list[GroupHere]:
    """All groups, automatic ones first."""
    tables = state.tables.groups
    admins = tuple(tables[ADMINS].members) if ADMINS in tables else ()
    moderators = tuple(tables[GLOBAL_MODERATORS].members) if GLOBAL_MODERATORS in tables else ()
    found = [
        GroupHere(1, "admins", "Administrators", True, ADMINS, admins),
        GroupHere(2, "moderators", "Moderators", True, GLOBAL_MODERATORS, moderators),
        GroupHere(3, "staff", "Staff", True, "", tuple(dict.fromkeys((*admins, *moderators)))),
    ]
    others = [group for name, group in tables.items() if name not in (ADMINS, GLOBAL_MODERATORS)]
    for place, group in enumerate(others):
        name = team_name() if group.name == STAFF else group.slug.replace("-", "_")
        full = group.title or group.name
        found.append(GroupHere(_TEAM + place, name, full, False, group.name, tuple(group.members), group.owners))
    return found


def group(state: State, name: str) -> GroupHere | None:
    """A group by name, whose case does not matter."""
    return next((one for one in groups(state) if one.name.lower() == name.lower()), None)


def groups_of(state: State, uid: int) -> list[GroupHere]:
    """The groups of a member."""
    return [one for one in groups(state) if uid in one.members]


def basic_group(one: GroupHere, uid: int = 0) -> Json:
    """A group in lists."""
    return {
        "id": one.id,
        "automatic": one.automatic,
        "name": one.name,
        "display_name": one.name,
        "user_count": len(one.members),
        "mentionable_level": 4 if one.source and not one.automatic else 0,
        "messageable_level": 4 if one.source and not one.automatic else 0,
        "visibility_level": 0,
        "primary_group": False,
        "title": one.full,
        "grant_trust_level": None,
        "has_messages": not one.automatic,
        "flair_url": None if one.automatic else "shield-halved",
        "flair_bg_color": None if one.automatic else "0088CC",
        "flair_color": None if one.automatic else "FFFFFF",
        "bio_cooked": None,
        "bio_excerpt": None,
        "public_admission": False,
        "public_exit": False,
        "allow_membership_requests": False,
        "full_name": one.full,
        "default_notification_level": 3,
        "membership_request_template": None,
        "members_visibility_level": 0,
        "can_see_members": True,
        "can_admin_group": uid in one.owners,
        "publish_read_state": False,
    }


def penalties(member: Member, state: State) -> Json:
    """Suspension and silence as staff read them; absent facts are null."""
    now = state.clock.now()
    shown: Json = {}
    for word, until, kind in (("suspended", member.banned_until, "ban"), ("silenced", member.muted_until, "mute")):
        active = until is not None and (until == 0 or until > now)
        last: Any = next((p for p in member.penalties if p.kind == kind), None)
        shown[f"{word}_till"] = until_iso(until) if active else None
        shown[f"{word}_at"] = maybe_iso(last.at) if active and last else None
        shown[f"{word}_by"] = basic(state, last.by) if active and last else None
    shown["suspend_reason"] = member.ban_reason if shown["suspended_till"] else None
    shown["silence_reason"] = member.mute_reason if shown["silenced_till"] else None
    return shown | {"silenced": bool(shown["silenced_till"])}


def _penalty_counts(member: Member) -> Json:
    kinds = [penalty.kind for penalty in member.penalties]
    return {"silenced_count": kinds.count("mute"), "suspended_count": kinds.count("ban")}


def _flag_counts(state: State, uid: int) -> Json:
    outcomes = [state.tables.items[i] for i in state.tables.items_by_reporter.get(uid, ()) if i in state.tables.items]
    ignored = extras(state).ignored
    return {
        "flags_agreed": sum(item.state == "resolved" for item in outcomes),
        "flags_disagreed": sum(item.state == "dismissed" and item.id not in ignored for item in outcomes),
        "flags_ignored": sum(item.state == "dismissed" and item.id in ignored for item in outcomes),
    }
