"""Each of the constructed answers, beside what the sample answers to the same request: status, headers, shape."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
import requests

from tests.sync.sandbox.conftest import shape_faults
from tests.sync.sandbox.discourse.conftest import (
    ADMIN,
    COLLEAGUE,
    CUSTOMER,
    MODERATOR,
    RESPONSES,
    Client,
    Discourse,
    faults,
)

_SQL = "SELECT cu.category_id FROM category_users cu WHERE cu.category_id IN (:category_ids)"
_EXPLORER = "/admin/plugins/discourse-data-explorer/queries"
Made = Callable[["Scene"], requests.Response]


@dataclass
class Scene:
    """The community with a topic of a customer, where a bystander and the team answered, and a report in it."""

    site: Discourse
    mod: Client
    admin: Client
    customer: Client
    company: Client
    thread: int
    posts: list[int]
    item: int

    def perform(self, action: str, version: str = "?version=0", item: int = 0) -> requests.Response:
        """A decision of the moderator."""
        return self.mod("PUT", f"/review/{item or self.item}/perform/{action}.json{version}")

    def held(self) -> int:
        """A held post of a newcomer."""
        answer = {"topic_id": self.thread, "raw": "Same here, ever since the update", "reply_to_post_number": 1}
        self.site.as_user("newbie_thorne").post("/posts.json", answer)
        rows = self.mod.get("/review.json?type=ReviewableQueuedPost&sort_order=created_at")["reviewables"]
        return int(next(row["id"] for row in rows if row["topic_id"] == self.thread))

    def claimed_by(self, name: str) -> None:
        """A colleague claims the topic."""
        body = {"reviewable_claimed_topic": {"topic_id": self.thread}}
        self.site.as_user(name).post("/reviewable_claimed_topics.json", body)

    def query(self, sql: str) -> str:
        """A stored query's address."""
        body = {"query": {"name": "followers", "sql": sql}}
        return f"{_EXPLORER}/{self.admin.post(f'{_EXPLORER}.json', body)['query']['id']}/run.json"


@pytest.fixture
def scene(site: Discourse) -> Scene:
    """The scene of every answer."""
    community = site.community
    thread = community.open_thread_as(CUSTOMER, site.forum("Billing"), "Router keeps dropping wifi", "Account 1234.")
    reply = community.reply_as("benno_crabtree", thread.id, "Buy followers at cheap dot example")
    last = community.reply_as("quillby", thread.id, "Which firmware do you run, please?")
    thread.tags = ("wifi",)
    item = community.report(CUSTOMER, reply.id, "Spam").id
    clients = (site.as_user(name) for name in (MODERATOR, ADMIN, CUSTOMER))
    posts = [thread.posts[0], reply.id, last.id]
    return Scene(site, *clients, site.as_site("quillby"), thread.id, posts, item)


def _limited(scene: Scene, **limits: int) -> None:
    scene.site.settings.limited = True
    for name, value in limits.items():
        setattr(scene.site.settings, name, value)


def _over_the_key(scene: Scene) -> requests.Response:
    _limited(scene, admin_key_minute=1)
    scene.company("GET", "/latest.json")
    return scene.company("GET", "/latest.json")


def _over_the_address(scene: Scene) -> requests.Response:
    _limited(scene, ip_ten_seconds=1)
    scene.site.as_nobody()("GET", "/latest.json")
    return scene.site.as_nobody()("GET", "/latest.json")


def _read_only(scene: Scene) -> requests.Response:
    scene.site.settings.read_only = True
    return scene.mod("POST", "/posts.json", {"topic_id": scene.thread, "raw": "Nothing may be written now"})


def _bus(scene: Scene, **channels: int) -> requests.Response:
    url = f"{scene.site.server.url}/message-bus/0f9c8b7a6d5e/poll?dlp=t"
    uid = scene.site.community.uid(MODERATOR)
    body = {name.replace("_counts", f"_counts/{uid}").replace("__", "/"): at for name, at in channels.items()}
    return requests.post(url, data=body, headers={**scene.mod.headers, "Dont-Chunk": "true"}, timeout=10)


