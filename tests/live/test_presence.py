"""A presence card on a real server: what a visitor reads of it, and what nobody reads any more after a consent ended.

Needs ``MARQUEE_LIVE_ADMIN_TOKEN``, ``_COMPANY_TOKEN`` with ``_COMPANY_USER``, ``_CMOD_TOKEN`` (whom the card names) and
``_CUSTOMER_TOKEN`` (who reads it). The card stands in a forum of its own, which is purged at the end.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from sync.nodebb import recognise
from tests.live.place import Place, Raw, missing, real_place, word
from tests.support.program import Program, program
from tests.sync.engine.conftest import until

pytestmark = [pytest.mark.live, pytest.mark.timeout(600)]
NEEDED = ("ADMIN", "COMPANY", "CMOD", "CUSTOMER")
SECONDS = 90.0


@pytest.fixture(scope="module")
def real() -> Place:
    """The server that the environment names."""
    if lacking := missing():
        pytest.skip(f"no real NodeBB named: {', '.join(lacking)} not set")
    found = real_place()
    if not recognise(found.url):
        pytest.skip("the server that is named is no nodebb")
    if less := [role for role in NEEDED if role not in found.tokens]:
        pytest.skip(f"needs MARQUEE_LIVE_{less[0]}_TOKEN")
    if found.company is None:
        pytest.skip("needs MARQUEE_LIVE_COMPANY_USER")
    return found


@dataclass(frozen=True)
class Ground:
    """A forum of our own, who looks after it, and the server as a visitor and as a member see it."""

    cid: int
    owner: dict[str, Any]
    guest: Raw
    member: Raw


@pytest.fixture(scope="module")
def ground(real: Place) -> Iterator[Ground]:
    """Made by the administrator, moderated by the company account; whoever looks after it has written there."""
    admin, owner = real.raw("ADMIN"), real.raw("CMOD")
    cid = int(admin.call("POST", "/api/v3/categories", {"name": f"Marquee live card {word()}"})["cid"])
    try:
        admin.call("PUT", f"/api/v3/categories/{cid}/moderator/{real.raw('COMPANY').me()['uid']}")
        text = {"title": f"Marquee live card {word()}", "content": "A thread of the live check."}
        owner.call("POST", "/api/v3/topics", {"cid": cid, **text})
        yield Ground(cid, owner.me(), Raw(real.url, None), real.raw("CUSTOMER"))
    finally:
        admin.call("DELETE", f"/api/v3/categories/{cid}")


@pytest.fixture(scope="module")
def marquee(real: Place, ground: Ground, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """A home with both accounts; the owner is in the roster and has agreed to be named."""
    home = tmp_path_factory.mktemp("card") / "home"
    home.mkdir()
    (home / "settings.toml").write_text("undo_seconds = 0.1\nidle_seconds = 120\n")
    tokens = {"MARQUEE_TOKEN": real.tokens["ME"], "MARQUEE_OFFICIAL_TOKEN": real.tokens["COMPANY"]}
    with program(home, **tokens) as ready:
        connected = ready("connect", real.url, "--user", real.user, "--json")
        assert connected.code == 0, connected.err
        here = connected.json["community"]
        who = f"{here}:member:{ground.owner['uid']}"
        for arguments in (
            ["connect", real.url, "--user", str(real.company), "--as", "official"],
            ["sync"],
            ["team", "confirm", who],
            ["team", "set", ground.owner["username"], "--consent", "name"],
            ["following", "--forum", f"{here}:forum:{ground.cid}", "--owners", who],
        ):
            done = ready(*arguments)
            assert done.code == 0, (arguments, done.err)
        yield ready


def test_a_card_on_a_real_server_from_its_first_text_to_its_end(marquee: Program, ground: Ground) -> None:
    here = marquee("communities", "--json").json[0]["community"]
    forum, name = f"{here}:forum:{ground.cid}", ground.owner["username"]
    done = marquee("presence", "--forum", forum, "--publish", "--now", "--json")
    card = done.json["card"]
    assert (done.code, card["state"]) == (0, "published"), (card["blocked"], card["reason"], done.err)
    tid = card["thread"].rpartition(":")[2]
    page = ground.guest.get(f"/api/topic/{tid}")
    pid = page["posts"][0]["pid"]
    assert (page["pinned"], page["locked"], page["cid"]) == (1, 1, ground.cid)
    assert name in page["posts"][0]["content"]
    assert page["title"] in ground.guest.text(f"/api/category/{ground.cid}")
    assert "presence-card" not in page["posts"][0]["content"]

    assert marquee("team", "set", name, "--consent", "team").code == 0
    until(lambda: name not in ground.guest.get(f"/api/topic/{tid}")["posts"][0]["content"], SECONDS)
    until(lambda: not earlier(ground.member, pid), SECONDS)
    assert name not in ground.member.text(f"/api/topic/{tid}")
    until(lambda: marquee("presence", "--forum", forum, "--json").json["cards"][0]["state"] == "published", SECONDS)

    gone = marquee("presence", "--forum", forum, "--take-down", "--now", "--json")
    assert (gone.code, gone.json["card"]["state"]) == (0, "taken_down"), (gone.json, gone.err)
    for eyes in (ground.guest, ground.member):
        assert eyes.status(f"/api/topic/{tid}") != 200
        assert not eyes.text(f"/api/v3/posts/{pid}/raw")
        assert page["title"] not in eyes.text(f"/api/category/{ground.cid}")


def earlier(eyes: Raw, pid: int) -> list[str]:
    """Earlier texts of a post that somebody can still read. The newest entry of the history is the text as it is."""
    times = eyes.get(f"/api/v3/posts/{pid}/diffs")["response"]["timestamps"]
    return [text for time in times[1:] if (text := eyes.text(f"/api/v3/posts/{pid}/diffs/{time}"))]
