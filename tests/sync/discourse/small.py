"""A Discourse as small as one can be that still remembers: for what has to be pulled whole and written to.

Its oddities are those of API keys and of the review queue; content is next to none.
"""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.sync.discourse import made

Row = dict[str, Any]
MODERATOR, COLLEAGUE, MEMBER, OTHER = 4, 9, 58, 57
USERS = {MODERATOR: "mara_vell", COLLEAGUE: "tom_brine", MEMBER: "piet.oak", OTHER: "rosa_finch"}
STAFF = frozenset({MODERATOR, COLLEAGUE})
KEYS = {f"key-of-{user:04d}-0123456789": user for user in USERS}
_PENALTIES = {"suspend": ("suspended", "suspend_until"), "silence": ("silenced", "silenced_till")}


class RefusedError(Exception):
    """An answer that is none of success."""

    def __init__(self, status: int, kind: str | None = None) -> None:
        super().__init__(status)
        self.status = status
        self.kind = kind


class Small:
    """The state, and hands on it."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.numbers = count(1000)
        self.topics: dict[int, Row] = {}
        self.posts: dict[int, Row] = {}
        self.items: dict[int, Row] = {}
        self.people: dict[int, Row] = {user: {"id": user, "username": name} for user, name in USERS.items()}
        self.lose: str | None = None
        self.calls: list[tuple[str, str, Row]] = []
        self._last = datetime.now(UTC) - timedelta(minutes=1)
        for _ in range(12):
            self.reported()
        for _ in range(3):
            self.held()
        self.message(MODERATOR, OTHER, "A message of long ago")

    def now(self) -> str:
        """The time, which only grows."""
        self._last = max(self._last + timedelta(milliseconds=1), datetime.now(UTC))
        return self._last.isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def topic(self, user: int, archetype: str = "regular") -> Row:
        """An empty topic."""
        native, at = next(self.numbers), self.now()
        self.topics[native] = made.topic(
            native, title=f"Kettle number {native}", slug="kettle", posts_count=0, created_at=at, bumped_at=at,
            archetype=archetype, category_id=5 if archetype == "regular" else None, user_id=user, tags=[],
            posters=[{"user_id": user}], readers=[user], groups=[], slow_mode_seconds=0, topic_timer=None,
        )  # fmt: skip
        return self.topics[native]

    def post(self, topic: int, user: int, raw: str, **facts: Any) -> Row:
        """A post at the end of a topic."""
        native, at, head = next(self.numbers), self.now(), self.topics[topic]
        number = 1 + max((post["post_number"] for post in self.stream(topic)), default=0)
        self.posts[native] = made.post(
            native, topic_id=topic, post_number=number, user_id=user, username=USERS[user], raw=raw.strip(),
            cooked=f"<p>{raw}</p>", created_at=at, updated_at=at, category_id=head["category_id"], **facts,
        )  # fmt: skip
        if self.posts[native]["post_type"] == 1:
            head["posts_count"] += 1
            head["last_posted_at"] = head["bumped_at"] = at
        return self.posts[native]

    def stream(self, topic: int) -> list[Row]:
        """All posts of a topic."""
        return [post for post in self.posts.values() if post["topic_id"] == topic]

    def message(self, user: int, reader: int, raw: str, **facts: Any) -> Row:
        """A private message."""
        head = self.topic(user, "private_message") | facts
        self.topics[head["id"]] = head
        head["readers"] = [user, reader]
        return self.post(head["id"], user, raw)

    def thread(self) -> Row:
        """A topic with its first post."""
        head = self.topic(MEMBER)
        self.post(head["id"], MEMBER, "Who knows kettles?")
        return head

    def reported(self) -> Row:
        """A post that somebody has flagged."""
        head = self.thread()
        post = self.post(head["id"], MEMBER, "Something to report")
        return self._item("ReviewableFlaggedPost", head, post, {})

    def held(self) -> Row:
        """A post that waits for approval."""
        return self._item("ReviewableQueuedPost", self.thread(), None, {"raw": "A first post, held"})

    def _item(self, kind: str, head: Row, post: Row | None, payload: Row) -> Row:
        native = next(self.numbers)
        self.items[native] = {
            "id": native, "type": kind, "status": 0, "version": 0, "created_at": self.now(), "post": post,
            "topic": head, "payload": payload, "histories": [], "notes": [], "claimed": None,
            "score": next(self.numbers),
        }  # fmt: skip
        self.history(self.items[native], 0, OTHER)
        return self.items[native]

    def history(self, item: Row, kind: int, user: int) -> None:
        """An entry of an item's history."""
        entry = {"id": next(self.numbers), "created_at": self.now(), "reviewable_history_type": kind}
        item["histories"].append(entry | {"status": item["status"], "created_by_id": user})

    def decide(self, item: Row, user: int, status: int) -> None:
        """Somebody decides."""
        item["status"], item["version"] = status, item["version"] + 1
        self.history(item, 1, user)
        item["claimed"] = None

    @property
    def pending(self) -> list[Row]:
        """What waits, newest first."""
        return [item for item in reversed(self.items.values()) if item["status"] == 0]

    def part(self, item: Row) -> Row:
        """An item as it goes over the wire."""
        held = item["post"] is None
        offers = [("approve_post", "Approve", None), ("reject_post", "Reject", None)] if held else made.ACTIONS
        base = made.queued(item["id"]) if held else made.flagged(item["id"], offers)
        post = {} if held else {"post_id": item["post"]["id"], "target_id": item["post"]["id"],
                                "raw": item["post"]["raw"], "post_version": item["post"]["version"]}  # fmt: skip
        score = base["reviewable_scores"][0] | {"id": item["score"], "created_at": item["created_at"]}
        base["reviewable"] |= post | {
            "status": item["status"], "version": item["version"], "created_at": item["created_at"],
            "topic_id": item["topic"]["id"], "reviewable_score_ids": [item["score"]],
            "reviewable_history_ids": [entry["id"] for entry in item["histories"]],
            "reviewable_note_ids": [note["id"] for note in item["notes"]],
            "claimed_by_id": 1 + item["id"] if item["claimed"] else None,
        }  # fmt: skip
        if held:
            base["reviewable"]["payload"] = item["payload"]
        if item["status"]:
            base["reviewable"]["bundled_action_ids"] = []
        claims = [{"id": 1 + item["id"], "user_id": item["claimed"]}] if item["claimed"] else []
        return base | {
            "reviewable_scores": [score], "reviewable_histories": item["histories"], "reviewable_notes": item["notes"],
            "claimed_bies": claims, "topics": [made.topic(item["topic"]["id"])],
        }  # fmt: skip


