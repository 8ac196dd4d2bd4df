"""Bans, mutes and accounts (NodeBB 4.15.1, observed: API.md section 4)."""

from sync.sandbox.state import items, rights
from sync.sandbox.state.records import GLOBAL_MODERATORS, Member, Penalty
from sync.sandbox.state.refusal import Reason, Refused
from sync.sandbox.state.store import State, slug_of


def ban(state: State, by: int, target: int, until: int, reason: str, settle: bool = True) -> None:
    """Ban until a time, 0 for good; global moderators and administrators, never an administrator.

    Resolves the item about the account, unless without `settle`.
    """
    rights.demand(rights.is_above(state, by))
    _check_not_admin(state, target, Reason.ADMIN_BAN)
    member = state.member(target)
    member.banned_until, member.ban_reason = until, reason
    _record(state, member, Penalty("ban", by, state.clock.tick(), until, reason))
    about = state.tables.items.get(member.item)
    if settle and about is not None and about.kind == "user":
        items.change(state, by, about, "resolved", None)


def unban(state: State, by: int, target: int, reason: str) -> None:
    """End a ban."""
    rights.demand(rights.is_above(state, by))
    member = state.member(target)
    member.banned_until, member.ban_reason = None, ""
    _record(state, member, Penalty("unban", by, state.clock.tick(), 0, reason))


def mute(state: State, by: int, target: int, until: int, reason: str, by_moderators: bool = False) -> None:
    """Silence until a time, 0 for good; by default only administrators hold this right."""
    rights.demand(_may_mute(state, by, by_moderators))
    _check_not_admin(state, target, Reason.ADMIN_MUTE)
    member = state.member(target)
    member.muted_until, member.mute_reason = until, reason
    _record(state, member, Penalty("mute", by, state.clock.tick(), until, reason))


def unmute(state: State, by: int, target: int, reason: str, by_moderators: bool = False) -> None:
    """End a mute."""
    rights.demand(_may_mute(state, by, by_moderators))
    member = state.member(target)
    member.muted_until, member.mute_reason = None, ""
    _record(state, member, Penalty("unmute", by, state.clock.tick(), 0, reason))


def register(state: State, name: str, fullname: str = "", **fields: object) -> Member:
    """Add an account. A taken name is not refused but gets a number (API.md section 9)."""
    free, n = name, -1
    while slug_of(free) in state.tables.slugs:
        n += 1
        free = f"{name} {n}"
    now = state.clock.now()
    member = Member(state.number("member"), free, slug_of(free), fullname, now)
    for key, value in fields.items():
        setattr(member, key, value)
    member.last_online = member.last_online or member.joined
    state.tables.members[member.id] = member
    state.tables.slugs[member.slug] = member.id
    return member


def join(state: State, member: Member, group_name: str, owner: bool = False) -> None:
    """Put a member into a group; global moderators get every right in every forum through theirs."""
    group = state.tables.groups[group_name]
    if member.id not in group.members:
        group.members.append(member.id)
        member.groups = (*member.groups, group_name)
    if owner:
        group.owners = (*group.owners, member.id)


def seen(state: State, member: int) -> None:
    """Remember presence, at most every five minutes, so that answers stay the same in between."""
    account, now = state.tables.members.get(member), state.clock.now()
    if account is not None and now - account.last_online >= 300_000:
        account.last_online = now


def rank(state: State, member: int) -> str:
    """A word for logs: admin, gmod, mod or member."""
    if rights.is_admin(state, member):
        return "admin"
    if GLOBAL_MODERATORS in state.member(member).groups:
        return "gmod"
    return "mod" if rights.moderated_forums(state, member) else "member"


def _may_mute(state: State, by: int, by_moderators: bool) -> bool:
    return rights.is_above(state, by) if by_moderators else rights.is_admin(state, by)


def _check_not_admin(state: State, target: int, reason: Reason) -> None:
    if rights.is_admin(state, state.member(target).id):
        raise Refused(reason)


def _record(state: State, member: Member, penalty: Penalty) -> None:
    member.penalties = (penalty, *member.penalties)
    state.effect(penalty.by, penalty.kind, f"member:{member.id}", until=penalty.until, reason=penalty.reason)
