"""``presence`` against a sample community over real HTTP, with a real engine process that keeps the card true."""

from collections.abc import Iterator

import pytest

from tests.console.conftest import Sample, connect, sample_server
from tests.console.schema import fits
from tests.support.program import Program, program
from tests.sync.engine.conftest import until

PERSON, FORUM = "rolf_quarrier", "Router help"
"""Who wrote there lately."""


@pytest.fixture(scope="module")
def sample() -> Iterator[Sample]:
    """One community for this file."""
    yield from sample_server()


@pytest.fixture(scope="module")
def marquee(sample: Sample, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """A home with the company account and a confirmed roster; a colleague looks after a forum."""
    home = tmp_path_factory.mktemp("presence") / "home"
    home.mkdir()
    (home / "settings.toml").write_text("undo_seconds = 0.1\nidle_seconds = 60\n")
    with program(home) as ready:
        made = connect(ready, sample)
        who = sample.id("member", sample.community.uid(PERSON))
        assert made("team", "confirm", who).code == 0
        assert made("following", "--forum", forum_id(sample, FORUM), "--owners", who).code == 0
        yield made


def forum_id(sample: Sample, name: str) -> str:
    forums = sample.community.state.tables.forums.values()
    return sample.id("forum", next(forum.id for forum in forums if forum.name == name))


def test_a_card_from_preview_to_its_end(marquee: Program, sample: Sample) -> None:
    forum = ("--forum", forum_id(sample, FORUM))
    threads = len(sample.effects("thread"))
    shown = marquee("presence", *forum, "--preview")
    assert (shown.code, "Rolf Quarrier" in shown.out) == (0, False), shown
    assert "our team" in shown.out
    for language in ("en", "ja"):
        listed = marquee("presence", "--language", language)
        assert (listed.code, "‹" in listed.out + listed.err) == (0, False), listed
    dry = marquee("presence", *forum, "--publish", "--dry-run", "--json")
    assert (dry.code, dry.json["state"], len(dry.json["would"])) == (0, None, 3)
    assert len(sample.effects("thread")) == threads
    assert marquee("team", "set", "Rolf Quarrier", "--consent", "name").code == 0
    done = marquee("presence", *forum, "--publish", "--now", "--json")
    assert (done.code, done.json["state"], done.json["card"]["state"]) == (0, "confirmed", "published"), done
    assert "Rolf Quarrier" in done.json["card"]["text"]
    assert len(sample.effects("thread")) == threads + 1
    rows = {row["forum_name"]: row for row in fits("presence", marquee("presence", "--json").json)["cards"]}
    assert (rows[FORUM]["verdict"], rows["Private cases"]["blocked"][0]) == ("true", "forum_not_public")
    assert marquee("presence", "--forum", rows["Private cases"]["forum"], "--publish").code == 6
    assert marquee("presence", "--forum", rows["Mesh"]["forum"], "--take-down").code == 1
    assert marquee("presence", "--publish").code == 6

    assert marquee("team", "set", "Rolf Quarrier", "--consent", "team").code == 0
    native = int(done.json["card"]["thread"].rpartition(":")[2])
    post = sample.community.state.post(sample.community.state.thread(native).posts[0])
    assert marquee("sync").code == 0
    until(lambda: "Rolf Quarrier" not in post.text and not post.revisions)
    until(lambda: marquee("presence", *forum, "--json").json["cards"][0]["state"] == "published")
    assert len(sample.effects("thread")) == threads + 1

    down = marquee("presence", *forum, "--take-down", "--now", "--json")
    assert (down.code, down.json["card"]["state"]) == (0, "taken_down"), down
    assert sample.community.state.thread(native).hidden
    story = [one["state"] for one in marquee("presence", *forum, "--history", "--json").json]
    assert story == ["taken_down", "leaving", "published", "changing", "published", "publishing"]
    assert marquee("presence", *forum, "--history").code == 0
