"""``marquee convert`` and ``cases`` on the sample community, with the real engine."""

from collections.abc import Iterator

import pytest

from console.demo.throwaway import end_engine
from tests.console.conftest import COMPANY, Sample
from tests.console.schema import fits
from tests.support.program import Program

ADMIN, CUSTOMER, BYSTANDER = "osric_vale", "maren_oakhollow", "benno_crabtree"
NUMBER = "QB-48213-77"


@pytest.fixture
def ready(marquee: Program, sample: Sample) -> Iterator[Program]:
    """An administrator with the company account, in a community without delays."""
    settings = sample.community.state.settings
    settings.post_delay = settings.initial_delay = settings.newcomer_delay = 0
    marquee.environment |= {"MARQUEE_TOKEN": sample.token(ADMIN), "MARQUEE_OFFICIAL_TOKEN": sample.token(COMPANY)}
    for arguments in (["--user", ADMIN], ["--user", COMPANY, "--as", "official"]):
        done = marquee("connect", sample.url, *arguments)
        assert done.code == 0, done.err
    yield marquee
    end_engine(marquee.home)


@pytest.fixture
def thread(ready: Program, sample: Sample) -> str:
    """A thread with an order number in it, known here."""
    forum = forum_named(sample, "Billing")
    asked = sample.community.open_thread_as(CUSTOMER, forum, "My invoice", f"My order {NUMBER} went to a neighbour.")
    sample.community.reply_as(BYSTANDER, asked.id, "The same happened to me last year.")
    done = ready("sync")
    assert done.code == 0, done.err
    return sample.id("thread", asked.id)


def forum_named(sample: Sample, name: str) -> int:
    return next(forum.id for forum in sample.community.state.tables.forums.values() if forum.name == name)


def under(sample: Sample) -> list[str]:
    return ["--under", sample.id("forum", forum_named(sample, "Private cases"))]


def test_the_plan_is_shown_and_changes_nothing(ready: Program, sample: Sample, thread: str) -> None:
    before = len(sample.community.effects())
    done = ready("convert", thread, *under(sample), "--dry-run", "--json")
    assert done.code == 0, done.err
    fits("convert", done.json)
    plan = done.json["plan"]
    assert [step["what"] for step in plan["steps"]] == ["hide", "place", "people", "copy", "pointer"]
    assert {step["what"]: step["key"] for step in plan["steps"]}["people"] == "administrator"
    assert plan["leaves_public"] == [
        sample.id("post", sample.community.state.thread(int(thread.rpartition(":")[2])).posts[0])
    ]
    assert NUMBER not in done.out
    assert len(sample.community.effects()) == before
    assert ready("cases", "--json").json == []
    shown = ready("convert", thread, *under(sample), "--dry-run")
    assert "‹" not in shown.out + shown.err
    assert "maren_oakhollow" in shown.out.lower() or "Maren" in shown.out


def test_it_runs_and_is_taken_back(ready: Program, sample: Sample, thread: str) -> None:
    done = ready("convert", thread, *under(sample), "--now", "--json")
    assert done.code == 0, (done.out, done.err)
    fits("convert", done.json)
    assert {step["state"] for step in done.json["steps"]} == {"confirmed"}
    case = ready("cases", "--json").json[0]
    assert (case["state"], case["standing"], case["customer_name"]) == ("open", "complete", "Maren Oakhollow")
    private = sample.community.state.thread(int(case["private_thread"].rpartition(":")[2]))
    assert NUMBER in sample.community.state.post(private.posts[0]).text
    again = ready("convert", thread, "--now", "--json")
    assert again.code == 6
    assert again.json["plan"]["blocked"][0]["code"] == "case_exists"
    back = ready("convert", thread, "--undo", "--now", "--json")
    assert back.code == 0, (back.out, back.err)
    fits("convert", back.json)
    assert not sample.community.state.post(
        sample.community.state.thread(int(thread.rpartition(":")[2])).posts[0]
    ).hidden
    assert ready("cases", "--json").json == []
    assert ready("cases", "--all", "--json").json[0]["state"] == "undone"
    listed = ready("cases", "--all")
    assert "‹" not in listed.out


def test_the_private_forum_is_asked_for_once(ready: Program, sample: Sample, thread: str) -> None:
    done = ready("convert", thread, "--dry-run", "--json")
    assert done.code == 6
    assert [one["code"] for one in done.json["plan"]["blocked"]] == ["team_forum_unknown"]
    told = ready("convert", thread, "--dry-run")
    assert "--under" in told.err
    assert "‹" not in told.err + told.out
    assert ready("convert", thread, *under(sample), "--now", "--json").code == 0
    assert ready("convert", thread, "--undo", "--now").code == 0
    assert ready("convert", thread, "--dry-run", "--json").code == 0


def test_a_chat_goes_without_an_administrator(marquee: Program, sample: Sample) -> None:
    settings = sample.community.state.settings
    settings.post_delay = settings.initial_delay = settings.newcomer_delay = 0
    marquee.environment["MARQUEE_TOKEN"] = sample.token("ines_lanternby")
    assert marquee("connect", sample.url, "--user", "ines_lanternby").code == 0
    asked = sample.community.open_thread_as(
        CUSTOMER, forum_named(sample, "Billing"), "My invoice", f"Order {NUMBER}, please"
    )
    assert marquee("sync").code == 0
    thread = sample.id("thread", asked.id)
    lacking = marquee("convert", thread, *under(sample), "--dry-run", "--json")
    assert lacking.code == 6
    assert {one["right"] for one in lacking.json["plan"]["missing"]} == {"administrator"}
    shown = marquee("convert", thread, *under(sample), "--dry-run")
    assert "‹" not in shown.err + shown.out
    done = marquee("convert", thread, "--place", "chat", "--now", "--json")
    assert done.code == 0, (done.out, done.err)
    room = next(iter(sample.community.state.tables.rooms.values()))
    assert any(NUMBER in message.text for message in room.messages)
    end_engine(marquee.home)


def test_what_is_not_there_is_said(ready: Program, sample: Sample, thread: str) -> None:
    assert ready("convert", sample.id("thread", 99999), "--dry-run").code == 1
    assert ready("convert", sample.id("post", 1), "--dry-run").code == 1
    assert ready("convert", thread, "--undo").code == 1
    assert ready("convert", thread, "--place", "ticket", "--dry-run").code == 6
    assert "“message”" in ready("convert", thread, "--place", "message").err
    other = ready("convert", thread, "--place", "chat", "--take", "--dry-run", "--json")
    assert other.code == 6
    assert other.json["plan"]["blocked"][0]["code"] == "place_not_offered"
