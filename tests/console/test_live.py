"""Live push on the command line: chosen by a person, told by `sync` and `doctor`."""

from collections.abc import Iterator
from typing import Any

import pytest

from console.demo.throwaway import end_engine
from moderation.ids import community_name
from tests.console.schema import fits
from tests.support.program import Program
from tests.sync.discourse import made
from tests.sync.discourse.scripted import Script, scripted
from tests.sync.discourse.test_pull import SITE, topics


@pytest.fixture
def server() -> Iterator[Script]:
    """A Discourse on which nothing happens."""
    with scripted() as script:
        script.on(r"/site/basic-info", {"title": "Sample", "login_required": False, "locale": "en"})
        script.on(r"/about\.json", {"about": {"version": "2026.8.0"}})
        script.on(r"/review/count", {"count": 0})
        script.on(r"/review\.json", made.review())
        script.on(r"/site\.json", SITE)
        script.on(r"/posts\.json", {"latest_posts": []})
        script.on(r"/(latest|topics/)", topics())
        script.on(r"/groups/staff", {"members": [], "owners": [], "meta": {}})
        script.on(r"/message-bus/", [], "POST")
        yield script


@pytest.fixture
def connected(marquee: Program, server: Script) -> Iterator[Program]:
    """Connected with a member's key."""
    marquee.environment |= {"MARQUEE_TOKEN": "0123456789abcdef"}
    done = marquee("connect", server.server.url, "--user", "mara_vell")
    assert done.code == 0, done.err
    yield marquee
    end_engine(marquee.home)


def live_in(answer: Any) -> list[str]:
    """What each community of a list says of it."""
    return [entry["live"] for entry in answer.json]


def test_sync_and_doctor_say_whether_and_why_not(connected: Program, server: Script) -> None:
    done = connected("sync", "--json")
    fits("sync", done.json)
    assert live_in(done) == ["live_day_too_short"]
    assert "3,456 requests a day" in connected("sync").err
    assert not any("/message-bus/" in path for path in server.paths)
    found = {entry["check"]: entry for entry in connected("doctor", "--offline", "--json").json}
    assert (found["live_push"]["ok"], found["live_push"]["needed"]) == (False, False)
    assert "live push is off" in found["live_push"]["remedy"]


def test_a_person_chooses(connected: Program, server: Script) -> None:
    name = community_name(server.server.url)
    assert live_in(connected("communities", "--json")) == ["auto"]
    chosen = connected("communities", "--live", "off", "--json")
    fits("communities", chosen.json)
    assert live_in(chosen) == ["off"]
    assert live_in(connected("sync", "--json")) == ["live_setting_off"]
    assert live_in(connected("communities", "--live", "on", "--community", name, "--json")) == ["on"]
    found = {entry["check"]: entry for entry in connected("doctor", "--offline", "--json").json}
    assert found["live_push"]["ok"]
    assert connected("communities", "--live", "perhaps").code == 2
    connected.home.settings.write_text(connected.home.settings.read_text().replace('live = "on"', 'live = "onn"'))
    refused = connected("communities")
    assert (refused.code, "communities" in refused.err) == (1, True)


def test_a_name_that_is_not_connected_is_no_success(marquee: Program) -> None:
    marquee.home.prepare()
    facts = {"url": "https://c.example", "platform": "discourse", "member": "c.example:member:1", "user": "ines"}
    lines = ['[communities."c.example"]', *(f'{name} = "{value}"' for name, value in facts.items())]
    marquee.home.settings.write_text("\n".join(lines))
    refused = marquee("communities", "--live", "on", "--community", "d.example")
    assert (refused.code, "d.example" in refused.err) == (1, True)