def _claims_heard(scene: Scene) -> requests.Response:
    scene.claimed_by(MODERATOR)
    return _bus(scene, __reviewable_counts=-1, __reviewable_claimed=0, __latest=0)


def _decision_heard(scene: Scene) -> requests.Response:
    scene.perform("agree_and_keep")
    return _bus(scene, __reviewable_counts=0)


def _reply(scene: Scene, client: Client, raw: str, **more: Any) -> requests.Response:
    return client("POST", "/posts.json", {"topic_id": scene.thread, "raw": raw, **more})


def _twice(scene: Scene) -> requests.Response:
    scene.site.community.clock.advance(60)
    _reply(scene, scene.customer, "Thanks, a colleague will contact you.")
    scene.site.community.clock.advance(60)
    return _reply(scene, scene.customer, "Thanks, a colleague will contact you.")


def _message(scene: Scene, to: str = f"{CUSTOMER},quillby_team") -> requests.Response:
    body = {"archetype": "private_message", "title": "About your router", "raw": "Let us sort this out here."}
    more = {"target_recipients": to, "external_id": "case-20260818-0007"}
    return scene.company("POST", "/posts.json", body | more)


def _converted(scene: Scene) -> requests.Response:
    scene.admin.put(f"/t/{scene.thread}/convert-topic/private.json")
    return scene.admin("GET", f"/t/{scene.thread}.json")


def _after_claim(scene: Scene, name: str, method: str, path: str, body: Any = None) -> requests.Response:
    scene.claimed_by(name)
    return scene.mod(method, path, body)


def _handled(scene: Scene) -> requests.Response:
    scene.site.as_user(COLLEAGUE).put(f"/review/{scene.item}/perform/agree_and_keep.json?version=0")
    return scene.perform("agree_and_keep")


def _device(scene: Scene) -> dict[str, Any]:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    public = rsa.generate_private_key(65537, 2048).public_key()
    pem = public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()
    body = {"application_name": "Moderation console", "client_id": "4f1c", "nonce": "b7d2", "padding": "oaep"}
    body |= {"scopes": "read,write,message_bus", "public_key": pem}
    sent: dict[str, Any] = scene.site.as_nobody()(
        "POST", "/user-api-key/device.json", body, Accept="application/json"
    ).json()
    return sent


def _started(scene: Scene) -> requests.Response:
    answer = requests.Response()
    answer.status_code, answer._content = 200, json.dumps(_device(scene)).encode()
    answer.headers["Content-Type"] = "application/json; charset=utf-8"
    return answer


def _agreed(scene: Scene) -> requests.Response:
    begun = _device(scene)
    scene.site.control(do="agree", user_code=begun["user_code"], user=MODERATOR)
    return scene.site.as_nobody()("POST", "/user-api-key/device/poll.json", {"device_code": begun["device_code"]})


def _followed(scene: Scene) -> requests.Response:
    colleague = scene.site.as_user(COLLEAGUE)
    for place, level in (("Hello", 1), ("Contracts", 4)):
        colleague.post(f"/category/{scene.site.forum(place)}/notifications.json", {"notification_level": level})
    return scene.mod("GET", f"/u/{COLLEAGUE}.json")


def _explored(scene: Scene, sql: str) -> requests.Response:
    params = json.dumps({"category_ids": f"{scene.site.forum('Billing')},2"})
    return scene.admin("POST", scene.query(sql), {"params": params, "limit": "1000"})


def _moved(scene: Scene) -> requests.Response:
    body = {"post_ids": [scene.posts[1]], "title": "Follow-up on your router", "archetype": "private_message"}
    return scene.mod("POST", f"/t/{scene.thread}/move-posts.json", body)