class Call:
    """One request: who asks what."""

    def __init__(self, small: Small, method: str, address: str, user: int | None, body: Row) -> None:
        self.small, self.method, self.body = small, method, body
        self.path, self.query = urlsplit(address).path, parse_qs(urlsplit(address).query)
        self.user = user or 0
        self.words = self.path.removesuffix(".json").strip("/").split("/")

    def answer(self) -> Any:
        """The document; ``None`` for an empty body."""
        if self.path == "/site/basic-info.json":
            return {"title": "Small", "login_required": False, "logo_url": "/logo.png"}
        if not self.user:
            raise RefusedError(403, "not_logged_in")
        first = self.words[0]
        if first in {"review", "admin", "reviewable_claimed_topics"} and self.user not in STAFF:
            raise RefusedError(403, "invalid_access")
        found: Callable[[], Any] | None = getattr(self, f"_{first.replace('-', '_')}", None)
        if found is None:
            raise RefusedError(404, "not_found")
        return found()

    def _session(self) -> Any:
        staff = self.user in STAFF
        return made.session(self.user, USERS[self.user], moderator=staff, can_review=staff)

    def _about(self) -> Any:
        return {"about": {"version": "2026.8.0"}}

    def _site(self) -> Any:
        names = {5: "Kettles", 6: "Lids"}
        return {"categories": [{"id": n, "name": name, "read_restricted": False} for n, name in names.items()]}

    def _review(self) -> Any:
        if self.words == ["review", "count"]:
            return {"count": len(self.small.pending)}
        if len(self.words) == 1:
            return self._review_page()
        item = self._one(self.small.items, 1)
        if len(self.words) == 2:
            return self._edit_item(item) if self.method == "PUT" else made.shown(self.small.part(item))
        if self.words[2] == "notes":
            note = {"id": next(self.small.numbers), "created_at": self.small.now(), "user": {"id": self.user}}
            item["notes"].append(note | self.body["reviewable_note"])
            return item["notes"][-1]
        return self._perform(item, self.words[3])

    def _review_page(self) -> Any:
        offset, ids = int(self.query.get("offset", ["0"])[0]), self.query.get("ids[]")
        rows = self.small.pending
        if self.query["status"] == ["reviewed"]:
            rows = [item for item in self.small.items.values() if item["status"]]
        if ids:
            rows = [item for item in self.small.items.values() if str(item["id"]) in ids]
        if "username" in self.query:
            rows = []
        more = "/review?offset=1" if len(rows) > offset + 10 else None
        return made.review(*map(self.small.part, rows[offset : offset + 10]), more=more)

    def _edit_item(self, item: Row) -> Any:
        self._check_version(item)
        item["payload"] |= self.body["reviewable"]["payload"]
        item["version"] += 1
        return {"payload": item["payload"], "version": item["version"]}

    def _perform(self, item: Row, name: str) -> Any:
        if item["claimed"] not in (None, self.user):
            raise RefusedError(422)
        if item["status"]:
            raise RefusedError(403, "invalid_access")
        self._check_version(item)
        if name == "agree_and_hide":
            item["post"]["hidden"] = True
        status = 2 if name in {"disagree", "reject_post"} else 3 if name.startswith("ignore") else 1
        self.small.decide(item, self.user, status)
        result = {"success": True, "transition_to_id": status, "version": item["version"]}
        return {"reviewable_perform_result": result}

    def _check_version(self, item: Row) -> None:
        if "version" not in self.query:
            raise RefusedError(422)
        if self.query["version"] != [str(item["version"])]:
            raise RefusedError(409)

    def _reviewable_claimed_topics(self) -> Any:
        claims = self.method == "POST"
        topic = self.body["reviewable_claimed_topic"]["topic_id"] if claims else int(self.words[1])
        for item in self.small.items.values():
            if item["topic"]["id"] == topic:
                if claims and item["claimed"] not in (None, self.user):
                    raise RefusedError(409)
                item["claimed"] = self.user if claims else None
                self.small.history(item, 3 if claims else 4, self.user)
        return {"success": "OK"}

    def _latest(self) -> Any:
        rows = [topic for topic in self.small.topics.values() if topic["archetype"] == "regular"]
        return self._list(sorted(rows, key=lambda topic: topic["bumped_at"], reverse=True))

    def _topics(self) -> Any:
        private = [topic for topic in self.small.topics.values() if topic["archetype"] != "regular"]
        mine = [topic for topic in private if self.user in topic["readers"]]
        return self._list(mine if self.words[1] == "private-messages" else [])

    def _list(self, rows: list[Row]) -> Any:
        start = 30 * int(self.query.get("page", ["0"])[0])
        more = {"more_topics_url": "/latest?page=1"} if len(rows) > start + 30 else {}
        listed = [{name: row[name] for name in row if name != "topic_timer"} for row in rows[start : start + 30]]
        users = [{"id": user, "username": name} for user, name in USERS.items()]
        return {"users": users, "topic_list": {"topics": listed, **more}}

    def _posts(self) -> Any:
        if self.method == "POST":
            return self._create()
        if len(self.words) == 1:
            return {"latest_posts": self._feed(private=False)}
        post = self._one(self.small.posts, 1)
        if self.method == "GET":
            return post
        if self.method == "DELETE":
            post["deleted_at"] = self.small.now()
        elif len(self.words) == 3:
            post |= {"hidden": False, "deleted_at": None}
        else:
            self._edit_post(post)
            return {"post": post}
        return None

    def _edit_post(self, post: Row) -> None:
        if self.body["post"].get("original_text") not in (None, post["raw"]):
            raise RefusedError(409)
        post |= {"raw": self.body["post"]["raw"], "version": post["version"] + 1, "updated_at": self.small.now()}

    def _private_posts(self) -> Any:
        return {"private_posts": self._feed(private=True)}

    def _feed(self, private: bool) -> list[Row]:
        before = int(self.query.get("before", ["9999999"])[0])
        rows = [post for post in self.small.posts.values() if post["id"] < before and post["post_type"] == 1
                and (self.small.topics[post["topic_id"]]["archetype"] != "regular") is private
                and (not private or self.user in self.small.topics[post["topic_id"]]["readers"])]  # fmt: skip
        return sorted(rows, key=lambda post: post["id"], reverse=True)[:50]

    def _create(self) -> Any:
        body = self.body
        if body.get("archetype") == "private_message":
            names = {name: user for user, name in USERS.items()}
            post = self.small.message(self.user, names[body["target_recipients"]], body["raw"])
        else:
            kind = {"post_type": 4} if body.get("whisper") else {}
            post = self.small.post(body["topic_id"], self.user, body["raw"], **kind)
        return {"action": "create_post", "post": post, "success": True} if body.get("nested_post") else post

    def _t(self) -> Any:
        if self.words[1] == "-":
            return self._update(self._one(self.small.topics, 2))
        topic = self._one(self.small.topics, 1)
        if self.method == "GET":
            return self._page(topic)
        verb = "_".join(self.words[2:]).replace("-", "_")
        return {"success": "OK"} if (told := getattr(self, f"_topic_{verb}")(topic)) is None else told

    def _page(self, topic: Row) -> Any:
        stream = self.small.stream(topic["id"])
        if self.words[2:] == ["posts"]:
            wanted = [int(one) for one in self.query["post_ids[]"]]
            return {"post_stream": {"posts": [self.small.posts[one] for one in wanted]}, "id": topic["id"]}
        rights = dict.fromkeys(("can_create_post", "can_edit", "can_close_topic", "can_convert_topic"), True)
        readers = [{"id": user, "username": USERS[user]} for user in topic["readers"]]
        groups = [{"id": 40, "name": name} for name in topic["groups"]]
        details = {"allowed_users": readers, "allowed_groups": groups} if topic["archetype"] != "regular" else {}
        by = {"id": topic["user_id"], "username": USERS[topic["user_id"]]}
        posts = {"posts": stream[:20], "stream": [post["id"] for post in stream]}
        return topic | {"post_stream": posts, "details": rights | details | {"created_by": by}}

    def _update(self, topic: Row) -> Any:
        if "category_id" in self.body:
            topic["category_id"] = self.body["category_id"]
        if "tags" in self.body:
            topic["tags"] = [{"id": 1, "name": tag["name"]} for tag in self.body["tags"]]
        return {"basic_topic": {"id": topic["id"]}}

    def _topic_status(self, topic: Row) -> None:
        on = self.body["enabled"] == "true"
        topic[self.body["status"]] = on
        code = f"{self.body['status']}.{'enabled' if on else 'disabled'}"
        self.small.post(topic["id"], self.user, "", post_type=3, action_code=code)

    def _topic_slow_mode(self, topic: Row) -> Any:
        topic["slow_mode_seconds"] = self.body["seconds"]

    def _topic_timer(self, topic: Row) -> None:
        topic["topic_timer"] = {"status_type": self.body["status_type"], "execute_at": self.body["time"]}

    def _topic_invite(self, topic: Row) -> None:
        topic["readers"].append(next(user for user, name in USERS.items() if name == self.body["user"]))

    def _topic_remove_allowed_user(self, topic: Row) -> None:
        topic["readers"] = [user for user in topic["readers"] if USERS[user] != self.body["username"]]

    def _topic_convert_topic_private(self, topic: Row) -> Any:
        authors = {post["user_id"] for post in self.small.stream(topic["id"])}
        topic |= {"archetype": "private_message", "category_id": None, "readers": sorted(authors | {self.user})}
        return {"success": True, "url": "/t/x"}

    def _admin(self) -> Any:
        person = self._one(self.small.people, 2)
        if self.method == "GET":
            return person
        verb = self.words[3].removeprefix("un") if self.words[3].startswith("un") else self.words[3]
        state, end = _PENALTIES[verb]
        person |= {f"{state}_at": None, f"{state}_till": None, f"{state}_by": None}
        if self.words[3] == verb:
            at = datetime.now(UTC).isoformat()
            person |= {f"{state}_at": at, f"{state}_till": self.body[end], f"{state}_by": {"id": self.user}}
        return {"success": "OK"}

    def _one(self, rows: dict[int, Row], place: int) -> Row:
        native = self.words[place]
        if not native.isdigit() or int(native) not in rows:
            raise RefusedError(404, "not_found")
        return rows[int(native)]


class _Handler(BaseHTTPRequestHandler):
    server: "_Server"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Nothing."""

    def _any(self) -> None:
        size = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(size) or b"{}") if size else {}
        small, user = self.server.small, KEYS.get(self.headers.get("User-Api-Key", ""))
        with small.lock:
            small.calls.append((self.command, self.path.partition("?")[0], body))
            status, document = self._outcome(Call(small, self.command, self.path, user, body))
            lost = small.lose == self.command
            small.lose = None if lost else small.lose
        if lost:
            self.close_connection = True
            return
        raw = b"" if document is None else json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(raw)))
        if user is not None:
            self.send_header("X-Discourse-Username", USERS[user])
        self.end_headers()
        self.wfile.write(raw)

    def _outcome(self, call: Call) -> tuple[int, Any]:
        try:
            return 200, call.answer()
        except RefusedError as refused:
            return refused.status, made.error(refused.kind)

    do_GET = do_POST = do_PUT = do_DELETE = _any  # noqa: N815


class _Server(ThreadingHTTPServer):
    small: Small


@contextmanager
def running() -> Iterator[tuple[Small, str]]:
    """A running one and its address."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.small = Small()
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield server.small, f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
