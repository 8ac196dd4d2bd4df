"""Every error that a Discourse gives, and what it means here: on a read and on a write."""

from datetime import UTC, datetime

import pytest

from moderation.actions import Action
from moderation.errors import (
    MarqueeError,
    NotAllowedError,
    PayloadError,
    RefusedError,
    SignInError,
    TryLaterError,
    UnclearError,
)
from moderation.ids import Kind, Ref
from sync.connector import Standing, Urgency
from sync.discourse.connection import Discourse
from sync.http import Plan, PlannedBudget
from tests.conformance.acting import Actor
from tests.conformance.memory import MemoryMirror
from tests.sync.discourse import made
from tests.sync.discourse.scripted import NAME, Said, Script

ITEM = Ref(NAME, Kind.REVIEW, "812")
THREAD = Ref(NAME, Kind.THREAD, "301")
HTML = Said(200, raw=b"<!DOCTYPE html><title>Forum</title>", kind="text/html; charset=utf-8")


@pytest.fixture(autouse=True)
def troubles_are_logged(expected_logs: list[str]) -> None:
    """These tests provoke failures."""
    expected_logs.append(r"^sync\.http\.pacing: ")


def read(connection: Discourse) -> None:
    list(connection.fetch([ITEM], MemoryMirror(), Urgency.PERSON))


def reply(script: Script, connection: Discourse | None = None) -> None:
    """Look, and send once."""
    script.on(r"/t/301\.json", made.topic_page([made.post()]))
    actor = Actor(connection or script.connect())
    intent, before = actor.before(actor.intent(Action.REPLY, THREAD, text="An answer of ours"))
    assert before.standing is Standing.CLEAR
    actor.connection.push(Action.REPLY).send(intent, before)


READS: list[tuple[Said, type[MarqueeError], str]] = [
    (Said(400, made.error("invalid_parameters")), PayloadError, "answer_not_json"),
    (Said(403, made.error("not_logged_in")), SignInError, "token_not_accepted"),
    (Said(403, made.error("invalid_access")), NotAllowedError, "reading_forbidden"),
    (Said(403, raw=b'["BAD CSRF"]', kind="text/plain"), SignInError, "token_not_accepted"),
    (Said(429, made.error("rate_limit", wait_seconds=25), headers={"Retry_After": "25"}), TryLaterError, "too_many"),
    (Said(429, raw=b"Slow down", kind="text/plain", headers={"Retry_After": "7"}), TryLaterError, "too_many"),
    (Said(500, made.error()), TryLaterError, "server_error"),
    (Said(502, raw=b"<html>", kind="text/html"), TryLaterError, "gateway_error"),
    (Said(503, made.error("read_only"), headers={"Discourse_Readonly": "true"}), TryLaterError, "maintenance"),
    (HTML, PayloadError, "answer_not_json"),
    (Said(302, raw=b"", headers={"Location": "/login"}), SignInError, "token_not_accepted"),
    (Said(302, raw=b"", headers={"Location": "https://elsewhere.example/"}), NotAllowedError, "community_moved"),
    (Said(200, raw=b"{not json"), PayloadError, "payload_unfit"),
    (Said(200, {"reviewable": "?"}), PayloadError, "payload_unfit"),
]


@pytest.mark.parametrize(("said", "kind", "code"), READS, ids=[f"{s.status}-{c}" for s, _, c in READS])
def test_reading(script: Script, said: Said, kind: type[MarqueeError], code: str) -> None:
    script.on(r"/login$", HTML)
    script.on(r"/review", said)
    if code == "payload_unfit" and said.document is not None:
        mirror = MemoryMirror()
        mirror.take(script.connect().fetch([ITEM], mirror))
        assert mirror.problems
        return
    with pytest.raises(kind, match=code):
        read(script.connect())


@pytest.mark.parametrize("said", [Said(404, made.error("not_found", html="<p>", title="x")), Said(410, made.error())])
def test_what_is_missing_is_gone(script: Script, said: Said) -> None:
    script.on(r"/review/812", said)
    mirror = MemoryMirror()
    mirror.take(script.connect().fetch([ITEM], mirror))
    assert mirror.gone == {ITEM}