def _invited(scene: Scene, what: str, body: dict[str, Any]) -> requests.Response:
    thread = _message(scene, CUSTOMER).json()["topic_id"]
    return scene.company("POST", f"/t/{thread}/{what}.json", body)


def _assigned(scene: Scene, name: str) -> requests.Response:
    body = {"target_id": scene.thread, "target_type": "Topic", "username": name}
    return scene.mod("PUT", "/assign/assign.json", body)


_NOTE = {"reviewable_note": {"content": "Asked @dagny_pell to check the account."}}
_RAW = {"reviewable": {"payload": {"raw": "Same here, since the update of November."}}}
_REPORT = "/admin/reports/time_to_first_response.json?start_date=2026-01-01&end_date=2026-11-22&filters[category]=2"


def _claim(scene: Scene) -> dict[str, Any]:
    return {"reviewable_claimed_topic": {"topic_id": scene.thread}}


MADE: dict[str, Made] = {
    "assign_200": lambda s: _assigned(s, COLLEAGUE),
    "assign_400": lambda s: _assigned(s, CUSTOMER),
    "auth_403_invalid_admin_key": lambda s: Client(s.site.server.url, {"Api-Key": "bad"})("GET", "/review.json"),
    "auth_403_not_logged_in": lambda s: s.site.as_nobody()("GET", "/review.json"),
    "data_explorer_run_200": lambda s: _explored(s, _SQL),
    "data_explorer_run_422": lambda s: _explored(s, "SELECT nope"),
    "error_400_invalid_parameters": lambda s: s.mod("GET", "/review.json?status=nonsense"),
    "error_429_api_key": _over_the_key,
    "error_429_per_ip_text": _over_the_address,
    "error_503_read_only": _read_only,
    "group_members_200": lambda s: s.mod("GET", "/groups/quillby_team/members.json?order=last_seen_at&filter=quillby"),
    "latest_200": lambda s: s.mod("GET", "/latest.json?order=created&page=0"),
    "message_bus_poll_200": _claims_heard,
    "message_bus_reviewable_counts_event": _decision_heard,
    "move_posts_to_message_200": _moved,
    "post_create_200": lambda s: _reply(s, s.company, "Thanks, a colleague will contact you."),
    "post_create_422_duplicate": _twice,
    "post_create_422_invalid": lambda s: _reply(s, s.mod, "ok"),
    "post_create_enqueued_200": lambda s: _reply(s, s.site.as_user("newbie_thorne"), "Hello to everyone here"),
    "post_create_private_message_200": _message,
    "post_update_409": lambda s: s.mod(
        "PUT", f"/posts/{s.posts[0]}.json", {"post": {"raw": "A new text for it", "original_text": "Stale text"}}
    ),
    "posts_latest_200": lambda s: s.mod("GET", "/posts.json"),
    "report_time_to_first_response_200": lambda s: s.mod("GET", _REPORT),
    "review_claim_200": lambda s: s.mod("POST", "/reviewable_claimed_topics.json", _claim(s)),
    "review_claim_409": lambda s: _after_claim(s, COLLEAGUE, "POST", "/reviewable_claimed_topics.json", _claim(s)),
    "review_count_200": lambda s: s.mod("GET", "/review/count.json"),
    "review_list_200": lambda s: s.mod("GET", f"/review.json?topic_id={s.thread}"),
    "review_note_create_200": lambda s: s.mod("POST", f"/review/{s.item}/notes.json", _NOTE),
    "review_perform_200": lambda s: s.perform("delete_and_agree"),
    "review_perform_403_already_handled": _handled,
    "review_perform_409_version": lambda s: s.perform("agree_and_keep", "?version=7"),
    "review_perform_422_claimed_by_other": lambda s: _after_claim(
        s, COLLEAGUE, "PUT", f"/review/{s.item}/perform/agree_and_keep.json?version=0"
    ),
    "review_perform_422_missing_version": lambda s: s.perform("agree_and_keep", ""),
    "review_perform_approve_queued_200": lambda s: s.perform("approve_post", item=s.held()),
    "review_show_queued_200": lambda s: s.mod("GET", f"/review/{s.held()}.json"),
    "review_topics_200": lambda s: _after_claim(s, COLLEAGUE, "GET", "/review/topics.json"),
    "review_update_200": lambda s: s.mod("PUT", f"/review/{s.held()}.json?version=0", _RAW),
    "server_status_text": lambda s: s.mod("GET", "/srv/status"),
    "topic_convert_private_200": lambda s: s.admin("PUT", f"/t/{s.thread}/convert-topic/private.json"),
    "topic_convert_private_403": lambda s: s.customer("PUT", f"/t/{s.thread}/convert-topic/private.json"),
    "topic_invite_422_exists": lambda s: _invited(s, "invite", {"user": CUSTOMER}),
    "topic_invite_group_200": lambda s: _invited(s, "invite-group", {"group": "quillby_team"}),
    "topic_invite_user_200": lambda s: _invited(s, "invite", {"user": COLLEAGUE}),
    "topic_posts_by_id_200": lambda s: s.mod("GET", f"/t/{s.thread}/posts.json?post_ids[]={s.posts[1]}"),
    "topic_show_404": lambda s: s.customer("GET", "/t/999999.json"),
    "topic_show_converted_private_200": _converted,
    "topic_show_public_200": lambda s: s.mod("GET", f"/t/{s.thread}.json"),
    "topic_status_200": lambda s: s.mod("PUT", f"/t/{s.thread}/status.json", {"status": "closed", "enabled": "true"}),
    "topic_update_409": lambda s: s.mod(
        "PUT", f"/t/-/{s.thread}.json", {"title": "A new title for it", "original_title": "Old title"}
    ),
    "topic_update_category_200": lambda s: s.mod(
        "PUT", f"/t/-/{s.thread}.json", {"category_id": s.site.forum("Hello")}
    ),
    "user_api_device_poll_200": _agreed,
    "user_api_device_start_200": _started,
    "user_api_key_revoke_200": lambda s: s.mod("POST", "/user-api-key/revoke.json"),
    "user_show_staff_view_200": _followed,
    "user_tracking_update_200": lambda s: s.mod("PUT", f"/u/{COLLEAGUE}.json", {"watched_category_ids": [2, 3]}),
    "whisper_create_403": lambda s: _reply(s, s.customer, "An internal note of mine", whisper=True),
}
_OPTIONAL = frozenset({"__rest_serializer", "load_more_reviewables", "composer_open_duration_msecs"})


