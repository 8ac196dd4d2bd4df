"""What is done to a thread as a whole: the requests, and what they carry against stale writes."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from moderation.actions import Action
from moderation.errors import NotAllowedError, RefusedError
from moderation.ids import Kind, Ref
from sync.connector import Answer, Standing
from tests.conformance.acting import Actor
from tests.sync.discourse import made
from tests.sync.discourse.scripted import NAME, Script

THREAD = Ref(NAME, Kind.THREAD, "301")
UNTIL = "2999-01-01T00:00:00+00:00"
CASES: list[tuple[Action, dict[str, Any], str, dict[str, Any]]] = [
    (Action.LOCK, {}, "PUT /t/301/status.json", {"status": "closed", "enabled": "true"}),
    (Action.ARCHIVE, {}, "PUT /t/301/status.json", {"status": "archived", "enabled": "true"}),
    (Action.PIN, {"until": UNTIL}, "PUT /t/301/status.json", {"status": "pinned", "enabled": "true", "until": UNTIL}),
    (Action.SLOW, {"seconds": 600}, "PUT /t/301/slow_mode.json", {"seconds": 600}),
    (Action.TIMER, {"until": UNTIL}, "POST /t/301/timer.json", {"status_type": "close", "time": UNTIL}),
    (
        Action.MOVE, {"forum": "sample:forum:6"}, "PUT /t/-/301.json",
        {"category_id": 6, "original_title": "Kettle keeps dropping the line"},
    ),
    (
        Action.TAG, {"tags": ["kettles", "wires"]}, "PUT /t/-/301.json",
        {"tags": [{"id": 3, "name": "kettles"}, {"name": "wires"}], "original_tags": [{"id": 3, "name": "kettles"}]},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("action", "payload", "line", "body"), CASES, ids=[str(case[0]) for case in CASES])
def test_requests(script: Script, action: Action, payload: dict[str, Any], line: str, body: dict[str, Any]) -> None:
    script.on(r"/t/301\.json", made.topic_page([made.post()], tags=[{"id": 3, "name": "kettles", "slug": "kettles"}]))
    for method in ("PUT", "POST"):
        script.on(r"/t/", {"success": "OK"}, method)
    actor = Actor(script.connect())
    intent, before = actor.before(actor.intent(action, THREAD, **payload))
    actor.connection.push(action).send(intent, before)
    assert script.paths[-1] == line
    assert json.loads(script.server.heard[-1].body) == body
    assert actor.look(intent).answer is Answer.ABSENT


def test_tags_of_older_releases_are_plain_strings(script: Script) -> None:
    script.on(r"/t/301\.json", made.topic_page([made.post()], tags=["kettles"]))
    script.on(r"/t/-/301\.json", {"basic_topic": {}}, "PUT")
    actor = Actor(script.connect())
    intent, before = actor.before(actor.intent(Action.TAG, THREAD, tags=["wires"]))
    actor.connection.push(Action.TAG).send(intent, before)
    assert json.loads(script.server.heard[-1].body) == {"tags": ["wires"], "original_tags": ["kettles"]}


def test_the_small_post_of_a_status_is_the_receipt(script: Script) -> None:
    script.on(r"/t/301\.json", made.topic_page([made.post()]))
    actor = Actor(script.connect())
    intent, _ = actor.before(actor.intent(Action.LOCK, THREAD))
    script.on(r"/t/301\.json", made.topic_page([made.post()], [9902, 9960, 9961], closed=True))
    small = made.post(9961, post_type=3, action_code="closed.enabled", user_id=made.ME, cooked="")
    script.on(r"/t/301/posts\.json", {"post_stream": {"posts": [{**small, "id": 9960, "user_id": 9}, small]}})
    found = actor.look(intent)
    assert found.receipt is not None
    assert found.receipt.server_id == "post:9961"
    actor.receipts.add("post:9961")
    again = actor.look(intent)
    assert again.receipt is not None
    assert again.receipt.server_id.startswith("thread:301@lock.")


def test_what_stands_already(script: Script) -> None:
    page = made.topic_page([made.post()], closed=True, category_id=6, tags=["a", "b"], slow_mode_seconds=600)
    script.on(r"/t/301\.json", page)
    actor = Actor(script.connect())
    for action, payload in (
        (Action.LOCK, {}),
        (Action.MOVE, {"forum": "6"}),
        (Action.TAG, {"tags": ["b", "a"]}),
        (Action.SLOW, {"seconds": 600}),
        (Action.TIMER, {}),
    ):
        assert actor.before(actor.intent(action, THREAD, **payload))[1].standing is Standing.ALREADY, action


def test_a_move_from_where_it_is_not_any_more(script: Script) -> None:
    script.on(r"/t/301\.json", made.topic_page([made.post()], category_id=8))
    actor = Actor(script.connect())
    _, before = actor.before(actor.intent(Action.MOVE, THREAD, forum="6", from_forum="sample:forum:5"))
    assert before.changed == {"forum": "8"}


def test_what_is_missing_is_said(script: Script) -> None:
    script.on(r"/t/301\.json", made.topic_page([made.post()]))
    actor = Actor(script.connect())
    for action, field in ((Action.MOVE, "forum"), (Action.TAG, "tags")):
        with pytest.raises(NotAllowedError, match="payload_missing") as caught:
            actor.before(actor.intent(action, THREAD))
        assert caught.value.facts["field"] == field
    with pytest.raises(RefusedError, match="forum_unknown"):
        actor.before(actor.intent(Action.MOVE, THREAD, forum="sample:forum:messages"))


def test_a_timer_to_another_hour_is_another_timer(script: Script) -> None:
    """One that a colleague set is not taken for one's own, neither before nor after the send."""
    soon = (datetime.fromisoformat(UNTIL) - timedelta(hours=6)).isoformat()
    script.on(r"/t/301\.json", made.topic_page([made.post()], topic_timer={"status_type": "close", "execute_at": soon}))
    actor = Actor(script.connect())
    intent, before = actor.before(actor.intent(Action.TIMER, THREAD, until=UNTIL))
    assert before.standing is Standing.CLEAR
    assert actor.look(intent).answer is Answer.ABSENT
    script.on(
        r"/t/301\.json", made.topic_page([made.post()], topic_timer={"status_type": "close", "execute_at": UNTIL})
    )
    assert actor.look(intent).answer is Answer.HAPPENED
