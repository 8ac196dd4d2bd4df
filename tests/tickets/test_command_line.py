"""``marquee tickets`` and ``convert`` with a ticket: the whole program on the sample community, with its engine."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from console.demo.throwaway import end_engine
from sync.sandbox import SampleCommunity, Size, serve
from sync.sandbox.state import rooms
from tests.console.conftest import Sample
from tests.support.program import Program, program
from tests.tickets import mail_server
from tests.tickets.test_bounced import HEADERS, report
from tests.tickets.zendesk_face import CUSTOMER as ASKER
from tests.tickets.zendesk_face import Face

AGENT, CUSTOMER = "ines_lanternby", "maren_oakhollow"
NUMBER = "QB-48213-77"
ADDRESS = "maren@oakhollow.example"


@pytest.fixture
def sample() -> Iterator[Sample]:
    """A sample community without delays."""
    with serve(SampleCommunity.seeded(7, Size.small())) as server:
        settings = server.community.state.settings
        settings.post_delay = settings.initial_delay = settings.newcomer_delay = 0
        yield Sample(server)


@pytest.fixture
def marquee(tmp_path: Path, sample: Sample) -> Iterator[Program]:
    """The program with a fresh home without keyring, connected as an agent."""
    with program(tmp_path / "home") as ready:
        ready.environment |= {"MARQUEE_TOKEN": sample.token(AGENT), "MARQUEE_TICKET_TOKEN": "s3cret"}
        assert ready("connect", sample.url, "--user", AGENT).code == 0
        yield ready
        end_engine(ready.home)


def connect(marquee: Program, zendesk: Face) -> str:
    done = marquee(
        "tickets", "connect", zendesk.url, "--kind", "zendesk", "--queue", "Community", "--user", "agent@example.org",
        "--json",
    )  # fmt: skip
    assert done.code == 0, done.err
    assert (done.json["account"], done.json["queue"]) == ("Agent", "Community")
    return str(done.json["name"])


def test_a_conversion_into_a_ticket_from_the_first_word_to_the_last(
    marquee: Program, sample: Sample, zendesk: Face
) -> None:
    name = connect(marquee, zendesk)
    assert [one["name"] for one in marquee("tickets", "list", "--json").json] == [name]
    forum = next(one.id for one in sample.community.state.tables.forums.values() if one.name == "Billing")
    asked = sample.community.open_thread_as(CUSTOMER, forum, "My invoice", f"Order {NUMBER}, please")
    assert marquee("sync").code == 0
    thread = sample.id("thread", asked.id)
    shown = marquee("convert", thread, "--dry-run")
    assert shown.code == 0, shown.err
    assert "Ticket: 1 posts" in shown.out
    assert "‹" not in shown.out + shown.err
    done = marquee("convert", thread, "--now", "--json")
    assert done.code == 0, (done.out, done.err)
    assert done.json["plan"]["place"] == "ticket"
    (ticket,) = zendesk.tickets.values()
    case = marquee("cases", "--json").json[0]
    assert (case["ticket"]["id"], case["ticket"]["state"]) == (str(ticket["id"]), "new")
    assert case["ticket"]["url"].endswith(f"/agent/tickets/{ticket['id']}")
    key = case["case"]

    refused = marquee("tickets", "confirm", key, ADDRESS, "--now")
    assert refused.code == 6
    assert "no post that confirms" in refused.err
    room = next(iter(sample.community.state.tables.rooms.values()))
    rooms.say(sample.community.state, sample.community.uid(CUSTOMER), room, f"Write to {ADDRESS}, please.")
    assert marquee("sync").code == 0
    confirmed = marquee("tickets", "confirm", key, ADDRESS, "--now", "--json")
    assert confirmed.code == 0, (confirmed.out, confirmed.err)
    assert confirmed.json["ticket"]["confirmed_in"].split(":")[1] == "post"
    assert ticket["requester_id"] == ASKER
    said = marquee("tickets", "say", key, "It is on its way.", "--now", "--json")
    assert said.code == 0, (said.out, said.err)
    assert said.json["ticket"]["waits_for"] == "customer"
    assert [one["public"] for one in zendesk.comments[ticket["id"]]] == [True, True]

    zendesk.number()
    ticket.update(status="solved", updated_at=zendesk.stamp())
    assert marquee("sync").code == 0
    listed = marquee("cases")
    assert f"The ticket of {key} was closed" in listed.err
    assert "‹" not in listed.out + listed.err
    assert marquee("cases", key, "--json").json["ticket"]["question"] == "closed_elsewhere"
    assert marquee("cases", key, "--close", "Solved there").code == 0
    assert marquee("cases", "--all", "--json").json[0]["ticket"]["question"] is None


def test_what_is_wrong_with_a_ticket_system_is_said_before_it_is_kept(
    marquee: Program, zendesk: Face, expected_logs: list[str], tmp_path: Path
) -> None:
    address = ("tickets", "connect", zendesk.url, "--kind", "zendesk", "--user", "agent@example.org")
    assert marquee(*address, "--queue", "Nowhere").code == 6
    zendesk.key = "Basic another"
    wrong = marquee(*address)
    assert wrong.code == 4
    assert "s3cret" not in wrong.err + wrong.out
    assert marquee("tickets", "connect", zendesk.url, "--kind", "paper").code == 6
    assert marquee("tickets", "connect", zendesk.url, "--kind", "rt").code == 2
    expected_logs.append("zendesk: connection_refused")
    assert marquee("tickets", "connect", "http://127.0.0.1:9", "--kind", "zendesk").code == 1
    assert marquee("tickets", "list", "--json").json == []
    zendesk.key = Face().key
    name = connect(marquee, zendesk)
    zendesk.key = "Basic another"
    (found,) = [one for one in marquee("doctor", "--json").json if one["check"] == "ticket_system"]
    assert (found["ok"], name in found["detail"]) == (False, True)
    with mail_server.running() as box:
        to = ("--queue", "support@example.org", "--from", "community@example.org", "--security", "none")
        mail = marquee("tickets", "connect", f"127.0.0.1:{box.port}", "--kind", "mail", *to, "--no-token", "--json")
        assert mail.code == 0, mail.err
        assert (mail.json["account"], mail.json["queue"]) == ("community@example.org", "support@example.org")
    told = tmp_path / "report.eml"
    told.write_bytes(report(HEADERS))
    assert "about no mail of a case" in marquee("tickets", "bounced", str(told)).err
    told.write_bytes(b"Subject: I am away\n\nUntil Monday.")
    away = marquee("tickets", "bounced", str(told))
    assert (away.code, "no report of a mail server" in away.err) == (6, True)
    assert marquee("tickets", "forget", mail.json["name"]).code == 0
    assert marquee("tickets", "forget", name).code == 0
    assert marquee("tickets", "forget", name).code == 1
    assert marquee("tickets", "list", "--json").json == []