WRITES: list[tuple[Said, type[MarqueeError], str]] = [
    (Said(400, made.error("invalid_parameters")), RefusedError, "server_refused"),
    (Said(403, made.error("invalid_access")), RefusedError, "forbidden"),
    (Said(404, made.error("not_found")), RefusedError, "not_there"),
    (Said(409, made.error()), TryLaterError, "overtaken"),
    (Said(410, made.error("not_found")), RefusedError, "not_there"),
    (Said(422, {"action": "create_post", "errors": ["Zu kurz"]}), RefusedError, "server_refused"),
    (Said(429, made.error("rate_limit", wait_seconds=25), headers={"Retry_After": "25"}), TryLaterError, "too_many"),
    (Said(429, raw=b"Slow down", kind="text/plain", headers={"Retry_After": "7"}), TryLaterError, "too_many"),
    (Said(500, made.error()), UnclearError, "answer_unknown"),
    (Said(502, raw=b"<html>", kind="text/html"), UnclearError, "gateway_error"),
    (Said(503, made.error("read_only"), headers={"Discourse_Readonly": "true"}), TryLaterError, "read_only"),
    (HTML, UnclearError, "answer_not_json"),
    (Said(200, raw=b""), UnclearError, "answer_unfit"),
    (Said(200, {"success": True}), UnclearError, "answer_unfit"),
    (Said(302, raw=b"", headers={"Location": "/login"}), SignInError, "token_not_accepted"),
]


@pytest.mark.parametrize(("said", "kind", "code"), WRITES, ids=[f"{s.status}-{c}" for s, _, c in WRITES])
def test_writing(script: Script, said: Said, kind: type[MarqueeError], code: str) -> None:
    script.on(r"/posts\.json", said, "POST")
    with pytest.raises(kind, match=code):
        reply(script)
    assert script.paths.count("POST /posts.json") == 1


def test_a_refusal_carries_the_servers_words(script: Script) -> None:
    script.on(r"/posts\.json", Said(422, {"action": "create_post", "errors": ["<b>Zu</b> kurz"]}), "POST")
    with pytest.raises(RefusedError) as caught:
        reply(script)
    assert caught.value.facts["said"] == "Zu kurz"


@pytest.mark.parametrize("how", ["403", "csrf", "404"])
def test_a_key_revoked_in_the_middle_of_a_flush(script: Script, how: str) -> None:
    connection = script.connect()
    connection.identify()
    answers = {
        "403": Said(403, made.error("invalid_access")),
        "csrf": Said(403, raw=b'["BAD CSRF"]', kind="text/plain"),
        "404": Said(403, made.error("not_logged_in")),
    }
    script.on(r"/posts\.json", answers[how], "POST")
    script.on(r"/session/current", Said(404, made.error("not_found")))
    with pytest.raises(SignInError, match="token_not_accepted"):
        reply(script, connection)


def test_an_answer_under_another_name_stops(script: Script) -> None:
    connection = script.connect()
    connection.identify()
    script.on(r"/review/812", made.shown(made.flagged()))
    read(connection)
    script.username = "somebody_else"
    with pytest.raises(SignInError, match="identity_changed") as caught:
        read(connection)
    assert (caught.value.facts["was"], caught.value.facts["now"]) == ("mara_vell", "somebody_else")
    script.username = "Mara_Vell"
    read(connection)


@pytest.mark.parametrize("header", ["柏木澪", "%E6%9F%8F%E6%9C%A8%E6%BE%AA"])
def test_a_name_beyond_ascii_is_the_same_name_in_a_header(script: Script, header: str) -> None:
    script.on(r"/session/current", made.session(username="柏木澪"))
    script.on(r"/review/812", made.shown(made.flagged()))
    script.username = header
    connection = script.connect()
    connection.identify()
    read(connection)
    assert connection.identify().name == "柏木澪"


def test_what_every_answer_proves_is_not_asked_for(script: Script) -> None:
    """A decision costs three requests, and a minute has twenty."""
    connection = script.connect()
    script.on(r"/review/812", made.shown(made.flagged()))
    connection.identify()
    read(connection)
    for _ in range(3):
        assert connection.identify().name == "mara_vell"
    assert len(script.paths) == 2
    script.on(r"/review/812", Said(403, made.error("invalid_access")))
    with pytest.raises(NotAllowedError):
        read(connection)
    connection.identify()
    assert script.paths[-1] == "GET /session/current.json"


def test_a_write_under_another_name_is_unclear(script: Script) -> None:
    connection = script.connect()
    connection.identify()
    said = Said(200, {"action": "create_post", "post": made.post(), "success": True})
    said.headers = {"X_Discourse_Username": "somebody_else"}
    script.username = None
    script.on(r"/posts\.json", said, "POST")
    with pytest.raises(UnclearError, match="identity_changed"):
        reply(script, connection)


