"""``marquee cases``: whose turn it is, an answer to the private place, a note, the end; with the real engine."""

from collections.abc import Iterator

import pytest

from console.demo.throwaway import end_engine
from sync.sandbox.state import rooms
from tests.console.conftest import Sample
from tests.console.schema import fits
from tests.support.program import Program

AGENT, CUSTOMER = "ines_lanternby", "maren_oakhollow"
NUMBER = "QB-48213-77"


@pytest.fixture
def ready(marquee: Program, sample: Sample) -> Iterator[Program]:
    """An agent in a community without delays, with a thread that has gone into a chat."""
    settings = sample.community.state.settings
    settings.post_delay = settings.initial_delay = settings.newcomer_delay = 0
    marquee.environment["MARQUEE_TOKEN"] = sample.token(AGENT)
    assert marquee("connect", sample.url, "--user", AGENT).code == 0
    forum = next(one.id for one in sample.community.state.tables.forums.values() if one.name == "Billing")
    asked = sample.community.open_thread_as(CUSTOMER, forum, "My invoice", f"Order {NUMBER}, please")
    assert marquee("sync").code == 0
    done = marquee("convert", sample.id("thread", asked.id), "--place", "chat", "--now", "--json")
    assert done.code == 0, (done.out, done.err)
    yield marquee
    end_engine(marquee.home)


def test_a_case_from_the_first_word_to_the_last(ready: Program, sample: Sample) -> None:
    case = fits("cases", ready("cases", "--json").json)[0]
    assert (case["status"], case["last_by"], case["last_at"]) == ("waiting_staff", None, None)
    assert [one["side"] for one in case["participants"]] == ["customer", "staff"]
    key, thread = case["case"], case["thread"]
    sent = ready("cases", key, "--reply", "It is on its way.", "--now", "--json")
    assert sent.code == 0, (sent.out, sent.err)
    assert {step["state"] for step in sent.json["steps"]} == {"confirmed"}
    state = sample.community.state
    room = next(iter(state.tables.rooms.values()))
    assert room.messages[-1].text == "It is on its way."
    public = state.thread(int(thread.rpartition(":")[2]))
    assert "on its way" not in "".join(state.post(post).text for post in public.posts)
    rooms.say(state, sample.community.uid(CUSTOMER), room, "Thank you, it is here.")
    assert ready("cases", key, "--note", "Call on Monday.").code == 0
    assert ready("sync").code == 0
    shown = fits("case", ready("cases", key, "--json").json)
    assert (shown["status"], shown["last_by_side"], shown["last_by_name"]) == (
        "waiting_staff", "customer", "Maren Oakhollow",
    )  # fmt: skip
    assert shown["waiting_since"] == shown["last_at"]
    assert [note["text"] for note in shown["notes"]] == ["Call on Monday."]
    assert "Monday" not in "".join(message.text for message in room.messages)
    listed, told = ready("cases"), ready("cases", key)
    assert "waiting for us" in listed.out
    assert "staff only" in told.out
    assert "‹" not in listed.out + told.out
    assert ready("cases", key, "--close", " ").code == 6
    assert fits("case", ready("cases", key, "--close", "It arrived.", "--json").json)["status"] == "closed"
    assert ready("cases", "--json").json == []
    refused = ready("cases", key, "--reply", "One more thing", "--now")
    assert refused.code == 6
    assert "Open it again first" in refused.err
    assert ready("cases", key, "--reopen").code == 0
    assert ready("cases", "--json").json[0]["state"] == "open"


def test_what_is_asked_of_no_case_is_not_done(marquee: Program, sample: Sample) -> None:
    marquee.environment["MARQUEE_TOKEN"] = sample.token(AGENT)
    assert marquee("connect", sample.url, "--user", AGENT).code == 0
    done = marquee("cases", "--note", "Lost")
    assert done.code == 6
    assert "marquee cases" in done.err
    assert marquee("cases", "case-404").code == 1
