"""The ASGI application: from a request on the socket to an answer in Discourse's shape."""

import asyncio
import json
from contextlib import suppress
from email.utils import formatdate

from starlette.requests import Request
from starlette.responses import Response

from sync.sandbox import control
from sync.sandbox.asgi import PROXY_PAGE, Receive, Scope, Send, hang_up
from sync.sandbox.community import SampleCommunity
from sync.sandbox.discourse import (  # noqa: F401 - importing registers their routes
    answers,
    assigning,
    bus_pages,
    categories,
    claims,
    explorer_pages,
    filter_page,
    group_pages,
    key_pages,
    limits,
    message_lists,
    moving,
    notification_pages,
    outside,
    penalty_pages,
    perform,
    post_changes,
    private,
    report_pages,
    review_lists,
    revision_pages,
    search_pages,
    site_pages,
    solved,
    topic_changes,
    topic_levels,
    topic_lists,
    topic_pages,
    upload_pages,
    user_pages,
    writing,
)
from sync.sandbox.discourse.answers import Answer, Problem, Sent
from sync.sandbox.discourse.bodies import body_of, parameters
from sync.sandbox.discourse.call import Call
from sync.sandbox.discourse.identity import demand_login, forged, identify
from sync.sandbox.discourse.routes import Route, look_up
from sync.sandbox.discourse.wire import encode, in_header, username
from sync.sandbox.faults import Fault
from sync.sandbox.leaks import an_administrator, nothing_hidden
from sync.sandbox.state.refusal import Refused

CONTROL = "/sandbox/control"
_STEP = 0.05


class DiscourseApp:
    """One community behind one address. Requests run on the event loop one after another."""

    def __init__(self, community: SampleCommunity, control_secret: str = "") -> None:
        self.community = community
        self._secret = control_secret

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            return
        request = Request(scope, receive)
        raw = await request.body()
        if request.url.path == CONTROL and self._secret:
            await _response(self._control(request, raw), self.community, request.method)(scope, receive, send)
            return
        fault = self._fault(request)
        if fault is not None and fault.kind == "drop_before":
            hang_up(send)
            return
        answer = await self._answer(request, raw, fault)
        if fault is not None and fault.kind == "drop_after":
            hang_up(send)
            return
        await _response(answer, self.community, request.method)(scope, receive, send)

    def _fault(self, request: Request) -> Fault | None:
        with self.community.state.lock:
            key = self.community.discourse.user_keys.get(request.headers.get("user-api-key", ""))
            return self.community.faults.take(request.method, request.url.path, key.user if key else 0)

    async def _answer(self, request: Request, raw: bytes, fault: Fault | None) -> Answer:
        instead = await _instead(fault) if fault is not None else None
        if instead is not None:
            return instead
        answer = await self._serve(request, raw)
        return _spoil(answer, fault) if fault is not None else answer

    async def _serve(self, request: Request, raw: bytes) -> Answer:
        service = self.community.service
        if service.service_time_ms:
            await asyncio.sleep(service.service_time_ms / 1000)
        call = _call(self.community, request, raw)
        found = look_up("GET" if call.method == "HEAD" else call.method, call.path)
        service.requests[f"{call.method} {found[0].template if found else call.path}"] += 1
        with self.community.state.lock:
            over = limits.count(call)
        return over or await self._in_time(call, found, request)

    async def _in_time(self, call: Call, found: tuple[Route, dict[str, str]] | None, request: Request) -> Answer:
        """The answer; asked for again while the handler has patience, something changes, and somebody waits."""
        state, clock = self.community.state, asyncio.get_running_loop()
        start = clock.time()
        while True:
            with state.lock:
                topic_changes.run_timers(state)
                version, call.patience = state.version, 0.0
                answer = self._run(call, found)
            while not call.patience or state.version == version:
                if clock.time() >= start + call.patience or await request.is_disconnected():
                    return answer
                with suppress(asyncio.CancelledError):  # the server closes: its connections are cut already
                    await asyncio.sleep(_STEP)

    def _run(self, call: Call, found: tuple[Route, dict[str, str]] | None) -> Answer:
        try:
            answer = _handled(call, found)
        except Sent as sent:
            answer = sent.answer
        except Problem as trouble:
            in_words = found is not None and found[0].name == bus_pages.ROUTE
            answer = answers.plain(trouble.status, "Forbidden") if in_words else answers.problem(call, trouble)
        except Refused as refused:
            answer = answers.refusal(call, refused)
        if call.uid in call.state.tables.members:
            answer.headers["X-Discourse-Username"] = in_header(username(call.me), call.settings.encoded_names)
        answer.headers["X-Discourse-Route"] = found[0].name if found else "exceptions/not_found"
        return answer

    def _control(self, request: Request, raw: bytes) -> Answer:
        if request.method != "POST" or request.headers.get("x-control-secret") != self._secret:
            return answers.plain(404, "Not Found")
        try:
            with self.community.state.lock:
                return answers.ok(control.perform(self.community, json.loads(raw)))
        except (control.Unknown, Refused, ValueError, KeyError, TypeError) as trouble:
            return Answer(400, encode({"error": f"{type(trouble).__name__}: {trouble}"}))