def test_a_name_that_was_changed_is_the_same_account(script: Script) -> None:
    connection = script.connect()
    assert connection.identify().name == "mara_vell"
    script.on(r"/session/current", made.session(username="mara_v"))
    script.username = "mara_v"
    assert connection.identify().name == "mara_v"
    script.on(r"/review/812", made.shown(made.flagged()))
    read(connection)


def test_a_bad_key_is_told_by_the_missing_name(script: Script) -> None:
    connection = script.connect()
    connection.identify()
    script.username = None
    script.on(r"/review/812", Said(403, made.error("invalid_access")))
    with pytest.raises(SignInError, match="token_not_accepted"):
        read(connection)


@pytest.mark.parametrize("status", [401, 403, 404])
def test_nobody_is_signed_in(script: Script, status: int) -> None:
    script.on(r"/session/current", Said(status, made.error()))
    with pytest.raises(SignInError, match="token_not_accepted"):
        script.connect().identify()


def test_the_keys_travel_in_headers(script: Script) -> None:
    script.connect().identify()
    script.connect(acts_as="4").identify()
    script.connect(acts_as="mara_vell").identify()
    user, by_id, by_name = (heard.headers for heard in script.server.heard)
    assert {name: user[name] for name in user if "api" in name} == {"user-api-key": "0123456789abcdef-key"}
    assert (by_id["api-key"], by_id["api-user-id"]) == ("0123456789abcdef-key", "4")
    assert by_name["api-username"] == "mara_vell"
    assert not any("key" in heard.line for heard in script.server.heard)


def test_a_subfolder_belongs_to_the_address(script: Script) -> None:
    script.on(r"^/help/session/current\.json$", made.session())
    script.on(r"^/help/review/812", made.shown(made.flagged()))
    connection = script.connect(folder="/help")
    connection.identify()
    read(connection)
    assert script.paths == ["GET /help/session/current.json", "GET /help/review/812.json"]


def test_a_limit_of_the_key_is_learned_and_kept_by_all(script: Script) -> None:
    budget = PlannedBudget(Plan(20, 2880))
    connection = script.connect(budget=budget)
    connection.identify()
    headers = {"Retry_After": "25", "Discourse_Rate_Limit_Error_Code": "user_api_key_limiter_60_secs"}
    script.on(r"/review/812", Said(429, made.error("rate_limit", wait_seconds=25), headers=headers))
    with pytest.raises(TryLaterError, match="too_many_requests") as caught:
        read(connection)
    assert caught.value.seconds == 25
    assert budget.limits[0] < 20
    with pytest.raises(TryLaterError, match="community_asks_to_wait"):
        read(connection)
    assert connection.budget_left() == 2878


def test_a_wait_of_hours_is_told_and_not_slept(script: Script) -> None:
    connection = script.connect()
    headers = {"Retry_After": "30000", "Discourse_Rate_Limit_Error_Code": "user_api_key_limiter_1_day"}
    script.on(r"/review/812", Said(429, made.error("rate_limit", wait_seconds=30000), headers=headers))
    started = datetime.now(UTC)
    for _ in range(2):
        with pytest.raises(TryLaterError, match="day_limit_reached") as caught:
            read(connection)
        assert caught.value.facts["hours"] == 8.3
    assert (datetime.now(UTC) - started).total_seconds() < 5


def test_posting_too_fast_concerns_one_intent(script: Script) -> None:
    connection = script.connect()
    script.on(r"/posts\.json", Said(429, made.error("rate_limit", wait_seconds=12)), "POST")
    with pytest.raises(TryLaterError) as caught:
        reply(script, connection)
    assert (caught.value.facts["scope"], caught.value.seconds) == ("intent", 12)
    connection.identify()


def test_empty_bodies_on_success(script: Script) -> None:
    actor = Actor(script.connect())
    script.on(r"/t/301\.json", made.topic_page([made.post()], slow_mode_seconds=0))
    script.on(r"/t/301/slow_mode", Said(200, raw=b"", kind="text/html"), "PUT")
    intent, before = actor.before(actor.intent(Action.SLOW, THREAD, seconds=600))
    assert actor.connection.push(Action.SLOW).send(intent, before) == {"done": True}
    script.on(r"/t/301/slow_mode", HTML, "PUT")
    with pytest.raises(UnclearError):
        actor.connection.push(Action.SLOW).send(intent, before)
