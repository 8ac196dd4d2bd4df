"""The invented community: the same for the same seed, of the size asked for, with all that a queue should meet."""

import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from sync.sandbox import SampleCommunity, Size
from sync.sandbox.content.words import load
from sync.sandbox.state import facts

START = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def demo() -> SampleCommunity:
    """The demo's community, at a clock that stands."""
    community = SampleCommunity.seeded(7, Size.demo(), START)
    community.clock.stop()
    return community


def test_the_same_seed_tells_the_same_story() -> None:
    told = []
    for _ in range(2):
        community = SampleCommunity.seeded(3, Size.small(), START)
        story = facts.snapshot(community.state) | {"now": 0}
        told.append((story, community.token_for("ines_lanternby"), community.master_token()))
    assert told[0] == told[1]
    other = SampleCommunity.seeded(4, Size.small(), START)
    assert facts.snapshot(other.state)["posts"] != told[0][0]["posts"]
    assert other.master_token() != told[0][2]


def test_a_community_without_scenes_has_its_size_all_the_same() -> None:
    size = replace(Size.small(), scenes=False)
    tables = SampleCommunity.seeded(3, size, START).state.tables
    told = {post["text"] for scene in load("scenes")["scenes"] for post in scene["posts"]}
    assert not told & {post.text for post in tables.posts.values()}
    pending = [item for item in tables.items.values() if item.state in ("open", "in_progress")]
    assert len(pending) == size.reports


def test_the_demo_has_its_size(demo: SampleCommunity) -> None:
    counts = demo.snapshot()["counts"]
    assert counts["threads"] == 300
    assert 1500 <= counts["posts"] <= 1800
    assert counts["open"] + counts["in_progress"] == 148
    assert counts["held"] == 12
    assert counts["members"] == 40
    assert counts["effects"] == 0


def test_who_is_there(demo: SampleCommunity) -> None:
    state = demo.state
    assert demo.named_accounts()[:4] == ["osric_vale", "ines_lanternby", "dagny_pell", "quillby"]
    assert {state.member(uid).name for uid in state.tables.groups["staff"].members} >= {"quillby", "ines_lanternby"}
    assert state.by_name("quillwatch").groups == ()


def test_every_kind_of_trouble_is_in_the_queue(demo: SampleCommunity) -> None:
    reasons = {r["reason"] for item in demo.snapshot()["items"] for r in item["reports"]}
    for kind in load("trouble")["kinds"]:
        if kind["share"] >= 3:
            assert reasons & set(kind["reasons"] + kind["reasons_ja"]), kind["kind"]


def test_both_languages_are_spoken(demo: SampleCommunity) -> None:
    texts = [post["content"] for post in demo.snapshot()["posts"]]
    japanese = sum(any("぀" <= letter <= "ヿ" for letter in text) for text in texts)
    assert 0.05 < japanese / len(texts) < 0.4


def test_times_are_in_order_and_in_the_past(demo: SampleCommunity) -> None:
    story = demo.snapshot()
    posts = {post["pid"]: post for post in story["posts"]}
    assert [p["timestamp"] for p in story["posts"]] == sorted(p["timestamp"] for p in story["posts"])
    assert all(post["timestamp"] < story["now"] for post in story["posts"])
    for item in story["items"]:
        assert all(report["at"] < story["now"] for report in item["reports"])
        if item["type"] == "post":
            assert posts[item["target"]]["timestamp"] < item["reports"][-1]["at"]
            assert all(report["by"] != posts[item["target"]]["uid"] for report in item["reports"])


def test_counts_are_those_of_the_records(demo: SampleCommunity) -> None:
    tables = demo.state.tables
    for member in tables.members.values():
        assert member.posts == sum(post.author == member.id for post in tables.posts.values())
    for forum in tables.forums.values():
        own = [thread for thread in tables.threads.values() if thread.forum == forum.id]
        assert forum.posts == sum(len(thread.posts) for thread in own)
        assert len(forum.created) == len(own)
    for item in tables.items.values():
        assert item.history
        assert tables.posts[item.target].item == item.id if item.kind == "post" else True


def test_invented_data_cannot_be_real(demo: SampleCommunity) -> None:
    """Numbers from ranges kept for fiction, documentation networks, reserved domains."""
    import re

    for post in demo.snapshot()["posts"]:
        text = post["content"]
        assert all(host.endswith(".example") for host in re.findall(r"https?://([\w.-]+)", text)), text
        assert all(m.startswith("01632 960") for m in re.findall(r"\b0\d{4} \d{6}\b", text)), text
        for address in re.findall(r"\b\d+\.\d+\.\d+\.\d+\b", text):
            assert address.startswith(("192.0.2.", "198.51.100.", "203.0.113.")), text


def test_sizes_by_name() -> None:
    assert Size.named("demo") == Size.demo()
    assert Size.named("500").reports == 500
    with pytest.raises(KeyError):
        Size.named("huge")


@pytest.mark.slow
def test_large_communities_are_made_quickly() -> None:
    started = time.monotonic()
    community = SampleCommunity.seeded(7, Size.for_reports(20_000), START)
    spent = time.monotonic() - started
    counts = facts.counts(community.state)
    assert counts["open"] + counts["in_progress"] == 20_000
    assert spent < 20