def _handled(call: Call, found: tuple[Route, dict[str, str]] | None) -> Answer:
    identify(call)
    if call.community.service.leaks_at(call.path):
        call.uid = an_administrator(call.state)
        with nothing_hidden(call.state):
            return _served(call, found)
    return _served(call, found)


def _served(call: Call, found: tuple[Route, dict[str, str]] | None) -> Answer:
    if found is None:
        return answers.not_found(call) if call.as_json else answers.page("Not found", status=404)
    route, call.params = found
    csrf = forged(call, route.keyless)
    if csrf is not None:
        return csrf
    if call.settings.login_required and not route.text and call.path != "/site/basic-info":
        if not call.uid and not call.as_json and call.method in ("GET", "HEAD"):
            return answers.redirect(call, "/login", 302)
        demand_login(call)
    if route.login:
        demand_login(call)
    if call.method not in ("GET", "HEAD") and not route.keyless and _closed(call):
        answer = answers.error(call, 503, "read_only", "read_only")
        answer.headers["Discourse-Readonly"] = "true"
        return answer
    if not call.as_json and not route.text and call.method in ("GET", "HEAD"):
        return outside.drawn(call, route)
    return route.handler(call)


def _closed(call: Call) -> bool:
    return call.settings.read_only or call.state.settings.maintenance


def _call(community: SampleCommunity, request: Request, raw: bytes) -> Call:
    headers = {name.lower(): value for name, value in request.headers.items()}
    path = request.scope.get("raw_path", b"").decode("latin-1") or request.url.path
    subfolder = community.discourse.settings.subfolder.rstrip("/")
    # Outside of its folder a site does not exist: such a path matches no route.
    path = path.removeprefix(subfolder) if path.startswith(f"{subfolder}/") else f"/-{path}"
    as_json = path.endswith(".json") or "application/json" in headers.get("accept", "")
    base = f"http://{headers.get('host', '')}{subfolder}"
    ip = request.client.host if request.client else ""
    given = body_of(raw, headers.get("content-type", ""))
    query = parameters(request.url.query)
    return Call(community, request.method, path.removesuffix(".json"), query, headers, base, as_json, given, ip=ip)


def _response(answer: Answer, community: SampleCommunity, method: str) -> Response:
    headers = {"Content-Type": answer.content_type, "Cache-Control": "no-cache, no-store", **answer.headers}
    headers["Date"] = formatdate(community.clock.now() / 1000, usegmt=True)
    return Response(answer.body, answer.status, headers)


async def _instead(fault: Fault) -> Answer | None:
    """What is answered without doing anything; None if the request is to be served."""
    if fault.seconds:
        await asyncio.sleep(fault.seconds)
    if fault.kind == "proxy_502":
        return answers.plain(502, PROXY_PAGE.format("502 Bad Gateway"), "text/html")
    if fault.kind == "too_many":
        wait = int(fault.seconds) or 1
        words = f"Slow down, you're making too many requests.\nPlease retry again in {wait} seconds.\n"
        answer = answers.plain(429, f"{words}Error code: ip_10_secs_limit.\n", "text/plain")
        answer.headers |= {"Retry-After": str(wait), "Discourse-Rate-Limit-Error-Code": "ip_10_secs_limit"}
        return answer
    if fault.kind == "status":
        return Answer(fault.status, encode({"errors": ["An error occurred."]}))
    return None


def _spoil(answer: Answer, fault: Fault) -> Answer:
    """The answer to a request that was served, as it arrives."""
    if fault.kind == "proxy_504":
        return answers.plain(504, PROXY_PAGE.format("504 Gateway Time-out"), "text/html")
    if fault.kind in ("garbage", "stored_400"):
        return Answer(answer.status, answer.body[: len(answer.body) // 2], answer.content_type)
    return answer
