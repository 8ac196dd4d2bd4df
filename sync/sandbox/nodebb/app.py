"""The ASGI application: from a request on the socket to an answer in NodeBB's shape."""

import asyncio
import json
from email.utils import formatdate

from starlette.requests import Request
from starlette.responses import Response

from sync.sandbox import control
from sync.sandbox.asgi import PROXY_PAGE, Receive, Scope, Send, hang_up
from sync.sandbox.community import SampleCommunity
from sync.sandbox.faults import Fault
from sync.sandbox.nodebb import (  # noqa: F401 - importing registers their routes
    answers,
    categories,
    chats,
    flags,
    groups,
    lists,
    notifications,
    pages,
    posts,
    queue,
    searching,
    site,
    topic_page,
    topics,
    uploads,
    users,
)
from sync.sandbox.nodebb.answers import Answer
from sync.sandbox.nodebb.bodies import Unreadable, read
from sync.sandbox.nodebb.call import Call, Internal, Missing, parse_query
from sync.sandbox.nodebb.identity import identify
from sync.sandbox.nodebb.leaks import leaking
from sync.sandbox.nodebb.routes import Route, look_up
from sync.sandbox.nodebb.texts import text
from sync.sandbox.nodebb.wire import etag
from sync.sandbox.state import rights
from sync.sandbox.state.refusal import Refused

CONTROL = "/sandbox/control"
_STORED_400 = '"arguments[3]" must be of type "string | Buffer", got object instead.'


class NodebbApp:
    """One community behind one address. Requests run on the event loop one after another, as in Node."""

    def __init__(self, community: SampleCommunity, control_secret: str = "") -> None:
        self.community = community
        self._secret = control_secret
        self._posting: set[int] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            return
        request = Request(scope, receive)
        raw = await request.body()
        if request.url.path == CONTROL and self._secret:
            await _respond(self._control(request, raw), request, self.community)(scope, receive, send)
            return
        fault = self._fault(request)
        if fault is not None and fault.kind == "drop_before":
            hang_up(send)
            return
        answer = await self._answer(request, raw, fault)
        if fault is not None and fault.kind == "drop_after":
            hang_up(send)
            return
        await _respond(answer, request, self.community)(scope, receive, send)

    def _fault(self, request: Request) -> Fault | None:
        with self.community.state.lock:
            token = request.headers.get("authorization", "").removeprefix("Bearer ")
            user = self.community.state.tokens.get(token, 0)
            return self.community.faults.take(request.method, request.url.path, user)

    async def _answer(self, request: Request, raw: bytes, fault: Fault | None) -> Answer:
        if fault is not None:
            instead = await _instead(fault)
            if instead is not None:
                return instead
        answer = await self._serve(request, raw)
        return _spoil(answer, fault) if fault is not None else answer

    async def _serve(self, request: Request, raw: bytes) -> Answer:
        service = self.community.service
        if service.service_time_ms:
            await asyncio.sleep(service.service_time_ms / 1000)
        call = _call(self.community, request)
        if call.method == "OPTIONS":
            return answers.plain(200, "GET,HEAD,POST,PUT,DELETE", "text/html; charset=utf-8")
        found = look_up("GET" if call.method == "HEAD" else call.method, call.path)
        service.requests[f"{call.method} {found[0].template if found else call.path}"] += 1
        try:
            call.body = read(raw, call.headers.get("content-type", ""))
        except Unreadable as trouble:
            return answers.broken(call, str(trouble))
        with self.community.state.lock:
            early = self._check(call, found[0] if found else None)
        if early is not None or found is None:
            return early or answers.not_found(call)
        call.params = found[1]
        if found[0].posts and call.uid:
            return await self._one_at_a_time(call, found[0])
        return self._run(call, found[0])

    def _check(self, call: Call, route: Route | None) -> Answer | None:
        if route is None:
            return answers.not_found(call)
        early = identify(call)
        if early is not None:
            return early
        closed = call.state.settings.maintenance and not route.open
        if closed and not rights.is_above(call.state, call.uid):
            return _closed(call)
        if _is_page(call, route) and call.uid in call.state.tables.members and rights.is_banned(call.state, call.uid):
            return answers.sent_to(call, "/")
        if route.login and not call.logged_in:
            return answers.not_logged_in(call)
        return None

    async def _one_at_a_time(self, call: Call, route: Route) -> Answer:
        """A post takes a moment, in which a second one by the same account is refused."""
        if call.uid in self._posting:
            return topics.already_posting(call)
        self._posting.add(call.uid)
        try:
            await asyncio.sleep(self.community.service.posting_time_ms / 1000)
            return self._run(call, route)
        finally:
            self._posting.discard(call.uid)

    def _run(self, call: Call, route: Route) -> Answer:
        with self.community.state.lock:
            try:
                if self.community.service.leaks_at(call.path):
                    return leaking(call, route.handler)
                return route.handler(call)
            except Missing as lack:
                return answers.missing(call, lack.names)
            except Internal as trouble:
                return answers.error(400, str(trouble))
            except Refused as refused:
                return answers.refusal(call, refused)

    def _control(self, request: Request, raw: bytes) -> Answer:
        if request.method != "POST" or request.headers.get("x-control-secret") != self._secret:
            return answers.plain(404, "Not Found")
        try:
            with self.community.state.lock:
                return answers.bare(control.perform(self.community, json.loads(raw)))
        except (control.Unknown, Refused, ValueError, KeyError, TypeError) as trouble:
            return answers.bare({"error": f"{type(trouble).__name__}: {trouble}"}, 400)


