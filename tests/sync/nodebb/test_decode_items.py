"""Recorded flags and held posts as items."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from moderation.actions import Action
from moderation.content import Identity
from moderation.errors import PayloadError
from moderation.ids import Kind, Ref
from moderation.items import Change, ItemState
from sync.nodebb.decode_items import (
    ThreadHead,
    assignee_of,
    changes_of,
    flag_detail,
    handled_item,
    held_item,
    held_version,
    history_entries,
    row_item,
    state_of,
)
from sync.nodebb.decoders import FLAG_HISTORY, FLAG_LIST, FLAG_PAGE, FLAG_ROW, HELD, QUEUE
from sync.nodebb.ids import Namer
from sync.nodebb.payloads import FlagPageP, FlagRowP
from sync.nodebb.reading import set_aside
from sync.nodebb.rights import Rights, may
from tests.sync.nodebb.recorded import body, decoded, recording

NAMES = Namer("forum.example")
GMOD = frozenset({"moderator", "member"})
RIGHTS = Rights(
    Identity(NAMES.ref(Kind.MEMBER, 8), "gina", GMOD, None, may(GMOD, {"ban": True, "chat": True})),
    "gina",
    {"ban": True},
)


def ref(kind: Kind, native: object) -> Ref:
    return Ref("forum.example", kind, str(native))


def rows(name: str) -> list[FlagRowP]:
    page = decoded(name, FLAG_LIST)
    return set_aside(page.flags, FLAG_ROW, lambda row: row, "/api/flags")[0]


def detail(page: FlagPageP, **heads: ThreadHead) -> Any:
    return flag_detail(page, NAMES, "/api/flags/17", RIGHTS, {k.lstrip("t"): v for k, v in heads.items()}, "gina_gmod")


def test_a_list_row_tells_state_target_and_number_of_reports() -> None:
    row = rows("flags-list-default")[0]
    item = row_item(row, NAMES)
    assert item.id == ref(Kind.FLAG, row.flagId)
    assert item.post == ref(Kind.POST, row.targetId), "a string here, a number in the detail"
    assert item.author == ref(Kind.MEMBER, row.targetUid)
    assert item.report_count == row.heat
    assert item.created_at.tzinfo is UTC
    assert not item.detail


def test_a_row_and_the_detail_of_a_flag_agree() -> None:
    page = decoded("flag-get-page-api", FLAG_PAGE)
    item = detail(page).item
    assert item.id == ref(Kind.FLAG, 17)
    assert item.post == ref(Kind.POST, 783)
    assert item.state is ItemState.RESOLVED
    assert item.assignee == ref(Kind.MEMBER, 8)
    assert item.assignee_name == "gina_gmod"
    assert item.author_name == "yuki_n"
    assert item.body_html is not None
    assert "社員" in item.body_html


def test_the_forum_comes_from_the_topic() -> None:
    page = decoded("flag-get-page-api", FLAG_PAGE)
    head = ThreadHead(ref(Kind.FORUM, 5), "A title")
    item = detail(page, t120=head).item
    assert (item.thread, item.forum, item.thread_title) == (ref(Kind.THREAD, 120), ref(Kind.FORUM, 5), "A title")
    assert detail(page).item.forum is None


def test_reasons_history_and_notes_are_read() -> None:
    page = decoded("flag-get-page-api", FLAG_PAGE)
    item = detail(page).item
    assert len(item.reports) == len(page.reports) == item.report_count
    assert all(report.text and report.at and report.reporter for report in item.reports)
    assert [entry.at for entry in item.history] == sorted((entry.at for entry in item.history), reverse=True)
    assert len({entry.key for entry in item.history}) == len(item.history)


def test_a_purged_target_leaves_the_flag_with_nothing_to_act_on() -> None:
    page = msgspec.convert(
        {**recording("flag-after-target-purge")["body"]["response"], "history": []}, dict[str, Any], strict=False
    )
    item = detail(FLAG_PAGE.decode(msgspec.json.encode(page))).item
    assert item.state is ItemState.RESOLVED
    assert item.extra["target"] == "gone"
    assert (item.thread, item.body_html, item.author_name) == (None, None, None)
    assert not {Action.HIDE, Action.PURGE, Action.LOCK} & set(item.actions or ())
    assert Action.BAN in (item.actions or ())


@pytest.mark.parametrize("value", [None, "", 0, "0"])
def test_nobody_is_assigned_in_four_spellings(value: object) -> None:
    assert assignee_of(value) == ""


def test_a_state_that_a_plugin_added_counts_as_open() -> None:
    assert state_of("parked") is ItemState.OPEN
    assert [state_of(native).value for native in ("open", "wip", "resolved", "rejected")] == [
        "open", "in_progress", "resolved", "dismissed",
    ]  # fmt: skip


def test_history_speaks_in_our_words() -> None:
    assert changes_of({"state": "[[flags:state-wip]]", "assignee": "gina_gmod"}, None) == {
        Change.STATE: "in_progress", Change.ASSIGNEE: "gina_gmod",
    }  # fmt: skip
    assert changes_of({"assignee": "[[global:guest]]"}, None) == {Change.ASSIGNEE: ""}
    assert changes_of({"state": "[[flags:state-open]]", "report": "[[flags:report-added]]"}, None) == {
        Change.STATE: "open", Change.REPORT: "added",
    }  # fmt: skip
    assert changes_of({"notes": None}, None) == {Change.NOTE: ""}


def test_what_happened_to_the_member_speaks_in_our_words_too() -> None:
    banned = [{"key": "[[user:banned]]", "value": "spam"}, {"key": "[[user:info.banned-expiry]]", "value": "2026-…"}]
    assert changes_of(None, banned) == {Change.BANNED: "spam"}
    assert changes_of(None, [{"key": "[[user:muted]]", "value": "[[user:info.muted-no-reason]]"}]) == {Change.MUTED: ""}
    assert changes_of(None, [{"key": "[[user:change-username]]", "value": "maren_o"}]) == {Change.NAME: "maren_o"}
    assert changes_of(None, [{"key": "[[user:change-email]]", "value": "maren@example.org"}]) == {Change.EMAIL: ""}
    assert changes_of(None, [{"key": "[[user:new-thing]]", "value": "x"}]) == {Change.OTHER: "[[user:new-thing]]=x"}
    assert changes_of(None, None) == {Change.OTHER: ""}


@pytest.mark.parametrize("name", ["flag-resolve", "flag-resolve-second-time-other-user", "flag-update-wip-assign"])
def test_recorded_histories_have_unique_keys_and_actors(name: str) -> None:
    entries = history_entries(decoded(name, FLAG_HISTORY).response.history, NAMES)
    assert entries
    assert len({entry.key for entry in entries}) == len(entries)
    assert all(entry.by for entry in entries)


def test_two_entries_of_one_time_keep_two_keys() -> None:
    entry = decoded("flag-resolve", FLAG_HISTORY).response.history[0]
    keys = {one.key for one in history_entries([entry, entry], NAMES)}
    assert len(keys) == 2


def test_a_held_reply_and_a_held_topic() -> None:
    page = decoded("post-queue-list", QUEUE)
    held, problems = set_aside(page.posts, HELD, lambda one: one, "/api/post-queue")
    assert problems == []
    items = [held_item(one, NAMES, RIGHTS, "/api/post-queue") for one in held]
    for item, raw in zip(items, recording("post-queue-list")["body"]["posts"], strict=True):
        assert item.id == ref(Kind.HELD, raw["id"])
        assert item.state is ItemState.HELD
        assert item.body == raw["data"]["rawContent"]
        assert item.body_html == raw["data"]["content"]
        assert item.forum == ref(Kind.FORUM, raw["category"]["cid"])
        assert item.author == ref(Kind.MEMBER, raw["uid"])
        assert {Action.APPROVE, Action.REJECT} <= set(item.actions or ())
        assert Action.RESOLVE not in (item.actions or ())


def test_an_edited_held_post_has_another_version() -> None:
    raw = recording("post-queue-list")["body"]["posts"][0]
    one = HELD.decode(msgspec.json.encode(raw))
    raw["data"]["rawContent"] += "!"
    assert held_version(one) != held_version(HELD.decode(msgspec.json.encode(raw)))


def test_what_left_the_queue_is_resolved_with_its_own_time() -> None:
    item = handled_item(ref(Kind.HELD, "reply-1795308781620"))
    assert item is not None
    assert item.state is ItemState.RESOLVED
    assert item.created_at == datetime.fromtimestamp(1795308781.620, UTC)
    assert handled_item(ref(Kind.HELD, "odd")) is None


def test_a_row_that_does_not_fit_is_set_aside_and_named() -> None:
    flags = recording("flags-list-default")["body"]["flags"]
    broken = [{**flags[0], "flagId": "not a number"}, {k: v for k, v in flags[0].items() if k != "type"}, 7]
    page = {**recording("flags-list-default")["body"], "flags": [*broken, *flags]}
    raws = FLAG_LIST.decode(msgspec.json.encode(page)).flags
    kept, problems = set_aside(raws, FLAG_ROW, lambda row: row_item(row, NAMES), "/api/flags")
    assert len(kept) == len(flags)
    assert problems == ["/api/flags [0].flagId", "/api/flags [1]", "/api/flags [2]"]


@pytest.mark.parametrize("time", [0, 1e300, -1e300])
def test_a_time_that_is_none_sets_the_row_aside(time: float) -> None:
    row = {**recording("flags-list-default")["body"]["flags"][0], "datetime": time}
    kept, problems = set_aside([msgspec.json.encode(row)], FLAG_ROW, lambda one: row_item(one, NAMES), "/api/flags")
    assert (kept, problems) == ([], ["/api/flags [0].datetime"])


def test_an_error_names_the_field_and_no_content() -> None:
    secret = msgspec.json.encode({**recording("flags-list-default")["body"]["flags"][0], "heat": {"secret": 1}})
    _, problems = set_aside([secret], FLAG_ROW, lambda row: row, "/api/flags")
    assert problems == ["/api/flags [0].heat"]


def test_half_an_emoji_does_not_cost_the_page() -> None:
    from sync.nodebb.reading import decoded as read

    cut = body("flags-list-default").replace(b'"title":"[[pages:flags]]"', b'"title":"cut \\ud83d"')
    assert b"\\ud83d" in cut
    assert len(read(cut, FLAG_LIST, "/api/flags").flags) == len(recording("flags-list-default")["body"]["flags"])


@pytest.mark.parametrize("broken", [b"", b"<html>", b'{"flags":[', b"null", b"[]", b"\xff\xfe"])
def test_what_is_no_page_of_flags_is_a_payload_error(broken: bytes) -> None:
    from sync.nodebb.reading import decoded as read

    with pytest.raises(PayloadError, match="payload_unfit"):
        read(broken, FLAG_LIST, "/api/flags")
