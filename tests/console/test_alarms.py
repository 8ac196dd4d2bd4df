"""``alarms``, ``persons`` and ``goals`` against a sample community over real HTTP, with a real engine process."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from console import keyrings
from console.credentials import Credentials, ForThisRun
from console.doctor import _alarm_channels
from console.home import Home
from tests.console.conftest import MODERATOR, Sample, connect, sample_server
from tests.console.schema import fits
from tests.support.channel import Room, channel
from tests.support.program import Program, program
from tests.sync.engine.conftest import until

PROMISES = """
[usual]
zone = "UTC"
hours = "Mon-Sun 00:00-12:00,12:00-24:00"
goal = "1 s"
"""


@pytest.fixture(scope="module")
def sample() -> Iterator[Sample]:
    """One community for this file."""
    yield from sample_server()


@pytest.fixture(scope="module")
def marquee(sample: Sample, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """One connected home for this file, read once; every thread without an answer is overdue."""
    home = tmp_path_factory.mktemp("alarms") / "home"
    home.mkdir()
    (home / "settings.toml").write_text("undo_seconds = 0.1\nidle_seconds = 60\n")
    (home / "coverage.toml").write_text(PROMISES)
    with program(home) as ready:
        yield connect(ready, sample)


@pytest.fixture
def room() -> Iterator[Room]:
    with channel() as made:
        yield made


def no_keys() -> Credentials:
    """Without a keyring."""
    return Credentials(Home(Path("/nowhere")), ForThisRun(), keyrings.find_backend)


def alarms(marquee: Program, *more: str) -> list[dict[str, Any]]:
    answer = marquee("alarms", *more, "--json")
    assert answer.code == 0, answer.err
    found: list[dict[str, Any]] = fits("alarms", answer.json)
    return found


def test_what_is_overdue_is_in_the_list_told_once_owned_and_silenced(marquee: Program, room: Room) -> None:
    assert marquee("alarms", "connect", "ops", "--secret-stdin", stdin=room.url + "\n").code == 0
    found = alarms(marquee)
    overdue = [one for one in found if one["kind"] == "overdue"]
    assert overdue
    assert {one["state"] for one in found} == {"active"}
    until(lambda: all(told["state"] == "sent" for one in alarms(marquee, "list") for told in one["told"]))
    (message,) = room.said
    assert list(message) == ["text"]
    assert f"{len(found)} alarms" in message["text"]
    assert room.url not in (marquee.home.root / "settings.toml").read_text()

    first = overdue[0]
    owned = marquee("alarms", "own", first["id"], "--json").json
    assert (owned["state"], owned["owner_name"]) == ("owned", MODERATOR)
    silent = marquee("alarms", "silence", first["id"], "--reason", "The vendor answers", "--for", "4h", "--json").json
    assert (silent["state"], silent["reason"]) == ("silenced", "The vendor answers")
    assert marquee("alarms", "speak", first["id"]).code == 0
    assert marquee("alarms", "release", first["id"]).code == 0
    assert marquee("alarms", "release", first["id"]).code == 6
    assert marquee("alarms", "own", "overdue:nothing").code == 1
    table = marquee("alarms")
    assert first["id"] in table.out
    assert "overdue by" in table.out
    assert len(room.said) == 1
    assert marquee("alarms", "channels", "--json").json == [{"name": "ops", "kind": "webhook", "language": "en"}]
    assert marquee("alarms", "forget", "ops").code == 0


def test_a_channel_is_tried_and_its_troubles_are_said(marquee: Program, room: Room) -> None:
    odd = marquee("alarms", "connect", "ops", "--secret-stdin", stdin="http://chat.example.com/hook\n")
    assert odd.code == 6
    assert "chat.example.com" not in odd.err
    assert marquee("alarms", "try", "ops").code == 1
    assert marquee("alarms", "connect", "ops", "--in", "ja", "--secret-stdin", stdin=room.url).code == 0
    # Without a keyring a secret is known to the engine alone: a command that tries the channel is told so.
    tried = marquee("alarms", "try", "ops")
    assert (tried.code, room.said) == (4, [])
    assert marquee("alarms", "try", "ops", MARQUEE_ALARM_SECRET=room.url).code == 0
    checks = {one.check: (one.ok, one.remedy) for one in _alarm_channels(marquee.home, no_keys())}
    assert checks == {"alarm_channels": (False, "alarm_secret_missing")}
    assert room.said == [{"text": "*Marquee：テスト*\n• アラームはここに届きます。"}]
    assert marquee("alarms", "forget", "ops").code == 0
    assert marquee("alarms", "forget", "ops").code == 1


def test_figures_of_persons_are_off_and_each_look_is_in_the_log(marquee: Program) -> None:
    (own,) = marquee("persons", "--json").json
    assert [one["member_name"] for one in own["figures"]] == ["Ines Lanternby"]
    assert marquee("persons", "looks", "--json").json == []
    refused = marquee("persons", "all")
    assert refused.code == 6
    assert "off" in refused.err
    assert marquee("persons", "rules", "--on", "--least", "2", "--json").json[0]["shown"] is True
    (everybody,) = marquee("persons", "all", "--since", "90d", "--json").json
    assert len(everybody["figures"]) >= 2
    assert marquee("coverage", "--by", "person", "--since", "90d", "--json").json[0]["figures"] == everybody["figures"]
    looks = marquee("persons", "looks", "--json").json
    assert [one["outcome"] for one in looks] == ["allowed", "allowed", "refused"]
    assert marquee("persons", "rules", "--least", "999").code == 0
    assert marquee("persons", "all", "--since", "90d").code == 6
    assert marquee("persons", "rules", "--off").code == 0
    assert marquee("persons", "teams", "--since", "90d", "--json").json[0]["figures"] == []


def test_goals_are_edited_by_command_and_stand_by_live_figures(marquee: Program, tmp_path: Path) -> None:
    sheet = tmp_path / "goals.toml"
    sheet.write_text('[[goal]]\ndepartment = "Support"\ngoal = "G"\nproblem = "P"\nmeasure = "opne"\n')
    odd = marquee("goals", "set", str(sheet))
    assert odd.code == 6
    assert "Line 5" in odd.err
    facts = ["--department", "Support", "--goal", "Nobody waits", "--problem", "Fridays <b>"]
    assert marquee("goals", "add", *facts, "--measure", "open", "--target", "at most 8h").code == 6
    added = marquee("goals", "add", *facts, "--measure", "open", "--target", "at most 0", "--json").json
    figures = marquee("coverage", "--json").json["communities"][0]
    assert [(one["now"], one["reached"]) for one in fits("goals", added)] == [(figures["open"], figures["open"] == 0)]
    report = tmp_path / "report.html"
    assert marquee("coverage", "--html", str(report), "--language", "ja").code == 0
    page = report.read_text()
    assert page.index("<h2>目標</h2>") < page.index('class="tiles"')
    assert "Fridays &lt;b&gt;" in page
    assert "0 以下" in page
    assert 'target = "at most 0"' in marquee("goals", "export").out
    assert marquee("goals", "drop", "2").code == 1
    assert marquee("goals", "drop", "1", "--json").json == []