def _call(community: SampleCommunity, request: Request) -> Call:
    headers = {name.lower(): value for name, value in request.headers.items()}
    query = parse_query(request.url.query)
    call = Call(community, request.method, request.scope["path"], query, headers, f"http://{headers.get('host', '')}")
    call.path = request.scope.get("raw_path", b"").decode("latin-1") or call.path
    if call.path.startswith("/api"):
        query.setdefault("lang", answers.language(call))
    return call


def _is_page(call: Call, route: Route) -> bool:
    """Page-API routes; banned members are led to the front page instead."""
    return call.path.startswith("/api/") and not call.is_write_api and not route.open


def _closed(call: Call) -> Answer:
    if call.is_write_api:
        return answers.error(503, text("api.503", answers.language(call)))
    if call.path.startswith("/api/"):
        return answers.bare({"site_title": call.state.settings.title}, 503)
    return answers.plain(503, "Maintenance", "text/html; charset=utf-8")


def _respond(answer: Answer, request: Request, community: SampleCommunity) -> Response:
    headers = {"Content-Type": answer.content_type, "X-Powered-By": "NodeBB", **answer.headers}
    headers["Date"] = formatdate(community.clock.now() / 1000, usegmt=True)
    status, body = answer.status, answer.body
    if "cookie" not in request.headers and "Set-Cookie" not in headers:
        # Any call opens a log-in that is destroyed after the answer: sending the cookie back is harmless.
        headers["Set-Cookie"] = "express.sid=s%3Agone.after-this-answer; Path=/; HttpOnly; SameSite=Lax"
    if answer.tagged:
        headers["ETag"] = etag(body)
        fresh = request.headers.get("if-none-match", "") in (headers["ETag"], "*")
        if status == 200 and request.method in ("GET", "HEAD") and fresh:
            status, body = 304, b""
            headers.pop("Content-Type")
    return Response(body, status, headers)


async def _instead(fault: Fault) -> Answer | None:
    """What is answered without doing anything; None if the request is to be served."""
    if fault.seconds:
        await asyncio.sleep(fault.seconds)
    if fault.kind == "proxy_502":
        return answers.plain(502, PROXY_PAGE.format("502 Bad Gateway"), "text/html")
    if fault.kind == "too_many":
        answer = answers.error(429, text("api.429", "en-GB"))
        answer.headers["Retry-After"] = str(int(fault.seconds) or 1)
        return answer
    if fault.kind == "status":
        known = text(f"api.{fault.status}", "en-GB")
        return answers.error(fault.status, known)
    return None


def _spoil(answer: Answer, fault: Fault) -> Answer:
    """The answer to a request that was served, as it arrives."""
    if fault.kind == "proxy_504":
        return answers.plain(504, PROXY_PAGE.format("504 Gateway Time-out"), "text/html")
    if fault.kind == "stored_400":
        return answers.error(400, _STORED_400)
    if fault.kind == "garbage":
        return Answer(answer.status, answer.body[: len(answer.body) // 2], answer.content_type)
    return answer
