"""What surrounds the data of a page-API answer: who is logged in, address, template, crumbs (recordings)."""

from sync.sandbox.nodebb import show_members
from sync.sandbox.nodebb.answers import Answer, bare, body_class
from sync.sandbox.nodebb.call import Call
from sync.sandbox.nodebb.wire import Json
from sync.sandbox.state import members

_GUEST = {"uid": 0, "username": "[[global:guest]]", "picture": "", "icon:text": "?", "icon:bgColor": "#aaa"}


def page(call: Call, template: str, data: Json, *crumbs: str) -> Answer:
    """The data with its decoration, as one JSON document."""
    members.seen(call.state, call.uid)
    user = show_members.full(call.state, call.me) if call.logged_in else _GUEST
    decoration: Json = {
        "breadcrumbs": data.get("breadcrumbs") or breadcrumbs(call, *crumbs),
        "loggedIn": call.logged_in,
        "loggedInUser": user,
        "relative_path": "",
        "template": {"name": template, template: True},
        "url": data.get("url") or call.page_path,
        "bodyClass": body_class(call).replace("page-status", f"template-{template.replace('/', '-')} page-status"),
        "_header": {"tags": {"meta": [], "link": []}},
        "widgets": {},
    }
    answer = bare(data | decoration)
    if call.logged_in:
        answer.headers["cache-control"] = "private"
    return answer


def breadcrumbs(call: Call, *titles: str) -> list[Json]:
    """Home, then the given titles."""
    return [{"text": "[[global:home]]", "url": call.base_url}, *({"text": title} for title in titles)]
