"""The commands against a sample community over real HTTP, with a real engine process and encrypted stores."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sync.mirror import MirrorReader, MirrorWriter
from sync.vault import Vault
from tests.console.conftest import COLLEAGUE, COMPANY, MODERATOR, Sample, connect, sample_server
from tests.console.schema import fits
from tests.support.program import Program, program


@pytest.fixture(scope="module")
def sample() -> Iterator[Sample]:
    """One community for this file; every test takes items of its own."""
    yield from sample_server()


@pytest.fixture(scope="module")
def marquee(sample: Sample, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """One connected home for this file, with a short undo window."""
    home = tmp_path_factory.mktemp("commands") / "home"
    home.mkdir()
    (home / "settings.toml").write_text("undo_seconds = 0.3\nidle_seconds = 60\n")
    with program(home) as ready:
        yield connect(ready, sample)


@pytest.fixture(scope="module")
def items(marquee: Program) -> Iterator[dict[str, Any]]:
    """Open items, each handed out once."""
    return iter(fits("queue", marquee("queue", "--state", "open", "--json").json))


def native(ident: str) -> int:
    return int(ident.rsplit(":", 1)[1])


def server_item(sample: Sample, ident: str) -> dict[str, Any]:
    return next(item for item in sample.community.snapshot()["items"] if item["id"] == native(ident))


# -- reading


def test_the_queue_is_what_the_server_has(marquee: Program, sample: Sample) -> None:
    marquee("sync")
    there = sample.community.snapshot()
    pending = {sample.id("flag", i["id"]) for i in there["items"] if i["state"] in {"open", "in_progress"}}
    held = {sample.id("held", h["id"]) for h in there["held"]}
    answer = fits("queue", marquee("queue", "--json").json)
    assert {row["id"] for row in answer} == pending | held
    assert [row["priority"] for row in answer] == sorted((row["priority"] for row in answer), reverse=True)
    assert all(row["reasons"] and row["reports"] == len(row["reasons"]) for row in answer if row["kind"] == "flag")


def test_the_queue_can_be_narrowed(marquee: Program) -> None:
    held = fits("queue", marquee("queue", "--kind", "held", "--json").json)
    assert held
    assert {row["kind"] for row in held} == {"held"}
    forum = next(row["forum"] for row in marquee("queue", "--json").json if row["forum"])
    here = fits("queue", marquee("queue", "--forum", forum, "--json").json)
    assert {row["forum"] for row in here} == {forum}
    assert marquee("queue", "--forum", str(native(forum)), "--json").json == here
    assert len(marquee("queue", "--limit", "3", "--json").json) == 3
    assert marquee("queue", "--limit", "0", "--json").json == []
    assert marquee("queue", "--state", "gone", "--json").json == []


def test_the_table_of_the_queue(marquee: Program, sample: Sample) -> None:
    shown = marquee("queue", "--limit", "2")
    assert shown.code == 0
    lines = shown.out.splitlines()
    assert len(lines) == 3
    assert lines[1].startswith(sample.name)
    everything = len(marquee("queue", "--json").json)
    assert f"2 of {everything} shown" in shown.err


def test_show(marquee: Program) -> None:
    row = marquee("queue", "--kind", "flag", "--limit", "1", "--json").json[0]
    item = marquee("show", row["id"], "--json").json
    assert item["id"] == row["id"]
    assert item["history"]
    assert row["post"] in {post["id"] for post in item["posts"]}
    thread = marquee("show", row["thread"], "--json").json
    assert thread["title"] == item["thread_head"]["title"]
    for ident in (row["post"], row["author"]):
        assert marquee("show", ident, "--json").json["id"] == ident
    for ident in (row["id"], row["thread"], row["post"], row["author"]):
        assert marquee("show", ident).code == 0


def test_search_finds_two_japanese_characters(marquee: Program) -> None:
    for text in ("the", "請求"):
        hits: list[Any] = []
        for _ in range(200):  # the engine feeds the full text after the sync
            hits = fits("search", marquee("search", text, "--json").json)
            if hits:
                break
        assert hits
        assert text in " ".join(hit["excerpt"].lower() for hit in hits)
    assert marquee("search", "the").out.count("\n") > 1
    assert marquee("search", "xyzzyplugh", "--json").json == []


def test_communities(marquee: Program, sample: Sample) -> None:
    (row,) = fits("communities", marquee("communities", "--json").json)
    assert (row["community"], row["user"], row["official"]) == (sample.name, MODERATOR, COMPANY)
    assert sample.url in marquee("communities").out


def test_sync(marquee: Program, sample: Sample) -> None:
    (row,) = fits("sync", marquee("sync", "--json").json)
    counts = sample.community.snapshot()["counts"]
    assert row["items"] == counts["items"] + counts["held"]
    assert row["threads"] == counts["threads"]
    assert row["posts"] == counts["posts"]


def test_a_sync_comes_back_when_what_waited_has_left(marquee: Program, sample: Sample, items: Iterator[Any]) -> None:
    decided = [next(items)["id"] for _ in range(3)]
    for item in decided:
        marquee("decide", item, "dismiss", "--now", "--wait", "0")
    done = marquee("sync", "--json")
    assert done.code == 0, done.err
    assert [server_item(sample, item)["state"] for item in decided] == ["dismissed"] * 3
    assert marquee("outbox", "--json").json == []


# -- deciding


def test_a_decision_is_applied_once_and_proved(marquee: Program, sample: Sample, items: Iterator[Any]) -> None:
    item = next(items)
    before = len(server_item(sample, item["id"])["history"])
    done = marquee("decide", item["id"], "resolve", "--reason", "handled", "--json")
    answer = fits("decide", done.json)
    assert (done.code, answer["state"]) == (0, "confirmed")
    assert answer["steps"][0]["receipt"]["server_id"]
    there = server_item(sample, item["id"])
    assert there["state"] == "resolved"
    assert len(there["history"]) == before + 1


def test_follow_ups_are_steps_of_the_plan(marquee: Program, sample: Sample, items: Iterator[Any]) -> None:
    item = next(items)
    done = marquee("decide", item["id"], "dismiss", "--note", "nothing wrong here", "--now", "--json")
    answer = fits("decide", done.json)
    assert done.code == 0, done.err
    assert [step["action"] for step in answer["steps"]] == ["dismiss", "x:note"]
    assert server_item(sample, item["id"])["notes"][0]["text"] == "nothing wrong here"


def test_a_colleague_who_was_first_is_a_conflict(marquee: Program, sample: Sample, items: Iterator[Any]) -> None:
    item = next(items)
    sample.community.decide_as(COLLEAGUE, native(item["id"]), "rejected")
    done = marquee("decide", item["id"], "resolve", "--seen", item["version"], "--now", "--json")
    assert (done.code, fits("decide", done.json)["state"]) == (3, "conflict")
    assert server_item(sample, item["id"])["state"] == "dismissed"
    listed = fits("outbox", marquee("outbox", "--json").json)
    assert [row["state"] for row in listed if row["item"] == item["id"]] == ["conflict"]
    shown = marquee("outbox", "--language", "en")
    assert "A colleague was first" in shown.err
    assert "Dagny Pell" in shown.err
    intent = next(row["intent"] for row in listed if row["item"] == item["id"])
    assert marquee("outbox", "--cancel", intent).code == 0
    assert all(row["intent"] != intent for row in marquee("outbox", "--json").json)


def test_what_is_so_already_is_not_said_of_a_colleague(marquee: Program, sample: Sample, items: Iterator[Any]) -> None:
    item = next(items)
    assert marquee("decide", item["id"], "take", "--now").code == 0
    again = marquee("decide", item["id"], "take", "--now", "--language", "en")
    assert again.code == 6
    assert "in that state already" in again.err
    assert "colleague" not in again.err


def test_times_of_what_came_between_are_as_everywhere(marquee: Program, sample: Sample, items: Iterator[Any]) -> None:
    item = next(items)
    sample.community.decide_as(COLLEAGUE, native(item["id"]), "rejected")
    done = marquee("decide", item["id"], "resolve", "--seen", item["version"], "--now", "--json")
    assert done.json["steps"][0]["trouble"]["at"].endswith("Z")
    assert "+00:00" not in marquee("outbox").err


def test_with_several_each_explanation_names_its_decision(
    marquee: Program, sample: Sample, items: Iterator[Any]
) -> None:
    for item in (next(items), next(items)):
        sample.community.decide_as(COLLEAGUE, native(item["id"]), "rejected")
        assert marquee("decide", item["id"], "resolve", "--seen", item["version"], "--now").code == 3
    shown = marquee("outbox")
    for row in marquee("outbox", "--json").json:
        assert f"{row['intent']}  " in shown.err


def test_hiding_and_taking_back(marquee: Program, sample: Sample, items: Iterator[Any]) -> None:
    item = next(items)
    assert marquee("decide", item["id"], "hide", "--now").code == 0
    posts = {post["pid"]: post for post in sample.community.snapshot()["posts"]}
    assert posts[native(item["post"])]["deleted"]
    assert marquee("decide", item["post"], "restore", "--now").code == 0
    posts = {post["pid"]: post for post in sample.community.snapshot()["posts"]}
    assert not posts[native(item["post"])]["deleted"]


def test_a_held_post(marquee: Program, sample: Sample) -> None:
    row = marquee("queue", "--kind", "held", "--limit", "1", "--json").json[0]
    assert "approve" in row["actions"]
    assert marquee("decide", row["id"], "approve", "--now").code == 0
    held = {sample.id("held", entry["id"]) for entry in sample.community.snapshot()["held"]}
    assert row["id"] not in held


def test_claim_note_release(marquee: Program, sample: Sample, items: Iterator[Any]) -> None:
    item = next(items)["id"]
    claimed = marquee("claim", item, "--json")
    assert claimed.code == 0
    assert claimed.json["claimed_by_name"] == MODERATOR
    assert server_item(sample, item)["assignee"] == str(sample.community.uid(MODERATOR))
    assert marquee("note", item, "looking into it").code == 0
    assert [note["text"] for note in server_item(sample, item)["notes"]] == ["looking into it"]
    released = marquee("release", item, "--json")
    assert (released.code, released.json["claimed_by"]) == (0, None)
    assert server_item(sample, item)["assignee"] in {None, ""}
    assert marquee("release", item).code == 6
    assert marquee("note", item, "  ").code == 6


# -- replying


def replies(sample: Sample, text: str) -> list[dict[str, Any]]:
    return [post for post in sample.community.snapshot()["posts"] if post["content"] == text]


def a_thread(marquee: Program) -> str:
    return str(next(row["thread"] for row in marquee("queue", "--json").json if row["thread"]))


def test_a_reply_is_posted_once(marquee: Program, sample: Sample) -> None:
    done = marquee("reply", a_thread(marquee), "--text", "We are on it.", "--audience", "public", "--now", "--json")
    answer = fits("reply", done.json)
    assert (done.code, answer["state"], answer["findings"]) == (0, "confirmed", [])
    (post,) = replies(sample, "We are on it.")
    assert post["uid"] == sample.community.uid(MODERATOR)
    assert answer["steps"][0]["receipt"]["server_id"].endswith(str(post["pid"]))


def test_a_reply_as_the_company_from_a_file(marquee: Program, sample: Sample, tmp_path: Path) -> None:
    text = "対応しました。ご確認ください。"
    (tmp_path / "answer.txt").write_text(text, encoding="utf-8")
    done = marquee("reply", a_thread(marquee), "--file", str(tmp_path / "answer.txt"), "--as", "official", "--now")
    assert done.code == 0, done.err
    (post,) = replies(sample, text)
    assert post["uid"] == sample.community.uid(COMPANY)


def test_a_reply_that_must_not_go_out(marquee: Program, sample: Sample) -> None:
    thread = a_thread(marquee)
    done = marquee("reply", thread, "--text", "Dear {{name}}", "--now", "--json")
    answer = fits("reply", done.json)
    assert (done.code, answer["plan"], answer["state"]) == (6, None, None)
    assert answer["findings"][0]["severity"] == "block"
    assert marquee("reply", thread, "--text", "hello there", "--audience", "staff", "--now").code == 6
    assert marquee("reply", thread, "--file", "/nonexistent", "--now").code == 1
    assert not replies(sample, "Dear {{name}}") + replies(sample, "hello there")


# -- what does not fit


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["fly"], 2, "cannot be fly"),
        (["decide"], 2, "Missing"),
        (["decide", "ID", "fly"], 2, "fly"),
        (["decide", "ID", "resolve", "--wait", "-1"], 2, "--wait"),
        (["decide", "ID", "ban", "--until", "soon"], 2, "--until"),
        (["decide", "ID", "resolve", "--seen", ""], 2, "--seen"),
        (["decide", "NAME:flag:1", "approve", "--text", "better words"], 2, "--text"),
        (["decide", "NAME:flag:1", "hide", "--to-forum", "1"], 2, "--to-forum"),
        (["decide", "NAME:flag:1", "resolve", "--until", "7d"], 2, "--until"),
        (["decide", "NAME:post:1", "hide", "--note", "a"], 2, "--note"),
        (["decide", "NAME:post:1", "hide", "--message", "a"], 2, "--message"),
        (["decide", "NAME:member:1", "ban", "--seen", "v"], 2, "--seen"),
        (["queue", "--state", "odd"], 2, "odd"),
        (["queue", "--limit", "-1"], 2, "--limit"),
        (["reply", "ID", "--text", "a", "--file", "b"], 2, "does not go with"),
        (["decide", "nonsense", "resolve"], 1, "not an id"),
        (["decide", "c:flag:\x1b[31m", "resolve"], 1, "not an id"),
        (["decide", "NAME:flag:99999", "resolve"], 1, "NAME:flag:99999"),
        (["decide", "other.example:flag:1", "resolve"], 1, "other.example"),
        (["show", "NAME:thread:99999"], 1, "NAME:thread:99999"),
        (["show", "NAME:forum:1"], 1, "NAME:forum:1"),
        (["claim", "NAME:thread:1"], 6, "NAME:thread:1"),
        (["reply", "NAME:post:1", "--text", "a"], 1, "NAME:post:1"),
        (["queue", "--forum", "NAME:thread:1"], 1, "NAME:thread:1"),
        (["queue", "--community", "other.example"], 1, "other.example"),
        (["outbox", "--retry", "no-such-intent"], 1, "no decision with that id"),
        (["outbox", "--cancel", "no-such-intent"], 1, "no decision with that id"),
    ],
)
def test_wrong_input_is_one_sentence(
    marquee: Program, sample: Sample, arguments: list[str], code: int, said: str
) -> None:
    named = [argument.replace("NAME", sample.name) for argument in arguments]
    done = marquee(*named)
    assert (done.code, done.out) == (code, "")
    assert said.replace("NAME", sample.name) in done.err
    assert "Traceback" not in done.err
    assert "‹" not in done.err
    assert "\x1b" not in done.err


def test_an_action_that_is_not_for_this_kind(marquee: Program, items: Iterator[Any]) -> None:
    done = marquee("decide", next(items)["id"], "approve", "--now")
    assert (done.code, done.out) == (6, "")
    done = marquee("decide", next(items)["id"], "x:teleport", "--now")
    assert (done.code, done.out) == (6, "")


def test_hiding_a_post_says_what_it_is_where_that_deletes(connected: Program, sample: Sample) -> None:
    """Discourse hides only what is under review."""
    post = next(row["post"] for row in connected("queue", "--json").json if row["post"] and row["kind"] == "flag")
    assert "deleted" not in connected("decide", post, "hide", "--now", "--json").err
    connected.kill_engine()
    vault = Vault(connected.home.root, bytes.fromhex(connected.environment["MARQUEE_STORE_KEY"]))
    with closing(MirrorReader(vault)) as reader, closing(MirrorWriter(vault)) as writer:
        (row,) = reader.communities()
        writer.put_community(replace(row, info=replace(row.info, platform="discourse")))
    assert "deleted" in connected("decide", post, "hide", "--now", "--wait", "0", "--json").err