def test_every_constructed_answer_has_a_request_here() -> None:
    if not RESPONSES.exists():
        pytest.skip("../shared/discourse/responses is not at hand")
    assert {path.stem for path in RESPONSES.glob("*.json")} == set(MADE)


@pytest.mark.parametrize("name", sorted(MADE))
def test_the_sample_answers_alike(scene: Scene, name: str) -> None:
    path = RESPONSES / f"{name}.json"
    if not path.exists():
        pytest.skip(f"{name} is not in ../shared/discourse/responses")
    uid, text = scene.site.community.uid(MODERATOR), path.read_text(encoding="utf-8")
    text = text.replace("/reviewable_counts/4", f"/reviewable_counts/{uid}").replace('"812":', f'"{scene.item}":')
    wanted = json.loads(text)
    answer = MADE[name](scene)
    assert answer.status_code == wanted["status"], answer.text[:300]
    for header, value in wanted.get("headers", {}).items():
        assert header in answer.headers
        assert header == "Retry-After" or answer.headers[header] == value
    if "body_text" in wanted:
        assert answer.text.partition("\n")[0] == wanted["body_text"].partition("\n")[0]
        return
    assert shape_faults(wanted["body"], answer.json(), "$", _OPTIONAL) == []
    if "schema" in wanted:
        assert faults(wanted["schema"], answer.json(), str(wanted["status"])) == []
