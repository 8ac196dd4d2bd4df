"""Penalties and what administrators and moderators read of accounts (`/admin/users`)."""

from collections.abc import Callable

from sync.sandbox.discourse import access, deeds, people
from sync.sandbox.discourse.answers import FORBIDDEN, Answer, Problem, ok
from sync.sandbox.discourse.call import Call
from sync.sandbox.discourse.routes import route
from sync.sandbox.discourse.wire import FOR_GOOD, Json, iso, maybe_iso, ms_of
from sync.sandbox.state import members, rights
from sync.sandbox.state.records import Member

_PAGE = 100


@route("PUT", "/admin/users/#id/suspend", "admin/users/suspend", login=True)
def suspend(call: Call) -> Answer:
    """Shut an account out until a time, with a reason; one that is out already is a conflict."""
    member = _target(call)
    until, reason = _until(call, "suspend_until"), _reason(call)
    if rights.is_banned(call.state, member.id):
        raise Problem(409, "already_suspended")
    members.ban(call.state, call.uid, member.id, until, reason, settle=False)
    _with_post(call)
    shown = people.penalties(member, call.state)
    keys = ("suspend_reason", "suspended_till", "suspended_at", "suspended_by")
    return ok({"suspension": {key: shown[key] for key in keys} | {"full_suspend_reason": reason}})


@route("PUT", "/admin/users/#id/unsuspend", "admin/users/unsuspend", login=True)
def unsuspend(call: Call) -> Answer:
    """Let an account in again."""
    member = _target(call)
    members.unban(call.state, call.uid, member.id, "")
    return ok({"suspension": {"suspended_till": None, "suspended_at": None}})


@route("PUT", "/admin/users/#id/silence", "admin/users/silence", login=True)
def silence(call: Call) -> Answer:
    """Keep an account from writing; without an end it is for good."""
    member = _target(call)
    until, reason = _until(call, "silenced_till") if call.text("silenced_till") else 0, _reason(call)
    if people.penalties(member, call.state)["silenced"]:
        raise Problem(409, "already_silenced")
    members.mute(call.state, call.uid, member.id, until, reason, by_moderators=True)
    _with_post(call)
    shown = people.penalties(member, call.state)
    keys = ("silenced", "silence_reason", "silenced_till", "silenced_at", "silenced_by")
    return ok({"silence": {key: shown[key] for key in keys} | {"full_silence_reason": reason}})


@route("PUT", "/admin/users/#id/unsilence", "admin/users/unsilence", login=True)
def unsilence(call: Call) -> Answer:
    """Let an account write again."""
    member = _target(call)
    members.unmute(call.state, call.uid, member.id, "", by_moderators=True)
    nothing = {"silence_reason": None, "silenced_till": None, "silenced_at": None}
    return ok({"unsilence": {"silenced": False, **nothing}})


@route("GET", "/admin/users/#id", "admin/users/show", login=True)
def show(call: Call) -> Answer:
    """An account as staff see it."""
    access.demand_staff(call)
    member = call.state.tables.members.get(call.id_of("id"))
    if member is None:
        raise Problem(404, "not_found", "not_found")
    may = not rights.is_privileged(call.state, member.id)
    shown = _row(call, member) | people.penalties(member, call.state) | {"can_suspend": may, "can_be_deleted": may}
    return ok(shown | {"ip_address": member.ip, "groups": [_named(g) for g in people.groups_of(call.state, member.id)]})


@route("GET", "/admin/users/list/:flag", "admin/users/index", login=True)
@route("GET", "/admin/users", "admin/users/index", login=True)
def index(call: Call) -> Answer:
    """Accounts by kind, a hundred a page."""
    access.demand_staff(call)
    flag, state = call.params.get("flag", "active"), call.state
    tests: dict[str, Callable[[Member], bool]] = {
        "staff": lambda m: rights.is_above(state, m.id),
        "suspended": lambda m: rights.is_banned(state, m.id),
        "silenced": lambda m: bool(people.penalties(m, state)["silenced"]),
        "new": lambda m: not m.posts,
        "staged": lambda m: False,
    }
    test = tests.get(flag)
    kept = [m for m in state.tables.members.values() if test is None or test(m)]
    name = call.text("filter").lower()
    kept = [m for m in kept if name in m.name.lower() or name in m.email.lower()]
    start = max(0, call.whole("page", 1) - 1) * _PAGE
    return ok([_row(call, member) for member in kept[start : start + _PAGE]])


def _target(call: Call) -> Member:
    """The account; those of the house cannot be punished."""
    access.demand_staff(call)
    member = call.state.tables.members.get(call.id_of("id"))
    if member is None:
        raise Problem(404, "not_found", "not_found")
    if rights.is_above(call.state, member.id):
        raise FORBIDDEN
    return member


def _until(call: Call, name: str) -> int:
    """An end that was sent; what lies a thousand years ahead is for good, which the state writes as 0."""
    if not call.text(name):
        raise Problem(400, "missing_parameter", "", name)
    until = ms_of(call.text(name))
    if until is None or until <= call.state.clock.now():
        raise Problem(400, "invalid_parameters", "invalid_parameters", name)
    return 0 if until >= FOR_GOOD - 7_000 * 365 * 86_400_000 else until


def _reason(call: Call) -> str:
    reason = call.text("reason").strip()
    if not reason:
        raise Problem(400, "missing_parameter", "", "reason")
    return reason


def _with_post(call: Call) -> None:
    """What is to become of the post that gave rise to it."""
    post = access.find_post(call.state, call.whole("post_id"))
    action = call.text("post_action")
    if post is None or action not in ("delete", "delete_replies"):
        return
    if action == "delete_replies":
        deeds.delete_answers(call.state, call.uid, post)
    deeds.delete(call.state, call.uid, post)


def _row(call: Call, member: Member) -> Json:
    rank, now = people.rank(call.state, member.id), call.state.clock.now()
    age = {"last_seen_age": now - member.last_online, "created_at_age": now - member.joined}
    return people.basic(call.state, member.id) | {
        "email": member.email,
        "secondary_emails": [],
        "active": True,
        "admin": rank["admin"],
        "moderator": rank["moderator"],
        "last_seen_at": maybe_iso(member.last_online),
        "last_emailed_at": None,
        "created_at": iso(member.joined),
        **{key: value / 1000 for key, value in age.items()},
        "last_emailed_age": None,
        "trust_level": rank["trust_level"],
        "manual_locked_trust_level": None,
        "title": people.title(call.state, member.id),
        "time_read": 0,
        "staged": False,
        "days_visited": 0,
        "posts_read_count": 0,
        "topics_entered": 0,
        "post_count": member.posts,
    }


def _named(group: people.GroupHere) -> Json:
    return {"id": group.id, "name": group.name, "automatic": group.automatic}
