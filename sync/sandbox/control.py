"""The control endpoint's verbs: what a test or a demo in another process may order.

`POST /sandbox/control` with the header `X-Control-Secret` and a JSON object; it exists only where the server was
started with a secret, and no connector knows of it.
"""

from collections.abc import Callable
from typing import Any

from sync.sandbox.community import SampleCommunity
from sync.sandbox.faults import Fault
from sync.sandbox.state import facts, members
from sync.sandbox.state.records import STAFF
from sync.sandbox.state.store import Settings

Json = dict[str, Any]
Verb = Callable[[SampleCommunity, Json], object]


class Unknown(Exception):  # noqa: N818 - reads as what happened
    """No such verb."""


def perform(community: SampleCommunity, order: Json) -> object:
    """Carry out one order: `{"do": verb, ...}`."""
    verb = VERBS.get(str(order.get("do")))
    if verb is None:
        raise Unknown(f"{order.get('do')}; known: {', '.join(sorted(VERBS))}")
    return verb(community, {key: value for key, value in order.items() if key != "do"})


def _report(community: SampleCommunity, order: Json) -> Json:
    return {"flag": community.report(order["user"], order["post"], order.get("reason", "Spam")).id}


def _decide_as(community: SampleCommunity, order: Json) -> Json:
    community.decide_as(order["user"], order["flag"], order.get("state"), order.get("assignee"))
    return {}


def _reply_as(community: SampleCommunity, order: Json) -> Json:
    return {"pid": community.reply_as(order["user"], order["thread"], order["text"]).id}


def _thread_as(community: SampleCommunity, order: Json) -> Json:
    thread = community.open_thread_as(order["user"], order["forum"], order["title"], order["text"])
    return {"tid": thread.id, "pid": thread.posts[0]}


def _hold_as(community: SampleCommunity, order: Json) -> Json:
    return {"id": community.hold_as(order["user"], order["thread"], order["text"]).id}


def _register(community: SampleCommunity, order: Json) -> Json:
    return {"uid": community.register(order.pop("user"), **order)}


def _token(community: SampleCommunity, order: Json) -> Json:
    return {"token": community.token_for(order["user"]) if order.get("user") else community.master_token()}


def _key(community: SampleCommunity, order: Json) -> Json:
    return {"key": community.user_key_for(order["user"])}


def _admin_key(community: SampleCommunity, order: Json) -> Json:
    return {"key": community.admin_key(order.get("user", ""))}


def _agree(community: SampleCommunity, order: Json) -> Json:
    return {"agreed": community.agree_to_key(order["user_code"], order.get("user", ""))}


def _discourse(community: SampleCommunity, order: Json) -> Json:
    """Settings of the Discourse face."""
    for name, value in order.items():
        if not hasattr(community.discourse.settings, name):
            raise ValueError(f"unknown setting: {name}")
        setattr(community.discourse.settings, name, value)
    return {}


def _revoke_token(community: SampleCommunity, order: Json) -> Json:
    token = order.get("token") or community.token_for(order["user"])
    return {"revoked": community.revoke_token(token)}


def _stray(community: SampleCommunity, order: Json) -> Json:
    community.stray_flag(order["flag"], order["state"])
    return {}


def _maintenance(community: SampleCommunity, order: Json) -> Json:
    community.maintenance(bool(order["on"]))
    return {}


def _settings(community: SampleCommunity, order: Json) -> Json:
    for name, value in order.items():
        if not hasattr(Settings(), name):
            raise ValueError(f"unknown setting: {name}")
        setattr(community.state.settings, name, value)
    return {}


def _service(community: SampleCommunity, order: Json) -> Json:
    service = community.service
    service.service_time_ms = float(order.get("service_time_ms", service.service_time_ms))
    service.posting_time_ms = float(order.get("posting_time_ms", service.posting_time_ms))
    return {"service_time_ms": service.service_time_ms, "posting_time_ms": service.posting_time_ms}


def _fault(community: SampleCommunity, order: Json) -> Json:
    community.fault(Fault(**order))
    return {}


def _no_faults(community: SampleCommunity, order: Json) -> Json:
    community.faults.orders.clear()
    return {}


def _requests(community: SampleCommunity, order: Json) -> Json:
    counts = dict(community.service.requests)
    if order.get("reset"):
        community.service.requests.clear()
    return {"total": sum(counts.values()), "by_path": counts}


def _snapshot(community: SampleCommunity, order: Json) -> Json:
    return community.snapshot()


def _counts(community: SampleCommunity, order: Json) -> Json:
    return dict(facts.counts(community.state))


def _staff(community: SampleCommunity, order: Json) -> Json:
    """Who works there: accounts of the staff, with their names."""
    listed = community.state.tables.groups[STAFF].members
    people = [community.state.member(uid) for uid in listed]
    return {"staff": [{"uid": one.id, "user": one.name, "name": one.fullname or one.name} for one in people]}


def _effects(community: SampleCommunity, order: Json) -> Json:
    return {"effects": community.effects(int(order.get("since", 0)))}


def _save_backup(community: SampleCommunity, order: Json) -> Json:
    community.save_backup(order.get("name", "backup"))
    return {}


def _restore_backup(community: SampleCommunity, order: Json) -> Json:
    community.restore_backup(order.get("name", "backup"))
    return {}


def _advance(community: SampleCommunity, order: Json) -> Json:
    community.clock.advance(float(order["seconds"]))
    return {"now": community.clock.now()}


def _set_ban(community: SampleCommunity, order: Json) -> Json:
    by, target = community.uid(order["user"]), community.uid(order["member"])
    if order.get("on", True):
        members.ban(community.state, by, target, int(order.get("until", 0)), order.get("reason", ""))
    else:
        members.unban(community.state, by, target, order.get("reason", ""))
    return {}


VERBS: dict[str, Verb] = {
    "report": _report,
    "decide_as": _decide_as,
    "reply_as": _reply_as,
    "thread_as": _thread_as,
    "hold_as": _hold_as,
    "register": _register,
    "ban_as": _set_ban,
    "token": _token,
    "revoke_token": _revoke_token,
    "key": _key,
    "admin_key": _admin_key,
    "agree": _agree,
    "discourse": _discourse,
    "stray": _stray,
    "maintenance": _maintenance,
    "settings": _settings,
    "service": _service,
    "fault": _fault,
    "no_faults": _no_faults,
    "requests": _requests,
    "snapshot": _snapshot,
    "counts": _counts,
    "staff": _staff,
    "effects": _effects,
    "save_backup": _save_backup,
    "restore_backup": _restore_backup,
    "advance": _advance,
}
