"""``marquee bring-back`` on the sample community, with the real engine."""

from collections.abc import Iterator

import pytest

from console.demo.throwaway import end_engine
from tests.bringing.solved import ANSWER, PUBLIC
from tests.console.conftest import COMPANY, Sample, marquee, sample  # noqa: F401 - fixtures
from tests.console.schema import fits
from tests.support.program import Program

ADMIN, CUSTOMER = "osric_vale", "maren_oakhollow"
NUMBER = "QB-48213-77"


@pytest.fixture
def ready(marquee: Program, sample: Sample) -> Iterator[Program]:  # noqa: F811
    settings = sample.community.state.settings
    settings.post_delay = settings.initial_delay = settings.newcomer_delay = 0
    marquee.environment |= {"MARQUEE_TOKEN": sample.token(ADMIN), "MARQUEE_OFFICIAL_TOKEN": sample.token(COMPANY)}
    for arguments in (["--user", ADMIN], ["--user", COMPANY, "--as", "official"]):
        done = marquee("connect", sample.url, *arguments)
        assert done.code == 0, done.err
    yield marquee
    end_engine(marquee.home)


@pytest.fixture
def thread(ready: Program, sample: Sample) -> str:  # noqa: F811
    """The public thread of a case that was answered in private."""
    forums = {forum.name: forum.id for forum in sample.community.state.tables.forums.values()}
    asked = sample.community.open_thread_as(
        CUSTOMER, forums["Billing"], "My invoice", f"My order {NUMBER} went to a neighbour."
    )
    assert ready("sync").code == 0
    thread = sample.id("thread", asked.id)
    assert ready("convert", thread, "--under", sample.id("forum", forums["Private cases"]), "--now").code == 0
    private = ready("cases", "--json").json[0]["private_thread"].rpartition(":")[2]
    sample.community.reply_as(ADMIN, int(private), ANSWER)
    assert ready("sync").code == 0
    return thread


def test_it_is_shown_checked_sentence_by_sentence_and_posted_once(
    ready: Program,
    sample: Sample,  # noqa: F811
    thread: str,
) -> None:
    shown = ready("bring-back", thread, "--json")
    assert shown.code == 0, shown.err
    fits("bring-back", shown.json)
    assert shown.json["proposal"].endswith(PUBLIC)
    assert "[phone number removed]" in shown.json["proposal"]
    assert (shown.json["plan"], shown.json["steps"], shown.json["account"]) == (None, [], COMPANY)
    people = ready("bring-back", thread)
    assert "‹" not in people.out + people.err
    assert NUMBER not in people.out + people.err
    before = len(sample.community.effects())

    asked = ready("bring-back", thread, "--text", PUBLIC, "--json")
    assert asked.code == 7
    fits("bring-back", asked.json)
    tokens = [one["accept"] for one in asked.json["findings"] if one["accept"]]
    assert len(tokens) == 2
    one_yes = ready("bring-back", thread, "--text", PUBLIC, "--accept", tokens[0])
    assert one_yes.code == 7
    assert "accepted" in one_yes.err
    assert "‹" not in one_yes.out + one_yes.err
    accepted = [part for token in tokens for part in ("--accept", token)]
    assert len(sample.community.effects()) == before

    posted = ready("bring-back", thread, "--text", PUBLIC, *accepted, "--close", "--now", "--json")
    assert posted.code == 0, (posted.out, posted.err)
    fits("bring-back", posted.json)
    assert [(step["action"], step["state"]) for step in posted.json["steps"]] == [("x:reply", "confirmed")]
    case = ready("cases", "--all", "--json").json[0]
    assert case["state"] == "closed"
    again = ready("bring-back", thread, "--text", PUBLIC, *accepted, "--now")
    assert again.code == 6
    texts = [
        sample.community.state.post(post).text
        for post in sample.community.state.thread(int(thread.rpartition(":")[2])).posts
    ]
    assert texts.count(PUBLIC) == 1
